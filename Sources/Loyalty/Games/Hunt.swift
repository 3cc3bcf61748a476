import Access
import Calculator
import Kernel

/// What a find is to a hunt: a word for it, how rarely it lies somewhere, and how often it is found in a day.
public struct FindTerms: Hashable, Sendable {
  /// By which albums and collections know it, also from one edition to the next.
  public let code: String
  /// Hidden in one receipt or page of so many.
  public let oneIn: Int64
  /// Found so often a day by one member; nil: as often as it is drawn.
  public let memberDaily: Int64?
  /// By all of them.
  public let daily: Int64?

  public init(_ code: String, oneIn: Int64, memberDaily: Int64? = nil, daily: Int64? = nil) {
    (self.code, self.oneIn, self.memberDaily, self.daily) = (code, oneIn, memberDaily, daily)
  }

  public var isCapped: Bool { memberDaily != nil || daily != nil }

  /// In millionths, as draws are thrown; what cannot be said in them within a hundredth is refused.
  public var chance: Rate { Rate(ppm: oneIn > 0 ? (Rate.whole.ppm + oneIn / 2) / oneIn : 0) }

  static var members: [String] { ["find", "oneIn", "memberDaily", "daily"] }

  init?(_ node: JSONNode) {
    guard let code = node["find"].code(), node["oneIn"].required(), let oneIn = node["oneIn"].int(1...Rate.whole.ppm) else {
      return nil
    }
    self.init(
      code, oneIn: oneIn, memberDaily: node["memberDaily"].int(1...Limits.amount), daily: node["daily"].int(1...Limits.amount))
  }

  func json(_ name: LocalText, stock: Int64?) -> JSON {
    .object([
      "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "find": .string(code), "oneIn": .int(oneIn),
      "stock": stock.map { .int($0) }, "memberDaily": memberDaily.map { .int($0) }, "daily": daily.map { .int($0) },
    ])
  }

  func check(at pointer: String, _ issues: IssueList) {
    checkCode(code, at: pointer + "/find", issues)
    guard (1...Rate.whole.ppm).contains(oneIn) else {
      return issues.add(pointer + "/oneIn", "out_of_range", "a find lies in one receipt of 1 to 1000000")
    }
    let ppm = chance.ppm
    if abs(ppm * oneIn - Rate.whole.ppm) > Rate.whole.ppm / 100 {
      // Both neighbours that millionths can say; one of them is the number as it was rounded.
      let near = [Rate.whole.ppm / (ppm + 1), Rate.whole.ppm / ppm, ppm > 1 ? Rate.whole.ppm / (ppm - 1) : Rate.whole.ppm]
      let below = near.filter { $0 < oneIn }.max() ?? 1
      let above = near.filter { $0 > oneIn }.min() ?? Rate.whole.ppm
      issues.add(
        pointer + "/oneIn", "odds_too_fine", "chances are kept in millionths; take one in \(below), or one in \(above)")
    }
    for (field, cap) in [("memberDaily", memberDaily), ("daily", daily)] {
      if let cap, !(1...Limits.amount).contains(cap) {
        issues.add("\(pointer)/\(field)", "out_of_range", "at least one a day; leave it out for any number")
      }
    }
  }
}

/// Where a hunt hides its finds, and what they are collected for.
public struct HuntTerms: Hashable, Sendable {
  public enum Receipts: String, Sendable, CaseIterable {
    /// Each receipt of a member is one draw.
    case every
    /// Those to which a promotion gives turns.
    case promotions
    case none
  }

  public let receipts: Receipts
  /// Pages of the shop, each a path or its beginning with a star: one draw for each member, page and day.
  public let pages: [String]
  public let collections: [FindCollection]
  /// How members give finds to each other; nil: they do not.
  public let gifts: FindGifts?

  public init(
    receipts: Receipts = .every, pages: [String] = [], collections: [FindCollection] = [], gifts: FindGifts? = nil
  ) {
    (self.receipts, self.pages, self.collections, self.gifts) = (receipts, pages, collections, gifts)
  }

  /// Whether something can lie on that page.
  public func hides(on page: String) -> Bool {
    pages.contains { $0.last == "*" ? page.hasPrefix($0.dropLast()) : page == $0 }
  }
}

/// Finds that make a prize together.
public struct FindCollection: Hashable, Sendable {
  /// So many of one find.
  public struct Need: Hashable, Sendable {
    public let find: String
    public let count: Int64
    public init(_ find: String, _ count: Int64 = 1) { (self.find, self.count) = (find, count) }
  }

  public let code: String
  public let name: LocalText
  public let needs: [Need]
  /// How often one member completes it.
  public let times: Int64
  /// How many prizes there are; nil: as many as are completed.
  public let stock: Int64?
  public let gift: Prize.Gift

  public init(
    _ code: String, _ name: LocalText, _ needs: [Need], times: Int64 = 1, stock: Int64? = nil, gift: Prize.Gift
  ) {
    (self.code, self.name, self.needs, self.times, self.stock, self.gift) = (code, name, needs, times, stock, gift)
  }

  /// As a prize, for whoever gives or names it.
  public var prize: Prize { Prize(name, chance: .zero, gift: gift) }

