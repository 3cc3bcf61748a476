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
}
