import Access
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// What members, cashiers and tills came to by day, added up from events, and the limits that they meet by it. A programme whose settings
/// have no limits and watch nothing costs a look at its settings.
public struct GuardDays: Sendable {
  /// Who takes them.
  public static var follower: Follower { Follower("guard-days", from: .now) }
  /// Statements of one round trip.
  static let together = 100

  let account: AccountID
  let zones: @Sendable (String) -> Zone?
  let ids: IDSource

  public init(of account: AccountID, zones: @escaping @Sendable (String) -> Zone?, ids: IDSource) {
    (self.account, self.zones, self.ids) = (account, zones, ids)
  }

  private static let kinds: Set<Event.Kind> = [
    .receiptConfirmed, .receiptAttached, .receiptReturned, .receiptCancelled, .pointsGiven,
    .pointsTransferred,
  ]

  /// Adds what these events say, each exactly once, and looks which limits are reached by it.
  ///
  /// Costs a read for two hundred receipts, and for each receipt with a member three statements, a hundred in a round trip.
  public func take(_ events: [Event], at now: Instant, in tx: inout Transaction) throws {
    let some = events.filter { Self.kinds.contains($0.kind) }
    guard !some.isEmpty else { return }
    let programmes = try Programmes(of: account, zones: zones).all(in: &tx).filter { $0.settings.watch != nil }
    guard !programmes.isEmpty else { return }
    var sums: [ProgrammeID: GuardSums] = [:]
    for programme in programmes { sums[programme.id] = GuardSums(hourly: programme.settings.watch?.hourly ?? []) }
    for page in some.paged(by: Limits.page) { try add(page, to: &sums, in: &tx) }
    for programme in programmes {
      if let found = sums[programme.id] { try finish(found, programme, at: now, in: &tx) }
    }
  }

  /// Adds codes that tills were refused, each exactly once, and looks which limits are reached by it.
  public func take(_ refusals: [GuardRefusal], of programme: Programme, at now: Instant, in tx: inout Transaction) throws {
    var sums = GuardSums(hourly: programme.settings.watch?.hourly ?? [])
    for page in refusals.sorted(by: { ($0.day, $0.store, $0.name) < ($1.day, $1.store, $1.name) }).paged(by: Self.together) {
      let told = try tx.answers(toEach: page.map { GuardRefusalSQL.insert($0, programme.id, account) })
      for (refusal, rows) in zip(page, told) where !rows.isEmpty { sums.add(refusal) }
    }
    try finish(sums, programme, at: now, in: &tx)
  }

  private func finish(_ sums: GuardSums, _ programme: Programme, at now: Instant, in tx: inout Transaction) throws {
    guard !sums.isEmpty, let terms = programme.settings.watch else { return }
    var sums = sums
    try sums.leaveOut(kinds: terms.kindsLeftOut, of: programme.members, in: &tx)
    let days = try write(sums, programme.id, in: &tx)
    let (alerts, change) = (GuardAlerts(of: programme), Change(by: .guardian, at: now, ids: ids))
    try alerts.look(at: days, by: change, in: &tx)
    try alerts.look(at: sums.hours, beside: days, by: change, in: &tx)
  }

  private func add(_ page: ArraySlice<Event>, to sums: inout [ProgrammeID: GuardSums], in tx: inout Transaction) throws {
    func places(_ kinds: Event.Kind..., withdrawn: Bool = false) -> [ReceiptBook.Place] {
      page.filter { event in
        guard kinds.contains(event.kind) else { return false }
        let note = DayNote(event.body)
        return note?.isBeside != true && (note?.isWithdrawn ?? false) == withdrawn
      }.map { ReceiptBook.Place(owner: $0.owner, id: ReceiptID($0.subject)) }
    }
    for sale in try sales(places(.receiptConfirmed), in: &tx).values.sorted(by: { $0.place.id < $1.place.id }) {
      sums[sale.programme]?.add(sale)
    }
    let attached = places(.receiptAttached)
    if !attached.isEmpty {
      let claims = try tx.rows(SettlementSQL.claims(account, attached)).map(ReceiptClaim.init)
      let sold = try sales(claims.map(\.sale), in: &tx)
      for claim in claims { if let sale = sold[claim.sale] { sums[sale.programme]?.add(claim, of: sale) } }
    }
    for event in page where event.kind == .pointsGiven {
      if let given = GuardGift(event) { sums[given.programme]?.add(given) }
    }
    for event in page where event.kind == .pointsTransferred {
      if let given = GuardTransfer(event) { sums[given.programme]?.add(given) }
    }
    let cancelled = Set(page.filter { $0.kind == .receiptCancelled }.map(\.subject))
    let withdrawn = places(.receiptReturned, withdrawn: true)
    if !withdrawn.isEmpty {
      for row in try tx.rows(GuardSQL.returns(account, withdrawn)) {
        let stored = try GuardReturn(row, cancelled)
        sums[stored.programme]?.withdraw(stored)
      }
    }
    let back = places(.receiptReturned, .receiptCancelled)
    guard !back.isEmpty else { return }
    let returns = try tx.rows(GuardSQL.returns(account, back)).map { try GuardReturn($0, cancelled) }
    let sold = try sold(returns.compactMap(\.sale), in: &tx)
    for stored in returns { sums[stored.programme]?.add(stored, of: stored.sale.flatMap { sold[$0] }) }
  }

