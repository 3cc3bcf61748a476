import Kernel
import Loyalty

/// An id that says whose it is as well, so that nothing need be looked up to find its owner: `hld_….mem_…`. Opaque to tills.
struct OwnedID<Of: Identified>: CustomStringConvertible {
  let id: ID<Of>
  let member: MemberID

  init(_ id: ID<Of>, of member: MemberID) {
    self.id = id
    self.member = member
  }

  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let id = ID<Of>(parts[0]), let member = MemberID(parts[1]) else { return nil }
    self.init(id, of: member)
  }

  var description: String { "\(id).\(member)" }
}

/// What a calculation is called: its id, the version of the rules, and the moment they looked at, so that a confirm can be priced by
/// the same without anybody having kept the calculation. Opaque to tills.
struct CalculationName: CustomStringConvertible {
  let id: CalculationID
  let rules: Int64
  let time: Instant

  init(_ id: CalculationID, rules: Int64, time: Instant) {
    self.id = id
    self.rules = rules
    self.time = time
  }

  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let id = CalculationID(parts[0]), let rules = Int64(parts[1], radix: 36),
      let second = Int64(parts[2], radix: 36), abs(second) < 1 << 40, rules > 0
    else { return nil }
    self.init(id, rules: rules, time: Instant(seconds: second))
  }

  var description: String { "\(id).\(String(rules, radix: 36)).\(String(time.seconds, radix: 36))" }
}

/// A receipt's key as it stands in a path: `store~register~shift~number~date`, or by its fiscal document `fn~drive~document`.
enum ReceiptPath {
  static func text(store: String, register: String, shift: Int64, number: String, day: CivilDay) -> String {
    [store, register, String(shift), number, day.description].map(escaped).joined(separator: "~")
  }

  /// - Parameters:
  ///   - store: the id of a store's code.
  ///   - isFact: what is said of the receipt has happened: a key of a store that the account does not have is one that no receipt has.
  /// - Throws: `Problem.notFound` (`receipt_unknown`) for what is no key, or names a store that the account does not have.
  static func key(
    _ text: String, in till: StoreID, isFact: Bool = false, store: (String) -> StoreID?
  ) throws(Problem) -> ReceiptKey {
    let parts = text.split(separator: "~", omittingEmptySubsequences: false).map(unescaped)
    if parts.count == 3, parts[0] == "fn", let document = Int64(parts[2]), isCode(parts[1]) {
      return ReceiptKey(fiscal: ReceiptKey.Fiscal(drive: parts[1], document: document), near: till)
    }
    guard parts.count == 5, isCode(parts[1]), let shift = Int64(parts[2]), isCode(parts[3]), let day = CivilDay(parts[4]) else {
      throw noReceipt(text)
    }
    if let id = store(parts[0]) { return ReceiptKey(store: id, register: parts[1], shift: shift, number: parts[3], day: day) }
    guard isFact, isCode(parts[0]) else { throw noReceipt(text) }
    // Nothing is printed with an empty number.
    return ReceiptKey(store: till, register: "", shift: shift, number: "", day: day)
  }

  private static func noReceipt(_ text: String) -> Problem {
    Problem(
      .notFound, "receipt_unknown",
      "a receipt is named store~register~shift~number~date, for example 105~2~274~31~2026-11-21, or fn~drive~document; \"\(text.prefix(100))\" names none here"
    )
  }

  /// A shift's key in a path: `store~register~shift~date`.
  /// - Throws: `Problem.notFound` (`shift_unknown`).
  static func shift(_ text: String, store: (String) -> StoreID?) throws(Problem) -> ShiftKey {
    let parts = text.split(separator: "~", omittingEmptySubsequences: false).map(unescaped)
    guard parts.count == 4, let id = store(parts[0]), isCode(parts[1]), let shift = Int64(parts[2]), let day = CivilDay(parts[3])
    else {
      throw Problem(
        .notFound, "shift_unknown",
        "a shift is named store~register~shift~date, for example 105~2~274~2026-11-21; \"\(text.prefix(100))\" names none here")
    }
    return ShiftKey(store: id, register: parts[1], shift: shift, day: day)
  }

  /// In codes that hold them, `~` is written `%7E` and `%` `%25`.
  private static func escaped(_ text: String) -> String {
    text.map { $0 == "~" ? "%7E" : $0 == "%" ? "%25" : String($0) }.joined()
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var rest = text
    while let mark = rest.firstIndex(of: "%") {
      result += rest[..<mark]
      let code = rest[mark...].prefix(3)
      switch code.uppercased() {
      case "%7E": result += "~"
      case "%25": result += "%"
      default: result += code
      }
      rest = rest[mark...].dropFirst(code.count)
    }
    return result + rest
  }

  private static func isCode(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= Limits.code && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
  }
}

extension JSON {
  /// Pointers to what was left aside of a request; absent where nothing was.
  static func leftAside(_ places: [String]) -> JSON? { places.isEmpty ? nil : .array(places.map(JSON.string)) }
}

extension Receipt.State {
  /// Stable once published.
  public var word: String {
    switch self {
    case .confirmed: "confirmed"
    case .cancelled: "cancelled"
    case .partlyReturned: "partly-returned"
    case .returned: "returned"
    case .beside: "beside"
    }
  }
}
