import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import Tables

/// Actions on everybody in a segment: asked for, looked at, confirmed, stopped and undone.
extension ConsoleDesk {
  static let bulkPath = "/console/bulk"

  var bulkDoors: [Door] {
    let path = Self.bulkPath
    return [
      .page(path, .seeMembers, bulkList), .form(path, .changeProgramme, askBulk),
      .page("\(path)/new", .changeProgramme) { visit in try await self.bulkForm(visit, Form(visit.call.query), nil) },
      .page("\(path)/{action}", .seeMembers) { try await self.bulkPage($0, nil) },
      .form("\(path)/{action}/confirmation", .changeProgramme, confirmBulk),
      // Whoever may do such a thing to one member agrees to it: the deed says which right that is.
      .form("\(path)/{action}/word", .seeMembers, decideBulk),
      .form("\(path)/{action}/act", .changeProgramme, actOnBulk),
    ] + Door.file("\(path)/{action}/members", .seeMembers, bulkFile)
  }

  private func bulk(_ visit: Visit) async throws -> (actions: BulkActions, programme: Programme) {
    let (id, account, zones) = (try visit.programme.id, visit.account.id, zones)
    // Limits as they are stored now, not as tills have them.
    let programme = try await database.read { tx in try Programmes(of: account, zones: zones).programme(id, in: &tx) }
    return (BulkActions(of: programme, ids: ids), programme)
  }

  private static func bulkID(_ visit: Visit) throws -> BulkActionID {
    guard let id = visit.call.path["action"].flatMap({ BulkActionID($0) }) else { throw noPage }
    return id
  }

  func bulkList(_ visit: Visit) async throws -> Answer {
    let (actions, before) = (try await bulk(visit).actions, BulkActionID(Form(visit.call.query)["before"]))
    let account = visit.account.id
    let view = try await database.read { tx -> BulkListPage.View in
      let list = try actions.latest(before: before, limit: BulkListPage.size, in: &tx)
      return BulkListPage.View(
        actions: list, fields: try FieldBook(of: account).catalogue(.codes(of: list.compactMap(\.deed.attributes)), in: &tx),
        next: list.count == BulkListPage.size ? list.last?.id : nil)
    }
    return visit.show(BulkListPage(view: view, visit: visit).page, in: .segments)
  }

