import Customers
import Kernel
import Loyalty

/// Members who may be one person, the likeliest first.
struct DuplicateList: Sendable {
  static let size = 30

  let pairs: [DuplicatePair]
  let count: Int64
  let members: [MemberID: Member]
  /// False while those who were there before are still being looked at.
  let isWhole: Bool
}

struct DuplicateListPage {
  let list: DuplicateList
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let wait =
      list.isWhole
      ? nil
      : Notice.info(
        reader(
          "Участников, которые были здесь раньше, ещё просматривают: список пополнится сам.",
          "Members who were here before are still being looked at: the list grows by itself."))
    let none = Notice.good(
      reader("Похожих участников нет. Новые пары появятся сами.", "No members look alike. New pairs appear by themselves."))
    return Page(
      title: reader("Двойники", "Duplicates"),
      notes: [
        reader.count(Int(list.count), ("пара", "пары", "пар"), ("pair", "pairs")),
        reader("сначала самые похожие", "the likeliest come first"),
      ], crumbs: [(reader("Участники", "Members"), "/console/members")],
      body: "<div class=\"page-body\">\(wait)\(list.pairs.isEmpty ? none : table)</div>")
  }

  private var table: Markup {
    let next =
      list.pairs.count == DuplicateList.size ? list.pairs.last.map { "/console/duplicates?after=" + queryText($0.place) } : nil
    return DataTable(
      label: reader("Пары", "Pairs"),
      columns: [
        .text(reader("Вступил раньше", "Joined first"), small: reader("О нём", "About them")),
        .text(reader("Вступил позже", "Joined later"), small: reader("О нём", "About them")),
        .text(reader("Что общего", "In common")), .descending(reader("Сходство", "Likeness")),
        .acts(reader("Что сделать", "What to do")),
      ], rows: list.pairs.map(row)
    ).panel(next: reader.further(next))
  }

  private func row(_ pair: DuplicatePair) -> Markup {
    """
    <tr><td>\(who(pair.first))</td><td>\(who(pair.second))</td>\
    <td><span class="row wrap">\(MergeWords(reader: reader).badges(pair.reasons))</span></td>\
    <td class="num">\(pair.score)</td><td><div class="row">\(acts(pair))</div></td></tr>
    """
  }

  private func who(_ id: MemberID) -> Markup {
    guard let member = list.members[id] else { return "\(id.description)" }
    var facts = [reader.date(member.joinedAt)]
    if visit.may(.seePersons), let birthday = member.person?.birthday { facts.insert(reader.date(birthday), at: 0) }
    if let city = member.person?.city { facts.append(city) }
    return """
      <a href="/console/members/\(id)">\(visit.name(of: member))</a><small>\(facts.joined(separator: " · "))</small>
      """
  }

  private func acts(_ pair: DuplicatePair) -> Markup? {
    guard visit.may(.mergeMembers) else { return nil }
    let two = ActButton(
      path: "/console/duplicates", label: reader("Разные люди", "Two people"),
      fields: [("first", "\(pair.first)"), ("second", "\(pair.second)")], style: "s ghost")
    return """
      <a class="button s" href="/console/members/\(pair.first)/merge?with=\(pair.second.description)">\(reader("Сравнить", "Compare"))</a>\
      \(two.html(visit))
      """
  }
}

/// Words about members who are one person.
struct MergeWords {
  let reader: Reader

  func badges(_ reasons: [LikeReason]) -> Markup {
    Markup(
      reasons.map { reason -> Markup in
        let style = reason.speaksAgainst ? " bad" : [.phone, .email, .card].contains(reason) ? " good" : ""
        return "<span class=\"badge\(style)\">\(word(reason))</span>"
      })
  }

  func word(_ reason: LikeReason) -> String {
    switch reason {
    case .phone: reader("телефон", "telephone")
    case .email: reader("почта", "e-mail")
    case .card: reader("номер карты", "card number")
    case .birthday: reader("день рождения", "birthday")
    case .name: reader("имя", "name")
    case .nameSwapped: reader("имя и фамилия поменяны местами", "first and last name swapped")
    case .nameSimilar: reader("похожее имя", "similar name")
    case .birthdayDiffers: reader("разные дни рождения", "birthdays differ")
    case .sexDiffers: reader("разный пол", "sex differs")
    }
  }

  func field(_ field: PersonField) -> String {
    switch field {
    case .kind: reader("Вид", "Kind")
    case .familyName: reader("Фамилия", "Last name")
    case .givenName: reader("Имя", "First name")
    case .patronymic: reader("Отчество", "Patronymic")
    case .birthday: reader("День рождения", "Birthday")
    case .sex: reader("Пол", "Sex")
    case .language: reader("Язык", "Language")
    case .city: reader("Город", "City")
    case .attributes: reader("Свои поля", "Fields of your own")
    }
  }
}
