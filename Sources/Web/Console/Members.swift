import Access
import Customers
import Kernel
import Loyalty
import Storage

/// Members as a list: those who joined last, whom an identifier finds, or whose cards end in some digits.
struct MemberList: Sendable {
  static let size = 50

  let asked: String
  let members: [Member]
  /// What the members' cards end in, where they were found by that.
  var cardEnd: String?
  /// Only those who are in a household.
  var housed = false
  /// To go on behind; nil on the last page.
  let next: MemberID?
}

extension ConsoleDesk {
  var memberDoors: [Door] {
    let own: [Door] = [
      .page("/console/members", .seeMembers, members),
      .page("/console/members/{id}", .seeMembers, member),
      .form("/console/members/{id}/status", .changeMembers, setStatus),
      .form("/console/members/{id}/points", .adjustPoints, adjustPoints),
      .form("/console/members/{id}/stamps", .adjustPoints, changeStamps),
      .form("/console/members/{id}/favourites", .changeMembers, chooseFavourites),
      .form("/console/members/{id}/goodwill", .correctPoints, decideGoodwill),
    ]
    return own + memberEditingDoors + memberExportDoors + memberOfferDoors + mergeDoors + householdDoors
  }

  func members(_ visit: Visit) async throws -> Answer {
    let asked = Form(visit.call.query)["q"]
    let before = visit.call.query["before"].flatMap { MemberID($0) }
    let programme = try visit.programme
    let housed = asked.isEmpty && visit.call.query["show"] == "households"
    let list = try await database.read { tx -> MemberList in
      housed
        ? try Self.housed(before, size: MemberList.size, programme, in: &tx)
        : try Self.find(asked, before, size: MemberList.size, programme, in: &tx)
    }
    // What finds exactly one is what was looked for.
    if !asked.isEmpty, before == nil, list.members.count == 1, let member = list.members.first {
      return .redirect("/console/members/\(member.id)")
    }
    if !asked.isEmpty, list.members.isEmpty, let buyer = try await buyer(asked, visit) {
      return .redirect("/console/members/\(buyer)")
    }
    return visit.show(MemberListPage(list: list, visit: visit).page, in: .members)
  }

  static func housed(_ before: MemberID?, size: Int, _ programme: Programme, in tx: inout Transaction) throws -> MemberList {
    let members = try programme.members.housed(before: before, limit: size, in: &tx)
    return MemberList(asked: "", members: members, housed: true, next: members.count == size ? members.last?.id : nil)
  }

  /// The member of the receipt that the text names; by key, and only where nobody has it as an identifier.
  private func buyer(_ text: String, _ visit: Visit) async throws -> MemberID? {
    let keys = Searched(text: String(text.prefix(FindPage.longest)), visit: visit).receiptKeys
    guard let receipts = visit.sales?.receipts, !keys.isEmpty else { return nil }
    return try await database.read { tx in
      for key in keys { if let receipt = try receipts.known(key, in: &tx), receipt.hasMember { return MemberID(receipt.owner) } }
      return nil
    }
  }

  /// By id, or by whatever a till would take: telephone, card, e-mail, the retailer's code; where nobody has it, by the last digits of a
  /// card. Two or three statements.
  static func find(
    _ asked: String, _ before: MemberID?, size: Int, _ programme: Programme, in tx: inout Transaction
  ) throws -> MemberList {
    guard !asked.isEmpty else {
      let members = try programme.members.latest(before: before, limit: size, in: &tx)
      return MemberList(asked: "", members: members, next: members.count == size ? members.last?.id : nil)
    }
    let text = String(asked.prefix(Limits.code))
    var ids: [MemberID] = MemberID(text).map { [$0] } ?? []
    if ids.isEmpty {
      let readings = programme.settings.identifiers.readings(of: text) + (Identifier(external: text).map { [$0] } ?? [])
      ids = try programme.identifiers.find(readings, in: &tx).map { [$0.member] } ?? []
    }
    var end: String?
    if ids.isEmpty, let digits = Identifiers.cardEnd(text) {
      ids = try programme.identifiers.owners(ofCardsEnding: digits, before: before, limit: size, in: &tx)
      end = digits
    }
    let found = try programme.members.members(ids, in: &tx)
    let next = end != nil && ids.count == size ? ids.last : nil
    return MemberList(
      asked: asked, members: ids.compactMap { found[$0] }, cardEnd: ids.isEmpty ? nil : end, next: next)
  }
}

