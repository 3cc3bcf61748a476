import Access
import Kernel
import Loyalty

/// A page of the console: what stands in the frame.
struct Page: Sendable {
  var title: String
  /// Beside the title: badges.
  var marks: Markup = .nothing
  var actions: Markup = .nothing
  /// Under the title: what the figures are of, how fresh they are.
  var notes: [String] = []
  /// The way here: names and addresses.
  var crumbs: [(name: String, path: String)] = []
  var body: Markup
}

/// A room of the console as the rail names it.
enum Room: String, CaseIterable {
  case overview, analysis, members, segments, fields, tasks, receipts, programme, tiers, promotions, coupons, certificates, stamps,
    favourites, games, rewards,
    funding,
    partners,
    catalogue, stores, `guard`, staff, imports,
    integrations,
    jobs, audit,
    settings

  var path: String { self == .overview ? "/console" : "/console/" + rawValue }

  var right: Right {
    switch self {
    case .overview, .analysis, .segments, .tiers, .promotions, .coupons, .certificates, .stamps, .favourites, .games, .rewards,
      .funding,
      .partners,
      .stores,
      .catalogue:
      .seeFigures
    case .programme: .changeProgramme
    case .guard: .seeGuard
    case .staff: .changeStaff
    case .integrations, .jobs: .changeIntegrations
    case .settings: .changeSettings
    case .imports: .importFiles
    case .audit: .seeAudit
    case .members, .receipts, .fields: .seeMembers
    case .tasks: .seePersons
    }
  }

  var icon: Icon {
    switch self {
    case .overview: .overview
    case .analysis: .table
    case .members: .members
    case .segments: .filter
    case .tasks: .list
    case .receipts: .receipt
    case .programme: .programme
    case .tiers: .star
    case .promotions: .promotions
    case .coupons: .coupon
    case .certificates: .card
    case .stamps: .check
    case .favourites: .heart
    case .funding: .funding
    case .partners: .partners
    case .games: .game
    case .rewards: .points
    case .stores: .store
    case .catalogue: .box
    case .guard: .shield
    case .staff: .person
    case .integrations: .plug
    case .jobs: .clock
    case .settings: .settings
    case .imports: .table
    case .audit: .history
    case .fields: .list
    }
  }

  func name(_ reader: Reader) -> String {
    switch self {
    case .overview: reader("Обзор", "Overview")
    case .analysis: reader("Аналитика", "Analysis")
    case .members: reader("Участники", "Members")
    case .segments: reader("Сегменты", "Segments")
    case .tasks: reader("Задачи", "Tasks")
    case .receipts: reader("Чеки", "Receipts")
    case .programme: reader("Программа", "Programme")
    case .tiers: reader("Уровни", "Tiers")
    case .promotions: reader("Акции", "Promotions")
    case .coupons: reader("Купоны", "Coupons")
    case .certificates: reader("Сертификаты", "Certificates")
    case .stamps: reader("Карточки", "Stamp cards")
    case .favourites: reader("Любимое", "Favourites")
    case .funding: reader("Кто платит", "Who pays")
    case .partners: reader("Партнёры", "Partners")
    case .games: reader("Игры", "Games")
    case .rewards: reader("Поощрения", "Rewards")
    case .stores: reader("Магазины", "Stores")
    case .catalogue: reader("Каталог", "Catalogue")
    case .guard: reader("Охрана", "Guard")
    case .staff: reader("Сотрудники", "Staff")
    case .integrations: reader("Интеграции", "Integrations")
    case .jobs: reader("Задания", "Jobs")
    case .settings: reader("Настройки", "Settings")
    case .imports: reader("Загрузка файлов", "Imports")
    case .audit: reader("Журнал", "Audit trail")
    case .fields: reader("Поля анкеты", "Member fields")
    }
  }
}

/// What stands around every page.
struct Frame {
  let reader: Reader
  let account: String
  let programme: String
  let name: String
  let rooms: [Room]
  let formKey: String
  /// Nil: our own.
  var brand: BrandColour?

  func html(_ page: Page, in room: Room?) -> Answer {
    let body: Markup = """
      <body class="frame"><a class="button skip" href="#main">\(reader("К содержанию", "To the content"))</a>\
      <header class="topbar"><button class="button ghost square" popovertarget="rail" aria-label="\(reader("Меню", "Menu"))">\
      \(Icon.menu.usual)</button><b class="grow truncate">\(page.title)</b>\
      <a class="button ghost square" href="\(FindPage.path)" data-palette aria-label="\(reader("Найти", "Find"))">\(Icon.search.usual)</a></header>\
      \(rail(room))<main id="main" class="page">\(head(page))\(page.body)</main>\(Palette(reader: reader).html)</body>
      """
    return Self.document(reader, page.title, body, brand: brand, scripts: Assets.scripts)
  }

