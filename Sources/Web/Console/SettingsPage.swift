import Access
import Insight
import Jobs
import Kernel
import Storage

struct SettingsPage {
  let visit: Visit
  let entities: [LegalEntityDetails]
  let installation: Installation
  let dialect: Dialect
  /// The configuration has a key to seal secrets under.
  let hasKeys: Bool
  let isSecure: Bool
  /// A test letter that was asked for: nil, or its job, nil again where that is done.
  let test: Job??
  /// Whom outside the staff reports may be sent to.
  let outside: [OutsideAddress]
  let refusal: Problem?

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Настройки", "Settings"),
      notes: [reader("Вся учётная запись и эта установка", "The whole account and this installation")],
      body: """
        <div class="page-body">\(refusal.map { Notice.refusal($0, reader) })<div class="columns">\(account)\(mail)\(reports)\(legal)\(programme)\(program)\(limits)</div></div>
        """)
  }

  private func panel(_ title: String, _ body: Markup) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header>\(body)</section>"
  }

  private func facts(_ rows: [(String, String)]) -> Markup {
    let items = rows.map { row -> Markup in "<div><dt>\(row.0)</dt><dd class=\"break\">\(row.1)</dd></div>" }
    return "<dl class=\"facts panel-body\">\(items)</dl>"
  }

  private var account: Markup {
    let details = visit.account.details
    let isTyped = refusal != nil && !visit.form["country"].isEmpty
    return panel(
      reader("Компания", "Company"),
      """
      <form class="inline-form" method="post" action="/console/settings">\(visit.key)\
      \(Field(name: "name", label: reader("Название", "Name"), value: isTyped ? visit.form["name"] : details.name, hint: reader("Стоит в меню и в письмах сотрудникам", "Stands in the menu and in letters to the staff")).html)\
      \(Field(name: "country", label: reader("Телефонный код страны", "Calling code"), value: isTyped ? visit.form["country"] : details.country, hint: reader("Как читать номера без кода: 7 – Россия и Казахстан", "How numbers without one are read: 7 is Russia and Kazakhstan"), limit: 3).html)\
      <div><button class="button primary">\(reader("Сохранить", "Save"))</button></div></form>\
      \(facts([(reader("Код", "Code"), details.code), (reader("Валюта каталога", "Currency of the catalogue"), details.currency.code), (reader("Открыта", "Opened"), reader.date(visit.account.madeAt))]))
      """)
  }

  // MARK: letters

  private var mail: Markup {
    let title = reader("Почта", "Mail")
    guard installation.isMailConfigured else {
      let text = reader(
        "Почтовый сервер не настроен. Пароли сотрудникам показываются один раз тому, кто их задаёт.",
        "No mail server is configured. Passwords of the staff are shown once to whoever sets them.")
      let how = reader(
        "Администратор задаёт mail.server, mail.sender и console.address в настройках сервера.",
        "The administrator sets mail.server, mail.sender and console.address in the server's configuration.")
      return panel(title, "<div class=\"panel-body stack s\">\(Notice.info(text))<p class=\"muted\">\(how)</p></div>")
    }
    return panel(
      title,
      """
      \(facts([(reader("Сервер", "Server"), installation.mailServer), (reader("Отправитель", "Sender"), installation.mailSender)]))\
      <form class="inline-form" method="post" action="/console/settings/mail">\(visit.key)\(tested)\
      \(Field(name: "mail", label: reader("Моя почта", "My address"), value: visit.form["mail"].isEmpty ? visit.session.staff.mail?.text ?? "" : visit.form["mail"], type: "email").html)\
      <div><button class="button">\(Icon.send.small)\(reader("Отправить проверку себе", "Send a test to myself"))</button></div></form>
      """)
  }

  private var reports: Markup {
    let isTyped = refusal != nil && visit.form.has("outside")
    let box = TextBox(
      name: "outside", label: reader("Адреса и домены", "Addresses and domains"),
      value: isTyped ? visit.form["outside"] : outside.map(\.text).joined(separator: "\n"),
      hint: reader(
        "По одному в строке: name@supplier.example или @supplier.example. Пусто – отчёты уходят только сотрудникам.",
        "One on each line: name@supplier.example or @supplier.example. Empty: reports go to the staff alone."),
      lines: 3)
    return panel(
      reader("Отчёты вне компании", "Reports to others"),
      """
      <form class="inline-form" method="post" action="/console/settings/reports">\(visit.key)\(box.html)\
      <div><button class="button primary">\(reader("Сохранить", "Save"))</button></div></form>
      """)
  }

  private var tested: Markup? {
    guard let test else { return nil }
    guard let job = test else {
      return Notice.good(
        reader("Почтовый сервер принял письмо. Посмотрите во входящие.", "The mail server took the letter. Look into your mail."))
    }
    let cause = JobWords.cause(job.lastError ?? "", reader)
    if job.state == .dead { return Notice.warning(reader("Письмо не ушло: \(cause)", "The letter was not sent: \(cause)")) }
    let again: Markup = "<a class=\"text-link\" href=\"/console/settings?mail=\(job.id)\">\(reader("Обновить", "Look again"))</a>"
    let text =
      job.lastError == nil
      ? reader("Письмо в очереди.", "The letter is queued.")
      : reader(
        "Попытка не удалась: \(cause). Повторим в \(reader.clock(job.dueAt)).",
        "An attempt failed: \(cause). It is tried again at \(reader.clock(job.dueAt)).")
    return "<p class=\"notice\" role=\"status\">\(Icon.hourglass.usual)<span>\(text) \(again)</span></p>"
  }

  // MARK: what there is

  private var legal: Markup? {
    guard !entities.isEmpty else { return nil }
    let rows = entities.map { entity -> Markup in
      "<tr><th scope=\"row\">\(entity.name)<small>\(entity.code)</small></th><td class=\"num\">\(entity.taxNumber ?? "–")</td><td>\(system(entity.taxSystem))</td></tr>"
    }
    let title = reader("Юридические лица", "Legal entities")
    let table = DataTable(
      label: title,
      columns: [.text(reader("Продавец", "Seller")), .number(reader("ИНН", "Tax number")), .text(reader("Налоги", "Taxes"))],
      rows: rows,
      width: .tight)
    return panel(title, table.html)
  }

  private func system(_ system: LegalEntityDetails.TaxSystem) -> String {
    switch system {
    case .general: reader("ОСН", "general")
    case .simplifiedIncome: reader("УСН доходы", "simplified, income")
    case .simplifiedIncomeLessExpense: reader("УСН доходы − расходы", "simplified, income less expense")
    case .agricultural: reader("ЕСХН", "agricultural")
    case .patent: reader("патент", "patent")
    case .other: "–"
    }
  }

  private var programme: Markup? {
    guard let settings = visit.started?.settings else { return nil }
    return panel(
      reader("Программа", "Programme"),
      facts([
        (reader("Название", "Name"), reader.name(settings.name)),
        (reader("Часовой пояс", "Time zone"), settings.points.zone.name),
        (reader("Валюта", "Currency"), settings.terms.currency.code),
        (
          reader("Язык консоли", "Language of the console"),
          reader("каждый выбирает в профиле", "everybody's own, in their profile")
        ),
      ]))
  }

  private var program: Markup {
    let keys =
      hasKeys
      ? reader("есть", "there") : reader("нет: ни вебхуков, ни второго фактора", "none: neither webhooks nor second factors")
    let tls = isSecure ? reader("свой", "its own") : reader("нет или у балансировщика", "none, or the balancer's")
    let rule = installation.addressRule
    let addresses =
      rule.allowsPrivate ? reader("и внутренние", "private ones too") : reader("только из интернета", "of the internet only")
    return panel(
      reader("Эта установка", "This installation"),
      facts([
        (reader("Версия", "Version"), installation.version),
        (reader("База данных", "Database"), dialect == .sqlite ? "SQLite" : "PostgreSQL"),
        (reader("Шаг схемы", "Schema step"), reader.number(Int64(installation.schema))),
        (reader("Ключ secrets.key", "Key secrets.key"), keys), ("TLS", tls),
        (reader("Адреса вебхуков", "Addresses of webhooks"), addresses),
      ]))
  }

  private var limits: Markup {
    let days: (Int) -> String = { reader.count($0, ("день", "дня", "дней"), ("day", "days")) }
    return panel(
      reader("Пределы", "Limits"),
      facts([
        (reader("Строк в чеке", "Lines of a receipt"), reader.number(Int64(Limits.lines))),
        (reader("Акций", "Promotions"), reader.number(Int64(Limits.promotions))),
        (reader("Товаров", "Products"), reader.number(Int64(Limits.products))),
        (reader("Сегментов", "Segments"), reader.number(Int64(Limits.segments))),
        (reader("Вебхуков", "Webhooks"), reader.number(Int64(Limits.webhooks))),
        (reader("События хранятся", "Events are kept for"), days(Limits.eventDays)),
        (reader("Отправки хранятся", "Deliveries are kept for"), days(Limits.deliveryDays)),
      ]))
  }
}
