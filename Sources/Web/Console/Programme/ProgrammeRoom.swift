import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage

/// A programme's settings on the desk: what was typed over which version, and what is wrong with it.
struct ProgrammeEditing: Sendable {
  let programme: Programme
  /// Of the version that the form was opened with.
  var base: ProgrammeSettings
  let latest: ProgrammeVersion?
  let bench: RuleBench
  /// Codes and names.
  let brands: [(code: String, name: String)]
  var form: Form
  var faults: [String: String] = [:]
  var refusal: Problem?
  /// What somebody else changed meanwhile.
  var meanwhile: [ChangeRow]?
  /// What was typed, where it can be read; what is stored otherwise.
  var settings: ProgrammeSettings
  var terms: ProgrammeTerms
  var reading: TrialReading
  var trial: Trial?
  var isSaved = false
  /// A higher limit of approval that waits for a second person.
  var limit: ApprovalChange?

  /// True where tills still price by other terms than the stored ones.
  var isWaiting: Bool {
    guard let book = bench.book else { return false }
    var terms = book.terms
    terms.spending.exceptions = []
    for place in terms.favourites.indices { terms.favourites[place].goods = .everything }
    let groups = book.groups.filter { !$0.name.isEmpty }
    return terms != programme.settings.terms || groups != programme.settings.groups.filter { !$0.name.isEmpty }
  }
}

extension ConsoleDesk {
  var programmeDoors: [Door] {
    [
      .page("/console/programme", .changeProgramme, programme),
      .form("/console/programme", .changeProgramme, saveProgramme),
      .form("/console/programme/approval", .changeProgramme, decideLimit),
      .page("/console/programme/versions", .changeProgramme, programmeVersions),
    ]
  }

  func programme(_ visit: Visit) async throws -> Answer { try await programme(visit, refusal: nil) }

  func programme(_ visit: Visit, refusal: Problem?) async throws -> Answer {
    var editing = try await editing(visit, nil)
    editing.refusal = refusal
    guard refusal == nil else { return show(editing, visit, isRefused: true) }
    editing.isSaved = visit.call.query["saved"] != nil
    return show(editing, visit)
  }

  /// One button of the form: look at what follows, or save.
  func saveProgramme(_ visit: Visit) async throws -> Answer {
    var editing = try await editing(visit, Int64(visit.form["version"]))
    guard let json = try await read(&editing, visit) else { return show(editing, visit, isRefused: true) }
    guard visit.form["act"] == "save" else {
      if let basket = editing.reading.basket { editing.trial = try await trial(editing, basket, at: visit.call.at) }
      return show(editing, visit)
    }
    do {
      try await save(json, editing, visit)
      return .redirect("/console/programme?saved=1")
    } catch let problem as Problem where problem.kind == .conflict || problem.kind == .invalid {
      let places = SettingsJSON(editing.form, over: editing.base, brands: editing.brands.map(\.code))
      for issue in problem.issues { editing.faults[places.field(of: issue)] = IssueWords.sentence(issue, visit.reader) }
      editing.refusal = problem
      if problem.code == "programme_changed" { try await meet(&editing, visit) }
      return show(editing, visit, isRefused: true)
    }
  }

  /// A new version; tills go over to it at once where they have rules already.
  private func save(_ json: JSON, _ editing: ProgrammeEditing, _ visit: Visit) async throws {
    let (id, account, zones, change) = (editing.programme.id, visit.account.id, zones, change(visit))
    let version = Int64(editing.form["version"]) ?? editing.programme.version
    guard editing.bench.book != nil else {
      try await database.write { tx in
        let saved = try Programmes(of: account, zones: zones).revise(id, json, from: version, by: change, in: &tx)
        try tell(ofLimit: saved, visit, by: change, in: &tx)
      }
      return
    }
    try await publish(.settings, visit, names: editing.bench.names) { programme, tx in
      let saved = try Programmes(of: account, zones: zones).revise(id, json, from: version, by: change, in: &tx)
      try self.tell(ofLimit: saved, visit, by: change, in: &tx)
    }
  }

