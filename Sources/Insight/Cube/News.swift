import Access
import Cube
import Jobs
import Kernel
import Loyalty
import Storage

/// The catalogue and the stores as of one version, for what codes mean and for taking receipts in.
struct Backdrop: Sendable {
  let version: Int64
  let catalogue: CatalogueIndex
  let stores: [Store]

  /// The same where nothing changed.
  init(of account: AccountID, _ known: Backdrop?, in tx: inout Transaction) throws {
    let version = try structureVersion(of: account, in: &tx)
    if let known, known.version == version {
      self = known
      return
    }
    self.version = version
    catalogue = try (known?.catalogue ?? CatalogueIndex(of: account)).refreshed(in: &tx)
    stores = try Places(of: account).everyStore(in: &tx)
  }
}

/// What happened behind a position.
struct News: Sendable {
  let touched: [SoldGoods.Touched]
  let backdrop: Backdrop
  let books: SoldGoods.Books
  let costs: CostBook
  /// How many receipts of before were taken in.
  let past: Int64
  /// Costs that are others since the last look.
  let costNews: CostNews
  let zones: @Sendable (String) -> Zone?
  let zone: Zone
  let events: Int
  /// Members about whom something else is so.
  let people: Set<Int64>
  /// Whose points may be others.
  let wallets: Set<Int64>
  /// Whose coupons, offers or consents may be others: whatever changes a member or a wallet may change those.
  let holders: Set<Int64>
  let position: Int64
  /// Events are missing that retention removed: only the database knows.
  let isTorn: Bool

  init(
    after position: Int64, of scope: CubeScope, _ opened: Opened, _ zones: @escaping @Sendable (String) -> Zone?,
    in tx: inout Transaction
  ) throws {
    let page = try EventStream.events(after: position, limit: CubeKeeper.page, in: &tx)
    if let first = page.first {
      isTorn = first.position > position + 1
    } else {
      isTorn = try EventStream.last(in: &tx) > position
    }
    events = page.count
    self.position = page.last?.position ?? position
    let own = page.compactMap { event -> Event? in
      guard event.account == scope.account, let kind = event.kind else { return nil }
      return Event(kind, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body)
    }
    let merges = own.filter { $0.kind == .memberMerged || $0.kind == .memberUnmerged }
    people = Set(own.filter { Self.concernsPeople($0.kind) }.map(\.owner)).union(merges.map(\.subject))
    wallets = Set(own.filter { Self.movesPoints($0.kind) }.map(\.owner)).union(merges.map(\.subject))
    holders = Set(own.filter { Self.changesRights($0.kind) }.map(\.owner)).union(people).union(wallets)
    var books = opened.books
    touched = try SoldGoods(of: scope.account, programme: scope.programme, zones: zones).touched(by: own, books: &books, in: &tx)
    self.books = books
    past = try SoldGoods(of: scope.account, programme: scope.programme, zones: zones).past(in: &tx)
    backdrop = try Backdrop(of: scope.account, opened.backdrop, in: &tx)
    costNews =
      backdrop.version == opened.costed
      ? CostNews()
      : try CostNews(
        of: scope.account, since: opened.costed, zones: opened.zones, backdrop.stores, in: &tx)
    var costs = CostBook(of: scope.account)
    try costs.learn(
      Set(touched.flatMap(\.documents).flatMap(\.lines).compactMap(\.product)).union(
        costNews.isEmpty ? [] : costNews.asked(of: opened.lateProducts)), in: &tx)
    (self.costs, self.zones, zone) = (costs, zones, scope.zone)
  }
}

extension News {
  private static func concernsPeople(_ kind: Event.Kind) -> Bool {
    switch kind {
    case .tierGranted, .tierWithdrawn, .subscriptionStarted, .subscriptionRenewed, .subscriptionEnded, .subscriptionCancelled,
      .subscriptionEnding, .subscriptionChanged, .segmentEntered, .segmentLeft, .memberJoined, .memberChanged, .memberBlocked,
      .memberUnblocked, .memberErased, .householdJoined, .householdLeft, .identifierAttached, .identifierDetached:
      true
    default: kind.word.hasPrefix("member.consent") || kind.word.hasPrefix("member.merged") || kind.word.hasPrefix("member.unmerged")
    }
  }
}
