import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// What names a promotion, or leans on it, before it is put into the archive for good.
public struct PromotionUses: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case coupons, certificates, card, game, action, promotion, contract, segment, report, prices, activations
  }

  /// What becomes of it without the promotion.
  public enum Tie: Sendable, CaseIterable {
    /// What members have in their hands – coupons that are out, stamps on a card – no other promotion takes.
    case onlyTaker
    /// It goes on giving coupons that no other promotion takes.
    case givesInVain
    /// Nothing gives it any more, as far as promotions go.
    case onlyGiver
    /// The two keep out of each other's way by a tag.
    case keepsApart
    /// It asks for what the promotion gave, and goes on finding what is past.
    case asks
    /// Bears a share of what it gives.
    case pays
    /// Shelf labels and other systems lose the prices.
    case lists
    /// Members have switched it on for themselves.
    case switchedOn

    /// What would be promised and not kept. All else only loses a name.
    public var breaks: Bool {
      switch self {
      case .onlyTaker, .givesInVain: true
      case .onlyGiver, .keepsApart, .asks, .pays, .lists, .switchedOn: false
      }
    }
  }

  public struct Use: Hashable, Sendable {
    public let kind: Kind
    public let tie: Tie
    public let code: String
    public let name: LocalText
    /// Where it is looked at.
    public let path: String
  }

  public private(set) var all: [Use] = []

  public var breaking: [Use] { all.filter(\.tie.breaks) }
  public var loosening: [Use] { all.filter { !$0.tie.breaks } }

  /// Reads every promotion, segment, report, game and action of the programme: for one promotion, not for a list of them.
  public init(
    of promotion: StoredPromotion, in programme: Programme, ids: IDSource, at now: Instant, _ tx: inout Transaction
  ) throws {
    let everything = try everyPage(\.id) { try Promotions(of: programme).all(after: $0, limit: Limits.page, in: &tx) }
    let company = PromotionCompany(promotion, everything)
    try addCoupons(company, programme, ids, now, &tx)
    try addStamps(company, programme, ids, &tx)
    addGifts(company, programme)
    addNeighbours(company)
    try addContracts(company, programme, &tx)
    try addQuestions(promotion.code, programme, &tx)
  }

  private mutating func add(_ kind: Kind, _ tie: Tie, _ code: String, _ name: LocalText, _ path: String) {
    let use = Use(kind: kind, tie: tie, code: code, name: name, path: path)
    if !all.contains(use) { all.append(use) }
  }

  // MARK: What members hold

  private mutating func addCoupons(
    _ company: PromotionCompany, _ programme: Programme, _ ids: IDSource, _ now: Instant, _ tx: inout Transaction
  ) throws {
    let orphans = company.orphanedCoupons
    guard !orphans.isEmpty else { return }
    let found = try Coupons(of: programme).series(codes: orphans, in: &tx)
    let totals = try Coupons(of: programme).totals(of: found.values.map(\.id), in: &tx)
    var open: Set<String> = []
    for (code, series) in found.sorted(by: { $0.key < $1.key }) {
      let details = series.details
      guard !details.isClosed, details.until.map({ $0 > now }) ?? true else { continue }
      open.insert(folded(code))
      let out = details.kind == .general || totals[series.id].map { $0.made > $0.used } ?? false
      if out { add(.coupons, .onlyTaker, details.code, details.name, "/console/coupons/\(series.id)") }
    }
    for other in company.others where other.body.rewardedCoupon.map({ open.contains(folded($0)) }) ?? false {
      add(.promotion, .givesInVain, other.code, SegmentUses.name(other), "/console/promotions/\(other.id)")
    }
    for action in try BulkActions.open(of: programme, in: &tx) {
      guard case .coupon(let series) = action.deed, open.contains(folded(series)) else { continue }
      add(.action, .givesInVain, "\(action.id)", .sign(action.name), "/console/bulk/\(action.id)")
    }
    try addGames(open, Games(of: programme, ids: ids, keys: nil), &tx)
  }

  private mutating func addGames(_ series: Set<String>, _ games: Games, _ tx: inout Transaction) throws {
    guard !series.isEmpty else { return }
    var last: GameID?
    while true {
      let page = try games.all(before: last, limit: Limits.page, in: &tx)
      for game in page where !game.details.isClosed && game.details.table.all.contains(where: { $0.gives(series) }) {
        add(.game, .givesInVain, game.details.code, game.details.name, "/console/games/\(game.id)")
      }
      guard page.count == Limits.page, let end = page.last else { return }
      last = end.id
    }
  }

  private mutating func addStamps(
    _ company: PromotionCompany, _ programme: Programme, _ ids: IDSource, _ tx: inout Transaction
  ) throws {
    guard let code = company.orphanedCard, let card = programme.settings.terms.stampCard(code) else { return }
    let totals = try StampCards(of: programme, ids: ids).totals(in: &tx)[code]
    if let totals, totals.given > totals.taken { add(.card, .onlyTaker, code, card.name, "/console/stamps/\(code)") }
  }

  // MARK: What loses a name

  private mutating func addGifts(_ company: PromotionCompany, _ programme: Programme) {
    let (body, others) = (company.promotion.body, company.others)
    func isOnly(_ gift: (JSON) -> String?) -> String? {
      guard let mine = gift(body) else { return nil }
      return others.contains { gift($0.body).map(folded) == folded(mine) } ? nil : mine
    }
    if let series = isOnly(\.rewardedCoupon) { add(.coupons, .onlyGiver, series, .sign(series), "/console/coupons") }
    if let series = isOnly(\.rewardedCertificate) { add(.certificates, .onlyGiver, series, .sign(series), "/console/certificates") }
    if let game = isOnly(\.rewardedGame) { add(.game, .onlyGiver, game, .sign(game), "/console/games") }
    if let code = isOnly(\.rewardedCard) {
      let name = programme.settings.terms.stampCard(code)?.name
      add(.card, .onlyGiver, code, name ?? .sign(code), "/console/stamps/\(code)")
    }
    let (own, path) = (SegmentUses.name(company.promotion), "/console/promotions/\(company.promotion.id)")
    if body["benefit"]?["prices"] != nil { add(.prices, .lists, company.promotion.code, own, path) }
    if body.asksActivation { add(.activations, .switchedOn, company.promotion.code, own, path) }
  }

  private mutating func addNeighbours(_ company: PromotionCompany) {
    let (tags, excludes) = (Set(company.promotion.body.words("tags")), Set(company.promotion.body.words("excludes")))
    for other in company.others
    where !tags.isDisjoint(with: other.body.words("excludes")) || !excludes.isDisjoint(with: other.body.words("tags")) {
      add(.promotion, .keepsApart, other.code, SegmentUses.name(other), "/console/promotions/\(other.id)")
    }
  }

  private mutating func addContracts(
    _ company: PromotionCompany, _ programme: Programme, _ tx: inout Transaction
  ) throws {
    for key in company.promotion.body.payers {
      let contract = try FundingOffice(of: programme).contract(key, in: &tx)
      let name = contract?.details.name ?? [key.code, key.contract].filter { !$0.isEmpty }.joined(separator: ", ")
      add(.contract, .pays, key.code, .sign(name), contract.map { "/console/funding/\($0.id)" } ?? "/console/funding")
    }
  }

  private mutating func addQuestions(_ code: String, _ programme: Programme, _ tx: inout Transaction) throws {
    for rule in try Segments(of: programme.account).rules(of: programme.id, in: &tx)
    where rule.condition.names(code, under: "promotions") {
      add(.segment, .asks, rule.code, rule.name, "/console/segments/\(rule.segment)")
    }
    for report in try SavedReports(of: programme).filtering(byPromotion: code, in: &tx) {
      add(.report, .asks, "\(report.id)", .sign(report.details.name), "/console/analysis/saved/\(report.id)")
    }
  }
}

