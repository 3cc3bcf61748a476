import Cube
import Kernel

/// A filter of a report as it was asked, and as people read it.
public struct ReportFilter: Hashable, Sendable {
  public let filter: Pivot.Filter
  public let text: LocalText
}

extension ReportName {
  private static let places: [Dimension] = [.store, .city, .region, .sign]
  private static let goods: [Dimension] = [.department, .category, .subcategory, .product, .brand, .manufacturer]
  private static let sale: [Dimension] = [.channel, .payment, .coupon, .promotion, .tier]
  private static let people: [Dimension] = [.sex, .age, .home, .joined, .segment, .group]

  /// What its facts can be filtered by, in the order in which lists show it. Where people are among them, so are attributes of members.
  public var filters: [Dimension] {
    switch self {
    case .board, .rfm, .cohorts, .lifeCycle, .tree, .affinities, .stores, .discounts, .promotions, .priceBands:
      Self.places + Self.goods + Self.sale + Self.people
    case .traffic: Self.people
    case .shifts: Self.places
    case .points, .certificates, .pointsByEntity: []
    }
  }

  public func canBeFiltered(by dimension: Dimension) -> Bool {
    filters.contains(dimension) || dimension.attribute != nil && filters.contains(.segment)
  }

  /// Why not by others.
  private var reason: LocalText {
    switch self {
    case .board, .rfm, .cohorts, .lifeCycle, .tree, .affinities, .stores, .discounts, .promotions, .priceBands:
      LocalText(
        ru: "дни у отчёта свои, а его чеки и участники делятся по другим полям",
        en: "it has days of its own, and is cut by other fields of receipts and members")
    case .traffic:
      LocalText(
        ru: "у сессий нет ни магазина, ни товара, только участник", en: "sessions have no store and no goods, only a member")
    case .shifts: LocalText(ru: "у смены есть только её магазин", en: "a shift has nothing but its store")
    case .points, .pointsByEntity:
      LocalText(ru: "журнал бонусов сложен по программе целиком", en: "the journal of points is added up for the whole programme")
    case .certificates:
      LocalText(ru: "обязательство сложено по сериям и месяцам", en: "what is owed is added up by series and months")
    }
  }

  /// - Throws: `Problem.invalid` that names the report and the filter that it cannot honour.
  public func check(_ filters: [Pivot.Filter]) throws(Problem) {
    guard filters.count <= PivotForm.filters else {
      throw Problem(.invalid, "invalid_input", "a report has at most \(PivotForm.filters) filters")
    }
    guard let wrong = filters.first(where: { !canBeFiltered(by: $0.dimension) }) else { return }
    let (word, field) = (wrong.dimension.rawValue, wrong.dimension.title)
    let message = "the report \(rawValue) (\(title.en)) cannot be filtered by \(word): \(reason.en)"
    throw Problem(
      .invalid, "invalid_input", message,
      cashier: LocalText(
        ru: "Отчёт «\(title.ru)» не фильтруется по полю «\(field.ru)»: \(reason.ru)",
        en: "The report “\(title.en)” cannot be filtered by “\(field.en)”: \(reason.en)"),
      issues: [Issue(pointer: "/where/\(word)", code: "filter_not_of_report", message: message)])
  }
}

extension ReportDesk {
  /// The same desk that looks only at what filters let in.
  /// - Throws: `Problem.invalid` for a filter that names what is not there.
  func looking(at filters: [Pivot.Filter], of name: ReportName, _ period: ReportPeriod, at now: Instant) async throws -> ReportDesk
  {
    guard !filters.isEmpty else { return self }
    var desk = self
    desk.filters = filters
    // Shifts are of stores that may never have sold anything: of those the cube knows nothing.
    guard name != .shifts else { return desk }
    let dimensions = Set(filters.map(\.dimension))
    if !dimensions.allSatisfy(cube.frame.knows) {
      desk.cube = try await keeper.cube(knowing: dimensions, of: programme, at: now, over: period.days) ?? cube
    }
    desk.filter = try ReceiptFilter.of(filters, desk.cube.frame)
    return desk
  }

  /// What filters are called for people, in both languages.
  func spoken(_ filters: [Pivot.Filter]) async throws -> [ReportFilter] {
    guard !filters.isEmpty else { return [] }
    var pivot = Pivot(rows: [], values: [])
    pivot.filters = filters
    let (ru, en) = (try await keeper.names(ofFilters: pivot, .ru), try await keeper.names(ofFilters: pivot, .en))
    return filters.map { ReportFilter(filter: $0, text: LocalText(ru: ru.text($0, upTo: 20), en: en.text($0, upTo: 20))) }
  }

  /// Said where a report has figures that nothing can be cut by: those are left out, never shown as if they were.
  static func uncut(_ what: LocalText) -> LocalText {
    LocalText(
      ru: "С фильтром не показано: \(what.ru) – это по нему не делится.",
      en: "Not shown with a filter: \(what.en), which it does not divide.")
  }
}

extension PivotNames {
  /// `City = Kazan, Perm +3`.
  public func text(_ filter: Pivot.Filter, upTo count: Int) -> String {
    let words = filter.labels.prefix(count).map { text($0, filter.dimension) }.joined(separator: ", ")
    let more = filter.labels.count > count ? " +\(filter.labels.count - count)" : ""
    return "\(title(of: filter.dimension)) \(filter.isExcluded ? "≠" : "=") \(words)\(more)"
  }
}
