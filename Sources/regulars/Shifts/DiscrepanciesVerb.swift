import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// What did not fit on receipts, for whoever looks into it without a browser or watches it from a script.
struct ShiftsDiscrepancies: Verb {
  static let configuration = CommandConfiguration(
    commandName: "discrepancies", abstract: "What did not fit on receipts: sums by cause, store, till and cashier.",
    discussion: """
      Days are those on which it was noted, at most \(Limits.boardDays); without --from the last seven. With --list the latest \
      \(Limits.page) one by one. docs/till/discrepancies.md says what each cause means and who looks into it.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GuardOptions
  @Option(help: ArgumentHelp("The first day.", valueName: "day")) var from: String?
  @Option(help: ArgumentHelp("The last day.", valueName: "day")) var to: String?
  @Option(help: ArgumentHelp("Of this cause only, for example points.", valueName: "cause")) var cause: String?
  @Option(help: ArgumentHelp("Of this store only.", valueName: "code")) var store: String?
  @Option(help: ArgumentHelp("Of this register only.", valueName: "code")) var register: String?
  @Option(help: ArgumentHelp("Of this cashier only.", valueName: "code")) var cashier: String?
  @Flag(help: "One by one, latest first.") var list = false
  @Flag(help: "Answer in JSON.") var json = false

  func validate() throws {
    for text in [from, to].compactMap({ $0 }) where CivilDay(text) == nil {
      throw ValidationError("a day is written like 2026-11-21, not \"\(text.prefix(20))\"")
    }
  }

  func run(at desk: Desk) async throws {
    let now = desk.world.now()
    let found = try await desk.withWiring { wiring in
      let programme = try await of.open(wiring)
      let zone = programme.settings.points.zone
      let last = to.flatMap { CivilDay($0) } ?? zone.civil(at: now).day
      let first = from.flatMap { CivilDay($0) } ?? last.adding(days: -6)
      guard first <= last else { throw Problem(.invalid, "days_out_of_range", "--from is behind --to") }
      var query = DiscrepancyQuery(first...last, in: zone)
      (query.cause, query.register, query.cashier) = (cause, register, cashier)
      let book = DiscrepancyBook(of: programme.account, programme: programme.id)
      let places = Places(of: programme.account)
      if let store {
        let known = try await wiring.database.read { tx in try places.stores(codes: [store], in: &tx)[store] }
        guard let known else { throw Problem(.notFound, "store_unknown", "there is no store with the code \"\(store)\"") }
        query.store = known.id
      }
      let asked = query
      return try await wiring.database.read { [list] tx in
        let sums = try book.sums(asked, in: &tx)
        let entries = list ? try book.entries(asked, limit: Limits.page, in: &tx) : []
        let ids = Set(entries.map(\.store) + (sums.stores + sums.registers + sums.cashiers).map(\.store)).sorted()
        let stores = try places.stores(ids: ids, in: &tx)
        return DiscrepancyText(
          programme: programme, query: asked, sums: sums, entries: entries,
          stores: Dictionary(stores.map { ($0.id, $0.details.code) }, uniquingKeysWith: { first, _ in first }))
      }
    }
    try answer(json ? found.json(isList: list).pretty : found.text(isList: list))
  }
}

/// What did not fit, for a terminal or a script.
struct DiscrepancyText: Sendable {
  let programme: Programme
  let query: DiscrepancyQuery
  let sums: DiscrepancyBook.Sums
  let entries: [DiscrepancyBook.Entry]
  let stores: [StoreID: String]

  private var form: ShiftForm {
    let terms = programme.settings.terms
    return ShiftForm(terms.currency, pointsScale: terms.pointsScale)
  }

  private func code(_ store: StoreID) -> String { stores[store] ?? "\(store)" }

  private func figure(_ value: Int64, _ cause: Discrepancy.Cause?) -> String? {
    guard let cause else { return nil }
    switch cause.unit {
    case .money: return form.money(Money(minor: value))
    case .points: return form.points(Points(units: value))
    case .quantity: return Quantity(thousandths: value).decimalText
    case .days, .pieces: return String(value)
    }
  }

  private func unit(_ unit: Discrepancy.Cause.Unit) -> String {
    switch unit {
    case .money: programme.settings.terms.currency.code
    case .points: "points"
    case .quantity: "quantity"
    case .days: "days"
    case .pieces: "pieces"
    }
  }

  /// What we had, where the cause compares.
  private func expected(_ value: Int64, _ cause: Discrepancy.Cause?) -> String? {
    cause?.compares == true ? figure(value, cause) : nil
  }

  func text(isList: Bool) -> String {
    let head = "\(query.days.lowerBound) – \(query.days.upperBound): \(sums.count) discrepancies"
    guard sums.count > 0 else { return head }
    if isList {
      return ([head] + [aligned(entries.map(line))]).joined(separator: "\n")
    }
    let causes = sums.causes.map { sum in
      [
        sum.word, String(sum.count), figure(sum.stated, sum.cause) ?? "-", expected(sum.expected, sum.cause) ?? "-",
        sum.cause.map { unit($0.unit) } ?? "-",
      ]
    }
    func places(_ kind: String, _ places: [DiscrepancyBook.PlaceSum]) -> [[String]] {
      places.map { [kind, code($0.store), $0.code ?? "-", String($0.count)] }
    }
    let spots = places("store", sums.stores) + places("register", sums.registers) + places("cashier", sums.cashiers)
    return [head, aligned([["cause", "count", "till", "ours", "unit"]] + causes), aligned(spots)].joined(separator: "\n")
  }

  private func line(_ entry: DiscrepancyBook.Entry) -> [String] {
    let (found, key) = (entry.found, entry.key)
    return [
      entry.at.text, found.word, code(entry.store), entry.register ?? "-", entry.cashier ?? "-",
      key.map { (entry.isReturn ? "return " : "receipt ") + $0.number } ?? "-", figure(found.stated, found.cause) ?? "-",
      expected(found.expected, found.cause) ?? "-",
    ]
  }

  func json(isList: Bool) -> JSON {
    func places(_ name: String, _ places: [DiscrepancyBook.PlaceSum]) -> JSON {
      .array(
        places.map { place in
          .object([
            "store": .string(code(place.store)), name: place.code.map(JSON.string), "count": .int(Int64(place.count)),
          ])
        })
    }
    let causes = sums.causes.map { sum -> JSON in
      .object([
        "cause": .string(sum.word), "count": .int(Int64(sum.count)), "stated": figure(sum.stated, sum.cause).map(JSON.string),
        "expected": expected(sum.expected, sum.cause).map(JSON.string), "unit": sum.cause.map { .string(unit($0.unit)) },
      ])
    }
    return .object([
      "from": .string("\(query.days.lowerBound)"), "to": .string("\(query.days.upperBound)"), "count": .int(Int64(sums.count)),
      "causes": .array(causes), "stores": places("name", sums.stores), "registers": places("register", sums.registers),
      "cashiers": places("cashier", sums.cashiers), "list": isList ? .array(entries.map(json)) : nil,
    ])
  }

  private func json(_ entry: DiscrepancyBook.Entry) -> JSON {
    .object([
      "at": .string(entry.at.text), "cause": .string(entry.found.word), "store": .string(code(entry.store)),
      "register": entry.register.map(JSON.string), "cashier": entry.cashier.map(JSON.string),
      "kind": entry.key == nil ? nil : .string(entry.isReturn ? "return" : "sale"), "number": (entry.key?.number).map(JSON.string),
      "stated": figure(entry.found.stated, entry.found.cause).map(JSON.string),
      "expected": expected(entry.found.expected, entry.found.cause).map(JSON.string),
    ])
  }
}
