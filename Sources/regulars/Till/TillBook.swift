import Kernel

/// What a till remembers when it is switched off: the shift, what it printed, and what the server does not know yet.
struct TillBook: Sendable {
  /// A receipt that was printed.
  struct Printed: Hashable, Sendable {
    let isReturn: Bool
    let number: String
    /// `store~register~shift~number~date`, once the server has named it.
    var key: String?
    let amount: Money
  }

  /// A receipt that waits for the server, as it was, or would have been, sent alone.
  struct Waiting: Sendable {
    let key: String
    let number: String
    let body: JSON
  }

  private let path: String
  private(set) var shift: Int64 = 1
  private(set) var opened: Instant
  private var next: Int64 = 1
  private(set) var printed: [Printed] = []
  private(set) var waiting: [Waiting] = []

  /// - Throws: `FileTrouble`; `Problem.invalid` where the file is no till's.
  init(_ path: String, at now: Instant) throws {
    self.path = path
    opened = now
    let bytes: [UInt8]
    do throws(FileTrouble) { bytes = try readFile(path, atMost: Limits.rulesFile) } catch {
      guard error.isMissing else { throw error }
      return
    }
    let json: JSON
    do throws(JSON.SyntaxError) { json = try JSON.parse(bytes) } catch {
      throw Problem(.invalid, "not_json", "\(path): line \(error.line), column \(error.column): \(error.message)")
    }
    let node = JSONNode(json)
    node.expect("shift", "opened", "next", "printed", "waiting")
    shift = node["shift"].int(0...Limits.amount) ?? 1
    opened = node["opened"].instant() ?? now
    next = node["next"].int(1...Limits.amount) ?? 1
    printed = node["printed"].items(max: Limits.shiftReceipts).compactMap { item in
      guard let number = item["number"].text(), let amount = item["amount"].int() else { return nil }
      return Printed(
        isReturn: item["return"].bool() ?? false, number: number, key: item["key"].text(), amount: Money(minor: amount))
    }
    waiting = node["waiting"].items(max: Limits.shiftReceipts).compactMap { item in
      guard let key = item["key"].text(), let number = item["number"].text(), let body = item["body"].json else { return nil }
      return Waiting(key: key, number: number, body: body)
    }
    try node.issues.check(path)
  }

  var number: String { String(next) }

  /// A receipt goes to the printer, and waits until the server has it.
  mutating func print(_ receipt: Waiting, amount: Money) throws {
    printed.append(Printed(isReturn: false, number: receipt.number, key: nil, amount: amount))
    waiting.append(receipt)
    next += 1
    try keep()
  }

  /// A return that the server has.
  mutating func print(return number: String, amount: Money) throws {
    printed.append(Printed(isReturn: true, number: number, key: nil, amount: amount))
    next += 1
    try keep()
  }

  /// The server has a receipt, and calls it so; nil: it will never take it, and somebody has looked.
  mutating func settle(_ number: String, key: String?) throws {
    waiting.removeAll { $0.number == number }
    if let place = printed.lastIndex(where: { $0.number == number && !$0.isReturn }) { printed[place].key = key }
    try keep()
  }

  mutating func close(at now: Instant) throws {
    (shift, opened, next, printed) = (shift + 1, now, 1, [])
    try keep()
  }

  /// The whole book beside the old one, then in its place: a till that is switched off has the one or the other.
  private func keep() throws {
    let json = JSON.object([
      "shift": .int(shift), "opened": .string(opened.text), "next": .int(next),
      "printed": .array(
        printed.map {
          .object([
            "number": .string($0.number), "return": $0.isReturn ? true : nil, "key": $0.key.map(JSON.string),
            "amount": .int($0.amount.minor),
          ])
        }),
      "waiting": .array(waiting.map { .object(["key": .string($0.key), "number": .string($0.number), "body": $0.body]) }),
    ])
    try writeFile(json.pretty + "\n", to: path + ".new")
    try renameFile(path + ".new", to: path)
  }
}
