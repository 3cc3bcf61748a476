import Access
import Customers
import Kernel
import Loyalty

/// One action: whom it concerns, what it costs, how far it is, and what can be done with it.
struct BulkPage {
  struct View: Sendable {
    let action: BulkAction
    let programme: Programme
    let segment: SegmentDetails
    let fields: FieldCatalogue
    let reasons: [(reason: BulkReason, members: Int64)]
    let kept: [(reason: BulkReason, members: Int64)]
    let sample: [BulkMember]
    let members: [MemberID: Member]
    /// A limit of whoever looks, where confirming would go over it.
    var limit: LocalText?
  }

  let view: View
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var action: BulkAction { view.action }
  private var words: BulkWords { BulkWords(reader: reader, fields: view.fields) }
  private var path: String { "\(ConsoleDesk.bulkPath)/\(action.id)" }

  var page: Page {
    let asked = "\(reader.words(action.askedBy)), \(reader.moment(action.askedAt))"
    return Page(
      title: action.name, marks: words.badge(action.state), notes: [words.deed(action.deed), asked],
      crumbs: [
        (reader("Сегменты", "Segments"), SegmentState.path), (reader("Действия", "Actions"), ConsoleDesk.bulkPath),
      ],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\(stats)\(deciding)\(sample)</div>\
        <aside class="aside stack">\(facts)\(reasons)\(kept)</aside></div>
        """)
  }

  // MARK: figures

  private var stats: Markup {
    let tally = action.tally
    func stat(_ name: String, _ value: String, _ note: String) -> Markup {
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value)</dd><dd class=\"note\">\(note)</dd></div>"
    }
    let done = (reader.percent(tally.changed, of: max(1, tally.changed + tally.due)) ?? "") + "\u{a0}%"
    let third =
      tally.undone + tally.kept > 0
      ? stat(
        reader("Отменено", "Undone"), reader.number(tally.undone),
        reader("не отменить: \(reader.number(tally.kept))", "not to be undone: \(reader.number(tally.kept))"))
      : stat(
        reader("Пропущены", "Left out"), reader.number(tally.leftOut),
        reader("из \(reader.number(tally.all)) в сегменте", "of \(reader.number(tally.all)) in the segment"))
    return """
      <dl class="stats of3">\(stat(reader("Ждут", "Waiting"), reader.number(tally.due), action.state == .ready || action.state == .asked ? reader("изменятся, когда подтвердят", "change once it is confirmed") : reader("ещё не дошла очередь", "not reached yet")))\
      \(stat(reader("Сделано", "Done"), reader.number(tally.changed), tally.changed > 0 ? done : reader("пока никому", "nobody so far")))\(third)</dl>
      """
  }

  private var facts: Markup {
    let money = action.points.map { points -> String in
      let unit = view.programme.settings.points.spendValue
      let scale = (0..<view.programme.settings.points.scale).reduce(Int64(1)) { value, _ in value * 10 }
      return reader.money(Money(minor: points.units * unit.minor / scale))
    }
    return FactList(rows: [
      (reader("Сегмент", "Segment"), "\(reader(view.segment.name))"),
      (reader("Состав на", "Members as of"), action.countedAt.map { "\(reader.moment($0))" }),
      (reader("Баллов всего", "Points in all"), action.points.map { "\(reader.points($0))" }),
      (reader("Это", "That is"), money.map { "\($0)" }),
      (reader("Подтвердил", "Confirmed by"), action.confirmedBy.map { "\(reader.words($0))" }),
      (reader("Одобрил", "Approved by"), action.approvedBy.map { "\(reader.words($0))" }),
      (reader("Закончено", "Ended"), action.endedAt.map { "\(reader.moment($0))" }),
    ]).panel(reader("Итоги", "What it comes to"))
  }

  private func list(_ title: String, _ rows: [(reason: BulkReason, members: Int64)]) -> Markup? {
    guard !rows.isEmpty else { return nil }
    let items = rows.map { row -> Markup in
      "<tr><th scope=\"row\">\(reader(row.reason.sentence))</th><td class=\"num\">\(reader.number(row.members))</td></tr>"
    }
    return DataTable(
      label: title, columns: [.text(reader("Причина", "Reason")), .number(reader("Участников", "Members"))], rows: items,
      width: .tight
    ).panel(heading: true)
  }

  private var reasons: Markup? { list(reader("Почему пропущены", "Why they are left out"), view.reasons) }
  private var kept: Markup? { list(reader("Почему не отменено", "Why it was not undone"), view.kept) }

  private var sample: Markup {
    guard !view.sample.isEmpty, action.forgottenAt == nil else {
      let says =
        action.state == .counting
        ? reader(
          "Считаем участников сегмента. Страница обновится сама.",
          "The segment's members are being counted. The page comes anew by itself.")
        : action.forgottenAt.map { at in
          reader(
            "Записи об участниках удалены по сроку хранения \(reader.moment(at)). Числа остались, отменить действие уже нельзя.",
            "The records of members were removed at the end of their time, \(reader.moment(at)). The numbers stay; the action cannot be undone any more."
          )
        } ?? reader("Здесь никого нет.", "There is nobody here.")
      return "<section class=\"panel\"><p class=\"panel-body soft\">\(says)</p></section>"
    }
    let rows = view.sample.map { one -> Markup in
      let who: Markup =
        view.members[one.member].map { "<a href=\"/console/members/\($0.id)\">\(visit.name(of: $0))</a>" } ?? "\(one.member)"
      let at = one.at.map { reader.moment($0) } ?? ""
      return "<tr><th scope=\"row\">\(who)<small>\(one.member)</small></th><td>\(words.state(one.state))</td><td>\(at)</td></tr>"
    }
    return DataTable(
      label: reader("Например", "For example"),
      columns: [.text(reader("Участник", "Member")), .text(reader("Итог", "Result")), .text(reader("Когда", "When"))], rows: rows,
      files: .own
    ).panel(heading: true, foot: "<footer class=\"panel-foot\">\(reader.files("\(path)/members"))</footer>")
  }

  // MARK: what can be done

  private var deciding: Markup? {
    switch action.state {
    case .ready: return confirming
    case .asked: return word
    case .counting, .running, .undoing: return stopping
    case .stopped, .done: return ending
    case .undone, .dropped: return nil
    }
  }

  private func panel(_ title: String, _ body: Markup) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header><div class=\"panel-body stack s\">\(body)</div></section>"
  }

  private func act(_ act: String, _ label: String, style: String = "") -> Markup {
    ActButton(path: path + "/act", label: label, fields: [("act", act)], style: style).html(visit)
  }

  private var confirming: Markup? {
    guard visit.may(.changeProgramme) else { return nil }
    let due = action.tally.due
    guard due > 0 else {
      return panel(
        reader("Подтвердить", "Confirm"),
        "<p class=\"muted\">\(reader("Менять некого: все пропущены.", "There is nobody to change: all are left out."))</p>\(act("stop", reader("Убрать", "Drop")))"
      )
    }
    let goodwill = view.programme.settings.goodwill
    let mayAlone = visit.may(action.deed.right(goodwill))
    let second =
      (action.secondWord(goodwill) ?? view.limit).map { reader($0) }
      ?? (mayAlone ? nil : reader("Ваша роль этого сама не делает", "Your role does not do this alone"))
    let note: Markup? = second.map {
      "<p class=\"muted\">\(reader("\($0): после вас согласится кто-то другой.", "\($0): somebody else agrees after you."))</p>"
    }
    let field = Field(
      name: "number",
      label: reader("Введите число участников: \(reader.number(due))", "Type the number of members: \(reader.number(due))"),
      limit: 12)
    return panel(
      reader("Подтвердить", "Confirm"),
      """
      \(note)<form class="stack s" method="post" action="\(path)/confirmation">\(visit.key)<div class="fields narrow">\(field.html)</div>\
      <div><button class="button primary">\(second == nil ? reader("Выполнить", "Carry it out") : reader("Подтвердить", "Confirm"))</button></div></form>\
      \(act("stop", reader("Не делать", "Drop it"), style: "ghost"))
      """)
  }

  private var word: Markup {
    let isOwn = action.confirmedBy == visit.session.actor || action.askedBy == visit.session.actor
    let may = visit.may(action.deed.right(view.programme.settings.goodwill))
    func button(_ act: String, _ label: String, _ style: String) -> Markup {
      ActButton(path: path + "/word", label: label, fields: [("act", act)], style: style).html(visit)
    }
    guard may, !isOwn else {
      let says = reader("Нужно согласие другого сотрудника.", "Somebody else has to agree.")
      let back: Markup? = isOwn ? button("decline", reader("Отозвать", "Take back"), "") : nil
      return panel(reader("Второе слово", "A second word"), "<p class=\"muted\">\(says)</p>\(back)")
    }
    let says = reader(
      "Затронет участников: \(reader.number(action.tally.due)).", "It concerns \(reader.number(action.tally.due)) members.")
    return panel(
      reader("Второе слово", "A second word"),
      "<p>\(says)</p><div class=\"row wrap\">\(button("grant", reader("Согласиться", "Agree"), "primary"))\(button("decline", reader("Отклонить", "Decline"), ""))</div>"
    )
  }

  private var stopping: Markup? {
    guard visit.may(.changeProgramme) else { return nil }
    let says =
      action.state == .counting
      ? reader("Ещё ничего не изменилось.", "Nothing has changed yet.")
      : reader("Остановится после шага; потом можно продолжить.", "It stops after its step, and can go on later.")
    return panel(
      reader("Остановить", "Stop"), "<p class=\"muted\">\(says)</p>\(act("stop", reader("Остановить", "Stop"), style: "danger"))")
  }

  private var ending: Markup? {
    guard visit.may(.changeProgramme), action.forgottenAt == nil else { return nil }
    let mayGoOn = action.state == .stopped && action.tally.undone + action.tally.kept == 0 && action.tally.due > 0
    let on: Markup? = mayGoOn ? act("go-on", reader("Продолжить", "Go on"), style: "primary") : nil
    guard action.tally.changed > 0, visit.may(action.deed.right(view.programme.settings.goodwill)) else {
      return on.map { panel(reader("Дальше", "Next"), $0) }
    }
    let undo = Farewell(
      label: reader("Отменить действие", "Undo the action"), warning: undoing,
      button: ActButton(path: path + "/act", label: reader("Отменить", "Undo"), fields: [("act", "undo")], style: "danger"))
    return "\(on.map { panel(reader("Дальше", "Next"), $0) })<section class=\"panel\">\(undo.html(visit))</section>"
  }

  private var undoing: String {
    switch action.deed {
    case .attribute:
      reader(
        "Прежнее значение вернётся тем, у кого поле с тех пор не меняли.",
        "The former value comes back to whoever's field nobody changed since.")
    case .list:
      reader("Кого действие внесло или убрало, вернутся как были.", "Whoever it put on the list or took off is as before.")
    case .points: reader("Снимутся баллы, которые ещё не потрачены.", "Points that are not spent yet are taken back.")
    case .coupon: reader("Неиспользованные купоны перестанут действовать.", "Coupons that were not used are good no more.")
    case .tier: reader("Выданный уровень закончится сейчас.", "The tier that was granted ends now.")
    case .status:
      reader("Кто с тех пор в том же состоянии, вернётся в прежнее.", "Whoever is still so goes back to what they were.")
    }
  }
}
