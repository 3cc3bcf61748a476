import Access
import Conditions
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// What a funnel came to in some days.
public struct FunnelAnswer: Sendable {
  public let funnel: Funnel
  public let days: ClosedRange<CivilDay>
  public let all: FunnelFigures
  /// As many days right before.
  public let before: FunnelFigures
  /// By group of the split, those with the most starts first.
  public let groups: [(name: LocalText, figures: FunnelFigures)]
  /// How many of the starts were a member's.
  public let members: Int64
  public let notes: DefinitionNotes
}

/// Counts funnels of one programme.
public struct FunnelDesk: Sendable {
  /// Groups of a split that are told apart.
  static let groups = 12

  let programme: Programme
  let database: any Database
  let keeper: CubeKeeper
  /// Events beyond which it refuses.
  let most: Int
  let zones: @Sendable (String) -> Zone?

  public init(
    of programme: Programme, _ keeper: CubeKeeper, on database: any Database, zones: @escaping @Sendable (String) -> Zone?,
    most: Int = Limits.askedEvents
  ) {
    (self.programme, self.keeper, self.database, self.zones, self.most) = (programme, keeper, database, zones, most)
  }

  private var zone: Zone { programme.settings.points.zone }

  /// Reads the events of the kinds that the steps name, in both periods; where the last step is a purchase, walks over receipts once each.
  /// - Throws: `Problem.conflict` (`too_many_events`); `Problem.invalid` (`unknown_segment`).
  public func count(_ funnel: Funnel, _ days: ClosedRange<CivilDay>, at now: Instant) async throws -> FunnelAnswer {
    let length = days.upperBound - days.lowerBound + 1
    let earlier = days.lowerBound.adding(days: -length)...days.upperBound.adding(days: -length)
    let run = try await FunnelRun(self, funnel, on: days.upperBound, at: now)
    let (ways, names) = try await run.ways(days)
    let past = try await run.ways(earlier).ways
    let steps = funnel.steps.count
    var groups: [(name: LocalText, figures: FunnelFigures)] = []
    if funnel.split != .none {
      let split = Dictionary(grouping: ways, by: \.split).sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      groups = split.prefix(Self.groups).map { (names[Int($0.key)], FunnelFigures($0.value, steps: steps)) }
      let rest = split.dropFirst(Self.groups).flatMap(\.value)
      if !rest.isEmpty { groups.append((LocalText(ru: "Остальные", en: "The rest"), FunnelFigures(rest, steps: steps))) }
    }
    return FunnelAnswer(
      funnel: funnel, days: days, all: FunnelFigures(ways, steps: steps), before: FunnelFigures(past, steps: steps), groups: groups,
      members: Int64(ways.count { $0.owner != 0 }),
      notes: DefinitionNotes(run.who, DefinitionTerm.funnel(funnel), isOfEverybody: false))
  }

  /// The members who took a step and not the next, by id. Of those who set out several times – by sessions – whoever did so once.
  public func lost(after step: Int, _ funnel: Funnel, _ days: ClosedRange<CivilDay>, at now: Instant) async throws -> [MemberID] {
    let ways = try await FunnelRun(self, funnel, on: days.upperBound, at: now).ways(days).ways
    return Set(ways.filter { $0.reached == step + 1 && $0.owner != 0 }.map(\.owner)).sorted().map { MemberID($0) }
  }
}

/// One counting.
private struct FunnelRun {
  let desk: FunnelDesk
  let funnel: Funnel
  let now: Instant
  let backdrop: Backdrop?
  let sources: [TrafficSourceID: TrafficSource]
  /// Nil: everybody.
  let segment: Set<Int64>?
  let cities: [Int64: String]
  let who: WhoIsCounted
  private let out: Set<Int64>
  private let groups = Groups()

  /// - Parameter day: the last, by whose definitions it counts.
  init(_ desk: FunnelDesk, _ funnel: Funnel, on day: CivilDay, at now: Instant) async throws {
    (self.desk, self.funnel, self.now) = (desk, funnel, now)
    backdrop = await desk.keeper.backdrop
    let programme = desk.programme
    sources = try await desk.database.read { tx in try VisitBook(of: programme).sources(in: &tx) }
    segment = try await Self.members(of: funnel.segment, desk)
    who = try await desk.keeper.whoIsCounted(by: day, of: programme, at: now)
    out = Set(who.leftOut)
    cities =
      funnel.split == .city
      ? Dictionary(
        try await desk.keeper.register(of: programme, at: now).entries.compactMap { entry in entry.city.map { (entry.id, $0) } },
        uniquingKeysWith: { first, _ in first }) : [:]
  }

