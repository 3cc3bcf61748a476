import Access
import Conditions
import Kernel
import Loyalty
import Storage

/// Products as a list: by code, or those whose code or name holds what was asked for.
struct ProductList: Sendable {
  static let size = 50

  let asked: String
  let products: [Known<ProductDetails>]
  let figures: [ProductID: Figures]
  /// To go on: behind which code, or by how many passed over where something was asked for.
  let next: String?
}

/// The categories with what the console says of them.
struct Shelves: Sendable {
  let tree: CategoryTree
  /// Nil before there are rules: then nobody keeps the goods in memory.
  let index: CatalogueIndex?

  /// From the top down to the category itself; empty for none.
  func path(_ code: String?) -> [Known<CategoryDetails>] {
    guard let code else { return [] }
    return tree.lineage(of: code).reversed().compactMap { id in tree.code(id).flatMap { tree.nodes[$0] } }
  }
}

extension ConsoleDesk {
  var catalogueDoors: [Door] {
    let (product, category) = ("/console/catalogue/products/{product}", "/console/catalogue/categories/{category}")
    return [
      .page("/console/catalogue", .seeFigures, products),
      .form("/console/catalogue", .changeProgramme, makeProduct),
      .page("/console/catalogue/new", .changeProgramme, newProduct),
      .page(product, .seeFigures, self.product),
      .page(product + "/edit", .changeProgramme, editProduct),
      .form(product, .changeProgramme, changeProduct),
      .form(product + "/figures", .changeProgramme, setFigure),
      .page("/console/catalogue/categories", .seeFigures, categories),
      .form("/console/catalogue/categories", .changeProgramme, makeCategory),
      .page(category, .seeFigures, self.category),
      .form(category, .changeProgramme, changeCategory),
    ]
  }

  /// By bars over their index, by pieces of codes and names in memory. Before there are rules nobody keeps the goods in memory: then by
  /// the beginning of a code.
  func products(_ visit: Visit) async throws -> Answer {
    let (account, query) = (visit.account.id, Form(visit.call.query))
    let (asked, after, today) = (
      String(query["q"].prefix(Limits.code)), query.text("after"), visit.reader.zone.civil(at: visit.call.at).day
    )
    let shelves = try await shelves(visit)
    let (list, underBars) = try await database.read { tx -> (ProductList, ProductID?) in
      let catalogue = Catalogue(of: account)
      if after == nil, let bars = Barcode(asked), let known = try catalogue.product(bars, in: &tx) { return (.none, known.id) }
      let (found, next) = try Self.products(asked, after, catalogue, shelves.index, in: &tx)
      let figures = try catalogue.figures(of: found.map(\.id), zone: nil, on: today, in: &tx)
      return (ProductList(asked: asked, products: found, figures: figures, next: next), nil)
    }
    if let underBars { return .redirect("/console/catalogue/products/\(underBars)") }
    return visit.show(ProductListPage(list: list, shelves: shelves, visit: visit).page, in: .catalogue)
  }

  private static func products(
    _ asked: String, _ after: String?, _ catalogue: Catalogue, _ index: CatalogueIndex?, in tx: inout Transaction
  ) throws -> ([Known<ProductDetails>], next: String?) {
    guard let index, !asked.isEmpty else {
      let found = try catalogue.products(beginning: asked, after: after, limit: ProductList.size, in: &tx)
      return (found, found.count == ProductList.size ? found.last?.details.code : nil)
    }
    let from = after.flatMap { Int($0) } ?? 0
    let (codes, next) = index.search(asked, archivedToo: true, from: from, limit: ProductList.size)
    let known = try catalogue.products(codes: codes, in: &tx)
    return (codes.compactMap { known[$0] }, next.map(String.init))
  }

  /// In memory where tills have it, else read.
  func shelves(_ visit: Visit) async throws -> Shelves {
    if let index = visit.sales?.catalogue { return Shelves(tree: index.tree, index: index) }
    let account = visit.account.id
    return Shelves(tree: try await database.read { tx in try Catalogue(of: account).categories(in: &tx) }, index: nil)
  }
}

extension ProductList {
  fileprivate static var none: ProductList { ProductList(asked: "", products: [], figures: [:], next: nil) }
}

