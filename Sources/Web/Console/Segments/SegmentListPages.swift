import Access
import Customers
import Insight
import Kernel

/// A segment that is a list.
struct SegmentListView: Sendable {
  let stored: SegmentSummary
  let size: Int
  let sizes: [SegmentSize]
  let uses: SegmentUses
}

struct SegmentStaticPage {
  let view: SegmentListView
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let details = view.stored.segment.details
    let path = "\(SegmentState.path)/\(view.stored.id)"
    let people: Markup? =
      visit.may(.seeMembers)
      ? "<a class=\"button\" href=\"\(path)/members\">\(Icon.members.small)\(reader("Участники", "Members"))</a>" : nil
    let lists: Markup? =
      visit.may(.changeProgramme) && view.stored.archivedAt == nil
      ? "<a class=\"button primary\" href=\"\(path)/lists\">\(Icon.list.small)\(reader("Изменить список", "Change the list"))</a>"
      : nil
    let archived: Markup? = view.stored.archivedAt.map { _ in "<span class=\"badge warn\">\(reader("в архиве", "archived"))</span>"
    }
    return Page(
      title: reader(details.name), marks: "\(SegmentKindBadge(kind: .static, reader: reader).html)\(archived)",
      actions:
        "\(people)\(BulkLink.html(of: view.stored, visit))\(lists)",
      notes: [details.code, reader("список, который ведут люди", "a list that people keep")],
      crumbs: [(reader("Участники", "Members"), "/console/members"), (reader("Сегменты", "Segments"), SegmentState.path)],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\(size)\
        \(SegmentHistoryPanel(id: view.stored.id, sizes: view.sizes, visit: visit).html)\(keeping)</div>\
        <aside class="aside stack">\(SegmentUsesPanel(uses: view.uses, visit: visit).html)</aside></div>
        """)
  }

  private var size: Markup {
    """
    <section class="panel"><div class="panel-body"><h2 class="soft">\(reader("В списке", "On the list"))</h2>\
    <span class="big xl">\(reader.number(Int64(view.size)))</span></div></section>
    """
  }

  private var keeping: Markup? {
    visit.may(.changeProgramme) ? SegmentKeepingPanel(stored: view.stored, visit: visit).html : nil
  }
}

/// The form that takes a list.
struct SegmentTakingPage {
  /// Of an uploaded file.
  static let bytes = 8 * 1_048_576

  static let tooLarge = Problem(
    .invalid, "file_too_large", "a list has at most \(bytes / 1_048_576) MB",
    cashier: LocalText(
      ru: "Файл больше \(bytes / 1_048_576) МБ. Разделите его", en: "The file is larger than \(bytes / 1_048_576) MB. Split it"))
  static let noText = Problem(
    .invalid, "file_encoding", "the file is no UTF-8",
    cashier: LocalText(ru: "Файл не в кодировке UTF-8. Сохраните его в ней", en: "The file is not in UTF-8. Save it so"))

  /// Nil for a new one.
  let stored: SegmentSummary?
  let byHand: (included: Int, excluded: Int)
  let typed: Form
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    var crumbs = [(name: reader("Сегменты", "Segments"), path: SegmentState.path)]
    if let stored { crumbs.append((reader(stored.segment.details.name), "\(SegmentState.path)/\(stored.id)")) }
    let title =
      switch stored?.segment.details.kind {
      case nil: reader("Сегмент из списка", "A segment from a list")
      case .static?: reader("Изменить список", "Change the list")
      case .dynamic?, .snapshot?: reader("Всегда и никогда", "Always and never")
      }
    return Page(
      title: title, notes: notes, crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(form)</div></section></div>")
  }

  private var notes: [String] {
    guard stored?.segment.details.kind == .dynamic else { return [] }
    return [
      reader("всегда внутри: \(byHand.included)", "always in: \(byHand.included)"),
      reader("никогда: \(byHand.excluded)", "never: \(byHand.excluded)"),
      reader("остаётся и после пересчёта", "stays when the segment is computed again"),
    ]
  }

  private var acts: [(value: String, name: String)] {
    switch stored?.segment.details.kind {
    case .static?:
      [("add", reader("добавить в список", "add to the list")), ("remove", reader("убрать из списка", "take off the list"))]
    case .dynamic?, .snapshot?:
      [
        ("include", reader("всегда внутри", "always in")), ("exclude", reader("никогда внутри", "never in")),
        ("release", reader("как скажет условие", "as the condition says")),
      ]
    case nil: []
    }
  }

  private var form: Markup {
    let faults = FormFaults(refusal, fields: ["code", "ru", "en"], reader)
    func field(_ name: String, _ label: String, needed: Bool, limit: Int = Limits.name) -> Markup {
      Field(name: name, label: label, value: typed[name], fault: faults[name], limit: limit, isRequired: needed).html
    }
    let naming: Markup? =
      stored == nil
      ? """
      <div class="fields">\(field("ru", reader("Название по-русски", "Name in Russian"), needed: true))\(field("en", reader("Название по-английски", "Name in English"), needed: false))</div>\
      <div class="fields narrow">\(field("code", reader("Код", "Code"), needed: true, limit: Limits.code))</div><input type="hidden" name="act" value="add">
      """ : nil
    let act: Markup? =
      acts.isEmpty ? nil : Choice(name: "act", label: reader("Что сделать", "What to do"), options: acts, chosen: typed["act"]).html
    let text = TextBox(
      name: "text", label: reader("Карты, телефоны, почта или номера участников", "Cards, telephones, e-mails or members' ids"),
      value: typed["text"],
      hint: reader(
        "По одному в строке, не больше \(reader.number(Int64(Limits.memberList))). Из таблицы берётся первый столбец.",
        "One on each line, at most \(reader.number(Int64(Limits.memberList))). Of a table the first column is taken."), lines: 10,
      limit: 60_000)
    let back = stored.map { "\(SegmentState.path)/\($0.id)" } ?? SegmentState.path
    return """
      <form class="form" method="post" action="\(SegmentState.path)/lists" enctype="multipart/form-data">\(visit.key)\
      \(stored.map { "<input type=\"hidden\" name=\"id\" value=\"\($0.id)\">" as Markup })\(faults.notice)\(naming)\(act)\(text.html)\
      <div class="field"><label for="f-file">\(reader("Или файл", "Or a file"))</label><input class="input" id="f-file" name="file" type="file" accept=".csv,.txt,text/csv,text/plain"></div>\
      <div class="row"><button class="button primary">\(reader("Принять список", "Take the list"))</button><a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }
}

