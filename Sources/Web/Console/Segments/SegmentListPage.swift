import Calculator
import Conditions
import Customers
import Insight
import Kernel
import Loyalty

/// Segments as a list.
struct SegmentList: Sendable {
  static let size = 50

  let segments: [SegmentSummary]
  let sizes: [SegmentID: [SegmentSize]]
  let isArchive: Bool
  let next: SegmentID?
  /// How many promotions that tills have name each.
  let uses: [SegmentID: Int]

  static func uses(of book: RuleBook?) -> [SegmentID: Int] {
    var uses: [SegmentID: Int] = [:]
    for promotion in book?.promotions ?? [] {
      let named = promotion.condition.flattened.reduce(into: Set<SegmentID>()) { all, condition in
        if case .segments(let ids) = condition { all.formUnion(ids.ids) }
      }
      for id in named { uses[id, default: 0] += 1 }
    }
    return uses
  }
}

struct SegmentListPage {
  let list: SegmentList
  let visit: Visit

  private var reader: Reader { visit.reader }
  private static let path = SegmentState.path

  var page: Page {
    let isEmpty = list.segments.isEmpty && !list.isArchive && list.next == nil
    return Page(
      title: list.isArchive ? reader("Сегменты в архиве", "Archived segments") : reader("Сегменты", "Segments"), actions: actions,
      notes: [
        reader(
          "Кто что покупал и кто эти люди. Акции называют сегмент, касса узнаёт его участников сразу",
          "Who bought what, and who they are. Promotions name a segment, and tills know its members at once")
      ],
      crumbs: list.isArchive ? [(reader("Сегменты", "Segments"), Self.path)] : [],
      body: "<div class=\"page-body\">\(list.isArchive ? nil : phrase)\(isEmpty ? empty : table)</div>")
  }

  private var actions: Markup {
    let archive: Markup =
      list.isArchive
      ? "" : "<a class=\"button ghost\" href=\"\(Self.path)?archived=on\">\(reader("Архив", "Archive"))</a>"
    guard visit.may(.changeProgramme) else { return archive }
    let acts: Markup = "<a class=\"button ghost\" href=\"\(ConsoleDesk.bulkPath)\">\(reader("Действия", "Actions"))</a>"
    return """
      \(archive)\(acts)<a class="button" href="\(Self.path)/lists/new">\(Icon.list.small)\(reader("Из списка", "From a list"))</a>\
      <a class="button primary" href="\(Self.path)/new">\(Icon.plus.small)\(reader("Новый сегмент", "New segment"))</a>
      """
  }

  private var phrase: Markup { SegmentPhraseBox(reading: nil, visit: visit).panel }

  private var empty: Markup {
    let example = reader(
      "покупали кофе дважды за 90 дней, но не были месяц", "bought coffee twice in 90 days but not in the last month")
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Сегментов пока нет", "There are no segments yet"))</h2>\
      <p>\(reader("Сегмент – это условие о людях: что покупали, когда, где и кто они. Соберите его из условий, опишите словами или загрузите список карт.", "A segment is a condition about people: what they bought, when, where, and who they are. Put it together, say it in words, or load a list of cards."))</p>\
      <p><a class="text-link" href="\(Self.path)/new?phrase=\(queryText(example))">\(reader("Пример", "An example")): \(example)</a></p>\
      <p><a class="button primary" href="\(Self.path)/new">\(reader("Собрать сегмент", "Build a segment"))</a></p></div></div></section>
      """
  }

  private var table: Markup {
    DataTable(
      label: reader("Сегменты", "Segments"),
      columns: [
        .text(reader("Сегмент", "Segment"), small: reader("Код", "Code")), .text(reader("Вид", "Kind")),
        .number(reader("Участников", "Members")),
        .text(reader("90 дней", "90 days")), .number(reader("Посчитан", "Computed")), .number(reader("В акциях", "In promotions")),
      ], rows: list.segments.map(row)
    ).panel(next: reader.further(list.next.map { "\(Self.path)?before=\($0)" + (list.isArchive ? "&archived=on" : "") }))
  }

  private func row(_ summary: SegmentSummary) -> Markup {
    let details = summary.segment.details
    let sizes = list.sizes[summary.id] ?? []
    let size = summary.rule?.counted?.members ?? sizes.last?.members
    let counted: Markup = summary.rule?.counted.map { "\(reader.ago(visit.call.at - $0.at))" } ?? "<span class=\"muted\">–</span>"
    let uses = list.uses[summary.id] ?? 0
    return """
      <tr><th scope="row"><a href="\(Self.path)/\(summary.id)">\(reader(details.name))</a><small>\(details.code)</small></th>\
      <td>\(SegmentKindBadge(kind: details.kind, reader: reader).html)</td>\
      <td class="num">\(size.map { reader.number(Int64($0)) } ?? "–")</td><td>\(trend(sizes))</td>\
      <td class="num nowrap">\(counted)</td><td class="num">\(uses == 0 ? "<span class=\"muted\">–</span>" : "\(uses)" as Markup)</td></tr>
      """
  }

  /// Its shape; the figures stand on the segment's own page, as a table.
  private func trend(_ sizes: [SegmentSize]) -> Markup {
    guard let first = sizes.first, let last = sizes.last, sizes.count > 1 else { return "<span class=\"muted\">–</span>" }
    let change = Int64(last.members - first.members)
    return """
      <span class="trend">\(LineChart.spark(sizes.map { Int64($0.members) }))\
      <small class="muted">\(reader.signed(reader.number(change), isPositive: change > 0))</small></span>
      """
  }
}

/// What kind of segment it is.
struct SegmentKindBadge {
  let kind: SegmentDetails.Kind
  let reader: Reader

  var html: Markup {
    switch kind {
    case .dynamic: "<span class=\"badge good\"><i class=\"dot live\"></i>\(reader("живой", "dynamic"))</span>"
    case .snapshot: "<span class=\"badge\">\(reader("снимок", "snapshot"))</span>"
    case .static: "<span class=\"badge\">\(reader("список", "list"))</span>"
    }
  }
}
