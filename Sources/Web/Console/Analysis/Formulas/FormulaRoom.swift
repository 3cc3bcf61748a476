import Access
import Cube
import Insight
import Kernel
import Loyalty
import Storage

/// Where formulas have their pages.
enum FormulaPages {
  static let path = PivotState.path + "/formulas"
}

/// Values that a programme makes of others: the list, and a page of each to change it, with what shows it and what was done to it.
extension ConsoleDesk {
  var formulaDoors: [Door] {
    let one = "\(FormulaPages.path)/{formula}"
    return [
      .page(FormulaPages.path, .seeFigures, formulaList),
      .page("\(FormulaPages.path)/new", .changeProgramme) { visit in
        self.show(FormulaPage(view: nil, form: FormulaFields.blank, refusal: nil, visit: visit), visit)
      },
      .form("\(FormulaPages.path)/new", .changeProgramme, addFormula),
      .page(one, .seeFigures) { visit in try await self.formula(visit, nil) },
      .form(one, .changeProgramme, changeFormula),
      .form("\(one)/archive", .changeProgramme, archiveFormula),
    ]
  }

  private func formulaList(_ visit: Visit) async throws -> Answer {
    let book = FormulaBook(of: try visit.programme)
    let all = try await database.read { tx in try book.all(in: &tx) }
    return visit.show(FormulaListPage(all: all, visit: visit).page, in: .analysis)
  }

  private func show(_ page: FormulaPage, _ visit: Visit) -> Answer {
    var answer = visit.show(page.page, in: .analysis)
    if page.refusal != nil { answer.status = 422 }
    return answer
  }

  private func formulaID(_ visit: Visit) throws -> FormulaID {
    guard let id = visit.call.path["formula"].flatMap({ FormulaID($0) }) else { throw Self.noPage }
    return id
  }

  private func addFormula(_ visit: Visit) async throws -> Answer {
    let (book, details, change) = (FormulaBook(of: try visit.programme), FormulaFields.details(visit.form), change(visit))
    do {
      let id = try await database.write { tx in try book.add(details, by: change, in: &tx) }
      return .redirect("\(FormulaPages.path)/\(id)")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return show(FormulaPage(view: nil, form: visit.form, refusal: problem, visit: visit), visit)
    }
  }

  /// - Parameter refusal: of what was sent, which the form shows again.
  private func formula(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (id, programme) = (try formulaID(visit), try visit.programme)
    let view = try await database.read { tx in
      let book = FormulaBook(of: programme)
      let known = try book.formula(id, in: &tx)
      return FormulaView(
        formula: known, uses: try book.uses(of: known.details.code, in: &tx),
        history: try AuditTrail(of: programme.account).entries(of: id, limit: 20, in: &tx))
    }
    let isOurs = refusal != nil && visit.form.has("formula")
    let form = isOurs ? visit.form : FormulaFields.form(of: view.formula)
    return show(FormulaPage(view: view, form: form, refusal: refusal, visit: visit), visit)
  }

  private func changeFormula(_ visit: Visit) async throws -> Answer {
    let (id, book, change) = (try formulaID(visit), FormulaBook(of: try visit.programme), change(visit))
    let (details, seen) = (FormulaFields.details(visit.form), Int64(visit.form["version"]) ?? 0)
    do {
      try await database.write { tx in try book.change(id, to: details, seen: seen, by: change, in: &tx) }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await formula(visit, problem)
    }
    return .redirect("\(FormulaPages.path)/\(id)")
  }

  private func archiveFormula(_ visit: Visit) async throws -> Answer {
    let (id, isArchived, change) = (try formulaID(visit), visit.form["act"] == "archive", change(visit))
    guard isArchived || visit.form["act"] == "restore" else { throw Self.brokenForm }
    let book = FormulaBook(of: try visit.programme)
    do { try await database.write { tx in try book.setArchived(isArchived, id, by: change, in: &tx) } } catch let problem as Problem
      where problem.kind == .conflict
    { return try await formula(visit, problem) }
    return .redirect(isArchived ? FormulaPages.path : "\(FormulaPages.path)/\(id)")
  }
}

/// A formula with what shows it and what was done to it, the latest first.
struct FormulaView: Sendable {
  let formula: DefinedFormula
  let uses: [SavedReport]
  let history: [AuditEntry]
}
