import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage

/// One product with its names, what holds for it today, and who names it.
struct ProductCard: Sendable {
  let product: Known<ProductDetails>
  let figures: Figures
  let brand: String?
  let manufacturer: String?
  /// The latest day first.
  let dated: [Figure]
  /// Names of the account's price zones by their codes.
  let zones: [String: String]

  /// Eight indexed statements.
  static func read(_ id: ProductID, of account: AccountID, on day: CivilDay, in tx: inout Transaction) throws -> ProductCard {
    let catalogue = Catalogue(of: account)
    let product = try catalogue.product(id, in: &tx)
    let (brand, maker) = (product.details.brand, product.details.manufacturer)
    return ProductCard(
      product: product, figures: try catalogue.figures(of: [id], zone: nil, on: day, in: &tx)[id] ?? Figures(),
      brand: try brand.map { try catalogue.productBrands(codes: [$0], in: &tx)[$0]?.details.name ?? $0 },
      manufacturer: try maker.map { try catalogue.manufacturers(codes: [$0], in: &tx)[$0]?.details.name ?? $0 },
      dated: try catalogue.dated(product, in: &tx), zones: try Places(of: account).priceZones(in: &tx).mapValues(\.details.name))
  }
}

extension ConsoleDesk {
  func product(_ visit: Visit) async throws -> Answer { try await product(visit, FiguresForm()) }

  /// - Parameter figures: as it was sent, and what is wrong with it.
  func product(_ visit: Visit, _ figures: FiguresForm) async throws -> Answer {
    let (id, account) = (try Self.productID(visit), visit.account.id)
    let today = visit.reader.zone.civil(at: visit.call.at).day
    let card = try await database.read { tx in try ProductCard.read(id, of: account, on: today, in: &tx) }
    let page = ProductPage(card: card, shelves: try await shelves(visit), visit: visit, figures: figures)
    var answer = visit.show(page.page, in: .catalogue)
    if figures.refusal != nil { answer.status = 422 }
    return answer
  }

  static func productID(_ visit: Visit) throws -> ProductID {
    guard let id = visit.call.path["product"].flatMap({ ProductID($0) }) else {
      throw Problem(
        .notFound, "product_unknown", "there is no such product",
        cashier: LocalText(ru: "Такого товара нет", en: "There is no such product"))
    }
    return id
  }
}

struct ProductPage {
  let card: ProductCard
  let shelves: Shelves
  let visit: Visit
  var figures = FiguresForm()

  private var reader: Reader { visit.reader }
  private var details: ProductDetails { card.product.details }

  var page: Page {
    let archived: Markup? = details.isArchived ? "<span class=\"badge\">\(reader("в архиве", "archived"))</span>" : nil
    return Page(
      title: reader.name(details.name), marks: "\(archived)\(CatalogueWords.lack(details.name, reader))", actions: actions,
      notes: [details.code], crumbs: crumbs,
      body: """
        <div class="page-body two-one"><div class="stack">\(about)\(DatedFigures(card: card, form: figures, visit: visit).html)\(promotions)</div><div class="stack">\(prices)\(marks)\(attributes)</div></div>
        """)
  }

  private var crumbs: [(name: String, path: String)] {
    [(reader("Каталог", "Catalogue"), "/console/catalogue")]
      + shelves.path(details.category).map { (reader.name($0.details.name), "/console/catalogue/categories/\($0.id)") }
  }

  private var actions: Markup {
    guard visit.may(.changeProgramme) else { return .nothing }
    return "<a class=\"button\" href=\"/console/catalogue/products/\(card.product.id)/edit\">\(reader("Изменить", "Edit"))</a>"
  }

  private var about: Markup {
    let path = shelves.path(details.category).map { node -> Markup in
      "<a href=\"/console/catalogue/categories/\(node.id)\">\(reader.name(node.details.name))</a>"
    }
    let steps = path.enumerated().map { place, link -> Markup in place == 0 ? link : " / \(link)" }
    let bars = details.barcodes.map(\.digits).joined(separator: ", ")
    return FactList(rows: [
      (reader("Название по-русски", "Name in Russian"), "\(details.name.ru ?? "–")"),
      (reader("Название по-английски", "Name in English"), "\(details.name.en ?? "–")"),
      (reader("Код", "Code"), "\(details.code)"), (reader("Категория", "Category"), steps.isEmpty ? "–" : Markup(steps)),
      (reader("Бренд", "Brand"), card.brand.map { "\($0)" } ?? "–"),
      (reader("Производитель", "Manufacturer"), card.manufacturer.map { "\($0)" } ?? "–"),
      (reader("Единица", "Unit"), "\(CatalogueWords.unit(details.unit, reader))"),
      (reader("Штрихкоды", "Barcodes"), bars.isEmpty ? "–" : "\(bars)"),
    ]).panel(reader("О товаре", "About the product"))
  }

