import Calculator
import Conditions
import Kernel
import Loyalty
import Tables

/// A sheet of prices on its way from rows to pages.
struct SheetReading {
  private struct Place: Hashable {
    let product: ProductID
    let zone: PriceZoneID?
  }

  private struct Stay: Hashable {
    let from: CivilDay?
    let through: CivilDay?

    func meets(_ other: Stay) -> Bool {
      (from ?? .min) <= (other.through ?? .max) && (other.from ?? .min) <= (through ?? .max)
    }
  }

  /// One price of a row, with the column that says it.
  private struct Offer {
    let column: Int
    let zone: PriceZoneID?
    let price: PriceList.Price
  }

  private let columns: SheetColumns
  private let names: PromotionSheet.Names
  private let days: PromotionSheet.Days
  private let currency: Currency
  private var sheet = PromotionSheet()
  private var refused: TableWriter
  private var prices: [Stay: [ProductID: [PriceZoneID?: PriceList.Price]]] = [:]
  /// On which days a place has a price already, and on which line.
  private var taken: [Place: [(stay: Stay, line: Int)]] = [:]
  /// Of the row under way.
  private var faults: [PromotionSheet.Refusal] = []

  init(
    _ columns: SheetColumns, _ names: PromotionSheet.Names, _ days: PromotionSheet.Days, _ currency: Currency, header: [String],
    separator: Separator
  ) {
    (self.columns, self.names, self.days, self.currency) = (columns, names, days, currency)
    (sheet.unused, sheet.isLong) = (columns.unused, columns.isLong)
    refused = TableWriter(separator: separator)
    for name in ["refused_cells", "refused_reasons"] + header { refused.field(name) }
    refused.endRecord()
  }

  mutating func read(_ row: Int, of block: TableBlock) {
    faults = []
    if let fault = block.fault(row) {
      refuse(fault.column, block.line(row), LocalText(ru: "Строка не читается: \(fault)", en: fault.description))
    } else if (0..<block.columns).allSatisfy({ block.field(row, $0).isEmpty }) {
      return
    } else {
      understand(row, of: block)
    }
    guard !faults.isEmpty else { return sheet.rows += 1 }
    sheet.refusedRows += 1
    sheet.refusals += faults.prefix(max(0, Limits.exportRows - sheet.refusals.count))
    refused.field(faults.map(\.cell).joined(separator: " "))
    refused.field(faults.map(\.reason.en).joined(separator: "; "))
    refused.fields(asWritten: block.source(row))
    refused.endRecord()
  }

  private mutating func understand(_ row: Int, of block: TableBlock) {
    let line = block.line(row)
    let product = product(row, block)
    let stay = stay(row, block)
    let offers = columns.isLong ? longOffers(row, block) : wideOffers(row, block)
    if faults.isEmpty, offers.isEmpty {
      refuse(nil, line, LocalText(ru: "В строке нет ни одной цены", en: "the row has no price"))
    }
    guard let product, let stay, faults.isEmpty else { return }
    for offer in offers {
      if let other = taken[Place(product: product, zone: offer.zone)]?.first(where: { $0.stay.meets(stay) }) {
        refuse(
          offer.column, line,
          LocalText(
            ru: "На эти дни цена товара в этой зоне уже есть в строке \(other.line)",
            en: "row \(other.line) has a price of this product in this zone on these days already"))
      }
    }
    guard faults.isEmpty else { return }
    for offer in offers {
      taken[Place(product: product, zone: offer.zone), default: []].append((stay, line))
      prices[stay, default: [:]][product, default: [:]][offer.zone] = offer.price
    }
  }

  private mutating func refuse(_ column: Int?, _ line: Int, _ reason: LocalText) {
    faults.append(.init(cell: column.map { cellName($0, line) } ?? String(line), line: line, reason: reason))
  }

  // MARK: cells

  private mutating func product(_ row: Int, _ block: TableBlock) -> ProductID? {
    let found = [columns.roles[.code], columns.roles[.barcode]].compactMap { $0 }.filter { !block.field(row, $0).isEmpty }
    guard let column = found.first else {
      refuse(
        columns.roles[.code] ?? columns.roles[.barcode], block.line(row),
        LocalText(ru: "Нет кода товара", en: "the product's code is missing"))
      return nil
    }
    for column in found { if let facts = names.product(block.field(row, column).text) { return facts.id } }
    let text = block.field(row, column).text.prefix(40)
    refuse(column, block.line(row), LocalText(ru: "Товара «\(text)» нет в каталоге", en: "there is no product \"\(text)\""))
    return nil
  }

  private mutating func stay(_ row: Int, _ block: TableBlock) -> Stay? {
    var (from, through) = (day(.from, row, block), day(.through, row, block))
    // Days of the whole sheet are for rows that say none.
    if from == nil, through == nil { (from, through) = (days.from, days.through) }
    if let from, let through, through < from {
      refuse(
        columns.roles[.through] ?? columns.roles[.from], block.line(row),
        LocalText(ru: "Последний день раньше первого", en: "the last day is before the first"))
    }
    return faults.isEmpty ? Stay(from: from, through: through) : nil
  }

  private mutating func day(_ role: SheetColumns.Role, _ row: Int, _ block: TableBlock) -> CivilDay? {
    guard let column = columns.roles[role], !block.field(row, column).isEmpty else { return nil }
    let field = block.field(row, column)
    for pattern in Self.patterns { if let reading = pattern.read(field.utf8) { return reading.day } }
    let text = field.text.prefix(40)
    refuse(
      column, block.line(row),
      LocalText(
        ru: "«\(text)» – не дата; ждём 2026-11-21 или 21.11.2026", en: "\"\(text)\" is not a day like 2026-11-21 or 21.11.2026"))
    return nil
  }

