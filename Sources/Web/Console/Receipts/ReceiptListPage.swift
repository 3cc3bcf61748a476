import Access
import Kernel
import Loyalty

struct ReceiptListPage {
  let search: ReceiptSearch
  let query: Form
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Чеки", "Receipts"), actions: answers, notes: [note],
      body: "<div class=\"page-body\">\(code)\(list)<div class=\"columns\">\(printed)\(byTime)</div>\(latest)</div>")
  }

  private var note: String {
    switch search {
    case .latest: reader("Последние по всем магазинам", "The latest of all stores")
    case .found(let receipts):
      reader("Найдено: ", "Found: ") + reader.count(receipts.count, ("чек", "чека", "чеков"), ("receipt", "receipts"))
    case .nothing: reader("Ничего не найдено", "Nothing was found")
    }
  }

  private var answers: Markup {
    """
    <a class="button" href="/console/receipts/answers">\(Icon.till.small)\(reader("Что отвечали кассам", "What tills were told"))</a>
    """
  }

  /// What was looked for stands above the forms.
  private var list: Markup? {
    switch search {
    case .latest: nil
    case .found(let receipts): table(receipts, reader("Найденные чеки", "Receipts found"))
    case .nothing(let text): Notice.warning(reader(text))
    }
  }

  /// The latest stand under them.
  private var latest: Markup? {
    guard case .latest(let receipts) = search else { return nil }
    guard !receipts.isEmpty else { return Notice.info(reader("Чеков ещё нет", "There are no receipts yet")) }
    return table(receipts, reader("Последние чеки", "Latest receipts"))
  }

  private func table(_ receipts: [Receipt], _ title: String) -> Markup {
    "<section class=\"panel\">\(ReceiptTable(receipts: receipts, visit: visit, label: title).html)</section>"
  }

  private var code: Markup {
    let label = reader("QR-код с чека: отсканируйте или вставьте текст", "The QR code of a receipt: scan it or paste its text")
    return """
      <form class="find" method="get" action="/console/receipts" role="search" aria-label="\(reader("По коду", "By code"))">\
      <input class="input" name="q" value="\(query["q"])" aria-label="\(label)" placeholder="\(label)" maxlength="\(Limits.name)" autocomplete="off">\
      <button class="button primary">\(Icon.search.small)\(reader("Найти", "Find"))</button></form>
      """
  }

  private var printed: Markup {
    let fields = [
      Field(name: "store", label: reader("Код магазина", "Store's code"), value: query["store"], limit: Limits.code, id: "p-store"),
      Field(name: "register", label: reader("Касса", "Till"), value: query["register"], limit: Limits.code, id: "p-register"),
      Field(
        name: "shift", label: reader("Смена", "Shift"), value: query["shift"], type: "number", isRequired: false, id: "p-shift"),
      Field(name: "number", label: reader("Номер чека", "Number"), value: query["number"], limit: Limits.code, id: "p-number"),
      Field(name: "date", label: reader("Дата", "Date"), value: query["date"], type: "date", id: "p-date"),
    ]
    return form(reader("По номеру на чеке", "By what is printed"), fields.map(\.html))
  }

  private var byTime: Markup {
    let spans = ReceiptSearch.minutes.map { minutes in
      (String(minutes), "± " + reader.count(minutes, ("минута", "минуты", "минут"), ("minute", "minutes")))
    }
    let sum = reader("Сумма деньгами, \(reader.sign)", "Sum in money, \(reader.sign)")
    let fields = [
      Field(name: "store", label: reader("Код магазина", "Store's code"), value: query["store"], limit: Limits.code, id: "t-store")
        .html,
      Field(name: "date", label: reader("Дата", "Date"), value: query["date"], type: "date", id: "t-date").html,
      Field(name: "time", label: reader("Время", "Time"), value: query["time"], type: "time", id: "t-time").html,
      Choice(
        name: "minutes", label: reader("Насколько точно", "How exactly"), options: spans,
        chosen: query["minutes"].isEmpty ? "15" : query["minutes"]
      ).html,
      Field(name: "sum", label: sum, value: query["sum"], isRequired: false).html,
      Field(
        name: "register", label: reader("Касса", "Till"), value: query["register"], hint: reader("если известна", "if known"),
        limit: Limits.code, isRequired: false, id: "t-register"
      ).html,
    ]
    return form(reader("По времени и сумме", "By time and sum"), fields)
  }

  private func form(_ title: String, _ fields: [Markup]) -> Markup {
    """
    <section class="panel"><header class="panel-head"><h2>\(title)</h2></header>\
    <form class="inline-form" method="get" action="/console/receipts" role="search" aria-label="\(title)">\
    <div class="fields narrow">\(fields)</div><div><button class="button">\(Icon.search.small)\(reader("Найти чек", "Find the receipt"))</button></div>\
    </form></section>
    """
  }
}
