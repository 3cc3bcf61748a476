import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// A promotion on the desk: what the form was opened with, what was typed, and what is wrong with it.
struct PromotionEditing: Sendable {
  /// Nil while it is new.
  var stored: StoredPromotion?
  /// What the form cannot show comes from here: the version that was opened, or the promotion that is copied.
  var base: Promotion?
  let copied: PromotionID?
  let bench: RuleBench
  let tiers: [Known<TierDetails>]
  let segments: [Known<SegmentDetails>]
  let names: RuleNames
  var form: Form
  var faults: [String: String] = [:]
  var candidates: [ListField: [(code: String, name: String)]] = [:]
  var refusal: Problem?
  /// What somebody else saved meanwhile.
  var meanwhile: [Sentence]?
  var reading: TrialReading
  var trial: Trial?
  /// The promotion that was tried.
  var tried: PromotionID?

  var path: String { stored.map { "/console/promotions/\($0.id)/edit" } ?? "/console/promotions/new" }

  /// - Parameter names: of products, by code.
  func shape(_ reader: Reader, products: [String: String] = [:]) -> PromotionShape? {
    base.map { base in
      PromotionShape(base, bench) { kind, id in
        let code = bench.names.code(kind, id) ?? String(id)
        let name =
          switch kind {
          case .product: products[code] ?? code
          case .category: names.name(.category, CategoryID(id))
          case .store: names.name(.store, StoreID(id))
          case .segment: segments.first { $0.id.raw == id }.map { reader($0.details.name) } ?? code
          default: code
          }
        return BracketedCode.text(name, code)
      }
    }
  }
}

extension ConsoleDesk {
  func newPromotion(_ visit: Visit) async throws -> Answer {
    let copied = visit.call.query["copy"].flatMap { PromotionID($0) }
    var editing = try await editing(visit, of: nil, copied: copied)
    if copied != nil {
      editing.form.set("/code", "")
      for (field, word) in [("/name/ru", " (копия)"), ("/name/en", " (copy)")] {
        editing.form.set(field, editing.form[field] + word)
      }
    }
    return show(editing, visit)
  }

  func editPromotion(_ visit: Visit) async throws -> Answer {
    guard let id = visit.call.path["promotion"].flatMap({ PromotionID($0) }) else { throw Self.noPage }
    let editing = try await editing(visit, of: id, copied: nil)
    // What cannot be read cannot stand in a form.
    return editing.base == nil ? .redirect("/console/promotions/\(id)/text") : show(editing, visit)
  }

  func makePromotion(_ visit: Visit) async throws -> Answer { try await save(visit, nil) }

  func savePromotion(_ visit: Visit) async throws -> Answer {
    guard let id = visit.call.path["promotion"].flatMap({ PromotionID($0) }) else { throw Self.noPage }
    return try await save(visit, id)
  }

  /// One button of the form: add something to a list, try on a basket, or save.
  private func save(_ visit: Visit, _ id: PromotionID?) async throws -> Answer {
    let copied = PromotionID(visit.form["copy"])
    var editing = try await editing(visit, of: id, version: Int64(visit.form["version"]), copied: copied)
    guard let promotion = try await read(&editing, visit) else {
      return show(editing, visit, isRefused: visit.form["act"] != "add")
    }
    editing.tried = promotion.id
    switch visit.form["act"] {
    case "save": return try await save(promotion, &editing, visit)
    case "preview":
      if let basket = editing.reading.basket {
        editing.trial = try await trial(of: promotion, basket, editing.bench, at: visit.call.at)
      }
    default: break
    }
    return show(editing, visit)
  }

  private func save(_ promotion: Promotion, _ editing: inout PromotionEditing, _ visit: Visit) async throws -> Answer {
    let (bench, change, version) = (editing.bench, change(visit), Int64(visit.form["version"]))
    if let stored = editing.stored, let base = editing.base, stored.version == version, base == promotion {
      return .redirect("/console/promotions/\(stored.id)")
    }
    let row = PromotionDetails(code: promotion.code, body: bench.writer.promotion(promotion))
    do {
      let id = try await database.write { tx in
        try Promotions(of: bench.programme).revise(row, from: version, by: change, in: &tx)
      }
      _ = try await floors.refresh(bench.programme.id)
      return .redirect("/console/promotions/\(id)")
    } catch let problem as Problem where problem.kind == .conflict || problem.kind == .invalid {
      if problem.code == "code_taken" { editing.faults["/code"] = visit.reader.sentence(problem) }
      editing.refusal = problem
      if problem.code == "promotion_moved" { try await meet(&editing, visit) }
      return show(editing, visit, isRefused: true)
    }
  }

  /// Somebody else was faster: what they wrote is shown, what was typed stays, and the next save is over theirs.
  private func meet(_ editing: inout PromotionEditing, _ visit: Visit) async throws {
    guard let id = editing.stored?.id else { return }
    let theirs = try await self.editing(visit, of: id, copied: nil)
    let words = PromotionWords(
      reader: visit.reader, names: theirs.names, pointsName: theirs.bench.programme.settings.pointsName)
    let mine =
      editing.base.map { PromotionWords(reader: visit.reader, names: editing.names, pointsName: words.pointsName).sentences($0) }
      ?? []
    editing.meanwhile = mine
    editing.stored = theirs.stored
    editing.base = theirs.base
    editing.form.set("version", theirs.form["version"])
  }

