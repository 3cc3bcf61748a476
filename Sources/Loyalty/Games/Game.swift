import Access
import Calculator
import Kernel

/// A game that members play with turns: what it is called, when and how often it is played, and what can be won.
public struct GameDetails: Coded {
  public typealias Of = Entity.Game
  public static var noun: String { "game" }

  /// How a screen shows the draw; the draw itself is the same.
  public enum Kind: String, Sendable, CaseIterable { case wheel, scratch, hunt }

  /// Unique in the programme whatever its case.
  public let code: String
  public let name: LocalText
  public let kind: Kind
  /// Played from the first instant until before the second; nil: open.
  public let from: Instant?
  public let until: Instant?
  /// Draws that one member has a day; nil: as many as there are turns.
  public let memberDaily: Int64?
  /// Draws of all members a day.
  public let gameDaily: Int64?
  public let table: PrizeTable
  /// Where a hunt hides what, and what for; nil in other games.
  public let hunt: HuntTerms?
  /// Over for good: its seeds are revealed.
  public let isClosed: Bool
  /// The programme's.
  public let amounts: AmountForm

  public init(
    code: String, name: LocalText, kind: Kind = .wheel, from: Instant? = nil, until: Instant? = nil, memberDaily: Int64? = nil,
    gameDaily: Int64? = nil, table: PrizeTable, hunt: HuntTerms? = nil, isClosed: Bool = false,
    amounts: AmountForm = AmountForm(currency: .rub, pointsScale: 0)
  ) {
    self.code = code
    self.name = name
    self.kind = kind
    self.from = from
    self.until = until
    self.memberDaily = memberDaily
    self.gameDaily = gameDaily
    self.table = table
    self.hunt = hunt
    self.isClosed = isClosed
    self.amounts = amounts
  }

  /// The same, over.
  var closed: GameDetails {
    GameDetails(
      code: code, name: name, kind: kind, from: from, until: until, memberDaily: memberDaily, gameDaily: gameDaily, table: table,
      hunt: hunt, isClosed: true, amounts: amounts)
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
    if let from, let until, from >= until { issues.add(pointer + "/until", "bounds_crossed", "until must be later than from") }
    for (field, cap) in [("memberDaily", memberDaily), ("gameDaily", gameDaily)] {
      if let cap, !(1...Limits.amount).contains(cap) {
        issues.add("\(pointer)/\(field)", "out_of_range", "at least one draw a day; leave it out for any number")
      }
    }
    table.check(at: pointer, issues)
    if let hunt { hunt.check(at: pointer, self, issues) }
    if (kind == .hunt) != (hunt != nil) || (hunt == nil && table.prizes.contains { $0.find != nil }) {
      issues.add(pointer + "/kind", "not_a_hunt", "finds and where they hide belong to a hunt, and a hunt has them")
    }
  }
}

// As a file has it, and as it is stored.
extension GameDetails {
  /// Reads what `json` wrote; what is wrong is noted.
  /// - Parameter amounts: of the programme.
  public init?(code: String, _ node: JSONNode, _ amounts: AmountForm) {
    let kind = node["kind"].word() ?? Kind.wheel
    node.expect(
      ["name", "kind", "from", "until", "memberDaily", "gameDaily", "prizes", "consolation", "closed"]
        + (kind == .hunt ? HuntTerms.members : []))
    guard let name = LocalText(reading: node["name"]), let table = PrizeTable(node, amounts) else { return nil }
    self.init(
      code: code, name: name, kind: kind, from: node["from"].instant(),
      until: node["until"].instant(), memberDaily: node["memberDaily"].int(1...Limits.amount),
      gameDaily: node["gameDaily"].int(1...Limits.amount), table: table, hunt: kind == .hunt ? HuntTerms(node, amounts) : nil,
      isClosed: node["closed"].bool() ?? false, amounts: amounts)
  }

  public var json: JSON {
    let parts = table.json(amounts)
    let own = JSON.object([
      "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "kind": .string(kind.rawValue),
      "from": from.map { .string($0.text) }, "until": until.map { .string($0.text) },
      "memberDaily": memberDaily.map { .int($0) }, "gameDaily": gameDaily.map { .int($0) },
      "prizes": parts.prizes, "consolation": parts.consolation, "closed": isClosed ? true : nil,
    ])
    guard let hunt, case .object(let members) = own else { return own }
    return .object(members + hunt.members(amounts))
  }
}

/// A run of draws under one seed and one table of prizes. A game begins another where its prizes change.
public struct GameEdition: Hashable, Sendable {
  public let game: GameID
  /// 1, 2, …
  public let number: Int64
  /// SHA-256 of the seed, published before the first draw.
  public let commitment: String
  /// As it was published, word for word.
  public let tableText: String
  /// As it was published: what a thing costs the house stands with the game alone.
  public let table: PrizeTable
  public let openedAt: Instant
  public let closedAt: Instant?
  /// In hexadecimal; nil until the edition is over.
  public let seed: String?
  public let drawn: Int64
  /// How many of each prize were given, the consolation last.
  public internal(set) var given: [Int64] = []
  /// Of each prize the last day that counts against a limit of all a day, and how many were given on it.
  var days: [DayTally] = []

  /// SHA-256 of the table's text, published with the commitment: it binds the edition to its prizes and chances as that does to its seed.
  public var fingerprint: String { Access.fingerprint(of: tableText) }

  /// What the numbers of its draws are thrown from.
  public static func text(_ code: String, _ edition: Int64, _ number: Int64) -> String { "\(code)-\(edition):\(number)" }
}

/// The edition that somebody saw who begins the next one.
public struct SeenEdition: Hashable, Sendable {
  public let number: Int64
  /// How many of each prize had been given, the consolation last; nil where that does not matter.
  public let given: [Int64]?

  public init(_ number: Int64, given: [Int64]? = nil) { (self.number, self.given) = (number, given) }

  /// Whether of some prize that runs out more was won since.
  func isOutdated(by edition: GameEdition) -> Bool {
    guard let given else { return false }
    guard given.count == edition.given.count else { return true }
    return edition.table.prizes.indices.contains { edition.table.prizes[$0].stock != nil && given[$0] != edition.given[$0] }
  }
}

/// One draw. Never changed.
public struct GameDraw: Hashable, Sendable {
  public let id: GameDrawID
  public let game: GameID
  public let edition: Int64
  /// 1, 2, … within its edition, without a gap.
  public let number: Int64
  public let member: MemberID
  public let store: StoreID?
  public let at: Instant
  /// 0 ..< 1 000 000.
  public let roll: Int64
  /// What the roll fell on, and what was given: the consolation where none was left.
  public let hit: Int
  public internal(set) var given: Int
  /// Of the coupon or the certificate that was won.
  public internal(set) var code: String?
  /// Of the points that were won.
  public internal(set) var adjustment: AdjustmentID?
  /// A hunt's draw that found nothing: nobody's history tells of it.
  var isEmpty = false

  /// Hit something of which none was left, or no more that day.
  public var isOutOfStock: Bool { hit != given }
}

/// A member's turns in one game.
public struct Turns: Hashable, Sendable {
  public let game: GameID
  /// What was given less what returns took back.
  public let given: Int64
  public let used: Int64
  /// The last day on which one was used, and how many.
  let day: CivilDay
  let dayUsed: Int64

  public var left: Int64 { given - used }
  public func used(on day: CivilDay) -> Int64 { day == self.day ? dayUsed : 0 }
}
