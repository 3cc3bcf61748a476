import Access
import Customers
import Insight
import Kernel

struct DictionaryForm {
  let form: Form
  let refusal: Problem?
  let visit: Visit

  var page: Page {
    let reader = visit.reader
    let faults = FormFaults(refusal, fields: ["code", "ru", "en"], reader)
    func line(_ name: String, _ label: String, _ hint: String? = nil, limit: Int = Limits.name, needs: Bool = true) -> Markup {
      Field(name: name, label: label, value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: needs).html
    }
    return Page(
      title: reader("Новый справочник", "New dictionary"),
      crumbs: [(reader("Поля анкеты", "Member fields"), ConsoleDesk.fieldsPath)],
      body: """
        <div class="page-body"><section class="panel"><div class="panel-body"><form class="form" method="post" action="\(ConsoleDesk.fieldsPath)/dictionaries">\(visit.key)\(faults.notice)\
        <div class="fields">\(line("ru", reader("Название по-русски", "Name in Russian")))\(line("en", reader("Название по-английски", "Name in English"), reader("пусто: как по-русски", "empty: as in Russian"), needs: false))</div>\
        <div class="fields narrow">\(line("code", reader("Код", "Code"), reader("потом не меняется", "cannot be changed later"), limit: Limits.code))</div>\
        <div class="row"><button class="button primary">\(reader("Создать", "Make"))</button><a class="button ghost" href="\(ConsoleDesk.fieldsPath)">\(reader("Отмена", "Cancel"))</a></div></form></div></section></div>
        """)
  }
}

/// One dictionary with its values.
struct DictionaryPage {
  struct View: Sendable {
    let known: Known<DictionaryDetails>
    let values: [DictionaryValue]
    /// That choose from it.
    let fields: [MemberFieldDetails]
    let page: Int
    /// The code of the value whose form is open; empty for a new one.
    let edited: String
    /// What names it.
    let uses: FieldUses?
  }

  private static let size = 100

  let view: View
  let refusal: Problem?
  let saved: Dictionaries.SavedValues?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { "\(ConsoleDesk.fieldsPath)/dictionaries/\(queryText(view.known.details.code))" }
  private var mayChange: Bool { visit.may(.changeProgramme) }

  var page: Page {
    let living = view.values.count { !$0.isArchived }
    let fields = view.fields.map { reader($0.name) }.joined(separator: ", ")
    return Page(
      title: reader(view.known.details.name),
      notes: [
        view.known.details.code, reader.count(living, ("значение", "значения", "значений"), ("value", "values")),
        fields.isEmpty
          ? reader("пока ни одно поле из него не выбирает", "no field chooses from it yet")
          : reader("поля: \(fields)", "fields: \(fields)"),
      ], crumbs: [(reader("Поля анкеты", "Member fields"), ConsoleDesk.fieldsPath)],
      body: """
        <div class="page-body with-aside"><div class="stack">\(notice)\(table)</div><aside class="aside stack">\(value)\(view.uses.map { FieldUsesPanel(uses: $0, reader: reader).html })\(file)\(renaming)</aside></div>
        """)
  }

  private var notice: Markup? {
    if let refusal {
      // A file may be wrong in many lines; the first ones say enough to mend it.
      let lines = refusal.issues.prefix(5).compactMap { issue -> String? in
        guard let row = issue.pointer.split(separator: "/").first.flatMap({ Int($0) }) else { return nil }
        return reader(
          "строка \(row + 2): \(IssueWords.sentence(issue, reader))", "line \(row + 2): \(IssueWords.sentence(issue, reader))")
      }
      return lines.isEmpty ? Notice.refusal(refusal, reader) : Notice.warning(lines.joined(separator: "; "))
    }
    return saved.map { saved in
      Notice.good(
        reader(
          "Принято: новых \(saved.made), изменено \(saved.changed), без изменений \(saved.unchanged).",
          "Taken: \(saved.made) new, \(saved.changed) changed, \(saved.unchanged) as they were."))
    }
  }

