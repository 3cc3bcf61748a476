import Conditions
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// What a segment comes to: how many people, and what they are to the shop.
public struct SegmentFigures: Sendable {
  /// After each condition in turn, those of members without a receipt included.
  public let through: [Int64]
  /// Who would hold each condition alone.
  public let alone: [Int64]
  public let members: Int64
  public let everybody: Int64
  /// Of the last 364 business days: what they bought, and what all members did.
  public let own: PeopleFigures
  /// For each condition that is made of others: how many hold each of those, among who hold what stands before.
  public let within: [[Int64]]
  /// By fifths of everybody who bought in these days: rows from who bought last most lately, columns from who bought least often.
  public let fifths: [[Int64]]
  public let reach: SegmentReach
  public let all: PeopleFigures
  /// Of the members and of everybody, those whose purchases reports leave out: they are in the segment, and in none of its sums.
  public let leftOut: Int64
  public let allLeftOut: Int64
  /// The day as of which was asked.
  public let day: CivilDay
  public let milliseconds: Int64
}

/// Why somebody is in a segment, or is not: condition by condition, with the receipts that decide it.
public struct SegmentReason: Sendable {
  public let condition: SegmentCondition
  public let holds: Bool
  /// How much of it there is; nil where that is no number, or there is none.
  public let amount: Int64?
  /// The latest receipts that count.
  public let receipts: [(id: ReceiptID, day: CivilDay)]
  /// Of conditions that are made of others.
  public let parts: [SegmentReason]
  /// The latest events that count.
  public var events: [SeenEvent] = []
  /// What the member scores, where marks are asked of: `R5 F3 M4`.
  public var marks: String?
}

extension CubeKeeper {
  /// Counts a segment. A walk over all receipts of members, as far as conditions need them.
  /// - Parameter day: as of which is asked; nil: the last day that the cube has.
  /// - Returns: nil while there is no cube.
  public func count(_ condition: SegmentCondition, of programme: Programme, on day: CivilDay? = nil, at now: Instant) async throws
    -> SegmentFigures?
  {
    guard let answer = try await segment(condition, of: programme, on: day, at: now) else { return nil }
    return answer.figures
  }

  /// Who is in a segment, by id. In memory are the ids.
  public func members(of condition: SegmentCondition, in programme: Programme, on day: CivilDay? = nil, at now: Instant)
    async throws -> [MemberID]?
  {
    guard let answer = try await segment(condition, of: programme, on: day, at: now, addsUp: false) else { return nil }
    let (cube, sets) = (answer.cube, answer.sets)
    let buyers = try await Hands.run { cube.members(in: sets) }
    return (buyers + answer.strangers).sorted().map { MemberID($0) }
  }

  /// Why a member is in or out.
  public func explain(
    _ condition: SegmentCondition, for member: MemberID, of programme: Programme, on day: CivilDay? = nil, at now: Instant
  ) async throws -> SegmentReason? {
    guard let (cube, codes, backdrop) = try snapshot else { return nil }
    let today = day ?? Self.today(programme, now)
    let register = try await register(of: programme, at: now, on: day)
    let facts = try await facts(for: condition, programme, cube, among: register, on: today, of: member, at: now)
    let named = try await events(of: condition, by: member, programme, on: today, at: now)
    let compiler = SegmentCompiler(
      cube: cube, codes: codes, backdrop: backdrop, register: register, today: today, zone: programme.settings.points.zone,
      facts: facts)
    let entry = register.entries.first { $0.id == member.raw }
    return SegmentExplaining(
      compiler: compiler, history: cube.history(of: member.raw, asOf: UInt16(clamping: today.number)), entry: entry,
      events: named
    )
    .reason(condition)
  }

  private static func today(_ programme: Programme, _ now: Instant) -> CivilDay {
    programme.settings.points.zone.civil(at: now).day
  }

  /// - Parameter day: who joined later is not among them; nil: everybody is.
  private func register(of programme: Programme, at now: Instant, on day: CivilDay?) async throws -> MemberRegister {
    let register = try await register(of: programme, at: now)
    return day.map { register.joined(by: $0, programme.settings.points.zone) } ?? register
  }

  private static func within(_ condition: SegmentCondition, _ asides: [Int64]) -> [[Int64]] {
    var rest = asides[...]
    return condition.parts.map { part in
      let own = Array(rest.prefix(part.members.count))
      rest = rest.dropFirst(own.count)
      return own
    }
  }

  private struct SegmentAnswer {
    let figures: SegmentFigures
    let cube: Cube
    let sets: [Bits]
    let strangers: [Int64]
  }

