import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// Who was in a segment at the end of a day that is past: as tills knew it then, and as its condition says it of that day.
struct SegmentPastView: Sendable {
  enum Way: String, Sendable { case known, condition }

  struct Row: Sendable {
    let member: Member
    /// As tills knew it then; nil where they did not.
    let then: PastMember?
    let isIn: Bool
  }

  let stored: SegmentSummary
  let on: CivilDay
  let way: Way
  /// The first day of which it can be told what tills knew; nil where there is none yet.
  let knownFrom: CivilDay?
  /// What tills knew; nil where that cannot be told.
  var known: (members: Int, left: Int)?
  /// What was written down of that day itself, or of the last one before it on which it was computed.
  var noted: SegmentSize?
  /// How many hold the condition as it is now; nil for a list, while there are no columns, and where it names what is gone.
  var counted: Int?
  var condition: SegmentCondition?
  var rows: [Row] = []
  var next: MemberID?

  var isKnown: Bool { knownFrom.map { $0 <= on } ?? false }
}

extension ConsoleDesk {
  /// Some ten statements, and for a condition a walk over the columns.
  func segmentPast(_ id: SegmentID, _ on: CivilDay, _ visit: Visit) async throws -> Answer {
    let (programme, query, at) = (try visit.programme, Form(visit.call.query), visit.call.at)
    let (segments, zone) = (Segments(of: programme.account), programme.settings.points.zone)
    let end = zone.instant(on.adding(days: 1))
    var view = try await database.read { tx -> SegmentPastView in
      let stored = try segments.summary(id, in: &tx)
      let from = try Segments.pastKnown(at: at, in: &tx).map { zone.civil(at: $0).day }
      let isKnown = from.map { $0 <= on } ?? false
      let usual: SegmentPastView.Way = isKnown || stored.rule == nil ? .known : .condition
      let asked = stored.rule == nil ? nil : SegmentPastView.Way(rawValue: query["by"])
      var view = SegmentPastView(stored: stored, on: on, way: asked ?? usual, knownFrom: from)
      if isKnown { view.known = try segments.size(of: id, before: end, in: &tx) }
      let sizes = try segments.sizes(of: [id], since: on.adding(days: -92), in: &tx)[id] ?? []
      view.noted = sizes.last { $0.day <= on }
      return view
    }
    let held = try await held(&view, visit)
    try await fill(&view, held, end, visit)
    return visit.show(SegmentPastPage(view: view, visit: visit).page, in: .segments)
  }

  /// Who holds the condition of that day; nil where nobody can say.
  private func held(_ view: inout SegmentPastView, _ visit: Visit) async throws -> [MemberID]? {
    guard let rule = view.stored.rule, try await cube(visit, knowing: []) != nil else { return nil }
    var form = try await RuleBench.of(visit, database).segmentForm
    // One that names what is gone can be asked nothing; what tills knew is told all the same.
    do { view.condition = try form.condition(rule.condition) } catch { return nil }
    let all = try await members(of: rule, on: view.on, visit)
    view.counted = all.count
    return all
  }

  /// One page of members.
  private func fill(_ view: inout SegmentPastView, _ held: [MemberID]?, _ end: Instant, _ visit: Visit) async throws {
    let (programme, after) = (try visit.programme, MemberID(Form(visit.call.query)["after"]))
    let (segments, id, code) = (Segments(of: programme.account), view.stored.id, view.stored.segment.details.code)
    let (way, isKnown) = (view.way, view.isKnown)
    let (rows, next) = try await database.read { tx -> ([SegmentPastView.Row], MemberID?) in
      var ids: [MemberID] = []
      switch way {
      case .known where isKnown:
        ids = try segments.members(of: id, before: end, after: after, limit: MemberList.size + 1, in: &tx).map(\.id)
      case .known: break
      case .condition:
        ids = Array((held ?? []).drop { member in after.map { member <= $0 } ?? false }.prefix(MemberList.size + 1))
      }
      let shown = Array(ids.prefix(MemberList.size))
      let members = try programme.members.members(shown, in: &tx)
      let then = try isKnown ? segments.listed(shown, in: id, before: end, in: &tx) : [:]
      let now = try segments.listed(shown, in: code, in: &tx)
      let rows = shown.compactMap { id in
        members[id].map { SegmentPastView.Row(member: $0, then: then[id], isIn: now.contains(id)) }
      }
      return (rows, ids.count > shown.count ? shown.last : nil)
    }
    (view.rows, view.next) = (rows, next)
  }

  /// Whom tills knew to be in it then, all of them.
  func pastFile(
    _ name: String, _ title: String, _ table: SegmentTable, _ id: SegmentID, _ on: CivilDay, _ visit: Visit
  ) throws -> TableFile {
    let (programme, reader, at) = (try visit.programme, visit.reader, visit.call.at)
    let (segments, zone) = (Segments(of: programme.account), programme.settings.points.zone)
    let end = zone.instant(on.adding(days: 1))
    return TableFile("\(name)-\(on)", title: title, columns: table.columns, zone: reader.zone) { [database] take in
      let from = try await database.read { tx in try Segments.pastKnown(at: at, in: &tx) }
      guard let from, zone.civil(at: from).day <= on else { return }
      var last: MemberID?
      while true {
        let after = last
        let (page, cells) = try await database.read { tx in
          let page = try segments.members(of: id, before: end, after: after, limit: Limits.bulk, in: &tx).map(\.id)
          return (page, try table.rows(page, in: &tx))
        }
        try await take(cells)
        guard page.count == Limits.bulk, let end = page.last else { return }
        last = end
      }
    }
  }
}
