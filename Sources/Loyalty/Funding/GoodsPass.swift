import Jobs
import Kernel
import Storage

/// One reading of a programme's documents for the goods of its acts.
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
    case mending([Mending])
    case over
  }

  let audit: SettlementAudit
  let since: Instant
  /// Later days are the follower's alone.
  let through: CivilDay
  /// How far the follower had read when it began.
  let begun: Int64
  var checkpoint: Int64?
  /// Rows that the next pass has to look at.
  private(set) var left = 0
  private var read: Int64 = 0
  private var goods: [SettlementSums.GoodsPlace: GoodsDay] = [:]
  private var touched: Set<SettlementSums.GoodsPlace> = []
  private var stage = Stage.sales(owner: Int64.min, ReceiptID(0))

  init(audit: SettlementAudit, since: Instant, through: CivilDay, begun: Int64) {
    (self.audit, self.since, self.through, self.begun) = (audit, since, through, begun)
  }

  var name: String { "\(audit.account) \(audit.programme)" }

  var isOver: Bool { if case .over = stage { true } else { false } }

  func state(again: Instant? = nil) -> JSON {
    .object(["read": .int(read), "through": .int(Int64(through.number)), "again": again.map { .int($0.micros) }])
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
    case .mending(let all): try await mend(all, on: database)
    case .over: break
    }
  }

  private mutating func fold(_ page: SettlementSums, _ count: Int) {
    read += Int64(count)
    for (place, day) in page.goods where place.gift.day <= through { goods[place, default: GoodsDay()] += day }
  }

  /// Everything that a snapshot shows of the time since the pass began is left out; the rest of that snapshot is what it was then.
  private mutating func compare(after position: Int64, on database: any Database) async throws {
    let (audit, since) = (audit, since)
    let seen = try await database.read { tx -> (touched: Set<SettlementSums.GoodsPlace>, last: Int64?, kept: Kept) in
      let days = SettlementDays(of: audit.account, books: audit.books)
      let numbered = try EventStream.last(in: &tx)
      let last = min(numbered, position + Int64(Limits.bulk))
      var events = try EventStream.events(of: audit.account, after: position, through: last, limit: Limits.bulk, in: &tx)
        .compactMap { event in
          event.kind.map { Event($0, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body) }
        }
      guard last == numbered else { return (Set(try days.sums(of: events, since: since, in: &tx).goods.keys), last, [:]) }
      if tx.dialect == .postgres {
        // What was committed and has no position yet. Where it is too much the relay is behind: wait for it.
        let waiting = try Outbox(of: audit.account).events(after: nil, limit: Limits.bulk, in: &tx)
        guard waiting.count < Limits.bulk else { return ([], position, [:]) }
        events += waiting
      }
      return (Set(try days.sums(of: events, since: since, in: &tx).goods.keys), nil, try audit.goods(in: &tx))
    }
    touched.formUnion(seen.touched)
    if let last = seen.last { stage = .stream(last) } else { stage = .mending(differences(from: seen.kept)) }
  }

  private typealias Kept = [SettlementSums.GoodsPlace: GoodsDay]

  private mutating func differences(from kept: Kept) -> [Mending] {
    var mendings: [Mending] = []
    for place in Set(kept.keys).union(goods.keys).sorted() where place.gift.day <= through {
      guard !touched.contains(place) else {
        left += 1
        continue
      }
      let (from, to) = (kept[place], goods[place].flatMap { $0 == GoodsDay() ? nil : $0 })
      if (from ?? GoodsDay()) != (to ?? GoodsDay()) { mendings.append(Mending(place: place, from: from, to: to)) }
    }
    goods = [:]
    return mendings
  }

  /// The next of them, each only where the row still is as it was read.
  private mutating func mend(_ all: [Mending], on database: any Database) async throws {
    let (some, account) = (all.prefix(SettlementRebuild.page), audit.account)
    let done = try await database.write(.bulk) { tx in
      try some.reduce(0) { count, mending in
        let statement =
          switch (mending.from, mending.to) {
          case (nil, let to?): GoodsSQL.insert(to, mending.place, account)
          case (let from?, let to?): GoodsSQL.update(to, from: from, mending.place, account)
          case (let from?, nil): GoodsSQL.remove(from, mending.place, account)
          case (nil, nil): preconditionFailure("a difference has two sides")
          }
        return count + Int(try tx.run(statement))
      }
    }
    left += some.count - done
    let rest = Array(all.dropFirst(some.count))
    stage = rest.isEmpty ? .over : .mending(rest)
  }
}
