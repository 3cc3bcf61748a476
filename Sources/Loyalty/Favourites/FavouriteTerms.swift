import Kernel

/// How members choose their favourite categories.
public struct FavouriteTerms: Hashable, Sendable {
  public enum Period: String, Sendable, CaseIterable { case month, quarter }
  /// What a choice may be made for.
  public enum Begins: String, Sendable, CaseIterable {
    /// The period under way, from the moment of the choice.
    case now
    /// The one after it.
    case next
    case either
  }

  /// At most so many of those that are offered.
  public var choose: Int
  public var period: Period
  public var begins: Begins
  /// A choice may be replaced while its period lasts, from then on.
  public var mayChange: Bool

  public init(choose: Int = 3, period: Period = .month, begins: Begins = .either, mayChange: Bool = false) {
    self.choose = choose
    self.period = period
    self.begins = begins
    self.mayChange = mayChange
  }

  /// Reads what is there; the rest has its default.
  public init(_ node: JSONNode) {
    node.expect("choose", "period", "begins", "mayChange")
    let usual = FavouriteTerms()
    self.init(
      choose: node["choose"].int(1...Int64(Limits.favourites)).map { Int($0) } ?? usual.choose,
      period: node["period"].word() ?? usual.period, begins: node["begins"].word() ?? usual.begins,
      mayChange: node["mayChange"].bool() ?? usual.mayChange)
  }

  public var json: JSON {
    .object([
      "choose": .int(Int64(choose)), "period": .string(period.rawValue), "begins": .string(begins.rawValue),
      "mayChange": .bool(mayChange),
    ])
  }
}

/// A calendar month or quarter, by the programme's clock.
public struct FavouritePeriod: Hashable, Sendable {
  public let first: CivilDay
  public let last: CivilDay
  public let from: Instant
  /// Not included.
  public let until: Instant

  init(of day: CivilDay, _ period: FavouriteTerms.Period, _ zone: Zone) {
    let (year, month, _) = day.parts
    let opening = period == .month ? month : (month - 1) / 3 * 3 + 1
    first = CivilDay(year: year, month: opening, day: 1) ?? day
    last = first.adding(months: period == .month ? 1 : 3).adding(days: -1)
    from = zone.instant(first)
    until = zone.instant(last.adding(days: 1))
  }
}