  /// Those that were claimed lie with the store that sold them.
  private func sold(_ places: [ReceiptBook.Place], in tx: inout Transaction) throws -> [ReceiptBook.Place: GuardSale] {
    var found = try sales(places, in: &tx)
    let missing = places.filter { found[$0] == nil }
    guard !missing.isEmpty else { return found }
    let claims = try tx.rows(SettlementSQL.claims(account, missing)).map(ReceiptClaim.init)
    let sold = try sales(claims.map(\.sale), in: &tx)
    for claim in claims {
      guard var sale = sold[claim.sale] else { continue }
      sale.member = claim.place.owner
      found[claim.place] = sale
    }
    return found
  }

  private func sales(_ places: [ReceiptBook.Place], in tx: inout Transaction) throws -> [ReceiptBook.Place: GuardSale] {
    guard !places.isEmpty else { return [:] }
    let found = try tx.rows(GuardSQL.sales(account, Array(Set(places)))).map(GuardSale.init)
    return Dictionary(found.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Returns: the days that are others now, as they stand.
  private func write(_ sums: GuardSums, _ programme: ProgrammeID, in tx: inout Transaction) throws -> [GuardDay] {
    for (pair, change) in sums.pairs.sorted(by: { $0.key < $1.key }) {
      try tx.enqueue(
        GuardSQL.pair(pair.place, pair.day, pair.owner, receipts: change.receipts, points: change.points, programme, account))
    }
    for (slot, figures) in sums.slots.sorted(by: { $0.key < $1.key }) {
      try tx.enqueue(GuardSlotSQL.add(figures, to: slot.hour, owner: slot.owner, programme, account))
    }
    var days = sums.days.values.sorted { GuardSums.comes($0, before: $1) }
    for chunk in days.indices.paged(by: Self.together) {
      let spreads = try tx.answers(toEach: chunk.map { GuardSQL.spread(days[$0].place, days[$0].day, programme, account) })
      for (place, rows) in zip(chunk, spreads) {
        (days[place].figures.breadth, days[place].figures.peak) = (rows.first?.int(0) ?? 0, rows.first?.int(1) ?? 0)
      }
    }
    let statements =
      days.map { GuardSQL.add($0, programme, account) }
      + sums.visits.map { visit in
        visit.at.map { GuardSQL.add(visit.day, in: visit.store, at: $0, programme, account) }
          ?? GuardSQL.takeOff(visit.day, programme, account)
      }
    var written: [GuardDay] = []
    for chunk in statements.paged(by: Self.together) {
      written += try tx.answers(toEach: Array(chunk)).flatMap { $0 }.map(GuardSQL.day)
    }
    // Of a member with several receipts the last row says it all.
    var latest: [GuardSums.Key: GuardDay] = [:]
    for day in written { latest[GuardSums.Key(place: day.place, day: day.day)] = day }
    return latest.values.sorted { GuardSums.comes($0, before: $1) }
  }
}

/// A sale as far as it is counted.
struct GuardSale {
  let place: ReceiptBook.Place
  let programme: ProgrammeID
  let store: StoreID
  let register: String
  let day: CivilDay
  let soldAt: Instant
  let isWhollyBack: Bool
  let amount: Money
  let discount: Money
  let spent: Points
  let earned: Points
  let cashier: String?
  let card: String?
  /// Nil where nobody was named.
  var member: Int64?

  init(_ row: Row) {
    place = ReceiptBook.Place(owner: row.int(0), id: row.id(1))
    (programme, store, register) = (row.id(2), row.id(3), Self.register(row.text(4)))
    (day, soldAt) = (row.day(5), row.instant(6))
    isWhollyBack = [Receipt.State.cancelled, .returned].contains(Receipt.State(rawValue: row.int(7)))
    (amount, discount, spent, earned) = (row.money(8), row.money(9), row.points(10), row.points(11))
    (cashier, card) = (row.textOrNil(12), row.textOrNil(13))
    member = row.int(0) == row.int(3) ? nil : row.int(0)
  }

  /// Of a receipt's key as it is stored.
  static func register(_ key: String) -> String {
    let parts = key.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count > 1 ? String(parts[1]) : ""
  }

  /// The cashier, where one was named, and the till; the card, where one is counted.
  var places: [GuardPlace] {
    (cashier.map { [GuardPlace(.cashier, $0, at: store)] } ?? []) + [till] + (member == nil ? [] : cardPlace.map { [$0] } ?? [])
  }

  var till: GuardPlace { GuardPlace(.register, register, at: store) }
  var cardPlace: GuardPlace? { card.map { GuardPlace(.card, $0) } }

  /// Whom a place saw: members, but of a card the till.
  func partner(of place: GuardPlace) -> Int64? { place.kind == .card ? till.asPartner : member }
}

/// A return as far as it is counted.
struct GuardReturn {
  let document: ReceiptBook.Place
  let programme: ProgrammeID
  let store: StoreID
  let register: String
  let day: CivilDay
  /// Where its receipt lies, unless it was claimed.
  let sale: ReceiptBook.Place?
  let amount: Money
  let givenBack: Points
  let takenBack: Points
  let cashier: String?
  let at: Instant
  let isCancellation: Bool
  /// No later return of the same receipt is stored.
  let isLast: Bool

  init(_ row: Row, _ cancelled: Set<Int64>) throws {
    document = ReceiptBook.Place(owner: row.int(0), id: row.id(1))
    (programme, store, register, day) = (row.id(2), row.id(3), GuardSale.register(row.text(4)), row.day(5))
    sale = row.idOrNil(6, Entity.Receipt.self).map { ReceiptBook.Place(owner: row.int(0), id: $0) }
    (amount, givenBack, takenBack, cashier) = (row.money(7), row.points(8), row.points(9), row.textOrNil(10))
    (at, isCancellation) = (row.instant(11), cancelled.contains(row.int(1)))
    isLast = row.intOrNil(12) == row.int(13)
  }
}
