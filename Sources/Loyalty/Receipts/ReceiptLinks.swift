import Access
import Jobs
import Kernel
import Storage

/// Receipts by the names that other systems have for them, many at a time.
public struct ReceiptLinks: Sendable {
  private let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// A receipt's name as it stands in addresses, `store~register~shift~number~date`, as it is kept; nil for what names none here.
  public static func stored(_ path: String, store: (String) -> StoreID?) -> String? {
    let parts = path.split(separator: "~", omittingEmptySubsequences: false).map(unescaped)
    guard parts.count == 5, let id = store(parts[0]), isCode(parts[1]), let shift = Int64(parts[2]), isCode(parts[3]),
      let day = CivilDay(parts[4])
    else { return nil }
    return ReceiptKey(store: id, register: parts[1], shift: shift, number: parts[3], day: day).text
  }

  /// The receipts of those names that have one. At most `Limits.bulk` of them.
  public func receipts(_ stored: [String], in tx: inout Transaction) throws -> [String: ReceiptID] {
    let keys = Set(stored).filter { !$0.isEmpty && $0.utf8.count <= Limits.name }.map { NaturalKey(.receipt, $0) }
    guard !keys.isEmpty else { return [:] }
    let held = try NaturalKeys(of: account).holders(Array(keys.prefix(Limits.bulk)), in: &tx).filter { !$0.value.awaitsSale }
    return Dictionary(held.map { ($0.key.text, ReceiptID($0.value.target)) }, uniquingKeysWith: { first, _ in first })
  }

  private static func unescaped(_ text: Substring) -> String {
    var (plain, rest) = ("", text)
    while let first = rest.first {
      if rest.hasPrefix("%7E") {
        plain += "~"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("%25") {
        plain += "%"
        rest = rest.dropFirst(3)
      } else {
        plain.append(first)
        rest = rest.dropFirst()
      }
    }
    return plain
  }
}
