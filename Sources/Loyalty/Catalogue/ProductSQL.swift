import Access
import Conditions
import Kernel
import Storage

enum ProductSQL {
  static let inserted = [
    "id", "account_id", "code", "category_id", "brand_id", "manufacturer_id", "version", "name_ru", "name_en", "unit", "attributes",
    "flags", "min_price", "max_price", "min_age", "is_archived",
  ]

  /// - Parameter resolved: category, brand, manufacturer, version.
  static func values(_ id: ProductID, _ account: AccountID, _ details: ProductDetails, _ resolved: [Value]) -> [Value] {
    [id.value, account.value, details.code.value] + resolved + binds(details)
  }

  static func update(_ id: ProductID, _ account: AccountID, _ details: ProductDetails, _ resolved: [Value]) -> SQL {
    SQL(
      prepared: """
        update product set category_id = cast($4 as bigint), brand_id = cast($5 as bigint), manufacturer_id = cast($6 as bigint),
          version = $7, name_ru = cast($8 as text), name_en = cast($9 as text), unit = $10, attributes = $11, flags = $12,
          min_price = cast($13 as bigint), max_price = cast($14 as bigint), min_age = cast($15 as bigint), is_archived = $16
        where id = $1 and account_id = $2 and code = $3
        """,
      [id.value, account.value, details.code.value] + resolved + binds(details))
  }

  private static func binds(_ details: ProductDetails) -> [Value] {
    [
      details.name.ru.value, details.name.en.value, details.unit.rawValue.value,
      .text(details.attributes.isEmpty ? "{}" : details.attributes.json.compact), .int(Int64(details.flags.rawValue)),
      details.minPrice.value, details.maxPrice.value, details.minAge.value, details.isArchived.value,
    ]
  }

  private static let columns = """
    p.id, p.code, p.name_ru, p.name_en, c.code, b.code, m.code, p.unit, p.attributes, p.flags, p.min_price, p.max_price, p.min_age,
      p.is_archived
    """
  private static let joined = """
    product p left join category c on c.id = p.category_id and c.account_id = p.account_id
      left join product_brand b on b.id = p.brand_id and b.account_id = p.account_id
      left join manufacturer m on m.id = p.manufacturer_id and m.account_id = p.account_id
    """

  static func byCodes(_ account: AccountID, _ codes: [String]) -> SQL {
    "select \(raw: columns) from \(raw: joined) where p.account_id = \(account) and p.code in (\(list: padded(codes)))"
  }

  static func names(_ account: AccountID, _ codes: [String]) -> SQL {
    "select code, name_ru, name_en from product where account_id = \(account) and code in (\(list: padded(codes)))"
  }

  static func all(_ account: AccountID, _ after: ProductID?, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from \(raw: joined)
    where p.account_id = \(account) and p.id > \(after ?? ProductID(0)) order by p.id limit \(limit)
    """
  }

  static func byID(_ account: AccountID, _ id: ProductID) -> SQL {
    "select \(raw: columns) from \(raw: joined) where p.account_id = \(account) and p.id = \(id)"
  }

  /// By code, those that begin like this; the last code point stands behind whatever a code can go on with, on both databases.
  static func byCode(_ account: AccountID, beginning: String, after: String?, _ limit: Int) -> SQL {
    // One lower bound: of two, a database may walk from the lesser one.
    """
    select \(raw: columns) from \(raw: joined)
    where p.account_id = \(account) and p.code \(raw: after == nil ? ">=" : ">") \(after ?? beginning)
      and p.code < \(beginning + "\u{10FFFF}")
    order by p.code limit \(limit)
    """
  }

  static func byBarcode(_ account: AccountID, _ barcode: Barcode) -> SQL {
    """
    select \(raw: columns) from \(raw: joined) join barcode o on o.product_id = p.id and o.account_id = p.account_id
    where o.account_id = \(account) and o.digits = \(barcode.digits)
    """
  }

  static func known(_ row: Row, _ barcodes: [ProductID: [Barcode]]) throws -> Known<ProductDetails> {
    guard let unit = UnitOfMeasure(rawValue: row.text(7)) else { throw StorageFailure.damaged("product.unit holds \(row.text(7))") }
    let id: ProductID = row.id(0)
    let details = ProductDetails(
      code: row.text(1), name: CatalogueName(ru: row.textOrNil(2), en: row.textOrNil(3)), category: row.textOrNil(4),
      brand: row.textOrNil(5), manufacturer: row.textOrNil(6), unit: unit, barcodes: barcodes[id] ?? [],
      attributes: try attributes(row.text(8)), flags: ProductFlags(rawValue: UInt8(truncatingIfNeeded: row.int(9))),
      minPrice: row.intOrNil(10).map { Money(minor: $0) }, maxPrice: row.intOrNil(11).map { Money(minor: $0) },
      minAge: row.intOrNil(12).map { Int($0) }, isArchived: row.bool(13))
    return Known(id: id, details: details)
  }

  static func attributes(_ text: String) throws -> Attributes {
    text == "{}" ? Attributes() : Attributes(JSONNode(try storedJSON(text, in: "product.attributes")))
  }

  // Barcodes.

  static func deleteBarcode(_ account: AccountID, _ barcode: Barcode) -> SQL {
    SQL("delete from barcode where account_id = $1 and digits = $2", account, barcode.digits)
  }

  static func barcodes(_ account: AccountID, of products: [ProductID]) -> SQL {
    """
    select product_id, digits from barcode
    where account_id = \(account) and product_id in (\(list: padded(products))) order by product_id, digits
    """
  }

  static func allBarcodes(_ account: AccountID) -> SQL { "select product_id, digits from barcode where account_id = \(account)" }

  /// Whose the barcodes are now.
  static func owners(_ account: AccountID, of barcodes: [Barcode], in tx: inout Transaction) throws -> [Barcode: ProductID] {
    var found: [Barcode: ProductID] = [:]
    for start in stride(from: 0, to: barcodes.count, by: Limits.bulk) {
      let digits = barcodes[start..<min(start + Limits.bulk, barcodes.count)].map(\.digits)
      let sql: SQL = "select digits, product_id from barcode where account_id = \(account) and digits in (\(list: padded(digits)))"
      try tx.each(sql) { row in found[Barcode(stored: row.text(0))] = row.id(1) }
    }
    return found
  }

  // The index in memory.

  /// Products that changed behind a version, with ids for codes.
  static func changed(_ account: AccountID, since version: Int64) -> SQL {
    """
    select id, code, category_id, brand_id, manufacturer_id, attributes, flags, min_price, max_price, min_age, unit, is_archived,
      name_ru, name_en
    from product where account_id = \(account) and version > \(version) order by version, id
    """
  }
}