  func check(at pointer: String, _ issues: IssueList) {
    checkCode(code, at: pointer + "/code", issues)
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
    gift.check(at: pointer, issues)
    if case .nothing = gift {
      issues.add(pointer, "nothing_to_win", "a collection gives points, a coupon, a certificate or a thing")
    }
    if needs.isEmpty { issues.add(pointer + "/finds", "empty", "a collection has at least one find") }
    if Set(needs.map(\.find)).count < needs.count {
      issues.add(pointer + "/finds", "duplicate", "each find is named once; say how many of it with count")
    }
    for (place, need) in needs.enumerated() {
      if !(1...Limits.findsNeeded).contains(need.count) {
        issues.add("\(pointer)/finds/\(place)/count", "out_of_range", "1 to \(Limits.findsNeeded) of a find")
      }
    }
    if !(1...Limits.findsNeeded).contains(times) {
      issues.add(pointer + "/times", "out_of_range", "a member completes it 1 to \(Limits.findsNeeded) times")
    }
    if let stock, !(1...Limits.amount).contains(stock) {
      issues.add(pointer + "/stock", "out_of_range", "there is at least one prize; leave it out for any number")
    }
  }
}

extension HuntTerms {
  func check(at pointer: String, _ game: GameDetails, _ issues: IssueList) {
    let finds = game.table.prizes.compactMap(\.find?.code)
    if finds.count < game.table.prizes.count {
      issues.add(pointer + "/prizes", "not_a_find", "what a hunt hides is a find with its odds; prizes come with collections")
    }
    if Set(finds.map(folded)).count < finds.count {
      issues.add(pointer + "/prizes", "duplicate", "two finds have one code")
    }
    if game.table.consolation.gift != .nothing {
      issues.add(pointer + "/consolation", "consolation_of_a_hunt", "a receipt that hides nothing gives nothing")
    }
    if receipts == .none && pages.isEmpty {
      issues.add(pointer + "/receipts", "nowhere_hidden", "finds lie on receipts, on pages of the shop, or on both")
    }
    if pages.count > Limits.huntPages {
      issues.add(pointer + "/pages", "too_many", "at most \(Limits.huntPages) pages; a star at the end means all that begin so")
    }
    for (place, page) in pages.enumerated() where page.isEmpty || page.utf8.count > Limits.name {
      issues.add("\(pointer)/pages/\(place)", "out_of_range", "a page has 1 to \(Limits.name) bytes")
    }
    // Whoever writes the shop could open pages without end.
    if !pages.isEmpty && game.memberDaily == nil {
      issues.add(pointer + "/memberDaily", "pages_unlimited", "where pages hide finds, say how often one member draws in a day")
    }
    if collections.count > Limits.collections {
      issues.add(pointer + "/collections", "too_many", "a hunt has at most \(Limits.collections) collections")
    }
    if Set(collections.map { folded($0.code) }).count < collections.count {
      issues.add(pointer + "/collections", "duplicate", "two collections have one code")
    }
    for (place, collection) in collections.enumerated() {
      collection.check(at: "\(pointer)/collections/\(place)", issues)
    }
  }
}

// As a file has it, and as it is stored.
extension HuntTerms {
  static var members: [String] { ["receipts", "pages", "collections", "gifts"] }

  /// Reads what `members(_:)` wrote; what is wrong is noted.
  init(_ node: JSONNode, _ amounts: AmountForm) {
    self.init(
      receipts: node["receipts"].word() ?? .every,
      pages: node["pages"].items(max: Limits.huntPages).compactMap { $0.text() },
      collections: node["collections"].items(max: Limits.collections).compactMap { FindCollection($0, amounts) },
      gifts: FindGifts(node["gifts"]))
  }

  func members(_ amounts: AmountForm) -> [JSON.Member] {
    [JSON.Member("receipts", .string(receipts.rawValue))]
      + (pages.isEmpty ? [] : [JSON.Member("pages", .array(pages.map(JSON.string)))])
      + (collections.isEmpty ? [] : [JSON.Member("collections", .array(collections.map { $0.json(amounts) }))])
      + (gifts.map { [JSON.Member("gifts", $0.json)] } ?? [])
  }
}

extension FindCollection {
  init?(_ node: JSONNode, _ amounts: AmountForm) {
    node.expect(["code", "name", "finds", "times", "stock", "points", "coupon", "certificate", "amount", "thing"])
    guard node["code"].required(), let code = node["code"].code(), let name = LocalText(reading: node["name"]),
      node["finds"].required(), let gift = Prize.gift(node, amounts)
    else { return nil }
    let needs = node["finds"].items(max: Limits.prizes).compactMap { item -> Need? in
      item.expect("find", "count")
      guard item["find"].required(), let find = item["find"].code() else { return nil }
      return Need(find, item["count"].isPresent ? item["count"].int(1...Limits.findsNeeded) ?? 1 : 1)
    }
    self.init(
      code, name, needs, times: node["times"].isPresent ? node["times"].int(1...Limits.findsNeeded) ?? 1 : 1,
      stock: node["stock"].int(1...Limits.amount), gift: gift)
  }

  func json(_ amounts: AmountForm) -> JSON {
    let head: [JSON.Member] = [
      JSON.Member("code", .string(code)), JSON.Member("name", name.coded),
      JSON.Member(
        "finds",
        .array(needs.map { .object(["find": .string($0.find), "count": $0.count == 1 ? nil : .int($0.count)]) })),
    ]
    let counts = [times == 1 ? nil : JSON.Member("times", .int(times)), stock.map { JSON.Member("stock", .int($0)) }]
    return .object(head + counts.compactMap { $0 } + gift.members(amounts))
  }
}

extension LocalText {
  /// `{"ru": …, "en": …}`, both of them; what is wrong is noted.
  init?(reading node: JSONNode) {
    node.expect("ru", "en")
    guard node.required(), let ru = node["ru"].text(), let en = node["en"].text() else { return nil }
    self.init(ru: ru, en: en)
  }

  var coded: JSON { .object(["ru": .string(ru), "en": .string(en)]) }
}

private func checkCode(_ code: String, at pointer: String, _ issues: IssueList) {
  guard !isCode(code) else { return }
  issues.add(pointer, "not_a_code", "a code has 1 to \(Limits.code) bytes, no control characters and no spaces around it")
}
