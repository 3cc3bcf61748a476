import Kernel
import Storage

/// What a member bought in the last twelve months, and in the twelve before: from the days that are added up behind the tills.
public struct MemberYear: Hashable, Sendable {
  /// What a span of days came to.
  public struct Sum: Hashable, Sendable {
    public internal(set) var receipts = 0
    /// Business days with a receipt.
    public internal(set) var days = 0
    /// Paid, less what went back.
    public internal(set) var amount = Money.zero
    public internal(set) var last: CivilDay?

    /// Nil without receipts.
    public var average: Money? { receipts > 0 ? Money(minor: amount.minor / Int64(receipts)) : nil }
  }

  /// Ends with the day that was asked for.
  public let days: ClosedRange<CivilDay>
  public let now: Sum
  public let before: Sum
  /// The twelve calendar months that end with the day's own, each by its first day.
  public let months: [(first: CivilDay, sum: Sum)]

  public static func == (a: MemberYear, b: MemberYear) -> Bool {
    a.days == b.days && a.now == b.now && a.before == b.before && a.months.map(\.sum) == b.months.map(\.sum)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(days)
    hasher.combine(now)
  }

  /// One statement over at most two years of a member's days, however many receipts there are.
  public static func read(
    of account: AccountID, _ member: MemberID, until today: CivilDay, in tx: inout Transaction
  ) throws -> MemberYear {
    let days = today.adding(months: -12).adding(days: 1)...today
    let past = today.adding(months: -24).adding(days: 1)...days.lowerBound.adding(days: -1)
    let month = today.adding(days: 1 - today.parts.day)
    let firsts = (0..<12).reversed().map { month.adding(months: -$0) }
    var (now, before, months) = (Sum(), Sum(), firsts.map { (first: $0, sum: Sum()) })
    let span = min(past.lowerBound, firsts[0])...today
    for row in try tx.rows(MemberDaySQL.days(account, [member.raw], span)) {
      let (day, receipts, amount) = (row.day(1), Int(row.int(2)), row.money(3))
      if days.contains(day) { now.add(receipts, amount, day) } else if past.contains(day) { before.add(receipts, amount, day) }
      if let place = firsts.lastIndex(where: { $0 <= day }) { months[place].sum.add(receipts, amount, day) }
    }
    return MemberYear(days: days, now: now, before: before, months: months)
  }
}

extension MemberYear.Sum {
  fileprivate mutating func add(_ receipts: Int, _ amount: Money, _ day: CivilDay) {
    self.receipts += receipts
    days += 1
    self.amount += amount
    last = max(last ?? day, day)
  }
}

/// Where a member buys and what, by their latest receipts.
public struct MemberHabits: Sendable {
  /// Looked at: of the last year, the latest `Limits.habitReceipts`.
  public let receipts: Int
  /// By receipts, the most visited first.
  public let stores: [(store: StoreID, receipts: Int)]
  /// By what was paid for them, the dearest first.
  public let goods: [(product: ProductID, amount: Money)]

  /// One statement over the latest receipts, however many there are.
  public static func read(
    of account: AccountID, _ programme: ProgrammeID, _ member: MemberID, since: Instant, in tx: inout Transaction
  ) throws -> MemberHabits {
    var (count, stores, goods) = (0, [StoreID: Int](), [ProductID: Int64]())
    for row in try tx.rows(ReceiptBookSQL.bought(account, programme, member, Limits.habitReceipts))
    where row.instant(2) >= since && [1, 3].contains(row.int(3)) {
      count += 1
      stores[row.id(0), default: 0] += 1
      for (product, amount) in try LineText.amounts(row.text(1)) { goods[product, default: 0] += amount }
    }
    return MemberHabits(
      receipts: count,
      stores: stores.map { (store: $0.key, receipts: $0.value) }.sorted {
        ($1.receipts, $0.store.raw) < ($0.receipts, $1.store.raw)
      },
      goods: goods.map { (product: $0.key, amount: Money(minor: $0.value)) }.sorted {
        ($1.amount.minor, $0.product.raw) < ($0.amount.minor, $1.product.raw)
      })
  }
}
