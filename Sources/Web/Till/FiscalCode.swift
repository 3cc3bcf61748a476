import Kernel
import Loyalty

/// The code on a fiscal receipt as text: `t=20261121T0930&s=123.00&fn=9289000100012345&i=31&fp=1234567890&n=1`.
struct FiscalCode {
  /// What `n` says.
  enum Kind: Int { case sale = 1, saleReturned, purchase, purchaseReturned }

  let fiscal: ReceiptKey.Fiscal
  /// As the register's clock shows; nil where the code does not say, as for the next two.
  let printed: CivilTime?
  /// With a point, as printed.
  let sum: String?
  let kind: Kind?

  /// Nil without the drive and the document, by which a receipt is known; the rest is only told where it can be read.
  init?(_ text: some StringProtocol) {
    var values: [Substring: Substring] = [:]
    for pair in String(text).split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { values[parts[0]] = parts[1] }
    }
    guard let drive = values["fn"], let document = values["i"].flatMap({ Int64($0) }), document > 0,
      (1...Limits.code).contains(drive.utf8.count)
    else { return nil }
    fiscal = ReceiptKey.Fiscal(drive: String(drive), document: document)
    printed = values["t"].flatMap(Self.time)
    sum = values["s"].flatMap { Decimal.parse($0, digits: 2) == nil ? nil : String($0) }
    kind = values["n"].flatMap { Int($0) }.flatMap(Kind.init)
  }

  /// As a hand scanner types it: where the keyboard speaks Russian, its letters arrive as those of the same keys.
  init?(scanned text: some StringProtocol) {
    if let code = FiscalCode(text) {
      self = code
      return
    }
    self.init(String(text.lowercased().map { Self.keys[$0] ?? $0 }))
  }

  private static let keys: [Character: Character] = [
    "е": "t", "ы": "s", "а": "f", "т": "n", "ш": "i", "з": "p", "ю": ".", "б": ",", "?": "&",
  ]

  /// `20261121T0930`, some with seconds behind.
  private static func time(_ text: Substring) -> CivilTime? {
    let digits = Array(text.utf8)
    guard digits.count == 13 || digits.count == 15, [UInt8(ascii: "T"), UInt8(ascii: "t")].contains(digits[8]) else { return nil }
    func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
    guard let day = CivilDay("\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"),
      let clock = Clock("\(part(9..<11)):\(part(11..<13))")
    else { return nil }
    return CivilTime(day: day, clock: clock)
  }
}
