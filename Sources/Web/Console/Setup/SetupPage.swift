import Access
import Kernel
import Loyalty

/// A step of the set-up: what was done and what is left at the side, the step itself, and what it is for.
struct SetupPage {
  let step: SetupStep
  let facts: SetupFacts
  let visit: Visit
  let faults: FormFaults
  /// On the last step.
  let till: ScreenTill?

  var reader: Reader { visit.reader }
  /// What was typed, else what is there.
  func typed(_ name: String, _ stored: String?) -> String { faults.isEmpty ? stored ?? "" : visit.form[name] }

  func answer(status: Int) -> Answer {
    let later = visit.sales == nil ? "/console/profile" : "/console"
    let body: Markup = """
      <body class="setup"><a class="button skip" href="#main">\(reader("К содержанию", "To the content"))</a>\
      <header class="setup-top">\(Frame.mark)<b>Regulars</b><span class="muted grow truncate">\(reader("Первый запуск", "Set-up"))</span>\
      <a class="button ghost" href="\(later)">\(facts.left == 0 ? reader("В консоль", "To the console") : reader("Закончить позже", "Finish later"))</a></header>\
      <div class="setup-grid"><nav aria-label="\(reader("Шаги", "Steps"))"><ol class="stepper">\(SetupStep.allCases.map(stop))</ol>\
      <p class="muted">\(left)</p></nav><main id="main">\(stage)</main>\(aside)</div></body>
      """
    return Frame.document(reader, step.name(reader), body, status: status, sheets: [Assets.setup])
  }

  private var left: String {
    if facts.left == 0 {
      return reader("Всё готово. Любой шаг можно открыть и поправить.", "All done. Any step can be opened and changed.")
    }
    let count = reader.count(facts.left, ("шаг", "шага", "шагов"), ("step", "steps"))
    return reader(
      "Осталось: \(count). Можно уйти и вернуться: сделанное сохранено, и всё меняется потом.",
      "\(count) left. You can leave and come back: what is done is kept, and all of it can be changed later.")
  }

  private func stop(_ stop: SetupStep) -> Markup {
    let isDone = facts.isDone(stop)
    let number = (SetupStep.allCases.firstIndex(of: stop) ?? 0) + 1
    let sign: Markup = isDone ? Icon.check.small : "\(number)"
    let name: Markup =
      facts.isOpen(stop) && stop != step
      ? "<a href=\"\(stop.path)\"><b>\(stop.name(reader))</b></a>" : "<b>\(stop.name(reader))</b>"
    let style = [stop == step ? "now" : nil, isDone ? "done" : nil].compactMap { $0 }.joined(separator: " ")
    let mark: Markup = stop == step ? " aria-current=\"step\"" : ""
    return "<li class=\"\(style)\"\(mark)><span class=\"n\">\(sign)</span><div>\(name)<small>\(note(stop))</small></div></li>"
  }

  /// What a step came to, or what it will ask.
  private func note(_ stop: SetupStep) -> String {
    switch stop {
    case .brand: facts.brand?.name ?? reader("вывеска и продавец", "the sign and the seller")
    case .store: facts.store?.details.name ?? reader("где продаёте", "where you sell")
    case .till: facts.register?.details.name ?? reader("можно позже", "can come later")
    case .programme:
      facts.programme.map { reader.name($0.settings.name) } ?? reader("как живут баллы", "how points live")
    case .promotion:
      facts.promotions.first.map { $0.body["name"]?[reader.language.rawValue]?.text ?? $0.code }
        ?? reader("готовая или своя", "a ready one")
    case .receipt:
      facts.receipt.map { reader.money($0.amount) } ?? reader("пробьём вместе", "sold together")
    }
  }

  private var stage: Markup {
    switch step {
    case .brand: brand
    case .store: store
    case .till: register
    case .programme: programme
    case .promotion: promotion
    case .receipt: receipt
    }
  }

