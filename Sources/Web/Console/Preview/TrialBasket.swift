import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// A basket to try rules on. Its fields all begin with `try-`, so that it can stand in another form.
struct TrialBasket: Sendable {
  /// Goods that can be named at once.
  static let rows = 5
  /// Products that are offered where a name fits several.
  static let offered = 12

  struct Line: Sendable {
    let code: String
    let name: String
  }

  let basket: Basket
  /// One for each line of the basket.
  let lines: [Line]
  let shopper: Shopper
  /// As the reader may see it; nil where nobody was named.
  let member: String?
  let store: String
}

/// A form about a basket, as far as it could be read.
struct TrialReading: Sendable {
  let form: Form
  /// Nil where something is wrong, or nothing was sent.
  var basket: TrialBasket?
  /// What is wrong, by the name of the field.
  var faults: [String: String] = [:]
  /// Products that a typed name fits, by row.
  var candidates: [Int: [(code: String, name: String)]] = [:]

  /// True where somebody named at least one product.
  static func isAsked(_ form: Form) -> Bool { (0..<TrialBasket.rows).contains { !form["try-product-\($0)"].isEmpty } }
}

extension ConsoleDesk {
  /// Reads a basket of the form. Writes nothing; at most one statement for each name of a product, and four more.
  func readTrial(_ form: Form, _ bench: RuleBench, _ visit: Visit) async throws -> TrialReading {
    guard TrialReading.isAsked(form) else { return TrialReading(form: form) }
    let zones = zones
    return try await database.read { tx in
      var maker = TrialMaker(form: form, bench: bench, visit: visit, zones: zones)
      return try maker.read(in: &tx)
    }
  }
}

/// Makes a basket of what was typed.
private struct TrialMaker {
  let bench: RuleBench
  let visit: Visit
  let zones: @Sendable (String) -> Zone?
  private var reading: TrialReading

  private struct Row {
    let number: Int
    let code: String
    let facts: ProductFacts
  }

  init(form: Form, bench: RuleBench, visit: Visit, zones: @escaping @Sendable (String) -> Zone?) {
    reading = TrialReading(form: form)
    self.bench = bench
    self.visit = visit
    self.zones = zones
  }

  private var reader: Reader { visit.reader }
  private var form: Form { reading.form }

  mutating func read(in tx: inout Transaction) throws -> TrialReading {
    let (store, time) = place()
    let rows = try rows(in: &tx)
    let products = try Catalogue(of: bench.programme.account).products(codes: rows.map(\.code), in: &tx)
    let lines = try lines(rows, products, at: time, in: &tx)
    let shopper = try shopper(at: time, in: &tx)
    guard reading.faults.isEmpty, reading.candidates.isEmpty, let store, let shopper else { return reading }
    var basket = Basket(store: store.facts, time: time, lines: lines)
    let coupon = form["try-coupon"]
    if !coupon.isEmpty { basket.coupons = [PresentedCoupon(code: coupon, series: coupon)] }
    if form.has("try-spend") { basket.spend = .most }
    let named = rows.map { row in
      TrialBasket.Line(code: row.code, name: products[row.code].map { reader($0.details.name.text) } ?? row.code)
    }
    reading.basket = TrialBasket(
      basket: basket, lines: named, shopper: shopper.0, member: shopper.name, store: store.name)
    return reading
  }

  /// The store, and the moment by its clock; now where none was given.
  private mutating func place() -> (store: (facts: StoreFacts, name: String)?, time: Instant) {
    let now = visit.call.at
    let wanted = form["try-store"]
    let code = wanted.split(separator: " ").first.map(String.init) ?? ""
    guard
      let store = bench.stores.first(where: { $0.details.code == code || $0.details.code == wanted })
        ?? (wanted.isEmpty ? bench.stores.first : nil)
    else {
      guard wanted.isEmpty else {
        reading.faults["try-store"] = reader("Такого магазина нет", "There is no such store")
        return (nil, now)
      }
      let zone = bench.programme.settings.points.zone
      return ((StoreFacts(id: StoreID(0), zone: zone), reader("любой магазин", "any store")), moment(zone))
    }
    guard let zone = zones(store.details.zone) else {
      reading.faults["try-store"] = reader(
        "Часовой пояс этого магазина здесь неизвестен", "This machine does not know the store's time zone")
      return (nil, now)
    }
    let facts = StoreFacts(
      id: store.id, brand: store.brand, zone: zone, dayStart: store.details.dayStart, place: StorePlace(store))
    return ((facts, store.details.name), moment(zone))
  }

  private mutating func moment(_ zone: Zone) -> Instant {
    let text = form["try-time"]
    guard !text.isEmpty else { return visit.call.at }
    if let instant = zone.instant(typed: text), (2000...2100).contains(zone.civil(at: instant).day.parts.year) { return instant }
    reading.faults["try-time"] = reader("Здесь нужны дата и время", "A day and a time are expected here")
    return visit.call.at
  }

