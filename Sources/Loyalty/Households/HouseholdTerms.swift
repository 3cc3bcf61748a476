import Conditions
import Customers
import Kernel

/// Who of a household may spend the points of the others.
public enum HouseholdSpenders: String, Sendable, CaseIterable {
  case owner
  /// Whose birthday says that they are of age; who gave none is not.
  case adults
  case everyone

  /// The age from which somebody is of age.
  static var age: Int { 18 }

  func allows(_ member: MemberID, born birthday: CivilDay?, owner: MemberID, on day: CivilDay) -> Bool {
    switch self {
    case .owner: return member == owner
    case .everyone: return true
    case .adults:
      guard let birthday else { return member == owner }
      return member == owner || birthday.adding(months: 12 * Self.age) <= day
    }
  }
}

/// How a programme lets members come together in households.
public struct HouseholdTerms: Hashable, Sendable {
  /// Members pay with each other's points; otherwise a household is only something that rules can ask about.
  public var pools: Bool
  /// At most so many members, the owner counted.
  public var members: Int
  /// What a household begins with; its owner may change it.
  public var spenders: HouseholdSpenders
  /// After leaving one household nobody joins another for so many days.
  public var coolingOffDays: Int
  public var invitationDays: Int
  /// Kinds of members that may join.
  public var kinds: [MemberKind]

  public init(
    pools: Bool = true, members: Int = 6, spenders: HouseholdSpenders = .everyone, coolingOffDays: Int = 30,
    invitationDays: Int = 7,
    kinds: [MemberKind] = [.person, .anonymous]
  ) {
    self.pools = pools
    self.members = members
    self.spenders = spenders
    self.coolingOffDays = coolingOffDays
    self.invitationDays = invitationDays
    self.kinds = kinds
  }

  /// Nil where the node is absent: the programme has no households. What is left out has its default.
  public init?(_ node: JSONNode) {
    guard node.isPresent else { return nil }
    node.expect("pools", "members", "spenders", "coolingOffDays", "invitationDays", "kinds")
    self.init()
    pools = node["pools"].bool() ?? pools
    members = node["members"].int(2...Int64(Limits.household)).map { Int($0) } ?? members
    spenders = node["spenders"].word() ?? spenders
    coolingOffDays = node["coolingOffDays"].int(0...365).map { Int($0) } ?? coolingOffDays
    invitationDays = node["invitationDays"].int(1...90).map { Int($0) } ?? invitationDays
    if node["kinds"].isPresent { kinds = node["kinds"].items(max: MemberKind.allCases.count).compactMap { $0.word() } }
  }

  var json: JSON {
    .object([
      "pools": .bool(pools), "members": .int(Int64(members)), "spenders": .string(spenders.rawValue),
      "coolingOffDays": .int(Int64(coolingOffDays)), "invitationDays": .int(Int64(invitationDays)),
      "kinds": .array(kinds.map { .string($0.rawValue) }),
    ])
  }
}
