import Access
import Customers
import Kernel
import Loyalty
import Storage

/// What a member gave to others and got from them, and what they gave to charities, for their card.
struct MemberGivingAway: Sendable {
  private static var size: Int { 5 }

  /// Nil where the programme lets nobody give points.
  var terms: TransferTerms?
  var room: TransferRoom?
  /// Latest first.
  var transfers: [Transfer] = []
  var charities: [Charity] = []
  var donations: [Donation] = []
  /// Of the others.
  var members: [MemberID: Member] = [:]
  /// Of the programme's clock.
  var today = CivilDay(number: 0)

  /// Two statements where members give points to each other, one more with limits of days, one where they give to charities, else none.
  static func read(
    _ member: MemberID, holding wallet: Wallet, _ programme: Programme, _ ids: IDSource, at now: Instant,
    in tx: inout Transaction
  ) throws -> MemberGivingAway {
    var found = MemberGivingAway()
    let (transfers, donations) = (Transfers(of: programme, ids: ids), Donations(of: programme, ids: ids))
    found.today = donations.today(now)
    found.terms = transfers.terms
    if transfers.terms != nil {
      found.transfers = try transfers.transfers(of: member, besides: wallet.guests, limit: size, in: &tx)
      found.room = try transfers.room(of: member, holding: wallet, at: now, in: &tx)
      let others = Set(found.transfers.flatMap { [$0.giver, $0.receiver] }).subtracting([member])
      found.members = try programme.members.members(others.sorted(), in: &tx)
    }
    found.charities = donations.charities
    if !found.charities.isEmpty {
      found.donations = try donations.donations(of: member, besides: wallet.guests, limit: size, in: &tx)
    }
    return found
  }
}

extension MemberPage {
  private var mayGive: Bool { visit.may(.adjustPoints) && isAlive }
  private var known: MemberGivingAway { card.givingAway }
  private var own: Set<MemberID> { Set([member.id] + card.wallet.guests) }

  /// Points for other members; nothing where the programme has no transfers.
  var transferPanel: Markup? {
    guard let terms = known.terms else { return nil }
    let rows = known.transfers.map { item($0, terms) }
    let list: Markup? = rows.isEmpty ? nil : "<ul class=\"items ruled\">\(rows)</ul>"
    let none: Markup? =
      rows.isEmpty && !mayGive
      ? "<div class=\"panel-body\"><p class=\"muted\">\(reader("Баллов другим не давал и не получал.", "Gave no points to others, and got none."))</p></div>"
      : nil
    return """
      <section class="panel" id="transfers"><header class="panel-head"><h2>\(reader("Передача баллов", "Points to others"))</h2></header>\
      \(notice(.transfers).map { notice -> Markup in "<div class=\"panel-body\">\(notice)</div>" })\(none)\(list)\(giving(terms))</section>
      """
  }

  private func item(_ transfer: Transfer, _ terms: TransferTerms) -> Markup {
    let isGiven = own.contains(transfer.giver)
    let other = isGiven ? transfer.receiver : transfer.giver
    // Who has no name is told by the id.
    let person = known.members[other]?.person
    let isNamed = person?.givenName != nil || person?.familyName != nil
    let name = isNamed ? known.members[other].map(visit.name(of:)) ?? "\(other)" : "\(other)"
    let points = isGiven ? "−" + reader.points(transfer.points) : "+" + reader.points(transfer.received)
    var notes = [reader.moment(transfer.at)]
    if isGiven, transfer.fee > .zero {
      notes.append(reader("комиссия \(reader.points(transfer.fee))", "fee \(reader.points(transfer.fee))"))
    }
    if let undone = transfer.undone {
      notes.append(reader("отменено: вернулось \(reader.points(undone.points))", "taken back: \(reader.points(undone.points))"))
    }
    // What one wrote to the other is for those who may see persons.
    let message: Markup? =
      visit.may(.seePersons) ? transfer.message.map { message -> Markup in "<p class=\"break\">«\(message)»</p>" } : nil
    let circle: Markup? =
      transfer.isCircle ? "<span class=\"badge warn\">\(reader("по кругу", "goes round"))</span>" : nil
    return """
      <li>\(Icon.points.usual)<div><b>\(points)</b> \(isGiven ? reader("кому:", "to") : reader("от кого:", "from")) \
      <a href="/console/members/\(other)">\(name)</a> \(circle)<p>\(notes.joined(separator: ", "))</p>\(message)\(undoing(transfer, terms))</div></li>
      """
  }

  private func undoing(_ transfer: Transfer, _ terms: TransferTerms) -> Markup? {
    guard mayGive, transfer.undone == nil, known.today <= transfer.day.adding(days: terms.undoDays) else { return nil }
    let why = Field(
      name: "reason", label: reader("Почему отменить", "Why it is taken back"), limit: Limits.name, id: "undo-\(transfer.id)")
    return """
      <details class="fold within"><summary>\(Icon.right.usual)\(reader("Отменить", "Take back"))</summary>\
      <form class="inline-form" method="post" action="\(path)/transfers">\(visit.key)<input type="hidden" name="transfer" value="\(transfer.id)">\
      <p class="hint">\(reader("Вернётся то, что получатель ещё не потратил.", "What the receiver has not spent comes back."))</p>\(why.html)\
      <div><button class="button s danger" name="act" value="undo">\(reader("Отменить передачу", "Take it back"))</button></div></form></details>
      """
  }

