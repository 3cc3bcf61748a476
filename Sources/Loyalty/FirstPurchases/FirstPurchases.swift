import Access
import Calculator
import Conditions
import Kernel
import Storage
import Synchronization

/// Goods whose first purchase rules of one programme ask about. Since a rule book asks, every sale counts them with the member's wallet; what
/// was bought before is counted once, by `FirstPurchaseCount`.
struct FirstPurchases: Sendable {
  let programme: Programme

  init(of programme: Programme) { self.programme = programme }

  /// A new rule book asks for these.
  func ask(_ sums: Set<PromotionID>, by book: Int64, at now: Instant, in tx: inout Transaction) throws {
    for sum in sums.sorted() {
      try tx.enqueue(FirstPurchaseSQL.ask(sum, programme.id, programme.account, by: book, at: now))
    }
  }
}

/// Goods whose past is to be counted still.
struct WaitingSum: Hashable, Sendable {
  let id: PromotionID
  let book: Int64
  let lastOwner: Int64
}

/// Of which goods the past is counted, in memory: tills ask without a statement. A lock guards it; it is as old as the last look, which comes a
/// few times a second.
public final class CountedFirsts: Sendable {
  private let state = Mutex<Set<PromotionID>>([])

  public init() {}

  func refresh(of programme: Programme, in tx: inout Transaction) throws {
    let known = Set(try tx.rows(FirstPurchaseSQL.counted(programme.id, programme.account)).map { $0.id(0) as PromotionID })
    state.withLock { $0 = known }
  }

  func has(_ sum: Accumulator) -> Bool { state.withLock { $0.contains(sum.id) } }
}

extension MemberSnapshot {
  /// Nobody's purchase is a first one while nobody knows what was bought before.
  mutating func wait(for firsts: [Accumulator], but counted: CountedFirsts) {
    for sum in firsts where (usage[sum.id]?.uses ?? 0) == 0 && !counted.has(sum) {
      usage[sum.id] = MemberUsage(uses: Accumulator.uncounted)
    }
  }
}

extension Use {
  /// One receipt of the past that has some goods. Those receipts carry no use of their own: so that what comes back of them is known, they are
  /// counted a second time where other uses count points.
  static func ofThePast(_ sum: PromotionID) -> Use {
    Use(
      promotion: sum, day: Accumulator.Period.always.start(of: CivilDay(number: 0)), given: Given(uses: 1, points: Points(units: 1))
    )
  }
}

extension Undoing {
  /// First purchases that nobody counted when the receipt was sold, and that are none any more. Whether they were counted since, the wallet
  /// knows.
  func lostFirsts(from before: [DocumentLine], staying rest: [DocumentLine]) -> [Use] {
    let uncounted = firsts.filter { sum in !effect.uses.contains { $0.promotion == sum.id } }
    guard !uncounted.isEmpty else { return [] }
    let had = book.counting(uncounted, in: stays(before))
    return had.subtracting(book.counting(uncounted, in: stays(rest))).sorted().map(Use.ofThePast)
  }
}
