import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// Reads what every request about goods has: the lines, who is shown, when.
struct BasketReading {
  let floor: SalesFloor
  let till: SalesFloor.Till
  var reader: BasketReader
  private let unknown = UnknownGoods()

  /// Codes of goods that the catalogue does not know.
  var unknownGoods: [String] { unknown.codes }

  init(_ floor: SalesFloor, _ till: SalesFloor.Till, _ rigour: BasketReader.Rigour, stated: Bool) {
    self.floor = floor
    self.till = till
    let unknown = unknown
    let shelf = BasketReader.Shelf(members: ["barcode"] + (stated ? ["amount", "paidWithPoints"] : [])) {
      floor.catalogue.facts(code: $0)
    } find: { line in
      guard let code = Self.code(line) else { return nil }
      if let facts = Self.facts(line, floor.catalogue) { return facts }
      unknown.codes.append(code)
      return ProductFacts(id: Self.passingID(code))
    }
    reader = BasketReader(
      rules: RuleReader(names: floor.names, amounts: floor.amounts), shelf: shelf, rigour: rigour)
  }

  /// - Parameter time: when it is sold; nil: as the body says.
  mutating func basket(_ node: JSONNode, at time: Instant) -> Basket {
    var basket = Basket(store: till.facts, register: till.profile, time: time, lines: reader.lines(node["lines"]))
    if floor.shelf.asksRegister { basket.till = till.register }
    if basket.lines.isEmpty, node["lines"].isPresent, node.issues.isEmpty {
      node["lines"].refuse("empty", "a receipt has at least one line")
    }
    basket.certificates = reader.sold
    basket.channel = node["channel"].word() ?? .till
    basket.coupons = reader.coupons(node["coupons"])
    basket.tenders = reader.tenders(node["tenders"])
    basket.spend = reader.spend(node["spend"])
    basket.choices = reader.choices(node["choices"])
    return basket
  }

  /// A moment with its offset, or the store's own wall clock without one.
  func time(_ node: JSONNode) -> Instant? {
    guard let text = node.text() else { return nil }
    if let instant = Instant(text) { return bounded(instant, node) }
    if let local = Instant(text + "Z") {
      let civil = Zone.utc.civil(at: local)
      return bounded(till.facts.zone.instant(civil.day, civil.clock), node)
    }
    node.refuse(
      "not_a_time",
      "a time is expected here, for example 2026-11-21T09:30:00+03:00, or without an offset as the store's clock shows")
    return nil
  }

  private func bounded(_ instant: Instant, _ node: JSONNode) -> Instant? {
    let years = Zone.utc.civil(at: instant).day.parts.year
    if (2000...2100).contains(years) { return instant }
    node.refuse("out_of_range", "a time between the years 2000 and 2100 is expected here")
    return nil
  }

  /// Whom the till means: `{ "identifier": "+7…", "shown": "typed" }`, or `{ "id": "mem_…" }`.
  static func showing(_ node: JSONNode) -> Showing? {
    guard node.isPresent else { return nil }
    node.expect("identifier", "kind", "id", "shown", "confirmation")
    let shown: Shown = node["shown"].word() ?? .typed
    var confirmation: ConfirmationID?
    if let text = node["confirmation"].text() {
      confirmation = OwnedID<Entity.Confirmation>(text)?.id
      if confirmation == nil { node["confirmation"].unknown("not_an_id", "this is no confirmation of ours") }
    }
    var (kind, isKindKnown) = (IdentifierKind?.none, true)
    if let word = node["kind"].text() {
      kind = IdentifierKind(word)
      isKindKnown = kind != nil
      if !isKindKnown {
        node["kind"].unknown("unknown_word", "a kind is one of phone, card, email, app, external or the programme's own")
      }
    }
    let identifier = node["identifier"].text()
    if node["id"].isPresent {
      guard let text = node["id"].text() else { return nil }
      if let id = MemberID(text) { return Showing(.member(id), shown: shown, confirmation: confirmation) }
      node["id"].unknown("not_an_id", "a member's id is \"mem_\" and 13 characters")
      return nil
    }
    // Looked for among the kinds that are known it might be somebody else's number: of a kind that nobody knows it is nobody's.
    guard node["identifier"].required(), let identifier, isKindKnown else { return nil }
    return Showing(.text(identifier, kind), shown: shown, confirmation: confirmation)
  }

  /// Whom the till means, with who and what is stopped there.
  static func showing(_ node: JSONNode, on ask: Ask, by cashier: JSONNode, at time: Instant) -> Showing? {
    let (cashier, till) = (Self.cashier(cashier), ask.till)
    var showing = showing(node)
    let day = till.facts.zone.businessDay(at: time, dayStart: till.facts.dayStart)
    showing?.post = ask.floor.stops.post(
      store: till.store.id, register: till.register, cashier: cashier, on: day, at: ask.call.at)
    return showing
  }

  /// Who sits at the till, by the code that the till knows: no name, no control character.
  static func cashier(_ node: JSONNode) -> String? {
    guard let code = node.code() else { return nil }
    if isCode(code) { return code }
    node.refuse("not_a_code", "a cashier's code has 1 to \(Limits.code) bytes, no control characters and no spaces around it")
    return nil
  }

  private static func facts(_ line: JSONNode, _ catalogue: CatalogueIndex) -> ProductFacts? {
    if case .string(let code)? = line["product"].json { return catalogue.facts(code: code) }
    guard case .string(let text)? = line["barcode"].json else { return nil }
    return Barcode(text).flatMap { catalogue.facts($0) } ?? catalogue.facts(code: text)
  }

  /// What names the line's goods; notes where nothing does.
  static func code(_ line: JSONNode) -> String? {
    let (product, barcode) = (line["product"].code(), line["barcode"].code())
    if line["product"].isPresent { return product }
    if line["barcode"].isPresent { return barcode }
    line["product"].refuse("missing", "a product's code or a barcode is required")
    return nil
  }

  /// For a quote of goods that nobody knows: the same for the same code, and never that of a product.
  private static func passingID(_ code: String) -> ProductID {
    var hash = StableHash()
    hash.mix(code)
    return ProductID(Int64(hash.value >> 26))
  }
}

/// Filled while lines are read.
private final class UnknownGoods {
  var codes: [String] = []
}

extension TillDesk {
  /// Puts goods that were sold and that nobody knows into the catalogue, under the code that the till names: they count in every
  /// report, and whoever keeps the catalogue sees them there without a category.
  /// - Returns: the floor with them; the same floor where they could not be taken in, and are sold as what nothing is known of.
  func admit(_ codes: [String], to floor: SalesFloor, _ call: Call) async throws -> SalesFloor {
    let fresh = Array(Set(codes)).filter { isProductCode($0) }.sorted()
    guard !fresh.isEmpty else { return floor }
    let (account, change) = (floor.programme.account, change(call))
    do {
      _ = try await database.write(.till) { tx in
        try Catalogue(of: account).save(
          fresh.map { ProductDetails(code: $0, name: CatalogueName($0), barcodes: Barcode($0).map { [$0] } ?? []) }, by: change,
          in: &tx)
      }
    } catch let problem as Problem {
      call.log.warning("unknown goods were not taken into the catalogue", metadata: ["cause": "\(problem.code)"])
      return floor
    }
    meters.count("regulars_unknown_goods_total", "programme", floor.programme.code, by: fresh.count)
    return try await floors.refresh(floor.programme.id) ?? floor
  }

  private func isProductCode(_ text: String) -> Bool {
    text.first?.isWhitespace == false && text.last?.isWhitespace == false && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
  }
}
