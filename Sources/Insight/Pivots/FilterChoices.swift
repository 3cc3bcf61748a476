import Cube
import Kernel
import Loyalty

/// The words of a dimension that a filter's form offers: all where they are few; of many those that were chosen, and some that a search by
/// name or code finds.
public struct FilterChoices: Sendable {
  /// Offered at a time besides those that are chosen.
  public static let offered = 120
  /// Of those that are chosen; of more their codes are listed.
  static let kept = 200

  public let dimension: Dimension
  /// In the order of the dimension, those that are chosen first where not all are offered.
  public let labels: [String]
  /// How many the dimension has.
  public let count: Int
  /// How many the search found; nil where nobody searched.
  public let found: Int?

  /// True where not every word is offered.
  public var isPart: Bool { count > Self.offered }

  /// Linear in the words.
  /// - Parameter products: codes of products that the text finds; of others names are in memory.
  init(_ table: DimensionTable, _ names: PivotNames, _ text: String, chosen: [String], products: [String]) {
    dimension = table.dimension
    count = table.labels.count
    guard table.labels.count > Self.offered else {
      (labels, found) = (table.labels, nil)
      return
    }
    let words = folded(text).split(separator: " ").map(String.init)
    let (own, sold) = (Set(chosen), Set(products))
    let fit = table.labels.filter { label in
      guard !words.isEmpty, !sold.contains(label) else { return true }
      let said = folded(names.text(label, table.dimension) + " " + label)
      return words.allSatisfy(said.contains)
    }
    found = words.isEmpty ? nil : fit.count
    labels = Array(table.labels.filter(own.contains).prefix(Self.kept)) + fit.filter { !own.contains($0) }.prefix(Self.offered)
  }
}

extension CubeKeeper {
  /// Products that a search for a filter looks at.
  private static let searched = 2_000

  /// What a filter's form offers of a dimension, and what the words of a table and of the form are called.
  /// - Parameter text: that names or codes hold; empty for none.
  public func choices(
    _ open: DimensionTable, of table: PivotTable, searching text: String, _ language: ReportLanguage
  ) async throws -> (choices: FilterChoices, names: PivotNames) {
    try await choices(open, in: table.pivot.filters, searching: text) { keeper, more in
      try await keeper.names(of: table, language, showing: more)
    }
  }

  /// The same for a question that has nothing but filters, such as that of a ready report.
  public func choices(
    _ open: DimensionTable, in filters: [Pivot.Filter], searching text: String, _ language: ReportLanguage
  ) async throws -> (choices: FilterChoices, names: PivotNames) {
    var pivot = Pivot(rows: [], values: [])
    pivot.filters = filters
    let asked = pivot
    return try await choices(open, in: filters, searching: text) { keeper, more in
      try await keeper.names(ofFilters: asked, language, showing: more)
    }
  }

  /// - Parameter naming: what is called how, and beside it every word of a dimension or some products.
  private func choices(
    _ open: DimensionTable, in filters: [Pivot.Filter], searching text: String,
    _ naming: @Sendable (CubeKeeper, [Dimension: Set<String>]) async throws -> PivotNames
  ) async throws -> (choices: FilterChoices, names: PivotNames) {
    let chosen = filters.filter { $0.dimension == open.dimension }.flatMap(\.labels)
    var products: [String] = []
    if open.dimension == .product, !text.isEmpty, let catalogue = backdrop?.catalogue {
      products = catalogue.search(text, archivedToo: true, limit: Self.searched).codes
    }
    // Names first of everything that is in memory or read whole; of products only of those that will be offered.
    let rough = try await naming(self, [open.dimension: []])
    let choices = FilterChoices(open, rough, text, chosen: chosen, products: products)
    guard open.dimension == .product else { return (choices, rough) }
    return (choices, try await naming(self, [.product: Set(choices.labels)]))
  }
}