/// What came of a list.
struct MemberListResult {
  let segment: Known<SegmentDetails>
  let act: Segments.ListAct
  let listing: MemberListing
  let changed: Int
  let visit: Visit

  var page: Page {
    let reader = visit.reader
    let path = "\(SegmentState.path)/\(segment.id)"
    let facts = FactList(rows: [
      (reader("Строк", "Lines"), "\(reader.number(Int64(listing.lines)))"),
      (reader("Нашлось участников", "Members found"), "<b>\(reader.number(Int64(listing.members.count)))</b>"),
      (reader("Повторы", "Twice"), "\(reader.number(Int64(listing.again)))"),
      (reader("Не нашлось", "Not found"), "\(reader.number(Int64(listing.unknown)))"),
      (did, "<b>\(reader.number(Int64(changed)))</b>"),
    ])
    let rest = listing.unknown - listing.unknownLines.count
    let more: Markup? = rest > 0 ? "<p class=\"muted\">\(reader("и ещё \(rest)", "and \(rest) more"))</p>" : nil
    let unknown: Markup? =
      listing.unknown == 0
      ? nil
      : """
      <section class="panel"><header class="panel-head"><h2>\(reader("Эти строки никого не нашли", "These lines found nobody"))</h2></header>\
      <div class="panel-body"><pre class="break">\(listing.unknownLines.joined(separator: "\n"))</pre>\(more)</div></section>
      """
    return Page(
      title: reader("Список принят", "The list was taken"),
      actions: "<a class=\"button primary\" href=\"\(path)\">\(reader("К сегменту", "To the segment"))</a>",
      crumbs: [(reader("Сегменты", "Segments"), SegmentState.path), (reader(segment.details.name), path)],
      body:
        "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(facts.html)</div></section>\(unknown)</div>")
  }

  private var did: String {
    let reader = visit.reader
    return switch act {
    case .add: reader("Добавлено", "Added")
    case .remove: reader("Убрано", "Taken off")
    case .include: reader("Теперь всегда внутри", "Always in from now on")
    case .exclude: reader("Теперь никогда внутри", "Never in from now on")
    case .release: reader("Оставлено условию", "Left to the condition")
    }
  }
}

/// Who is in a segment.
struct SegmentMembersView: Sendable {
  let stored: SegmentSummary
  let members: [Member]
  let next: MemberID?
}

struct SegmentMembersPage {
  let view: SegmentMembersView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { "\(SegmentState.path)/\(view.stored.id)" }

  var page: Page {
    let name = reader(view.stored.segment.details.name)
    return Page(
      title: reader("Участники сегмента", "Members of the segment"),
      notes: [reader("Как их знают кассы сейчас", "As tills know them now")],
      crumbs: [(reader("Сегменты", "Segments"), SegmentState.path), (name, path)],
      body:
        "<div class=\"page-body\">\(SegmentPastPage.chooser(path, nil, nil, reader))\(view.members.isEmpty ? nobody : table)</div>")
  }

  private var nobody: Markup {
    "<section class=\"panel\"><p class=\"panel-body soft\">\(reader("Здесь никого нет.", "There is nobody here."))</p></section>"
  }

  private var table: Markup {
    let rows = view.members.map { member -> Markup in
      """
      <tr><th scope="row"><a href="/console/members/\(member.id)">\(visit.name(of: member))</a><small>\(member.id.description)</small></th>\
      <td>\(MemberWords.kind(member.kind.rawValue, reader))</td><td>\(MemberWords.badge(member.status, reader))</td>\
      <td class="num">\(reader.date(member.joinedAt))</td></tr>
      """
    }
    let next: Markup? = view.next.map { member in
      "<a class=\"text-link\" href=\"\(path)/members?after=\(member)\">\(reader("Дальше", "Next"))</a>"
    }
    return DataTable(
      label: reader("Участники", "Members"),
      columns: [
        .text(reader("Участник", "Member")), .text(reader("Вид", "Kind")), .text(reader("Состояние", "State")),
        .number(reader("Вступил", "Joined")),
      ], rows: rows, files: .own
    ).panel(foot: "<footer class=\"panel-foot\">\(reader.files("\(path)/members"))\(next)</footer>")
  }
}
