import Access
import Customers
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  var journalDoors: [Door] {
    [
      .page("/console/audit", .seeAudit, journal)
    ]
  }

  /// Who did what, latest first; by one person, or of one kind, where it is asked for. Four statements at most.
  func journal(_ visit: Visit) async throws -> Answer {
    let (account, query, programme) = (visit.account.id, Form(visit.call.query), visit.started)
    let before = query["before"].isEmpty ? nil : AuditID(query["before"])
    let (actor, group) = (Actor(query["by"]), ActWords.Group(rawValue: query["about"]))
    let seen = try await database.read { tx -> JournalPage.Seen in
      let trail = AuditTrail(of: account)
      let found = try trail.search(
        actor: actor?.description, acts: group?.acts, before: before, limit: JournalPage.size, in: &tx)
      let members = Set(found.entries.compactMap(Subject.init).compactMap(\.member))
      return JournalPage.Seen(
        found: found, members: try programme?.members.members(Array(members), in: &tx) ?? [:],
        staff: try Staff(of: account).all(in: &tx))
    }
    return visit.show(JournalPage(seen: seen, actor: actor, group: group, visit: visit).page, in: .audit)
  }
}

/// What an entry is about, as far as there is a page to open.
private enum Subject {
  case member(MemberID)
  case store(StoreID)
  case promotion(PromotionID)
  case webhook(WebhookID)
  case upload(String)
  case staff(StaffID)

  init?(_ entry: AuditEntry) {
    switch String(entry.act.prefix { $0 != "." }) {
    case "member", "identifier", "points", "goodwill", "status", "tier", "note", "task": self = .member(MemberID(entry.subject))
    case "store": self = .store(StoreID(entry.subject))
    case "promotion": self = .promotion(PromotionID(entry.subject))
    case "webhook": self = .webhook(WebhookID(entry.subject))
    case "import": self = .upload("\(UploadID(entry.subject))")
    case "staff": self = .staff(StaffID(entry.subject))
    default: return nil
    }
  }

  var member: MemberID? {
    guard case .member(let id) = self else { return nil }
    return id
  }
}

struct JournalPage {
  static let size = 100

  struct Seen: Sendable {
    let found: AuditTrail.Found
    let members: [MemberID: Member]
    let staff: [StaffMember]
  }

  let seen: Seen
  /// Entries of this actor alone.
  let actor: Actor?
  let group: ActWords.Group?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var entries: [AuditEntry] { seen.found.entries }

  var page: Page {
    Page(
      title: reader("Журнал", "Audit trail"), actions: "\(looks)",
      notes: [reader("Записи не правятся и не удаляются", "Entries are never edited")],
      body: "<div class=\"page-body\">\(filters)\(entries.isEmpty ? empty : nil)\(table)</div>")
  }

  private var looks: Markup {
    "<a class=\"button\" href=\"\(LookPage.path)\">\(Icon.eye.small)\(reader("Кто смотрел карточки", "Who looked at members"))</a>"
  }

  private func address(_ actor: Actor?, _ group: ActWords.Group?, before: AuditID? = nil) -> String {
    let parts = [
      actor.map { "by=" + queryText($0.description) }, group.map { "about=\($0.rawValue)" }, before.map { "before=\($0)" },
    ].compactMap { $0 }
    return "/console/audit" + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
  }

  /// Kinds of acts, and whose they are: both at once.
  private var filters: Markup {
    let kinds = ([nil] + ActWords.Group.allCases.map { $0 }).map { kind -> Markup in
      let mark: Markup = kind == group ? " aria-current=\"true\"" : ""
      return "<a class=\"chip filter\" href=\"\(address(actor, kind))\"\(mark)>\(kind?.name(reader) ?? reader("Всё", "All"))</a>"
    }
    let people = seen.staff.prefix(Self.size).compactMap { Actor(.staff, $0.login) }
    let options = [("", reader("Кто угодно", "Anybody"))] + options(people)
    let kept: Markup? = group.map { "<input type=\"hidden\" name=\"about\" value=\"\($0.rawValue)\">" }
    return """
      <div class="row wrap between"><nav class="row wrap s" aria-label="\(reader("Что искать", "What to look for"))">\(kinds)</nav>\
      <form class="find" method="get" action="/console/audit">\(kept)\(Choice(name: "by", label: reader("Кто", "Who"), options: options, chosen: actor?.description ?? "").html)\
      <button class="button">\(reader("Показать", "Show"))</button></form></div>
      """
  }

  private func options(_ people: [Actor]) -> [(String, String)] {
    let others = actor.map { people.contains($0) ? [] : [$0] } ?? []
    return (people + others).map { actor in
      (actor.description, seen.staff.first { $0.login == actor.name && actor.kind == .staff }?.name ?? reader.words(actor))
    }
  }

