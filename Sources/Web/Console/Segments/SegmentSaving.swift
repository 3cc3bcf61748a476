import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage

/// Keeping a segment: its condition, its name, and taking it off the shelf.
extension ConsoleDesk {
  /// A new segment, or another condition of one that is known. Sent twice it is one segment: the second time it is there already.
  func saveSegment(_ visit: Visit) async throws -> Answer {
    let (form, programme, change) = (visit.form, try visit.programme, change(visit))
    let id = SegmentID(form["id"])
    let state = try await segmentState(visit, id, form.values)
    guard let condition = state.condition else { throw Self.emptySegment }
    let bench = try await RuleBench.of(visit, database)
    let json = bench.segmentForm.json(condition)
    let segments = Segments(of: programme.account)
    do {
      let saved = try await database.write { tx -> SegmentID in
        let details = try Self.details(id, form, segments, json, in: &tx)
        if let id { try Self.refuseCircle(id, condition, segments, programme, bench, &tx) }
        return try segments.save(details, condition: json, programme: programme.id, by: change, in: &tx)
      }
      _ = try await floors.refresh(programme.id)
      return .redirect("\(SegmentState.path)/\(saved)")
    } catch let problem as Problem {
      var view = try await segmentView(state, visit)
      view.refusal = problem
      var answer = visit.show(SegmentPage(view: view, visit: visit, typed: form).page, in: .segments)
      answer.status = 422
      return answer
    }
  }

  private static func details(
    _ id: SegmentID?, _ form: Form, _ segments: Segments, _ json: JSON, in tx: inout Transaction
  ) throws -> SegmentDetails {
    if let id { return try segments.summary(id, in: &tx).segment.details }
    let name = LocalText(ru: form["ru"], en: form["en"].isEmpty ? form["ru"] : form["en"])
    let details = SegmentDetails(code: form["code"], name: name, kind: form["kind"] == "snapshot" ? .snapshot : .dynamic)
    // Another's code would make it another segment.
    if let known = try segments.segments(codes: [details.code], in: &tx)[details.code] {
      let condition = try segments.summary(known.id, in: &tx).rule?.condition
      guard known.details == details, condition?.compact == json.compact else { throw taken("code") }
    }
    return details
  }

  /// A segment that is asked for in its own condition would never come to rest.
  private static func refuseCircle(
    _ id: SegmentID, _ condition: SegmentCondition, _ segments: Segments, _ programme: Programme, _ bench: RuleBench,
    _ tx: inout Transaction
  ) throws {
    var form = bench.segmentForm
    var named: [SegmentID: [SegmentID]] = [:]
    for rule in try segments.rules(of: programme.id, in: &tx) where rule.segment != id {
      // What cannot be read any more is not computed either.
      do { named[rule.segment] = try form.condition(rule.condition).namedSegments } catch { continue }
    }
    var (open, seen) = (condition.namedSegments, Set<SegmentID>())
    while let next = open.popLast() {
      guard next != id else {
        throw Problem(
          .conflict, "segment_circle", "the segment would depend on itself",
          cashier: LocalText(
            ru: "Так сегмент зависел бы сам от себя: он стоит в условии другого, который вы назвали",
            en: "The segment would depend on itself: another one that you named asks for it"))
      }
      if seen.insert(next).inserted { open += named[next] ?? [] }
    }
  }

  static let emptySegment = Problem(
    .invalid, "empty_segment", "a segment needs a condition",
    cashier: LocalText(ru: "Добавьте хотя бы одно условие", en: "Add at least one condition"))

  func renameSegment(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.segmentID(visit), visit.form, change(visit))
    let segments = Segments(of: try visit.programme.account)
    try await database.write { tx in
      let known = try segments.summary(id, in: &tx).segment.details
      let name = LocalText(ru: form["ru"], en: form["en"])
      _ = try segments.save([SegmentDetails(code: known.code, name: name, kind: known.kind)], by: change, in: &tx)
    }
    return .redirect("\(SegmentState.path)/\(id)")
  }

  /// Off the shelf where nothing names it, or back on it.
  func archiveSegment(_ visit: Visit) async throws -> Answer {
    let (id, isBack, change, zones) = (try Self.segmentID(visit), visit.form["act"] == "restore", change(visit), zones)
    let account = try visit.programme.account
    let segments = Segments(of: account)
    do {
      try await database.write { tx in
        if isBack { return try segments.restore(id, by: change, in: &tx) }
        try segments.archiveUnused(id, in: Programmes(of: account, zones: zones).all(in: &tx), by: change, in: &tx)
      }
      return .redirect(isBack ? "\(SegmentState.path)/\(id)" : SegmentState.path)
    } catch let problem as Problem where problem.code == "segment_used" {
      return try await refused(id, problem, visit)
    }
  }

  private func refused(_ id: SegmentID, _ problem: Problem, _ visit: Visit) async throws -> Answer {
    if var answer = try await staticList(id, visit, problem) {
      answer.status = 422
      return answer
    }
    var view = try await segmentView(segmentState(visit, id, [:]), visit)
    view.refusal = problem
    var answer = visit.show(SegmentPage(view: view, visit: visit).page, in: .segments)
    answer.status = 422
    return answer
  }
}
