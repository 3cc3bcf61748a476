import Kernel
import Storage

/// Goods that came back before the receipt that they are of. They were recorded as goods without a receipt.
struct WaitingReturn: Sendable {
  let document: ReturnID
  /// Under whom they were recorded: whoever the till named, else the store.
  let owner: Int64
  let goods: Return
}

extension WaitingReturn {
  /// `document, owner, goods`
  init(_ row: Row) throws {
    self.init(document: row.id(0), owner: row.int(1), goods: try Return(waiting: row.text(2)))
  }
}

extension Return {
  /// As it is kept until its sale comes: `k` its own receipt's key, `t` time, `d` business day, `l` lines as `[kind, which, thousandths]`,
  /// `r` another refund than the programme's, `x` a defect, `a` what was paid out, `c` the cashier.
  var waiting: String {
    let lines = self.lines.map { line -> JSON in
      let (kind, which): (Int64, JSON) =
        switch line.which {
        case .line(let id): (0, .string(id))
        case .mark(let code): (1, .string(code))
        case .product(let id): (2, .int(id.raw))
        }
      return .array([.int(kind), which, .int(line.quantity.thousandths)])
    }
    let json = JSON.object([
      "k": .string(key.text), "t": .int(time.micros), "d": .int(Int64(day.number)), "l": .array(lines),
      "r": refund.map { .string($0.rawValue) }, "x": isDefect ? .int(1) : nil, "a": stated.map { .int($0.minor) },
      "c": cashier.map { .string($0) },
    ])
    return json.compact
  }

  /// Reads what `waiting` wrote.
  fileprivate init(waiting text: String) throws {
    let json = try storedJSON(text, in: "waiting_return.goods")
    func number(_ key: String) -> Int64? { if case .int(let value)? = json[key] { value } else { nil } }
    func word(_ key: String) -> String? { if case .string(let value)? = json[key] { value } else { nil } }
    guard let key = word("k").flatMap({ ReceiptKey(stored: $0) }), let time = number("t"),
      let day = number("d").flatMap({ Int32(exactly: $0) }), case .array(let lines)? = json["l"]
    else { throw StorageFailure.damaged("waiting_return.goods holds no return") }
    self.init(
      key: key, original: nil, lines: try lines.map(Line.init), at: Instant(micros: time), day: CivilDay(number: day),
      refund: word("r").flatMap { ReturnTerms.Money(rawValue: $0) }, isDefect: number("x") == 1,
      stated: number("a").map { Money(minor: $0) })
    cashier = word("c")
  }
}

extension Return.Line {
  fileprivate init(_ json: JSON) throws {
    guard case .array(let parts) = json, parts.count == 3, case .int(let quantity) = parts[2] else { throw Self.damage }
    let which: Which
    if case (.int(0), .string(let id)) = (parts[0], parts[1]) {
      which = .line(id)
    } else if case (.int(1), .string(let code)) = (parts[0], parts[1]) {
      which = .mark(code)
    } else if case (.int(2), .int(let id)) = (parts[0], parts[1]) {
      which = .product(ProductID(id))
    } else {
      throw Self.damage
    }
    self.init(which, quantity: Quantity(thousandths: quantity))
  }

  private static var damage: StorageFailure { .damaged("waiting_return.goods holds a line that is none") }
}
