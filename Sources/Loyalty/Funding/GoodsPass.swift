import Jobs
import Kernel
import Storage

/// One reading of a programme's documents for the goods of its acts.
///
/// Sums lie in memory by promotion, rule book, day and product: some 140 bytes of a dictionary for each, and as much again while they are compared
/// and mended. A chain of 500,000 products has millions of them in a year, so a pass that would hold more than `Limits.goodsHeld` keeps its first
/// days only, and the next pass reads the documents again for those behind: 60 MB at the most, unless a single day has more.
struct GoodsPass: Sendable {
  private struct Mending: Sendable {
    let place: SettlementSums.GoodsPlace
    let from: GoodsDay?
    let to: GoodsDay?
  }

  private enum Stage: Sendable {
    case sales(owner: Int64, ReceiptID)
    case claims(owner: Int64, ReceiptID)
    case returns(ReturnID)
    /// What happened meanwhile, so far read to this position.
    case stream(Int64)
    case mending([Mending], done: Int)
    case over
  }

  let audit: SettlementAudit
  let since: Instant
  /// Days before it are done.
  let from: CivilDay
  /// Later days are the follower's alone.
  let through: CivilDay
  /// The last day of this pass.
  private(set) var end: CivilDay
  /// The first day on which some pass left a row to a later one.
  private(set) var leftOn: CivilDay?
  /// Rows that it holds.
  private let most: Int
  /// How far the follower had read when it began.
  let begun: Int64
  var checkpoint: Int64?
  private var read: Int64 = 0
  private var goods: [SettlementSums.GoodsPlace: GoodsDay] = [:]
  private var touched: Set<SettlementSums.GoodsPlace> = []
  private var stage = Stage.sales(owner: Int64.min, ReceiptID(0))

  init(audit: SettlementAudit, since: Instant, _ days: GoodsDays, begun: Int64, holding most: Int) {
    (self.audit, self.since, self.begun, self.most) = (audit, since, begun, most)
    (from, through, end, leftOn) = (days.from, days.through, days.through, days.leftOn)
  }

  var name: String { "\(audit.account) \(audit.programme)" }

  var isOver: Bool { if case .over = stage { true } else { false } }

  /// Nothing is left to another pass.
  var isLast: Bool { isOver && end >= through && leftOn == nil }

  /// - Parameter pause: when a pass goes back to what was left. Behind a part of the days the next pass begins at once.
  func state(pause: Instant) -> JSON {
    var days = GoodsDays(from: from, through: through, leftOn: leftOn)
    var again: Instant?
    if isOver, end < through {
      days.from = end.adding(days: 1)
    } else if isOver, let leftOn {
      (days.from, days.leftOn, again) = (leftOn, nil, pause)
    }
    return .object([
      "read": .int(read), "through": .int(Int64(through.number)), "from": .int(Int64(days.from.number)),
      "left": days.leftOn.map { .int(Int64($0.number)) }, "again": again.map { .int($0.micros) },
    ])
  }

  /// Takes the next page in. Where it throws, the pass is as it was: the same page can be tried again.
  mutating func advance(on database: any Database) async throws {
    let (audit, since) = (audit, since)
    switch stage {
    case .sales(let owner, let id):
      let (page, count, last) = try await database.read { tx in try audit.sales(after: owner, id, since, Limits.page, in: &tx) }
      fold(page, count)
      stage = .claims(owner: Int64.min, ReceiptID(0))
      if count == Limits.page, let last { stage = .sales(owner: last.owner, last.id) }
    case .claims(let owner, let id):
      let (page, count, last) = try await database.read { tx in try audit.claims(after: owner, id, since, in: &tx) }
      fold(page, 0)
      stage = .returns(ReturnID(0))
      if count == Limits.page, let last { stage = .claims(owner: last.owner, last.id) }
    case .returns(let id):
      let (page, count, last) = try await database.read { tx in try audit.returns(after: id, since, in: &tx) }
      fold(page, count)
      stage = .stream(begun)
      if count == Limits.page, let last { stage = .returns(last) }
    case .stream(let position): try await compare(after: position, on: database)
    case .mending(let all, let done): try await mend(all, after: done, on: database)
    case .over: break
    }
  }

  private mutating func fold(_ page: SettlementSums, _ count: Int) {
    read += Int64(count)
    for (place, day) in page.goods where isMine(place) { goods[place, default: GoodsDay()] += day }
    if goods.count > most { leaveLaterDays() }
  }

  private func isMine(_ place: SettlementSums.GoodsPlace) -> Bool { place.gift.day >= from && place.gift.day <= end }

