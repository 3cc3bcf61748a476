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
    let names = try await catalogue()
    var (position, seen) = (start.position, Seen())
    while position < head.position, position - start.position < Self.events {
      guard let page = try await page(after: position, head, names, seen) else { return nil }
      try put(page.batch)
      seen.add(page.told)
      position = page.position
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

    mutating func add(_ other: Seen) {
      receipts.formUnion(other.receipts)
      members.formUnion(other.members)
      memberships.formUnion(other.memberships)
      postings.formUnion(other.postings)
      books = other.books
    }
  }

  private struct Membership: Hashable, Sendable {
    let member: MemberID
    let segment: SegmentID
  }

  private struct Page: Sendable {
    var batch = FeedBatch()
    /// By this page alone: what all told grows with the delivery, and is only read while a page is.
    var told = Seen()
    let position: Int64
  }

  /// The next thousand events, in a transaction of their own, which may be run more than once.
  private func page(
    after position: Int64, _ head: FeedPosition, _ names: FeedNames, _ seen: Seen
  ) async throws -> Page? {
    try await database.read { tx in
      let found = try EventStream.events(after: position, limit: CubeKeeper.page, in: &tx).filter { $0.position <= head.position }
      guard let first = found.first, let last = found.last, first.position == position + 1 else { return nil }
      let events = found.compactMap { event -> Event? in
        guard event.account == programme.account, let kind = event.kind else { return nil }
        return Event(kind, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body)
      }
      var page = Page(position: last.position)
      page.told.books = seen.books
      try addSales(events, names, seen, to: &page, in: &tx)
      try addMembers(events, names, seen, to: &page, in: &tx)
      try addPoints(events, names, seen, to: &page, in: &tx)
      return page
    }
  }

  private func addSales(
    _ events: [Event], _ names: FeedNames, _ seen: Seen, to page: inout Page, in tx: inout Transaction
  ) throws {
    let sold = SoldGoods(of: programme.account, programme: programme.id, zones: zones)
    let touched = try sold.touched(by: events, books: &page.told.books, in: &tx)
    for receipt in touched where !seen.receipts.contains(receipt.id) && page.told.receipts.insert(receipt.id).inserted {
      page.batch.add(receipt.documents, names)
      let counting = Set(receipt.documents.map(\.id))
      for mark in receipt.marks where !counting.contains(mark.id) { page.batch.cancel(mark, of: receipt, names) }
    }
  }

  private func addMembers(
    _ events: [Event], _ names: FeedNames, _ seen: Seen, to page: inout Page, in tx: inout Transaction
  ) throws {
    var asked: Set<MemberID> = []
    var memberships: [Membership] = []
    for event in events {
      asked.insert(MemberID(event.owner))
      if event.kind == .memberMerged || event.kind == .memberUnmerged { asked.insert(MemberID(event.subject)) }
      guard event.kind == .segmentEntered || event.kind == .segmentLeft else { continue }
      let membership = Membership(member: MemberID(event.owner), segment: SegmentID(event.subject))
      guard !seen.memberships.contains(membership) else { continue }
      if page.told.memberships.insert(membership).inserted { memberships.append(membership) }
    }
    let fresh = asked.filter { !seen.members.contains($0) }
    page.told.members = fresh
    let members = try every(fresh.sorted()) { some in try programme.members.members(some, in: &tx).values.sorted { $0.id < $1.id } }
    for start in stride(from: 0, to: members.count, by: Limits.bulk) {
      let some = Array(members[start..<min(start + Limits.bulk, members.count)])
      page.batch.add(try FeedBatch(some, of: programme, names, at: now, in: &tx))
    }
    let profiles = try every(Set(memberships.map(\.member)).sorted()) { some in
      try Array(programme.members.profiles(some, at: now, in: &tx).values)
    }
    let segments = Dictionary(profiles.map { ($0.member.id, Set($0.segments)) }, uniquingKeysWith: { first, _ in first })
    for membership in memberships {
      guard let code = names.segments[membership.segment], let own = segments[membership.member] else { continue }
      page.batch.add(membership.member, in: code, own.contains(membership.segment))
    }
  }

  /// What was posted to everybody whom an event is about, from its moment on: there is no entry without an event.
  private func addPoints(
    _ events: [Event], _ names: FeedNames, _ seen: Seen, to page: inout Page, in tx: inout Transaction
  ) throws {
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
      let fresh = lines.filter { !seen.postings.contains($0.posting) }
      page.told.postings.formUnion(fresh.map(\.posting))
      page.batch.add(fresh, names)
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
