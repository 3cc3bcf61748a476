import Access
import Engagement
import Jobs
import Kernel

/// Jobs that wait, run and were given up; scheduled work; how far everybody is with the events.
struct JobsPage {
  static let size = 50

  let visit: Visit
  let work: ConsoleDesk.Work

  private var reader: Reader { visit.reader }
  private var now: Instant { visit.call.at }
  private var isFirst: Bool { visit.call.query["before"] == nil }

  var page: Page {
    Page(
      title: reader("Задания", "Jobs"),
      notes: [
        reader("Что делается само, без ожидания у экрана", "What is done without anybody waiting for it"),
        reader("на \(reader.clock(now))", "as of \(reader.clock(now))"),
      ],
      body:
        "<div class=\"page-body\">\(summary)\(dead)\(isFirst ? running : nil)\(isFirst ? chores : nil)\(isFirst ? events : nil)</div>"
    )
  }

  /// What needs somebody, in one line.
  private var summary: Markup? {
    guard isFirst else { return nil }
    let late = work.chores.filter { $0.lateness(at: now) != nil || $0.failures > 0 }
    guard work.dead.isEmpty, late.isEmpty else { return nil }
    return Notice.good(
      reader("Всё идёт по плану: ничего не брошено и ничего не опаздывает", "All is well: nothing was given up and nothing is late")
    )
  }

