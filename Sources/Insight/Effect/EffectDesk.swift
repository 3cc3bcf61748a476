import Access
import Calculator
import Conditions
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// What is asked: whom a control group is compared with, when, and in which goods and places.
public struct EffectQuestion: Hashable, Sendable {
  /// The promotion whose own control group is meant; nil: the programme's.
  public var promotion: String?
  /// Only members of this segment, by its code; nil: all.
  public var segment: String?
  public var first: CivilDay
  public var last: CivilDay
  /// Which lines count, as in a pivot.
  public var filters: [Pivot.Filter] = []
  /// With those whom the definitions leave out, too.
  public var isOfEverybody = false
  /// Other values beside the usual ones, at most `mostValues`; formulas settled.
  public var values: [Measure] = []

  public static let mostValues = 8

  public init(first: CivilDay, last: CivilDay, promotion: String? = nil, segment: String? = nil) {
    (self.first, self.last, self.promotion, self.segment) = (first, last, promotion, segment)
  }

  /// As many days before, all of them before the group's first.
  func before(_ begin: CivilDay) -> ClosedRange<CivilDay> {
    let end = min(first, begin).adding(days: -1)
    return end.adding(days: first - last)...end
  }

  /// - Throws: `Problem.invalid`.
  func check() throws(Problem) {
    guard values.count <= Self.mostValues else {
      let issue = Issue(
        pointer: "/values", code: "too_many", message: "at most \(Self.mostValues) values are compared beside the usual ones")
      throw Problem(.invalid, "invalid_input", issue.message, issues: [issue])
    }
    guard first <= last else {
      let issue = Issue(pointer: "/to", code: "before_first", message: "the last day is before the first")
      throw Problem(.invalid, "invalid_input", issue.message, issues: [issue])
    }
  }
}

/// The answer: two groups, and how they differ in each value.
public struct EffectAnswer: Sendable {
  public let question: EffectQuestion
  /// From when the group has been kept apart, and its share.
  public let group: ControlGroup
  /// Members who joined before the period, those who bought nothing included.
  public let served: Int64
  public let control: Int64
  /// By value; nil where a group is too small.
  public let effects: [EffectValue: Effect]
  /// What was asked for beside them, in its order; without an effect where a group is too small, or nothing there to divide by.
  public let asked: [Asked]
  /// The period before with which the members' past is told.
  public let before: ClosedRange<CivilDay>
  /// How probable these sizes are if the lot decided: far below one in a thousand they are no fair comparison.
  public let fairness: Double
  public let notes: DefinitionNotes

  public struct Asked: Sendable {
    public let measure: Measure
    /// Of one member; else a quotient, of which there is no sum over all.
    public let isPerMember: Bool
    public let effect: Effect?
  }

  public var isFair: Bool { fairness >= 0.001 }
  public subscript(value: EffectValue) -> Effect? { effects[value] }
}

extension CubeKeeper {
  /// Compares whom a control group is kept from with those who get everything. One walk over the receipts of both periods.
  ///
  /// Members count who joined before the first day: both groups then had the whole period. Who is in which group is told by the group's
  /// own lot, as tills tell it.
  /// - Returns: nil while there is no cube.
  /// - Throws: `Problem.invalid`, `Problem.notFound` for a promotion or segment that is not there, `Problem.conflict` (`no_control_group`)
  ///   where nobody is kept apart, or was not by then.
  public func effect(_ question: EffectQuestion, of programme: Programme, at now: Instant) async throws -> EffectAnswer? {
    try question.check()
    let terms = try question.values.map { try EffectTerm($0) }
    let group = try await controlGroup(question, programme)
    let dimensions = Set(question.filters.map(\.dimension))
    guard let cube = try await cube(knowing: dimensions, of: programme, at: now) else { return nil }
    let register = try await register(of: programme, at: now)
    let segment = try await segment(question.segment, programme)
    let who = try await whoIsCounted(by: question.last, of: programme, at: now)
    let out = question.isOfEverybody ? [] : who.leftOut
    let zone = programme.settings.points.zone
    let before = question.before(zone.civil(at: group.since).day)
    let people = await Hands.quietly { EffectPeople(register, group, segment, question, zone, cube, without: Set(out)) }
    let expired = try await expired(question, before, terms, programme, register, cube, at: now)
    let asking = EffectAsked(terms, expired: expired.map { ($0.now.byPlace, $0.before.byPlace) })
    let walk = try EffectWalk(
      question.filters, of: cube.frame, now: Self.days(question.first...question.last), before: Self.days(before),
      groups: people.groups, count: 2, asking: asking)
    var found = await Hands.walk(cube.peopleParts, from: walk.nothing) { part, found in
      walk.add(part, of: cube, to: &found)
    } joining: { all, one in
      all.add(one)
    }
    if let expired { people.addStrangers(expired.now, expired.before, asking, register, cube, to: &found) }
    let check = ShareCheck(control: people.control, of: people.served + people.control, share: group.share)
    return EffectAnswer(
      question: question, group: group, served: people.served, control: people.control,
      effects: people.effects(found), asked: people.effects(of: terms, found, asking), before: before, fairness: check.p,
      notes: DefinitionNotes(who, DefinitionTerm.effect, isOfEverybody: question.isOfEverybody))
  }

