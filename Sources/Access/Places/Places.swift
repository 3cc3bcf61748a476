import Kernel
import Storage

/// Where an account sells and under whose name: legal entities, brands, price zones and stores.
///
/// Rows are found by their codes: what is new is made, what differs is changed, what is the same is left alone. Writes take at most
/// `Limits.bulk` rows, one reading statement and one writing statement for each row that is new or differs.
public struct Places: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  public func save(_ rows: [LegalEntityDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.LegalEntity> {
    try check(rows, "the legal entities")
    try takeStructure(of: account, in: &tx)
    return try LegalEntitySQL.upsert(account).save(rows, known: legalEntities(in: &tx), in: account, by: change, in: &tx)
  }

  public func save(_ rows: [BrandDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Brand> {
    try check(rows, "the brands")
    try takeStructure(of: account, in: &tx)
    return try BrandSQL.upsert(account).save(rows, known: brands(in: &tx), in: account, by: change, in: &tx)
  }

  public func save(_ rows: [PriceZoneDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.PriceZone> {
    try check(rows, "the price zones")
    try takeStructure(of: account, in: &tx)
    return try PriceZoneSQL.upsert(account).save(rows, known: priceZones(in: &tx), in: account, by: change, in: &tx)
  }

  /// Brands, legal entities and price zones that stores name must be there.
  public func save(_ rows: [StoreDetails], by change: Change, in tx: inout Transaction) throws -> Saved<Entity.Store> {
    try check(rows, "the stores")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let surroundings = Surroundings(
      brands: try brands(in: &tx), entities: try legalEntities(in: &tx), zones: try priceZones(in: &tx))
    try surroundings.check(rows)
    let known = try tx.rows(StoreSQL.byCodes(account, rows.map(\.code))).map(StoreSQL.store)
    return try StoreSQL.upsert(account, surroundings).save(
      rows, known: Dictionary(uniqueKeysWithValues: known.map { ($0.details.code, Known(id: $0.id, details: $0.details)) }),
      in: account,
      by: change, in: &tx)
  }

  /// By code.
  public func legalEntities(in tx: inout Transaction) throws -> [String: Known<LegalEntityDetails>] {
    byCode(try tx.rows(LegalEntitySQL.all(account)).map(LegalEntitySQL.known))
  }

  /// By code.
  public func brands(in tx: inout Transaction) throws -> [String: Known<BrandDetails>] {
    byCode(try tx.rows(BrandSQL.all(account)).map(BrandSQL.known))
  }

  /// By code.
  public func priceZones(in tx: inout Transaction) throws -> [String: Known<PriceZoneDetails>] {
    byCode(try tx.rows(PriceZoneSQL.all(account)).map(PriceZoneSQL.known))
  }

  /// - Throws: `Problem.notFound`, for another account's store too.
  public func store(_ id: StoreID, in tx: inout Transaction) throws -> Store {
    guard let row = try tx.row(StoreSQL.byID(account, id)) else {
      throw Problem(.notFound, "store_unknown", "there is no store \(id)")
    }
    return try StoreSQL.store(row)
  }

  /// The stores with these codes; what is not there is missing from the answer. At most `Limits.bulk` codes.
  public func stores(codes: [String], in tx: inout Transaction) throws -> [String: Store] {
    guard !codes.isEmpty else { return [:] }
    let found = try tx.rows(StoreSQL.byCodes(account, Array(codes.prefix(Limits.bulk)))).map(StoreSQL.store)
    return Dictionary(uniqueKeysWithValues: found.map { ($0.details.code, $0) })
  }

  /// All stores, page by page, by id.
  public func stores(after: StoreID? = nil, limit: Int, in tx: inout Transaction) throws -> [Store] {
    try tx.rows(StoreSQL.all(account, after, page(limit))).map(StoreSQL.store)
  }

  /// All stores, page by page, by code.
  public func stores(afterCode code: String?, limit: Int, in tx: inout Transaction) throws -> [Store] {
    try tx.rows(StoreSQL.byCode(account, code ?? "", page(limit))).map(StoreSQL.store)
  }

  /// At most `Limits.page` of these stores, by code; what is not there is missing.
  public func stores(ids: [StoreID], in tx: inout Transaction) throws -> [Store] {
    guard !ids.isEmpty else { return [] }
    return try tx.rows(StoreSQL.byIDs(account, Array(ids.prefix(Limits.page)))).map(StoreSQL.store)
      .sorted { $0.details.code < $1.details.code }
  }

  /// All of them, in the order of their ids. A statement for each `Limits.page`.
  public func everyStore(in tx: inout Transaction) throws -> [Store] {
    var all: [Store] = []
    while true {
      let next = try stores(after: all.last?.id, limit: Limits.page, in: &tx)
      all += next
      if next.count < Limits.page { return all }
    }
  }

  /// Stores whose code, name or address holds the text, by code; ё is е, and capitals do not matter. Databases fold letters in different
  /// ways, so the names of the account's stores are looked through here: some ten milliseconds for ten thousand stores.
  public func stores(holding text: String, afterCode code: String? = nil, limit: Int, in tx: inout Transaction) throws -> [Store] {
    let asked = folded(text)
    let most = page(limit)
    var found: [StoreID] = []
    try tx.each(StoreSQL.names(account, code ?? "")) { row in
      guard found.count < most else { return }
      let texts = [row.text(1), row.text(2)] + (3...5).compactMap { row.textOrNil($0) }
      if texts.contains(where: { folded($0).contains(asked) }) { found.append(row.id(0)) }
    }
    return try stores(ids: found, in: &tx)
  }

  /// Of these legal entities, in the order of their ids. One statement.
  public func storeIDs(of entities: [LegalEntityID], in tx: inout Transaction) throws -> [StoreID] {
    guard !entities.isEmpty else { return [] }
    return try tx.rows(StoreSQL.ofEntities(account, Array(entities.prefix(Limits.page)))).map { $0.id(0) }
  }

  private func byCode<F: Coded>(_ known: [Known<F>]) -> [String: Known<F>] {
    Dictionary(uniqueKeysWithValues: known.map { ($0.details.code, $0) })
  }
}

/// What stores may name.
struct Surroundings {
  let brands: [String: Known<BrandDetails>]
  let entities: [String: Known<LegalEntityDetails>]
  let zones: [String: Known<PriceZoneDetails>]

  func check(_ rows: [StoreDetails]) throws(Problem) {
    let issues = IssueList()
    for (index, row) in rows.enumerated() {
      if brands[row.brand] == nil { missing(row.brand, "brand", index, issues) }
      if entities[row.legalEntity] == nil { missing(row.legalEntity, "legalEntity", index, issues) }
      if let zone = row.priceZone, zones[zone] == nil { missing(zone, "priceZone", index, issues) }
    }
    try issues.check("the stores")
  }

  private func missing(_ code: String, _ member: String, _ index: Int, _ issues: IssueList) {
    issues.add("/\(index)/\(member)", "unknown_code", "there is no \(member) with the code \"\(code)\"; make it first")
  }
}
