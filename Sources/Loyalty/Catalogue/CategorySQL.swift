import Access
import Kernel
import Storage

enum CategorySQL {
  static func all(_ account: AccountID) -> SQL {
    """
    select c.id, c.code, c.name_ru, c.name_en, p.code from category c
      left join category p on p.id = c.parent_id and p.account_id = c.account_id
    where c.account_id = \(account)
    """
  }

  static func known(_ row: Row) -> Known<CategoryDetails> {
    Known(
      id: row.id(0),
      details: CategoryDetails(
        code: row.text(1), name: CatalogueName(ru: row.textOrNil(2), en: row.textOrNil(3)), parent: row.textOrNil(4)))
  }

  static func named(_ account: AccountID, _ ids: [CategoryID]) -> SQL {
    "select id, name_ru, name_en, depth from category where account_id = \(account) and id in (\(list: padded(ids)))"
  }

  static func ids(_ account: AccountID, _ codes: [String]) -> SQL {
    "select id, code from category where account_id = \(account) and code in (\(list: padded(codes)))"
  }

  /// The latest version in which any category changed, and so whether a copy of the tree is old.
  static func version(_ account: AccountID) -> SQL {
    "select cast(coalesce(max(version), 0) as bigint) from category where account_id = \(account)"
  }

  /// Writes the rows from the top down, so that a parent is there before its children, and then whatever moved along.
  static func save(
    _ rows: [CategoryDetails], _ known: CategoryTree, _ next: CategoryTree, _ version: Int64, in account: AccountID,
    by change: Change,
    in tx: inout Transaction
  ) throws -> Saved<Entity.Category> {
    var saved = Saved<Entity.Category>()
    var notes: [AuditNote] = []
    let depths = Dictionary(uniqueKeysWithValues: rows.map { ($0.code, next.lineage(of: $0.code).count) })
    for row in rows.sorted(by: { depths[$0.code, default: 0] < depths[$1.code, default: 0] }) {
      guard let id = next.id(row.code), known.nodes[row.code]?.details != row else { continue }
      let binds = [id.value, account.value] + binds(row, next, version)
      if let old = known.nodes[row.code] {
        try tx.enqueue(SQL(prepared: update, binds))
        notes.append(.changed("category", id, from: old.details.json, to: row.json))
      } else {
        try tx.enqueue(SQL(prepared: insert, binds + [row.code.value]))
        notes.append(.made("category", id, row.json))
      }
    }
    for row in rows {
      guard let id = next.id(row.code) else { continue }
      switch known.nodes[row.code] {
      case nil: saved.add(made: id)
      case let old?: if old.details == row { saved.add(unchanged: id) } else { saved.add(changed: id) }
      }
    }
    try moveAlong(rows, known, next, version, account, &tx)
    try AuditTrail(of: account).record(notes, by: change, in: &tx)
    return saved
  }

  private static let insert = """
    insert into category (id, account_id, parent_id, path, depth, name_ru, name_en, version, code)
    values ($1, $2, cast($3 as bigint), $4, $5, cast($6 as text), cast($7 as text), $8, $9)
    """
  private static let update = """
    update category set parent_id = cast($3 as bigint), path = $4, depth = $5, name_ru = cast($6 as text), name_en = cast($7 as text),
      version = $8
    where id = $1 and account_id = $2
    """

  private static func binds(_ row: CategoryDetails, _ tree: CategoryTree, _ version: Int64) -> [Value] {
    [
      row.parent.flatMap(tree.id).value, tree.path(of: row.code).value, tree.lineage(of: row.code).count.value, row.name.ru.value,
      row.name.en.value, version.value,
    ]
  }

  private static func moveAlong(
    _ rows: [CategoryDetails], _ known: CategoryTree, _ next: CategoryTree, _ version: Int64, _ account: AccountID,
    _ tx: inout Transaction
  ) throws {
    let moved = rows.contains { row in known.nodes[row.code].map { $0.details.parent != row.parent } ?? false }
    guard moved else { return }
    let written = Set(rows.map(\.code))
    for node in next.nodes.values where !written.contains(node.details.code) {
      let path = next.path(of: node.details.code)
      guard path != known.path(of: node.details.code) else { continue }
      try tx.enqueue(
        SQL(
          "update category set path = $3, depth = $4, version = $5 where id = $1 and account_id = $2", node.id, account, path,
          next.lineage(of: node.details.code).count, version))
    }
  }
}

enum ProductBrandSQL {
  static func upsert(_ account: AccountID) -> Upsert<ProductBrandDetails> {
    Upsert(
      into: CatalogueSchema.productBrand, ["id", "account_id", "code", "name"],
      values: { id, details in [id.value, account.value, details.code.value, details.name.value] },
      update: { id, details in
        SQL("update product_brand set name = $3 where account_id = $1 and id = $2", account, id, details.name)
      })
  }

  static func byCodes(_ account: AccountID, _ codes: [String]) -> SQL {
    "select id, code, name from product_brand where account_id = \(account) and code in (\(list: padded(codes)))"
  }

  static func ids(_ account: AccountID, _ codes: [String]) -> SQL { byCodes(account, codes) }

  static func all(_ account: AccountID) -> SQL { "select id, code, name from product_brand where account_id = \(account)" }

  static func known(_ row: Row) -> Known<ProductBrandDetails> {
    Known(id: row.id(0), details: ProductBrandDetails(code: row.text(1), name: row.text(2)))
  }
}

enum ManufacturerSQL {
  static func upsert(_ account: AccountID) -> Upsert<ManufacturerDetails> {
    Upsert(
      into: CatalogueSchema.manufacturer, ["id", "account_id", "code", "name"],
      values: { id, details in [id.value, account.value, details.code.value, details.name.value] },
      update: { id, details in
        SQL("update manufacturer set name = $3 where account_id = $1 and id = $2", account, id, details.name)
      })
  }

  static func byCodes(_ account: AccountID, _ codes: [String]) -> SQL {
    "select id, code, name from manufacturer where account_id = \(account) and code in (\(list: padded(codes)))"
  }

  static func ids(_ account: AccountID, _ codes: [String]) -> SQL { byCodes(account, codes) }

  static func all(_ account: AccountID) -> SQL { "select id, code, name from manufacturer where account_id = \(account)" }

  static func known(_ row: Row) -> Known<ManufacturerDetails> {
    Known(id: row.id(0), details: ManufacturerDetails(code: row.text(1), name: row.text(2)))
  }
}
