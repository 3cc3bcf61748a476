import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// A till on the screen: what was typed, and what it costs. It sells by the rules and the way of every other till, so its receipts
/// are real ones; it stands in for a till that is not connected yet.
struct ScreenTill: Sendable {
  static let rows = 4

  struct Line: Sendable {
    var product: String
    var quantity: String
    var price: String
  }

  let lines: [Line]
  let phone: String
  /// Nil where the basket cannot be priced; `faults` tell why.
  var quote: Quote?
  /// Whether somebody was found by the telephone.
  var isKnown = false

  /// What was typed, or goods to try it with.
  init(_ form: Form, _ reader: Reader) {
    phone = form["phone"]
    guard form["act"].isEmpty else {
      lines = (1...Self.rows).map { row in
        Line(product: form["product-\(row)"], quantity: form["quantity-\(row)"], price: form["price-\(row)"])
      }
      return
    }
    lines = [
      Line(product: reader("Кофе зерновой, 250 г", "Coffee beans, 250 g"), quantity: "3", price: "379.00"),
      Line(product: reader("Хлеб ржаной, 400 г", "Rye bread, 400 g"), quantity: "1", price: "62.90"),
      Line(product: reader("Молоко, 1 л", "Milk, 1 l"), quantity: "2", price: "89.90"), Line(product: "", quantity: "", price: ""),
    ]
  }

  /// The rows that name goods.
  var sold: [Line] { lines.filter { !$0.product.isEmpty } }

  /// The basket as a till sends it. Goods by their code, where the catalogue knows one, else by a code made of their name.
  func body(_ catalogue: CatalogueIndex, extra: [JSON.Member] = []) -> JSON {
    let lines = sold.enumerated().map { place, line -> JSON in
      .object([
        "id": .string("\(place + 1)"), "product": .string(Self.code(line, catalogue)),
        "quantity": .string(Self.plain(line.quantity)),
        "price": .string(Self.plain(line.price)),
      ])
    }
    let member: JSON? = phone.isEmpty ? nil : .object(["identifier": .string(phone), "shown": .string("typed")])
    return .object([JSON.Member("lines", .array(lines))] + (member.map { [JSON.Member("member", $0)] } ?? []) + extra)
  }

  static func code(_ line: Line, _ catalogue: CatalogueIndex) -> String {
    catalogue.facts(code: line.product) == nil ? Slug(line.product).text : line.product
  }

  /// As JSON writes numbers: people type commas and spaces.
  private static func plain(_ text: String) -> String {
    String(text.compactMap { $0 == "," ? "." : $0.isWhitespace ? nil : $0 })
  }

  /// Goods that the catalogue does not have, to be taken in when they are sold.
  func newGoods(_ catalogue: CatalogueIndex) -> [ProductDetails] {
    var known: Set<String> = []
    return sold.compactMap { line in
      let code = Self.code(line, catalogue)
      guard catalogue.facts(code: code) == nil, known.insert(code).inserted else { return nil }
      return ProductDetails(code: code, name: CatalogueName(line.product))
    }
  }
}

extension SetupFacts {
  /// The register that the screen sells as: the one that was made, else one of no profile.
  func screen(_ floor: SalesFloor) -> SalesFloor.Till? {
    store.flatMap { floor.till(store: $0.details.code, register: register?.details.code ?? "screen") }
  }
}

extension ConsoleDesk {
  /// What the basket on the screen costs by the rules in force. Nothing is written.
  func screenTill(_ facts: SetupFacts, _ visit: Visit) async throws -> ScreenTill {
    var screen = ScreenTill(visit.form, visit.reader)
    let floor = try visit.floor
    guard let till = facts.screen(floor) else { throw Self.noFirstStore }
    let node = JSONNode(screen.body(floor.catalogue))
    var reading = BasketReading(floor, till, .refusing, stated: false)
    let basket = reading.basket(node, at: visit.call.at)
    guard node.issues.isEmpty, !basket.lines.isEmpty else { return screen }
    let (showing, at) = (BasketReading.showing(node["member"]), visit.call.at)
    let (found, quote) = try await database.read { tx in
      let found = try floor.programme.identify(showing, at: at, in: &tx)
      return (found, try floor.receipts.calculate(basket, for: found.shopper, at: at, in: &tx))
    }
    screen.quote = quote
    screen.isKnown = found.shopper.id != nil
    return screen
  }

  /// Prices the basket, or sells it.
  func sellOnScreen(_ visit: Visit) async throws -> Answer {
    let facts = try await setupFacts(visit)
    guard facts.isOpen(.receipt) else { return .redirect(facts.next.path) }
    guard visit.form["act"] == "sell" else { return try await show(.receipt, facts, visit) }
    do {
      let receipt = try await sell(ScreenTill(visit.form, visit.reader), facts, visit)
      return .redirect(SetupStep.receipt.path + "?owner=\(receipt.owner)&receipt=\(receipt.id)")
    } catch let problem as Problem { return try await show(.receipt, facts, visit, problem) }
  }

  private func sell(_ screen: ScreenTill, _ facts: SetupFacts, _ visit: Visit) async throws -> Receipt {
    let request = visit.form["request"]
    guard (8...40).contains(request.utf8.count), request.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw Self.foreignForm }
    let first = try visit.floor
    try await welcome(screen, first, visit)
    let floor = try await floors.refresh(first.programme.id) ?? first
    guard let till = facts.screen(floor) else { throw Self.noFirstStore }
    let key: JSON = .object(["shift": .int(0), "number": .string(request)])
    let body = screen.body(
      floor.catalogue, extra: [JSON.Member("receipt", key), JSON.Member("time", .string(visit.call.at.text))])
    let reading = try SaleReading(body, floor, till, offline: false, at: visit.call.at)
    let at = visit.call.at
    let buyer = Buyer.shown(reading.showing, in: floor.programme, spending: reading.sale.basket.spend, at: at)
    _ = try await floor.receipts.confirm(
      reading.sale, boughtBy: buyer, request: RequestKey("screen-" + request), at: at, on: database)
    return try await database.read { tx in try floor.receipts.receipt(reading.sale.key, in: &tx) }
  }

  /// Takes goods and the member in that the screen names and nobody knows yet. Both are found the next time.
  private func welcome(_ screen: ScreenTill, _ floor: SalesFloor, _ visit: Visit) async throws {
    let (goods, programme, change) = (screen.newGoods(floor.catalogue), floor.programme, change(visit))
    let phone = screen.phone.isEmpty ? nil : programme.settings.identifiers.identifier(.phone, screen.phone)
    guard screen.phone.isEmpty || phone != nil else { throw Self.notAPhone }
    guard !goods.isEmpty || phone != nil else { return }
    try await database.write { tx in
      if !goods.isEmpty { _ = try Catalogue(of: programme.account).save(goods, by: change, in: &tx) }
      guard let phone, try programme.identifiers.find([phone], in: &tx) == nil else { return }
      _ = try programme.members.join(MemberDetails(identifiers: [phone], joinedAt: change.at), by: change, in: &tx)
    }
  }

  private static let noFirstStore = Problem(
    .conflict, "store_missing", "there is no store yet",
    cashier: LocalText(ru: "Сначала заведите магазин", en: "Make a store first"))
  private static let notAPhone = Problem(
    .invalid, "not_a_phone", "this is no telephone number",
    issues: [Issue(pointer: "/phone", code: "not_an_identifier", message: "a telephone number with its country is expected here")])
}