struct ProductListPage {
  let list: ProductList
  let shelves: Shelves
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let count = shelves.index.map { reader.count($0.count, ("товар", "товара", "товаров"), ("product", "products")) }
    return Page(
      title: reader("Каталог", "Catalogue"), actions: actions, notes: [count].compactMap { $0 },
      body:
        "<div class=\"page-body\">\(CatalogueTabs(current: .products, reader: reader).html)\(search)\(found)\(list.products.isEmpty ? empty : table)</div>"
    )
  }

  private var actions: Markup {
    guard visit.may(.changeProgramme) else { return .nothing }
    return
      "<a class=\"button primary\" href=\"/console/catalogue/new\">\(Icon.plus.small)\(reader("Новый товар", "New product"))</a>"
  }

  private var search: Markup {
    let label = reader("Название, код, штрихкод или категория", "Name, code, barcode or category")
    return """
      <form class="find" method="get" action="/console/catalogue" role="search">\
      <input class="input" name="q" value="\(list.asked)" maxlength="\(Limits.code)" aria-label="\(label)" placeholder="\(label)" \
      autocomplete="off"><button class="button">\(Icon.search.small)\(reader("Найти", "Find"))</button></form>
      """
  }

  /// Categories whose names hold what was asked for.
  private var found: Markup? {
    guard !list.asked.isEmpty, let index = shelves.index else { return nil }
    let nodes = index.categories(named: list.asked, limit: 20).compactMap { index.tree.nodes[$0] }
    guard !nodes.isEmpty else { return nil }
    let items = nodes.map { node -> Markup in
      "<a class=\"chip\" href=\"/console/catalogue/categories/\(node.id)\">\(Icon.box.small)\(reader.name(node.details.name))</a>"
    }
    return "<div class=\"row wrap\" role=\"group\" aria-label=\"\(reader("Категории", "Categories"))\">\(items)</div>"
  }

  private var empty: Markup {
    if !list.asked.isEmpty {
      return Notice.info(
        reader(
          shelves.index == nil
            ? "Товаров с таким началом кода и с таким штрихкодом нет. По названию товары ищутся, когда у программы есть правила."
            : "Ни в названии, ни в коде товаров такого нет, и штрихкода такого нет. Слова можно вводить не целиком и в любом порядке.",
          shelves.index == nil
            ? "No product has such a code or barcode. By name products are found once the programme has rules."
            : "No product has this in its name or code, and none has such a barcode. Pieces of words will do, in any order."))
    }
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Товаров ещё нет", "There are no products yet"))</h2>\
      <p>\(reader("Каталог говорит правилам, что за товар на строке чека: категорию, бренд, признаки. Его загружают импортом или заводят здесь.", "The catalogue tells the rules what stands on a line of a receipt: its category, brand and attributes. Import it, or make products here."))</p></div>\
      <div class="example"><code class="break">regulars import products</code></div></div></section>
      """
  }

  private var table: Markup {
    let path = list.next.map { next in
      "/console/catalogue?after=\(queryText(next))" + (list.asked.isEmpty ? "" : "&q=\(queryText(list.asked))")
    }
    return ProductTable(products: list.products, figures: list.figures, shelves: shelves, visit: visit).table.panel(
      next: reader.further(path))
  }
}

/// Products as every list shows them.
struct ProductTable {
  let products: [Known<ProductDetails>]
  let figures: [ProductID: Figures]
  let shelves: Shelves
  let visit: Visit

  private var reader: Reader { visit.reader }

  var table: DataTable {
    DataTable(
      label: reader("Товары", "Products"),
      columns: [
        .text(reader("Товар", "Product"), small: reader("Код", "Code")), .text(reader("Категория", "Category")),
        .number("\(reader("Цена", "Price")), \(reader.sign)"), .text(reader("Особенности", "Marks")),
      ], rows: products.map(row))
  }

  private func row(_ product: Known<ProductDetails>) -> Markup {
    let details = product.details
    let path = shelves.path(details.category).suffix(2).map { reader.name($0.details.name) }.joined(separator: " / ")
    let price = figures[product.id]?.regularPrice.map(reader.amount) ?? "–"
    let archived: Markup? = details.isArchived ? "<span class=\"badge\">\(reader("в архиве", "archived"))</span>" : nil
    return """
      <tr><th scope="row"><a href="/console/catalogue/products/\(product.id)">\(reader.name(details.name))</a><small>\(details.code)</small></th>\
      <td>\(path)</td><td class="num">\(price)</td>\
      <td><span class="row wrap">\(archived)\(CatalogueWords.lack(details.name, reader))\(CatalogueWords.marks(details, reader))</span></td></tr>
      """
  }
}

/// What the room of the catalogue consists of.
struct CatalogueTabs {
  enum Tab: CaseIterable { case products, categories }

  let current: Tab
  let reader: Reader

  var html: Markup {
    let links = Tab.allCases.map { tab -> Markup in
      let mark: Markup = tab == current ? " aria-current=\"page\"" : ""
      let (path, name) =
        tab == .products
        ? ("/console/catalogue", reader("Товары", "Products"))
        : ("/console/catalogue/categories", reader("Категории", "Categories"))
      return "<a href=\"\(path)\"\(mark)>\(name)</a>"
    }
    return "<nav class=\"tabs\" aria-label=\"\(reader("Раздел каталога", "Room of the catalogue"))\">\(links)</nav>"
  }
}

/// Words about goods.
enum CatalogueWords {
  /// A mark where a name is there in one language only: the other then reads that one.
  static func lack(_ name: CatalogueName, _ reader: Reader) -> Markup? {
    let text =
      name.ru == nil
      ? reader("нет русского названия", "no Russian name")
      : name.en == nil ? reader("нет английского названия", "no English name") : nil
    return text.map { "<span class=\"badge warn\">\($0)</span>" }
  }

  static func marks(_ details: ProductDetails, _ reader: Reader) -> [Markup] {
    var marks = ProductFlags.named.filter { details.flags.contains($0.flag) }.map { flag(named: $0.name, reader).name }
    if let age = details.minAge { marks.append("\(age)+") }
    if details.minPrice != nil { marks.append(reader("наименьшая цена", "least price")) }
    if details.maxPrice != nil { marks.append(reader("наибольшая цена", "highest price")) }
    return marks.map { "<span class=\"badge\">\($0)</span>" }
  }

  /// A flag in a word or two, and what follows from it.
  static func flag(named name: String, _ reader: Reader) -> (name: String, effect: String) {
    switch name {
    case "discountForbidden":
      (reader("без скидок", "no reductions"), reader("Ни одна акция не снижает цену", "No promotion lowers its price"))
    case "pointsSpendForbidden":
      (
        reader("не за баллы", "not for points"),
        reader("Баллами его не оплатить: алкоголь, табак", "Points do not pay for it: alcohol, tobacco")
      )
    case "earnForbidden":
      (reader("без начисления", "earns nothing"), reader("За него не начисляют баллов", "It earns no points"))
    case "doesNotCount":
      (
        reader("не в счёт порогов", "counts for nothing"),
        reader("Не входит в суммы и количества, которых требуют акции", "Fulfils no amount or quantity that a promotion asks for")
      )
    case "advertForbidden":
      (reader("без рекламы", "not advertised"), reader("Не показывается в предложениях и подсказках", "Is in no offer and no hint"))
    case "marked":
      (
        reader("маркированный", "marked units"),
        reader("У каждой единицы свой код; строка не делится", "Each unit has a code of its own; lines are not split")
      )
    default: (name, "")
    }
  }

  static func unit(_ unit: UnitOfMeasure, _ reader: Reader) -> String {
    switch unit {
    case .piece: reader("штука", "piece")
    case .kilogram: reader("килограмм", "kilogram")
    case .gram: reader("грамм", "gram")
    case .litre: reader("литр", "litre")
    case .millilitre: reader("миллилитр", "millilitre")
    case .gallon: reader("галлон", "gallon")
    case .metre: reader("метр", "metre")
    case .squareMetre: reader("квадратный метр", "square metre")
    case .hour: reader("час", "hour")
    case .portion: reader("порция", "portion")
    }
  }
}
