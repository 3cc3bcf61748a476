import Access
import Kernel
import Storage

/// Every statement about dated figures.
enum FigureSQL {
  static func products(_ account: AccountID, _ codes: [String], in tx: inout Transaction) throws -> [String: ProductID] {
    var found: [String: ProductID] = [:]
    let sql: SQL = "select code, id from product where account_id = \(account) and code in (\(list: padded(codes)))"
    try tx.each(sql) { found[$0.text(0)] = $0.id(1) }
    return found
  }

  static func known(
    _ account: AccountID, _ products: [String: ProductID], _ zones: [String: PriceZoneID], in tx: inout Transaction
  ) throws -> [Figure.Place: Int64] {
    guard !products.isEmpty else { return [:] }
    let codes = Dictionary(uniqueKeysWithValues: products.map { ($1, $0) })
    let zoneCodes = Dictionary(uniqueKeysWithValues: zones.map { ($1, $0) })
    var found: [Figure.Place: Int64] = [:]
    let sql: SQL = """
      select product_id, zone_id, kind, since, value from product_figure
      where account_id = \(account) and product_id in (\(list: padded(products.values.sorted())))
      """
    for row in try tx.rows(sql) {
      guard let product = codes[row.id(0)] else { continue }
      let zone = row.int(1) == 0 ? nil : zoneCodes[row.id(1)]
      // Figures of zones that this write does not name are no concern of it.
      if row.int(1) != 0, zone == nil { continue }
      found[Figure.Place(product: product, zone: zone, kind: try kind(row.text(2)), since: row.day(3))] = row.int(4)
    }
    return found
  }

  static let inserted = ["account_id", "product_id", "zone_id", "kind", "since", "value", "version"]

  static func values(_ account: AccountID, _ product: ProductID, _ zone: PriceZoneID?, _ figure: Figure, _ version: Int64)
    -> [Value]
  {
    [
      account.value, product.value, (zone ?? PriceZoneID(0)).value, figure.place.kind.rawValue.value, figure.place.since.value,
      figure.value.value, version.value,
    ]
  }

  static func update(_ account: AccountID, _ product: ProductID, _ zone: PriceZoneID?, _ figure: Figure, _ version: Int64) -> SQL {
    SQL(
      prepared: """
        update product_figure set value = $6, version = $7
        where account_id = $1 and product_id = $2 and zone_id = $3 and kind = $4 and since = $5
        """,
      values(account, product, zone, figure, version))
  }

  static func inForce(_ account: AccountID, _ products: [ProductID], _ zone: PriceZoneID?, _ day: CivilDay) -> SQL {
    """
    select product_id, kind, value from product_figure
    where account_id = \(account) and product_id in (\(list: padded(products))) and zone_id in (0, \(zone ?? PriceZoneID(0)))
      and since <= \(day)
    order by zone_id, since
    """
  }

  /// In the order in which a later one takes the place of an earlier one.
  static func costs(_ account: AccountID, _ products: [ProductID]) -> SQL {
    """
    select product_id, zone_id, since, value from product_figure
    where account_id = \(account) and product_id in (\(list: padded(products))) and kind = \(Figure.Kind.cost.rawValue)
    order by product_id, zone_id, since
    """
  }

  /// Costs that came or changed behind a version of the account: of each product from which day on.
  static func costsChanged(_ account: AccountID, since version: Int64) -> SQL {
    """
    select product_id, min(since) from product_figure
    where account_id = \(account) and version > \(version) and kind = \(Figure.Kind.cost.rawValue)
    group by product_id
    """
  }

  /// The latest first.
  static func dated(_ account: AccountID, _ product: ProductID, _ limit: Int) -> SQL {
    """
    select kind, zone_id, since, value from product_figure where account_id = \(account) and product_id = \(product)
    order by since desc, kind, zone_id limit \(limit)
    """
  }

  static func kind(_ text: String) throws -> Figure.Kind {
    guard let kind = Figure.Kind(rawValue: text) else { throw StorageFailure.damaged("product_figure.kind holds \(text)") }
    return kind
  }
}
