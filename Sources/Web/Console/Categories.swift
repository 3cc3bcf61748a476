import Access
import Calculator
import Kernel
import Loyalty
import Storage

/// One category: what lies below it, its products, and who names it.
struct CategoryCard: Sendable {
  let node: Known<CategoryDetails>
  let products: [Known<ProductDetails>]
  let figures: [ProductID: Figures]
  /// The place to go on from; nil at the end.
  let next: Int?
}

extension ConsoleDesk {
  func categories(_ visit: Visit) async throws -> Answer { try await categories(visit, nil) }

  private func categories(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let page = CategoryTreePage(shelves: try await shelves(visit), visit: visit, refusal: refusal)
    var answer = visit.show(page.page, in: .catalogue)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func category(_ visit: Visit) async throws -> Answer { try await category(visit, nil) }

  private func category(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let shelves = try await shelves(visit)
    guard let id = visit.call.path["category"].flatMap({ CategoryID($0) }), let code = shelves.tree.code(id),
      let node = shelves.tree.nodes[code]
    else { throw Self.noCategory }
    let from = visit.call.query["after"].flatMap { Int($0) } ?? 0
    let found = shelves.index?.codes(in: id, from: from, limit: ProductList.size) ?? (codes: [], next: nil)
    let (account, today) = (visit.account.id, visit.reader.zone.civil(at: visit.call.at).day)
    let card = try await database.read { tx in
      let catalogue = Catalogue(of: account)
      let products = try catalogue.products(codes: found.codes, in: &tx)
      let ordered = found.codes.compactMap { products[$0] }
      return CategoryCard(
        node: node, products: ordered, figures: try catalogue.figures(of: ordered.map(\.id), zone: nil, on: today, in: &tx),
        next: found.next)
    }
    var answer = visit.show(CategoryPage(card: card, shelves: shelves, visit: visit, refusal: refusal).page, in: .catalogue)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it makes one category: the second time it is there already, just so.
  func makeCategory(_ visit: Visit) async throws -> Answer {
    let (form, account, change) = (visit.form, visit.account.id, change(visit))
    let details = form.category(code: form["code"])
    do {
      let id = try await database.write { tx -> CategoryID in
        let catalogue = Catalogue(of: account)
        try takeStructure(of: account, in: &tx)
        if let known = try catalogue.categories(in: &tx).nodes[details.code], known.details != details { throw Self.taken("code") }
        return try catalogue.save([details], by: change, in: &tx).ids[0]
      }
      try await refreshFloor(visit)
      return .redirect("/console/catalogue/categories/\(id)")
    } catch let problem as Problem { return try await categories(visit, problem) }
  }

  func changeCategory(_ visit: Visit) async throws -> Answer {
    let (form, account, change) = (visit.form, visit.account.id, change(visit))
    guard let id = visit.call.path["category"].flatMap({ CategoryID($0) }) else { throw Self.noCategory }
    do {
      try await database.write { tx in
        let catalogue = Catalogue(of: account)
        guard let code = try catalogue.categories(in: &tx).code(id) else { throw Self.noCategory }
        _ = try catalogue.save([form.category(code: code)], by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid { return try await category(visit, problem) }
    try await refreshFloor(visit)
    return .redirect("/console/catalogue/categories/\(id)")
  }

  static let noCategory = Problem(
    .notFound, "category_unknown", "there is no such category",
    cashier: LocalText(ru: "Такой категории нет", en: "There is no such category"))
}

extension Form {
  fileprivate func category(code: String) -> CategoryDetails {
    CategoryDetails(code: code, name: CatalogueName(ru: text("name"), en: text("nameEn")), parent: text("parent"))
  }
}

/// A part of the tree, level in level, as deep as fits a page; what lies deeper is on the pages of the categories above it.
struct CategoryBranches {
  /// Nodes on one page.
  static let most = 1_000

  let shelves: Shelves
  let counts: [CategoryID: Int]
  let reader: Reader
  private let below: [String: [Known<CategoryDetails>]]

  init(shelves: Shelves, reader: Reader) {
    self.shelves = shelves
    self.reader = reader
    counts = shelves.index?.counts() ?? [:]
    below = Dictionary(grouping: shelves.tree.nodes.values) { $0.details.parent ?? "" }
      .mapValues { $0.sorted { ($0.details.code, $0.id) < ($1.details.code, $1.id) } }
  }

  /// - Parameter code: of the category whose branches these are; nil for the whole tree.
  func html(below code: String?) -> Markup? {
    let top = below[code ?? ""] ?? []
    guard !top.isEmpty else { return nil }
    var (depth, level, total) = (1, top, top.count)
    while depth < Limits.categoryDepth {
      let next = level.flatMap { below[$0.details.code] ?? [] }
      guard !next.isEmpty, total + next.count <= Self.most else { break }
      (depth, level, total) = (depth + 1, next, total + next.count)
    }
    return "<ul class=\"branches\">\(top.prefix(Self.most).map { item($0, depth) })</ul>"
  }

  private func item(_ node: Known<CategoryDetails>, _ depth: Int) -> Markup {
    let children = below[node.details.code] ?? []
    guard !children.isEmpty else { return "<li>\(row(node, nil))</li>" }
    guard depth > 1 else {
      let more = reader.count(
        children.count, ("категория внутри", "категории внутри", "категорий внутри"), ("category inside", "categories inside"))
      return "<li>\(row(node, "<small class=\"muted\">\(more)</small>"))</li>"
    }
    let inside = reader("Что внутри: \(reader.name(node.details.name))", "What is inside \(reader.name(node.details.name))")
    return """
      <li>\(row(node, nil))<details><summary aria-label="\(inside)">\(Icon.right.small)</summary>\
      <ul>\(children.map { item($0, depth - 1) })</ul></details></li>
      """
  }

  private func row(_ node: Known<CategoryDetails>, _ more: Markup?) -> Markup {
    let count = shelves.index == nil ? "–" : reader.number(Int64(counts[node.id] ?? 0))
    return """
      <div class="branch"><span class="grow"><a href="/console/catalogue/categories/\(node.id)">\(reader.name(node.details.name))</a> \
      \(CatalogueWords.lack(node.details.name, reader))</span><span class="tab muted">\(count)</span>\(more)</div>
      """
  }
}

/// Where a category is made.
struct NewCategoryForm {
  let parent: String?
  let form: Form?
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var panel: Markup {
    let faults = FormFaults(refusal, fields: ["code", "name", "nameEn", "parent"], reader)
    func field(_ name: String, _ ru: String, _ en: String, _ limit: Int, needs: Bool = false, usual: String = "") -> Markup {
      Field(
        name: name, label: reader(ru, en), value: form?[name] ?? usual, fault: faults[name], limit: limit, isRequired: needs,
        id: "f-new-\(name)"
      ).html
    }
    let title = parent == nil ? reader("Новая категория", "New category") : reader("Новая категория внутри", "New category inside")
    return """
      <section class="panel"><header class="panel-head"><h2>\(title)</h2></header>\
      <form class="inline-form" method="post" action="/console/catalogue/categories">\(visit.key)\(faults.notice)\
      \(field("code", "Код", "Code", Limits.code, needs: true))\(field("name", "Название по-русски", "Name in Russian", Limits.name))\
      \(field("nameEn", "Название по-английски", "Name in English", Limits.name))\
      \(field("parent", "Код категории выше", "Code of the category above", Limits.code, usual: parent ?? ""))\
      <div><button class="button">\(Icon.plus.small)\(reader("Завести", "Make it"))</button></div></form></section>
      """
  }
}

struct CategoryTreePage {
  let shelves: Shelves
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }

  var page: Page {
    let count = reader.count(shelves.tree.nodes.count, ("категория", "категории", "категорий"), ("category", "categories"))
    let form: Markup? =
      visit.may(.changeProgramme)
      ? "<aside class=\"aside stack\">\(NewCategoryForm(parent: nil, form: refusal == nil ? nil : visit.form, refusal: refusal, visit: visit).panel)</aside>"
      : nil
    return Page(
      title: reader("Категории", "Categories"), notes: [count], crumbs: [(reader("Каталог", "Catalogue"), "/console/catalogue")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(CatalogueTabs(current: .categories, reader: reader).html)\(tree)</div>\(form)</div>
        """)
  }

  private var tree: Markup {
    guard let branches = CategoryBranches(shelves: shelves, reader: reader).html(below: nil) else {
      return Notice.info(
        reader(
          "Категорий ещё нет. Акции называют их вместо сотен товаров.",
          "There are no categories yet. Promotions name them instead of hundreds of products."))
    }
    let title = reader("Дерево категорий, с числом товаров", "The tree, with numbers of products")
    return "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header>\(branches)</section>"
  }
}

struct CategoryPage {
  let card: CategoryCard
  let shelves: Shelves
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var details: CategoryDetails { card.node.details }
  private var path: String { "/console/catalogue/categories/\(card.node.id)" }

  var page: Page {
    let branches = CategoryBranches(shelves: shelves, reader: reader)
    let count = shelves.index.map { _ in
      reader.count(branches.counts[card.node.id] ?? 0, ("товар", "товара", "товаров"), ("product", "products"))
    }
    let aside: Markup? =
      visit.may(.changeProgramme)
      ? "<aside class=\"aside stack\">\(form)\(NewCategoryForm(parent: details.code, form: nil, refusal: nil, visit: visit).panel)</aside>"
      : nil
    return Page(
      title: reader.name(details.name), marks: CatalogueWords.lack(details.name, reader) ?? .nothing,
      notes: [details.code, count].compactMap { $0 }, crumbs: crumbs,
      body:
        "<div class=\"page-body with-aside\"><div class=\"stack\">\(inside(branches))\(promotions)\(products)</div>\(aside)</div>")
  }

  private var crumbs: [(name: String, path: String)] {
    [(reader("Каталог", "Catalogue"), "/console/catalogue"), (reader("Категории", "Categories"), "/console/catalogue/categories")]
      + shelves.path(details.parent).map { (reader.name($0.details.name), "/console/catalogue/categories/\($0.id)") }
  }

  private func inside(_ branches: CategoryBranches) -> Markup? {
    branches.html(below: details.code).map { tree -> Markup in
      "<section class=\"panel\"><header class=\"panel-head\"><h2>\(reader("Внутри", "Inside"))</h2></header>\(tree)</section>"
    }
  }

  private var products: Markup? {
    guard shelves.index != nil else { return nil }
    guard !card.products.isEmpty else { return Notice.info(reader("Товаров здесь нет", "There are no products here")) }
    return ProductTable(products: card.products, figures: card.figures, shelves: shelves, visit: visit).table.panel(
      heading: true, next: reader.further(card.next.map { "\(path)?after=\($0)" }))
  }

  private var promotions: Markup? {
    guard let floor = visit.sales else { return nil }
    let lineage = shelves.tree.lineage(of: details.code)
    let naming = floor.rules.promotions.rolledOut.map { ($0, $0.mentions(ofCategories: lineage)) }.filter { !$0.1.isEmpty }
    return MentionTable(naming: naming, floor: floor, visit: visit).panel(
      none: reader("Ни одна акция не называет ни её, ни категорий выше.", "No promotion names it or a category above it."))
  }

  private var form: Markup {
    let faults = FormFaults(refusal, fields: ["name", "nameEn", "parent"], reader)
    let typed = refusal == nil ? nil : visit.form
    func field(_ name: String, _ ru: String, _ en: String, _ value: String?, _ limit: Int, hint: String? = nil) -> Markup {
      Field(
        name: name, label: reader(ru, en), value: typed?[name] ?? value ?? "", hint: hint, fault: faults[name], limit: limit,
        isRequired: false
      ).html
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Изменить", "Edit"))</h2></header>\
      <form class="inline-form" method="post" action="\(path)">\(visit.key)\(faults.notice)\
      \(field("name", "Название по-русски", "Name in Russian", details.name.ru, Limits.name))\
      \(field("nameEn", "Название по-английски", "Name in English", details.name.en, Limits.name))\
      \(field("parent", "Код категории выше", "Code of the category above", details.parent, Limits.code, hint: reader("Пусто – верхний уровень. Всё, что внутри, переедет вместе с ней", "Nothing: the top. What lies inside moves along")))\
      <div><button class="button">\(reader("Сохранить", "Save"))</button></div></form></section>
      """
  }
}
