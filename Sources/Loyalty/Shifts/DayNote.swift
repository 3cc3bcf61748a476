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
  /// Of the amount, what does not count towards tiers by rules.
  public var uncounted = Money.zero
  /// Status points of a sale.
  public var status = Points.zero
  /// Of goods that came back: what is gone of which day, since they may be of several receipts.
  public var gone: [Gone] = []
  /// A member was named.
  public var hasMember = false
  /// What did not fit.
  public var discrepancies = 0
  /// Recorded without effect: only its discrepancies count.
  public var isBeside = false
  /// Of goods without a receipt whose sale has come since: what was counted for the document counts no more. Its sums are below zero, and
  /// those of the return that it has become are told by themselves.
  public var isWithdrawn = false

  /// What a day has less because something sold on it came back.
  public struct Gone: Hashable, Sendable {
    public let day: CivilDay
    public let amount: Money
    public let status: Points
    /// Of the amount, what did not count towards tiers by rules.
    public var uncounted = Money.zero

    public init(day: CivilDay, amount: Money, status: Points, uncounted: Money = .zero) {
      self.uncounted = uncounted
      self.day = day
      self.amount = amount
      self.status = status
    }
  }

  public init(store: StoreID, day: CivilDay) {
    self.store = store
    self.day = day
  }

  /// `s` store, `d` day, `a` amount, `e` earned, `p` points spent, `t` status points, `u` what does not count towards tiers, `m` member, `x` discrepancies, `b` beside, `w` withdrawn, `g` days with
  /// what is gone of them, amount and status points; what is nought is left out.
  public var json: JSON {
    var members = [JSON.Member("s", .int(store.raw)), JSON.Member("d", .int(Int64(day.number)))]
    let numbers: [(String, Int64)] = [
      ("a", amount.minor), ("e", earned.units), ("p", spent.units), ("t", status.units), ("u", uncounted.minor),
      ("m", hasMember ? 1 : 0),
      ("x", Int64(discrepancies)),
      ("b", isBeside ? 1 : 0),
      ("w", isWithdrawn ? 1 : 0),
    ]
    for (key, value) in numbers where value != 0 { members.append(JSON.Member(key, .int(value))) }
    if !gone.isEmpty {
      let days = gone.map { gone -> JSON in
        let parts: [JSON] = [.int(Int64(gone.day.number)), .int(gone.amount.minor), .int(gone.status.units)]
        return .array(gone.uncounted == .zero ? parts : parts + [.int(gone.uncounted.minor)])
      }
      members.append(JSON.Member("g", .array(days)))
    }
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
    status = Points(units: number("t") ?? 0)
    uncounted = Money(minor: number("u") ?? 0)
    if case .array(let days)? = json["g"] { gone = days.compactMap(Gone.init) }
    hasMember = number("m") == 1
    discrepancies = Int(number("x") ?? 0)
    isBeside = number("b") == 1
    isWithdrawn = number("w") == 1
  }
}

extension DayNote.Gone {
  fileprivate init?(_ json: JSON) {
    guard case .array(let parts) = json, (3...4).contains(parts.count), case .int(let day) = parts[0],
      let number = Int32(exactly: day),
      case .int(let amount) = parts[1], case .int(let status) = parts[2]
    else { return nil }
    self.init(day: CivilDay(number: number), amount: Money(minor: amount), status: Points(units: status))
    if parts.count == 4, case .int(let uncounted) = parts[3] { self.uncounted = Money(minor: uncounted) }
  }
}

extension DayNote {
  /// Of a sale as it is stored.
  init(sold receipt: Receipt, discrepancies: Int = 0) {
    self.init(store: receipt.store, day: receipt.businessDay)
    amount = receipt.amount
    earned = receipt.earned
    spent = receipt.spent
    status = receipt.points.status
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
