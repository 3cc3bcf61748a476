import Access
import Conditions
import Cube
import Customers
import Kernel
import Loyalty
import Storage

extension CubeKeeper {
  /// Dimensions that are not in every cube's frame: what they mean is worked out for whoever asks.
  static let asked = PeopleSorts.dimensions.union([.priceBand, .priceLevel, .tier, .promotion])

  /// The cube with what these dimensions mean now, without those whom the definitions leave out. Nil where there is none.
  ///
  /// Costs nothing for what every cube knows; a small read for tiers, promotions and segments; one walk over all lines for prices, kept
  /// until rolls are written anew; for people one pass over the members, and their register, which is read once.
  ///
  /// - Parameter days: that fifths of recency, frequency and money are of; nil for the last year. Two walks of a report where those are wanted.
  /// - Parameter pivot: a question that may ask for points that ran out: those are read from the journal then.
  public func cube(
    knowing dimensions: Set<Dimension>, of programme: Programme, at now: Instant, over days: ClosedRange<CivilDay>? = nil,
    expiring pivot: Pivot? = nil
  ) async throws -> Cube? {
    guard let open = try current(), let cube = try cube else { return nil }
    let out = try await whoIsCounted(by: days?.upperBound, of: programme, at: now).leftOut
    let wanted = dimensions.filter { Self.asked.contains($0) || $0.attribute != nil }
    let expiring = pivot.flatMap { $0.asksExpired ? $0 : nil }
    guard !wanted.isEmpty || expiring != nil else { return cube.knowing(programme.holidays).leavingOut(out) }
    var frame = open.cube.frame
    frame.holidays = programme.holidays
    let codes = open.contents.codes
    if !wanted.isDisjoint(with: [.priceBand, .priceLevel]) {
      let prices = try await prices(of: open)
      for table in try PriceTables(prices, frame, digits: programme.settings.terms.currency.digits).tables { frame.set(table) }
    }
    if wanted.contains(.tier) { frame.set(try await tiers(codes, programme)) }
    if wanted.contains(.promotion) { frame.set(try await promotions(codes, programme)) }
    let people = try await people(wanted, programme)
    var told: PeopleSorts?
    if !people.isEmpty {
      let sorts = try await sorts(people, programme, cube, days, at: now)
      sorts.set(in: &frame)
      told = sorts
    }
    if let expiring { frame.setExpired(try await expired(for: expiring, programme, told, without: out, at: now)) }
    return cube.with(frame).leavingOut(out)
  }

  private func sorts(
    _ people: Set<Dimension>, _ programme: Programme, _ cube: Cube, _ days: ClosedRange<CivilDay>?, at now: Instant
  ) async throws -> PeopleSorts {
    let register = try await register(of: programme, at: now)
    let segments = people.contains(.segment) ? try await segments(programme) : [:]
    let marks = people.isDisjoint(with: PeopleSorts.scored) ? [:] : try await marks(cube, programme, days, at: now)
    let origins = people.isDisjoint(with: PeopleSorts.origins) ? FirstVisits() : try await origins(programme, at: now)
    return await Hands.quietly {
      PeopleSorts(people, register, segments, programme, at: now, cube, marks: marks, origins: origins)
    }
  }

  /// Whom filters of people let in, whether they ever bought or not; nil where there are none, or no cube.
  /// - Throws: `Problem.invalid` for a filter that names what is not there.
  func held(by filters: [Pivot.Filter], of programme: Programme, at now: Instant) async throws -> PeopleHeld? {
    guard !filters.isEmpty, let cube = try current()?.cube else { return nil }
    let sorts = try await sorts(people(Set(filters.map(\.dimension)), programme), programme, cube, nil, at: now)
    var frame = cube.frame
    sorts.set(in: &frame)
    return try ReceiptFilter.of(filters, frame).map { PeopleHeld(sorts: sorts, filter: $0) }
  }

