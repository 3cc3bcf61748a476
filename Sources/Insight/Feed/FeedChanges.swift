import Customers
import Jobs
import Kernel
import Loyalty
import Storage

extension FeedReading {
  /// Events of one delivery; what is beyond waits for the next.
  static let events = 2_000_000
  /// How much earlier than its event something may have been posted: instances' clocks differ.
  private static let margin = Span.minutes(10)

  /// What has happened since the position: everything that an event is about, as it stands now, once.
  ///
  /// In memory are the ids of what was written, some ten bytes an event.
  /// - Returns: how far it came; nil where events are gone that the feed has not seen, or the database was restored: only a whole
  ///   delivery helps then.
  func changes(after start: FeedPosition) async throws -> FeedPosition? {
    let head = try await head()
    guard head.epoch == start.epoch, head.position >= start.position else { return nil }
    var names = try await catalogue()
    var (position, seen) = (start.position, Seen())
    while position < head.position, position - start.position < Self.events {
      let (known, before, after) = (names, seen, position)
      let page = try await database.read { tx in try self.page(after: after, head, known, before, in: &tx) }
      guard let page else { return nil }
      try put(page.batch)
      (names, seen, position) = (page.names, page.seen, page.position)
    }
    return FeedPosition(epoch: head.epoch, position: position)
  }

  /// What a delivery has told already.
  private struct Seen: Sendable {
    var receipts: Set<Int64> = []
    var members: Set<MemberID> = []
    var memberships: Set<Membership> = []
    var postings: Set<EntryID> = []
    var books = SoldGoods.Books()
  }

  private struct Membership: Hashable, Sendable {
    let member: MemberID
    let segment: SegmentID
  }

  private struct Page {
    var batch = FeedBatch()
    var names: FeedNames
    var seen: Seen
    let position: Int64
  }

  private func page(
    after position: Int64, _ head: FeedPosition, _ names: FeedNames, _ seen: Seen, in tx: inout Transaction
  ) throws -> Page? {
    let found = try EventStream.events(after: position, limit: CubeKeeper.page, in: &tx).filter { $0.position <= head.position }
    guard let first = found.first, let last = found.last, first.position == position + 1 else { return nil }
    let events = found.compactMap { event -> Event? in
      guard event.account == programme.account, let kind = event.kind else { return nil }
      return Event(kind, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body)
    }
    var page = Page(names: names, seen: seen, position: last.position)
    try addSales(events, to: &page, in: &tx)
    try addMembers(events, to: &page, in: &tx)
    try addPoints(events, to: &page, in: &tx)
    return page
  }

  private func addSales(_ events: [Event], to page: inout Page, in tx: inout Transaction) throws {
    let sold = SoldGoods(of: programme.account, programme: programme.id, zones: zones)
    let touched = try sold.touched(by: events, books: &page.seen.books, in: &tx)
    let fresh = touched.filter { page.seen.receipts.insert($0.id).inserted }
    try page.names.learn(fresh.flatMap(\.documents), in: &tx)
    for receipt in fresh {
      page.batch.add(receipt.documents, page.names)
      let counting = Set(receipt.documents.map(\.id))
      for mark in receipt.marks where !counting.contains(mark.id) { page.batch.cancel(mark, of: receipt, page.names) }
    }
  }

  private func addMembers(_ events: [Event], to page: inout Page, in tx: inout Transaction) throws {
    var asked: Set<MemberID> = []
    var memberships: [Membership] = []
    for event in events {
      asked.insert(MemberID(event.owner))
      if event.kind == .memberMerged || event.kind == .memberUnmerged { asked.insert(MemberID(event.subject)) }
      guard event.kind == .segmentEntered || event.kind == .segmentLeft else { continue }
      let membership = Membership(member: MemberID(event.owner), segment: SegmentID(event.subject))
      if page.seen.memberships.insert(membership).inserted { memberships.append(membership) }
    }
    let fresh = asked.filter { !page.seen.members.contains($0) }
    page.seen.members.formUnion(fresh)
    let members = try every(fresh.sorted()) { some in try programme.members.members(some, in: &tx).values.sorted { $0.id < $1.id } }
    for start in stride(from: 0, to: members.count, by: Limits.bulk) {
      let some = Array(members[start..<min(start + Limits.bulk, members.count)])
      page.batch.add(try FeedBatch(some, of: programme, page.names, at: now, in: &tx))
    }
    let profiles = try every(Set(memberships.map(\.member)).sorted()) { some in
      try Array(programme.members.profiles(some, at: now, in: &tx).values)
    }
    let segments = Dictionary(profiles.map { ($0.member.id, Set($0.segments)) }, uniquingKeysWith: { first, _ in first })
    for membership in memberships {
      guard let code = page.names.segments[membership.segment], let own = segments[membership.member] else { continue }
      page.batch.add(membership.member, in: code, own.contains(membership.segment))
    }
  }

  /// What was posted to everybody whom an event is about, from its moment on: there is no entry without an event.
  private func addPoints(_ events: [Event], to page: inout Page, in tx: inout Transaction) throws {
    var moments: [Int64: Instant] = [:]
    for event in events {
      let isMerge = event.kind == .memberMerged || event.kind == .memberUnmerged
      for owner in isMerge ? [event.owner, event.subject] : [event.owner] {
        moments[owner] = min(moments[owner] ?? event.at, event.at - Self.margin)
      }
    }
    let asked = moments.sorted { $0.key < $1.key }.map { (owner: $0.key, moment: $0.value) }
    let journal = PointsJournal(of: programme)
    for start in stride(from: 0, to: asked.count, by: 100) {
      let lines = try journal.lines(since: Array(asked[start..<min(start + 100, asked.count)]), in: &tx)
      let fresh = lines.filter { !page.seen.postings.contains($0.posting) }
      page.seen.postings.formUnion(fresh.map(\.posting))
      page.batch.add(fresh, page.names)
    }
  }

  /// Asks for `Limits.bulk` members at a time.
  private func every<Item>(_ members: [MemberID], _ page: ([MemberID]) throws -> [Item]) rethrows -> [Item] {
    var all: [Item] = []
    for start in stride(from: 0, to: members.count, by: Limits.bulk) {
      all += try page(Array(members[start..<min(start + Limits.bulk, members.count)]))
    }
    return all
  }
}
