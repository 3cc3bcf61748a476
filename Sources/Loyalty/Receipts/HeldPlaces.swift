import Jobs
import Kernel
import Storage

/// Owners and ids of keys' holders as rows of a statement: SQLite looks a pair up in a list by walking through the whole table, but joins it.
enum HeldPlaces {
  /// `(cast($2 as bigint), cast($3 as bigint)), …`; `$1` is the account.
  static func rows(_ count: Int) -> String {
    (0..<size(count)).map { "(cast($\($0 * 2 + 2) as bigint), cast($\($0 * 2 + 3) as bigint))" }.joined(separator: ", ")
  }

  static func binds(_ account: AccountID, _ holders: [KeyHolder]) -> [Value] {
    let rest = Array(repeating: 0.value, count: 2 * (size(holders.count) - holders.count))
    return [account.value] + holders.flatMap { [$0.owner.value, $0.target.value] } + rest
  }

  /// The same for receipts, returns or claims by where they lie.
  static func binds(_ account: AccountID, _ places: some Collection<ReceiptBook.Place>) -> [Value] {
    let rest = Array(repeating: 0.value, count: 2 * (size(places.count) - places.count))
    return [account.value] + places.flatMap { [$0.owner.value, $0.id.value] } + rest
  }

  /// The number of the first bind behind them.
  static func next(_ count: Int) -> Int { 2 * size(count) + 2 }

  /// As many places as one of a few sizes, so that few texts are prepared.
  private static func size(_ count: Int) -> Int {
    var size = 1
    while size < count { size *= 4 }
    return size
  }
}
