import Access
import Imports
import Kernel

// MARK: what the columns mean

extension ImportPage {
  /// The form that says it, under the first rows of the file. Folded away where it was checked.
  var mapping: Markup? {
    guard let form else { return fault == nil || upload.isUnderWay ? nil : reading(nil) }
    let isOpen = [.ready, .failed, .limit].contains(upload.state)
    let body: Markup = "\(preview(form))\(reading(form))\(fields(form))"
    guard !isOpen else { return body }
    return """
      <details class="fold"><summary>\(Icon.right.usual)\(reader("Что значат столбцы", "What the columns mean"))</summary>\
      <div class="stack">\(body)</div></details>
      """
  }

  private func preview(_ form: ImportForm) -> Markup {
    guard upload.isOpen(to: visit) else {
      return Notice.info(
        reader(
          "Строки файла видит тот, кто его прислал, и те, кому видны личные данные.",
          "Who sent the file sees its rows, and who may see persons."))
    }
    let rows = form.preview.rows.prefix(5).map { row -> Markup in
      let cells = row.map { text -> Markup in "<td>\(short(text))</td>" }
      return "<tr>\(cells)</tr>"
    }
    return DataTable(
      label: reader("Первые строки файла", "The first rows of the file"), columns: form.preview.header.map { .text($0) },
      rows: rows, files: .none
    ).panel(heading: true)
  }

  private func short(_ text: String) -> String { text.count > 40 ? String(text.prefix(40)) + "…" : text }

  /// How the bytes are read: found by itself, and said where that went wrong.
  private func reading(_ form: ImportForm?) -> Markup {
    let encodings = [("utf-8", "UTF-8"), ("windows-1251", "Windows-1251")]
    let separators = [
      ("semicolon", reader("точка с запятой", "semicolon")), ("comma", reader("запятая", "comma")),
      ("tab", reader("табуляция", "tab")), ("bar", reader("вертикальная черта", "bar")),
    ]
    let separator = ConsoleDesk.separators.first { $0.value == form?.preview.separator.rawValue }?.key
    return """
      <section class="panel"><form class="inline-form" method="get" action="\(upload.path)"><div class="fields narrow">\
      \(Choice(name: "encoding", label: reader("Кодировка", "Encoding"), options: encodings, chosen: form?.preview.shape.encoding.rawValue, id: "r-encoding").html)\
      \(Choice(name: "separator", label: reader("Разделитель", "Separator"), options: separators, chosen: separator, id: "r-separator").html)\
      </div><div><button class="button s">\(Icon.refresh.small)\(reader("Прочитать так", "Read it like this"))</button></div></form></section>
      """
  }

  private func fields(_ form: ImportForm) -> Markup {
    let choices = form.fields.map { field -> Markup in
      let isMissing = missing.contains { $0.key == field.key }
      let label = reader(field.name) + (field.isRequired ? " *" : "")
      let chosen = form.choices[field.key]?.text
      return Choice(
        name: "f-" + field.key, label: label, options: options(field, form), chosen: chosen,
        hint: isMissing
          ? reader("Без этого не загрузить: выберите столбец", "Needed: choose a column") : field.hint.map { reader($0) }
      ).html
    }
    let unused = form.unused.filter { !$0.isEmpty }
    let rest =
      unused.isEmpty
      ? reader("Все столбцы пригодились", "All columns are used")
      : reader("Не загружаются: ", "Not imported: ") + unused.prefix(20).joined(separator: ", ") + (unused.count > 20 ? "…" : "")
    let refused: Markup? =
      missing.isEmpty
      ? nil
      : Notice.warning(
        reader("Скажите, откуда взять: ", "Say where to take: ") + missing.map { reader($0.name) }.joined(separator: ", "))
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Что значат столбцы", "What the columns mean"))</h2></header>\
      <form class="inline-form" method="post" action="\(upload.path)/check">\(visit.key)\
      <input type="hidden" name="encoding" value="\(form.preview.shape.encoding.rawValue)">\
      <input type="hidden" name="separator" value="\(ConsoleDesk.separators.first { $0.value == form.preview.separator.rawValue }?.key ?? "")">\
      \(refused)<div class="fields">\(choices)</div><p class="hint">\(rest)</p>\(defining(unused))<div class="fields narrow">\(shape(form))</div>\
      <div class="row wrap"><button class="button primary">\(Icon.check.small)\(reader("Проверить файл", "Check the file"))</button>\
      <span class="muted">\(reader("Проверка ничего не меняет", "A check changes nothing"))</span></div></form></section>
      """
  }

  /// A column that nothing comes from can become a field of the account.
  private func defining(_ unused: [String]) -> Markup? {
    guard upload.kind == .members, visit.may(.changeProgramme), !unused.isEmpty else { return nil }
    let links = unused.prefix(20).map { name -> Markup in
      "<a class=\"chip\" href=\"\(ConsoleDesk.fieldsPath)/new?code=\(queryText(name))\">\(name)</a>"
    }
    return
      "<p class=\"row wrap\"><span class=\"muted\">\(reader("Завести поле анкеты:", "Make a member field:"))</span>\(links)</p>"
  }

  /// Columns with their first value, so that a name like “f3” says something.
  private func options(_ field: ImportField, _ form: ImportForm) -> [(value: String, name: String)] {
    var options: [(value: String, name: String)] = [("", reader("– нет –", "– none –"))]
    let isOpen = upload.isOpen(to: visit)
    for (place, name) in form.preview.header.enumerated() {
      let sample = isOpen ? form.preview.texts(place).first.map { " · " + String($0.prefix(24)) } ?? "" : ""
      options.append(("c\(place)", (name.isEmpty ? reader("столбец \(place + 1)", "column \(place + 1)") : name) + sample))
    }
    var values = constants[field.key] ?? []
    if case .constant(let text)? = form.choices[field.key], !values.contains(where: { $0.value == text }) {
      values.append((text, text))
    }
    for constant in values { options.append(("=" + constant.value, reader("у всех: ", "for all: ") + constant.name)) }
    return options
  }

  private func shape(_ form: ImportForm) -> Markup {
    let days = [("", reader("как найдено в файле", "as found in the file"))] + ImportForm.patterns.map { ($0, $0) }
    let points = [("point", reader("точка", "point")), ("comma", reader("запятая", "comma"))]
    return """
      \(Choice(name: "days", label: reader("Как записаны дни", "How days are written"), options: days, chosen: form.days ?? "").html)\
      \(Choice(name: "point", label: reader("Дробная часть после", "Fractions follow a"), options: points, chosen: form.decimalPoint == 0x2c ? "comma" : "point").html)
      """
  }
}
