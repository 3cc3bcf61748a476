import Access
import Kernel
import Loyalty
import Storage
import Tables

/// What did not fit on receipts, as somebody asks for it: days, a cause, a store, a till, a cashier.
struct AskedDiscrepancies: Sendable {
  static let path = "/console/discrepancies"
  /// Without days: as long as the overview looks back.
  static let usual = Present.attention
  static let size = 50

  let query: DiscrepancyQuery
  /// As it was typed.
  let store: String
  let before: DiscrepancyID?
  /// What could not be read of it.
  let fault: LocalText?

  init(_ visit: Visit) {
    let (form, zone) = (Form(visit.call.query), visit.reader.zone)
    let today = zone.civil(at: visit.call.at).day
    func day(_ name: String) -> CivilDay? {
      CivilDay(form[name]).flatMap { (2000...2100).contains($0.parts.year) ? $0 : nil }
    }
    let last = day("to") ?? today
    let first = min(day("from") ?? last.adding(days: 1 - Self.usual), last)
    var query = DiscrepancyQuery(first...last, in: zone)
    func code(_ name: String) -> String? { isCode(form[name]) ? form[name] : nil }
    query.cause = code("cause")
    query.register = code("register")
    query.cashier = code("cashier")
    store = String(form["store"].prefix(Limits.code))
    query.store = visit.sales?.store(store)?.id
    before = DiscrepancyID(form["before"])
    self.query = query
    fault =
      store.isEmpty || query.store != nil
      ? nil
      : LocalText(
        ru: "Магазина с кодом «\(store)» нет, показаны все.", en: "There is no store with the code “\(store)”; these are all.")
  }

  /// The same with other filters; empty ones are left out.
  func address(_ other: [String: String] = [:], before: DiscrepancyID? = nil, file: Bool = false) -> String {
    var values = [
      "from": "\(query.days.lowerBound)", "to": "\(query.days.upperBound)", "cause": query.cause ?? "",
      "store": query.store == nil ? "" : store, "register": query.register ?? "", "cashier": query.cashier ?? "",
      "before": before.map { "\($0)" } ?? "",
    ]
    values.merge(other) { _, new in new }
    let parts = values.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { "\($0.key)=\(queryText($0.value))" }
    return (file ? "" : Self.path) + "?" + parts.joined(separator: "&")
  }
}

extension ConsoleDesk {
  var discrepancyDoors: [Door] {
    [.page(AskedDiscrepancies.path, .seeFigures, discrepancies)]
      + Door.file(AskedDiscrepancies.path, .seeFigures, discrepancyFile)
  }

  /// Eight statements, each bounded by the days that are asked for.
  func discrepancies(_ visit: Visit) async throws -> Answer {
    let (asked, programme) = (AskedDiscrepancies(visit), try visit.programme)
    let book = DiscrepancyBook(of: programme.account, programme: programme.id)
    let (sums, entries) = try await database.read { tx in
      (
        try book.sums(asked.query, in: &tx),
        try book.entries(asked.query, before: asked.before, limit: AskedDiscrepancies.size, in: &tx)
      )
    }
    return visit.show(DiscrepancyPage(asked: asked, sums: sums, entries: entries, visit: visit).page, in: .stores)
  }

  /// Everything of those days that the page would show, page after page.
  func discrepancyFile(_ visit: Visit) async throws -> TableFile {
    let (asked, programme, reader) = (AskedDiscrepancies(visit), try visit.programme, visit.reader)
    let book = DiscrepancyBook(of: programme.account, programme: programme.id)
    let columns: [TableFile.Column] = [
      .init("id", reader("Номер", "Number"), .text), .init("at", reader("Когда", "When"), .moment),
      .init("cause", reader("Причина", "Cause"), .text), .init("what", reader("Что не сошлось", "What did not fit"), .text),
      .init("store", reader("Магазин", "Store"), .text), .init("register", reader("Касса", "Till"), .text),
      .init("cashier", reader("Кассир", "Cashier"), .text), .init("document", reader("Документ", "Document"), .text),
      .init("shift", reader("Смена", "Shift"), .text), .init("date", reader("Дата чека", "Date of the receipt"), .day),
      .init("stated", reader("Касса", "Till said"), .text), .init("expected", reader("У нас", "We had"), .text),
      .init("unit", reader("Единица", "Unit"), .text),
    ]
    let name = "discrepancies-\(asked.query.days.lowerBound)"
    return TableFile(name, title: reader("Расхождения", "Discrepancies"), columns: columns, zone: reader.zone) {
      [database] take in
      var before: DiscrepancyID?
      while true {
        let last = before
        let page = try await database.read { tx in
          try book.entries(asked.query, before: last, limit: Limits.page, in: &tx)
        }
        try await take(page.map { Self.cells($0, visit) })
        guard page.count == Limits.page, let end = page.last else { return }
        before = end.id
      }
    }
  }

  private static func cells(_ entry: DiscrepancyBook.Entry, _ visit: Visit) -> [TableFile.Cell] {
    let (found, reader) = (entry.found, visit.reader)
    let words = DiscrepancyFigures(reader: reader)
    return [
      .text("\(entry.id)"), .moment(entry.at), .text(found.word), .text(DiscrepancyWords.name(found, reader)),
      .text(visit.storeCode(entry.store) ?? "\(entry.store)"), .text(entry.register ?? ""), .text(entry.cashier ?? ""),
      .text(entry.key?.number ?? ""), .text(entry.key.map { "\($0.shift)" } ?? ""), entry.key.map { .day($0.day) } ?? .empty,
      .text(words.figure(found.stated, found.cause) ?? ""),
      .text(found.cause?.compares == true ? words.figure(found.expected, found.cause) ?? "" : ""),
      .text(found.cause.map { words.unit($0.unit) } ?? ""),
    ]
  }
}

/// Figures of discrepancies, each in the unit of its cause.
struct DiscrepancyFigures {
  let reader: Reader

  /// Nil where the unit is not known, and where there is nothing to count.
  func figure(_ value: Int64, _ cause: Discrepancy.Cause?) -> String? {
    guard let cause, cause != .seller else { return nil }
    switch cause.unit {
    case .money: return reader.amount(Money(minor: value))
    case .points: return reader.points(Points(units: value))
    case .quantity: return reader.decimal(value, digits: 3)
    case .days, .pieces: return reader.number(value)
    }
  }

  func unit(_ unit: Discrepancy.Cause.Unit) -> String {
    switch unit {
    case .money: reader.sign
    case .points: reader("баллы", "points")
    case .quantity: reader("количество", "quantity")
    case .days: reader("дни", "days")
    case .pieces: reader("штуки", "pieces")
    }
  }
}
