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
  /// The period before with which the members' past is told.
  public let before: ClosedRange<CivilDay>
  /// How probable these sizes are if the lot decided: far below one in a thousand they are no fair comparison.
  public let fairness: Double
  public let notes: DefinitionNotes

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
    let walk = try EffectWalk(
      question.filters, of: cube.frame, now: Self.days(question.first...question.last), before: Self.days(before),
      groups: people.groups, count: 2)
    let found = await Hands.walk(cube.peopleParts, from: walk.nothing) { part, found in
      walk.add(part, of: cube, to: &found)
    } joining: { all, one in
      all.add(one)
    }
    let effects = EffectValue.allCases.compactMap { value -> (EffectValue, Effect)? in
      // Where no cost is known there is no margin to speak of.
      guard value != .margin || found.groups.contains(where: { $0[value.rawValue] != EffectMoments() }) else { return nil }
      return Effect(found.groups[0][value.rawValue], found.groups[1][value.rawValue], counts: (people.served, people.control))
        .map { (value, $0) }
    }
    let check = ShareCheck(control: people.control, of: people.served + people.control, share: group.share)
    return EffectAnswer(
      question: question, group: group, served: people.served, control: people.control,
      effects: Dictionary(uniqueKeysWithValues: effects), before: before, fairness: check.p,
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
private struct EffectPeople: Sendable {
  let groups: [[UInt8]]
  private(set) var served: Int64 = 0
  private(set) var control: Int64 = 0

  init(
    _ register: MemberRegister, _ group: ControlGroup, _ segment: SegmentID?, _ question: EffectQuestion, _ zone: Zone,
    _ cube: Cube,
    without out: Set<Int64>
  ) {
    // By entry: 1 is served, 2 is kept apart.
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
    groups = register.spread(places, over: cube, other: 0)
  }
}
