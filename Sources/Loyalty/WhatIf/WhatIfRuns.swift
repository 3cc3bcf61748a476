import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// The what-ifs of one programme that are worked out by a job: asked for, looked at, stopped, kept for `Limits.whatIfKept` days.
public struct WhatIfRuns: Sendable {
  public static let job = "whatif.run"

  let programme: Programme
  let ids: IDSource

  public init(of programme: Programme, ids: IDSource) { (self.programme, self.ids) = (programme, ids) }

  private var account: AccountID { programme.account }

  /// Asks for one. Sent again under the same request key it is one.
  /// - Throws: `Problem.notFound` (`promotion_unknown`); `Problem.invalid` (`whatif_days`): more days than `Limits.whatIfDays`;
  ///   `Problem.conflict` (`whatif_busy`, `request_key_reused`).
  public func ask(
    _ question: WhatIfRun.Question, request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> WhatIfRunID {
    let count = Int(question.days.upperBound.number - question.days.lowerBound.number) + 1
    guard count <= Limits.whatIfDays else {
      throw Problem(
        .invalid, "whatif_days", "a what-if looks at no more than \(Limits.whatIfDays) days, not at \(count)",
        cashier: LocalText(
          ru: "Не больше \(Limits.whatIfDays) дней за раз, а здесь \(count)",
          en: "No more than \(Limits.whatIfDays) days at a time; these are \(count)"),
        issues: [Issue(pointer: "/from", code: "whatif_days", message: "no more than \(Limits.whatIfDays) days")])
    }
    _ = try Promotions(of: programme).promotion(question.promotion, in: &tx)
    let id: WhatIfRunID = change.id()
    var body = StableHash()
    body.mix("whatif \(question.promotion) \(question.version) \(question.days) \(question.response?.ppm ?? -1)")
    let earlier = try NaturalKeys(of: account).once(
      request, owner: account.raw, target: id.raw, body: body, at: change.at, in: &tx)
    if let earlier { return WhatIfRunID(earlier) }
    let open = try tx.row(WhatIfRunSQL.open(account, programme.id, since: change.at - .days(1)))?.int(0) ?? 0
    guard open < Int64(Limits.whatIfRuns) else {
      throw Problem(
        .conflict, "whatif_busy", "\(Limits.whatIfRuns) what-ifs wait or run already; let one end, or stop it",
        cashier: LocalText(
          ru: "Уже считаются или ждут очереди \(Limits.whatIfRuns) расчётов: дождитесь одного из них или остановите его",
          en: "\(Limits.whatIfRuns) what-ifs wait or run already: let one end, or stop it"))
    }
    let run = WhatIfRun(
      id: id, question: question, state: .waiting, askedBy: change.actor, askedAt: change.at, receipts: 0, isWithout: false)
    try tx.enqueue(WhatIfRunSQL.insert(run, programme))
    let job: JSON = .object(["run": .string("\(id)"), "programme": .string("\(programme.id)")])
    try JobQueue().put(Self.job, job, of: account, by: change.actor.description, ids: ids, at: change.at, in: &tx)
    return id
  }

  /// - Throws: `Problem.notFound` (`whatif_unknown`).
  public func run(_ id: WhatIfRunID, in tx: inout Transaction) throws -> WhatIfRun {
    guard let row = try tx.row(WhatIfRunSQL.one(account, id)) else {
      throw Problem(.notFound, "whatif_unknown", "there is no what-if \(id)")
    }
    return try WhatIfRunSQL.run(row)
  }

  /// Of one promotion, the latest first.
  public func latest(of promotion: PromotionID, limit: Int, in tx: inout Transaction) throws -> [WhatIfRun] {
    try tx.rows(WhatIfRunSQL.latest(account, promotion, min(max(1, limit), Limits.page))).map(WhatIfRunSQL.run)
  }

  /// One that waits or runs ends after the page at hand, with what was looked at until then. Harmless where it has ended.
  public func stop(_ id: WhatIfRunID, in tx: inout Transaction) throws { try tx.run(WhatIfRunSQL.stop(account, id)) }

  /// - Returns: how many went; a step's worth at most.
  public static func forget(before moment: Instant, in tx: inout Transaction) throws -> Int {
    try tx.run(WhatIfRunSQL.forget(before: moment, Limits.page))
  }
}

extension WhatIfRuns {
  /// The two rule books of a question, as they are now: by what tills have, and by the same with the version in its place; where tills have it just
  /// so, without it and with it.
  /// - Throws: `Problem.notFound` (`promotion_unknown`, `version_unknown`); `Problem.invalid`, for a version that cannot be read any more.
  public func books(_ question: WhatIfRun.Question, in tx: inout Transaction) throws -> (
    base: RuleBook, draft: RuleBook, isWithout: Bool
  ) {
    let names = try AccountNames(of: programme, catalogue: CatalogueIndex(of: account).refreshed(in: &tx), in: &tx)
    let stored = try RuleBooks(of: programme).latest(in: &tx)
    let base =
      try stored.map { try $0.rules(names).book(version: $0.version) }
      ?? RuleBook(version: 0, terms: programme.settings.wholeTerms(names), groups: programme.settings.groups, promotions: [])
    let node = JSONNode(try Promotions(of: programme).body(of: question.promotion, version: question.version, in: &tx))
    var reader = RuleReader(names: names, terms: base.terms)
    let tried = reader.promotion(node, id: question.promotion)
    try node.issues.check("the promotion")
    guard let tried else { throw Problem(.invalid, "invalid_input", "the promotion cannot be read") }
    return base.trying(tried)
  }
}

extension RuleBook {
  /// What a what-if compares: this book with and without a version of a promotion. Where it has it just so – those of a pilot aside – "now" is
  /// without it.
  /// - Precondition: its group is one of the book's.
  public func trying(_ promotion: Promotion) -> (base: RuleBook, draft: RuleBook, isWithout: Bool) {
    var same = kept(promotion.id)
    same?.reach = .everywhere
    same?.version = promotion.version
    let others = promotions.filter { $0.id != promotion.id }
    func book(_ promotions: [Promotion]) -> RuleBook {
      RuleBook(version: version + 1, terms: terms, groups: groups, promotions: promotions)
    }
    let isWithout = same == promotion
    return (isWithout ? book(others) : self, book(others + [promotion]), isWithout)
  }
}
