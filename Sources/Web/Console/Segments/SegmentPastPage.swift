import Customers
import Insight
import Kernel

/// Who was in a segment on a day that is past, how that is known, and what of that day nobody can know.
struct SegmentPastPage {
  let view: SegmentPastView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { "\(SegmentState.path)/\(view.stored.id)" }
  private var query: String { "?on=\(view.on)&by=\(view.way.rawValue)" }

  var page: Page {
    let name = reader(view.stored.segment.details.name)
    return Page(
      title: reader("Участники сегмента на \(reader.date(view.on))", "Members of the segment on \(reader.date(view.on))"),
      notes: [reader("На конец этого дня", "At the end of that day")],
      crumbs: [(reader("Сегменты", "Segments"), SegmentState.path), (name, path)],
      body: """
        <div class="page-body">\(Self.chooser(path, view.on, view.stored.rule == nil ? nil : view.way, reader))\(sizes)\(people)\(unknown)</div>
        """)
  }

  /// - Parameter way: nil where there is nothing to choose.
  static func chooser(_ path: String, _ on: CivilDay?, _ way: SegmentPastView.Way?, _ reader: Reader) -> Markup {
    let day = Field(
      name: "on", label: reader("На день", "As of"), value: on.map { "\($0)" } ?? "", type: "date", limit: 10, isRequired: false)
    let ways: Markup? = way.map { way in
      Choice(
        name: "by", label: reader("Кого показать", "Whom to show"),
        options: [
          ("known", reader("кого знали кассы в тот день", "whom tills knew on that day")),
          ("condition", reader("кто подходит под нынешнее условие", "who holds the condition as it is now")),
        ], chosen: way.rawValue
      ).html
    }
    return """
      <form class="inline-form" method="get" action="\(path)/members">\(day.html)\(ways)<button class="button">\(reader("Показать", "Show"))</button></form>
      """
  }

  // MARK: how many

  private var sizes: Markup {
    var rows: [(name: String, value: Markup?)] = []
    if let known = view.known {
      let left = reader.number(Int64(known.left))
      rows.append(
        (
          reader("Знали кассы", "Tills knew"),
          "<b>\(reader.number(Int64(known.members)))</b>, \(reader("с тех пор вышли \(left)", "\(left) left since"))"
        ))
    } else {
      let from = view.knownFrom.map { reader("известно с \(reader.date($0))", "it is known from \(reader.date($0))") }
      rows.append(
        (
          reader("Знали кассы", "Tills knew"),
          "\(reader("уже не узнать", "cannot be told any more")): \(from ?? reader("движений ещё нет", "nobody came or went yet"))"
        ))
    }
    rows.append(
      (
        reader("Записано в тот день", "Written down that day"),
        view.noted.map { size in
          let day: Markup? = size.day == view.on ? nil : ", \(reader.date(size.day))"
          return "\(reader.number(Int64(size.members)))\(day)"
        }
      ))
    rows.append(
      (
        reader("Подходят под нынешнее условие", "Hold the condition as it is now"),
        view.counted.map { "\(reader.number(Int64($0)))" }
      ))
    return FactList(rows: rows).panel(reader("Сколько их было", "How many they were"))
  }

  // MARK: who

  private var people: Markup {
    guard !view.rows.isEmpty else {
      let says =
        view.way == .known && !view.isKnown
        ? reader("Кого знали кассы в тот день, уже не узнать.", "Whom tills knew on that day cannot be told any more.")
        : reader("Здесь никого нет.", "There is nobody here.")
      return "<section class=\"panel\"><p class=\"panel-body soft\">\(says)</p></section>"
    }
    let next: Markup? = view.next.map { member in
      "<a class=\"text-link\" href=\"\(path)/members\(query)&after=\(member)\">\(reader("Дальше", "Next"))</a>"
    }
    var columns: [DataTable.Column] = [.text(reader("Участник", "Member"))]
    if view.isKnown { columns.append(.text(reader("Тогда, у касс", "Then, to tills"))) }
    columns.append(.text(reader("Сейчас", "Now")))
    if view.stored.rule != nil { columns.append(.text(reader("По условию", "By the condition"))) }
    return DataTable(label: reader("Участники", "Members"), columns: columns, rows: view.rows.map(row), files: .own)
      .panel(foot: "<footer class=\"panel-foot\">\(reader.files("\(path)/members", query))\(next)</footer>")
  }

