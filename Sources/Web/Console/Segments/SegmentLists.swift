import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// Lists of people: a segment that is one, and who is always or never in a dynamic one.
extension ConsoleDesk {
  /// The page of a static segment; nil for one with a condition.
  func staticList(_ id: SegmentID, _ visit: Visit, _ refusal: Problem? = nil) async throws -> Answer? {
    let programme = try visit.programme
    let (segments, zones, since) = (Segments(of: programme.account), zones, try today(of: visit).adding(days: -92))
    let at = visit.call.at
    let view = try await database.read { tx -> SegmentListView? in
      let stored = try segments.summary(id, in: &tx)
      guard stored.segment.details.kind == .static else { return nil }
      return SegmentListView(
        stored: stored, size: try segments.size(of: id, in: &tx),
        sizes: try segments.sizes(of: [id], since: since, in: &tx)[id] ?? [],
        uses: try SegmentUses(of: stored.segment, in: Programmes(of: programme.account, zones: zones).all(in: &tx), at: at, &tx))
    }
    return view.map { visit.show(SegmentStaticPage(view: $0, refusal: refusal, visit: visit).page, in: .segments) }
  }

  func memberListForm(_ visit: Visit, _ id: SegmentID?, _ refusal: Problem?, _ typed: Form = Form()) async throws -> Answer {
    let segments = Segments(of: try visit.programme.account)
    let (stored, byHand) = try await database.read { tx -> (SegmentSummary?, (included: Int, excluded: Int)) in
      guard let id else { return (nil, (0, 0)) }
      return (try segments.summary(id, in: &tx), try segments.choiceCounts(of: id, in: &tx))
    }
    let page = SegmentTakingPage(stored: stored, byHand: byHand, typed: typed, refusal: refusal, visit: visit)
    var answer = visit.show(page.page, in: .segments)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Takes a list that was typed or uploaded. The form's key is looked at before a byte of the file is kept.
  func receiveMemberList(_ visit: Visit) async throws -> Answer {
    guard let sent = visit.call.sent else { throw FormPieces.broken }
    guard visit.call.browser?.isSameSite == true else { throw Self.foreignForm }
    var (fields, bytes) = ([String: String](), [UInt8]())
    try await sent.each { piece in
      switch piece {
      case .field(let name, let value): fields[name] = value
      case .file:
        guard visit.secret.isFormKey(fields["key"] ?? "") else { throw Self.foreignForm }
      case .bytes(let more):
        bytes += more
        guard bytes.count <= SegmentTakingPage.bytes else { throw SegmentTakingPage.tooLarge }
      }
    }
    guard visit.secret.isFormKey(fields["key"] ?? "") else { throw Self.foreignForm }
    let form = Form(fields)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return try await memberListForm(visit, SegmentID(form["id"]), SegmentTakingPage.noText, form)
    }
    do { return try await take(text + "\n" + form["text"], form, visit) } catch let problem as Problem
      where problem.kind == .invalid || problem.kind == .conflict
    { return try await memberListForm(visit, SegmentID(form["id"]), problem, form) }
  }

  private func take(_ text: String, _ form: Form, _ visit: Visit) async throws -> Answer {
    let (programme, change, day) = (try visit.programme, change(visit), try today(of: visit))
    guard let act = Segments.ListAct(rawValue: form["act"]) else { throw Self.brokenForm }
    let segments = Segments(of: programme.account)
    let listing = try await MemberListing(text, of: programme, on: database)
    let id = SegmentID(form["id"])
    let segment = try await database.write { tx -> Known<SegmentDetails> in
      if let id { return try segments.summary(id, in: &tx).segment }
      let name = LocalText(ru: form["ru"], en: form["en"].isEmpty ? form["ru"] : form["en"])
      let details = SegmentDetails(code: form["code"], name: name, kind: .static)
      if let known = try segments.segments(codes: [details.code], in: &tx)[details.code], known.details != details {
        throw Self.taken("code")
      }
      let saved = try segments.save([details], by: change, in: &tx).ids[0]
      return Known(id: saved, details: details)
    }
    let changed = try await segments.take(listing, act, into: segment, on: day, by: change, on: database)
    if id == nil { _ = try await floors.refresh(programme.id) }
    let page = MemberListResult(segment: segment, act: act, listing: listing, changed: changed, visit: visit)
    return visit.show(page.page, in: .segments)
  }

  // MARK: who is in it

