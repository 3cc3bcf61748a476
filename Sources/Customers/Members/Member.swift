import Access
import Conditions
import Kernel

/// One in a programme, without what makes a person of it.
public struct Member: Hashable, Sendable {
  public enum Status: String, Sendable, CaseIterable {
    case active
    /// Found, but may neither earn nor spend until unblocked.
    case blocked
    /// The person asked to be forgotten: facts stay, the person is gone.
    case erased
  }

  public let id: MemberID
  public let kind: MemberKind
  public let status: Status
  public let joinedAt: Instant
  public let joinedIn: StoreID?
  /// Nil for cards without a person, and after an erasure.
  public let person: Person?
  /// Who stands for this member since the two were found to be one person.
  public let mergedInto: MemberID?
}

/// What is known of whom: personal data, in a table of its own.
public struct Person: Hashable, Sendable {
  public enum Sex: String, Sendable, CaseIterable { case female, male }
  public enum Language: String, Sendable, CaseIterable { case ru, en }

  public var familyName: String?
  public var givenName: String?
  public var patronymic: String?
  public var birthday: CivilDay?
  public var sex: Sex?
  public var language: Language?
  public var city: String?
  public var attributes: Attributes

  public init(
    familyName: String? = nil, givenName: String? = nil, patronymic: String? = nil, birthday: CivilDay? = nil, sex: Sex? = nil,
    language: Language? = nil, city: String? = nil, attributes: Attributes = Attributes()
  ) {
    self.familyName = familyName
    self.givenName = givenName
    self.patronymic = patronymic
    self.birthday = birthday
    self.sex = sex
    self.language = language
    self.city = city
    self.attributes = attributes
  }

  public var isEmpty: Bool { self == Person() }

  /// - Parameter today: birthdays lie in the past, but not before 1900.
  func check(at pointer: String, today: CivilDay, _ issues: IssueList) {
    let texts = [("familyName", familyName), ("givenName", givenName), ("patronymic", patronymic), ("city", city)]
    for (member, text) in texts {
      if let text { checkName(text, at: "\(pointer)/\(member)", issues) }
    }
    if let birthday, birthday > today || birthday.parts.year < 1900 {
      issues.add(pointer + "/birthday", "not_a_birthday", "a birthday from 1900 until today is expected, not \(birthday)")
    }
    attributes.check(at: pointer + "/attributes", issues)
  }
}

/// A member as an import or a registration tells of it.
public struct MemberDetails: Hashable, Sendable {
  /// The retailer's own code; an import finds members by it.
  public let code: String?
  public let kind: MemberKind
  /// Beside the code: phone, cards, e-mail, app codes.
  public let identifiers: [Identifier]
  public let person: Person
  public let joinedAt: Instant
  public let joinedIn: StoreID?

  public init(
    code: String? = nil, kind: MemberKind = .person, identifiers: [Identifier] = [], person: Person = Person(), joinedAt: Instant,
    joinedIn: StoreID? = nil
  ) {
    self.code = code
    self.kind = kind
    self.identifiers = identifiers
    self.person = person
    self.joinedAt = joinedAt
    self.joinedIn = joinedIn
  }

  /// The code among the other identifiers, without repetitions.
  var allIdentifiers: [Identifier] {
    var all = code.flatMap { Identifier(external: $0) }.map { [$0] } ?? []
    for identifier in identifiers where !all.contains(identifier) { all.append(identifier) }
    return all
  }
}