  private var prices: Markup {
    let figures = card.figures
    return FactList(rows: [
      (reader("Обычная цена", "Regular price"), figures.regularPrice.map { "\(reader.money($0))" } ?? "–"),
      (reader("Себестоимость", "Cost"), figures.cost.map { "\(reader.money($0))" }),
      (reader("НДС", "VAT"), figures.vat.map { "\(reader.decimal($0.ppm / 100, digits: 2))\u{a0}%" }),
      (reader("Не дешевле", "Never below"), details.minPrice.map { "\(reader.money($0))" }),
      (reader("Не дороже", "Never above"), details.maxPrice.map { "\(reader.money($0))" }),
    ]).panel(reader("Цены сегодня", "Prices today"))
  }

  private var marks: Markup? {
    let flags = ProductFlags.named.filter { details.flags.contains($0.flag) }.map { CatalogueWords.flag(named: $0.name, reader) }
    var items = flags.map { flag -> Markup in "<li>\(Icon.info.usual)<div>\(flag.name)<p>\(flag.effect)</p></div></li>" }
    if let age = details.minAge {
      let text = reader("Продаётся с \(age) лет", "Sold from the age of \(age)")
      items.append("<li>\(Icon.person.usual)<div>\(text)</div></li>")
    }
    guard !items.isEmpty else { return nil }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Особенности", "Marks"))</h2></header>\
      <ul class="items ruled">\(items)</ul></section>
      """
  }

  private var attributes: Markup? {
    guard !details.attributes.isEmpty else { return nil }
    let rows = details.attributes.values.sorted { $0.key < $1.key }.map { (name: $0.key, value: Markup.text(said($0.value))) }
    return FactList(rows: rows).panel(reader("Признаки", "Attributes"))
  }

  private func said(_ value: AttributeValue) -> String {
    switch value {
    case .text(let text): text
    case .number(let number): reader.number(number)
    case .flag(let flag): flag ? reader("да", "yes") : reader("нет", "no")
    case .day(let day): reader.date(day)
    case .list(let codes): codes.joined(separator: ", ")
    }
  }

  private var promotions: Markup? {
    guard let floor = visit.sales else { return nil }
    guard let facts = floor.catalogue.facts(card.product.id) else { return nil }
    let naming = floor.rules.promotions.rolledOut.map { ($0, $0.mentions(of: facts)) }.filter { !$0.1.isEmpty }
    return MentionTable(naming: naming, floor: floor, visit: visit).panel(
      none: reader(
        "Ни одна акция не называет этот товар. Акции на все товары действуют и на него.",
        "No promotion names this product. Promotions for all goods apply to it, too."))
  }
}

/// Promotions that name some goods, with how they do.
struct MentionTable {
  let naming: [(promotion: Promotion, mentions: Set<Mention>)]
  let floor: SalesFloor
  let visit: Visit

  private var reader: Reader { visit.reader }

  /// - Parameter none: what to say where there are none.
  func panel(none: String) -> Markup {
    let title = reader("Акции, которые это называют", "Promotions that name it")
    guard !naming.isEmpty else {
      return
        "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header><p class=\"panel-body muted\">\(none)</p></section>"
    }
    let rows = reader.shown(naming, Limits.page).map { promotion, mentions -> Markup in
      let words = mentions.map(word).sorted().joined(separator: "; ")
      return """
        <tr><th scope="row">\(reader(promotion.name))<small>\(promotion.code)</small></th>\
        <td>\(BenefitWords(reader: reader, pointsName: visit.started?.settings.pointsName ?? .standard).sentence(promotion.benefit))</td><td>\(words)</td></tr>
        """
    }
    return DataTable(
      label: title,
      columns: [
        .text(reader("Акция", "Promotion"), small: reader("Код", "Code")), .text(reader("Что даёт", "What it gives")),
        .text(reader("Как называет", "How it names it")),
      ], rows: rows
    ).panel(heading: true)
  }

  private func word(_ mention: Mention) -> String {
    let name = name(mention.name)
    return switch mention.part {
    case .target: reader("действует на: \(name)", "lands on \(name)")
    case .condition: reader("в условии: \(name)", "asks for \(name)")
    case .exception: reader("кроме: \(name)", "except \(name)")
    }
  }

  private func name(_ name: Mention.Name) -> String {
    switch name {
    case .product: reader("сам товар", "the product itself")
    case .category(let id):
      floor.catalogue.tree.code(id).flatMap { floor.catalogue.tree.nodes[$0] }
        .map { reader("категория «\(reader.name($0.details.name))»", "the category “\(reader.name($0.details.name))”") } ?? "\(id)"
    case .brand: reader("бренд", "its brand")
    case .manufacturer: reader("производитель", "its manufacturer")
    case .attribute(let id): floor.names.code(.attribute, id.raw) ?? "\(id)"
    }
  }
}
