import Access
import Jobs
import Kernel

/// Which shift of which till.
public struct ShiftKey: Hashable, Sendable {
  public let store: StoreID
  /// The till's code; the channel for orders that no till made, which then have shift 0.
  public let register: String
  public let shift: Int64
  /// The store's business day that the shift belongs to. Numbers of shifts begin anew with a new fiscal drive.
  public let day: CivilDay

  public init(store: StoreID, register: String, shift: Int64, day: CivilDay) {
    self.store = store
    self.register = register
    self.shift = shift
    self.day = day
  }

  var natural: NaturalKey { NaturalKey(.shift, "\(String(store.raw, radix: 36))\t\(register)\t\(day.number)\t\(shift)") }
}

/// How many receipts, and what they come to in money.
public struct ShiftSum: Hashable, Sendable {
  public var count: Int
  public var amount: Money
  public init(count: Int = 0, amount: Money = .zero) {
    self.count = count
    self.amount = amount
  }

  mutating func add(_ amount: Money) {
    count += 1
    self.amount += amount
  }
}

/// One receipt of a shift, as it is printed.
public struct ShiftReceipt: Hashable, Sendable {
  /// Numbers are stored and never change their meaning.
  public enum Kind: Int64, Sendable, CaseIterable {
    case sale = 1
    case `return` = 2
  }

  /// What tells it from all others of the shift.
  struct Name: Hashable {
    let kind: Kind
    let number: String
    let date: CivilDay
  }

  public let kind: Kind
  public let number: String
  /// The local date as printed.
  public let date: CivilDay
  /// In money, never below zero.
  public let amount: Money

  public init(_ kind: Kind, number: String, date: CivilDay, amount: Money) {
    self.kind = kind
    self.number = number
    self.date = date
    self.amount = amount
  }

  var name: Name { Name(kind: kind, number: number, date: date) }
}

/// What a till states when it closes a shift.
public struct ShiftClosing: Hashable, Sendable {
  public let key: ShiftKey
  public let openedAt: Instant
  public let closedAt: Instant
  /// The dates that its receipts can carry: by the clock of the shop from opening to closing.
  public let dates: ClosedRange<CivilDay>
  public let sales: ShiftSum
  public let returns: ShiftSum
  /// Every receipt of the shift, or nil where the till states sums only.
  public let receipts: [ShiftReceipt]?

  /// - Parameter zone: the store's.
  public init(
    _ key: ShiftKey, opened: Instant, closed: Instant, zone: Zone, sales: ShiftSum, returns: ShiftSum = ShiftSum(),
    receipts: [ShiftReceipt]? = nil
  ) {
    let first = zone.civil(at: opened).day
    self.init(
      key, opened: opened, closed: closed, dates: first...max(first, zone.civil(at: closed).day), sales: sales, returns: returns,
      receipts: receipts)
  }

  init(
    _ key: ShiftKey, opened: Instant, closed: Instant, dates: ClosedRange<CivilDay>, sales: ShiftSum, returns: ShiftSum,
    receipts: [ShiftReceipt]?
  ) {
    self.key = key
    openedAt = opened
    closedAt = closed
    self.dates = dates
    self.sales = sales
    self.returns = returns
    self.receipts = receipts
  }

  /// Who states it, for the audit trail.
  /// - Throws: `Problem.invalid` with every issue at its pointer in the till's request.
  func checked() throws(Problem) -> Actor {
    let issues = IssueList()
    if closedAt < openedAt { issues.add("/closed", "before_opening", "a shift is closed after it was opened") }
    if dates.upperBound - dates.lowerBound >= Limits.shiftDates {
      issues.add("/opened", "too_long", "a shift may last over at most \(Limits.shiftDates) dates, not from \(dates.lowerBound)")
    }
    if !(0...Limits.amount).contains(key.shift) { issues.add("/shift", "out_of_range", "a shift's number is not below zero") }
    for (sum, pointer) in [(sales, "/sales"), (returns, "/returns")] {
      if !(0...Limits.shiftKeys).contains(sum.count) {
        issues.add(pointer + "/count", "out_of_range", "from 0 to \(Limits.shiftKeys) receipts are expected here")
      }
      if !(0...Limits.amount).contains(sum.amount.minor) {
        issues.add(pointer + "/amount", "out_of_range", "the sum is not below zero: returns are stated apart")
      }
    }
    check(receipts ?? [], issues)
    let actor = Actor(.register, key.register)
    if actor == nil {
      issues.add("/register", "not_a_code", "a register's code has 1 to \(Limits.code) bytes and no control characters")
    }
    try issues.check("the closing of the shift")
    guard let actor else { preconditionFailure("a register without a name was noted as an issue") }
    return actor
  }

  private func check(_ receipts: [ShiftReceipt], _ issues: IssueList) {
    if receipts.count > Limits.shiftReceipts {
      issues.add(
        "/receipts", "too_many", "at most \(Limits.shiftReceipts) receipts can be listed; leave the list out and state sums")
    }
    var seen: Set<ShiftReceipt.Name> = []
    for (index, receipt) in receipts.prefix(Limits.shiftReceipts).enumerated() {
      let pointer = "/receipts/\(index)"
      if !isCode(receipt.number) {
        issues.add(pointer + "/number", "not_a_code", "a receipt's number has 1 to \(Limits.code) bytes")
      }
      if !(0...Limits.amount).contains(receipt.amount.minor) { issues.add(pointer + "/amount", "out_of_range", "not below zero") }
      if !dates.contains(receipt.date) {
        issues.add(pointer + "/date", "outside_shift", "the shift lasted from \(dates.lowerBound) to \(dates.upperBound)")
      }
      if !seen.insert(receipt.name).inserted { issues.add(pointer, "repeated", "this receipt is listed twice") }
    }
  }
}