  private static let patterns = [
    "yyyy-MM-dd", "dd.MM.yyyy", "dd.MM.yy", "dd/MM/yyyy", "yyyy-MM-dd HH:mm:ss", "dd.MM.yyyy HH:mm:ss",
  ]
  .compactMap { TimePattern($0) }

  private mutating func wideOffers(_ row: Int, _ block: TableBlock) -> [Offer] {
    var offers = columns.zones.compactMap { column, zone in
      price(column, row, block).map { Offer(column: column, zone: zone, price: $0) }
    }
    // Beside columns of zones, a price without one is for all others.
    if !columns.zones.contains(where: { $0.zone == nil }), let other = anyPrice(row, block) {
      offers.append(Offer(column: other.column, zone: nil, price: other.price))
    }
    return offers
  }

  private mutating func longOffers(_ row: Int, _ block: TableBlock) -> [Offer] {
    var zone: PriceZoneID?
    if let column = columns.roles[.zone] {
      let text = block.field(row, column).text
      if !text.isEmpty {
        guard let known = SheetColumns.zone(text, names.zones) else {
          refuse(
            column, block.line(row),
            LocalText(ru: "Ценовой зоны «\(text.prefix(40))» нет", en: "there is no price zone \"\(text.prefix(40))\""))
          return []
        }
        zone = known
      }
    }
    return anyPrice(row, block).map { [Offer(column: $0.column, zone: zone, price: $0.price)] } ?? []
  }

  /// Of the columns for a price and for a percent, one in each row.
  private mutating func anyPrice(_ row: Int, _ block: TableBlock) -> (column: Int, price: PriceList.Price)? {
    let found = [columns.roles[.price], columns.roles[.percent]].compactMap { $0 }.compactMap { column in
      price(column, row, block, isPercent: column == columns.roles[.percent]).map { (column: column, price: $0) }
    }
    if found.count > 1 {
      refuse(
        found[1].column, block.line(row),
        LocalText(ru: "В строке и цена, и скидка: оставьте одно", en: "the row has both a price and a percent; keep one"))
    }
    return found.first
  }

  /// `59.90`, `1 299,00 ₽`, `10 %`; nil where the cell is empty or a dash.
  private mutating func price(_ column: Int, _ row: Int, _ block: TableBlock, isPercent: Bool = false) -> PriceList.Price? {
    let field = block.field(row, column)
    guard !field.isEmpty else { return nil }
    var text = field.text.filter { !$0.isWhitespace && $0 != "₽" }.replacing(",", with: ".")
    if text == "-" || text == "–" || text == "—" { return nil }
    let saysPercent = text.hasSuffix("%")
    if saysPercent { text.removeLast() }
    if saysPercent || isPercent {
      if let ppm = Decimal.parse(text, digits: 4), (1..<1_000_000).contains(ppm) { return .percent(Rate(ppm: ppm)) }
    } else if let minor = Decimal.parse(trimmedZeros(text), digits: currency.digits), (1...Limits.basketAmount).contains(minor) {
      return .amount(Money(minor: minor))
    }
    let cell = field.text.prefix(40)
    refuse(
      column, block.line(row),
      LocalText(
        ru: "«\(cell)» – не цена больше нуля и не скидка меньше 100 %",
        en: "\"\(cell)\" is neither a price above zero nor a percent below 100"))
    return nil
  }

  /// `59.900` says no more than `59.90`.
  private func trimmedZeros(_ text: String) -> String {
    guard let point = text.firstIndex(of: ".") else { return text }
    var text = text[...]
    while text.last == "0", text.distance(from: point, to: text.endIndex) > currency.digits + 1 { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return String(text)
  }

  // MARK: the whole

  /// - Throws: `Problem.invalid` (`too_many_prices`).
  mutating func whole() throws(Problem) -> PromotionSheet {
    var cells = 0
    let stays = prices.keys.sorted { ($0.from ?? .min, $0.through ?? .max) < ($1.from ?? .min, $1.through ?? .max) }
    guard stays.count <= Limits.pricePages else { throw SheetProblem.tooMany("spells of days", "разных сроков", Limits.pricePages) }
    let pages = stays.map { stay in
      let rows = prices[stay] ?? [:]
      let zones = Set(rows.values.flatMap(\.keys)).sorted { ($0?.raw ?? .max) < ($1?.raw ?? .max) }
      cells += rows.count * zones.count
      return PriceList.Page(
        from: stay.from, through: stay.through, rows: rows.mapValues { row in zones.map { row[$0] } }, zones: zones)
    }
    guard cells <= Limits.priceCells else { throw SheetProblem.tooMany("cells", "ячеек", Limits.priceCells) }
    if let page = pages.first(where: { $0.zones.count > Limits.priceZones || $0.count > Limits.listValues }) {
      throw SheetProblem.tooMany(
        page.count > Limits.listValues ? "products" : "price zones", page.count > Limits.listValues ? "товаров" : "зон",
        page.count > Limits.listValues ? Limits.listValues : Limits.priceZones)
    }
    sheet.list = pages.isEmpty ? nil : PriceList(pages)
    sheet.refusedFile = sheet.refusedRows > 0 ? refused.bytes : []
    return sheet
  }
}

extension PromotionSheet {
  fileprivate init() {}
}

extension CivilDay {
  fileprivate static var min: CivilDay { CivilDay(number: .min) }
  fileprivate static var max: CivilDay { CivilDay(number: .max) }
}