  private static func members(of code: String?, _ desk: FunnelDesk) async throws -> Set<Int64>? {
    guard let code else { return nil }
    let segments = Segments(of: desk.programme.account)
    guard let known = try await desk.database.read({ tx in try segments.segments(codes: [code], in: &tx)[code] }) else {
      throw Problem(
        .invalid, "unknown_segment", "there is no segment \"\(code)\"",
        issues: [Issue(pointer: "/segment", code: "unknown_segment", message: "there is no segment with this code")])
    }
    var (found, last) = (Set<Int64>(), MemberID?.none)
    while true {
      let after = last
      let page = try await desk.database.read { tx in try segments.members(of: known.id, after: after, limit: Limits.bulk, in: &tx)
      }
      found.formUnion(page.map(\.raw))
      guard page.count == Limits.bulk, let end = page.last else { return found }
      last = end
    }
  }

  func ways(_ days: ClosedRange<CivilDay>) async throws -> (ways: [FunnelWay], names: [LocalText]) {
    let zone = desk.programme.settings.points.zone
    let first = zone.instant(days.lowerBound)..<zone.instant(days.upperBound.adding(days: 1))
    var end = first.upperBound
    for _ in 1..<funnel.steps.count { end = end + funnel.within }
    var (marks, orders) = try await events(first.lowerBound..<min(end, now + .days(1)))
    if case .purchase(let goods, let bounds)? = funnel.steps.last {
      let beginners = Set(marks.lazy.filter { $0.steps & 1 != 0 }.map(\.actor))
      let (bought, receipts) = try await purchases(goods, bounds, first.lowerBound..<end, marks, beginners)
      let lost = Set(orders.map(\.id)).subtracting(FunnelOrders.counted(orders, beginners: beginners, without: receipts))
      for place in marks.indices where lost.contains(marks[place].order) { marks[place].steps &= ~last }
      marks += bought
    }
    let (steps, within) = (funnel.steps.count, funnel.within)
    let all = marks
    let ways = await Hands.quietly { FunnelCount.ways(all, steps: steps, within: within, first: first) }
    return (ways, groups.names)
  }

  /// The bit of the last step.
  private var last: UInt8 { UInt8(1) << UInt8(funnel.steps.count - 1) }

  /// By step. A purchase asks of orders the same that it asks of receipts; an order that tells no goods or no amount is none that is asked
  /// for by them.
  private var matchers: [(step: Int, matcher: EventMatcher)] {
    guard let backdrop else { return [] }
    return funnel.steps.enumerated().map { step, what in
      switch what {
      case .event(let filter): return (step, EventMatcher(filter, backdrop.catalogue, sources))
      case .purchase(let goods, let bounds):
        var filter = EventFilter(.order)
        (filter.goods, filter.amount) = (goods, bounds)
        return (step, EventMatcher(filter, backdrop.catalogue, sources))
      }
    }
  }

  private var endsWithPurchase: Bool { if case .purchase? = funnel.steps.last { true } else { false } }

  /// With the orders among them that are a purchase of nobody known.
  private func events(_ span: Range<Instant>) async throws -> (marks: [FunnelMark], orders: [FunnelOrders.Order]) {
    guard span.lowerBound < span.upperBound else { return ([], []) }
    var (marks, orders) = ([FunnelMark](), [FunnelOrders.Order]())
    let (last, endsWithPurchase, out) = (last, endsWithPurchase, out)
    for (kind, own) in Dictionary(grouping: matchers, by: \.matcher.filter.kind).sorted(by: { $0.key.code < $1.key.code }) {
      var asked = EventFilter(kind)
      // One walk for all steps of the kind: what it has to know is what any of them asks.
      let needs = own.contains { $0.matcher.filter.needsSource } || [.channel, .source, .campaign].contains(funnel.split)
      if needs { asked.groups = ChannelGroup.allCases }
      let walk = EventWalk(programme: desk.programme, database: desk.database, most: desk.most - marks.count)
      try await walk.read(asked, span, membersOnly: segment != nil) { event in
        var steps: UInt8 = 0
        for (step, matcher) in own where matcher.holds(for: event) { steps |= 1 << UInt8(step) }
        // A member's purchases are receipts.
        if endsWithPurchase, event.owner != nil { steps &= ~last }
        guard steps != 0, segment.map({ $0.contains(event.owner ?? 0) }) ?? true, !out.contains(event.owner ?? 0) else { return }
        let mark = mark(event, steps)
        marks.append(mark)
        guard endsWithPurchase, steps & last != 0 else { return }
        orders.append(
          FunnelOrders.Order(actor: mark.actor, at: event.at, id: event.id, number: event.order, receipt: event.receipt))
      }
    }
    return (marks, orders)
  }