  /// A step's form: a heading, what it is for, fields, and the way on.
  func form(_ title: String, _ purpose: String, _ fields: Markup) -> Markup {
    let back = step.former.map { former -> Markup in
      "<a class=\"button\" href=\"\(former.path)\">\(Icon.left.small)\(reader("Назад", "Back"))</a>"
    }
    let skip = step.canWait && !facts.isDone(step) ? step.next : nil
    let later = skip.map { next -> Markup in "<a class=\"button ghost\" href=\"\(next.path)\">\(reader("Пропустить", "Skip"))</a>" }
    let onward = step.next.map { reader("Дальше: \($0.name(reader).lowercased())", "Next: \($0.name(reader).lowercased())") } ?? ""
    return """
      <form class="stack l" method="post" action="\(step.path)" aria-labelledby="h">\(visit.key)<div><h1 id="h">\(title)</h1>\
      <p class="soft">\(purpose)</p></div>\(faults.notice)\(fields)<footer class="row between wrap">\(back ?? "<span></span>")\
      <span class="row">\(later)<button class="button primary">\(onward)\(Icon.arrowRight.small)</button></span></footer></form>
      """
  }

  /// A field with what was typed or is there, and with what was wrong with it.
  func field(_ name: String, _ label: String, _ stored: String?, hint: String? = nil, optional: Bool = false) -> Markup {
    Field(
      name: name, label: label, value: typed(name, stored), hint: hint, fault: faults[name],
      limit: Limits.name, isRequired: !optional
    ).html
  }
}

// MARK: what the step is for

extension SetupPage {
  private var aside: Markup {
    if let till {
      return "<aside aria-label=\"\(reader("Как это видит кассир", "What the cashier sees"))\">\(card(till))\(ready)</aside>"
    }
    let (title, points) = help
    let items = points.map { point -> Markup in "<li>\(Icon.check.small)<span>\(point)</span></li>" }
    return "<aside><h2 class=\"muted\">\(title)</h2><ul class=\"ready\">\(items)</ul></aside>"
  }

  private var ready: Markup {
    let points = [
      reader("Чек настоящий: он в журнале, в балансе и в отчётах", "The receipt is real: it stands in the books and the reports"),
      reader("Повторный запрос не начислит дважды", "A request sent again earns nothing twice"),
      reader("Каждая скидка объяснена в чеке", "Every reduction is explained on the receipt"),
    ]
    let items = points.map { point -> Markup in "<li>\(Icon.check.small)<span>\(point)</span></li>" }
    return "<ul class=\"ready\">\(items)</ul>"
  }

  private var help: (String, [String]) {
    let purpose = reader("Зачем это", "What it is for")
    switch step {
    case .brand: return (purpose, brandHelp)
    case .store: return (purpose, storeHelp)
    case .till: return (reader("Как подключается касса", "How a till connects"), tillHelp)
    case .programme: return (reader("Что заметит покупатель", "What a shopper notices"), programmeHelp)
    case .promotion, .receipt: return (reader("Что произойдёт", "What happens"), promotionHelp)
    }
  }

  private var brandHelp: [String] {
    [
      reader("Бренд – вывеска: под ним магазины и программа", "The brand is the sign: stores and the programme stand under it"),
      reader("Продавец – юридическое лицо в чеке и в расчётах", "The seller is the legal entity on the receipt"),
      reader("Брендов и продавцов может быть несколько, добавите позже", "There may be several of both; add them later"),
    ]
  }

  private var storeHelp: [String] {
    [
      reader("Код магазина касса называет в каждом запросе", "Tills name the store's code with each request"),
      reader("По поясу считаются часы акций и дни отчётов", "Hours of promotions and days of reports follow the zone"),
      reader("Работаете за полночь – начните день в 04:00", "Open past midnight? Let the day begin at 04:00"),
    ]
  }

  private var tillHelp: [String] {
    [
      reader("Четыре запроса по HTTP, описание – /till/v1/docs", "Four requests over HTTP, described at /till/v1/docs"),
      reader(
        "Токен кассы выпустите на последнем шаге: он показывается один раз", "Its token is issued on the last step and shown once"),
      reader("Без кассы тоже можно: чек пробьём на экране", "It can wait: the last step sells on the screen"),
    ]
  }

  private var programmeHelp: [String] {
    [
      reader("Один балл платит одну единицу валюты", "One point pays one unit of the currency"),
      reader("Первыми тратятся баллы, которые сгорят раньше", "Points that expire first are spent first"),
      reader("Цены-минимумы из каталога защищены в каждом чеке", "Least prices of the catalogue are kept on every receipt"),
    ]
  }

  private var promotionHelp: [String] {
    [
      reader("Правила получат номер версии и сразу дойдут до касс", "Rules get a version and reach the tills at once"),
      reader("Каждый чек помнит версию, по которой посчитан", "Each receipt keeps the version that priced it"),
      reader("Акцию можно приостановить в любой момент", "A promotion can be paused at any moment"),
    ]
  }
}
