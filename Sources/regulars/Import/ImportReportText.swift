import Imports
import Kernel

extension ImportReport {
  /// Receipts that are taken in as history tell no events, which the columns for analysis follow.
  static let aboutColumns =
    "a running server makes the columns for analysis anew by itself, half a minute after the last of them; without one, regulars cube rebuild does"

  /// What an import did, for the person who gave the command.
  func text(_ kind: ImportKind, isDryRun: Bool, refused path: String) -> String {
    var lines: [String] = []
    switch ending {
    case .wasDone(let at):
      lines.append("this file was imported with this mapping at \(at.text); nothing was done (--again imports it anew)")
    case .done: lines.append(isDryRun ? "checked, nothing was written" : "imported")
    case .stopped: lines.append("stopped after line \(max(1, tally.line - 1)); the same command goes on there")
    case .tooManyRefused:
      lines.append(
        "stopped: \(grouped(tally.refused)) records refused, which is more than --max-refused; see whether the mapping is right")
    }
    if let resumedAt { lines.append("went on behind record \(grouped(resumedAt))") }
    let would = isDryRun ? "would be " : ""
    lines.append(
      "  \(grouped(tally.records)) records read: \(kind.noun) \(would)new \(grouped(tally.made)), \(would)changed \(grouped(tally.changed)), unchanged \(grouped(tally.unchanged))"
    )
    for (oddity, count) in tally.oddities.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append("  \(grouped(count)) \(oddity)")
    }
    if tally.refused > 0 {
      lines.append("  \(grouped(tally.refused)) records refused" + (isDryRun ? "" : ", see \(path)"))
      lines += issues.map { "    " + $0 }
      if tally.refused > issues.count, !issues.isEmpty { lines.append("    …") }
    }
    return lines.joined(separator: "\n")
  }
}

extension ImportKind {
  var noun: String {
    switch self {
    case .catalogue: "products"
    case .stores: "stores"
    case .members: "members"
    case .receipts: "receipts"
    case .certificates: "certificates"
    case .events: "events"
    case .prices: "prices"
    }
  }
}

/// 1,469,307
func grouped(_ count: Int) -> String {
  let digits = Array(String(count.magnitude).utf8)
  var text: [UInt8] = count < 0 ? [UInt8(ascii: "-")] : []
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
    text.append(digit)
  }
  return String(decoding: text, as: UTF8.self)
}
