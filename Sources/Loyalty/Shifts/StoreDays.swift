import Jobs
import Kernel
import Storage

/// What a store came to on one business day.
public struct DayTotals: Hashable, Sendable {
  /// Sales that were not cancelled; what came back of them later is told apart.
  public var receipts = 0
  public var amount = Money.zero
  /// Those on which a member was named, at the till or later.
  public var memberReceipts = 0
  public var memberAmount = Money.zero
  /// By the sales of the day, before anything came back.
  public var earned = Points.zero
  public var spent = Points.zero
  /// Documents by which goods came back on that day, whenever they were sold, and what was paid out.
  public var returns = 0
  public var returned = Money.zero
  public var takenBack = Points.zero
  public var givenBack = Points.zero
  public var discrepancies = 0

  public init() {}

  public static func += (a: inout DayTotals, b: DayTotals) {
    a.receipts += b.receipts
    a.amount += b.amount
    a.memberReceipts += b.memberReceipts
    a.memberAmount += b.memberAmount
    a.earned += b.earned
    a.spent += b.spent
    a.returns += b.returns
    a.returned += b.returned
    a.takenBack += b.takenBack
    a.givenBack += b.givenBack
    a.discrepancies += b.discrepancies
  }

  /// Adds what one event says. - Returns: false for an event that is not about receipts.
  mutating func add(_ kind: Event.Kind, _ note: DayNote) -> Bool {
    switch kind {
    case .receiptConfirmed: add(note, 1)
    case .receiptCancelled: add(note, -1)
    case .receiptAttached:
      memberReceipts += 1
      memberAmount += note.amount
      earned += note.earned
    case .receiptBeside: break
    case .receiptReturned:
      guard !note.isBeside else { break }
      returns += note.isWithdrawn ? -1 : 1
      returned += note.amount
      takenBack += note.earned
      givenBack += note.spent
    default: return false
    }
    discrepancies += note.discrepancies
    return true
  }

  private mutating func add(_ note: DayNote, _ sign: Int64) {
    receipts += Int(sign)
    amount.minor += sign * note.amount.minor
    earned.units += sign * note.earned.units
    spent.units += sign * note.spent.units
    guard note.hasMember else { return }
    memberReceipts += Int(sign)
    memberAmount.minor += sign * note.amount.minor
  }
}

/// Days of stores, added up from events.
public struct StoreDays: Sendable {
  /// What became of the events that were taken.
  public struct Taken: Hashable, Sendable {
    public internal(set) var events = 0
    /// About receipts, but written before events said what they are about: counted here and left out of the days.
    public internal(set) var silent = 0
  }

  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Adds what these events say. Events come in any order and any grouping, each exactly once: taken twice, an event counts twice.
  /// Events that are not about receipts are passed over.
  ///
  /// Costs a statement for each store and day that they touch.
  public func take(_ events: [Event], in tx: inout Transaction) throws -> Taken {
    var taken = Taken()
    var days: [Place: DayTotals] = [:]
    for event in events where Self.kinds.contains(event.kind) {
      guard let note = DayNote(event.body) else {
        taken.silent += 1
        continue
      }
      if days[Place(store: note.store, day: note.day), default: DayTotals()].add(event.kind, note) { taken.events += 1 }
    }
    // In one order, so that two who take events at the same time do not wait for each other crosswise.
    for (place, totals) in days.sorted(by: { $0.key < $1.key }) {
      try tx.enqueue(StoreDaySQL.add(totals, place.store, place.day, account))
    }
    return taken
  }

  private static let kinds: Set<Event.Kind> = [
    .receiptConfirmed, .receiptCancelled, .receiptAttached, .receiptReturned, .receiptBeside,
  ]

  private struct Place: Hashable, Comparable {
    let store: StoreID
    let day: CivilDay
    static func < (a: Place, b: Place) -> Bool { (a.store, a.day) < (b.store, b.day) }
  }
}
