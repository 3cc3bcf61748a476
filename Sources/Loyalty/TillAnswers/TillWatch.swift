import Access
import Jobs
import Kernel
import Storage

/// One till by the place and the number that its receipts print.
public struct TillPlace: Hashable, Sendable {
  public let store: StoreID
  public let register: String

  public init(store: StoreID, register: String) {
    self.store = store
    self.register = register
  }
}

/// When tills were last heard from, by what is stored anyway: kept answers say when a till asked, receipts' keys on which day it sold.
/// Watching writes nothing while tills sell.
public struct TillWatch: Sendable {
  /// For how long a till that asks every day is quiet before somebody should look.
  public static var patience: Span { .hours(2) }
  /// Of the six days before, how many must have had a question in the same hours.
  public static var usualDays: Int { 4 }

  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// The tills of some stores, by store and number: registers that are described and not closed, and those that nobody described but that
  /// closed a shift in the last week. At most `Limits.page` stores.
  public func tills(in stores: [StoreID], at now: Instant, in tx: inout Transaction) throws -> [TillPlace] {
    guard !stores.isEmpty else { return [] }
    let some = Array(stores.prefix(Limits.page))
    let described = try Registers.of(account, in: some, in: &tx)
    func place(_ row: (store: StoreID, register: Known<RegisterDetails>)) -> TillPlace {
      TillPlace(store: row.store, register: row.register.details.code)
    }
    let closing = try closing(in: some, at: now, in: &tx)
    let closed = Set(described.filter(\.register.details.isClosed).map(place))
    return Set(described.map(place) + closing).subtracting(closed).sorted { ($0.store, $0.register) < ($1.store, $1.register) }
  }

  /// The tills of some stores that closed a shift in the last week, described or not. At most `Limits.page` stores.
  public func closing(in stores: [StoreID], at now: Instant, in tx: inout Transaction) throws -> [TillPlace] {
    guard !stores.isEmpty else { return [] }
    let since = Zone.utc.civil(at: now).day.adding(days: -7)
    return try tx.rows(ShiftSQL.registers(account, Array(stores.prefix(Limits.page)), since: since)).map {
      TillPlace(store: $0.id(0), register: $0.text(1))
    }
  }

  /// The latest question of each till of a store since the moment, whether the register was described or not. One pass over what the
  /// store's tills asked in that time.
  public func asked(in store: StoreID, since moment: Instant, in tx: inout Transaction) throws -> [String: Instant] {
    let rows = try tx.rows(TillAnswerSQL.lastByRegister(account, store, since: moment))
    return Dictionary(rows.map { ($0.text(0), $0.instant(1)) }, uniquingKeysWith: max)
  }

  /// The printed date of each till's last receipt; those that never sold are missing. One step down an index for each till, at most
  /// `Limits.bulk` of them.
  public func lastSold(_ tills: [TillPlace], in tx: inout Transaction) throws -> [TillPlace: CivilDay] {
    let places = Dictionary(
      tills.prefix(Limits.bulk).map { (ReceiptKey.beginning($0.store, $0.register), $0) }, uniquingKeysWith: { first, _ in first })
    let last = try NaturalKeys(of: account).last(of: .receipt, beginningsWith: places.keys.sorted(), in: &tx)
    var days: [TillPlace: CivilDay] = [:]
    for (beginning, key) in last {
      if let place = places[beginning], let day = ReceiptKey(stored: key)?.day { days[place] = day }
    }
    return days
  }

  /// Which of these tills sold on a printed date. One step down an index for each till, at most `Limits.bulk` of them.
  public func sold(_ tills: [TillPlace], on day: (TillPlace) -> CivilDay, in tx: inout Transaction) throws -> Set<TillPlace> {
    let places = Dictionary(
      tills.prefix(Limits.bulk).map { (ReceiptKey.beginning($0.store, $0.register, day($0)), $0) },
      uniquingKeysWith: { first, _ in first })
    return Set(
      try NaturalKeys(of: account).last(of: .receipt, beginningsWith: places.keys.sorted(), in: &tx).keys.compactMap { places[$0] })
  }

  /// Tills that should have been heard from. The rule: a till is silent when it asked nothing for `patience`, though in the same hours of
  /// the day it asked on at least `usualDays` of the six days before, and sold on this weekday a week ago. What never opened at this hour
  /// or on this weekday is not missed; a till that is new is missed after its first week.
  ///
  /// Tills that ask are found at their latest rows; only for the others the days before are looked at, and of these only the same hours.
  /// - Parameters:
  ///   - tills: at most `Limits.page`.
  ///   - today: the day that the till's clock shows.
  public func silent(
    _ tills: [TillPlace], today: (StoreID) -> CivilDay, at now: Instant, in tx: inout Transaction
  ) throws -> [TillPlace] {
    let quiet = try tills.filter(heard(Array(tills.prefix(Limits.page)), [now - Self.patience..<now], in: &tx)) { $0 == 0 }
    let days = (1...6).map { now - .days($0) - Self.patience..<now - .days($0) }
    let missed = try quiet.filter(heard(quiet, days, in: &tx)) { $0 >= Self.usualDays }
    let sold = try sold(missed, on: { today($0.store).adding(days: -7) }, in: &tx)
    return missed.filter { sold.contains($0) }
  }

  /// In how many of the spans each till asked something.
  private func heard(_ tills: [TillPlace], _ spans: [Range<Instant>], in tx: inout Transaction) throws -> [TillPlace: Int] {
    guard !tills.isEmpty else { return [:] }
    let rows = try tx.rows(TillAnswerSQL.heard(account, tills, spans))
    return Dictionary(
      rows.map { row in
        (TillPlace(store: row.id(0), register: row.text(1)), spans.indices.count { row.intOrNil($0 + 2) != nil })
      }, uniquingKeysWith: { first, _ in first })
  }
}

extension [TillPlace] {
  fileprivate func filter(_ counts: [TillPlace: Int], _ isWanted: (Int) -> Bool) -> [TillPlace] {
    filter { isWanted(counts[$0] ?? 0) }
  }
}
