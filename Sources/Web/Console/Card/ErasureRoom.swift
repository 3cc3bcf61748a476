import Access
import Customers
import Engagement
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  var erasureDoors: [Door] {
    [
      .page("/console/members/{id}/erasure", .erasePersons, erasure),
      .form("/console/members/{id}/erasure", .erasePersons, erase),
    ]
  }

  func erasure(_ visit: Visit) async throws -> Answer { try await erasure(visit, nil) }

  /// What will go and what stays, before anything is done.
  private func erasure(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (id, programme, ids, at) = (try Self.memberID(visit), try visit.programme, ids, visit.call.at)
    let (member, wallet, open) = try await database.read { tx in
      let member = try programme.members.member(id, in: &tx)
      var wallet = try Wallets(of: programme, ids: ids).wallet(of: id, in: &tx)
      _ = wallet.advance(to: at, programme.settings.points)
      return (member, wallet, try MemberTasks(of: programme.account, programme: programme.id).open(about: id, in: &tx).count)
    }
    guard member.status != .erased else { throw Self.erased }
    let page = ErasurePage(member: member, wallet: wallet, tasks: open, visit: visit, refusal: refusal)
    var answer = visit.show(page.page, in: .members)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// The second step. Whoever does it types the end of the member's number, so that no stray press forgets anybody.
  func erase(_ visit: Visit) async throws -> Answer {
    let (id, programme, form, change) = (try Self.memberID(visit), try visit.programme, visit.form, change(visit))
    _ = try await database.read { tx in try programme.members.member(id, in: &tx) }
    guard let basis = ErasureBasis(rawValue: form["basis"]) else { return try await erasure(visit, Self.noBasis) }
    guard form["number"].lowercased() == ErasurePage.end(of: id) else { return try await erasure(visit, Self.otherNumber) }
    let erasure = Erasure(of: programme, ids: ids)
    try await database.write { tx in
      try CodeLetter.forget(to: id, of: programme.account, in: &tx)
      _ = try erasure.carryOut(id, because: basis, by: change, in: &tx)
    }
    return .redirect("/console/members/\(id)")
  }

  private static let noBasis = Problem(
    .invalid, "basis_missing", "say why the person is forgotten",
    cashier: LocalText(ru: "Выберите основание", en: "Choose why"))
  private static let otherNumber = Problem(
    .invalid, "number_differs", "the last four characters of the member's number were expected",
    cashier: LocalText(
      ru: "Это не последние четыре знака номера участника. Ничего не удалено",
      en: "These are not the last four characters of the member's number. Nothing was erased"))
}

struct ErasurePage {
  let member: Member
  let wallet: Wallet
  /// That are to be done.
  let tasks: Int
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }

  /// What is typed to confirm.
  static func end(of id: MemberID) -> String { String("\(id)".suffix(4)) }

  var page: Page {
    let path = "/console/members/\(member.id)"
    return Page(
      title: reader("Удалить данные по просьбе", "Erase on request"),
      crumbs: [(reader("Участники", "Members"), "/console/members"), (visit.name(of: member), path)],
      body: """
        <div class="page-body"><section class="panel form-panel"><header class="panel-head"><h2>\(reader("Что произойдёт", "What will happen"))</h2></header>\
        <div class="panel-body stack s"><p><b>\(reader("Исчезнет", "This goes"))</b></p><ul class="bullets">\(items(going))</ul>\
        <p><b>\(reader("Останется", "This stays"))</b></p><ul class="bullets">\(items(staying))</ul></div>\
        <form class="inline-form" method="post" action="\(path)/erasure">\(visit.key)\(refusal.map { Notice.refusal($0, reader) })\
        \(Notice.warning(reader("Отменить это нельзя.", "This cannot be undone.")))\(basis.html)\(number.html)\
        <div class="row"><button class="button danger">\(Icon.lock.small)\(reader("Удалить данные", "Erase the data"))</button>\
        <a class="button ghost" href="\(path)">\(reader("Отмена", "Cancel"))</a></div></form></section></div>
        """)
  }

  private func items(_ texts: [String]) -> [Markup] { texts.map { text -> Markup in "<li>\(text)</li>" } }

  private var going: [String] {
    var items = [
      reader(
        "имя, день рождения, город и всё остальное в анкете", "name, birthday, city and everything else that is known of the person"
      ),
      reader(
        "телефоны, карты, почта и коды приложения: по ним участника больше не найти, и с ними можно вступить заново",
        "telephones, cards, e-mail and app codes: they find nobody any more, and somebody may join with them anew"),
      reader("сегменты, подтверждения согласий и заметки", "segments, what shows consents, and notes"), todo,
      reader(
        "чьими были визиты на сайт и в приложение, имена устройств, номера заказов и всё, что о событиях написано свободно",
        "whose the visits to the site and the app were, names of devices, numbers of orders and what was written freely about events"
      ),
      reader("слова сотрудников в журнале: причины и пояснения", "what the staff wrote in the trail: reasons and remarks"),
    ]
    let points = wallet.active + wallet.pending + wallet.held
    if points > .zero {
      items.append(
        reader("баллы: \(reader.points(points)), они погаснут без выплаты", "points: \(reader.points(points)), which end unpaid"))
    }
    return items
  }

  private var todo: String {
    guard tasks > 0 else { return reader("задачи", "tasks") }
    let count = reader.count(tasks, ("открытая", "открытые", "открытых"), ("open one", "open ones"))
    return reader("задачи, среди них \(count)", "tasks, among them \(count)")
  }

  private var staying: [String] {
    [
      reader(
        "чеки, возвраты и журнал баллов под номером, за которым никого нет: этого требует учёт",
        "receipts, returns and the journal of points under a number with nobody behind it: the books need them"),
      reader(
        "что согласия давались и отзывались: какие, когда и где", "that consents were given and taken back: which, when and where"),
      reader("кто и когда удалил данные и кто их раньше смотрел", "who erased the data and when, and who looked at it before"),
      reader(
        "что кто-то заходил на сайт или в приложение: когда, откуда и что смотрел – без того, кто это был",
        "that somebody visited the site or the app: when, whence and what they looked at, without who it was"),
      reader(
        "файлы, загруженные за последние 7 дней, и резервные копии – до конца своего срока",
        "files that were sent within 7 days, and backups, until their own time is over"),
    ]
  }

  private var basis: Choice {
    Choice(
      name: "basis", label: reader("Основание", "Why"),
      options: [
        ("", reader("Выберите", "Choose")), ("request", reader("человек попросил удалить данные", "the person asked for it")),
        ("withdrawal", reader("отозвано согласие на обработку", "consent to processing was taken back")),
        ("purpose", reader("цель достигнута, хранить больше незачем", "the purpose is reached, nothing need be kept")),
      ], chosen: visit.form["basis"])
  }

  private var number: Field {
    Field(
      name: "number", label: reader("Последние четыре знака номера участника", "The last four characters of the member's number"),
      value: "", hint: reader("Номер: \(member.id)", "Number: \(member.id)"), limit: 8)
  }
}
