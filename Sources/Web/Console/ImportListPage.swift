import Access
import Imports
import Kernel

/// Files that were sent, latest first, and a form for the next.
struct ImportListPage {
  static let size = 30

  let uploads: [Upload]
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Загрузка файлов", "Imports"),
      notes: [
        reader(
          "Файлы хранятся \(Limits.uploadDays) дней, потом забываются", "Files are kept \(Limits.uploadDays) days, then forgotten")
      ],
      body:
        "<div class=\"page-body with-aside\"><div class=\"stack\">\(uploads.isEmpty ? nothing : table)</div><aside class=\"aside stack\">\(sending)</aside></div>"
    )
  }

  private var nothing: Markup {
    Notice.info(
      reader(
        "Пришлите таблицу в CSV или XLSX: участников, товары или магазины. Она проверяется и ничего не меняет, пока вы не нажмёте «Загрузить».",
        "Send a table as CSV or XLSX: members, products or stores. It is checked and changes nothing until you press “Import”."))
  }

  private var table: Markup {
    let rows = uploads.map { upload -> Markup in
      """
      <tr><th scope="row"><a href="\(upload.path)">\(upload.name)</a><small>\(ImportWords.kind(upload.kind, reader)), \(upload.madeBy.name)</small></th>\
      <td>\(ImportWords.badge(upload, reader))</td><td class="num">\(reader.number(Int64(max(0, upload.lines - 1))))</td>\
      <td class="num">\(reader.moment(upload.touchedAt))</td></tr>
      """
    }
    let next = uploads.count == Self.size ? uploads.last.map { "/console/imports?before=\($0.id)" } : nil
    return DataTable(
      label: reader("Файлы", "Files"),
      columns: [
        .text(reader("Файл", "File"), small: reader("Что и кто", "What and who")), .text(reader("Состояние", "State")),
        .number(reader("Строк", "Lines")),
        .number(reader("Когда", "When")),
      ], rows: rows
    ).panel(next: reader.further(next))
  }

  /// The key stands before the file: nothing of the file is kept before it was looked at.
  private var sending: Markup {
    let kinds = Choice(
      name: "kind", label: reader("Что в файле", "What it holds"),
      options: ImportForm.kinds.map { ($0.rawValue, ImportWords.kind($0, reader)) })
    let (most, book) = (Int(Limits.upload / 1_048_576), Limits.workbook / 1_048_576)
    let hint = reader(
      "CSV или XLSX с названиями столбцов в первой строке, до \(most) МБ, книга – до \(book) МБ, первый её лист. Разделитель и кодировку найдём сами.",
      "CSV or XLSX whose first line names the columns, up to \(most) MB, a workbook up to \(book) MB, its first sheet. Separator and encoding are found."
    )
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Прислать файл", "Send a file"))</h2></header>\
      <form class="inline-form" method="post" action="/console/imports" enctype="multipart/form-data">\(visit.key)\
      \(refusal.map { Notice.refusal($0, reader) })\(kinds.html)\
      <div class="field"><label for="f-file">\(reader("Файл", "File"))</label>\
      <input class="input" id="f-file" name="file" type="file" accept=".csv,.txt,.tsv,.xlsx,text/csv" aria-describedby="f-file-hint" required>\
      <p class="hint" id="f-file-hint">\(hint)</p></div>\
      <div><button class="button primary">\(Icon.plus.small)\(reader("Прислать", "Send"))</button></div></form></section>
      """
  }
}

/// Words about files and what is wrong with them.
enum ImportWords {
  static func kind(_ kind: ImportKind, _ reader: Reader) -> String {
    switch kind {
    case .members: reader("Участники", "Members")
    case .catalogue: reader("Товары", "Products")
    case .stores: reader("Магазины", "Stores")
    case .certificates: reader("Сертификаты", "Certificates")
    case .receipts: reader("Чеки", "Receipts")
    case .events: reader("События сайта", "Site events")
    case .prices: reader("Прайс акции", "Promotion sheet")
    }
  }

  static func badge(_ upload: Upload, _ reader: Reader) -> Markup {
    switch upload.state {
    case .arriving: "<span class=\"badge\">\(reader("приходит", "arrives"))</span>"
    case .ready: "<span class=\"badge accent\">\(reader("ждёт разметки", "to be mapped"))</span>"
    case .waiting: "<span class=\"badge\">\(reader("в очереди", "waits"))</span>"
    case .running:
      "<span class=\"badge accent\">\(Icon.refresh.usual)\(upload.isDryRun ? reader("проверяется", "is checked") : reader("загружается", "is imported"))</span>"
    case .checked: "<span class=\"badge accent\">\(Icon.check.usual)\(reader("проверен", "checked"))</span>"
    case .done: "<span class=\"badge good\">\(Icon.check.usual)\(reader("загружен", "imported"))</span>"
    case .stopped: "<span class=\"badge warn\">\(Icon.stop.usual)\(reader("остановлен", "stopped"))</span>"
    case .limit: "<span class=\"badge warn\">\(Icon.warning.usual)\(reader("много отказов", "many refused"))</span>"
    case .failed: "<span class=\"badge bad\">\(Icon.warning.usual)\(reader("не читается", "cannot be read"))</span>"
    }
  }

  /// Why a record was refused, in the reader's words where we have them.
  static func reason(_ text: String, _ reader: Reader) -> String {
    guard reader.language == .ru else { return text }
    return text.split(separator: "; ").map { one(String($0)) }.joined(separator: "; ")
  }

  private static func one(_ text: String) -> String {
    if let known = plain[text] { return known }
    if let match = text.wholeMatch(of: /the (\w+) (\S+) belongs to another member, (\S+)/) {
      return "\(noun(match.output.1)) \(match.output.2) уже у другого участника, \(match.output.3)"
    }
    if let match = text.wholeMatch(of: /the (\w+) (\S+) stands twice in this write/) {
      return "\(noun(match.output.1)) \(match.output.2) встречается в файле дважды"
    }
    if let match = text.wholeMatch(of: /the row has (\d+) fields where the first line names (\d+)/) {
      return "в строке полей: \(match.output.1), а столбцов: \(match.output.2)"
    }
    if let match = text.wholeMatch(of: /"(.*)" is not a day or time like (.*)/) {
      return "«\(match.output.1)» – не дата; ожидается как \(match.output.2.prefix { $0 != ";" })"
    }
    if let match = text.wholeMatch(of: /"(.*)" is not (a whole number|a number.*)/) { return "«\(match.output.1)» – не число" }
    if let match = text.wholeMatch(of: /"(.*)" is not known here; say in "words" which of (.*) it means/) {
      return "«\(match.output.1)» непонятно; бывает: \(match.output.2)"
    }
    if let match = text.wholeMatch(of: /a birthday from 1900 until today is expected, not (.*)/) {
      return "день рождения – с 1900 года по сегодня, а не \(match.output.1)"
    }
    return text
  }

  private static func noun(_ word: Substring) -> String {
    switch word {
    case "phone": "телефон"
    case "email": "почта"
    case "card": "карта"
    case "external", "code": "код"
    default: String(word)
    }
  }

  private static let plain = [
    "this may not be empty": "здесь должно что-то стоять",
    "the day is missing on which the member joined": "нет дня вступления",
    "this is no phone": "это не телефон", "this is no email": "это не почта", "this is no card": "это не номер карты",
    "a balance below zero cannot be taken over": "остаток ниже нуля не переносится",
    "settle it in the other system": "погасите его в прежней системе",
    "a quote is opened and not closed": "кавычка открыта и не закрыта",
  ]

  private static let oddities = [
    "members who joined in a store that is not known": "участников вступили в магазине, которого нет",
    "opening balances that were taken over before, left alone": "остатков перенесены раньше и не тронуты",
  ]

  static func oddity(_ text: String, _ reader: Reader) -> String {
    guard reader.language == .ru else { return text }
    return oddities[text] ?? text
  }
}
