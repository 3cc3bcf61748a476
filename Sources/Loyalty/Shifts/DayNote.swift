import Jobs
import Kernel

/// What an event about a receipt says to whoever adds up days of stores: small, because it is written with every purchase.
public struct DayNote: Hashable, Sendable {
  public let store: StoreID
  /// The store's business day that it counts for.
  public let day: CivilDay
  public var amount = Money.zero
  public var earned = Points.zero
  public var spent = Points.zero
  /// A member was named.
  public var hasMember = false
  /// What did not fit.
  public var discrepancies = 0
  /// Recorded without effect: only its discrepancies count.
  public var isBeside = false

  public init(store: StoreID, day: CivilDay) {
    self.store = store
    self.day = day
  }

  /// `s` store, `d` day, `a` amount, `e` earned, `p` points spent, `m` member, `x` discrepancies, `b` beside; what is nought is left out.
  public var json: JSON {
    var members = [JSON.Member("s", .int(store.raw)), JSON.Member("d", .int(Int64(day.number)))]
    let numbers: [(String, Int64)] = [
      ("a", amount.minor), ("e", earned.units), ("p", spent.units), ("m", hasMember ? 1 : 0), ("x", Int64(discrepancies)),
      ("b", isBeside ? 1 : 0),
    ]
    for (key, value) in numbers where value != 0 { members.append(JSON.Member(key, .int(value))) }
    return .object(members)
  }

  /// Nil where the event was written before events said anything.
  public init?(_ json: JSON) {
    func number(_ key: String) -> Int64? {
      guard case .int(let value)? = json[key] else { return nil }
      return value
    }
    guard let store = number("s"), let day = number("d"), let day = Int32(exactly: day) else { return nil }
    self.init(store: StoreID(store), day: CivilDay(number: day))
    amount = Money(minor: number("a") ?? 0)
    earned = Points(units: number("e") ?? 0)
    spent = Points(units: number("p") ?? 0)
    hasMember = number("m") == 1
    discrepancies = Int(number("x") ?? 0)
    isBeside = number("b") == 1
  }
}

extension DayNote {
  /// Of a sale as it is stored.
  init(sold receipt: Receipt, discrepancies: Int = 0) {
    self.init(store: receipt.store, day: receipt.businessDay)
    amount = receipt.amount
    earned = receipt.earned
    spent = receipt.spent
    hasMember = receipt.hasMember
    self.discrepancies = discrepancies
  }

  /// Of what came back.
  init(_ refunds: [Refund], of goods: Return, to owner: Int64, discrepancies: Int, isBeside: Bool) {
    self.init(store: goods.key.store, day: goods.day)
    amount = refunds.reduce(.zero) { $0 + $1.amount }
    earned = refunds.reduce(.zero) { $0 + $1.takenBack }
    spent = refunds.reduce(.zero) { $0 + $1.givenBack }
    hasMember = owner != goods.key.store.raw
    self.discrepancies = discrepancies
    self.isBeside = isBeside
  }
}