struct MemberListPage {
  let list: MemberList
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Участники", "Members"), actions: "\(acts)",
      notes: [note],
      body: "<div class=\"page-body\">\(search)\(filters)\(list.members.isEmpty ? nobody : table)</div>")
  }

  private var note: String {
    if let end = list.cardEnd {
      return reader(
        "Карты, которые кончаются на \(end); сначала вступившие последними",
        "Cards that end in \(end); those who joined last come first")
    }
    return list.asked.isEmpty
      ? reader("Сначала те, кто вступил последним", "Those who joined last come first")
      : reader("Найдено по «\(list.asked)»", "Found by “\(list.asked)”")
  }

  private var acts: [Markup] {
    let query = list.housed ? "?show=households" : list.asked.isEmpty ? "" : "?q=" + queryText(list.asked)
    var acts: [Markup] = [
      "<a class=\"button\" href=\"/console/members.csv\(query)\" download>\(Icon.download.small)CSV</a>",
      "<a class=\"button\" href=\"/console/members.xlsx\(query)\" download>\(Icon.download.small)XLSX</a>",
    ]
    acts.append(
      "<a class=\"button\" href=\"/console/households\">\(Icon.household.small)\(reader("Семьи", "Households"))</a>")
    acts.append(
      "<a class=\"button\" href=\"/console/transfers\">\(Icon.points.small)\(reader("Передачи", "Transfers"))</a>")
    acts.append("<a class=\"button\" href=\"/console/duplicates\">\(Icon.members.small)\(reader("Двойники", "Duplicates"))</a>")
    if visit.may(.importFiles) {
      acts.append(
        "<a class=\"button\" href=\"/console/imports\">\(Icon.table.small)\(reader("Загрузить файл", "Import a file"))</a>")
    }
    if visit.may(.changeMembers) {
      acts.append(
        "<a class=\"button primary\" href=\"/console/members/new\">\(Icon.plus.small)\(reader("Зарегистрировать", "Register"))</a>")
    }
    return acts
  }

  /// Nothing while somebody is looked for; households of a size are a question of segments.
  private var filters: Markup? {
    guard list.asked.isEmpty else { return nil }
    func tab(_ name: String, _ query: String, _ isHere: Bool) -> Markup {
      "<a href=\"/console/members\(query)\"\(isHere ? " aria-current=\"page\"" as Markup : .nothing)>\(name)</a>"
    }
    return """
      <nav class="tabs" aria-label="\(reader("Кого показать", "Whom to show"))">\(tab(reader("Все", "All"), "", !list.housed))\
      \(tab(reader("В семьях", "In households"), "?show=households", list.housed))</nav>
      """
  }

  private var search: Markup {
    let label = reader("Телефон, карта, почта, код или чек", "Telephone, card, e-mail, code or receipt")
    return """
      <form class="find" method="get" action="/console/members" role="search">\
      <input class="input" name="q" value="\(list.asked)" aria-label="\(label)" placeholder="\(label)" autocomplete="off">\
      <button class="button primary">\(Icon.search.small)\(reader("Найти", "Find"))</button></form>
      """
  }

  private var nobody: Markup {
    let text =
      list.housed
      ? reader("В семьях пока никого нет.", "Nobody is in a household yet.")
      : list.asked.isEmpty
        ? reader(
          "Участников ещё нет. Их регистрирует касса или загружает импорт.",
          "There are no members yet. A till registers them, or an import brings them.")
        : reader(
          "Никого не нашлось. Телефон можно с восьмёркой или с +7, карту – целиком или последние четыре цифры и больше, чек – по тексту его QR-кода.",
          "Nobody was found. Type a telephone number with its country, a card in full or its last four digits or more, of a receipt its QR code's text."
        )
    return Notice.info(text)
  }

  private var table: Markup {
    let rows = list.members.map { member -> Markup in
      """
      <tr><th scope="row"><a href="/console/members/\(member.id)">\(visit.name(of: member))</a><small>\(member.id.description)</small></th>\
      <td>\(MemberWords.kind(member.kind.rawValue, reader))</td><td>\(MemberWords.badge(member.status, reader))</td>\
      <td class="num">\(reader.date(member.joinedAt))</td></tr>
      """
    }
    return DataTable(
      label: reader("Участники", "Members"),
      columns: [
        .text(reader("Участник", "Member")), .text(reader("Вид", "Kind")), .text(reader("Состояние", "State")),
        .number(reader("Вступил", "Joined")),
      ], rows: rows, files: .own
    ).panel(
      next: reader.further(
        list.next.map { next in
          "/console/members?before=\(next)"
            + (list.asked.isEmpty ? list.housed ? "&show=households" : "" : "&q=\(queryText(list.asked))")
        }))
  }
}

/// Words about members.
enum MemberWords {
  static func badge(_ status: Member.Status, _ reader: Reader) -> Markup {
    switch status {
    case .active: "<span class=\"badge good\">\(Icon.check.usual)\(self.status(status, reader))</span>"
    case .blocked: "<span class=\"badge bad\">\(Icon.lock.usual)\(self.status(status, reader))</span>"
    case .erased: "<span class=\"badge\">\(self.status(status, reader))</span>"
    }
  }

  static func status(_ status: Member.Status, _ reader: Reader) -> String {
    switch status {
    case .active: reader("активен", "active")
    case .blocked: reader("заблокирован", "blocked")
    case .erased: reader("удалён по просьбе", "erased on request")
    }
  }

  static func kind(_ kind: String, _ reader: Reader) -> String {
    switch kind {
    case "person": reader("покупатель", "person")
    case "employee": reader("сотрудник", "employee")
    case "company": reader("компания", "company")
    case "anonymous": reader("карта без анкеты", "card without a person")
    case "store-card": reader("карта магазина", "store's card")
    case "test": reader("тестовый", "test")
    default: kind
    }
  }
}

extension Visit {
  /// As much of the name as this visitor may see.
  /// Of somebody without a name: a card or a telephone, as far as the role may see it.
  func name(telling known: Identifier) -> String {
    let value = may(.seePersons) ? known.value : known.masked
    return known.kind == .phone ? reader("Телефон \(value)", "Telephone \(value)") : reader("Карта \(value)", "Card \(value)")
  }

  func name(of member: Member) -> String {
    guard let person = member.person, let given = person.givenName ?? person.familyName else {
      return reader("Без имени", "No name")
    }
    guard may(.seePersons) else { return given + (person.givenName == nil ? "" : person.familyName?.first.map { " \($0)." } ?? "") }
    return [person.familyName, person.givenName, person.patronymic].compactMap { $0 }.joined(separator: " ")
  }
}