  /// What was typed as a promotion; nil where something is wrong, which is then noted.
  private func read(_ editing: inout PromotionEditing, _ visit: Visit) async throws -> Promotion? {
    let (bench, segments, reader, form) = (editing.bench, editing.segments, visit.reader, visit.form)
    let lists = try await database.read { tx in ReadLists(try PromotionLists(form, bench, segments, reader, in: &tx)) }
    editing.form = lists.form
    editing.faults = lists.faults
    editing.candidates = lists.candidates
    editing.reading = try await readTrial(form, bench, visit)
    if editing.stored != nil { editing.form.set("/code", editing.stored?.code ?? "") }
    let isTrial = visit.form["act"] == "preview"
    let body = PromotionBody(
      isTrial ? Self.called(editing.form) : editing.form, lists.codes, tiers: editing.tiers.map(\.details.code),
      over: editing.shape(reader), bench)
    let id = editing.stored?.id ?? ids.next(at: visit.call.at)
    let (promotion, issues) = bench.read(body.json, id: id)
    for issue in issues where editing.faults[body.field(of: issue)] == nil {
      editing.faults[body.field(of: issue)] = IssueWords.sentence(issue, reader)
    }
    if editing.stored == nil, !isTrial, !isCode(editing.form["/code"]) {
      editing.faults["/code"] = reader("Код: от 1 до \(Limits.code) знаков", "A code has 1 to \(Limits.code) characters")
    }
    // Who adds to a list has not finished the rest yet.
    if visit.form["act"] == "add" { editing.faults = lists.faults }
    return editing.faults.isEmpty ? promotion : nil
  }

  /// What is only tried need not have a name yet.
  private static func called(_ form: Form) -> Form {
    var form = form
    for field in ["/code", "/name/ru", "/name/en"] where form[field].isEmpty { form.set(field, "–") }
    return form
  }

  /// The form as it is opened.
  private func editing(
    _ visit: Visit, of id: PromotionID?, version: Int64? = nil, copied: PromotionID?
  ) async throws -> PromotionEditing {
    let (known, reader) = (try await RuleBench.of(visit, database), visit.reader)
    return try await database.read { tx in
      var bench = known
      bench.fields = try FieldBook(of: bench.programme.account).catalogue(offering: SegmentClause.mostTicks, in: &tx)
      let promotions = Promotions(of: bench.programme)
      let stored = try id.map { try promotions.promotion($0, in: &tx) }
      let source = try stored ?? copied.map { try promotions.promotion($0, in: &tx) }
      var body = source?.body
      if let stored, let version, version != stored.version {
        body = try promotions.body(of: stored.id, version: version, in: &tx)
      }
      let base = source.flatMap { source in body.flatMap { bench.read($0, id: source.id).promotion } }
      let tiers = try bench.programme.tiers.all(in: &tx).values.sorted { $0.details.rank < $1.details.rank }
      let segments = try Segments(of: bench.programme.account).all(limit: Limits.page, archivedToo: false, in: &tx)
      let names = try RuleNames(for: [base].compactMap { $0 }, bench, reader, in: &tx)
      var editing = PromotionEditing(
        stored: stored, base: base, copied: copied, bench: bench, tiers: Array(tiers), segments: segments, names: names,
        form: Form(), reading: TrialReading(form: Form()))
      let sets = (base?.namedGoods ?? []).compactMap { GoodsSets($0) }.flatMap(\.lists).filter { $0.field.kind == .product }
        .flatMap(\.ids)
      let products = try PromotionLists.names(
        ofProducts: sets.compactMap { bench.names.code(.product, $0) }, bench, reader, in: &tx)
      editing.form = editing.shape(reader, products: products)?.form ?? Self.blank
      editing.form.set("version", stored.map { String($0.version) } ?? "")
      return editing
    }
  }

  /// A new promotion begins with what most have.
  private static var blank: Form {
    Form([
      "benefit": "percent", "/priority": "100", "till": "on", "buy": "2", "free": "1", "reduction": "100", "gift-units": "1",
      "choice-picks": "1",
    ])
  }

  private func show(_ editing: PromotionEditing, _ visit: Visit, isRefused: Bool = false) -> Answer {
    var answer = visit.show(PromotionEditPage(editing: editing, visit: visit).page, in: .promotions)
    if isRefused { answer.status = 422 }
    return answer
  }
}

/// The lists of a form, as far as they leave the transaction.
private struct ReadLists: Sendable {
  let form: Form
  let codes: [ListField: [String]]
  let faults: [String: String]
  let candidates: [ListField: [(code: String, name: String)]]

  init(_ lists: PromotionLists) { (form, codes, faults, candidates) = (lists.form, lists.codes, lists.faults, lists.candidates) }
}

extension Promotion {
  /// The goods of its lists: what the benefit lands on, the groups of a bundle, and gifts to choose from.
  fileprivate var namedGoods: [ProductFilter] {
    if case .bundle(let bundle) = benefit {
      [target] + bundle.parts.map(\.goods)
    } else if case .giftChoice(let choice) = benefit {
      [target] + choice.gifts.map(\.goods)
    } else {
      [target]
    }
  }
}
