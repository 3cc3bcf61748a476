import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage

/// Segments: the list, the builder, and what is done with one.
extension ConsoleDesk {
  var segmentDoors: [Door] {
    let path = SegmentState.path
    return [
      .page(path, .seeFigures, segmentList),
      .page("\(path)/new", .seeFigures) { visit in try await self.segment(visit, nil) },
      .form("\(path)/clause", .seeFigures, setClause),
      .form("\(path)/text", .seeFigures, setText),
      .form("\(path)/save", .changeProgramme, saveSegment),
      .page("\(path)/lists/new", .changeProgramme) { visit in try await self.memberListForm(visit, nil, nil) },
      .file("\(path)/lists", .changeProgramme, receiveMemberList),
      .page("\(path)/{segment}", .seeFigures) { visit in try await self.segment(visit, Self.segmentID(visit)) },
      .form("\(path)/{segment}/name", .changeProgramme, renameSegment),
      .form("\(path)/{segment}/archive", .changeProgramme, archiveSegment),
      .page("\(path)/{segment}/members", .seeMembers, segmentMembers),
      .page("\(path)/{segment}/lists", .changeProgramme) { visit in try await self.memberListForm(visit, Self.segmentID(visit), nil)
      },
    ] + Door.file("\(path)/{segment}/members", .seeMembers, segmentMembersFile)
      + Door.file("\(path)/{segment}/sizes", .seeFigures, segmentSizesFile)
  }

  static func segmentID(_ visit: Visit) throws -> SegmentID {
    guard let id = visit.call.path["segment"].flatMap({ SegmentID($0) }) else { throw noPage }
    return id
  }

  // MARK: the list

  func segmentList(_ visit: Visit) async throws -> Answer {
    let (programme, query) = (try visit.programme, Form(visit.call.query))
    let (isArchive, before) = (query["archived"] == "on", SegmentID(query["before"]))
    let since = try today(of: visit).adding(days: -92)
    let segments = Segments(of: programme.account)
    let book = visit.sales?.rules
    let list = try await database.read { tx in
      let all = try segments.shelf(archived: isArchive, before: before, limit: SegmentList.size, in: &tx)
      return SegmentList(
        segments: all, sizes: try segments.sizes(of: all.map(\.id), since: since, in: &tx), isArchive: isArchive,
        next: all.count == SegmentList.size ? all.last?.id : nil, uses: SegmentList.uses(of: book))
    }
    return visit.show(SegmentListPage(list: list, visit: visit).page, in: .segments)
  }

  // MARK: the builder

  private func segment(_ visit: Visit, _ id: SegmentID?) async throws -> Answer {
    if let id, visit.call.query["q"] == nil, let list = try await staticList(id, visit) { return list }
    var (state, phrase) = (try await segmentState(visit, id, visit.call.query), PhraseReading?.none)
    let asked = visit.call.query["phrase"] ?? ""
    if !asked.isEmpty {
      let read = try await read(phrase: asked, visit)
      phrase = read
      if visit.call.query["q"] == nil, let condition = read.condition { state.parts = condition.parts }
    }
    var view = try await segmentView(state, visit)
    view.phrase = phrase
    if visit.call.query["text"] == "on" { view.text = state.condition.map { view.form.json($0).pretty } ?? "" }
    open(&view, visit)
    view.fields = try await fields(of: view, visit)
    return visit.show(SegmentPage(view: view, visit: visit).page, in: .segments)
  }

  func read(phrase: String, _ visit: Visit) async throws -> PhraseReading {
    let (bench, programme) = (try await RuleBench.of(visit, database), try visit.programme)
    let text = String(phrase.prefix(PhraseReader.longest))
    return try await database.read { tx in
      let fields = try FieldBook(of: programme.account).catalogue(.nothing, in: &tx).fields.filter(visit.sees)
      let names = try SegmentNames(
        of: programme, catalogue: bench.catalogue, stores: bench.stores, fields: fields, in: &tx)
      return try PhraseReader(names: names, codes: bench.names, currency: programme.settings.terms.currency).read(text, in: &tx)
    }
  }

  /// Fills the form of the condition that is open with what it says.
  private func open(_ view: inout SegmentView, _ visit: Visit) {
    switch view.state.edit {
    case .change(let place):
      guard let condition = view.state.condition(at: place), condition.kind != nil,
        let form = SegmentClause.form(of: condition, view.bench.names, visit.reader)
      else {
        // What a form cannot say is edited as text.
        view.state.edit = nil
        view.text = view.state.condition.map { view.form.json($0).pretty }
        return
      }
      view.clause = (form, nil)
    case .add(.memberAttribute, _):
      let name = visit.call.query["field"] ?? ""
      view.clause = (Form(SegmentClause.blank(.memberAttribute).values.merging(["name": name]) { $1 }), nil)
    case .add(let kind, _): view.clause = (SegmentClause.blank(kind), nil)
    case nil: break
    }
  }

