import Kernel

/// By what two members may be one person, or may not.
public enum LikeReason: String, Sendable, CaseIterable {
  case phone, email, card, birthday, name
  case nameSwapped = "name_swapped"
  case nameSimilar = "name_similar"
  case birthdayDiffers = "birthday_differs"
  case sexDiffers = "sex_differs"

  /// Out of a hundred. What finds a member weighs most; a birthday that differs nearly alone outweighs it, since numbers are given to others.
  var weight: Int {
    switch self {
    case .phone, .card: 60
    case .email: 55
    case .birthday: 40
    case .name: 35
    case .nameSwapped: 30
    case .nameSimilar: 20
    case .birthdayDiffers: -50
    case .sexDiffers: -20
    }
  }

  public var speaksAgainst: Bool { weight < 0 }
}

/// What of a member tells whether another is the same person.
struct Likeness {
  let member: MemberID
  private let family: NameForm?
  private let given: NameForm?
  private let birthday: CivilDay?
  private let sex: Person.Sex?
  private let phones: Set<String>
  private let cards: Set<String>
  private let emails: Set<String>

  init(_ member: MemberID, _ person: Person?, _ identifiers: [Identifier]) {
    self.member = member
    family = NameForm(person?.familyName)
    given = NameForm(person?.givenName)
    birthday = person?.birthday
    sex = person?.sex
    phones = Set(identifiers.filter { $0.kind == .phone }.compactMap { Self.number($0.value) })
    emails = Set(identifiers.filter { $0.kind == .email }.map { Self.mailbox($0.value) })
    cards = Set(identifiers.filter { $0.kind != .phone && $0.kind != .email }.compactMap { Self.number($0.value) })
  }

  /// The score from which a pair is worth somebody's look.
  static var least: Int { 50 }

  /// Numbers under which members who may be this one are found: equal ones in the table are looked at side by side.
  func keys() -> Set<Int64> {
    var keys: Set<Int64> = []
    func add(_ parts: String...) {
      var hash = StableHash()
      for part in parts { hash.mix(part) }
      keys.insert(Int64(bitPattern: hash.value))
    }
    // One sort for all numbers: a telephone may stand as somebody's code, and a card as another system's.
    for number in phones.union(cards) { add("number", number) }
    for mailbox in emails { add("email", mailbox) }
    if let birthday {
      for name in [family, given] {
        if let name { add("birthday", "\(birthday.number)", String(decoding: name.skeleton, as: UTF8.self)) }
      }
    }
    return keys
  }

  /// How alike two are, 1 to 100, and by what; nil where it is not worth a look.
  static func compare(_ one: Likeness, _ other: Likeness) -> (score: Int, reasons: [LikeReason])? {
    var reasons: [LikeReason] = []
    if !one.phones.isDisjoint(with: other.phones.union(other.cards)) || !one.cards.isDisjoint(with: other.phones) {
      reasons.append(.phone)
    }
    if !one.emails.isDisjoint(with: other.emails) { reasons.append(.email) }
    if !one.cards.isDisjoint(with: other.cards) { reasons.append(.card) }
    if let day = one.birthday, let birthday = other.birthday { reasons.append(day == birthday ? .birthday : .birthdayDiffers) }
    if let likeness = names(one, other) { reasons.append(likeness) }
    if let sex = one.sex, let second = other.sex, sex != second { reasons.append(.sexDiffers) }
    let score = min(100, reasons.reduce(0) { $0 + $1.weight })
    return score >= least ? (score, reasons) : nil
  }

  /// A name that is not known at all says nothing; one that is known must be alike in both parts.
  private static func names(_ one: Likeness, _ other: Likeness) -> LikeReason? {
    guard let family = one.family, let given = one.given, let second = other.family, let first = other.given else { return nil }
    if family == second && given == first { return .name }
    if family == first && given == second { return .nameSwapped }
    let isStraight = family.isLike(second) && given.isLike(first)
    return isStraight || family.isLike(first) && given.isLike(second) ? .nameSimilar : nil
  }

  /// The digits that matter: without zeros before them, and without the 7 or 8 before a Russian number. Nil for fewer than seven digits, which
  /// too many things share.
  private static func number(_ text: String) -> String? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 43 || $0 == 45 || $0 == 32 || $0 == 40 || $0 == 41 }) else {
      return nil
    }
    var digits = text.filter { ("0"..."9").contains($0) }.drop { $0 == "0" }
    if digits.count == 11, let first = digits.first, first == "7" || first == "8" { digits = digits.dropFirst() }
    return digits.count >= 7 ? String(digits) : nil
  }

  /// A letter to one of these forms comes to the same box: what stands behind a plus, dots in the name at Google, the names of Yandex.
  private static func mailbox(_ email: String) -> String {
    let parts = email.lowercased().split(separator: "@", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return email.lowercased() }
    var name = String(parts[0].prefix { $0 != "+" })
    var domain = parts[1]
    if domain == "googlemail.com" { domain = "gmail.com" }
    if domain == "gmail.com" { name.removeAll { $0 == "." } }
    if ["ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua"].contains(domain) { domain = "yandex.ru" }
    if domain == "yandex.ru" { name = String(name.map { $0 == "." ? "-" : $0 }) }
    return name + "@" + domain
  }
}
