import Access
import ArgumentParser
import Calculator
import Imports
import Kernel
import Loyalty
import Storage

/// A marketer's sheet of prices on a command line.
struct RulesSheet: Verb {
  static let configuration = CommandConfiguration(
    commandName: "sheet", abstract: "Look at a sheet of prices, CSV or XLSX, and make or change a promotion with it.",
    discussion: """
      Says what it understood, what it refused with the cells, and what would change at the tills. With --save the promotion is made as a \
      draft, or gets a new version; `regulars rules publish` and the console put it in force. docs/marketer/promotion-sheet.md describes the \
      file. Ends with 1 when rows were refused.
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The sheet.") var file: String
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String
  @Option(help: ArgumentHelp("The promotion that is made or changed.", valueName: "code")) var promotion: String
  @Option(help: ArgumentHelp("A new promotion's name in Russian; its code otherwise.", valueName: "text")) var nameRu: String?
  @Option(help: ArgumentHelp("A new promotion's name in English; its code otherwise.", valueName: "text")) var nameEn: String?
  @Option(help: ArgumentHelp("The first day of rows that say none.", valueName: "day")) var from: String?
  @Option(help: ArgumentHelp("The last day of rows that say none.", valueName: "day")) var through: String?
  @Option(help: ArgumentHelp("Where refused rows go; FILE.refused.csv otherwise.", valueName: "path")) var refused: String?
  @Flag(help: "Make or change the promotion.") var save = false

  func run(at desk: Desk) async throws {
    let bytes = try readFile(file, atMost: Limits.workbook)
    let days = PromotionSheet.Days(from: try Self.day(from), through: try Self.day(through))
    let (sheet, lines) = try await desk.withWiring { wiring in
      let known = try await wiring.programme(programme, of: wiring.account(account).id)
      let today = known.settings.points.zone.civil(at: desk.world.now()).day
      let (promotion, nameRu, nameEn, save) = (promotion, nameRu, nameEn, save)
      let change = wiring.change
      return try await wiring.database.write { tx -> (PromotionSheet, [String]) in
        let desk = try SheetDesk(known, in: &tx)
        let sheet = try desk.read(bytes, days, in: &tx)
        guard let list = sheet.list else { return (sheet, []) }
        let stored = try Promotions(of: known).promotions(codes: [promotion], in: &tx)[promotion]
        var lines = try desk.differences(list, stored?.id, today, in: &tx)
        if save {
          let name = LocalText(ru: nameRu ?? promotion, en: nameEn ?? promotion)
          lines.append(try desk.save(list, stored, promotion, name, by: change, in: &tx))
        }
        return (sheet, lines)
      }
    }
    try tell(sheet, lines)
  }

  private func tell(_ sheet: PromotionSheet, _ lines: [String]) throws {
    var text = ["\(grouped(sheet.rows)) rows understood, \(grouped(sheet.refusedRows)) refused"]
    if !sheet.unused.isEmpty { text.append("  columns that mean nothing here: \(sheet.unused.prefix(20).joined(separator: ", "))") }
    if sheet.refusedRows > 0 {
      let path = refused ?? file + ".refused.csv"
      try writeFile(String(decoding: sheet.refusedFile, as: UTF8.self), to: path)
      text += sheet.refusals.prefix(20).map { "  \($0.cell): \($0.reason.en)" }
      text.append("  refused rows are in \(path)")
    }
    try answer((text + lines).joined(separator: "\n"))
    if sheet.refusedRows > 0 { throw ExitCode(Ending.trouble.rawValue) }
  }

  static func day(_ text: String?) throws -> CivilDay? {
    guard let text else { return nil }
    guard let day = CivilDay(text) else { throw ValidationError("\(text) is no day; one is such as 2026-11-01") }
    return day
  }
}

/// What a sheet is read, compared and saved with.
private struct SheetDesk {
  let programme: Programme
  let catalogue: CatalogueIndex
  let names: AccountNames

  init(_ programme: Programme, in tx: inout Transaction) throws {
    self.programme = programme
    catalogue = try CatalogueIndex(of: programme.account).refreshed(in: &tx)
    names = try AccountNames(of: programme, catalogue: catalogue, in: &tx)
  }

  func read(_ bytes: [UInt8], _ days: PromotionSheet.Days, in tx: inout Transaction) throws -> PromotionSheet {
    let zones = try Places(of: programme.account).priceZones(in: &tx).values.map { ($0.details.code, $0.details.name, $0.id) }
    return try PromotionSheet(
      bytes, PromotionSheet.Names(catalogue, zones: zones), days: days, currency: programme.settings.terms.currency)
  }

  func differences(_ list: PriceList, _ id: PromotionID?, _ today: CivilDay, in tx: inout Transaction) throws -> [String] {
    let book = try RuleBooks(of: programme).latest(in: &tx).map { try $0.rules(names).book(version: $0.version) }
    let before = id.flatMap { id in book?.promotions.first { $0.id == id && !$0.reach.isTrial }?.priceList }
    let products = Set(list.products.ids + (before?.products.ids ?? [])).sorted()
    let zones = Set(list.zones + (before?.zones ?? [])).sorted { ($0?.raw ?? 0) < ($1?.raw ?? 0) }
    let figures = try SheetFigures(products, zones, of: programme.account, catalogue, on: today, in: &tx)
    let found = SheetDifferences(
      from: before, to: list, today: today, rounding: programme.settings.terms.rounding.rounding, figures)
    let counts = SheetDifferences.Change.allCases.map { "\($0.rawValue) \(grouped(found.changes[$0] ?? 0))" }
    let marks = SheetDifferences.Mark.allCases.compactMap { mark in
      found.marks[mark].map { "  \(mark.rawValue): \(grouped($0))" }
    }
    let amounts = AmountForm(programme.settings.terms)
    let rows = found.biggest.prefix(10).map { row in
      let zone = row.zone.flatMap { names.code(.priceZone, $0.raw) } ?? "*"
      let (old, new) = (row.before.map(amounts.text) ?? "–", row.after.map(amounts.text) ?? "–")
      return "  \(catalogue.code(row.product) ?? "\(row.product)") in \(zone): \(old) → \(new)"
    }
    return [counts.joined(separator: ", ")] + marks + rows
  }

  func save(
    _ list: PriceList, _ stored: StoredPromotion?, _ code: String, _ name: LocalText, by change: Change, in tx: inout Transaction
  ) throws -> String {
    let promotions = Promotions(of: programme)
    let writer = RuleWriter(names: names, amounts: AmountForm(programme.settings.terms))
    guard let stored else {
      let fresh = Promotion.memberPrices(list, id: PromotionID(0), code: code, name: name)
      _ = try promotions.revise(PromotionDetails(code: code, body: writer.promotion(fresh)), from: nil, by: change, in: &tx)
      return "the promotion \(code) was made; it is a draft"
    }
    let node = JSONNode(stored.body)
    var reader = RuleReader(names: names, terms: programme.settings.terms)
    guard let known = reader.promotion(node, id: stored.id) else {
      throw Problem(.conflict, "promotion_unreadable", "the rules of \"\(code)\" cannot be read")
    }
    let body = writer.promotion(known.priced(by: list))
    _ = try promotions.revise(PromotionDetails(code: code, body: body), from: stored.version, by: change, in: &tx)
    return body == stored.body ? "the promotion \(code) has these prices already" : "the promotion \(code) has a new version"
  }
}