  /// Dimensions of members, of attributes only those that are defined so: few values, each with a name.
  private func people(_ wanted: Set<Dimension>, _ programme: Programme) async throws -> Set<Dimension> {
    let known = wanted.intersection(PeopleSorts.dimensions)
    guard wanted.contains(where: { $0.attribute != nil }) else { return known }
    let fields = try await database.read { tx in try FieldBook(of: programme.account).catalogue(in: &tx) }
    let defined = (fields.fields + fields.archived).compactMap { field in
      field.dimension.flatMap { wanted.contains($0) ? (field, $0) : nil }
    }
    for (field, dimension) in defined {
      titles[dimension] = field.name
      spoken[dimension] = Dictionary(fields.values(of: field).map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
    return known.union(defined.map(\.1))
  }

  /// The same for what a pivot names.
  public func cube(for pivot: Pivot, of programme: Programme, at now: Instant) async throws -> Cube? {
    try await cube(knowing: pivot.dimensions, of: programme, at: now, over: pivot.days, expiring: pivot)
  }

  private func marks(
    _ cube: Cube, _ programme: Programme, _ days: ClosedRange<CivilDay>?, at now: Instant
  ) async throws -> [Int64: RFMMarks.Mark] {
    let today = programme.settings.points.zone.civil(at: now).day
    let desk = ReportDesk(of: programme, cube, self, on: database)
    return try await desk.marks(over: days ?? today.adding(days: -364)...today, at: now)
  }

  private func origins(_ programme: Programme, at now: Instant) async throws -> FirstVisits {
    if let origins, now - origins.at < FirstVisits.fresh { return origins.first }
    let first = try await FirstVisits.read(programme, on: database)
    origins = (now, first)
    return first
  }

  private func prices(of open: Opened) async throws -> [Int64?] {
    if let known = priced, known.mark == open.mark { return known.prices }
    let prices = await open.cube.averagePrices(products: open.contents.codes.products.count)
    priced = (open.mark, prices)
    return prices
  }

  private func tiers(_ codes: CubeCodes, _ programme: Programme) async throws -> DimensionTable {
    let all = try await database.read { tx in try Tiers(of: programme.account, programme: programme.id).all(in: &tx) }
    let ranked = all.values.sorted { $0.details.rank < $1.details.rank }
    spoken[.tier] = all.mapValues(\.details.name)
    let places = Dictionary(ranked.enumerated().map { ($1.id.raw, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    return DimensionTable(
      .tier, codes: codes.tiers.map { places[$0] ?? Int32(ranked.count) }, labels: ranked.map(\.details.code) + [CubeFrames.none])
  }

  private func promotions(_ codes: CubeCodes, _ programme: Programme) async throws -> DimensionTable {
    let all = try await database.read { tx in
      try everyPage(\.id) { try Promotions(of: programme).all(after: $0, limit: Limits.page, in: &tx) }
    }
    spoken[.promotion] = Dictionary(all.map { ($0.code, Self.name($0)) }, uniquingKeysWith: { first, _ in first })
    let words = Dictionary(all.map { ($0.id.raw, $0.code) }, uniquingKeysWith: { first, _ in first })
    return CubeFrames.table(.promotion, sets: codes.deals.map { set in set.map { words[$0] ?? "\(PromotionID($0))" } })
  }

  private static func name(_ promotion: StoredPromotion) -> LocalText {
    func text(_ language: String) -> String? {
      guard case .string(let text)? = promotion.body["name"]?[language] else { return nil }
      return text
    }
    return LocalText(ru: text("ru") ?? promotion.code, en: text("en") ?? promotion.code)
  }

  private func segments(_ programme: Programme) async throws -> [SegmentID: String] {
    let all = try await database.read { tx in
      try everyPage(\.id) { try Segments(of: programme.account).all(after: $0, limit: Limits.page, in: &tx) }
    }
    spoken[.segment] = Dictionary(all.map { ($0.details.code, $0.details.name) }, uniquingKeysWith: { first, _ in first })
    return Dictionary(all.map { ($0.id, $0.details.code) }, uniquingKeysWith: { first, _ in first })
  }
}

/// Whom filters of people let in, by their ids.
struct PeopleHeld: Sendable {
  let sorts: PeopleSorts
  let filter: ReceiptFilter

  /// - Parameter member: 0 for nobody that is known.
  func holds(_ member: Int64) -> Bool { filter.holds(sort: member == 0 ? 0 : Int(sorts.sort(of: member))) }
}

extension MemberFieldDetails {
  /// What pivots cut by; nil for what has too many values, or none with a name.
  public var dimension: Dimension? {
    switch kind {
    case .flag, .one: .attribute(code)
    case .several: .values(code)
    case .text, .number, .day: nil
    }
  }
}

extension Pivot {
  /// Everything that it names.
  public var dimensions: Set<Dimension> { Set(rows + columns + filters.map(\.dimension)) }

  /// Its days, where they are bounded.
  public var days: ClosedRange<CivilDay>? { first.flatMap { first in last.flatMap { first <= $0 ? first...$0 : nil } } }

  /// True where what its dimensions mean follows from its days.
  var asksMarks: Bool { !dimensions.isDisjoint(with: PeopleSorts.scored) }
}

extension Programme {
  /// Its calendar, for comparisons with a year ago.
  var holidays: Holidays { Holidays(days: settings.terms.holidays, names: settings.terms.holidayNames) }
}

extension Cube {
  /// The same receipts, with a calendar.
  fileprivate func knowing(_ holidays: Holidays) -> Cube {
    guard frame.holidays != holidays else { return self }
    var frame = frame
    frame.holidays = holidays
    return with(frame)
  }

  /// What one unit of each product cost on average before anything was taken off, in minor units; nil where it was not sold, or all came
  /// back. One walk.
  fileprivate func averagePrices(products: Int) async -> [Int64?] {
    let sums: [RollColumn] = [.quantity, .amount, .discount, .reduced, .paidWithPoints]
    var plan = CubePlan(cells: products, sums: sums, distincts: [])
    plan.product = (0..<Int32(products)).map { $0 }
    let tally = await walk(plan)
    return (0..<products).map { product in
      let quantity = tally.sum(0, product)
      guard quantity > 0 else { return nil }
      return scaled((1..<sums.count).reduce(0) { $0 + tally.sum($1, product) }, by: 1_000, over: quantity, .halfUp)
    }
  }
}

/// Products by what they cost.
struct PriceTables {
  let tables: [DimensionTable]

  /// - Parameter prices: by product code. Products that came since have none yet.
  init(_ prices: [Int64?], _ frame: CubeFrame, digits: Int) throws {
    let categories = try frame.table(.category)
    let prices = categories.codes.indices.map { $0 < prices.count ? prices[$0] : nil }
    tables = [Self.bands(prices, digits), Self.levels(prices, categories, try frame.table(.unit))]
  }

  private static func bands(_ prices: [Int64?], _ digits: Int) -> DimensionTable {
    let scale = PriceScale(digits: digits, powers: 8)
    var labels = (0..<scale.bands).map(scale.title) + [CubeFrames.none]
    let codes = prices.map { price -> Int in
      guard let price, price >= 0 else { return labels.count - 1 }
      return scale.band(of: price)
    }
    // Only bands that something is in.
    let used = Set(codes).sorted()
    let place = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, Int32($0)) })
    labels = used.map { labels[$0] }
    return DimensionTable(.priceBand, codes: codes.map { place[$0] ?? 0 }, labels: labels)
  }

  /// The cheapest, the middle and the dearest third of the products of each category that are sold by one unit: a kilogram is not dearer than a
  /// piece.
  private static func levels(_ prices: [Int64?], _ categories: DimensionTable, _ units: DimensionTable) -> DimensionTable {
    var codes = Array(repeating: Int32(3), count: prices.count)
    let priced = prices.indices.filter { prices[$0] != nil }
    for (_, products) in Dictionary(grouping: priced, by: { [categories.codes[$0], units.codes[$0]] }) {
      let ordered = products.sorted { ((prices[$0] ?? 0), $0) < ((prices[$1] ?? 0), $1) }
      for (rank, product) in ordered.enumerated() {
        codes[product] = ordered.count < 3 ? 1 : Int32(rank * 3 / ordered.count)
      }
    }
    return DimensionTable(.priceLevel, codes: codes, labels: ["low", "middle", "high", CubeFrames.none])
  }
}
