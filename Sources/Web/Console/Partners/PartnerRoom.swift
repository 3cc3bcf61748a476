import Access
import Kernel
import Loyalty
import Storage
import Tables

/// Partners: who they are, what each day came to, statements, payments and disputes.
extension ConsoleDesk {
  var partnerDoors: [Door] {
    [
      .page("/console/partners", .seeFigures, partnerList),
      .form("/console/partners", .settle) { visit in try await self.savePartner(visit, nil) },
      .page("/console/partners/new", .settle) { visit in try await self.partnerForm(visit, nil, Form(), nil) },
      .page("/console/partners/{partner}", .seeFigures) { visit in try await self.partnerPage(visit, nil) },
      .form("/console/partners/{partner}", .settle) { visit in
        try await self.savePartner(visit, try await self.knownPartner(visit))
      },
      .page("/console/partners/{partner}/edit", .settle) { visit in
        let known = try await self.knownPartner(visit)
        return try await self.partnerForm(visit, known, PartnerForm.form(of: known), nil)
      },
      .form("/console/partners/{partner}/terms", .settle, agreeTerms),
      .form("/console/partners/{partner}/payments", .settle, recordPayment),
      .form("/console/partners/{partner}/disputes", .settle, openDispute),
      .form("/console/partners/{partner}/disputes/{entry}", .settle, decideDispute),
      .form("/console/partners/{partner}/statements", .settle, issueStatement),
      .page("/console/partners/{partner}/statements/{number}", .seeFigures, partnerStatement),
    ] + Door.file("/console/partners", .seeFigures, partnerFile)
      + Door.file("/console/partners/{partner}/statements/{number}/statement", .seeFigures, statementFile)
  }

  private func knownPartner(_ visit: Visit) async throws -> Partner {
    guard let id = visit.call.path["partner"].flatMap({ PartnerID($0) }) else { throw Self.noPage }
    let office = PartnerOffice(of: try visit.programme)
    return try await database.read { tx in try office.partner(id, in: &tx) }
  }

  private func partnerList(_ visit: Visit) async throws -> Answer {
    let office = PartnerOffice(of: try visit.programme)
    let rows = try await database.read { tx in try office.listed(in: &tx) }
    return visit.show(PartnerListPage(rows: rows, visit: visit).page, in: .partners)
  }