  private func panel(_ title: String, _ acts: Markup?, _ body: Markup) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2>\(acts)</header>\(body)</section>"
  }

  // MARK: given up

  private var dead: Markup? {
    guard !work.dead.isEmpty else { return isFirst ? nil : Notice.info(reader("Дальше ничего нет", "There is nothing further")) }
    let title = reader("Не удались", "Given up")
    let all = ActButton(
      path: "/console/jobs/retry", label: reader("Повторить все", "Try all again"), fields: [("all", "yes")], icon: .refresh)
    let rows = work.dead.map { job -> Markup in
      let retry = ActButton(
        path: "/console/jobs/retry", label: isStopped(job) ? reader("Продолжить", "Go on") : reader("Повторить", "Try again"),
        fields: [("job", "\(job.id)")])
      let drop = ActButton(
        path: "/console/jobs/removal", label: reader("Выбросить", "Discard"), fields: [("job", "\(job.id)")], style: "s ghost")
      return """
        <tr><th scope="row">\(JobWords.kind(job.kind, reader))<small>\(who(job))</small></th>\
        <td>\(JobWords.cause(job.lastError ?? "", reader))\(progress(job))</td>\
        <td class="num">\(reader.number(Int64(job.attempts)))</td><td class="nowrap">\(reader.moment(job.madeAt))</td>\
        <td><div class="row s">\(retry.html(visit))\(drop.html(visit))</div></td></tr>
        """
    }
    let table = DataTable(
      label: title,
      columns: [
        .text(reader("Задание", "Job"), small: reader("Кто", "Who")), .text(reader("Причина", "Cause")),
        .number(reader("Попыток", "Attempts")),
        .text(reader("Поставлено", "Put")), .acts(reader("Действия", "Actions")),
      ], rows: rows)
    let more = work.dead.count == Self.size ? work.dead.last.map { "/console/jobs?before=\($0.id)" } : nil
    return panel(title, all.html(visit), table.going(on: reader.further(more)).html)
  }

  private func isStopped(_ job: Job) -> Bool { job.lastError == JobStopped.word }

  private func who(_ job: Job) -> String {
    guard let actor = job.actor.flatMap({ Actor($0) }), actor.kind == .staff else { return job.id.description }
    return actor.name
  }

  // MARK: waiting and under way

  private var running: Markup {
    let title = reader("Идут и ждут", "Under way and waiting")
    guard !work.waiting.isEmpty else {
      return panel(
        title, nil,
        "<p class=\"panel-body muted\">\(reader("Очередь пуста. Здесь видно импорт, повтор вебхуков, коды и письма, пока они не сделаны.", "The queue is empty. Imports, webhooks sent again, codes and letters stand here until they are done."))</p>"
      )
    }
    let rows = work.waiting.sorted { ($0.isRunning(at: now) ? 0 : 1, $0.dueAt) < ($1.isRunning(at: now) ? 0 : 1, $1.dueAt) }.map(
      row)
    let columns: [DataTable.Column] = [
      .text(reader("Задание", "Job")), .text(reader("Состояние", "State")), .text(reader("Ход", "Progress")),
      .text(reader("Поставлено", "Put")), .acts(reader("Действия", "Actions")),
    ]
    let note: Markup? =
      work.waiting.count == Self.size
      ? "<span class=\"muted\">\(reader("последние \(Self.size)", "the latest \(Self.size)"))</span>" : nil
    return panel(title, note, DataTable(label: title, columns: columns, rows: rows).html)
  }

  private func row(_ job: Job) -> Markup {
    let stop = ActButton(
      path: "/console/jobs/stop", label: reader("Остановить", "Stop"), fields: [("job", "\(job.id)")], icon: .stop)
    return """
      <tr><th scope="row">\(JobWords.kind(job.kind, reader))<small>\(who(job))</small></th><td>\(state(job))</td>\
      <td>\(progress(job) ?? "–")</td><td class="nowrap">\(reader.moment(job.madeAt))</td>\
      <td>\(job.isStopping ? nil : stop.html(visit))</td></tr>
      """
  }

  private func state(_ job: Job) -> Markup {
    if job.isStopping { return "<span class=\"badge warn\">\(Icon.stop.usual)\(reader("останавливается", "stopping"))</span>" }
    if job.isRunning(at: now) { return "<span class=\"badge good\">\(Icon.play.usual)\(reader("идёт", "under way"))</span>" }
    guard let error = job.lastError, job.attempts > 0 else {
      let text =
        job.dueAt > now ? reader("с \(reader.clock(job.dueAt))", "from \(reader.clock(job.dueAt))") : reader("в очереди", "queued")
      return "<span class=\"badge\">\(Icon.hourglass.usual)\(text)</span>"
    }
    let next = reader("снова в \(reader.clock(job.dueAt))", "again at \(reader.clock(job.dueAt))")
    return """
      <span class="badge warn">\(Icon.refresh.usual)\(next)</span> <span class="muted">\(JobWords.cause(error, reader)), \
      \(reader.count(job.attempts, ("попытка", "попытки", "попыток"), ("attempt", "attempts")))</span>
      """
  }

  private func progress(_ job: Job) -> Markup? {
    guard let progress = job.progress else { return nil }
    guard let total = progress.total, total > 0 else {
      return
        "<span class=\"muted\">\(reader("сделано \(reader.number(progress.done))", "\(reader.number(progress.done)) done"))</span>"
    }
    let of = reader(
      "\(reader.number(progress.done)) из \(reader.number(total))", "\(reader.number(progress.done)) of \(reader.number(total))")
    return """
      <div class="progress"><progress max="\(Int(total))" value="\(Int(min(progress.done, total)))" aria-label="\(of)"></progress>\
      <small>\(of)\(left(job, progress, total))</small></div>
      """
  }

  /// How long it will take at the pace so far.
  private func left(_ job: Job, _ progress: JobProgress, _ total: Int64) -> String {
    guard job.isRunning(at: now), let begun = job.begunAt, progress.done > 0, now - begun >= .seconds(5) else { return "" }
    let rest = scaled((now - begun).micros, by: max(0, total - progress.done), over: progress.done, .halfUp)
    return reader(", осталось около \(reader.span(Span(micros: rest)))", ", about \(reader.span(Span(micros: rest))) left")
  }

  // MARK: scheduled

  private var chores: Markup {
    let title = reader("По расписанию", "Scheduled")
    guard !work.chores.isEmpty else {
      let text = reader(
        "Ещё ничего не выполнялось. Если так и через минуту, фоновая работа не запущена: её ведёт regulars serve или regulars work.",
        "Nothing ran yet. If that stays so for a minute, nobody does the background work: regulars serve or regulars work does.")
      return panel(title, nil, "<div class=\"panel-body\">\(Notice.warning(text))</div>")
    }
    let rows = work.chores.map { chore -> Markup in
      """
      <tr><th scope="row">\(JobWords.chore(chore.name, reader))<small>\(chore.name)</small></th><td>\(outcome(chore))</td>\
      <td class="nowrap">\(chore.endedAt.map { reader.moment($0) } ?? "–")</td><td class="nowrap">\(due(chore))</td></tr>
      """
    }
    let columns: [DataTable.Column] = [
      .text(reader("Работа", "Work")), .text(reader("Состояние", "State")), .text(reader("Закончилась", "Last ended")),
      .text(reader("Следующая", "Next")),
    ]
    return panel(title, nil, DataTable(label: title, columns: columns, rows: rows).html)
  }

  private func outcome(_ chore: ChoreState) -> Markup {
    if let late = chore.lateness(at: now) {
      let text = reader("опаздывает на \(reader.span(late))", "late by \(reader.span(late))")
      return "<span class=\"badge bad\">\(Icon.warning.usual)\(text)</span>"
    }
    if chore.failures > 0 {
      let text = reader("неудач подряд: \(chore.failures)", "\(chore.failures) failures in a row")
      return """
        <span class="badge warn">\(Icon.warning.usual)\(text)</span> <span class="muted">\(JobWords.cause(chore.outcome ?? "", reader))</span>
        """
    }
    if chore.isRunning { return "<span class=\"badge good\">\(Icon.play.usual)\(reader("идёт", "under way"))</span>" }
    return "<span class=\"badge good\">\(Icon.check.usual)\(reader("в порядке", "well"))</span>"
  }

  private func due(_ chore: ChoreState) -> String {
    chore.dueAt > now
      ? reader("через \(reader.span(chore.dueAt - now))", "in \(reader.span(chore.dueAt - now))") : reader("сейчас", "now")
  }

  // MARK: events

  private var events: Markup {
    let title = reader("События", "Events")
    let relay: (name: String, lag: StreamLag) = ("relay", work.relay)
    let rows = ([relay] + work.readers).map { reading -> Markup in
      let isBehind = reading.lag.time > ChoreState.grace
      let badge: Markup =
        isBehind
        ? "<span class=\"badge warn\">\(Icon.warning.usual)\(reader("отстаёт", "behind"))</span>"
        : "<span class=\"badge good\">\(Icon.check.usual)\(reader("вовремя", "up to date"))</span>"
      let time = reading.lag.events == 0 ? "–" : reader.span(reading.lag.time)
      return """
        <tr><th scope="row">\(JobWords.follower(reading.name, reader))<small>\(reading.name)</small></th><td>\(badge)</td>\
        <td class="num">\(reader.number(reading.lag.events))</td><td class="num">\(time)</td></tr>
        """
    }
    let columns: [DataTable.Column] = [
      .text(reader("Кто читает", "Who reads")), .text(reader("Состояние", "State")),
      .number(reader("Событий ждёт", "Events waiting")),
      .number(reader("Старшему", "Oldest for")),
    ]
    let note = reader("всего событий: \(reader.number(work.last))", "\(reader.number(work.last)) events in all")
    return panel(title, "<span class=\"muted\">\(note)</span>", DataTable(label: title, columns: columns, rows: rows).html)
  }
}