  /// What was typed as settings; nil where something is wrong, which is then noted.
  private func read(_ editing: inout ProgrammeEditing, _ visit: Visit) async throws -> JSON? {
    let reader = visit.reader
    editing.form = visit.form
    editing.reading = try await readTrial(visit.form, editing.bench, visit)
    let made = SettingsJSON(visit.form, over: editing.base, brands: editing.brands.map(\.code))
    for field in made.missing { editing.faults[field] = reader("Заполните это поле", "Fill this in") }
    let issues = IssueList()
    let settings = ProgrammeSettings(JSONNode(made.json, issues: issues), zones: zones)
    var rules = RuleReader(names: editing.bench.names, amounts: AmountForm(settings.terms))
    let terms = rules.terms(JSONNode(made.json, issues: issues)["terms"])
    for issue in issues.issues where editing.faults[made.field(of: issue)] == nil {
      let line = HolidayLines.line(of: issue, in: made.json).map { $0 + ": " } ?? ""
      editing.faults[made.field(of: issue)] = line + IssueWords.sentence(issue, reader)
    }
    let groups = Set(settings.groups.map(\.name) + [""])
    if let user = editing.bench.book?.promotions.first(where: { !groups.contains($0.group) }) {
      editing.faults["/groups"] = reader(
        "Группа «\(user.group)» нужна акции «\(user.name.ru)»: её нельзя убрать",
        "The group “\(user.group)” is needed by the promotion “\(user.name.en)”: it cannot go")
    }
    guard editing.faults.isEmpty else { return nil }
    (editing.settings, editing.terms) = (settings, terms)
    return made.json
  }

  private func trial(_ editing: ProgrammeEditing, _ basket: TrialBasket, at now: Instant) async throws -> Trial {
    let book = editing.bench.book
    let next = RuleBook(
      version: (book?.version ?? 0) + 1, terms: editing.terms, groups: editing.settings.groups, promotions: book?.promotions ?? [])
    return try await tryOut(
      basket, editing.programme, now: book.map { Trial.Rules(settings: editing.programme.settings, book: $0) },
      next: Trial.Rules(settings: editing.settings, book: next), at: now)
  }

  private func meet(_ editing: inout ProgrammeEditing, _ visit: Visit) async throws {
    let theirs = try await self.editing(visit, nil)
    editing.meanwhile = SettingsHistory(reader: visit.reader).changes(from: editing.base.json, to: theirs.base.json)
    editing.base = theirs.base
    editing.form.set("version", theirs.form["version"])
  }

  /// The form as it is opened. - Parameter version: the one it was opened with; nil for the latest.
  private func editing(_ visit: Visit, _ version: Int64?) async throws -> ProgrammeEditing {
    let bench = try await RuleBench.of(visit, database)
    let (id, account, zones) = (bench.programme.id, visit.account.id, zones)
    return try await database.read { tx in
      let programmes = Programmes(of: account, zones: zones)
      let programme = try programmes.programme(id, in: &tx)
      var base = programme.settings
      if let version, version != programme.version { base = try programmes.programme(id, version: version, in: &tx).settings }
      let brands = try Places(of: account).brands(in: &tx).map { ($0, $1.details.name) }.sorted { $0.0 < $1.0 }
      var form = SettingsForm.form(of: base, brands: brands.map(\.0))
      form.set("version", String(version ?? programme.version))
      var editing = ProgrammeEditing(
        programme: programme, base: base, latest: try programmes.versions(of: id, limit: 1, in: &tx).first, bench: bench,
        brands: brands, form: form, settings: programme.settings, terms: bench.book?.terms ?? programme.settings.terms,
        reading: TrialReading(form: Form()))
      editing.limit = try ApprovalChanges(of: programme).waiting(in: &tx)
      return editing
    }
  }

  private func show(_ editing: ProgrammeEditing, _ visit: Visit, isRefused: Bool = false) -> Answer {
    var answer = visit.show(ProgrammePage(editing: editing, visit: visit).page, in: .programme)
    if isRefused { answer.status = 422 }
    return answer
  }
}