  private func row(_ row: SegmentPastView.Row) -> Markup {
    let member = row.member
    let then: Markup? =
      view.isKnown ? "<td>\(row.then == nil ? reader("снаружи", "out") : reader("внутри", "in"))</td>" : nil
    let left = row.then?.left.map { reader("вышел \(reader.date($0))", "left on \(reader.date($0))") }
    let now = row.isIn ? reader("внутри", "in") : left ?? reader("снаружи", "out")
    // Who left and came again is told by both.
    let again: Markup? = row.isIn ? left.map { "<small>\($0), \(reader("потом вернулся", "then came back"))</small>" } : nil
    let why: Markup? =
      view.stored.rule == nil
      ? nil
      : "<td><a class=\"text-link\" href=\"\(path)?on=\(view.on)&who=\(member.id)#why\">\(reader("почему", "why"))</a></td>"
    return """
      <tr><th scope="row"><a href="/console/members/\(member.id)">\(visit.name(of: member))</a><small>\(member.id.description)</small></th>\
      \(then)<td>\(now)\(again)</td>\(why)</tr>
      """
  }

  // MARK: what cannot be known

  private var unknown: Markup {
    var facts = [
      reader(
        "Кого удалили с тех пор, тех здесь нет; две карты одного человека – один участник",
        "Who was erased since is not here; two cards of one person are one member")
    ]
    if view.stored.rule == nil {
      facts.append(
        reader(
          "Список вели люди: почему кого внесли, скажет только журнал",
          "People kept the list: why somebody was put on it only the journal can tell"))
    } else {
      facts += ofCondition
    }
    let from = view.knownFrom.map { reader.date($0) } ?? reader("первого движения", "the first move")
    facts.append(
      reader(
        "Кто входил и выходил, хранится \(Limits.segmentMoveDays) дней, здесь – с \(from). Раньше – только условие и размер",
        "Who came and left is kept for \(Limits.segmentMoveDays) days, here from \(from). Before that there are only the condition and the size"
      ))
    return """
      <section class="panel" aria-labelledby="h-unknown"><header class="panel-head"><h2 id="h-unknown">\(reader("Чего о том дне не узнать", "What of that day cannot be known"))</h2></header>\
      <div class="panel-body stack s">\(facts.map { "<p>\($0).</p>" as Markup })</div></section>
      """
  }

  private var ofCondition: [String] {
    var facts: [String] = []
    if let rule = view.stored.rule, visit.reader.zone.civil(at: rule.changedAt).day > view.on {
      facts.append(
        reader(
          "Условие меняли \(reader.date(rule.changedAt)): в тот день действовало другое, а «под нынешнее» считает это",
          "The condition was changed on \(reader.date(rule.changedAt)): another one held that day, while “as it is now” counts this one"
        ))
    }
    let present = view.condition?.presentFacts ?? []
    if !present.isEmpty {
      facts.append(
        reader(
          "Условие спрашивает то, что хранится только как сейчас: \(present.map(\.text.ru).joined(separator: ", "))",
          "The condition asks what is kept only as it is now: \(present.map(\.text.en).joined(separator: ", "))"))
    }
    facts.append(
      reader(
        "Покупка, которую с тех пор вернули целиком, покупкой не считается; кто вступил позже, не считается никем",
        "A purchase that came back whole since is none; who joined later is nobody"))
    return facts
  }
}
