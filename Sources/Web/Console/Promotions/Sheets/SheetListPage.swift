import Access
import Imports
import Kernel
import Loyalty

/// Where a sheet of prices is sent, and how one looks.
struct SheetListPage {
  let promotions: [StoredPromotion]
  let zones: [PriceZoneDetails]
  let uploads: [Upload]
  let chosen: PromotionID?
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Прайс акции", "Promotion sheet"),
      notes: [
        reader(
          "Цены участников по товарам и ценовым зонам из таблицы становятся одной акцией",
          "Member prices by product and price zone, of a spreadsheet, become one promotion")
      ], crumbs: [(reader("Акции", "Promotions"), "/console/promotions")],
      body:
        "<div class=\"page-body with-aside\"><div class=\"stack\">\(examples)\(latest)</div><aside class=\"aside stack\">\(sending)</aside></div>"
    )
  }

  private var sending: Markup {
    let options =
      [("", reader("новая акция", "a new promotion"))] + promotions.map { ("\($0.id)", "\($0.name(reader)) · \($0.code)") }
    let hint = reader(
      "XLSX или CSV, первый лист, названия столбцов в первой строке. Ничего не меняется, пока вы не посмотрите на разницу.",
      "XLSX or CSV, the first sheet, with the columns' names in its first line. Nothing changes before you have seen the difference."
    )
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Прислать прайс", "Send a sheet"))</h2></header>\
      <form class="inline-form" method="post" action="/console/promotions/sheets" enctype="multipart/form-data">\(visit.key)\
      <input type="hidden" name="kind" value="prices">\(refusal.map { Notice.refusal($0, reader) })\
      \(Choice(name: "promotion", label: reader("Для какой акции", "For which promotion"), options: options, chosen: chosen.map { "\($0)" }).html)\
      <div class="field"><label for="f-file">\(reader("Файл", "File"))</label>\
      <input class="input" id="f-file" name="file" type="file" accept=".csv,.txt,.tsv,.xlsx,text/csv" aria-describedby="f-file-hint" required>\
      <p class="hint" id="f-file-hint">\(hint)</p></div>\
      <div><button class="button primary">\(Icon.plus.small)\(reader("Прислать", "Send"))</button></div></form></section>
      """
  }

  private var examples: Markup {
    let some = zones.isEmpty ? ["*"] : zones.prefix(3).map(\.code)
    let wide = DataTable(
      label: reader("Столбец на зону", "A column for each zone"),
      columns: [.text(reader("код", "code"))] + some.map { .number($0) },
      rows: [
        "<tr><th scope=\"row\">10017</th>\(some.map { _ in "<td class=\"num\">59.90</td>" as Markup })</tr>",
        "<tr><th scope=\"row\">10024</th>\(some.map { _ in "<td class=\"num\">10%</td>" as Markup })</tr>",
      ], files: .none
    ).panel(heading: true)
    let long = DataTable(
      label: reader("Зона в строке", "A zone in each row"),
      columns: [
        .text(reader("штрихкод", "barcode")), .text(reader("зона", "zone")), .number(reader("цена", "price")),
        .text(reader("с", "from")), .text(reader("по", "through")),
      ],
      rows: [
        "<tr><th scope=\"row\">4600000000017</th><td>\(some[0])</td><td class=\"num\">59.90</td><td>01.12.2026</td><td>07.12.2026</td></tr>"
      ], files: .none
    ).panel(heading: true)
    let codes: Markup =
      zones.isEmpty
      ? Notice.info(
        reader("Ценовых зон нет: столбец «*» значит «везде».", "There are no price zones: the column “*” means everywhere."))
      : "<p class=\"muted\">\(reader("Ценовые зоны:", "Price zones:")) \(zones.prefix(60).map { "\($0.code) – \($0.name)" }.joined(separator: ", ")); \(reader("«*» – все остальные", "“*” – all others"))</p>"
    return "\(wide)\(long)\(codes)"
  }

  private var latest: Markup? {
    guard !uploads.isEmpty else { return nil }
    let rows = uploads.map { upload -> Markup in
      """
      <tr><th scope="row"><a href="\(upload.path)">\(upload.name)</a><small>\(upload.madeBy.name)</small></th>\
      <td class="num">\(reader.number(Int64(max(0, upload.lines - 1))))</td><td class="num">\(reader.moment(upload.touchedAt))</td></tr>
      """
    }
    return DataTable(
      label: reader("Присланные прайсы", "Sheets that were sent"),
      columns: [.text(reader("Файл", "File")), .number(reader("Строк", "Lines")), .number(reader("Когда", "When"))], rows: rows
    ).panel(heading: true)
  }
}