  private var table: Markup {
    guard !view.values.isEmpty else {
      return """
        <section class="panel"><div class="empty"><div><h2>\(reader("Значений пока нет", "There are no values yet"))</h2>\
        <p>\(reader("Добавьте их по одному или загрузите файл.", "Add them one by one, or load a file."))</p></div></div></section>
        """
    }
    let from = min(view.page * Self.size, view.values.count)
    let shown = view.values[from..<min(from + Self.size, view.values.count)]
    let rows = shown.map { value -> Markup in
      let badge: Markup? = value.isArchived ? "<span class=\"badge warn\">\(reader("в архиве", "archived"))</span>" : nil
      let acts: Markup? =
        mayChange
        ? """
        <td class="acts"><div class="row"><a class="button s" href="\(path)?edit=\(queryText(value.code))#value">\(reader("Изменить", "Edit"))<span class="sr"> \(value.code)</span></a>\
        \(ActButton(path: path, label: value.isArchived ? reader("Вернуть", "Bring back") : reader("В архив", "Archive"), fields: [("act", value.isArchived ? "restore" : "archive"), ("value", value.code)]).html(visit))</div></td>
        """ : nil
      return """
        <tr><th scope="row">\(reader(value.name))<small>\(value.code)</small></th><td>\(badge)</td><td class="num">\(reader.number(Int64(value.rank)))</td>\(acts)</tr>
        """
    }
    let next: Markup? =
      from + Self.size < view.values.count
      ? "<a class=\"text-link\" href=\"\(path)?page=\(view.page + 1)\">\(reader("Дальше", "Next"))</a>" : nil
    return DataTable(
      label: reader("Значения", "Values"),
      columns: [.text(reader("Значение", "Value")), .text(reader("Состояние", "State")), .number(reader("Порядок", "Order"))]
        + (mayChange ? [.acts(reader("Действия", "Acts"))] : []), rows: Array(rows), files: .own
    ).panel(foot: "<footer class=\"panel-foot\">\(reader.files("\(path)/values"))\(next)</footer>")
  }

  private var value: Markup? {
    guard mayChange else { return nil }
    let edited = view.values.first { $0.code == view.edited }
    let (typed, faults) = (refusal == nil ? nil : visit.form, FormFaults(refusal, fields: ["code", "ru", "en", "rank"], reader))
    func line(_ name: String, _ label: String, _ value: String, _ fault: String?, limit: Int = Limits.name, needs: Bool = true)
      -> Markup
    {
      Field(name: name, label: label, value: typed?[name] ?? value, fault: fault, limit: limit, isRequired: needs, id: "v-\(name)")
        .html
    }
    let code: Markup =
      edited.map { "<input type=\"hidden\" name=\"value\" value=\"\($0.code)\">" }
      ?? line("value", reader("Код", "Code"), "", faults["code"], limit: Limits.code)
    let rank = edited.map { "\($0.rank)" } ?? "\((view.values.map(\.rank).max() ?? 0) + 1)"
    return """
      <section class="panel" id="value"><header class="panel-head"><h2>\(edited.map { reader("Изменить «\(reader($0.name))»", "Edit “\(reader($0.name))”") } ?? reader("Добавить значение", "Add a value"))</h2></header>\
      <form class="inline-form" method="post" action="\(path)">\(visit.key)\(code)\
      \(line("ru", reader("Название по-русски", "Name in Russian"), edited?.name.ru ?? "", faults["ru"]))\
      \(line("en", reader("Название по-английски", "Name in English"), edited?.name.en ?? "", faults["en"], needs: false))\
      \(line("rank", reader("Порядок", "Order"), rank, faults["rank"], limit: 7))\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button></div></form></section>
      """
  }

  private var file: Markup? {
    guard mayChange else { return nil }
    let says = reader(
      "Столбцы code, name_ru, name_en, order, archived. Известные коды изменятся, новые добавятся, остальные останутся.",
      "The columns code, name_ru, name_en, order, archived. Known codes are changed, new ones added, the rest stays.")
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Загрузить файл", "Load a file"))</h2></header>\
      <form class="inline-form" method="post" action="\(path)/file" enctype="multipart/form-data">\(visit.key)\
      <div class="field"><label for="f-file">CSV</label><input class="input" id="f-file" name="file" type="file" accept=".csv,text/csv" required><p class="hint">\(says)</p></div>\
      <div><button class="button">\(reader("Принять", "Take it"))</button></div></form></section>
      """
  }

  private var renaming: Markup? {
    guard mayChange else { return nil }
    let name = view.known.details.name
    return """
      <section class="panel"><details class="fold"><summary>\(Icon.right.usual)\(reader("Переименовать справочник", "Rename the dictionary"))</summary>\
      <form class="form pad-s" method="post" action="\(path)">\(visit.key)<input type="hidden" name="act" value="rename">\
      \(Field(name: "ru", label: reader("Название по-русски", "Name in Russian"), value: name.ru, id: "n-ru").html)\
      \(Field(name: "en", label: reader("Название по-английски", "Name in English"), value: name.en, id: "n-en").html)\
      <div><button class="button">\(reader("Переименовать", "Rename"))</button></div></form></details></section>
      """
  }
}
