import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage

/// Stamp cards: what they are, how far members have filled them, which promotions use them.
extension ConsoleDesk {
  var stampDoors: [Door] {
    [
      .page("/console/stamps", .seeFigures, stampCards), .form("/console/stamps", .changeProgramme, makeStampCard),
      .page("/console/stamps/new", .changeProgramme) { visit in self.stampForm(visit, nil, StampCardForm.blank, nil) },
      .page("/console/stamps/{card}", .seeFigures, stampCard),
      .form("/console/stamps/{card}", .changeProgramme, changeStampCard),
      .page("/console/stamps/{card}/edit", .changeProgramme) { visit in
        let card = try await self.stampCards(visit.programme.id, visit).1.card(visit)
        return self.stampForm(visit, card, StampCardForm.form(of: card), nil)
      },
    ]
  }

  /// The programme's cards as they are stored now.
  private func stampCards(_ id: ProgrammeID, _ visit: Visit) async throws -> (Programme, [StampCard]) {
    let (account, zones) = (visit.account.id, zones)
    let programme = try await database.read { tx in try Programmes(of: account, zones: zones).programme(id, in: &tx) }
    return (programme, programme.settings.terms.stampCards)
  }

  func stampCards(_ visit: Visit) async throws -> Answer {
    let (programme, cards) = try await stampCards(visit.programme.id, visit)
    let book = StampCards(of: programme, ids: ids)
    let totals = cards.isEmpty ? [:] : try await database.read { tx in try book.totals(in: &tx) }
    return visit.show(StampListPage(cards: cards, totals: totals, visit: visit).page, in: .stamps)
  }

  func stampCard(_ visit: Visit) async throws -> Answer {
    let (programme, cards) = try await stampCards(visit.programme.id, visit)
    let (card, book, now) = (try cards.card(visit), StampCards(of: programme, ids: ids), visit.call.at)
    let (totals, spread) = try await database.read { tx in
      (try book.totals(in: &tx)[card.code], try book.spread(of: card.code, at: now, in: &tx))
    }
    let page = StampCardPage(card: card, totals: totals ?? StampCardTotals(), spread: spread, visit: visit)
    return visit.show(page.page, in: .stamps)
  }

  private func stampForm(_ visit: Visit, _ card: StampCard?, _ form: Form, _ refusal: Problem?) -> Answer {
    var answer = visit.show(StampCardForm(card: card, form: form, refusal: refusal, visit: visit).page, in: .stamps)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it makes one card: the second time it is there already, just so.
  func makeStampCard(_ visit: Visit) async throws -> Answer {
    do {
      let card = try StampCardForm.card(visit.form, over: nil)
      try await save(card, isNew: true, visit)
      return .redirect("/console/stamps/\(card.code)")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return stampForm(visit, nil, visit.form, problem)
    }
  }

  func changeStampCard(_ visit: Visit) async throws -> Answer {
    let old = try await stampCards(visit.programme.id, visit).1.card(visit)
    do {
      let card = try StampCardForm.card(visit.form, over: old)
      try await save(card, isNew: false, visit)
      return .redirect("/console/stamps/\(card.code)")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return stampForm(visit, old, visit.form, problem)
    }
  }

  /// A version of the settings with this card. A card does nothing by itself, so tills hear of it at once where they have rules.
  private func save(_ card: StampCard, isNew: Bool, _ visit: Visit) async throws {
    let (id, account, zones, change) = (try visit.programme.id, visit.account.id, zones, change(visit))
    let revise: @Sendable (Programme, inout Transaction) throws -> Void = { programme, tx in
      var cards = programme.settings.terms.stampCards
      if let place = cards.firstIndex(where: { $0.code == card.code }) {
        if isNew, cards[place] != card { throw Self.taken("code") }
        cards[place] = card
      } else {
        cards.append(card)
      }
      let json = programme.settings.json.setting("/terms/stampCards", .array(cards.map(\.json)))
      _ = try Programmes(of: account, zones: zones).revise(id, json, from: programme.version, by: change, in: &tx)
    }
    let bench = try await RuleBench.of(visit, database)
    guard bench.book != nil else {
      return try await database.write { tx in
        try revise(try Programmes(of: account, zones: zones).programme(id, in: &tx), &tx)
      }
    }
    try await publish(.settings, visit, names: bench.names, revise)
  }

  /// Puts stamps on a member's card or takes them off it, with a reason. The form has its own key.
  func changeStamps(_ visit: Visit) async throws -> Answer {
    let id = try Self.memberID(visit)
    let (form, programme, change) = (visit.form, try visit.programme, change(visit))
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    let (cards, members) = (StampCards(of: programme, ids: ids), programme.members)
    do {
      guard let count = Int64(form["stamps"].filter { !$0.isWhitespace }.replacing("−", with: "-")) else { throw Self.badStamps }
      guard !form["note"].isEmpty else { throw Self.noReason }
      try await database.write { tx in
        guard try members.member(id, in: &tx).status != .erased else { throw Self.erased }
        try cards.change(
          count, on: form["card"], of: id, because: form["note"], request: RequestKey("console " + form["request"]), by: change,
          in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      guard problem.code != Self.erased.code else { throw problem }
      return try await member(visit, MemberRefusal(place: .stamps, problem: problem))
    }
    return .redirect("/console/members/\(id)")
  }

  private static let badStamps = Problem(
    .invalid, "out_of_range", "a whole number of stamps is expected, below zero to take them off",
    cashier: LocalText(
      ru: "Напишите целое число штампов, со знаком минус – снять", en: "Write a whole number of stamps, below zero to take them off"
    ))
}

extension [StampCard] {
  fileprivate func card(_ visit: Visit) throws -> StampCard {
    guard let code = visit.call.path["card"], let card = first(where: { $0.code == code }) else { throw ConsoleDesk.noPage }
    return card
  }
}
