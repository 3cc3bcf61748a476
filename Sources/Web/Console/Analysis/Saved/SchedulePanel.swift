import Access
import Insight
import Kernel

/// One schedule of a report: when, to whom, what became of it, and what can be done.
struct SchedulePanel {
  let whole: ReportSchedules.Whole
  let view: ReportView
  let people: [StaffMember]
  let path: String
  let mayChange: Bool
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var schedule: ReportSchedule { whole.schedule }
  private var own: String { "\(path)/\(schedule.id)" }

  var html: Markup {
    let state: Markup =
      schedule.isPaused
      ? "<span class=\"badge warn\">\(Icon.pause.usual)\(reader("на паузе", "paused"))</span>"
      : schedule.nextAt.map { "<span class=\"badge good\">\(reader("следующее", "next")) \(reader.moment($0))</span>" }
        ?? "<span class=\"badge\">\(reader("ждёт", "resting"))</span>"
    return """
      <section class="panel" id="\(schedule.id)"><header class="panel-head"><h2>\(ScheduleFields.words(schedule.rhythm, reader))</h2>\(state)</header>\
      <div class="panel-body stack s"><p>\(reader("Кому", "To")): \(names)</p><div class="row wrap">\(buttons)</div></div>\(history)\(change)</section>
      """
  }

  private func name(_ id: StaffID) -> String {
    if let person = view.staff.first(where: { $0.id == id }) { return person.name }
    guard let outsider = whole.outsiders.first(where: { $0.id.raw == id.raw }) else { return "–" }
    return mayChange ? outsider.mail.text : reader("адрес вне компании", "an address outside")
  }

  /// Addresses are shown to whoever may change them.
  private var outside: [String] {
    guard mayChange else {
      let count = whole.outsiders.count
      let words = reader.count(count, ("адрес", "адреса", "адресов"), ("address", "addresses"))
      return count == 0 ? [] : [reader("вне компании: \(words)", "outside: \(words)")]
    }
    return whole.outsiders.map { outsider in
      outsider.mail.text
        + (view.allowed.contains { $0.allows(outsider.mail) } ? "" : reader(" (не получит)", " (will not get it)"))
    }
  }

  private var names: String {
    let all = whole.readers.map { one -> String in
      let lost = !one.isOff && !people.contains { $0.id == one.staff }
      return name(one.staff)
        + (one.isOff ? reader(" (отказался)", " (left out)") : lost ? reader(" (не получит)", " (will not get it)") : "")
    }
    let everybody = all + outside
    return everybody.isEmpty ? reader("никому", "nobody") : everybody.joined(separator: ", ")
  }

  private var buttons: [Markup] {
    let me = whole.readers.first { $0.staff == visit.session.staff.id }
    var acts: [ActButton] = []
    if let me {
      acts.append(
        ActButton(
          path: own,
          label: me.isOff ? reader("Снова присылать мне", "Send it to me again") : reader("Не присылать мне", "Leave me out"),
          fields: [("act", me.isOff ? "join" : "leave")]))
    }
    if mayChange {
      acts.append(
        ActButton(
          path: own, label: reader("Отправить мне сейчас", "Send it to me now"),
          fields: [("act", "now"), ("at", "\(visit.call.at.micros)")], icon: .send))
      acts.append(
        ActButton(
          path: own, label: schedule.isPaused ? reader("Возобновить", "Go on") : reader("Пауза", "Pause"),
          fields: [("act", schedule.isPaused ? "resume" : "pause")], icon: schedule.isPaused ? .play : .pause))
    }
    return acts.map { $0.html(visit) }
  }

  private var history: Markup? {
    guard !whole.sendings.isEmpty else { return nil }
    let items = whole.sendings.map { one -> Markup in
      let sending = one.sending
      let alone = sending.only.map { reader("проба для \(name($0))", "a trial for \(name($0))") }
      let passed =
        sending.passedOver > 0
        ? reader("пропущено раньше: \(sending.passedOver)", "earlier ones passed over: \(sending.passedOver)") : nil
      let notes = [alone, passed, reasons(one.sending, one.letters)].compactMap { $0 }
      let again: Markup =
        mayChange && sending.state == .failed
        ? ActButton(
          path: own, label: reader("Отправить ещё раз", "Send once more"), fields: [("act", "again"), ("sending", "\(sending.id)")]
        ).html(visit) : .nothing
      let said: Markup = notes.isEmpty ? .nothing : "<p>\(notes.joined(separator: " · "))</p>"
      return
        "<li>\(icon(sending.state))<div>\(reader.moment(sending.moment)) – \(words(sending, one.letters))\(said)</div>\(again)</li>"
    }
    return "<ul class=\"items\">\(items)</ul>"
  }

  private func icon(_ state: ReportSending.State) -> Markup {
    switch state {
    case .waiting: Icon.hourglass.usual
    case .sent: Icon.check.usual
    case .failed: Icon.warning.styled("icon warn")
    case .dropped: Icon.info.usual
    }
  }

  private func words(_ sending: ReportSending, _ letters: [ReportLetterState]) -> String {
    let sent = letters.count { $0.state == .sent }
    let count = reader.count(sent, ("письмо", "письма", "писем"), ("letter", "letters"))
    switch sending.state {
    case .waiting: return reader("отправляется", "on its way")
    case .sent: return reader("отправлено: \(count)", "sent: \(count)")
    case .failed:
      return sent > 0 ? reader("ушло не всё: \(count)", "not all of it left: \(count)") : reader("не отправлено", "not sent")
    case .dropped: return reader("отправлять некому", "there was nobody to send it to")
    }
  }

  /// Why not, person by person.
  private func reasons(_ sending: ReportSending, _ letters: [ReportLetterState]) -> String? {
    let lost = letters.filter { $0.state != .sent && $0.state != .handing }.map { letter -> String in
      let why =
        letter.state == .unknown
        ? reader("сервер остановился во время передачи, письмо могло дойти", "the server stopped meanwhile; it may have arrived")
        : JobWords.cause(letter.reason ?? "", reader)
      return "\(name(letter.staff)): \(why)"
    }
    if !lost.isEmpty { return lost.joined(separator: " · ") }
    return sending.state == .sent ? nil : sending.reason.map { JobWords.cause($0, reader) }
  }

  private var change: Markup? {
    guard mayChange else { return nil }
    let end = Farewell(
      label: reader("Удалить рассылку", "End it"),
      warning: reader("История отправок удалится вместе с ней.", "What it sent is forgotten with it."),
      button: ActButton(path: own, label: reader("Удалить", "End it"), fields: [("act", "remove")], style: "s danger"))
    return """
      <div class="panel-body"><details class="fold"><summary>\(Icon.right.usual)\(reader("Изменить", "Change"))</summary>\
      <form class="inline-form form" method="post" action="\(own)">\(visit.key)<input type="hidden" name="act" value="change">\
      \(ScheduleFields(whole: whole, people: people, allowed: view.allowed, reader: reader).html)\
      <div><button class="button primary">\(reader("Сохранить", "Save"))</button></div></form><div class="pad-s">\(end.html(visit))</div></details></div>
      """
  }
}