  private var empty: Markup {
    Notice.info(
      seen.found.next == nil
        ? reader("Таких записей больше нет", "There are no further entries of the kind")
        : reader(
          "Среди последних \(AuditTrail.reach) записей таких нет. Можно искать дальше.",
          "There are none among the latest \(AuditTrail.reach) entries. You can look further back."))
  }

  private var table: Markup {
    let next = reader.further(seen.found.next.map { address(actor, group, before: $0) })
    // A file goes on behind a stretch without any.
    guard !entries.isEmpty || next != nil else { return .nothing }
    return DataTable(
      label: reader("Журнал", "Audit trail"),
      columns: [
        .text(reader("Когда", "When")), .text(reader("Что", "What"), small: reader("Код", "Code")),
        .text(reader("О ком или о чём", "About")),
        .text(reader("Кто", "Who")),
        .text(reader("Подробно", "Details")),
      ], rows: entries.map(row)
    ).panel(next: next)
  }

  private func row(_ entry: AuditEntry) -> Markup {
    let name = ActWords.name(entry.act, reader)
    let code: Markup? = name == nil ? nil : "<small>\(entry.act)</small>"
    return """
      <tr><td class="nowrap">\(reader.moment(entry.at))</td><th scope="row">\(name ?? entry.act)\(code)</th><td>\(subject(entry))</td>\
      <td class="nowrap">\(who(entry))</td><td class="details break">\(change(entry))</td></tr>
      """
  }

  /// Leads to what else they did.
  private func who(_ entry: AuditEntry) -> Markup {
    guard let actor = Actor(entry.actor) else { return "\(entry.actor)" }
    let name = actor.kind == .staff ? seen.staff.first { $0.login == actor.name }?.name : nil
    return "<a href=\"\(address(actor, group))\">\(name ?? reader.words(actor))</a>"
  }

  private func subject(_ entry: AuditEntry) -> Markup {
    switch Subject(entry) {
    case .member(let id):
      let name = seen.members[id].map(visit.name) ?? "\(id)"
      return visit.may(.seeMembers) ? "<a href=\"/console/members/\(id)\">\(name)</a>" : "\(id)"
    case .store(let id): return "<a href=\"/console/stores/\(id)\">\(visit.store(id))</a>"
    case .promotion(let id):
      let code = entry.after?["code"]?.text
      return "<a href=\"/console/promotions/\(id)\">\(code ?? reader("открыть", "open"))</a>"
    case .webhook(let id): return "<a href=\"\(ConsoleDesk.path(id))\">\(id)</a>"
    case .upload(let id): return "<a href=\"/console/imports/\(id)\">\(reader("файл", "the file"))</a>"
    case .staff(let id): return "\(seen.staff.first { $0.id == id }?.name ?? "\(id)")"
    case nil: return "\(entry.after?["name"].flatMap(name) ?? entry.after?["code"]?.text ?? "")"
    }
  }

  // MARK: what changed

  /// Member by member: what it was and what it is. What is empty or false from the start says nothing.
  private func change(_ entry: AuditEntry) -> Markup {
    guard case .object(let after)? = entry.after else { return entry.before.map { "<code>\($0.compact)</code>" } ?? "" }
    let told = after.filter { entry.before?[$0.key] != nil || !isNothing($0.value) }
    let parts = (reader.isForFiles ? told[...] : told.prefix(8)).map { part -> Markup in
      let old = entry.before?[part.key].map { before -> Markup in "\(text(before)) → " }
      return "<span class=\"muted\">\(ActWords.field(part.key, reader)):</span> \(old)\(text(part.value)) "
    }
    return Markup(parts)
  }

  private func isNothing(_ value: JSON) -> Bool {
    switch value {
    case .object(let members): members.isEmpty
    case .array(let items): items.isEmpty
    case .bool(let isSo): !isSo
    case .string(let text): text.isEmpty
    default: false
    }
  }

  /// A name in both languages.
  private func name(_ value: JSON) -> String? {
    value.text ?? value[reader.language.rawValue]?.text ?? value["ru"]?.text
  }

  private func text(_ value: JSON) -> String {
    let text: String =
      switch value {
      case .bool(let isSo): isSo ? reader("да", "yes") : reader("нет", "no")
      case .array(let items) where items.allSatisfy { $0.text != nil }: items.compactMap(\.text).joined(separator: ", ")
      case .string(let text): Instant(text).map(reader.moment) ?? text
      default: name(value) ?? value.compact
      }
    return text.isEmpty ? "–" : text.count > 80 && !reader.isForFiles ? String(text.prefix(80)) + "…" : text
  }
}
