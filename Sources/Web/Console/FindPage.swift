import Kernel

/// The search of the whole console as a page, and as the palette's script takes it.
struct FindPage {
  static let path = "/console/find"
  /// Characters that are looked at: the text of a receipt's fiscal code is the longest that is typed or scanned.
  static let longest = 120

  let findings: Findings
  let reader: Reader

  var page: Page {
    Page(
      title: reader("Найти", "Find"), body: "<div class=\"page-body\">\(form)\(findings.groups.isEmpty ? nothing : groups)</div>")
  }

  private var form: Markup {
    let label = reader(Palette.label.ru, Palette.label.en)
    return """
      <form class="find" method="get" action="\(Self.path)" role="search">\
      <input class="input" name="q" value="\(findings.asked)" aria-label="\(label)" placeholder="\(label)" autocomplete="off" \
      maxlength="\(Self.longest)"><button class="button primary">\(Icon.search.small)\(reader("Найти", "Find"))</button></form>
      """
  }

  private var nothing: Markup { Notice.info(told) }

  private var groups: Markup {
    Markup(
      findings.groups.map { group -> Markup in
        let rows = group.items.map { item -> Markup in
          "<li>\(item.icon.usual)<div><a href=\"\(item.path)\">\(item.title)</a><p>\(item.note)</p></div></li>"
        }
        return """
          <section class="panel"><header class="panel-head"><h2>\(name(group.kind))</h2></header><ul class="items ruled">\(rows)</ul></section>
          """
      })
  }

  private var told: String {
    guard findings.groups.isEmpty else { return "" }
    return reader(
      "Ничего не нашлось. Участник находится по телефону, карте, почте или коду целиком или по последним цифрам карты, чек – по тексту его QR-кода или «магазин касса смена номер дата», остальное – по части названия.",
      "Nothing was found. A member is found by a whole telephone number, card, e-mail or code, or by the last digits of a card, a receipt by the text of its code or “store till shift number date”, the rest by a part of its name."
    )
  }

  private func name(_ kind: Findings.Kind) -> String {
    switch kind {
    case .pages: reader("Страницы", "Pages")
    case .members: reader("Участники", "Members")
    case .receipts: reader("Чеки", "Receipts")
    case .promotions: reader("Акции", "Promotions")
    case .products: reader("Товары", "Products")
    case .stores: reader("Магазины", "Stores")
    }
  }

  var json: JSON {
    let groups = findings.groups.map { group -> JSON in
      let items = group.items.map { item -> JSON in
        .object([
          "icon": .string(item.icon.path), "title": .string(item.title), "note": .string(item.note), "path": .string(item.path),
        ])
      }
      return .object(["kind": .string(group.kind.rawValue), "name": .string(name(group.kind)), "items": .array(items)])
    }
    return .object(["query": .string(findings.asked), "told": .string(told), "groups": .array(groups)])
  }
}
