import Access
import Customers
import Kernel
import Loyalty
import Storage

/// A member's household on their card.
struct MemberHousehold: Sendable {
  var standing: HouseholdStanding?
  var pool: HouseholdPool?
  var invitations: [HouseholdStay] = []

  /// One statement where the programme has households, three more for a member of one; else none.
  static func read(
    _ profile: MemberProfile, _ programme: Programme, _ ids: IDSource, at now: Instant, in tx: inout Transaction
  ) throws -> MemberHousehold? {
    guard programme.settings.households != nil || profile.household != nil else { return nil }
    let households = Households(of: programme)
    var found = MemberHousehold()
    if let id = profile.household {
      found.standing = try households.find(id, in: &tx)
      found.pool = try households.pool(of: id, at: now, ids: ids, in: &tx)
    } else {
      found.invitations = try households.invitations(to: profile.member.id, at: now, in: &tx)
    }
    return found
  }
}

extension MemberPage {
  private var mayChange: Bool { visit.may(.changeMembers) && isAlive }

  var householdPanel: Markup? {
    guard let known = card.household else { return nil }
    let body: Markup = known.standing.map { inside($0, known.pool) } ?? outside(known.invitations)
    return """
      <section class="panel" id="household"><header class="panel-head"><h2>\(reader("Семья", "Household"))</h2></header>\
      <div class="panel-body stack s">\(notice(.household))\(body)</div></section>
      """
  }

  private func inside(_ standing: HouseholdStanding, _ pool: HouseholdPool?) -> Markup {
    let household = standing.household
    let name = household.name.isEmpty ? reader("без названия", "without a name") : household.name
    let rows: [(name: String, value: Markup?)] = [
      (reader("Название", "Name"), "<a href=\"/console/households/\(household.id)\">\(name)</a>"),
      (
        reader("Роль", "Role"),
        "\(household.owner == member.id ? reader("владелец", "owner") : reader("участник", "member"))"
      ),
      (reader("Человек", "Members"), "\(reader.number(Int64(standing.members.count)))"),
      (reader("Вместе могут потратить", "Can spend together"), pool.map { "\(reader.points($0.total))" }),
    ]
    let leaving: Markup? =
      mayChange
      ? """
      <form method="post" action="\(path)/household">\(visit.key)<button class="button danger" name="act" value="leave">\
      \(reader("Выйти из семьи", "Leave it"))</button></form>
      """ : nil
    return "\(FactList(rows: rows).html)\(leaving)"
  }

  private func outside(_ invitations: [HouseholdStay]) -> Markup {
    guard mayChange else { return "<p class=\"muted\">\(reader("Не состоит в семье", "In no household"))</p>" }
    let asked = invitations.map { stay -> Markup in
      let why = Field(
        name: "reason", label: reader("Как согласился", "How they agreed"), limit: Limits.name, isRequired: false,
        id: "household-\(stay.household)")
      return """
        <form class="inline-form" method="post" action="\(path)/household">\(visit.key)<input type="hidden" name="household" value="\(stay.household)">\
        <p>\(reader("Приглашён до \(reader.date(stay.invitationEnds))", "Invited until \(reader.date(stay.invitationEnds))")): \
        <a href="/console/households/\(stay.household)">\(reader("семья", "the household"))</a></p>\(why.html)\
        <div class="row wrap"><button class="button" name="act" value="accept">\(Icon.check.small)\(reader("Принять", "Accept"))</button>\
        <button class="button ghost" name="act" value="decline">\(reader("Отказаться", "Decline"))</button></div></form>
        """
    }
    let name = Field(
      name: "name", label: reader("Название новой семьи", "Name of a new household"),
      value: refusal?.place == .household ? visit.form["name"] : "", limit: Limits.name, isRequired: false, id: "household-new")
    return """
      \(asked)<form class="inline-form" method="post" action="\(path)/household">\(visit.key)\(name.html)\
      <div><button class="button" name="act" value="make">\(Icon.plus.small)\(reader("Создать семью", "Found a household"))</button></div></form>
      """
  }
}