  private func mark(_ event: SeenEvent, _ steps: UInt8) -> FunnelMark {
    let actor: UInt64 =
      switch funnel.unit {
      case .session: UInt64(bitPattern: event.visit)
      case .person: event.owner.map { UInt64(bitPattern: $0) } ?? VisitDay.mark(of: event.visitor)
      }
    return FunnelMark(
      actor: actor, at: event.at, order: event.id, steps: steps, owner: event.owner ?? 0, split: groups.place(of: name(event)))
  }

  private func name(_ event: SeenEvent) -> LocalText {
    let source = event.source.flatMap { sources[TrafficSourceID($0)] } ?? .direct
    return switch funnel.split {
    case .none: .sign("")
    case .channel: source.group.title
    case .source: .sign(source.name)
    case .campaign: source.campaign.isEmpty ? LocalText(ru: "без кампании", en: "no campaign") : .sign(source.campaign)
    case .city: event.owner.flatMap { cities[$0] }.map { .sign($0) } ?? LocalText(ru: "город неизвестен", en: "city not known")
    }
  }

  /// Receipts of the members who are on their way, as the last step: a receipt is printed in the last moment of its minute.
  /// - Returns: with the receipts of those who took the first step.
  private func purchases(
    _ goods: ProductFilter, _ bounds: Bounds, _ span: Range<Instant>, _ marks: [FunnelMark], _ beginners: Set<UInt64>
  ) async throws -> (marks: [FunnelMark], receipts: Set<Int64>) {
    guard let (cube, codes, backdrop) = try await desk.keeper.snapshot else { return ([], []) }
    let actors = Dictionary(
      grouping: Set(marks.filter { $0.owner != 0 }.map { Walker(owner: $0.owner, actor: $0.actor) }), by: \.owner)
    guard !actors.isEmpty else { return ([], []) }
    let zone = desk.programme.settings.points.zone
    let days = Int(zone.civil(at: span.lowerBound).day.number) - 1...Int(zone.civil(at: span.upperBound).day.number) + 1
    let compiler = SegmentCompiler(
      cube: cube, codes: codes, backdrop: backdrop, register: MemberRegister(), today: CivilDay(number: Int32(days.upperBound)),
      zone: zone,
      facts: SegmentFacts())
    let report = PurchaseTimes(
      of: Set(actors.keys), days, products: compiler.products(goods),
      amounts: (bounds.atLeast ?? .min)...max(bounds.atLeast ?? .min, bounds.atMost ?? .max))
    let found = await Hands.walk(cube.parts(of: report), from: report.nothing) { part, found in
      cube.add(part, report, without: nil, to: &found)
    } joining: { all, one in
      report.join(one, into: &all)
    }
    let clocks = clocks(codes, backdrop)
    var (more, receipts) = ([FunnelMark](), Set<Int64>())
    for (member, purchases) in found {
      for purchase in purchases {
        let clock = purchase.store < clocks.count ? clocks[purchase.store] : (zone, Int32(0))
        let at = Self.moment(purchase, clock)
        for walker in actors[member] ?? [] {
          more.append(FunnelMark(actor: walker.actor, at: at, order: .max, steps: last, owner: member, split: 0))
          if beginners.contains(walker.actor) { receipts.insert(purchase.id) }
        }
      }
    }
    return (more, receipts)
  }

  private struct Walker: Hashable {
    let owner: Int64
    let actor: UInt64
  }

  /// The zone of each store, and the second at which its business day begins.
  private func clocks(_ codes: CubeCodes, _ backdrop: Backdrop) -> [(zone: Zone, dayStart: Int32)] {
    let usual = desk.programme.settings.points.zone
    let stores = Dictionary(backdrop.stores.map { ($0.id.raw, $0.details) }, uniquingKeysWith: { first, _ in first })
    return codes.stores.map { id in
      guard let details = stores[id] else { return (usual, 0) }
      return (desk.zones(details.zone) ?? usual, details.dayStart.second)
    }
  }

  private static func moment(_ purchase: PurchaseTimes.Purchase, _ clock: (zone: Zone, dayStart: Int32)) -> Instant {
    let second = Int32(purchase.minute * 60)
    let day = CivilDay(number: Int32(purchase.day)).adding(days: second < clock.dayStart ? 1 : 0)
    return clock.zone.instant(day, Clock(second: second)) + .seconds(60) - Span(micros: 1)
  }

  /// Names of groups, in the order in which they are met.
  private final class Groups {
    private(set) var names: [LocalText] = []
    private var places: [LocalText: Int32] = [:]

    func place(of name: LocalText) -> Int32 {
      if let known = places[name] { return known }
      places[name] = Int32(names.count)
      names.append(name)
      return Int32(names.count - 1)
    }
  }
}
