import Conditions
import Jobs
import Kernel
import Storage

/// Every statement about what subjects came to.
enum GuardSQL {
  // What was sold and brought back, two hundred places at most.

  static func sales(_ account: AccountID, _ places: some Collection<ReceiptBook.Place>) -> SQL {
    SQL(
      prepared: """
        with place (of_owner, of_id) as (values \(HeldPlaces.rows(places.count)))
        select r.owner_id, r.id, r.programme_id, r.store_id, r.key, r.business_day, r.sold_at, r.state, r.amount, r.discount, r.spent,
          r.earned, r.cashier, r.card
        from place p join receipt r on r.owner_id = p.of_owner and r.id = p.of_id
        where r.account_id = $1 and r.rules > 0 and r.state <> 5 order by r.id
        """, HeldPlaces.binds(account, places))
  }

  /// By the documents that they stood on. The last column tells whether this return is the receipt's latest.
  static func returns(_ account: AccountID, _ places: some Collection<ReceiptBook.Place>) -> SQL {
    SQL(
      prepared: """
        with place (of_owner, of_id) as (values \(HeldPlaces.rows(places.count)))
        select r.owner_id, r.document_id, r.programme_id, r.store_id, r.key, r.business_day, r.receipt_id, r.amount, r.given_back,
          r.taken_back, r.cashier, r.returned_at,
          (select max(x.step) from receipt_return x where x.owner_id = r.owner_id and x.receipt_id = r.receipt_id), r.step
        from place p join receipt_return r on r.owner_id = p.of_owner and r.document_id = p.of_id
        where r.account_id = $1 order by r.id
        """, HeldPlaces.binds(account, places))
  }

  // Days of subjects.

  private static let sums = GuardSchema.figures.filter { $0 != "breadth" && $0 != "peak" }
  private static let figures = GuardSchema.figures.joined(separator: ", ")

  /// Adds figures of a cashier, a till or an operator; different members are counted elsewhere and stand as they are given.
  static func add(_ day: GuardDay, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    SQL(prepared: adding, binds(day, programme, account))
  }

  /// Takes off a member's day what came back.
  static func takeOff(_ day: GuardDay, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    SQL(prepared: takingOff, binds(day, programme, account))
  }

  /// Adds one receipt of a member: how long ago the member was in another store is seen here.
  static func add(
    _ day: GuardDay, in store: StoreID, at moment: Instant, _ programme: ProgrammeID, _ account: AccountID
  ) -> SQL {
    SQL(prepared: visiting, binds(day, programme, account) + [store.value, moment.value])
  }

  private static func binds(_ day: GuardDay, _ programme: ProgrammeID, _ account: AccountID) -> [Value] {
    [
      programme.value, day.place.kind.rawValue.value, day.place.store.value, day.day.value, day.place.subject.value, account.value,
    ] + day.figures.numbers.map(\.value) + [day.receipts.text.value]
  }

  private static func places(_ count: Int) -> String { (1...count).map { "$\($0)" }.joined(separator: ", ") }
  /// What is written of a day: its key, the account, its figures, the receipts that are seen.
  private static let fields = 6 + GuardSchema.figures.count + 1
  private static let inserting =
    "insert into guard_day (programme_id, kind, store_id, day, subject, account_id, \(figures), receipts_seen"
  private static let updating =
    "on conflict (programme_id, kind, store_id, day, subject) do update set "
    + sums.map { "\($0) = guard_day.\($0) + excluded.\($0)" }.joined(separator: ", ") + ", receipts_seen = "
    + "substr(trim(excluded.receipts_seen || ' ' || guard_day.receipts_seen), 1, \(GuardReceipts.length))"
  private static let returning = "where guard_day.account_id = excluded.account_id returning \(columns)"
  private static let adding = """
    \(inserting)) values (\(places(fields))) \(updating), breadth = excluded.breadth, peak = excluded.peak \(returning)
    """
  private static let takingOff = "\(inserting)) values (\(places(fields))) \(updating) \(returning)"
  private static let gap = "abs(excluded.last_at - guard_day.last_at) / 60000000"
  private static let moved = "guard_day.last_store <> 0 and guard_day.last_store <> excluded.last_store"
  private static let visiting = """
    \(inserting), last_store, last_at) values (\(places(fields + 2))) \(updating),
      breadth = guard_day.breadth + case when \(moved) then 1 else 0 end,
      hop = case when \(moved) and (guard_day.hop is null or guard_day.hop > \(gap)) then \(gap) else guard_day.hop end,
      last_store = excluded.last_store, last_at = excluded.last_at
    \(returning)
    """

  static let columns = "kind, store_id, day, subject, \(figures), hop, receipts_seen"