  private func giving(_ terms: TransferTerms) -> Markup? {
    guard mayGive else { return nil }
    let form = refusal?.place == .transfers && visit.form["act"] == "give" ? visit.form : Form()
    let most = known.room.map { reader.points($0.most(terms)) } ?? reader.points(.zero)
    let to = Field(
      name: "to", label: reader("Кому", "To whom"), value: form["to"],
      hint: terms.whom == .household
        ? reader("участник той же семьи: карта, телефон или код", "a member of the same household: a card, a telephone or an id")
        : reader("карта, телефон или код участника", "a card, a telephone or a member's id"), limit: Limits.name, id: "transfer-to")
    let points = Field(
      name: "points", label: reader("Сколько баллов", "How many points"), value: form["points"],
      hint: reader("сейчас не больше \(most)\(fee(terms))", "at most \(most) now\(fee(terms))"), limit: 20, id: "transfer-points")
    let why = Field(
      name: "reason", label: reader("Как попросил", "How they asked for it"), value: form["reason"], limit: Limits.name,
      id: "transfer-reason")
    return """
      <details class="fold"\(form["act"].isEmpty ? .nothing : " open" as Markup)><summary>\(Icon.right.usual)\(reader("Передать баллы", "Give points"))</summary>\
      <form class="inline-form" method="post" action="\(path)/transfers">\(visit.key)<input type="hidden" name="request" value="\(requestKey)">\
      \(to.html)\(points.html)\(why.html)<div><button class="button" name="act" value="give">\(Icon.points.small)\
      \(reader("Передать", "Give"))</button></div></form></details>
      """
  }

  private func fee(_ terms: TransferTerms) -> String {
    guard terms.fee.ppm > 0 else { return "" }
    return reader("; комиссия \(terms.fee.percentText)\u{a0}%", "; the fee is \(terms.fee.percentText)\u{a0}%")
  }

  /// Points for charities; nothing where the programme gives to none.
  var donationPanel: Markup? {
    guard !known.charities.isEmpty || !known.donations.isEmpty else { return nil }
    let rows = known.donations.map { donation -> Markup in
      let name = known.charities.first { $0.code == donation.charity }.map { reader($0.name) } ?? donation.charity
      let state = donation.undone == nil ? "" : ", " + reader("отменено", "taken back")
      return """
        <li>\(Icon.points.usual)<div><b>−\(reader.points(donation.points))</b> <a href="/console/charity/\(donation.charity)">\(name)</a>\
        <p>\(reader.moment(donation.at))\(state)</p>\(undoing(donation))</div></li>
        """
    }
    let list: Markup? = rows.isEmpty ? nil : "<ul class=\"items ruled\">\(rows)</ul>"
    let none: Markup? =
      rows.isEmpty && donating == nil
      ? "<div class=\"panel-body\"><p class=\"muted\">\(reader("Фондам баллов не отдавал.", "Gave nothing to charities."))</p></div>"
      : nil
    return """
      <section class="panel" id="donations"><header class="panel-head"><h2>\(reader("Баллы фондам", "Points to charities"))</h2></header>\
      \(notice(.donations).map { notice -> Markup in "<div class=\"panel-body\">\(notice)</div>" })\(none)\(list)\(donating)</section>
      """
  }

  private func undoing(_ donation: Donation) -> Markup? {
    guard mayGive, donation.undone == nil, donation.day == known.today else { return nil }
    let why = Field(
      name: "reason", label: reader("Почему отменить", "Why it is taken back"), limit: Limits.name, id: "undo-\(donation.id)")
    return """
      <details class="fold within"><summary>\(Icon.right.usual)\(reader("Отменить", "Take back"))</summary>\
      <form class="inline-form" method="post" action="\(path)/donations">\(visit.key)<input type="hidden" name="donation" value="\(donation.id)">\
      \(why.html)<div><button class="button s danger" name="act" value="undo">\(reader("Вернуть баллы", "Give the points back"))</button></div></form></details>
      """
  }

  private var donating: Markup? {
    let open = known.charities.filter { $0.takes(on: known.today) }
    guard mayGive, !open.isEmpty else { return nil }
    let form = refusal?.place == .donations && visit.form["act"] == "give" ? visit.form : Form()
    let charity = Choice(
      name: "charity", label: reader("Фонд", "Charity"), options: open.map { ($0.code, reader($0.name)) }, chosen: form["charity"],
      id: "donation-charity")
    let points = Field(
      name: "points", label: reader("Сколько баллов", "How many points"), value: form["points"], limit: 20, id: "donation-points")
    let why = Field(
      name: "reason", label: reader("Как попросил", "How they asked for it"), value: form["reason"], limit: Limits.name,
      id: "donation-reason")
    return """
      <details class="fold"\(form["act"].isEmpty ? .nothing : " open" as Markup)><summary>\(Icon.right.usual)\(reader("Отдать баллы", "Give points"))</summary>\
      <form class="inline-form" method="post" action="\(path)/donations">\(visit.key)<input type="hidden" name="request" value="\(requestKey)">\
      \(charity.html)\(points.html)\(why.html)<div><button class="button" name="act" value="give">\(Icon.points.small)\
      \(reader("Отдать", "Give"))</button></div></form></details>
      """
  }
}