  private static func days(_ days: ClosedRange<CivilDay>) -> ClosedRange<UInt16> {
    UInt16(clamping: days.lowerBound.number)...UInt16(clamping: days.upperBound.number)
  }

  private func controlGroup(_ question: EffectQuestion, _ programme: Programme) async throws -> ControlGroup {
    let group: ControlGroup?
    if let code = question.promotion {
      let known = try await database.read { tx in try Promotions(of: programme).promotions(codes: [code], in: &tx)[code] }
      guard let known else { throw Problem(.notFound, "promotion_unknown", "there is no promotion \(code)") }
      group = ControlGroup(known.body["control"])
    } else {
      group = programme.settings.terms.control
    }
    guard let group, group.share.ppm > 0, programme.settings.points.zone.civil(at: group.since).day <= question.last else {
      let whose = question.promotion.map { "the promotion \($0)" } ?? "the programme"
      throw Problem(
        .conflict, "no_control_group",
        "\(whose) keeps nobody apart in that period: give it a control group, and look again when some weeks have passed")
    }
    return group
  }

  private func segment(_ code: String?, _ programme: Programme) async throws -> SegmentID? {
    guard let code else { return nil }
    let found = try await database.read { tx in try Segments(of: programme.account).segments(codes: [code], in: &tx)[code]?.id }
    guard let found else { throw Problem(.notFound, "segment_unknown", "there is no segment \(code)") }
    return found
  }
}

/// Who is compared: one byte for each member of the cube.
struct EffectPeople: Sendable {
  let groups: [[UInt8]]
  /// The same by entry of the register: 1 is served, 2 is kept apart.
  let byEntry: [UInt8]
  private(set) var served: Int64 = 0
  private(set) var control: Int64 = 0

  init(
    _ register: MemberRegister, _ group: ControlGroup, _ segment: SegmentID?, _ question: EffectQuestion, _ zone: Zone,
    _ cube: Cube,
    without out: Set<Int64>
  ) {
    var (places, counts) = ([UInt8](), (served: Int64(0), control: Int64(0)))
    places.reserveCapacity(register.entries.count)
    let late = max(group.since, Instant(micros: 0))
    for entry in register.entries {
      let isIn =
        zone.civil(at: entry.joinedAt).day < question.first && (segment.map { entry.segments.contains($0) } ?? true)
        && !out.contains(entry.id)
      let isControl = group.contains(MemberID(entry.id), at: late)
      places.append(!isIn ? 0 : isControl ? 2 : 1)
      if isIn { if isControl { counts.control += 1 } else { counts.served += 1 } }
    }
    (served, control) = counts
    byEntry = places
    groups = register.spread(places, over: cube, other: 0)
  }

  func effects(_ found: EffectFound) -> [EffectValue: Effect] {
    let all = EffectValue.allCases.compactMap { value -> (EffectValue, Effect)? in
      // Where no cost is known there is no margin to speak of.
      guard value != .margin || found.groups.contains(where: { $0[value.rawValue] != EffectMoments() }) else { return nil }
      return Effect(found.groups[0][value.rawValue], found.groups[1][value.rawValue], counts: (served, control)).map { (value, $0) }
    }
    return Dictionary(uniqueKeysWithValues: all)
  }

  func effects(of terms: [EffectTerm], _ found: EffectFound, _ asked: EffectAsked) -> [EffectAnswer.Asked] {
    terms.map { term in
      EffectAnswer.Asked(
        measure: term.measure, isPerMember: term.isPerMember,
        effect: Effect(term, found.matrices[0], found.matrices[1], atoms: asked.atoms, counts: (served, control)))
    }
  }
}