  /// Lets go of the later half; of a single day nothing.
  private mutating func leaveLaterDays() {
    var rows: [CivilDay: Int] = [:]
    for place in goods.keys { rows[place.gift.day, default: 0] += 1 }
    let days = rows.keys.sorted()
    guard days.count > 1 else { return }
    var (last, kept) = (days[0], rows[days[0]] ?? 0)
    for day in days.dropFirst().dropLast() {
      kept += rows[day] ?? 0
      guard kept <= most / 2 else { break }
      last = day
    }
    end = last
    goods = goods.filter { $0.key.gift.day <= last }
  }

  /// Everything that a snapshot shows of the time since the pass began is left out; the rest of that snapshot is what it was then.
  private mutating func compare(after position: Int64, on database: any Database) async throws {
    let (audit, since, days) = (audit, since, from...end)
    let seen = try await database.read { tx -> (touched: Set<SettlementSums.GoodsPlace>, last: Int64?, kept: Kept) in
      let follower = SettlementDays(of: audit.account, books: audit.books)
      let numbered = try EventStream.last(in: &tx)
      let last = min(numbered, position + Int64(Limits.bulk))
      var events = try EventStream.events(of: audit.account, after: position, through: last, limit: Limits.bulk, in: &tx)
        .compactMap { event in
          event.kind.map { Event($0, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body) }
        }
      guard last == numbered else { return (Set(try follower.sums(of: events, since: since, in: &tx).goods.keys), last, []) }
      if tx.dialect == .postgres {
        // What was committed and has no position yet. Where it is too much the relay is behind: wait for it.
        let waiting = try Outbox(of: audit.account).events(after: nil, limit: Limits.bulk, in: &tx)
        guard waiting.count < Limits.bulk else { return ([], position, []) }
        events += waiting
      }
      return (Set(try follower.sums(of: events, since: since, in: &tx).goods.keys), nil, try audit.goods(on: days, in: &tx))
    }
    touched.formUnion(seen.touched.filter { days.contains($0.gift.day) })
    if let last = seen.last { stage = .stream(last) } else { stage = .mending(differences(from: seen.kept), done: 0) }
  }

  private typealias Kept = [(place: SettlementSums.GoodsPlace, day: GoodsDay)]

  private mutating func differences(from kept: Kept) -> [Mending] {
    var mendings: [Mending] = []
    func note(_ place: SettlementSums.GoodsPlace, _ from: GoodsDay?, _ to: GoodsDay?) {
      guard (from ?? GoodsDay()) != (to ?? GoodsDay()) else { return }
      mendings.append(Mending(place: place, from: from, to: to.flatMap { $0 == GoodsDay() ? nil : $0 }))
    }
    for (place, day) in kept {
      let counted = goods.removeValue(forKey: place)
      if touched.contains(place) { leave(place) } else { note(place, day, counted) }
    }
    for (place, day) in goods { if touched.contains(place) { leave(place) } else { note(place, nil, day) } }
    goods = [:]
    return mendings.sorted { $0.place < $1.place }
  }

  private mutating func leave(_ place: SettlementSums.GoodsPlace) { leftOn = min(leftOn ?? place.gift.day, place.gift.day) }

  /// The next of them, each only where the row still is as it was read.
  private mutating func mend(_ all: [Mending], after done: Int, on database: any Database) async throws {
    let (some, account) = (all[done...].prefix(SettlementRebuild.page), audit.account)
    let missed = try await database.write(.bulk) { tx in
      try some.filter { mending in
        let statement =
          switch (mending.from, mending.to) {
          case (nil, let to?): GoodsSQL.insert(to, mending.place, account)
          case (let from?, let to?): GoodsSQL.update(to, from: from, mending.place, account)
          case (let from?, nil): GoodsSQL.remove(from, mending.place, account)
          case (nil, nil): preconditionFailure("a difference has two sides")
          }
        return try tx.run(statement) == 0
      }
    }
    for mending in missed { leave(mending.place) }
    stage = some.endIndex == all.endIndex ? .over : .mending(all, done: some.endIndex)
  }
}

/// Which days the passes of a programme still have to see to.
struct GoodsDays: Sendable {
  var from = CivilDay(number: 0)
  var through: CivilDay
  var leftOn: CivilDay?

  init(from: CivilDay = CivilDay(number: 0), through: CivilDay, leftOn: CivilDay? = nil) {
    (self.from, self.through, self.leftOn) = (from, through, leftOn)
  }

  /// As a checkpoint has them; what it does not have is all of them. - Parameter last: where nothing is known yet.
  init(_ state: JSON?, through last: CivilDay) {
    func day(_ name: String) -> CivilDay? {
      if case .int(let number)? = state?[name] { CivilDay(number: Int32(clamping: number)) } else { nil }
    }
    self.init(from: day("from") ?? CivilDay(number: 0), through: day("through") ?? last, leftOn: day("left"))
  }
}
