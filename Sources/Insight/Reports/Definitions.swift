import Conditions
import Cube
import Kernel

/// What the words of reports mean in one account: when somebody is active, asleep or lost, and whose receipts are not looked at.
///
/// Versions are dated and never edited, so that a report says which one it used and can be made again.
public struct Definitions: Hashable, Sendable {
  /// Bought within so many days: active. Within `lostAfter`: asleep. Else lost.
  public var activeDays = 60
  public var lostAfter = 180
  /// New for so many days from the first purchase, in the report of the life cycle.
  public var newDays = 30
  /// Redemption is what was spent of what was earned in so many days.
  public var redemptionDays = 364
  /// A session ends where a visitor does nothing for so many minutes and the site does not say otherwise.
  public var sessionMinutes = 30
  /// What a visitor did without a name counts for whoever signs in within so many days.
  public var visitorDays = 30
  /// A purchase is put down to a session of its member that was at most so many days before.
  public var attributionDays = 30
  /// Kinds of members whose receipts are in no report, pivot, dashboard or effect that does not ask for everybody, and segments by their
  /// codes.
  public var kindsLeftOut: [MemberKind] = [.employee, .storeCard, .test]
  public var segmentsLeftOut: [String] = []

  public init() {}

  /// The longest of its lengths, in days.
  static let longest: Int64 = 3_660
  static let segments = 20

  /// Whether purchases of such a member are in reports. - Parameter segments: by their codes, that the member is in.
  public func counts(_ kind: MemberKind, in segments: [String]) -> Bool {
    !kindsLeftOut.contains(kind) && Set(segmentsLeftOut).isDisjoint(with: segments)
  }

  var spans: LifeSpans { LifeSpans(active: activeDays, sleeping: lostAfter) }

  /// - Throws: `Problem.invalid` with every place to mend.
  public init(_ json: JSON) throws(Problem) {
    let node = JSONNode(json)
    node.expect(
      "activeDays", "lostAfter", "newDays", "redemptionDays", "sessionMinutes", "visitorDays", "attributionDays", "kindsLeftOut",
      "segmentsLeftOut")
    func days(_ key: String) -> Int? { node[key].required() ? node[key].int(1...Self.longest).map(Int.init) : nil }
    if let days = days("activeDays") { activeDays = days }
    if let days = days("lostAfter") { lostAfter = days }
    if let days = days("newDays") { newDays = days }
    if let days = days("redemptionDays") { redemptionDays = days }
    // Versions of before sessions were counted do not have them.
    func later(_ key: String, _ most: Int64) -> Int? { node[key].isPresent ? node[key].int(1...most).map(Int.init) : nil }
    if let minutes = later("sessionMinutes", 24 * 60) { sessionMinutes = minutes }
    if let days = later("visitorDays", 365) { visitorDays = days }
    if let days = later("attributionDays", 365) { attributionDays = days }
    kindsLeftOut = node["kindsLeftOut"].items(max: MemberKind.allCases.count).compactMap { $0.word() }
    segmentsLeftOut = node["segmentsLeftOut"].items(max: Self.segments).compactMap { $0.text(max: Limits.code) }
    if lostAfter <= activeDays {
      node["lostAfter"].refuse("out_of_range", "somebody is lost after more days than they are active")
    }
    try node.issues.check("the definitions")
  }

  public var json: JSON {
    .object([
      "activeDays": .int(Int64(activeDays)), "lostAfter": .int(Int64(lostAfter)), "newDays": .int(Int64(newDays)),
      "redemptionDays": .int(Int64(redemptionDays)),
      "sessionMinutes": .int(Int64(sessionMinutes)), "visitorDays": .int(Int64(visitorDays)),
      "attributionDays": .int(Int64(attributionDays)), "kindsLeftOut": .array(kindsLeftOut.map { .string($0.rawValue) }),
      "segmentsLeftOut": .array(segmentsLeftOut.map(JSON.string)),
    ])
  }
}

/// A version of the definitions as an account has it.
public struct DefinitionVersion: Hashable, Sendable {
  /// 0: those that come with the program and the programme's settings; nobody has saved others.
  public let version: Int64
  /// Reports whose period ends on this day or later use it.
  public let startsOn: CivilDay
  public let definitions: Definitions
  public let actor: String
  public let madeAt: Instant?

  /// - Parameter kinds: whom the programme's settings leave out of reports.
  public static func readyMade(leavingOut kinds: [MemberKind]) -> DefinitionVersion {
    var definitions = Definitions()
    definitions.kindsLeftOut = MemberKind.allCases.filter(kinds.contains)
    return DefinitionVersion(version: 0, startsOn: CivilDay(number: 0), definitions: definitions, actor: "", madeAt: nil)
  }

  init(version: Int64, startsOn: CivilDay, definitions: Definitions, actor: String, madeAt: Instant?) {
    (self.version, self.startsOn, self.definitions) = (version, startsOn, definitions)
    (self.actor, self.madeAt) = (actor, madeAt)
  }
}
