import Conditions
import Kernel
import Storage

/// What of a member moved to the one who stands for them now, as `member_merge.moved` keeps it.
struct MovedIdentity {
  var kindBefore: MemberKind
  var kindAfter: MemberKind
  var personBefore: Person
  var personAfter: Person
  var identifiers: [Identifier] = []
  /// Segments that the survivor was not in.
  var segments: [SegmentID] = []
  /// Segments that the other was in, and since when.
  var left: [(segment: SegmentID, since: Instant)] = []
  /// Segments of which the survivor was said to be in or out for the other's sake, and what was said of the other.
  var choices: [SegmentID] = []
  var choicesLeft: [(segment: SegmentID, isIn: Bool)] = []
  /// A tier that was given by hand and that the survivor was given for it.
  var grant: TierGrantID?
  /// Choices of favourites before and behind the merge, as the row keeps them.
  var favouritesBefore: String?
  var favouritesAfter: String?
  /// Who had been merged into this member before.
  var family: [MemberID] = []

  var text: String {
    JSON.object([
      "kind": .array([.string(kindBefore.rawValue), .string(kindAfter.rawValue)]),
      "person": .array([Self.json(personBefore), Self.json(personAfter)]),
      "identifiers": .array(identifiers.map { .array([.string($0.kind.code), .string($0.value)]) }),
      "segments": .array(segments.map { .int($0.raw) }),
      "left": .array(left.map { .array([.int($0.segment.raw), .int($0.since.micros)]) }), "grant": grant.map { .int($0.raw) },
      "favourites": .array([favouritesBefore, favouritesAfter].map { $0.map(JSON.string) ?? .null }),
      "choices": choices.isEmpty ? nil : .array(choices.map { .int($0.raw) }),
      "choicesLeft": choicesLeft.isEmpty ? nil : .array(choicesLeft.map { .array([.int($0.segment.raw), .int($0.isIn ? 1 : 0)]) }),
      "family": .array(family.map { .int($0.raw) }),
    ]).compact
  }

  /// - Throws: `StorageFailure.damaged`.
  init(_ text: String) throws {
    let damaged = StorageFailure.damaged("member_merge.moved does not say what moved")
    let json = try storedJSON(text, in: "member_merge.moved")
    guard case .array(let kinds)? = json["kind"], kinds.count == 2, let one = kinds[0].word, let two = kinds[1].word,
      let kindBefore = MemberKind(rawValue: one), let kindAfter = MemberKind(rawValue: two),
      case .array(let people)? = json["person"], people.count == 2, case .array(let found)? = json["identifiers"],
      case .array(let favourites)? = json["favourites"], favourites.count == 2
    else { throw damaged }
    (self.kindBefore, self.kindAfter) = (kindBefore, kindAfter)
    (personBefore, personAfter) = (Self.person(people[0]), Self.person(people[1]))
    identifiers = try found.map { pair in
      guard case .array(let parts) = pair, parts.count == 2, let kind = parts[0].word.flatMap({ IdentifierKind($0) }),
        let value = parts[1].word, let identifier = Identifier(kind: kind, verbatim: value)
      else { throw damaged }
      return identifier
    }
    segments = json["segments"].numbers.map { SegmentID($0) }
    if case .array(let pairs)? = json["left"] {
      left = pairs.map { JSON?.some($0).numbers }.filter { $0.count == 2 }.map { (SegmentID($0[0]), Instant(micros: $0[1])) }
    }
    choices = json["choices"].numbers.map { SegmentID($0) }
    if case .array(let pairs)? = json["choicesLeft"] {
      choicesLeft = pairs.map { JSON?.some($0).numbers }.filter { $0.count == 2 }.map { (SegmentID($0[0]), $0[1] != 0) }
    }
    family = json["family"].numbers.map { MemberID($0) }
    if case .int(let raw)? = json["grant"] { grant = TierGrantID(raw) }
    (favouritesBefore, favouritesAfter) = (favourites[0].word, favourites[1].word)
  }

  init(_ survivor: Member, becoming after: (kind: MemberKind, person: Person)) {
    (kindBefore, kindAfter) = (survivor.kind, after.kind)
    (personBefore, personAfter) = (survivor.person ?? Person(), after.person)
  }

  private static func json(_ person: Person) -> JSON {
    .object([
      "familyName": person.familyName.map(JSON.string), "givenName": person.givenName.map(JSON.string),
      "patronymic": person.patronymic.map(JSON.string), "birthday": person.birthday.map { .int(Int64($0.number)) },
      "sex": (person.sex?.rawValue).map(JSON.string), "language": (person.language?.rawValue).map(JSON.string),
      "city": person.city.map(JSON.string), "attributes": person.attributes.isEmpty ? nil : person.attributes.json,
    ])
  }

  private static func person(_ json: JSON) -> Person {
    var person = Person(
      familyName: json["familyName"]?.word, givenName: json["givenName"]?.word, patronymic: json["patronymic"]?.word,
      sex: (json["sex"]?.word).flatMap(Person.Sex.init(rawValue:)),
      language: (json["language"]?.word).flatMap(Person.Language.init(rawValue:)), city: json["city"]?.word,
      attributes: json["attributes"].map { Attributes(JSONNode($0), lists: true) } ?? Attributes())
    if case .int(let number)? = json["birthday"] { person.birthday = CivilDay(number: Int32(truncatingIfNeeded: number)) }
    return person
  }
}

extension JSON {
  fileprivate var word: String? { if case .string(let text) = self { text } else { nil } }
}

extension JSON? {
  fileprivate var numbers: [Int64] {
    guard case .array(let items)? = self else { return [] }
    return items.compactMap { if case .int(let number) = $0 { number } else { nil } }
  }
}
