import Access
import Customers
import Imports
import Insight
import Kernel
import Loyalty
import Storage

/// What the account says of its members' attributes: fields, and dictionaries that they choose from.
extension ConsoleDesk {
  static let fieldsPath = "/console/fields"

  var fieldDoors: [Door] {
    let path = Self.fieldsPath
    return [
      .page(path, .seeMembers, fieldList), .form(path, .changeProgramme) { try await self.saveField($0, nil) },
      .form("\(path)/policy", .changeProgramme, setFieldPolicy),
      .page("\(path)/new", .changeProgramme) { visit in
        try await self.fieldForm(visit, nil, FieldForm.blank(Form(visit.call.query)["code"]), nil)
      },
      .page("\(path)/{field}", .seeMembers, fieldPage),
      .page("\(path)/{field}/edit", .changeProgramme) { visit in
        let known = try await self.shelvedField(visit).field.details
        return try await self.fieldForm(visit, known, FieldForm.form(of: known), nil)
      },
      .form("\(path)/{field}", .changeProgramme) { visit in
        try await self.saveField(visit, try await self.shelvedField(visit).field.details)
      },
      .form("\(path)/{field}/archive", .changeProgramme, archiveField),
    ] + dictionaryDoors
  }

  private func shelvedField(_ visit: Visit) async throws -> FieldBook.Shelved {
    guard let code = visit.call.path["field"] else { throw Self.noPage }
    let book = FieldBook(of: visit.account.id)
    return try await database.read { tx in try book.field(code, in: &tx) }
  }

  func fieldList(_ visit: Visit) async throws -> Answer {
    let (account, onceMore) = (visit.account.id, Form(visit.call.query)["archived"] == "on")
    let view = try await database.read { tx in
      let book = FieldBook(of: account)
      return FieldListPage.View(
        fields: try book.shelf(in: &tx), onlyDefined: try book.onlyDefined(in: &tx), isArchive: onceMore,
        dictionaries: try Dictionaries(of: account).all(in: &tx).map { known in
          (known, try Dictionaries(of: account).count(of: known.id, in: &tx).living)
        })
    }
    return visit.show(FieldListPage(view: view, visit: visit).page, in: .fields)
  }

  /// Everything that names a field or a value; files that are still to be taken in among it.
  static func uses(
    of naming: FieldNaming, _ account: AccountID, _ zones: @escaping @Sendable (String) -> Zone?, _ tx: inout Transaction
  ) throws -> FieldUses {
    var uses = try FieldUses(of: naming, in: Programmes(of: account, zones: zones).all(in: &tx), &tx)
    let files = try Uploads(of: account).latest(limit: Limits.page, in: &tx).filter { upload in
      upload.isOpen && upload.mapping.map(naming.isNamed(inMapping:)) ?? false
    }
    uses.add(files.map { .init(.file, "\($0.id)", LocalText(ru: $0.name, en: $0.name), path: "/console/imports/\($0.id)") })
    return uses
  }

  func fieldPage(_ visit: Visit) async throws -> Answer { try await fieldPage(visit, nil) }

  private func fieldPage(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (known, account, zones) = (try await shelvedField(visit), visit.account.id, zones)
    let uses = try await database.read { tx in
      try Self.uses(of: FieldNaming(field: known.field.details.code), account, zones, &tx)
    }
    var answer = visit.show(FieldPage(known: known, uses: uses, refusal: refusal, visit: visit).page, in: .fields)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  private func fieldForm(
    _ visit: Visit, _ field: MemberFieldDetails?, _ form: Form, _ refusal: Problem?
  ) async throws -> Answer {
    let account = visit.account.id
    let dictionaries = try await database.read { tx in try Dictionaries(of: account).all(in: &tx) }
    let page = FieldForm(field: field, dictionaries: dictionaries.map(\.details), form: form, refusal: refusal, visit: visit)
    var answer = visit.show(page.page, in: .fields)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sent twice it makes one field: the second time it is there already, just so.
  private func saveField(_ visit: Visit, _ old: MemberFieldDetails?) async throws -> Answer {
    let (account, change) = (visit.account.id, change(visit))
    do {
      let field = try FieldForm.field(visit.form, over: old)
      try await database.write { tx in
        let book = FieldBook(of: account)
        if old == nil, let known = try book.shelf(in: &tx).first(where: { $0.field.details.code == field.code }),
          known.field.details != field
        {
          throw Self.taken("code")
        }
        _ = try book.save([field], by: change, in: &tx)
      }
      return .redirect("\(Self.fieldsPath)/\(queryText(field.code))")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await fieldForm(visit, old, visit.form, problem)
    }
  }

  func archiveField(_ visit: Visit) async throws -> Answer {
    let (known, account, change, zones) = (try await shelvedField(visit), visit.account.id, change(visit), zones)
    let (code, restores) = (known.field.details.code, visit.form["act"] == "restore")
    do {
      try await database.write { tx in
        try FieldBook(of: account).setArchived(!restores, code, by: change, in: &tx)
        if !restores { try Self.uses(of: FieldNaming(field: code), account, zones, &tx).refuseAny() }
      }
    } catch let problem as Problem where problem.kind == .conflict { return try await fieldPage(visit, problem) }
    return .redirect("\(Self.fieldsPath)/\(queryText(code))")
  }

  func setFieldPolicy(_ visit: Visit) async throws -> Answer {
    let (account, change, isOn) = (visit.account.id, change(visit), visit.form.has("onlyDefined"))
    try await database.write { tx in try FieldBook(of: account).setOnlyDefined(isOn, by: change, in: &tx) }
    return .redirect(Self.fieldsPath)
  }
}
