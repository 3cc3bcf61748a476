import Access
import Calculator
import Kernel

/// What can be won in a game.
public struct Prize: Hashable, Sendable {
  /// What whoever wins gets.
  public enum Gift: Hashable, Sendable {
    /// Kind words: the name says them.
    case nothing
    /// Promotional points, spendable at once.
    case points(Points)
    /// A coupon of this series, for this member alone.
    case coupon(series: String)
    /// A certificate of this series with so much on it.
    case certificate(series: String, Money)
    /// Handed over in the store: the name says what. What it costs the house is for the marketer's sums only.
    case thing(cost: Money)
  }

  public let name: LocalText
  /// How likely it is; of the consolation, what the others leave.
  public let chance: Rate
  /// How many there are; nil: as many as are won.
  public internal(set) var stock: Int64?
  public let gift: Gift
  /// What it is to a hunt; nil in other games.
  public private(set) var find: FindTerms?

  public init(_ name: LocalText, chance: Rate, stock: Int64? = nil, gift: Gift = .nothing) {
    self.name = name
    self.chance = chance
    self.stock = stock
    self.gift = gift
  }

  /// Something that is hidden: found, it lies in the album of whoever found it.
  public init(_ name: LocalText, _ find: FindTerms, stock: Int64? = nil) {
    self.init(name, chance: find.chance, stock: stock)
    self.find = find
  }
}

/// What a draw of a game can come to, and how a number that was thrown becomes a prize.
public struct PrizeTable: Hashable, Sendable {
  /// In the order in which they stand above one another on the scale of chances.
  public let prizes: [Prize]
  /// For who wins none of them, or one of which none is left. Never runs out.
  public let consolation: Prize
  /// Of an edition of a hunt: how many seconds its days are ahead of UTC. Days of daily limits are counted from it by whoever reads the log.
  public internal(set) var dayOffset: Int64?

  /// - Parameter consolation: its chance and stock are not read.
  public init(_ prizes: [Prize], consolation: Prize) {
    self.prizes = prizes
    let left = max(0, Rate.whole.ppm - prizes.reduce(0) { $0 + $1.chance.ppm })
    self.consolation = Prize(consolation.name, chance: Rate(ppm: left), gift: consolation.gift)
  }

  /// The consolation last.
  public var all: [Prize] { prizes + [consolation] }
  /// The consolation's place in `all`.
  public var last: Int { prizes.count }

  /// - Parameter roll: 0 ..< 1 000 000.
  /// - Returns: the place in `all` of what the number falls on.
  public func place(of roll: Int64) -> Int {
    var bound = Int64(0)
    for (place, prize) in prizes.enumerated() {
      bound += prize.chance.ppm
      if roll < bound { return place }
    }
    return last
  }

  /// What is given where so much of each was given before: the prize itself, or the consolation once none is left.
  public func given(_ place: Int, after given: [Int64]) -> Int {
    guard place < last, let stock = prizes[place].stock, given[place] >= stock else { return place }
    return last
  }

  /// The table with what is left of its stock. What has run out is left out: its chance falls to the consolation, as it did already.
  public func left(after given: [Int64]) -> PrizeTable {
    PrizeTable(
      zip(prizes, given).compactMap { prize, given in
        guard let stock = prize.stock else { return prize }
        var rest = prize
        rest.stock = stock - given
        return stock > given ? rest : nil
      }, consolation: consolation)
  }

  /// The prizes of which none is left.
  public func sold(after given: [Int64]) -> [Prize] {
    zip(prizes, given).compactMap { prize, given in prize.stock.map { $0 <= given } ?? false ? prize : nil }
  }

  /// The table as everybody may read it: without what a thing costs the house.
  public var published: PrizeTable { PrizeTable(prizes.map(\.published), consolation: consolation.published) }

  /// What so many draws cost on the average while nothing has run out: in points and in money.
  public func cost(of draws: Int64) -> (points: Points, money: Money) {
    var (points, money) = (Points.zero, Money.zero)
    for prize in all {
      func expected(_ worth: Int64) -> Int64 {
        let (times, isOver) = worth.multipliedReportingOverflow(by: draws)
        return isOver ? 0 : scaled(times, by: prize.chance.ppm, over: Rate.whole.ppm, .halfUp)
      }
      switch prize.gift {
      case .nothing, .coupon: break
      case .points(let worth): points += Points(units: expected(worth.units))
      case .certificate(_, let worth), .thing(let worth): money += Money(minor: expected(worth.minor))
      }
    }
    return (points, money)
  }

  func check(at pointer: String, _ issues: IssueList) {
    if prizes.isEmpty { issues.add(pointer + "/prizes", "empty", "a game has at least one prize") }
    if prizes.count > Limits.prizes {
      issues.add(pointer + "/prizes", "too_many", "a game has at most \(Limits.prizes) prizes besides the consolation")
    }
    if prizes.reduce(0, { $0 + $1.chance.ppm }) > Rate.whole.ppm {
      issues.add(pointer + "/prizes", "chances_above_whole", "the chances of all prizes come to more than 100 percent")
    }
    for (place, prize) in prizes.enumerated() {
      prize.check(at: "\(pointer)/prizes/\(place)", issues)
      if let find = prize.find {
        find.check(at: "\(pointer)/prizes/\(place)", issues)
      } else if prize.chance.ppm < 1 || prize.chance > .whole {
        issues.add("\(pointer)/prizes/\(place)/chance", "out_of_range", "a prize is won with 0.0001 to 100 percent of the draws")
      }
      if let stock = prize.stock, !(1...Limits.amount).contains(stock) {
        issues.add(
          "\(pointer)/prizes/\(place)/stock", "out_of_range", "there is at least one of a prize; leave it out for any number")
      }
    }
    consolation.check(at: pointer + "/consolation", issues)
    if case .thing = consolation.gift {
      issues.add(pointer + "/consolation/gift", "consolation_thing", "a consolation never runs out, and a thing in a store does")
    }
  }
}