  /// One statement, and the values of the field that is asked of.
  private func fields(of view: SegmentView, _ visit: Visit) async throws -> FieldCatalogue {
    let (account, name) = (visit.account.id, view.clause?.form["name"] ?? "")
    return try await database.read { tx in try FieldBook(of: account).catalogue(.fields([name]), in: &tx) }
  }

  /// - Parameter query: of the page's address, or the same as hidden fields of a form.
  func segmentState(_ visit: Visit, _ id: SegmentID?, _ query: [String: String]) async throws -> SegmentState {
    let (bench, programme) = (try await RuleBench.of(visit, database), try visit.programme)
    var form = bench.segmentForm
    var condition: SegmentCondition?
    if let text = query["q"], !text.isEmpty {
      condition = try form.condition(Self.json(text))
    } else if let id, query["q"] == nil {
      let segments = Segments(of: programme.account)
      let rule = try await database.read { tx in try segments.summary(id, in: &tx).rule }
      // One that names what is gone is shown as empty, with what is wrong.
      do { condition = try rule.map { try form.condition($0.condition) } } catch is Problem { condition = nil }
    }
    var state = SegmentState(id: id, condition)
    if let text = query["edit"], let place = SegmentState.Place(text) { state.edit = .change(place) }
    if let kind = query["add"].flatMap(SegmentState.Kind.init(rawValue:)), let target = SegmentState.Target(query["at"] ?? "") {
      state.edit = .add(kind, to: target)
    }
    state.fresh = query["group"].flatMap(SegmentState.GroupKind.init(rawValue:))
    state.on = query["on"].flatMap { CivilDay($0) }
    state.who = String((query["who"] ?? "").prefix(Limits.code))
    return state
  }

  static func json(_ text: String) throws(Problem) -> JSON {
    do { return try JSON.parse(text) } catch {
      throw Problem(
        .invalid, "invalid_input", "this is no JSON: \(error)",
        cashier: LocalText(
          ru: "Условие не читается: это не JSON. Откройте сегмент заново",
          en: "The condition cannot be read: it is no JSON. Open the segment again"))
    }
  }

  // MARK: one condition

  /// Takes the form of one condition: leads back to the builder, or shows what is wrong. `try` shows the figures and keeps the form open.
  func setClause(_ visit: Visit) async throws -> Answer {
    let form = visit.form
    var state = try await segmentState(visit, SegmentID(form["id"]), form.values)
    guard let edit = state.edit, let kind = kind(of: edit, in: state) else { throw Self.brokenForm }
    let (bench, programme, reader) = (try await RuleBench.of(visit, database), try visit.programme, visit.reader)
    let clause = try await database.read { tx in
      let names = try SegmentNames(of: programme, catalogue: bench.catalogue, stores: bench.stores, in: &tx)
      let fields = try FieldBook(of: programme.account).catalogue(.fields([form["name"]]), in: &tx)
      return try SegmentClause(kind, form, names, fields, bench.segmentForm, reader, in: &tx)
    }
    let isTrial = form["act"] == "try"
    guard let condition = clause.condition else { return try await showClause(state, clause, isTrial, visit) }
    let place: SegmentState.Place
    switch edit {
    case .change(let known):
      state.put(condition, at: known)
      place = known
    case .add(_, let target): place = state.add(condition, to: target)
    }
    guard (state.condition?.size ?? 0) <= SegmentCondition.mostParts else {
      throw Problem(.invalid, "too_many", "at most \(SegmentCondition.mostParts) conditions, nested ones counted")
    }
    if isTrial {
      state.edit = .change(place)
      return try await showClause(state, clause, isTrial, visit)
    }
    return .redirect(try state.with { _ in }.checkedAddress(bench.segmentForm))
  }

  private func kind(of edit: SegmentState.Edit, in state: SegmentState) -> SegmentState.Kind? {
    switch edit {
    case .add(let kind, _): kind
    case .change(let place): state.condition(at: place)?.kind
    }
  }

  private func showClause(_ state: SegmentState, _ clause: SegmentClause, _ isTrial: Bool, _ visit: Visit) async throws -> Answer {
    var view = try await segmentView(state, visit)
    view.clause = (visit.form, clause.refusal)
    view.fields = try await fields(of: view, visit)
    var answer = visit.show(SegmentPage(view: view, visit: visit).page, in: .segments)
    if clause.refusal != nil, !isTrial { answer.status = 422 }
    return answer
  }

  /// The whole condition as it is written.
  func setText(_ visit: Visit) async throws -> Answer {
    let (form, bench) = (visit.form, try await RuleBench.of(visit, database))
    let id = SegmentID(form["id"])
    var codes = bench.segmentForm
    do {
      let condition = try codes.condition(Self.json(form["text"]))
      return .redirect(try SegmentState(id: id, condition).checkedAddress(codes))
    } catch let problem {
      var view = try await segmentView(SegmentState(id: id, nil), visit)
      (view.text, view.refusal) = (form["text"], problem)
      var answer = visit.show(SegmentPage(view: view, visit: visit).page, in: .segments)
      answer.status = 422
      return answer
    }
  }
}
