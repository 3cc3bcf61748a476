import Kernel
import Loyalty
import Storage

/// What a member likes to buy: their latest receipts by category.
struct MemberTastes: Sendable {
  /// Shown.
  private static var most: Int { 5 }
  /// Asked after: those above the ones that are shown are among the dearest as well.
  private static var asked: Int { 64 }

  /// The dearest first, with their share of what was paid in tenths of a percent.
  let categories: [(id: CategoryID, name: CatalogueName, permille: Int64)]

  /// One statement; none without receipts. Categories of the second level, since the first of most shops are too wide to say anything;
  /// where there is only one level, those.
  static func read(
    _ habits: MemberHabits, _ catalogue: CatalogueIndex?, of account: AccountID, in tx: inout Transaction
  ) throws -> MemberTastes {
    var (amounts, total) = ([CategoryID: Int64](), Int64(0))
    for (product, amount) in habits.goods where amount > .zero {
      total += amount.minor
      for category in catalogue?.facts(product)?.categories ?? [] { amounts[category, default: 0] += amount.minor }
    }
    let dearest = amounts.sorted { ($1.value, $0.key.raw) < ($0.value, $1.key.raw) }.prefix(asked)
    guard total > 0, !dearest.isEmpty else { return MemberTastes(categories: []) }
    let known = try Catalogue(of: account).categories(dearest.map(\.key), in: &tx)
    let deep = dearest.filter { known[$0.key]?.depth == 2 }
    let shown = deep.isEmpty ? dearest.filter { known[$0.key]?.depth == 1 } : deep
    return MemberTastes(
      categories: shown.prefix(most).compactMap { one in
        known[one.key].map { (id: one.key, name: $0.name, permille: one.value * 1_000 / total) }
      })
  }
}