  static func day(_ row: Row) throws -> GuardDay {
    guard let kind = GuardSubject(rawValue: row.int(0)) else { throw StorageFailure.damaged("guard_day.kind holds \(row.int(0))") }
    let end = 4 + GuardSchema.figures.count
    let numbers = (4..<end).map { row.int($0) }
    return GuardDay(
      place: GuardPlace(kind, row.text(3), at: row.id(1)), day: row.day(2), figures: GuardFigures(numbers: numbers),
      hop: row.intOrNil(end), receipts: GuardReceipts(text: row.text(end + 1)))
  }

  /// One member once more, or once less, at a cashier or till.
  static func pair(
    _ place: GuardPlace, _ day: CivilDay, _ owner: Int64, receipts: Int64, points: Points, _ programme: ProgrammeID,
    _ account: AccountID
  ) -> SQL {
    SQL(
      """
      insert into guard_pair (programme_id, kind, store_id, day, subject, owner_id, account_id, receipts, points)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict (programme_id, kind, store_id, day, subject, owner_id) do update
      set receipts = guard_pair.receipts + excluded.receipts, points = guard_pair.points + excluded.points
      where guard_pair.account_id = excluded.account_id
      """, programme, place.kind.rawValue, place.store, day, place.subject, owner, account, receipts, points)
  }

  static func spread(_ place: GuardPlace, _ day: CivilDay, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    SQL(
      """
      select count(*), coalesce(max(receipts), 0) from guard_pair
      where programme_id = $1 and kind = $2 and store_id = $3 and day = $4 and subject = $5 and account_id = $6 and receipts > 0
      """, programme, place.kind.rawValue, place.store, day, place.subject, account)
  }

  /// Who came most often.
  static func most(
    _ place: GuardPlace, _ days: ClosedRange<CivilDay>, _ programme: ProgrammeID, _ account: AccountID, _ limit: Int
  ) -> SQL {
    """
    select owner_id, cast(sum(receipts) as bigint), cast(sum(points) as bigint), max(receipts) from guard_pair
    where programme_id = \(programme) and kind = \(place.kind.rawValue) and store_id = \(place.store) and day >= \(days.lowerBound)
      and day <= \(days.upperBound) and subject = \(place.subject) and account_id = \(account) and receipts > 0
    group by owner_id order by sum(receipts) desc, owner_id limit \(limit)
    """
  }

  static func days(
    _ place: GuardPlace, _ days: ClosedRange<CivilDay>, _ programme: ProgrammeID, _ account: AccountID
  ) -> SQL {
    SQL(
      prepared: """
        select \(columns) from guard_day
        where programme_id = $1 and kind = $2 and subject = $3 and day >= $4 and day <= $5 and store_id = $6 and account_id = $7
        order by day
        """,
      [
        programme.value, place.kind.rawValue.value, place.subject.value, days.lowerBound.value, days.upperBound.value,
        place.store.value, account.value,
      ])
  }

  /// Cashiers of all stores on some days, at most so many rows.
  static func all(
    _ kind: GuardSubject, _ days: ClosedRange<CivilDay>, _ programme: ProgrammeID, _ account: AccountID, _ limit: Int
  ) -> SQL {
    """
    select \(raw: columns) from guard_day
    where programme_id = \(programme) and kind = \(kind.rawValue) and day >= \(days.lowerBound) and day <= \(days.upperBound)
      and account_id = \(account)
    order by day desc, store_id, subject limit \(limit)
    """
  }

  static func store(
    _ kind: GuardSubject, _ store: StoreID, _ days: ClosedRange<CivilDay>, _ programme: ProgrammeID, _ account: AccountID,
    _ limit: Int
  ) -> SQL {
    SQL(
      prepared: """
        select \(columns) from guard_day
        where programme_id = $1 and kind = $2 and store_id = $3 and day >= $4 and day <= $5 and account_id = $6
        order by day desc, subject limit $7
        """,
      [
        programme.value, kind.rawValue.value, store.value, days.lowerBound.value, days.upperBound.value, account.value, limit.value,
      ])
  }

  /// Members who came often on one of these days, from the busiest.
  static func busy(_ days: ClosedRange<CivilDay>, _ programme: ProgrammeID, _ account: AccountID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from guard_day
    where programme_id = \(programme) and kind = 1 and named > 2 and day >= \(days.lowerBound) and day <= \(days.upperBound)
      and account_id = \(account)
    order by named desc, day desc, subject limit \(limit)
    """
  }

  static func forget(before day: CivilDay, _ table: String, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    "delete from \(raw: table) where programme_id = \(programme) and account_id = \(account) and day < \(day)"
  }
}
