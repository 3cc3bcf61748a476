import Calculator
import Conditions
import Kernel
import Loyalty
import Tables

/// A marketer's sheet of prices, read: by product and price zone, wide – a column for each zone – or long, with a zone in each row.
///
/// A row is taken whole or not at all. What is refused says its cell, as the spreadsheet names it.
public struct PromotionSheet: Sendable {
  /// Why a cell, and with it its row, is refused.
  public struct Refusal: Hashable, Sendable {
    /// `D17`; a row's number alone where it is the row.
    public let cell: String
    public let line: Int
    public let reason: LocalText
  }

  /// Nil where no row was understood.
  public internal(set) var list: PriceList?
  /// Rows that were understood.
  public internal(set) var rows = 0
  public internal(set) var refusedRows = 0
  /// At most `Limits.exportRows`.
  public internal(set) var refusals: [Refusal] = []
  /// Refused rows as they stood, with cells and reasons in front: to be mended and sent again.
  public internal(set) var refusedFile: [UInt8] = []
  /// Columns that mean nothing here, by name.
  public internal(set) var unused: [String] = []
  public internal(set) var isLong = false

  /// What sheets may name.
  public struct Names: Sendable {
    let catalogue: CatalogueIndex
    /// By code, and by folded code and name.
    let zones: [String: PriceZoneID]

    public init(_ catalogue: CatalogueIndex, zones: [(code: String, name: String, id: PriceZoneID)]) {
      self.catalogue = catalogue
      var known: [String: PriceZoneID] = [:]
      // A code is a better name than a name.
      for zone in zones { known[SheetColumns.folded(zone.name)] = zone.id }
      for zone in zones { known[SheetColumns.folded(zone.code)] = zone.id }
      for zone in zones { known[zone.code] = zone.id }
      self.zones = known
    }

    /// By code, or by barcode under either name: people paste what they have.
    func product(_ text: String) -> ProductFacts? {
      catalogue.facts(code: text) ?? Barcode(text).flatMap { catalogue.facts($0) }
    }
  }

  /// Days of rows that say none of their own.
  public struct Days: Hashable, Sendable {
    public var from: CivilDay?
    public var through: CivilDay?

    public init(from: CivilDay? = nil, through: CivilDay? = nil) {
      (self.from, self.through) = (from, through)
    }
  }

  /// Reads CSV, or a workbook. Cost: 80,000 prices take about a tenth of a second.
  /// - Throws: `Problem.invalid` where the file as a whole is no sheet of prices.
  public init(_ bytes: [UInt8], _ names: Names, days: Days = Days(), currency: Currency) throws(Problem) {
    let isBook = Workbook.isOne(bytes)
    let text = isBook ? try WorkbookProblem.table(bytes) : bytes
    guard text.count <= Limits.priceSheet else { throw SheetProblem.tooLarge }
    let preview = try ImportPreview(text, isWhole: true)
    var table = TableReader(encoding: preview.shape.encoding, separator: preview.separator)
    let block: TableBlock
    do { block = try table.block(text, isLast: true) } catch { throw ImportRun.refusal(error) }
    let columns = SheetColumns(table.header, zones: names.zones)
    try SheetProblem.check(columns)
    var reading = SheetReading(columns, names, days, currency, header: table.header, separator: preview.separator)
    for row in 0..<block.count { reading.read(row, of: block) }
    self = try reading.whole()
  }
}

enum SheetProblem {
  static let tooLarge = Problem(
    .invalid, "sheet_too_large", "a sheet of prices has at most \(Limits.priceSheet / 1_048_576) MB as text",
    cashier: LocalText(
      ru: "Прайс больше \(Limits.priceSheet / 1_048_576) МБ. Разделите его на две акции",
      en: "The sheet is larger than \(Limits.priceSheet / 1_048_576) MB. Make two promotions of it"))

  static func check(_ columns: SheetColumns) throws(Problem) {
    guard columns.roles[.code] != nil || columns.roles[.barcode] != nil else {
      throw Problem(
        .invalid, "no_product_column", "no column is called \"code\" or \"barcode\"; the first line names the columns",
        cashier: LocalText(
          ru: "Нет столбца «код» или «штрихкод». Столбцы называет первая строка",
          en: "No column is called “code” or “barcode”. The first line names the columns"))
    }
    guard !columns.zones.isEmpty || columns.roles[.price] != nil || columns.roles[.percent] != nil else {
      throw Problem(
        .invalid, "no_price_column", "no column is called \"price\", \"percent\" or after a price zone; use * for all zones",
        cashier: LocalText(
          ru: "Нет столбца «цена», «скидка, %» или с кодом ценовой зоны. Для всех зон подойдёт «*»",
          en: "No column is called “price”, “percent” or after a price zone. Use “*” for all zones"))
    }
    if columns.roles[.zone] != nil, let zone = columns.zones.first {
      throw Problem(
        .invalid, "two_forms",
        "column \(cellName(zone.column, 1)) is a price zone, and a column says the zone of each row: use one of both",
        cashier: LocalText(
          ru: "Столбец \(cellName(zone.column, 1)) – ценовая зона, а в строках есть своя зона. Оставьте что-то одно",
          en: "Column \(cellName(zone.column, 1)) is a price zone, and rows have zones of their own. Keep one of both"))
    }
  }

  static func tooMany(_ what: String, _ russian: String, _ most: Int) -> Problem {
    Problem(
      .invalid, "too_many_prices", "a promotion sheet has at most \(most) \(what)",
      cashier: LocalText(ru: "В прайсе акции не больше \(most) \(russian)", en: "A promotion sheet has at most \(most) \(what)"))
  }
}

/// D17 of column 3 and line 17.
func cellName(_ column: Int, _ line: Int) -> String { columnName(column) + String(line) }
