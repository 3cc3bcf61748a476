import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// What members give away: to each other and to charities; and how the programme lets them.
extension ConsoleDesk {
  var givingAwayDoors: [Door] {
    [
      .page("/console/transfers", .seeMembers) { try await self.transferList($0, nil) },
      .form("/console/transfers", .changeProgramme, changeTransferTerms),
      .form("/console/members/{id}/transfers", .adjustPoints, transferForMember),
      .form("/console/members/{id}/donations", .adjustPoints, donateForMember),
      .form("/console/members/{id}/finds", .changeMembers, giveFindForMember),
    ] + charityDoors
  }

  private func transferList(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (programme, ids) = (try visit.programme, ids)
    let (before, circles) = (visit.call.query["before"].flatMap { TransferID($0) }, visit.call.query["show"] == "circles")
    let view = try await database.read { tx in
      // Tills have settings in memory; this page shows them as they are.
      let known = try Programmes(of: programme.account, zones: self.zones).programme(programme.id, in: &tx)
      let found = try Transfers(of: known, ids: ids)
        .latest(before: before, circles: circles, limit: TransferList.size + 1, in: &tx)
      let shown = Array(found.prefix(TransferList.size))
      let people = Set(shown.flatMap { [$0.giver, $0.receiver] })
      let members = try known.members.members(people.sorted(), in: &tx)
      return TransferList(
        programme: known, transfers: shown, circles: circles, members: members,
        telling: try known.identifiers.telling(Self.nameless(members), in: &tx),
        next: found.count > shown.count ? shown.last?.id : nil)
    }
    var answer = visit.show(TransferListPage(list: view, visit: visit, refusal: refusal).page, in: .members)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func changeTransferTerms(_ visit: Visit) async throws -> Answer {
    let (json, amounts) = (TransferTermsForm.json(visit.form), AmountForm(try visit.programme.settings.terms))
    do {
      if let json {
        let node = JSONNode(json)
        _ = TransferTerms(node, amounts)
        try node.issues.check("transfers")
      }
      try await saveSettings(visit) { $0.json.setting("/transfers", json) }
      return .redirect("/console/transfers")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await transferList(visit, problem)
    }
  }

  /// Who has to be told by something else than a name.
  static func nameless(_ members: [MemberID: Member]) -> [MemberID] {
    members.values.filter { $0.person?.givenName == nil && $0.person?.familyName == nil }.map(\.id).sorted()
  }

  /// The programme as it is stored: what is given away does not wait for tills.
  func storedProgramme(_ visit: Visit) async throws -> Programme {
    let (id, account, zones) = (try visit.programme.id, visit.account.id, zones)
    return try await database.read { tx in try Programmes(of: account, zones: zones).programme(id, in: &tx) }
  }

  private static func points(_ visit: Visit) throws(Problem) -> Points {
    let typed = String(visit.form["points"].compactMap { $0 == "," ? "." : $0.isWhitespace ? nil : $0 })
    if let units = Decimal.parse(typed, digits: visit.reader.pointsScale), units > 0, units <= Limits.basketAmount {
      return Points(units: units)
    }
    throw Problem(
      .invalid, "bad_points", "a number of points above nought is expected",
      cashier: LocalText(ru: "Нужно число баллов больше нуля", en: "A number of points above nought is expected"))
  }

  /// The only one whom the text finds; nobody found is told in the words of whoever gives.
  static func receiver(_ text: String, _ programme: Programme, in tx: inout Transaction) throws -> MemberID {
    let found = text.isEmpty ? [] : try find(text, nil, size: 2, programme, in: &tx).members
    guard found.count == 1, let receiver = found.first else {
      throw Problem(
        .invalid, "receiver_unknown", "exactly one member is expected by a card, a telephone or an id",
        cashier: LocalText(
          ru: "По этому номеру не найден один участник: назовите карту, телефон или код целиком",
          en: "This finds no single member: give a whole card, telephone or id"))
    }
    return receiver.id
  }

  static func request(_ visit: Visit, _ what: String) throws -> RequestKey {
    guard (1...64).contains(visit.form["request"].utf8.count) else { throw brokenForm }
    return RequestKey("console \(what) " + visit.form["request"])
  }

  /// Gives points for a member who asked for it, or takes a transfer back. The form has its own key.
  func transferForMember(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.memberID(visit), visit.form, change(visit))
    let transfers = Transfers(of: try await storedProgramme(visit), ids: ids)
    let programme = try visit.programme
    do {
      guard !form["reason"].isEmpty else { throw Self.noReason }
      switch form["act"] {
      case "give":
        let (points, request) = (try Self.points(visit), try Self.request(visit, "transfer"))
        try await database.write { tx in
          let receiver = try Self.receiver(form["to"], programme, in: &tx)
          _ = try transfers.give(
            Transfers.Ask(points, from: id, to: receiver, proof: .told(reason: form["reason"])), request: (request, 0), by: change,
            in: &tx)
        }
      case "undo":
        guard let transfer = TransferID(form["transfer"]) else { throw Self.brokenForm }
        try await database.write { tx in
          _ = try transfers.undo(transfer, of: id, because: form["reason"], by: change, in: &tx)
        }
      default: throw Self.brokenForm
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await member(visit, MemberRefusal(place: .transfers, problem: problem))
    }
    return .redirect("/console/members/\(id)#transfers")
  }

  func donateForMember(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.memberID(visit), visit.form, change(visit))
    let donations = Donations(of: try await storedProgramme(visit), ids: ids)
    do {
      guard !form["reason"].isEmpty else { throw Self.noReason }
      switch form["act"] {
      case "give":
        let (points, request) = (try Self.points(visit), try Self.request(visit, "donation"))
        try await database.write { tx in
          _ = try donations.give(
            Donations.Ask(points, from: id, to: form["charity"], proof: .told(reason: form["reason"])), request: (request, 0),
            by: change, in: &tx)
        }
      case "undo":
        guard let donation = DonationID(form["donation"]) else { throw Self.brokenForm }
        try await database.write { tx in
          _ = try donations.undo(donation, of: id, because: form["reason"], by: change, in: &tx)
        }
      default: throw Self.brokenForm
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await member(visit, MemberRefusal(place: .donations, problem: problem))
    }
    return .redirect("/console/members/\(id)#donations")
  }

  /// Gives a spare find for a member who asked for it.
  func giveFindForMember(_ visit: Visit) async throws -> Answer {
    let (id, form, change, programme) = (try Self.memberID(visit), visit.form, change(visit), try visit.programme)
    let games = Games(of: programme, ids: ids, keys: keys)
    do {
      let request = try Self.request(visit, "find")
      try await database.write { tx in
        let receiver = try Self.receiver(form["to"], programme, in: &tx)
        _ = try games.give(
          form["find"], in: form["game"], from: id, to: receiver, as: programme.members, request: (request, 0), by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await member(visit, MemberRefusal(place: .finds, problem: problem))
    }
    return .redirect("/console/members/\(id)#games")
  }
}