extension Prize {
  func check(at pointer: String, _ issues: IssueList) {
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
    gift.check(at: pointer, issues)
  }
}

// As a file has them, and as they are stored.
extension PrizeTable {
  func json(_ amounts: AmountForm) -> (prizes: JSON, consolation: JSON) {
    (.array(prizes.map { $0.json(amounts) }), consolation.json(amounts, isConsolation: true))
  }

  /// What an edition binds itself to: one text for one table, without what a thing costs the house.
  func text(_ amounts: AmountForm) -> String {
    let parts = published.json(amounts)
    return JSON.object(["prizes": parts.prizes, "consolation": parts.consolation, "dayOffset": dayOffset.map { .int($0) }]).compact
  }

  init?(_ node: JSONNode, _ amounts: AmountForm) {
    guard node["prizes"].required(), node["consolation"].required() else { return nil }
    let prizes = node["prizes"].items(max: Limits.prizes).compactMap { Prize($0, amounts, isConsolation: false) }
    guard let consolation = Prize(node["consolation"], amounts, isConsolation: true) else { return nil }
    self.init(prizes, consolation: consolation)
    dayOffset = node["dayOffset"].int(-86_400...86_400)
  }
}

extension Prize.Gift {
  /// As it stands in a file beside a name.
  func members(_ amounts: AmountForm) -> [JSON.Member] {
    switch self {
    case .nothing: []
    case .points(let points): [JSON.Member("points", amounts.json(points))]
    case .coupon(let series): [JSON.Member("coupon", .string(series))]
    case .certificate(let series, let amount):
      [JSON.Member("certificate", .string(series)), JSON.Member("amount", amounts.json(amount))]
    case .thing(let cost): [JSON.Member("thing", .object(["cost": cost == .zero ? nil : amounts.json(cost)]))]
    }
  }

  func check(at pointer: String, _ issues: IssueList) {
    switch self {
    case .nothing, .coupon: break
    case .points(let points) where !(1...Limits.amount).contains(points.units):
      issues.add(pointer + "/points", "out_of_range", "a prize of points has some")
    case .certificate(_, let money) where !(1...Limits.certificate).contains(money.minor):
      issues.add(pointer + "/amount", "out_of_range", "a certificate has some money on it")
    case .thing(let cost) where !(0...Limits.amount).contains(cost.minor):
      issues.add(pointer + "/cost", "out_of_range", "a thing costs nothing or more")
    case .points, .certificate, .thing: break
    }
  }
}

extension Prize {
  var published: Prize {
    guard case .thing = gift else { return self }
    return Prize(name, chance: chance, stock: stock, gift: .thing(cost: .zero))
  }

  func json(_ amounts: AmountForm, isConsolation: Bool = false) -> JSON {
    if let find { return find.json(name, stock: stock) }
    let gift = gift.members(amounts)
    let head: JSON = .object([
      "name": .object(["ru": .string(name.ru), "en": .string(name.en)]),
      "chance": isConsolation ? nil : .string(chance.percentText), "stock": isConsolation ? nil : stock.map { .int($0) },
    ])
    guard case .object(let members) = head else { return head }
    return .object(members + gift)
  }

  init?(_ node: JSONNode, _ amounts: AmountForm, isConsolation: Bool) {
    let isFind = !isConsolation && node["find"].isPresent
    let gifts = ["points", "coupon", "certificate", "amount", "thing"]
    node.expect(
      ["name"] + (isConsolation ? [] : ["stock"]) + (isFind ? FindTerms.members : gifts + (isConsolation ? [] : ["chance"])))
    guard let name = LocalText(reading: node["name"]) else { return nil }
    if isFind {
      guard let find = FindTerms(node) else { return nil }
      self.init(name, find, stock: node["stock"].int(0...Limits.amount))
      return
    }
    guard let gift = Self.gift(node, amounts) else { return nil }
    var chance = Rate.zero
    if !isConsolation {
      guard node["chance"].required(), let ppm = node["chance"].decimal(digits: 4, min: 1, max: Rate.whole.ppm) else { return nil }
      chance = Rate(ppm: ppm)
    }
    self.init(name, chance: chance, stock: node["stock"].int(0...Limits.amount), gift: gift)
  }

  static func gift(_ node: JSONNode, _ amounts: AmountForm) -> Gift? {
    let named = ["points", "coupon", "certificate", "thing"].filter { node[$0].isPresent }
    guard named.count <= 1 else {
      node.refuse("several_gifts", "a prize is points, a coupon, a certificate or a thing, not several of them")
      return nil
    }
    switch named.first {
    case "points": return amounts.points(node["points"], 1...Limits.amount).map { .points($0) }
    case "coupon": return node["coupon"].code().map { .coupon(series: $0) }
    case "certificate":
      guard let series = node["certificate"].code(), node["amount"].required(),
        let amount = amounts.money(node["amount"], 1...Limits.certificate)
      else { return nil }
      return .certificate(series: series, amount)
    case "thing":
      node["thing"].expect("cost")
      return .thing(cost: node["thing"]["cost"].isPresent ? amounts.money(node["thing"]["cost"]) ?? .zero : .zero)
    default: return .nothing
    }
  }
}