  /// As tills know it now, or of a day that is past.
  func segmentMembers(_ visit: Visit) async throws -> Answer {
    let (id, programme, query) = (try Self.segmentID(visit), try visit.programme, Form(visit.call.query))
    if let on = CivilDay(query["on"]) { return try await segmentPast(id, on, visit) }
    let (segments, after) = (Segments(of: programme.account), MemberID(query["after"]))
    let view = try await database.read { tx -> SegmentMembersView in
      let members = try segments.members(of: id, after: after, limit: MemberList.size + 1, in: &tx)
      let shown = Array(members.prefix(MemberList.size))
      let known = try programme.members.members(shown, in: &tx)
      return SegmentMembersView(
        stored: try segments.summary(id, in: &tx), members: shown.compactMap { known[$0] },
        next: members.count > MemberList.size ? shown.last : nil)
    }
    return visit.show(SegmentMembersPage(view: view, visit: visit).page, in: .segments)
  }

  func members(of rule: SegmentRule, on day: CivilDay, _ visit: Visit) async throws -> [MemberID] {
    let (programme, bench) = (try visit.programme, try await RuleBench.of(visit, database))
    guard let (keeper, _) = try await cube(visit, knowing: []) else { return [] }
    var form = bench.segmentForm
    let condition = try form.condition(rule.condition)
    return try await keeper.members(of: condition, in: programme, on: day, at: visit.call.at) ?? []
  }

  /// Ids, as the screen shows them, all of them. Who takes them away is written down.
  func segmentMembersFile(_ visit: Visit) async throws -> TableFile {
    let (id, reader, change) = (try Self.segmentID(visit), visit.reader, change(visit))
    let (account, query) = (try visit.programme.account, Form(visit.call.query))
    let on = CivilDay(query["on"])
    let segments = Segments(of: account)
    let stored = try await database.write { tx in
      let by: JSON? = on == nil || query["by"].isEmpty ? nil : .string(query["by"])
      let note = AuditNote.did("segment.exported", id, after: on.map { .object(["on": .string("\($0)"), "by": by]) })
      try AuditTrail(of: account).record([note], by: change, in: &tx)
      return try segments.summary(id, in: &tx)
    }
    let table = SegmentTable(fields: try await fields(visit), members: try visit.programme.members, visit: visit)
    let (name, title) = ("segment-\(stored.segment.details.code)", reader(stored.segment.details.name))
    if let on, stored.rule == nil || query["by"] == SegmentPastView.Way.known.rawValue {
      return try pastFile(name, title, table, id, on, visit)
    }
    if let on, let rule = stored.rule {
      let all = try await self.members(of: rule, on: on, visit)
      return TableFile(name, title: title, columns: table.columns, zone: reader.zone) { [database] take in
        for some in stride(from: 0, to: all.count, by: Limits.bulk) {
          let ids = Array(all[some..<min(some + Limits.bulk, all.count)])
          try await take(database.read { tx in try table.rows(ids, in: &tx) })
        }
      }
    }
    return TableFile(name, title: title, columns: table.columns, zone: reader.zone) { [database] take in
      var last: MemberID?
      while true {
        let after = last
        let (page, cells) = try await database.read { tx in
          let page = try segments.members(of: id, after: after, limit: Limits.bulk, in: &tx)
          return (page, try table.rows(page, in: &tx))
        }
        try await take(cells)
        guard page.count == Limits.bulk, let end = page.last else { return }
        last = end
      }
    }
  }

  func segmentSizesFile(_ visit: Visit) async throws -> TableFile {
    let (id, reader) = (try Self.segmentID(visit), visit.reader)
    let (segments, since) = (Segments(of: try visit.programme.account), try today(of: visit).adding(days: -Limits.segmentDays))
    let (stored, sizes) = try await database.read { tx in
      (try segments.summary(id, in: &tx), try segments.sizes(of: [id], since: since, in: &tx)[id] ?? [])
    }
    return TableFile(
      "segment-\(stored.segment.details.code)-sizes", title: reader(stored.segment.details.name),
      columns: [.init("day", reader("День", "Day"), .text), reader.countColumn("members", reader("Участников", "Members"))],
      zone: reader.zone, rows: sizes.map { [.text("\($0.day)"), .count($0.members)] })
  }
}

/// Who is in a segment as a file: ids, and the account's own fields that its reader may see.
struct SegmentTable: Sendable {
  let fields: FieldCatalogue
  let members: Members
  let visit: Visit

  private var heads: [TableFile.Column] { FieldColumns.heads(fields, visit) }
  var columns: [TableFile.Column] { [.init("member", visit.reader("Участник", "Member"), .text)] + heads }

  /// Without fields of its own an account's file needs nobody's data.
  func rows(_ ids: [MemberID], in tx: inout Transaction) throws -> [[TableFile.Cell]] {
    let heads = heads
    let known = try heads.isEmpty ? [:] : members.members(ids, in: &tx)
    return ids.map { id in
      let own = known[id].map { FieldColumns.texts(of: $0, fields, visit) } ?? heads.map { _ in "" }
      return [.text("\(id)")] + own.map { .text($0) }
    }
  }
}