  private func head(_ page: Page) -> Markup {
    let crumbs = page.crumbs.map { crumb -> Markup in "<li><a href=\"\(crumb.path)\">\(crumb.name)</a></li>" }
    let way: Markup =
      crumbs.isEmpty ? "" : "<nav class=\"crumbs\" aria-label=\"\(reader("Путь", "Path"))\"><ol>\(crumbs)</ol></nav>"
    let notes = page.notes.map { note -> Markup in "<span>\(note)</span>" }
    let sub: Markup = notes.isEmpty ? "" : "<p class=\"page-sub\">\(notes)</p>"
    return """
      <header class="page-head">\(way)<div class="page-title"><h1>\(page.title)</h1>\(page.marks)</div>\
      <div class="page-actions">\(page.actions)</div>\(sub)</header>
      """
  }

  private func rail(_ current: Room?) -> Markup {
    let links = rooms.map { room -> Markup in
      let mark: Markup = room == current ? " aria-current=\"page\"" : ""
      let name = room.name(reader)
      return "<li><a href=\"\(room.path)\" title=\"\(name)\"\(mark)>\(room.icon.usual)<span class=\"label\">\(name)</span></a></li>"
    }
    return """
      <nav class="rail" id="rail" popover aria-label="\(reader("Разделы", "Rooms"))"><div class="rail-inner">\
      <a class="rail-brand" href="\(rooms.first?.path ?? "/console/profile")">\(Self.mark)<span class="grow"><span class="name">\(account)</span>\
      <span class="sub">\(programme)</span></span></a>\
      \(search)<ul class="rail-nav">\(links)</ul>\(foot)</div></nav>
      """
  }

  private var search: Markup {
    let label = reader("Найти", "Find")
    return """
      <a class="rail-search" href="\(FindPage.path)" title="\(label)" data-palette>\(Icon.search.small)<span>\(label)</span>\
      <kbd data-palette-key aria-hidden="true" hidden></kbd></a>
      """
  }

  private var foot: Markup {
    let initials = String(name.split(separator: " ").prefix(2).compactMap(\.first))
    let out = reader("Выйти", "Sign out")
    return """
      <div class="rail-foot rail-nav"><a href="/console/profile" title="\(name)">\
      <span class="avatar rail-size" aria-hidden="true">\(initials)</span><span class="label">\(name)</span></a>\
      <form method="post" action="/console/sign-out"><input type="hidden" name="key" value="\(formKey)">\
      <button class="button ghost s" title="\(out)">\(Icon.lock.small)<span class="label">\(out)</span></button></form></div>
      """
  }

  static let mark: Markup = """
    <svg class="mark" viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="7" fill="var(--accent)"/>\
    <g fill="var(--on-accent)"><circle cx="9.5" cy="9.5" r="3"/><circle cx="18.5" cy="9.5" r="3"/><circle cx="9.5" cy="18.5" r="3"/></g>\
    <circle cx="18.5" cy="18.5" r="2.4" fill="none" stroke="var(--on-accent)" stroke-width="1.3"/></svg>
    """

  /// A whole document around a body.
  static func document(
    _ reader: Reader, _ title: String, _ body: Markup, status: Int = 200, brand: BrandColour? = nil, sheets more: [Asset] = [],
    scripts: [Asset] = []
  ) -> Answer {
    let theme: Markup =
      reader.theme.map { "<html lang=\"\(reader.language.rawValue)\" data-theme=\"\($0.rawValue)\">" }
      ?? "<html lang=\"\(reader.language.rawValue)\">"
    let addresses =
      ([Assets.tokens, Assets.components, Assets.pages] + more).map(\.path) + (brand.map { [BrandSheet.path($0)] } ?? [])
    let sheets = addresses.map { address -> Markup in "<link rel=\"stylesheet\" href=\"\(address)\">" }
    let modules = scripts.map { script -> Markup in "<script type=\"module\" src=\"\(script.path)\"></script>" }
    let page: Markup = """
      <!doctype html>\(theme)<head><meta charset="utf-8">\
      <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><title>\(title) · Regulars</title>\
      \(sheets)<link rel="icon" href="data:,">\(modules)</head>\(body)</html>
      """
    var answer = Answer(status, Array(page.source.utf8), type: "text/html; charset=utf-8")
    answer.headers = [
      (
        "Content-Security-Policy",
        """
        default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; \
        base-uri 'none'; frame-ancestors 'none'
        """
      ), ("Referrer-Policy", "same-origin"),
    ]
    return answer
  }
}
