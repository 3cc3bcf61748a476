import Access
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  /// Asks for a second person's word, or gives it. Sent twice it finds its work done.
  func takeApproval(_ visit: Visit) async throws -> Answer {
    let (view, form, change) = (try await looked(visit), visit.form, change(visit))
    guard let act = ApprovalPanel.Act(rawValue: form["act"]), let version = Int64(form["version"]) else { throw Self.brokenForm }
    let (id, approvals) = (view.stored.id, Approvals(of: view.bench.programme))
    let (all, path, language, hasMail) = (visit.account.id, view.path, visit.reader.letterLanguage, installation.isMailConfigured)
    let name = view.promotion?.name ?? LocalText(ru: view.stored.code, en: view.stored.code)
    do {
      try await database.write { tx in
        switch act {
        case .ask:
          let others = try approvals.ask(id, version: version, note: form["note"], by: change, in: &tx)
          if let others, hasMail {
            try Self.tell(all, but: others, .approval, about: name, path, language, by: change, in: &tx)
          }
        case .approve: try approvals.decide(id, version: version, isApproved: true, note: form["note"], by: change, in: &tx)
        case .decline: try approvals.decide(id, version: version, isApproved: false, note: form["note"], by: change, in: &tx)
        }
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await promotion(visit, problem)
    }
    return .redirect(view.path)
  }

  /// A letter to everybody who could give their word, once for each time that it is asked for; never to who asked or wrote it.
  static func tell(
    _ account: AccountID, but others: Set<String>, _ occasion: StaffLetter.Occasion, about name: LocalText, _ path: String,
    _ language: StaffLetter.Language,
    by change: Change, in tx: inout Transaction
  ) throws {
    for person in try Staff(of: account).all(in: &tx) {
      guard person.mail != nil, !person.isBlocked, person.role.rights.contains(.changeProgramme),
        let actor = Actor(.staff, person.login), !others.contains(actor.description)
      else { continue }
      try StaffLetter.post(
        occasion, to: person.login, language: language, about: name, page: path, of: account, by: change.actor, ids: change.ids,
        at: change.at, in: &tx)
    }
  }
}

/// What a second person says of a promotion, where one is needed.
struct ApprovalPanel {
  enum Act: String { case ask, approve, decline }

  let view: PromotionView
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup? {
    guard view.needsApproval || view.approval != nil else { return nil }
    return """
      <section class="panel" id="approval"><header class="panel-head"><h2>\(reader("Согласование", "Approval"))</h2>\(badge)</header>\
      <div class="panel-body stack">\(told)\(forms)</div></section>
      """
  }

  private var badge: Markup {
    switch view.approval?.state {
    case nil: "<span class=\"badge warn\">\(reader("нужно", "needed"))</span>"
    case .asked?: "<span class=\"badge accent\">\(reader("ждёт ответа", "awaits an answer"))</span>"
    case .approved?: "<span class=\"badge good\">\(Icon.check.usual)\(reader("согласована", "approved"))</span>"
    case .declined?: "<span class=\"badge warn\">\(reader("возвращена", "sent back"))</span>"
    }
  }

  private var told: Markup {
    guard let approval = view.approval else {
      let text = reader(
        "Акция может стоить больше, чем один человек запускает сам. Отправьте её второму.",
        "This promotion can cost more than one person launches alone. Send it to a second one.")
      return "<p>\(text)</p>"
    }
    let asked = reader(
      "Просит \(reader.actor(approval.askedBy)), \(reader.moment(approval.askedAt))",
      "Asked by \(reader.actor(approval.askedBy)), \(reader.moment(approval.askedAt))")
    let decided = approval.decidedBy.map { actor -> Markup in
      "<p>\(reader("Ответ: \(reader.actor(actor))", "Answered by \(reader.actor(actor))")), \(approval.decidedAt.map(reader.moment) ?? "")</p>"
    }
    let note: Markup? = approval.note.isEmpty ? nil : "<p class=\"soft\">\(reader("«\(approval.note)»", "“\(approval.note)”"))</p>"
    return "<p>\(asked)</p>\(decided)\(note)"
  }

  private var forms: Markup? {
    guard visit.may(.changeProgramme), view.stored.status != .archived else { return nil }
    switch view.approval?.state {
    case nil, .declined?:
      guard view.needsApproval else { return nil }
      return form(
        reader("Что важно знать", "What they should know"),
        button(.ask, reader("Отправить на согласование", "Send for approval"), "primary"))
    case .asked?:
      guard !isOwn else {
        return
          "<p class=\"soft\">\(reader("Ответит другой сотрудник: свою акцию не согласуют.", "A colleague will answer: nobody approves their own."))</p>"
      }
      return form(
        reader("Комментарий", "A comment"),
        button(.approve, reader("Согласовать", "Approve"), "primary") + button(.decline, reader("Вернуть", "Send back"), ""))
    case .approved?: return nil
    }
  }

  /// Who wrote the version or asked is not the second person.
  private var isOwn: Bool {
    let reading = visit.session.actor.description
    return reading == view.approval?.askedBy || reading == view.latest?.actor
  }

  private func button(_ act: Act, _ name: String, _ style: Markup) -> Markup {
    "<button class=\"button \(style)\" name=\"act\" value=\"\(act.rawValue)\">\(name)</button>"
  }

  private func form(_ label: String, _ buttons: Markup) -> Markup {
    let note = Field(name: "note", label: label, limit: Limits.name, isRequired: false)
    return """
      <form class="stack s" method="post" action="\(view.path)/approval">\(visit.key)<input type="hidden" name="version" \
      value="\(String(view.stored.version))">\(note.html)<div class="row wrap">\(buttons)</div></form>
      """
  }
}
