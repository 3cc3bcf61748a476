import Access
import Calculator
import Imports
import Kernel
import Loyalty
import Storage
import Tables

/// Sheets of prices: sent, looked at, and made into one promotion.
extension ConsoleDesk {
  func sheets(_ visit: Visit) async throws -> Answer { try await sheets(visit, nil) }

  func sheets(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let bench = try await RuleBench.of(visit, database)
    let (known, zones, uploads) = try await database.read { tx in
      (
        try Self.priced(bench, in: &tx),
        try Places(of: visit.account.id).priceZones(in: &tx).values.sorted { $0.details.code < $1.details.code },
        try Uploads(of: visit.account.id).latest(limit: Limits.page, in: &tx).filter { $0.kind == .prices }
      )
    }
    let page = SheetListPage(
      promotions: known.map(\.stored), zones: zones.map(\.details), uploads: Array(uploads.prefix(10)),
      chosen: visit.call.query["promotion"].flatMap { PromotionID($0) }, refusal: refusal, visit: visit)
    var answer = visit.show(page.page, in: .promotions)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func receiveSheet(_ visit: Visit) async throws -> Answer {
    try await receive([.prices], visit) { id, fields in
      let promotion = fields["promotion"].flatMap { PromotionID($0) }.map { "?promotion=\($0)" } ?? ""
      return "/console/promotions/sheets/\(id)\(promotion)"
    } refusing: {
      try await sheets(visit, $0)
    }
  }

  /// A dry run: what the sheet says, what is wrong with it, and what it would change.
  func sheet(_ visit: Visit) async throws -> Answer { try await sheet(visit, SheetChoice(Form(visit.call.query)), nil) }

  private func sheet(_ visit: Visit, _ choice: SheetChoice, _ refusal: Problem?) async throws -> Answer {
    let upload = try await priceUpload(visit)
    var view = SheetView(upload: upload, choice: choice, bench: try await RuleBench.of(visit, database))
    let bench = view.bench
    view.known = try await database.read { tx in try Self.priced(bench, in: &tx) }
    do { view.sheet = try await reading(upload, choice, bench) } catch let problem as Problem where problem.kind == .invalid {
      view.fault = problem
    }
    if let list = view.sheet?.list { try await weigh(list, &view, visit) }
    view.refusal = refusal
    var answer = visit.show(SheetPage(view: view, visit: visit).page, in: .promotions)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Makes the promotion, a draft, or puts the prices into the one that was chosen, as its next version.
  func takeSheet(_ visit: Visit) async throws -> Answer {
    let (upload, choice, change) = (try await priceUpload(visit), SheetChoice(visit.form), change(visit))
    let bench = try await RuleBench.of(visit, database)
    let sheet: PromotionSheet
    do { sheet = try await reading(upload, choice, bench) } catch let problem as Problem where problem.kind == .invalid {
      return try await self.sheet(visit, choice, problem)
    }
    guard let list = sheet.list else { return try await self.sheet(visit, choice, SheetChoice.nothing) }
    do {
      let id = try await database.write { tx in try choice.save(list, bench, by: change, in: &tx) }
      _ = try await floors.refresh(bench.programme.id)
      return .redirect("/console/promotions/\(id)")
    } catch let problem as Problem where problem.kind == .conflict || problem.kind == .invalid {
      return try await self.sheet(visit, choice, problem)
    }
  }

  /// Refused rows with their cells and reasons in front, to be mended and sent again.
  func refusedPrices(_ visit: Visit) async throws -> Answer {
    let upload = try await priceUpload(visit)
    let bench = try await RuleBench.of(visit, database)
    let sheet = try await reading(upload, SheetChoice(Form(visit.call.query)), bench)
    var answer = Answer(200, sheet.refusedFile, type: "text/csv; charset=utf-8")
    answer.headers.append(("Content-Disposition", "attachment; filename*=UTF-8''\(queryText(upload.name + ".refused.csv"))"))
    return answer
  }

  /// A promotion's prices as such a sheet, to be changed and sent again.
  func pricesFile(_ visit: Visit) async throws -> TableFile {
    let view = try await looked(visit)
    guard let list = view.promotion?.priceList else { throw Self.noPage }
    let names = try await database.read { tx in try SheetNames(list, view.bench, visit.reader, in: &tx) }
    return SheetFile(list: list, names: names, reader: visit.reader).file(view.stored.code)
  }

  private func priceUpload(_ visit: Visit) async throws -> Upload {
    guard let id = visit.call.path["id"].flatMap({ UploadID($0) }) else { throw Self.noPage }
    let programme = try visit.programme.id
    let upload = try await database.read { tx in try Uploads(of: visit.account.id).upload(id, in: &tx) }
    guard upload.kind == .prices, upload.programme == programme else { throw Self.noPage }
    return upload
  }

  private func reading(_ upload: Upload, _ choice: SheetChoice, _ bench: RuleBench) async throws -> PromotionSheet {
    let uploads = Uploads(of: upload.account)
    guard upload.size <= Int64(Limits.priceSheet) else { throw SheetChoice.tooLarge }
    let (bytes, zones) = try await database.read { tx in
      (
        try uploads.bytes(of: upload.id, from: 0, count: Int(upload.size), in: &tx),
        try Places(of: upload.account).priceZones(in: &tx)
      )
    }
    let names = PromotionSheet.Names(
      bench.catalogue, zones: zones.values.map { ($0.details.code, $0.details.name, $0.id) })
    return try PromotionSheet(
      bytes, names, days: .init(from: choice.from, through: choice.through), currency: bench.amounts.currency)
  }

  /// Promotions that are lists of prices and may still change.
  private static func priced(_ bench: RuleBench, in tx: inout Transaction) throws -> [(
    stored: StoredPromotion, promotion: Promotion
  )] {
    let all = try Promotions(of: bench.programme).find([.draft, .running, .paused], limit: Limits.page, in: &tx).found
    return all.compactMap { stored in
      guard stored.body["benefit"]?["prices"] != nil, let promotion = bench.read(stored) else { return nil }
      return (stored, promotion)
    }
  }

  private func weigh(_ list: PriceList, _ view: inout SheetView, _ visit: Visit) async throws {
    let (bench, today) = (view.bench, visit.reader.zone.civil(at: visit.call.at).day)
    let before = view.chosen.flatMap { bench.published($0.stored.id)?.priceList }
    let rounding = bench.programme.settings.terms.rounding.rounding
    let (differences, names) = try await database.read { tx in
      let products = Set(list.products.ids + (before?.products.ids ?? [])).sorted()
      let zones = Set(list.zones + (before?.zones ?? [])).sorted { ($0?.raw ?? 0) < ($1?.raw ?? 0) }
      let figures = try SheetFigures(products, zones, of: bench.programme.account, bench.catalogue, on: today, in: &tx)
      let found = SheetDifferences(from: before, to: list, today: today, rounding: rounding, figures)
      let names = try SheetNames((found.biggest + found.marked).map(\.product), zones, bench, visit.reader, in: &tx)
      return (found, names)
    }
    (view.differences, view.names, view.before) = (differences, names, before)
  }
}

/// What is to be made of a sheet.
struct SheetChoice: Sendable {
  static let nothing = Problem(
    .invalid, "no_prices", "no row of the sheet was understood",
    cashier: LocalText(ru: "Ни одна строка прайса не понята", en: "No row of the sheet was understood"))
  static let tooLarge = Problem(
    .invalid, "sheet_too_large", "a sheet of prices has at most \(Limits.priceSheet / 1_048_576) MB as text",
    cashier: LocalText(
      ru: "Прайс больше \(Limits.priceSheet / 1_048_576) МБ", en: "The sheet is larger than \(Limits.priceSheet / 1_048_576) MB"))

  let from: CivilDay?
  let through: CivilDay?
  /// Nil for a new one.
  let promotion: PromotionID?
  let version: Int64?
  let code: String
  let name: LocalText

  init(_ form: Form) {
    (from, through) = (CivilDay(form["from"]), CivilDay(form["through"]))
    promotion = PromotionID(form["promotion"])
    version = Int64(form["version"])
    code = form["code"].trimmed
    name = LocalText(ru: form["name/ru"].trimmed, en: form["name/en"].trimmed)
  }

  var query: String {
    let parts = [("from", from.map { "\($0)" }), ("through", through.map { "\($0)" }), ("promotion", promotion.map { "\($0)" })]
    let said = parts.compactMap { name, value in value.map { "\(name)=\($0)" } }
    return said.isEmpty ? "" : "?" + said.joined(separator: "&")
  }

  /// - Throws: `Problem.invalid` where a new promotion's code or names are no such; `Problem.conflict` where it moved or is taken.
  func save(_ list: PriceList, _ bench: RuleBench, by change: Change, in tx: inout Transaction) throws -> PromotionID {
    let promotions = Promotions(of: bench.programme)
    let body: JSON
    if let promotion {
      let stored = try promotions.promotion(promotion, in: &tx)
      guard let known = bench.read(stored), let version else { throw Self.unreadable(stored.code) }
      body = bench.writer.promotion(known.priced(by: list))
      return try promotions.revise(PromotionDetails(code: stored.code, body: body), from: version, by: change, in: &tx)
    }
    guard isCode(code), !name.ru.isEmpty, !name.en.isEmpty else {
      throw Problem(
        .invalid, "promotion_unnamed", "a new promotion has a code and a name in Russian and in English",
        cashier: LocalText(
          ru: "Новой акции нужны код и название по-русски и по-английски",
          en: "A new promotion needs a code and a name in Russian and in English"))
    }
    body = bench.writer.promotion(.memberPrices(list, id: PromotionID(0), code: code, name: name))
    return try promotions.revise(PromotionDetails(code: code, body: body), from: nil, by: change, in: &tx)
  }

  private static func unreadable(_ code: String) -> Problem {
    Problem(
      .conflict, "promotion_unreadable", "the rules of \"\(code)\" cannot be read; mend them as text first",
      cashier: LocalText(
        ru: "Правила акции не читаются. Исправьте их текстом", en: "The promotion's rules cannot be read. Mend them as text"))
  }
}
