import Access
import Calculator
import Kernel
import Storage

// Collections as a hunt is saved.
extension Games {
  /// A collection names finds of the hunt, or such as it hid before: they lie in albums.
  func checkFinds(_ rows: [GameDetails], _ known: [String: Known<GameDetails>]) throws(Problem) {
    let issues = IssueList()
    for (place, row) in rows.enumerated() {
      let old = known[row.code]?.details
      let finds = Set(
        (row.table.prizes + (old?.table.prizes ?? [])).compactMap(\.find?.code)
          + (old?.hunt?.collections ?? []).flatMap { $0.needs.map(\.find) })
      for (number, collection) in (row.hunt?.collections ?? []).enumerated() {
        for (item, need) in collection.needs.enumerated() where !finds.contains(need.find) {
          issues.add(
            "/\(place)/collections/\(number)/finds/\(item)/find", "find_unknown", "the hunt has no find \"\(need.find)\"")
        }
      }
    }
    try issues.check("the games")
  }

  /// Counts of collections begin with them and stay when they go; of a prize there are at least as many as were given.
  func keepCollections(of row: GameDetails, _ id: GameID, in tx: inout Transaction) throws {
    let given = Dictionary(
      try tx.rows(HuntSQL.collections(account, id, tx.dialect.forUpdate)).map { ($0.text(0), $0.int(1)) },
      uniquingKeysWith: { first, _ in first })
    let issues = IssueList()
    for (place, collection) in (row.hunt?.collections ?? []).enumerated() {
      guard let stock = collection.stock, let gone = given[collection.code], stock < gone else { continue }
      issues.add("/0/collections/\(place)/stock", "below_given", "\(gone) of them were given already; there cannot be fewer")
    }
    try issues.check("the games")
    for collection in row.hunt?.collections ?? [] { try tx.run(HuntSQL.keep(account, id, collection)) }
  }
}
