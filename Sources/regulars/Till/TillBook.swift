import Kernel

/// What a till remembers when it is switched off: the shift, what it printed, and what the server does not know yet.
struct TillBook: Sendable {
  /// A receipt that was printed.
  struct Printed: Hashable, Sendable {
    let isReturn: Bool
    let number: String
    /// `store~register~shift~number~date`, once the server has named it.
    var key: String?
    /// Of a return: what the till worked out, until the server has said it.
    var amount: Money
    /// What was sold, so that goods can come back without a network, or what came back; books of before have none.
    var lines: [Line] = []
    /// The receipt that goods came back of.
    var original: String?
  }

  /// A line of a receipt that was printed.
  struct Line: Hashable, Sendable {
    let id: String
    let quantity: Quantity
    let amount: Money
  }

  /// A document that waits for the server, as it was, or would have been, sent alone. It is written down before it is sent, so that the
  /// same goes again under the same key, whatever became of the first request and of the till.
  struct Waiting: Sendable {
    enum Kind: Hashable, Sendable {
      case sale
      /// Goods of the receipt of this number, and how the server calls it.
      case takeBack(of: String, key: String?)
      case closing
    }

    var kind: Kind
    let key: String
    /// Of the receipt; of the shift where it is the end of one.
    let number: String
    let body: JSON
    /// The code of the problem, where the server has read it and will not have it. It is never thrown away, and holds up nothing.
    var refusal: String?

    /// The shift that it belongs to.
    var shift: Int64? {
      guard case .int(let shift)? = body["receipt"]?["shift"] ?? body["shift"] else { return nil }
      return shift
    }
  }

  /// What the server said of a document.
  enum Outcome: Sendable {
    /// It has it, and calls a receipt so, or has worked out what a return pays out.
    case taken(named: String?, amount: Money?)
    case refused(String)
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
    printed = node["printed"].items(max: Limits.shiftReceipts).compactMap(Self.printed)
    waiting = node["waiting"].items(max: Limits.shiftReceipts).compactMap(Self.waiting)
    try node.issues.check(path)
  }

  var number: String { String(next) }

  /// How many documents the server has not answered.
  var unanswered: Int { waiting.count { $0.refusal == nil } }

  /// What goods of a receipt come to by its lines; nil where so much was not sold, or came back before.
  func comesBack(of sold: Printed, _ pieces: [TillCommand.Back]) -> [Line]? {
    var back: [Line] = []
    let before = printed.filter { $0.original == sold.number }.flatMap(\.lines)
    for piece in pieces {
      guard let thousandths = Decimal.parse(piece.quantity, digits: 3), thousandths > 0,
        let line = sold.lines.first(where: { $0.id == piece.line })
      else {
        return nil
      }
      let gone = (before + back).filter { $0.id == line.id }
      let left = line.quantity - gone.reduce(.zero) { $0 + $1.quantity }
      let worth = line.amount - gone.reduce(.zero) { $0 + $1.amount }
      guard thousandths <= left.thousandths else { return nil }
      // The last piece takes what rounding left.
      let amount = scaled(worth.minor, by: thousandths, over: left.thousandths, .halfUp)
      back.append(Line(id: line.id, quantity: Quantity(thousandths: thousandths), amount: Money(minor: amount)))
    }
    return back
  }

  /// A receipt goes to the printer, and waits until the server has it.
  mutating func print(_ receipt: Waiting, amount: Money, lines: [Line]) throws {
    var sheet = Printed(isReturn: receipt.kind != .sale, number: receipt.number, key: nil, amount: amount, lines: lines)
    if case .takeBack(let original, _) = receipt.kind { sheet.original = original }
    printed.append(sheet)
    waiting.append(receipt)
    next += 1
    try keep()
  }

  /// The server would not have a return before anything was paid out: it never was.
  mutating func void(_ document: Waiting) throws {
    waiting.removeAll { $0.key == document.key }
    printed.removeAll { $0.isReturn && $0.number == document.number }
    if document.number == String(next - 1) { next -= 1 }
    try keep()
  }

  /// What the server said of these, by their request keys.
  mutating func settle(_ outcomes: [(key: String, outcome: Outcome)]) throws {
    guard !outcomes.isEmpty else { return }
    for (key, outcome) in outcomes {
      guard let place = waiting.firstIndex(where: { $0.key == key }) else { continue }
      switch outcome {
      case .refused(let code): waiting[place].refusal = code
      case .taken(let name, let amount): settled(waiting.remove(at: place), name, amount)
      }
    }
    try keep()
  }

  private mutating func settled(_ document: Waiting, _ name: String?, _ amount: Money?) {
    if document.kind == .sale {
      // What came back of it can be sent now.
      for place in waiting.indices
      where waiting[place].kind == .takeBack(of: document.number, key: nil) && waiting[place].shift == document.shift {
        waiting[place].kind = .takeBack(of: document.number, key: name)
      }
    }
    let isReturn = document.kind != .sale
    guard document.kind != .closing, document.shift == shift,
      let place = printed.lastIndex(where: { $0.number == document.number && $0.isReturn == isReturn })
    else {
      return
    }
    if let name { printed[place].key = name }
    if isReturn, let amount { printed[place].amount = amount }
  }

  /// The shift is over, and the server is to hear of it.
  mutating func close(_ closing: Waiting, at now: Instant) throws {
    waiting.append(closing)
    (shift, opened, next, printed) = (shift + 1, now, 1, [])
    try keep()
  }

  /// The whole book beside the old one, then in its place: a till that is switched off has the one or the other.
  private func keep() throws {
    let json = JSON.object([
      "shift": .int(shift), "opened": .string(opened.text), "next": .int(next),
      "printed": .array(printed.map(Self.json)), "waiting": .array(waiting.map(Self.json)),
    ])
    try writeFile(json.pretty + "\n", to: path + ".new")
    try renameFile(path + ".new", to: path)
  }
}
