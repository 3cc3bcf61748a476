import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

/// How far a feed has come.
public struct FeedPosition: Hashable, Sendable {
  /// Which life of the database it was in.
  public let epoch: Int64
  /// The last event that is in it.
  public let position: Int64

  public init(epoch: Int64, position: Int64) { (self.epoch, self.position) = (epoch, position) }
}

/// Reads what the feed tells, page by page, a short transaction each, beside tills at work.
struct FeedReading: Sendable {
  let programme: Programme
  let database: any Database
  let zones: @Sendable (String) -> Zone?
  let now: Instant
  let isStopping: @Sendable () -> Bool
  /// Takes rows as they come.
  let write: @Sendable (FeedBatch) throws -> Void

  /// The feed is asked to stop; what was written goes.
  struct Stopped: Error {}

  func head() async throws -> FeedPosition {
    try await database.read { tx in
      FeedPosition(epoch: try Epochs.current(in: &tx), position: try EventStream.last(in: &tx))
    }
  }

  /// Lists that are short enough to be sent whole each time.
  /// - Returns: what everything is called.
  func catalogue() async throws -> FeedNames {
    let names = try await database.read { [programme] tx in try FeedNames(of: programme, in: &tx) }
    let lists = try await database.read { [programme] tx in try FeedBatch(catalogueOf: programme, names, in: &tx) }
    try put(lists)
    var last: ProductID?
    repeat {
      let after = last
      let page = try await database.read { [programme] tx in
        try FeedPages.products(of: programme.account, after: after, in: &tx)
      }
      var batch = FeedBatch()
      for product in page { batch.add(product.details) }
      try put(batch)
      last = page.last?.id
    } while last != nil
    return names
  }

  /// Everything there is.
  func whole() async throws {
    let names = try await catalogue()
    try await everyMember(names)
    try await everySegment(names)
    try await everySale(names)
    try await everyEntry(names)
  }

  private func everyMember(_ names: FeedNames) async throws {
    var last: MemberID?
    repeat {
      let after = last
      let (batch, end) = try await database.read { [programme, now] tx in
        let members = try programme.members.all(after: after, limit: Limits.bulk, in: &tx)
        return (try FeedBatch(members, of: programme, names, at: now, in: &tx), members.last?.id)
      }
      try put(batch)
      last = end
    } while last != nil
  }

  private func everySegment(_ names: FeedNames) async throws {
    let segments = Segments(of: programme.account)
    for (id, code) in names.segments.sorted(by: { $0.key < $1.key }) {
      var last: MemberID?
      repeat {
        let after = last
        let members = try await database.read { tx in try segments.members(of: id, after: after, limit: Limits.bulk, in: &tx) }
        var batch = FeedBatch()
        for member in members { batch.add(member, in: code, true) }
        try put(batch)
        last = members.last
      } while last != nil
    }
  }

  private func everySale(_ names: FeedNames) async throws {
    let sold = SoldGoods(of: programme.account, programme: programme.id, zones: zones)
    let claims = try await sold.everyClaim(on: database)
    let survivors = try await database.read { tx in try sold.survivors(in: &tx) }
    var (place, books) = (SoldGoods.Place?.none, SoldGoods.Books())
    repeat {
      let (from, known) = (place, books)
      let page = try await database.read { tx in try sold.page(after: from, claims: claims, books: known, in: &tx) }
      (place, books) = (page.next, page.books)
      var batch = FeedBatch()
      batch.add(try sold.documents(page, claims: claims, survivors: survivors), names)
      try put(batch)
    } while place != nil
    var last: Int64? = 0
    while let from = last {
      let page = try await database.read { tx in try sold.returnsWithoutReceipt(after: from, survivors: survivors, in: &tx) }
      var batch = FeedBatch()
      batch.add(page.documents, names)
      try put(batch)
      last = page.next
    }
  }

  private func everyEntry(_ names: FeedNames) async throws {
    let journal = PointsJournal(of: programme)
    var last: Int64?
    repeat {
      let after = last
      let page = try await database.read { tx in try journal.page(after: after, in: &tx) }
      var batch = FeedBatch()
      batch.add(page.lines, names)
      try put(batch)
      last = page.next
    } while last != nil
  }

  func put(_ batch: FeedBatch) throws {
    if isStopping() { throw Stopped() }
    try write(batch)
  }
}

extension FeedBatch {
  /// Stores, categories, promotions, tiers and segments.
  fileprivate init(catalogueOf programme: Programme, _ names: FeedNames, in tx: inout Transaction) throws {
    self.init()
    for store in names.stores.values.sorted(by: { $0.id < $1.id }) { add(store.details) }
    let tree = try Catalogue(of: programme.account).categories(in: &tx)
    for node in tree.nodes.values.sorted(by: { $0.details.code < $1.details.code }) {
      let name = node.details.name.text
      add(.categories, [node.details.code, name.ru, name.en, node.details.parent ?? ""])
    }
    for promotion in names.everyPromotion { add(promotion) }
    for tier in names.everyTier {
      add(.tiers, [tier.details.code, tier.details.name.ru, tier.details.name.en, String(tier.details.rank)])
    }
    for segment in names.everySegment {
      let details = segment.details
      add(.segments, [details.code, details.name.ru, details.name.en, details.kind.rawValue])
    }
  }

  private mutating func add(_ promotion: StoredPromotion) {
    let body = promotion.body
    func name(_ language: String) -> String { if case .string(let text)? = body["name"]?[language] { text } else { "" } }
    add(
      .promotions,
      [promotion.code, name("ru"), name("en"), promotion.status.rawValue, String(promotion.version), body.compact])
  }

  private mutating func add(_ store: StoreDetails) {
    add(
      .stores,
      [
        store.code, store.name, store.brand, store.legalEntity, store.priceZone ?? "", store.address.region ?? "",
        store.address.city ?? "", store.address.street ?? "", store.zone, store.isClosed ? "1" : "0",
        store.format ?? "",
      ])
  }

  fileprivate mutating func add(_ product: ProductDetails) {
    let name = product.name.text
    add(
      .products,
      [
        product.code, name.ru, name.en, product.category ?? "", product.brand ?? "", product.manufacturer ?? "",
        product.unit.rawValue, product.barcodes.map(\.digits).joined(separator: " "), product.isArchived ? "1" : "0",
      ])
  }

  /// At most `Limits.bulk` members as they are now; three statements.
  init(_ members: [Member], of programme: Programme, _ names: FeedNames, at now: Instant, in tx: inout Transaction) throws {
    self.init()
    let ids = members.map(\.id)
    let profiles = try programme.members.profiles(ids, at: now, in: &tx)
    let codes = try programme.identifiers.codes(of: ids, in: &tx)
    for member in members { add(member, profiles[member.id], code: codes[member.id], names) }
  }
}