  private mutating func rows(in tx: inout Transaction) throws -> [Row] {
    var rows: [Row] = []
    for number in 0..<TrialBasket.rows {
      let field = "try-product-\(number)"
      let text = form[field]
      guard !text.isEmpty else { continue }
      if let code = code(text), let facts = bench.catalogue.facts(code: code) {
        rows.append(Row(number: number, code: code, facts: facts))
        continue
      }
      let found = bench.catalogue.search(text, archivedToo: false, limit: TrialBasket.offered).codes
      if found.count == 1, let facts = bench.catalogue.facts(code: found[0]) {
        rows.append(Row(number: number, code: found[0], facts: facts))
      } else if found.isEmpty {
        reading.faults[field] = reader("Такого товара нет", "There is no such product")
      } else {
        reading.faults[field] = reader("Подходят несколько: выберите", "Several fit: choose one")
        let known = try Catalogue(of: bench.programme.account).products(codes: found, in: &tx)
        reading.candidates[number] = found.compactMap { code in known[code].map { (code, reader($0.details.name.text)) } }
      }
    }
    return rows
  }

  /// A product's own code, what a barcode names, or the code in brackets behind a name.
  private func code(_ text: String) -> String? {
    if bench.catalogue.facts(code: text) != nil { return text }
    if let facts = Barcode(text).flatMap({ bench.catalogue.facts($0) }) { return bench.catalogue.code(facts.id) }
    return BracketedCode(text).code
  }

  private mutating func lines(
    _ rows: [Row], _ products: [String: Known<ProductDetails>], at time: Instant, in tx: inout Transaction
  ) throws -> [BasketLine] {
    let day = bench.programme.settings.points.zone.civil(at: time).day
    let figures = try Catalogue(of: bench.programme.account).figures(of: rows.map(\.facts.id), zone: nil, on: day, in: &tx)
    return rows.compactMap { row in
      let quantity = amount("try-quantity-\(row.number)", digits: 3, usual: 1_000, most: Limits.quantity)
      let price = amount(
        "try-price-\(row.number)", digits: bench.amounts.currency.digits, usual: figures[row.facts.id]?.regularPrice?.minor,
        most: Limits.basketAmount / 1_000)
      guard let quantity, let price else { return nil }
      let isPieces = bench.catalogue.unit(row.facts.id)?.isPieces ?? true
      return BasketLine(
        id: String(row.number + 1), product: row.facts, quantity: Quantity(thousandths: quantity), price: Money(minor: price),
        kind: isPieces ? .goods : .weighed)
    }
  }

  private mutating func amount(_ field: String, digits: Int, usual: Int64?, most: Int64) -> Int64? {
    let text = form[field].replacing(",", with: ".").filter { !$0.isWhitespace }
    if text.isEmpty {
      if usual == nil { reading.faults[field] = reader("Цены в каталоге нет: укажите", "The catalogue has no price: give one") }
      return usual
    }
    guard let value = Decimal.parse(text, digits: digits), value > 0, value <= most else {
      reading.faults[field] = reader("Здесь нужно число больше нуля", "A number above nought is expected here")
      return nil
    }
    return value
  }

  private mutating func shopper(at time: Instant, in tx: inout Transaction) throws -> (Shopper, name: String?)? {
    let text = form["try-member"]
    guard !text.isEmpty, visit.may(.seeMembers) else { return (.nobody, nil) }
    let which: Showing.Which = MemberID(text).map { .member($0) } ?? .text(text, nil)
    let known = try bench.programme.identify(Showing(which, shown: .scanned), at: time, in: &tx)
    guard let id = known.shopper.id, let member = try bench.programme.members.members([id], in: &tx)[id] else {
      reading.faults["try-member"] = reader("Такого участника нет", "There is no such member")
      return nil
    }
    return (known.shopper, visit.name(of: member))
  }
}

/// `Кофе [coffee]`: a name for people and the code for us.
struct BracketedCode {
  let code: String?

  init(_ text: String) {
    guard text.hasSuffix("]"), let open = text.lastIndex(of: "[") else {
      code = nil
      return
    }
    let inner = text[text.index(after: open)...].dropLast()
    code = inner.isEmpty ? nil : String(inner)
  }

  static func text(_ name: String, _ code: String) -> String { name == code ? code : "\(name) [\(code)]" }
}

extension Zone {
  /// What an input of the type `datetime-local` sends: `2026-11-21T09:30`.
  func instant(typed text: String) -> Instant? {
    let parts = text.split(whereSeparator: { $0 == "T" || $0 == " " })
    guard parts.count == 2, let day = CivilDay(parts[0]), let clock = Clock(parts[1]) else { return nil }
    return instant(day, clock)
  }

  /// What such an input takes.
  func typed(_ instant: Instant) -> String {
    let civil = civil(at: instant)
    return "\(civil.day)T\(civil.clock.description.prefix(5))"
  }
}