extension Prize {
  fileprivate func gives(_ series: Set<String>) -> Bool {
    if case .coupon(let own) = gift { series.contains(folded(own)) } else { false }
  }
}

extension Promotions {
  /// Archives a promotion on which nothing leans that members were promised. Harmless when repeated.
  /// - Throws: what `set` throws; `Problem.conflict` (`promotion_used`), which says by what.
  public func archiveUnused(
    _ promotion: StoredPromotion, in programme: Programme, ids: IDSource, by change: Change, in tx: inout Transaction
  ) throws {
    // Whoever saves a promotion or a series takes the same lock first.
    try set(promotion.code, .archived, by: change, in: &tx)
    guard promotion.status != .archived else { return }
    let breaking = try PromotionUses(of: promotion, in: programme, ids: ids, at: change.at, &tx).breaking
    guard !breaking.isEmpty else { return }
    let shown = breaking.prefix(5)
    let (ru, en) = (
      shown.map { "«\($0.name.ru)»" }.joined(separator: ", "), shown.map { "“\($0.name.en)”" }.joined(separator: ", ")
    )
    let rest = breaking.count - shown.count
    throw Problem(
      .conflict, "promotion_used",
      "on the promotion lean \(shown.map { "\($0.kind.rawValue) \($0.code)" }.joined(separator: ", ")); see to those first",
      cashier: LocalText(
        ru: "На акции держатся: \(ru)\(rest > 0 ? " и ещё \(rest)" : ""). Сначала закройте их или дайте им другую акцию",
        en: "On the promotion lean \(en)\(rest > 0 ? " and \(rest) more" : ""). Close them first, or give them another promotion"))
  }
}
