import Access
import Conditions
import Kernel

/// What an account says of an attribute that its members may have: how it is called, what it may hold, and who may see and change it.
public struct MemberFieldDetails: Coded {
  public typealias Of = Entity.MemberField
  public static var noun: String { "member_field" }

  public enum Kind: Hashable, Sendable {
    /// At most so many characters.
    case text(Int)
    case number(atLeast: Int64?, atMost: Int64?)
    case day
    case flag
    /// One code of a dictionary.
    case one(of: String)
    /// So many codes of a dictionary at most.
    case several(of: String, atMost: Int)

    public enum Word: String, Sendable, CaseIterable { case text, number, day, flag, one, several }

    public var word: Word {
      switch self {
      case .text: .text
      case .number: .number
      case .day: .day
      case .flag: .flag
      case .one: .one
      case .several: .several
      }
    }

    /// The dictionary whose codes it holds.
    public var dictionary: String? {
      switch self {
      case .one(let code), .several(let code, _): code
      case .text, .number, .day, .flag: nil
      }
    }

    /// True for what analysis can be cut by: few values, each with a name.
    public var isDimension: Bool {
      switch self {
      case .flag, .one, .several: true
      case .text, .number, .day: false
      }
    }
  }

  /// The attribute's name in conditions, files and the interface; unique in the account.
  public let code: String
  public let name: LocalText
  /// What it is for, for whoever fills it in; may be empty.
  public let note: String
  /// Under which heading the card shows it; empty: with the others.
  public let group: String
  public let kind: Kind
  /// The card's form is not saved without it. Tills, files and other systems may leave it out.
  public let isRequired: Bool
  /// Shown to whoever may see persons, and told to nobody else.
  public let isPersonal: Bool
  /// Who may see and who may change it, beside owners; empty: everybody who may see, or change, members.
  public let seenBy: [Role]
  public let changedBy: [Role]
  /// Fields stand in this order, then by code.
  public let rank: Int

  public init(
    code: String, name: LocalText, note: String = "", group: String = "", kind: Kind, isRequired: Bool = false,
    isPersonal: Bool = false, seenBy: [Role] = [], changedBy: [Role] = [], rank: Int = 0
  ) {
    self.code = code
    self.name = name
    self.note = note
    self.group = group
    self.kind = kind
    self.isRequired = isRequired
    self.isPersonal = isPersonal
    self.seenBy = Role.allCases.filter(seenBy.contains)
    self.changedBy = Role.allCases.filter(changedBy.contains)
    self.rank = rank
  }

  /// - Parameter seesPersons: whether the role may see personal data at all.
  public func isSeen(by role: Role, seesPersons: Bool) -> Bool {
    (!isPersonal || seesPersons) && (role == .owner || seenBy.isEmpty || seenBy.contains(role))
  }

  /// What one may not see one may not change either.
  public func isChanged(by role: Role, seesPersons: Bool) -> Bool {
    isSeen(by: role, seesPersons: seesPersons) && (role == .owner || changedBy.isEmpty || changedBy.contains(role))
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
    if note.count > Limits.text { issues.add(pointer + "/note", "too_long", "at most \(Limits.text) characters are allowed here") }
    if group.count > Limits.name {
      issues.add(pointer + "/group", "too_long", "at most \(Limits.name) characters are allowed here")
    }
    // Addresses, filters and files write it beside these.
    if code.contains(where: { ":=,/\"".contains($0) }) {
      issues.add(pointer + "/code", "not_a_code", "an attribute's code has no colon, comma, slash, quote or equals sign")
    }
    switch kind {
    case .text(let most) where !(1...Limits.name).contains(most):
      issues.add(pointer + "/most", "out_of_range", "a text has at most 1 to \(Limits.name) characters, not \(most)")
    case .number(let least?, let most?) where least > most:
      issues.add(pointer + "/atMost", "out_of_range", "the largest number is not below the smallest")
    case .several(_, let most) where !(1...Limits.fieldValues).contains(most):
      issues.add(pointer + "/most", "out_of_range", "1 to \(Limits.fieldValues) values at once, not \(most)")
    case .text, .number, .day, .flag, .one, .several: break
    }
  }
}