  private func segment(
    _ condition: SegmentCondition, of programme: Programme, on day: CivilDay?, at now: Instant, addsUp: Bool = true
  ) async throws
    -> SegmentAnswer?
  {
    guard let open = try current(isWatched: addsUp) else { return nil }
    let (cube, codes, backdrop) = (open.cube, open.contents.codes, open.backdrop)
    let register = try await register(of: programme, at: now, on: day)
    let began = ContinuousClock.now
    let today = day ?? Self.today(programme, now)
    let zone = programme.settings.points.zone
    let facts = try await facts(for: condition, programme, cube, among: register, on: today, at: now)
    let plan = try await Hands.run {
      SegmentPlan(condition, cube, codes, backdrop, register, today: today, zone: zone, facts: facts)
    }
    var asked = plan.question
    asked.addsUp = addsUp
    let out = addsUp ? try await whoIsCounted(by: today, of: programme, at: now).leftOut : []
    asked.without = out.isEmpty ? nil : LeftOut(out, of: cube)
    let question = asked
    async let found = cube.ask(question)
    let strangers = try await Hands.run { plan.strangers(cube) }
    let people = await found
    let reach = addsUp ? try await Hands.run { plan.reach(cube, people.sets, strangers.ids) } : SegmentReach()
    let took = (ContinuousClock.now - began).components
    let through = zip(people.through.dropFirst().map(\.members), strangers.through).map { $0 + $1 }
    let figures = SegmentFigures(
      through: through, alone: zip(people.alone.dropFirst(), strangers.alone).map { $0 + $1 }, members: through.last ?? 0,
      everybody: (people.through.first?.members ?? 0) + strangers.all, own: people.figures,
      within: Self.within(condition, zip(people.asides, strangers.asides).map { $0 + $1 }),
      fifths: people.mix.fifths(of: people.allMix), reach: reach,
      all: people.through.first ?? PeopleFigures(),
      leftOut: people.figures.leftOut + Int64(Set(out).intersection(strangers.ids).count), allLeftOut: Int64(out.count),
      day: today, milliseconds: took.seconds * 1_000 + took.attoseconds / 1_000_000_000_000_000)
    return SegmentAnswer(figures: figures, cube: cube, sets: people.sets, strangers: strangers.ids)
  }
}

/// Explains one member's place.
struct SegmentExplaining {
  /// Receipts that are named.
  private static let receipts = 5

  let compiler: SegmentCompiler
  let history: MemberHistory?
  /// Nil for who is no member, or was erased.
  let entry: MemberRegister.Entry?
  /// The member's latest events that each question counts.
  var events: [SegmentCondition.Deed: [SeenEvent]] = [:]

  func reason(_ condition: SegmentCondition) -> SegmentReason {
    switch condition {
    case .all(let parts): return joined(condition, parts) { $0.allSatisfy(\.holds) }
    case .any(let parts): return joined(condition, parts) { $0.contains(where: \.holds) }
    case .none(let parts): return joined(condition, parts) { !$0.contains(where: \.holds) }
    case .bought(let purchase, let amount, let bounds):
      return counted(condition, compiler.bought(purchase, amount.engine, bounds))
    case .lastBought(let purchase, let bounds): return counted(condition, compiler.bought(purchase, .daysSince, bounds))
    case .did(let deed, let bounds):
      let amount = entry.map { compiler.facts.deeds.count(deed, $0.id) }
      return SegmentReason(
        condition: condition, holds: amount.map(bounds.contains) ?? false, amount: amount, receipts: [],
        parts: [], events: events[deed] ?? [])
    case .points(let days, _):
      return SegmentReason(
        condition: condition, holds: entry.map { compiler.facts.answers(condition, $0.id) } ?? false,
        amount: entry.map { compiler.facts.points(of: $0.id, endingWithin: days) }, receipts: [], parts: [])
    case .scored(let scores):
      let mark = entry.flatMap { compiler.facts.mark(scores, of: $0.id) }
      var reason = SegmentReason(
        condition: condition, holds: mark.map(scores.holds) ?? false, amount: nil, receipts: [], parts: [])
      reason.marks = mark.map { "R\($0.recency) F\($0.frequency) M\($0.money)" }
      return reason
    case .sequence: return sequence(condition, compiler.question(condition))
    default:
      let holds = entry.map { compiler.facts.answers(condition, $0, today: compiler.today, zone: compiler.zone) } ?? false
      return SegmentReason(
        condition: condition, holds: holds, amount: entry.flatMap { amount(condition, $0.id) }, receipts: [], parts: [])
    }
  }

  /// Coupons that there are, and days since the first of the consents was given.
  private func amount(_ condition: SegmentCondition, _ member: Int64) -> Int64? {
    switch condition {
    case .coupons(let asked, _): compiler.facts.rights?.coupons(asked, of: member)
    case .agreed(let consents, _): compiler.facts.rights?.days(since: consents, of: member).max()
    default: nil
    }
  }

  private func joined(_ condition: SegmentCondition, _ parts: [SegmentCondition], _ holds: ([SegmentReason]) -> Bool)
    -> SegmentReason
  {
    let reasons = parts.map(reason)
    return SegmentReason(condition: condition, holds: holds(reasons) && entry != nil, amount: nil, receipts: [], parts: reasons)
  }

  private func sequence(_ condition: SegmentCondition, _ question: HistoryQuestion) -> SegmentReason {
    var receipts: [(id: Int64, day: UInt16)] = []
    if case .sequence(let first, let then, let days, let happens) = question {
      receipts = history?.receipts(first, then: then, within: days, happens: happens, limit: Self.receipts) ?? []
    }
    return SegmentReason(
      condition: condition, holds: history?.answer(question) ?? false, amount: nil,
      receipts: receipts.map { (ReceiptID($0.id), CivilDay(number: Int32($0.day))) }, parts: [])
  }

  private func counted(_ condition: SegmentCondition, _ bought: HistoryQuestion.Bought) -> SegmentReason {
    let isNever = bought.amount == .averageReceipt || bought.amount == .daysSince
    let amount = history.map { $0.amount(bought) } ?? (isNever ? nil : 0)
    let receipts = history?.receipts(bought, limit: Self.receipts) ?? []
    return SegmentReason(
      condition: condition, holds: amount.map(bought.range.contains) ?? false, amount: amount,
      receipts: receipts.map { (ReceiptID($0.id), CivilDay(number: Int32($0.day))) }, parts: [])
  }
}
