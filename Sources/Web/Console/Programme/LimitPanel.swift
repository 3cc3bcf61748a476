import Access
import Calculator
import Kernel
import Loyalty
import Storage

// A higher limit of approval is itself a matter for two.
extension ConsoleDesk {
  /// Letters to everybody who could answer, where the change has just asked for a higher limit.
  func tell(ofLimit programme: Programme, _ visit: Visit, by change: Change, in tx: inout Transaction) throws {
    guard let wish = try ApprovalChanges(of: programme).waiting(in: &tx), wish.askedAt == change.at,
      wish.askedBy == change.actor.description, installation.isMailConfigured
    else { return }
    let (zone, currency) = (programme.settings.points.zone, programme.settings.terms.currency)
    let about = LocalText(
      ru: LimitPanel.said(wish, Reader(language: .ru, zone: zone, currency: currency)),
      en: LimitPanel.said(wish, Reader(language: .en, zone: zone, currency: currency)))
    try Self.tell(
      programme.account, but: [wish.askedBy], .limit, about: about, "/console/programme", visit.reader.letterLanguage, by: change,
      in: &tx)
  }

  /// The second person's word. Sent twice it finds its work done.
  func decideLimit(_ visit: Visit) async throws -> Answer {
    let (form, change, zones, account) = (visit.form, change(visit), zones, visit.account.id)
    guard let id = ApprovalChangeID(form["change"]), ["approve", "decline"].contains(form["act"]) else { throw Self.brokenForm }
    let programme = try visit.programme.id
    do {
      try await database.write { tx in
        let stored = try Programmes(of: account, zones: zones).programme(programme, in: &tx)
        try ApprovalChanges(of: stored).decide(
          id, isApproved: form["act"] == "approve", note: form["note"], zones: zones, by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await self.programme(visit, refusal: problem)
    }
    try await refreshFloor(visit)
    return .redirect("/console/programme?saved=1")
  }
}

/// What is asked for, and the second person's answer.
struct LimitPanel {
  let editing: ProgrammeEditing
  let visit: Visit

  private var reader: Reader { visit.reader }

  static func said(_ wish: ApprovalChange, _ reader: Reader) -> String {
    let from = reader.money(wish.from.above)
    return wish.to.map { to in
      reader("с \(from) до \(reader.money(to.above))", "from \(from) to \(reader.money(to.above))")
    } ?? reader("не согласовывать вообще (сейчас дороже \(from))", "no approval at all (now above \(from))")
  }

  var html: Markup? {
    guard let wish = editing.limit else { return nil }
    let title = reader("Порог согласования ждёт второго человека", "The limit of approval awaits a second person")
    let asked = reader(
      "Просит \(reader.actor(wish.askedBy)), \(reader.moment(wish.askedAt))",
      "Asked by \(reader.actor(wish.askedBy)), \(reader.moment(wish.askedAt))")
    let meanwhile = reader("До ответа действует прежний.", "Until then the old one holds.")
    return """
      <section class="panel" id="limit"><header class="panel-head"><h2>\(title)</h2>\
      <span class="badge accent">\(reader("ждёт ответа", "awaits an answer"))</span></header><div class="panel-body stack s">\
      <p><b>\(Self.said(wish, reader))</b></p><p class="soft">\(asked). \(meanwhile)</p>\(answer(wish))</div></section>
      """
  }

  private func answer(_ wish: ApprovalChange) -> Markup {
    guard visit.session.actor.description != wish.askedBy else {
      return """
        <p class="soft">\(reader("Ответит другой сотрудник: свою просьбу не согласуют.", "A colleague will answer: nobody approves their own wish."))</p>
        """
    }
    let note = Field(
      name: "note", label: reader("Комментарий", "A comment"), hint: reader("при отказе обязателен", "needed for a no"),
      limit: Limits.name, isRequired: false, id: "limit-note")
    return """
      <form class="stack s" method="post" action="/console/programme/approval">\(visit.key)\
      <input type="hidden" name="change" value="\(wish.id)">\(note.html)<div class="row wrap">\
      <button class="button primary" name="act" value="approve">\(reader("Согласовать", "Approve"))</button>\
      <button class="button" name="act" value="decline">\(reader("Оставить прежний", "Keep the old one"))</button></div></form>
      """
  }
}
