import Access
import Imports
import Kernel

/// One file: what its columns mean, how far it is, what came of it.
struct ImportPage {
  let upload: Upload
  let visit: Visit
  /// Nil while it is under way or where it cannot be read.
  var form: ImportForm?
  /// Why it cannot be read.
  var fault: Problem?
  /// What a field can be for every record.
  var constants: [String: [(value: String, name: String)]] = [:]
  /// Fields that nobody said a source for.
  var missing: [ImportField] = []

  var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: upload.name, marks: ImportWords.badge(upload, reader), actions: "\(removing)",
      notes: [
        ImportWords.kind(upload.kind, reader),
        reader.count(max(0, upload.lines - 1), ("строка", "строки", "строк"), ("line", "lines")),
        reader("прислал \(upload.madeBy.name)", "sent by \(upload.madeBy.name)"), reader.moment(upload.touchedAt),
      ], crumbs: [(reader("Загрузка файлов", "Imports"), "/console/imports")],
      body: "<div class=\"page-body\"><div class=\"stack\">\(told)\(progress)\(tally)\(complaints)\(mapping)</div></div>")
  }

  private func button(_ act: String, _ label: String, isPrimary: Bool = false, icon: Icon? = nil) -> Markup {
    let style = isPrimary ? "button primary" : "button"
    return """
      <form method="post" action="\(upload.path)/\(act)">\(visit.key)<button class="\(style)">\(icon?.small)\(label)</button></form>
      """
  }

  private var removing: Markup? {
    guard !upload.isUnderWay else { return nil }
    return button("removal", reader("Забыть файл", "Forget the file"))
  }

  // MARK: how it stands

  private var told: Markup? {
    switch upload.state {
    case .failed:
      let issues = (upload.fault?.issues ?? []).map { issue -> Markup in "<li>\(issue.message)</li>" }
      let list: Markup = issues.isEmpty ? "" : "<ul>\(issues)</ul>"
      let text = reader("Так файл не загрузить:", "The file cannot be imported like this:")
      return """
        <div class="notice bad" role="alert">\(Icon.warning.usual)<div><p>\(text) \(upload.fault?.detail ?? "")</p>\(list)</div></div>
        """
    case .limit:
      return Notice.warning(
        reader(
          "Остановлено: отказов больше \(upload.maxRefused). Похоже, столбцы значат не то. Посмотрите причины; загруженное осталось.",
          "Stopped: more than \(upload.maxRefused) were refused. The columns rather mean something else. See why; what was imported stays."
        ))
    case .stopped:
      let line = upload.linesDone
      return Notice.info(
        upload.isDryRun
          ? reader("Проверка остановлена, ничего не изменено.", "The check was stopped; nothing was changed.")
          : reader("Загрузка остановлена после строки \(line). Продолжится с неё.", "Stopped after line \(line). It goes on there.")
      )
    case .done:
      return Notice.good(upload.kind == .receipts ? past : reader("Файл загружен.", "The file was imported."))
    case .checked:
      return Notice.good(
        reader("Файл проверен до конца, ничего ещё не изменено.", "The file was checked to its end; nothing was changed yet."))
    case .arriving, .ready, .waiting, .running:
      return fault.map { fault -> Markup in
        """
        <p class="notice bad" role="alert">\(Icon.warning.usual)<span>\(reader("Файл не читается как таблица:", "The file is no table:")) \
        \(fault.detail)</span></p>
        """
      }
    }
  }

  private var past: String {
    reader(
      "Файл загружен. Чеки, принятые как история, появятся в анализе, когда сервер заново соберёт столбцы: он начнёт через полминуты после последнего из них.",
      "The file was imported. Receipts that were taken in as history are in the analysis once the server has made its columns anew, which it begins half a minute after the last of them."
    )
  }

  private var progress: Markup? {
    guard upload.isUnderWay else { return nil }
    let whole = max(1, upload.lines)
    let title = upload.isDryRun ? reader("Проверяется", "Checking") : reader("Загружается", "Importing")
    let label = upload.state == .waiting ? reader("Ждёт своей очереди", "Waits for its turn") : title
    var parts = [
      reader(
        "\(reader.number(Int64(upload.linesDone))) из \(reader.number(Int64(upload.lines))) строк",
        "\(reader.number(Int64(upload.linesDone))) of \(reader.number(Int64(upload.lines))) lines")
    ]
    if let left = upload.timeLeft(at: visit.call.at) { parts.append(reader("осталось \(time(left))", "\(time(left)) left")) }
    if upload.isStopAsked { parts.append(reader("останавливается", "is stopping")) }
    let note = reader("Вкладку можно закрыть, работа идёт на сервере.", "You may close this tab; the server goes on.")
    return """
      <section class="panel"><div class="panel-body pad stack s"><div class="row between"><b>\(label)</b>\
      \(upload.isStopAsked ? nil : button("stop", reader("Остановить", "Stop"), icon: .stop))</div>\
      <progress class="bar" max="\(whole)" value="\(upload.linesDone)" aria-label="\(label)"></progress>\
      <p class="muted">\(parts.joined(separator: ", "))</p><p class="muted">\(note) <a class="text-link" href="\(upload.path)">\(reader("Обновить", "Refresh"))</a></p>\
      </div></section>
      """
  }

  private func time(_ span: Span) -> String {
    let seconds = max(1, span.micros / 1_000_000)
    return seconds < 60
      ? reader("\(seconds) с", "\(seconds) s")
      : reader("\((seconds + 59) / 60) мин", "\((seconds + 59) / 60) min")
  }

  // MARK: what came of it

  private var tally: Markup? {
    guard let tally = upload.tally else { return nil }
    let would = upload.isDryRun
    var facts = [
      (reader("Прочитано", "Read"), tally.records),
      (would ? reader("Будет новых", "Would be new") : reader("Новых", "New"), tally.made),
      (would ? reader("Изменится", "Would change") : reader("Изменено", "Changed"), tally.changed),
      (reader("Без изменений", "Unchanged"), tally.unchanged), (reader("Отказано", "Refused"), tally.refused),
    ]
    if upload.isUnderWay { facts.removeAll { $0.1 == 0 } }
    let stats = facts.map { name, count -> Markup in
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(reader.number(Int64(count)))</dd></div>"
    }
    let odd = tally.oddities.sorted { $0.key < $1.key }.map { text, count -> Markup in
      "<li>\(reader.number(Int64(count))) \(ImportWords.oddity(text, reader))</li>"
    }
    let oddities: Markup = odd.isEmpty ? "" : "<ul class=\"muted\">\(odd)</ul>"
    return facts.isEmpty ? nil : "<dl class=\"stats of5\">\(stats)</dl>\(oddities)\(going)" as Markup
  }

  /// What can be done next.
  private var going: Markup? {
    let refused = (upload.tally?.refused ?? 0) > 0 && !upload.isDryRun && upload.isOpen(to: visit)
    let file: Markup? =
      refused
      ? "<a class=\"button\" href=\"\(upload.path)/refused.csv\" download>\(Icon.download.small)\(reader("Отказанные строки", "Refused records"))</a>"
      : nil
    let next: Markup? =
      switch upload.state {
      case .checked: button("start", importing, isPrimary: true)
      case .stopped:
        button(
          "start", upload.isDryRun ? reader("Проверить заново", "Check anew") : reader("Продолжить", "Go on"), isPrimary: true)
      case .limit: button("start", reader("Продолжить, допустив больше", "Go on and allow more"))
      case .done where upload.kind == .members:
        "<a class=\"button primary\" href=\"/console/members\">\(reader("К участникам", "To the members"))</a>"
      case .done, .arriving, .ready, .waiting, .running, .failed: nil
      }
    guard file != nil || next != nil else { return nil }
    return "<div class=\"row wrap\">\(next)\(file)</div>"
  }

  private var importing: String {
    let count = (upload.tally?.made ?? 0) + (upload.tally?.changed ?? 0)
    return reader(
      "Загрузить: \(reader.count(count, ("запись", "записи", "записей"), ("record", "records")))",
      "Import \(reader.count(count, ("запись", "записи", "записей"), ("record", "records")))")
  }

  private var complaints: Markup? {
    guard !upload.complaints.isEmpty, !upload.isUnderWay else { return nil }
    let rows = upload.complaints.map { complaint -> Markup in
      """
      <tr><th scope="row" class="num">\(String(complaint.line))</th><td>\(complaint.column)</td>\
      <td class="break">\(ImportWords.reason(complaint.reason, reader))</td></tr>
      """
    }
    let refused = upload.tally?.refused ?? 0
    let foot: Markup? =
      refused > upload.complaints.count
      ? "<footer class=\"panel-foot\"><span>\(reader("Показаны первые \(upload.complaints.count)", "The first \(upload.complaints.count) are shown"))</span></footer>"
      : nil
    return DataTable(
      label: reader("Почему отказано", "Why they are refused"),
      columns: [
        .number(reader("Строка", "Line")), .text(reader("Столбец", "Column")), .text(reader("Причина", "Reason")),
      ], rows: rows, files: .own
    ).panel(heading: true, foot: foot)
  }
}