  private func partnerForm(_ visit: Visit, _ partner: Partner?, _ form: Form, _ refusal: Problem?) async throws -> Answer {
    let account = visit.account.id
    let entities = try await database.read { tx in
      try Places(of: account).legalEntities(in: &tx).values.map(\.details).sorted { $0.code < $1.code }
    }
    let page = PartnerForm(partner: partner, entities: entities, form: form, refusal: refusal, visit: visit).page
    var answer = visit.show(page, in: .partners)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func savePartner(_ visit: Visit, _ known: Partner?) async throws -> Answer {
    let (office, form, change) = (PartnerOffice(of: try visit.programme), visit.form, change(visit))
    let details = PartnerForm.read(form, known)
    do {
      let id = try await database.write { tx in
        let other = known == nil ? try office.all(in: &tx).first { $0.details.code == details.code } : nil
        if let other, other.details != details { throw Self.taken("code") }
        return try office.save(details, by: change, in: &tx)
      }
      return .redirect("/console/partners/\(id)")
    } catch let problem as Problem { return try await partnerForm(visit, known, form, problem) }
  }

  private func partnerPage(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (partner, office) = (try await knownPartner(visit), PartnerOffice(of: try visit.programme))
    let (query, request) = (Form(visit.call.query), String(random(), radix: 36))
    let today = try visit.programme.settings.points.zone.civil(at: visit.call.at).day
    let view = try await database.read { tx in
      let last = try office.statements(of: partner.id, limit: 1, in: &tx).first
      let (days, isWrong) = Self.settledDays(after: last?.days.upperBound, query, today: today)
      let before = PartnerEntryID(query["before"])
      return PartnerView(
        partner: partner, terms: try office.terms(of: partner.id, in: &tx), preview: try office.preview(of: partner, days, in: &tx),
        statements: try office.statements(of: partner.id, limit: Limits.page, in: &tx),
        open: before == nil ? try office.openDisputes(of: partner.id, limit: Limits.page, in: &tx) : [],
        entries: try office.entries(of: partner.id, before: before, limit: PartnerEntriesPanel.length, in: &tx),
        isFirst: last == nil, isOver: days.upperBound < today,
        isWrong: isWrong, today: today, request: request)
    }
    var answer = visit.show(PartnerPage(view: view, visit: visit, refusal: refusal).page, in: .partners)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Does something about a partner and shows the page again.
  private func settle(
    _ visit: Visit, _ body: @escaping @Sendable (PartnerOffice, PartnerID, Change, inout Transaction) throws -> Void
  ) async throws -> Answer {
    let (partner, office, change) = (try await knownPartner(visit).id, PartnerOffice(of: try visit.programme), change(visit))
    do {
      try await database.write { tx in try body(office, partner, change, &tx) }
    } catch let problem as Problem { return try await partnerPage(visit, problem) }
    return .redirect("/console/partners/\(partner)")
  }

  private func agreeTerms(_ visit: Visit) async throws -> Answer {
    let terms: PartnerTerms
    do { terms = try PartnerForm.terms(visit.form, visit.reader) } catch { return try await partnerPage(visit, error) }
    return try await settle(visit) { office, partner, change, tx in try office.agree(terms, with: partner, by: change, in: &tx) }
  }

  private func recordPayment(_ visit: Visit) async throws -> Answer {
    let form = visit.form
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    guard let amount = visit.reader.money(typed: form["amount"]), let day = CivilDay(form["day"]) else {
      return try await partnerPage(visit, PartnerForm.notAnAmount)
    }
    let paid = form["way"] == "out" ? Money.zero - amount : amount
    return try await settle(visit) { office, partner, change, tx in
      try office.pay(paid, by: partner, on: day, note: form["note"], request: "pay \(form["request"])", by: change, in: &tx)
    }
  }

  private func openDispute(_ visit: Visit) async throws -> Answer {
    let form = visit.form
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    guard let place = PartnerForm.receipt(form["receipt"]) else { return try await partnerPage(visit, PartnerForm.notAReceipt) }
    return try await settle(visit) { office, partner, change, tx in
      try office.dispute(place, with: partner, because: form["reason"], request: "dispute \(form["request"])", by: change, in: &tx)
    }
  }

  private func decideDispute(_ visit: Visit) async throws -> Answer {
    guard let entry = visit.call.path["entry"].flatMap({ PartnerEntryID($0) }) else { throw Self.noPage }
    let (form, decision) = (visit.form, visit.form["decision"])
    guard ["accept", "reject"].contains(decision) else { throw Self.brokenForm }
    return try await settle(visit) { office, partner, change, tx in
      try office.decide(entry, of: partner, accepting: decision == "accept", because: form["answer"], by: change, in: &tx)
    }
  }

  private func issueStatement(_ visit: Visit) async throws -> Answer {
    let (partner, office, form) = (try await knownPartner(visit), PartnerOffice(of: try visit.programme), visit.form)
    guard let from = CivilDay(form["from"]), let to = CivilDay(form["to"]), from <= to, let seen = Int64(form["seen"]) else {
      throw Self.brokenForm
    }
    let change = change(visit)
    do {
      let head = try await database.write { tx in
        try office.issue(partner.id, from...to, seen: Money(minor: seen), by: change, in: &tx)
      }
      return .redirect("/console/partners/\(partner.id)/statements/\(head.number)")
    } catch let problem as Problem { return try await partnerPage(visit, problem) }
  }

  private func knownStatement(_ visit: Visit) async throws -> PartnerStatementView {
    let (partner, office) = (try await knownPartner(visit), PartnerOffice(of: try visit.programme))
    guard let number = visit.call.path["number"].flatMap({ Int64($0) }) else { throw Self.noPage }
    let (head, statement) = try await database.read { tx in try office.statement(number, of: partner.id, in: &tx) }
    return PartnerStatementView(partner: partner, head: head, statement: statement)
  }

  private func partnerStatement(_ visit: Visit) async throws -> Answer {
    visit.show(PartnerStatementPage(view: try await knownStatement(visit), visit: visit).page, in: .partners)
  }

  private func statementFile(_ visit: Visit) async throws -> TableFile {
    PartnerFile(view: try await knownStatement(visit), reader: visit.reader).table
  }
}