  private func bulkForm(_ visit: Visit, _ form: Form, _ refusal: Problem?) async throws -> Answer {
    let (programme, account) = (try await bulk(visit).programme, visit.account.id)
    let word = BulkDeed.Word(rawValue: form["do"])
    let chosen = form["field"]
    let view = try await database.read { tx -> BulkForm.View in
      var view = BulkForm.View()
      view.segments = try Segments(of: account).shelf(limit: Limits.page, in: &tx).map(\.segment.details)
      switch word {
      case .attribute: view.fields = try FieldBook(of: account).catalogue(.fields([chosen]), in: &tx)
      case .coupon:
        view.series = try Coupons(of: programme).all(limit: Limits.page, in: &tx).map(\.details)
          .filter { $0.mayBeBrought && !$0.isClosed }
      case .tier: view.tiers = try programme.tiers.all(in: &tx).values.map(\.details).sorted { $0.rank < $1.rank }
      case .list, .points, .status, nil: break
      }
      return view
    }
    let request = form["request"].isEmpty ? String(random(), radix: 36) : form["request"]
    let page = BulkForm(view: view, word: word, form: form, request: request, refusal: refusal, visit: visit)
    var answer = visit.show(page.page, in: .segments)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent again by an impatient hand it asks once.
  func askBulk(_ visit: Visit) async throws -> Answer {
    let (form, change, account) = (visit.form, change(visit), visit.account.id)
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    let (actions, programme) = try await bulk(visit)
    do {
      let fields = try await database.read { tx in try FieldBook(of: account).catalogue(.fields([form["field"]]), in: &tx) }
      let deed = try BulkForm.deed(form, fields, AmountForm(programme.settings.terms), visit)
      let id = try await database.write { tx in
        try actions.ask(
          deed, for: form["segment"], called: form["name"], request: RequestKey("console bulk " + form["request"]), by: change,
          in: &tx)
      }
      return .redirect("\(Self.bulkPath)/\(id)")
    } catch let problem as Problem where [.invalid, .conflict, .notFound].contains(problem.kind) {
      return try await bulkForm(visit, form, problem)
    }
  }

  private func bulkPage(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let id = try Self.bulkID(visit)
    let (actions, programme) = try await bulk(visit)
    let (account, by) = (visit.account.id, change(visit))
    let view = try await database.read { tx -> BulkPage.View in
      let action = try actions.action(id, in: &tx)
      let sample = try actions.members(
        of: id, action.tally.changed > 0 ? .changed : .due, limit: Limits.bulkSample, in: &tx)
      return BulkPage.View(
        action: action, programme: programme, segment: try Segments(of: account).summary(action.segment, in: &tx).segment.details,
        fields: try FieldBook(of: account).catalogue(.codes(of: [action.deed.attributes].compactMap { $0 }), in: &tx),
        reasons: try actions.reasons(of: id, .leftOut, in: &tx),
        kept: try actions.reasons(of: id, .kept, in: &tx), sample: sample,
        members: try programme.members.members(sample.map(\.member), in: &tx),
        limit: action.state == .ready ? try actions.overLimit(action, by: by, in: &tx) : nil)
    }
    var answer = visit.show(BulkPage(view: view, refusal: refusal, visit: visit).page, in: .segments)
    if refusal != nil { answer.status = 422 }
    // Without a script the browser itself looks again while the action goes on.
    if refusal == nil, view.action.state.isWorking { answer.headers.append(("Refresh", "5")) }
    return answer
  }

  func confirmBulk(_ visit: Visit) async throws -> Answer {
    let (id, change) = (try Self.bulkID(visit), change(visit))
    let (actions, programme) = try await bulk(visit)
    let number = Int64(visit.form["number"].filter { $0.isNumber }) ?? -1
    do {
      try await database.write { tx in
        let action = try actions.action(id, in: &tx)
        let mayAlone = visit.may(action.deed.right(programme.settings.goodwill))
        _ = try actions.confirm(id, number: number, mayAlone: mayAlone, by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .conflict { return try await bulkPage(visit, problem) }
    return .redirect("\(Self.bulkPath)/\(id)")
  }

  func decideBulk(_ visit: Visit) async throws -> Answer {
    let (id, change, grants) = (try Self.bulkID(visit), change(visit), visit.form["act"] == "grant")
    guard ["grant", "decline"].contains(visit.form["act"]) else { throw Self.brokenForm }
    let (actions, programme) = try await bulk(visit)
    do {
      try await database.write { tx in
        let action = try actions.action(id, in: &tx)
        let isOwn = action.confirmedBy == visit.session.actor && !grants
        guard isOwn || visit.may(action.deed.right(programme.settings.goodwill)) else { throw Self.noRight }
        try actions.decide(id, grants: grants, by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .conflict { return try await bulkPage(visit, problem) }
    return .redirect("\(Self.bulkPath)/\(id)")
  }

  /// Stops, goes on, undoes. Each is harmless when repeated.
  func actOnBulk(_ visit: Visit) async throws -> Answer {
    let (id, change, act) = (try Self.bulkID(visit), change(visit), visit.form["act"])
    let (actions, programme) = try await bulk(visit)
    do {
      try await database.write { tx in
        let action = try actions.action(id, in: &tx)
        switch act {
        case "stop": try actions.stop(id, by: change, in: &tx)
        case "go-on":
          // Who agreed to it agreed to all of it.
          try actions.goOn(id, by: change, in: &tx)
        case "undo":
          guard visit.may(action.deed.right(programme.settings.goodwill)) else { throw Self.noRight }
          try actions.undo(id, by: change, in: &tx)
        default: throw Self.brokenForm
        }
      }
    } catch let problem as Problem where problem.kind == .conflict { return try await bulkPage(visit, problem) }
    return .redirect("\(Self.bulkPath)/\(id)")
  }

  /// Ids, what became of each and why, all of them. Who takes them away is written down.
  func bulkFile(_ visit: Visit) async throws -> TableFile {
    let (id, reader, change, account) = (try Self.bulkID(visit), visit.reader, change(visit), visit.account.id)
    let actions = try await bulk(visit).actions
    let action = try await database.write { tx in
      try AuditTrail(of: account).record([.did("bulk_action.exported", id)], by: change, in: &tx)
      return try actions.action(id, in: &tx)
    }
    let columns: [TableFile.Column] = [
      .init("member", reader("Участник", "Member"), .text), .init("result", reader("Итог", "Result"), .text),
      .init("reason", reader("Причина", "Reason"), .text), .init("at", reader("Когда", "When"), .text),
    ]
    if let at = action.forgottenAt {
      let says = reader("записи удалены по сроку хранения", "removed at the end of their time")
      return TableFile(
        "bulk-\(id)", title: action.name, columns: columns, zone: reader.zone,
        rows: [[.text(""), .text("forgotten"), .text(says), .text(at.text)]])
    }
    return TableFile("bulk-\(id)", title: action.name, columns: columns, zone: reader.zone) { [database] take in
      var last: MemberID?
      while true {
        let after = last
        let page = try await database.read { tx in try actions.members(of: id, after: after, limit: Limits.bulk, in: &tx) }
        try await take(
          page.map { one in
            [.text("\(one.member)"), .text(one.state.word), .text(one.reason?.rawValue ?? ""), .text(one.at?.text ?? "")]
          })
        guard page.count == Limits.bulk, let end = page.last else { return }
        last = end.member
      }
    }
  }
}
