import Kernel
import Storage

extension NaturalKeys {
  /// Keys of one kind that begin alike, in their order, and who holds them. They lie side by side: a page is one short walk.
  /// - Parameter after: continue behind this key.
  public func holders(
    of kind: NaturalKey.Kind, beginningWith beginning: String, after: String? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [(key: String, holder: KeyHolder)] {
    let some = min(max(1, limit), Limits.bulk)
    return try tx.rows(KeyScanSQL.page(account, kind, beginning, after: after ?? beginning, some)).map(KeyScanSQL.held)
  }

  /// The last key of each beginning in the order of texts; beginnings without keys are missing. One statement with one step down the
  /// index for each. - Precondition: at most `Limits.bulk`.
  public func last(of kind: NaturalKey.Kind, beginningsWith beginnings: [String], in tx: inout Transaction) throws -> [String:
    String]
  {
    guard !beginnings.isEmpty else { return [:] }
    let rows = try tx.rows(KeyScanSQL.last(account, kind, Array(beginnings.prefix(Limits.bulk))))
    return Dictionary(
      rows.compactMap { row in row.textOrNil(1).map { (row.text(0), $0) } }, uniquingKeysWith: { first, _ in first })
  }
}
