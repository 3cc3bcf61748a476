import Access
import Customers
import Insight
import Kernel

/// Every field and dictionary of the account.
struct FieldListPage {
  struct View: Sendable {
    let fields: [FieldBook.Shelved]
    let onlyDefined: Bool
    let isArchive: Bool
    /// With how many values can be chosen.
    let dictionaries: [(known: Known<DictionaryDetails>, values: Int)]
  }

  let view: View
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { ConsoleDesk.fieldsPath }

  var page: Page {
    let make: Markup? =
      visit.may(.changeProgramme)
      ? "<a class=\"button primary\" href=\"\(path)/new\">\(Icon.plus.small)\(reader("Новое поле", "New field"))</a>" : nil
    return Page(
      title: reader("Поля анкеты", "Member fields"), actions: "\(make)",
      notes: [
        reader("Что сеть знает об участниках кроме обычного", "What the chain knows of members beside the usual")
      ], crumbs: [(reader("Участники", "Members"), "/console/members")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(fields)</div><aside class="aside stack">\(dictionaries)\(policy)</aside></div>
        """)
  }

  private var fields: Markup {
    let shown = view.fields.filter { $0.isArchived == view.isArchive }
    let others = view.fields.count - shown.count
    let turn: Markup? =
      others > 0
      ? """
      <footer class="panel-foot"><a class="text-link" href="\(path)\(view.isArchive ? "" : "?archived=on")">\(view.isArchive ? reader("К действующим", "To those in use") : reader("В архиве: \(others)", "Archived: \(others)"))</a></footer>
      """ : nil
    guard !shown.isEmpty else {
      let says = reader(
        "Опишите, что ещё вы знаете об участнике: любимый отдел, размер, есть ли дети. Поле сразу появится в анкете, условиях, загрузках и сводных.",
        "Say what else you know of a member: a favourite department, a size, whether there are children. The field is at once on the card, in conditions, imports and pivots."
      )
      return """
        <section class="panel"><div class="empty"><div><h2>\(reader("Полей пока нет", "There are no fields yet"))</h2><p>\(says)</p></div></div>\(turn)</section>
        """
    }
    let rows = shown.map { one -> Markup in
      let field = one.field.details
      let marks: [Markup?] = [
        field.isPersonal ? "<span class=\"badge\">\(Icon.lock.usual)\(reader("личное", "personal"))</span>" : nil,
        field.isRequired ? "<span class=\"badge accent\">\(reader("обязательное", "required"))</span>" : nil,
      ]
      return """
        <tr><th scope="row"><a href="\(path)/\(queryText(field.code))">\(reader(field.name))</a><small>\(field.code)</small></th>\
        <td>\(FieldWords.kind(field.kind.word, reader))<small>\(field.kind.dictionary ?? "")</small></td>\
        <td>\(field.group)</td><td>\(marks.compactMap { $0 })</td></tr>
        """
    }
    return DataTable(
      label: reader("Поля", "Fields"),
      columns: [
        .text(reader("Поле", "Field"), small: reader("Код", "Code")), .text(reader("Тип", "Kind")),
        .text(reader("Раздел", "Heading")),
        .text(reader("Особенности", "Marks")),
      ], rows: rows
    ).panel(foot: turn ?? .nothing)
  }

  private var dictionaries: Markup {
    let rows = view.dictionaries.map { one -> Markup in
      """
      <tr><th scope="row"><a href="\(path)/dictionaries/\(queryText(one.known.details.code))">\(reader(one.known.details.name))</a><small>\(one.known.details.code)</small></th>\
      <td class="num">\(reader.number(Int64(one.values)))</td></tr>
      """
    }
    let make: Markup? =
      visit.may(.changeProgramme)
      ? "<div class=\"panel-foot\"><a class=\"text-link\" href=\"\(path)/dictionaries/new\">\(reader("Новый справочник", "New dictionary"))</a></div>"
      : nil
    guard !rows.isEmpty else {
      return """
        <section class="panel"><header class="panel-head"><h2>\(reader("Справочники", "Dictionaries"))</h2></header>\
        <p class="panel-body muted">\(reader("Список значений, из которого поле выбирает: цвета, отделы, породы.", "A list of values that a field chooses from: colours, departments, breeds."))</p>\(make)</section>
        """
    }
    return DataTable(
      label: reader("Справочники", "Dictionaries"),
      columns: [.text(reader("Справочник", "Dictionary")), .number(reader("Значений", "Values"))], rows: rows, width: .tight
    ).panel(heading: true, foot: make ?? .nothing)
  }

  private var policy: Markup {
    let says =
      view.onlyDefined
      ? reader(
        "Принимаются только поля отсюда. Кассе, файлу и сайту с другим полем отвечают отказом.",
        "Only fields from here are taken. A till, a file or a site with another one is refused.")
      : reader(
        "Кассы, файлы и сайт могут присылать и другие поля: они хранятся как есть и видны тем, кому видны личные данные.",
        "Tills, files and sites may send other fields as well: they are kept as they are, and whoever sees personal data sees them."
      )
    let form: Markup? =
      visit.may(.changeProgramme)
      ? """
      <form class="stack s" method="post" action="\(path)/policy">\(visit.key)\
      \(Tick(name: "onlyDefined", label: reader("Принимать только описанные поля", "Take defined fields only"), isOn: view.onlyDefined).html)\
      <div><button class="button">\(reader("Сохранить", "Save"))</button></div></form>
      """ : nil
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Другие поля", "Other fields"))</h2></header>\
      <div class="panel-body stack s"><p class="muted">\(says)</p>\(form)</div></section>
      """
  }
}

/// One field: what it is, and where it is named.
struct FieldPage {
  let known: FieldBook.Shelved
  let uses: FieldUses
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var field: MemberFieldDetails { known.field.details }
  private var path: String { "\(ConsoleDesk.fieldsPath)/\(queryText(field.code))" }

  var page: Page {
    let edit: Markup? =
      visit.may(.changeProgramme) ? "<a class=\"button primary\" href=\"\(path)/edit\">\(reader("Изменить", "Edit"))</a>" : nil
    let archived: Markup = known.isArchived ? "<span class=\"badge warn\">\(reader("в архиве", "archived"))</span>" : .nothing
    return Page(
      title: reader(field.name), marks: archived, actions: "\(edit)",
      notes: [field.code] + (field.note.isEmpty ? [] : [field.note]),
      crumbs: [
        (reader("Участники", "Members"), "/console/members"), (reader("Поля анкеты", "Member fields"), ConsoleDesk.fieldsPath),
      ],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\(facts)\(farewell)</div>\
        <aside class="aside stack">\(usesPanel)</aside></div>
        """)
  }

  private var facts: Markup {
    func roles(_ list: [Role]) -> String {
      list.isEmpty
        ? reader("все, кому доступны участники", "everybody with members")
        : ([.owner] + list.filter { $0 != .owner }).map { FieldWords.role($0, reader) }.joined(separator: ", ")
    }
    let yes = reader("да", "yes")
    let no = reader("нет", "no")
    return FactList(rows: [
      (reader("Тип", "Kind"), "\(FieldWords.kind(field.kind.word, reader))"), (reader("Пределы", "Limits"), limits),
      (reader("Раздел анкеты", "Heading"), field.group.isEmpty ? nil : "\(field.group)"),
      (reader("Обязательно в анкете", "Required on the card"), "\(field.isRequired ? yes : no)"),
      (reader("Личные данные", "Personal data"), "\(field.isPersonal ? yes : no)"),
      (reader("Видят", "Seen by"), "\(roles(field.seenBy))"), (reader("Меняют", "Changed by"), "\(roles(field.changedBy))"),
      (reader("В сводных", "In pivots"), field.dimension.map { "<code>\($0.rawValue)</code>" }),
    ]).panel(reader("Что это", "What it is"))
  }

  private var limits: Markup? {
    switch field.kind {
    case .text(let most): return "\(reader("до \(most) знаков", "up to \(most) characters"))"
    case .number(nil, nil), .day, .flag: return nil
    case .number(let least, let most):
      return "\(least.map { reader.number($0) } ?? "–") … \(most.map { reader.number($0) } ?? "–")"
    case .one(let code), .several(let code, _):
      return "<a href=\"\(ConsoleDesk.fieldsPath)/dictionaries/\(queryText(code))\">\(code)</a>"
    }
  }

  private var usesPanel: Markup { FieldUsesPanel(uses: uses, reader: reader).html }

  private var farewell: Markup? {
    guard visit.may(.changeProgramme) else { return nil }
    if known.isArchived {
      return ActButton(
        path: path + "/archive", label: reader("Вернуть из архива", "Bring back"), fields: [("act", "restore")], style: ""
      ).html(visit)
    }
    let farewell = Farewell(
      label: reader("Убрать в архив", "Archive"),
      warning: reader(
        "Поле уйдёт из анкеты и загрузок. Значения у участников останутся, вернуть можно в любой момент.",
        "The field leaves forms and imports. What members have stays, and it can be brought back at any time."),
      button: ActButton(path: path + "/archive", label: reader("Убрать в архив", "Archive"), style: "danger"))
    return "<section class=\"panel\">\(farewell.html(visit))</section>"
  }
}