extension MemberFieldDetails {
  public var json: JSON {
    func roles(_ list: [Role]) -> JSON? { list.isEmpty ? nil : .array(list.map { .string($0.rawValue) }) }
    var limits: [JSON.Member] = []
    switch kind {
    case .text(let most): limits = [JSON.Member("most", .int(Int64(most)))]
    case .number(let least, let most):
      limits = [least.map { JSON.Member("atLeast", .int($0)) }, most.map { JSON.Member("atMost", .int($0)) }].compactMap { $0 }
    case .day, .flag: break
    case .one(let dictionary): limits = [JSON.Member("dictionary", .string(dictionary))]
    case .several(let dictionary, let most):
      limits = [JSON.Member("dictionary", .string(dictionary)), JSON.Member("most", .int(Int64(most)))]
    }
    let head: JSON = .object([
      "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "note": note.isEmpty ? nil : .string(note),
      "group": group.isEmpty ? nil : .string(group), "kind": .string(kind.word.rawValue), "required": isRequired ? true : nil,
      "personal": isPersonal ? true : nil, "seenBy": roles(seenBy), "changedBy": roles(changedBy),
      "rank": rank == 0 ? nil : .int(Int64(rank)),
    ])
    guard case .object(let members) = head else { return head }
    return .object(members + limits)
  }

  /// Reads what `json` wrote, and what files say. Nil, and noted, where it cannot be.
  public init?(code: String, _ node: JSONNode) {
    node.expect(
      "code", "name", "note", "group", "kind", "required", "personal", "seenBy", "changedBy", "rank", "most", "atLeast", "atMost",
      "dictionary")
    let name = LocalText(ru: node["name"]["ru"].text() ?? "", en: node["name"]["en"].text() ?? node["name"]["ru"].text() ?? "")
    guard node["kind"].required(), let word = node["kind"].word(Kind.Word.self) else { return nil }
    let kind: Kind
    switch word {
    case .text: kind = .text(Int(node["most"].int(1...Int64(Limits.name)) ?? Int64(Limits.name)))
    case .number: kind = .number(atLeast: node["atLeast"].int(), atMost: node["atMost"].int())
    case .day: kind = .day
    case .flag: kind = .flag
    case .one, .several:
      guard node["dictionary"].required(), let dictionary = node["dictionary"].text(max: Limits.code) else { return nil }
      let most = Int(node["most"].int(1...Int64(Limits.fieldValues)) ?? Int64(Limits.fieldValues))
      kind = word == .one ? .one(of: dictionary) : .several(of: dictionary, atMost: most)
    }
    self.init(
      code: code, name: name, note: node["note"].text(max: Limits.text) ?? "", group: node["group"].text() ?? "", kind: kind,
      isRequired: node["required"].bool() ?? false, isPersonal: node["personal"].bool() ?? false,
      seenBy: node["seenBy"].items(max: Role.allCases.count).compactMap { $0.word() },
      changedBy: node["changedBy"].items(max: Role.allCases.count).compactMap { $0.word() },
      rank: Int(node["rank"].int(0...10_000) ?? 0))
  }
}

/// What is said of a list of values that fields choose from.
public struct DictionaryDetails: Coded {
  public typealias Of = Entity.Dictionary
  public static var noun: String { "dictionary" }

  /// Unique in the account.
  public let code: String
  public let name: LocalText

  public init(code: String, name: LocalText) {
    self.code = code
    self.name = name
  }

  public var json: JSON { .object(["name": .object(["ru": .string(name.ru), "en": .string(name.en)])]) }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
  }
}

/// One value of a dictionary. It is never taken away: members may have it; archived it can be chosen no more.
public struct DictionaryValue: Hashable, Sendable {
  /// Unique in the dictionary; what members have.
  public let code: String
  public let name: LocalText
  /// Values stand in this order, then by code.
  public let rank: Int
  public let isArchived: Bool

  public init(code: String, name: LocalText, rank: Int = 0, isArchived: Bool = false) {
    self.code = code
    self.name = name
    self.rank = rank
    self.isArchived = isArchived
  }

  func check(at pointer: String, _ issues: IssueList) {
    if !isCode(code) || code.contains(where: { ",;\"".contains($0) }) {
      issues.add(
        pointer + "/code", "not_a_code",
        "a value's code has 1 to \(Limits.code) bytes, no comma, semicolon or quote and no spaces around it")
    }
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
    if !(0...1_000_000).contains(rank) { issues.add(pointer + "/rank", "out_of_range", "an order lies between 0 and 1000000") }
  }
}
