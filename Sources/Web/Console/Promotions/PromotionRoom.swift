import Access
import Calculator
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  var promotionDoors: [Door] {
    [
      .page("/console/promotions", .seeFigures, promotions),
      .page("/console/promotions/new", .changeProgramme, newPromotion),
      .form("/console/promotions/new", .changeProgramme, makePromotion),
      .page("/console/promotions/sheets", .changeProgramme, sheets),
      .file("/console/promotions/sheets", .changeProgramme, receiveSheet),
      .page("/console/promotions/sheets/{id}", .changeProgramme, sheet),
      .form("/console/promotions/sheets/{id}", .changeProgramme, takeSheet),
      .page("/console/promotions/sheets/{id}/refused.csv", .changeProgramme, refusedPrices),
      .page("/console/promotions/{promotion}", .seeFigures, promotion),
      .page("/console/promotions/{promotion}/live", .seeFigures, promotionLive),
      .page("/console/promotions/{promotion}/versions", .seeFigures, promotionVersions),
      .page("/console/promotions/{promotion}/preview", .seeFigures, promotionPreview),
      .page("/console/promotions/{promotion}/what-if", .seeFigures, promotionWhatIf),
      .page("/console/promotions/{promotion}/what-if/{owner}/{id}", .seeFigures, whatIfReceipt),
      .form("/console/promotions/{promotion}/what-ifs", .seeFigures, askWhatIf),
      .page("/console/promotions/{promotion}/what-ifs/{run}", .seeFigures, whatIfRun),
      .form("/console/promotions/{promotion}/what-ifs/{run}/stop", .seeFigures, stopWhatIf),
      .page("/console/promotions/{promotion}/beside", .seeFigures, promotionBeside),
      .page("/console/promotions/{promotion}/edit", .changeProgramme, editPromotion),
      .form("/console/promotions/{promotion}/edit", .changeProgramme, savePromotion),
      .page("/console/promotions/{promotion}/text", .changeProgramme, promotionText),
      .form("/console/promotions/{promotion}/text", .changeProgramme, savePromotionText),
      .page("/console/promotions/{promotion}/step", .changeProgramme, promotionStep),
      .form("/console/promotions/{promotion}/step", .changeProgramme, takePromotionStep),
      .page("/console/promotions/{promotion}/pilot", .changeProgramme, pilotForm),
      .form("/console/promotions/{promotion}/pilot", .changeProgramme, beginPilot),
      .form("/console/promotions/{promotion}/restore", .changeProgramme, restorePromotion),
      .form("/console/promotions/{promotion}/approval", .changeProgramme, takeApproval),
      .page("/console/promotions/labels", .seeFigures, labels),
    ] + Door.file("/console/promotions/{promotion}/prices", .seeFigures, pricesFile)
      + Door.file("/console/promotions/labels", .seeFigures, labelFile)
  }

  /// A promotion of the path, with what it is read and said with.
  func looked(_ visit: Visit) async throws -> PromotionView {
    guard let id = visit.call.path["promotion"].flatMap({ PromotionID($0) }) else { throw Self.noPage }
    let bench = try await RuleBench.of(visit, database)
    let reader = visit.reader
    return try await database.read { tx in
      let promotions = Promotions(of: bench.programme)
      let stored = try promotions.promotion(id, in: &tx)
      let (promotion, issues) = bench.read(stored.body, id: id)
      let (published, trial) = (bench.published(id), bench.trial(id))
      let latest = try promotions.versions(of: id, limit: 1, in: &tx).first
      let approval = try Approvals(of: bench.programme).approval(of: id, version: stored.version, in: &tx)
      let names = try RuleNames(for: [promotion, published, trial].compactMap { $0 }, bench, reader, in: &tx)
      return PromotionView(
        stored: stored, promotion: issues.isEmpty ? promotion : nil, issues: issues, published: published, latest: latest,
        approval: approval, bench: bench, names: names,
        use: try PromotionUse(of: published ?? promotion, visit.sales, at: visit.call.at, in: &tx),
        trial: trial, pilot: try PilotView(of: id, bench, in: &tx))
    }
  }

  func promotion(_ visit: Visit) async throws -> Answer { try await promotion(visit, nil) }

  /// - Parameter refusal: what did not work on this page.
  func promotion(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    var answer = visit.show(PromotionPage(view: try await looked(visit), refusal: refusal, visit: visit).page, in: .promotions)
    if refusal != nil { answer.status = 422 }
    return answer
  }
}

/// One promotion as its pages show it.
struct PromotionView: Sendable {
  let stored: StoredPromotion
  /// Nil where what is stored cannot be read; `issues` say why.
  let promotion: Promotion?
  let issues: [Issue]
  /// As tills have it.
  let published: Promotion?
  /// Who saved the stored version, and when.
  let latest: PromotionVersion?
  /// A second person's word on the stored version, or the wish for one.
  let approval: PromotionApproval?
  let bench: RuleBench
  let names: RuleNames
  let use: PromotionUse?
  /// As the tills of a pilot have it.
  let trial: Promotion?
  /// The pilot that runs, or the last one.
  let pilot: PilotView?

  func state(at now: Instant) -> PromotionState { PromotionState(stored, published, trial: trial, at: now) }

  var path: String { "/console/promotions/\(stored.id)" }

  /// Tills get the stored version only with a second person's word.
  var needsApproval: Bool {
    let settings = bench.programme.settings
    guard let terms = settings.approval, let promotion, stored.status != .archived else { return false }
    return published?.version != promotion.version && terms.isNeeded(for: promotion, settings.terms)
  }

  /// The tills would take the stored version as it stands.
  var mayLaunch: Bool { !needsApproval || approval?.state == .approved }

  func words(_ reader: Reader) -> PromotionWords {
    PromotionWords(reader: reader, names: names, pointsName: bench.programme.settings.pointsName)
  }

  func sentences(_ promotion: Promotion?, _ reader: Reader) -> [Sentence] { promotion.map(words(reader).sentences) ?? [] }

  func crumbs(_ reader: Reader) -> [(name: String, path: String)] {
    [(reader("Акции", "Promotions"), "/console/promotions"), (stored.name(reader), path)]
  }
}
