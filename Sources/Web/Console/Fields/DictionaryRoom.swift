import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// Dictionaries that fields choose from, and their values.
extension ConsoleDesk {
  var dictionaryDoors: [Door] {
    let path = Self.fieldsPath + "/dictionaries"
    return [
      .page("\(path)/new", .changeProgramme) { visit in self.dictionaryForm(visit, nil) },
      .form(path, .changeProgramme, makeDictionary),
      .page("\(path)/{dictionary}", .seeMembers) { try await self.dictionary($0, nil) },
      .form("\(path)/{dictionary}", .changeProgramme, changeDictionary),
      .file("\(path)/{dictionary}/file", .changeProgramme, receiveDictionary),
    ] + Door.file("\(path)/{dictionary}/values", .seeMembers, dictionaryFile)
  }

  private func dictionaryForm(_ visit: Visit, _ refusal: Problem?) -> Answer {
    var answer = visit.show(DictionaryForm(form: visit.form, refusal: refusal, visit: visit).page, in: .fields)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func makeDictionary(_ visit: Visit) async throws -> Answer {
    let (account, change, form) = (visit.account.id, change(visit), visit.form)
    let name = LocalText(ru: form["ru"], en: form["en"].isEmpty ? form["ru"] : form["en"])
    do {
      try await database.write { tx in
        let known = try Dictionaries(of: account).all(in: &tx).first { $0.details.code == form["code"] }
        if let known, known.details.name != name { throw Self.taken("code") }
        try Dictionaries(of: account).save([DictionaryDetails(code: form["code"], name: name)], by: change, in: &tx)
      }
      return .redirect("\(Self.fieldsPath)/dictionaries/\(queryText(form["code"]))")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return dictionaryForm(visit, problem)
    }
  }

  private func dictionary(_ visit: Visit, _ refusal: Problem?, saved: Dictionaries.SavedValues? = nil) async throws -> Answer {
    guard let code = visit.call.path["dictionary"] else { throw Self.noPage }
    let (account, form, zones) = (visit.account.id, Form(visit.call.query), zones)
    let view = try await database.read { tx -> DictionaryPage.View in
      let dictionaries = Dictionaries(of: account)
      let known = try dictionaries.dictionary(code, in: &tx)
      let fields = try FieldBook(of: account).shelf(in: &tx).map(\.field.details).filter { $0.kind.dictionary == code }
      let naming = FieldNaming(values: [form["edit"]], of: Set(fields.map(\.code)))
      let uses = form["edit"].isEmpty ? nil : try Self.uses(of: naming, account, zones, &tx)
      return DictionaryPage.View(
        known: known, values: try dictionaries.values(of: known.id, in: &tx), fields: fields, page: max(0, Int(form["page"]) ?? 0),
        edited: form["edit"], uses: uses)
    }
    var answer = visit.show(DictionaryPage(view: view, refusal: refusal, saved: saved, visit: visit).page, in: .fields)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Renames it, adds a value or changes one. Each is harmless when repeated.
  func changeDictionary(_ visit: Visit) async throws -> Answer {
    guard let code = visit.call.path["dictionary"] else { throw Self.noPage }
    let (account, change, form, zones) = (visit.account.id, change(visit), visit.form, zones)
    let name = LocalText(ru: form["ru"], en: form["en"].isEmpty ? form["ru"] : form["en"])
    do {
      try await database.write { tx in
        let dictionaries = Dictionaries(of: account)
        let known = try dictionaries.dictionary(code, in: &tx)
        switch form["act"] {
        case "rename": try dictionaries.save([DictionaryDetails(code: code, name: name)], by: change, in: &tx)
        case "archive", "restore":
          guard let value = try dictionaries.values(of: known.id, in: &tx).first(where: { $0.code == form["value"] }) else {
            return
          }
          let next = DictionaryValue(code: value.code, name: value.name, rank: value.rank, isArchived: form["act"] == "archive")
          _ = try Self.save([next], of: code, by: change, account, zones, &tx)
        default:
          let before = try dictionaries.values(of: known.id, in: &tx).first { $0.code == form["value"] }
          let value = DictionaryValue(
            code: form["value"], name: name, rank: Int(form["rank"]) ?? before?.rank ?? 0, isArchived: before?.isArchived ?? false)
          try dictionaries.save([value], of: code, by: change, in: &tx)
        }
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await dictionary(visit, problem)
    }
    return .redirect("\(Self.fieldsPath)/dictionaries/\(queryText(code))")
  }

  /// Values that something names are not archived.
  /// - Throws: `Problem.conflict` (`dictionary_value_used`).
  private static func save(
    _ values: [DictionaryValue], of code: String, by change: Change, _ account: AccountID,
    _ zones: @escaping @Sendable (String) -> Zone?, _ tx: inout Transaction
  ) throws -> Dictionaries.SavedValues {
    let dictionaries = Dictionaries(of: account)
    let living = Set(
      try dictionaries.values(of: dictionaries.dictionary(code, in: &tx).id, in: &tx).filter { !$0.isArchived }.map(\.code))
    let saved = try dictionaries.save(values, of: code, by: change, in: &tx)
    let gone = Set(values.filter { $0.isArchived && living.contains($0.code) }.map(\.code))
    guard !gone.isEmpty else { return saved }
    let fields = try FieldBook(of: account).shelf(in: &tx).map(\.field.details).filter { $0.kind.dictionary == code }
    try uses(of: FieldNaming(values: gone, of: Set(fields.map(\.code))), account, zones, &tx).refuseAny("dictionary_value_used")
    return saved
  }

  /// A file of values. The form's key is looked at before a byte of it is kept.
  func receiveDictionary(_ visit: Visit) async throws -> Answer {
    guard let code = visit.call.path["dictionary"], let sent = visit.call.sent else { throw FormPieces.broken }
    guard visit.call.browser?.isSameSite == true else { throw Self.foreignForm }
    var (fields, bytes) = ([String: String](), [UInt8]())
    try await sent.each { piece in
      switch piece {
      case .field(let name, let value): fields[name] = value
      case .file: guard visit.secret.isFormKey(fields["key"] ?? "") else { throw Self.foreignForm }
      case .bytes(let more):
        bytes += more
        guard bytes.count <= Limits.dictionaryFile else { throw DictionarySheet.tooLarge }
      }
    }
    guard visit.secret.isFormKey(fields["key"] ?? "") else { throw Self.foreignForm }
    let (account, change, all) = (visit.account.id, change(visit), bytes)
    do {
      let values = try DictionarySheet.values(all)
      let zones = zones
      let saved = try await database.write { tx in try Self.save(values, of: code, by: change, account, zones, &tx) }
      return try await dictionary(visit, nil, saved: saved)
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await dictionary(visit, problem)
    }
  }

  func dictionaryFile(_ visit: Visit) async throws -> TableFile {
    guard let code = visit.call.path["dictionary"] else { throw Self.noPage }
    let (account, reader) = (visit.account.id, visit.reader)
    let (known, values) = try await database.read { tx in
      let known = try Dictionaries(of: account).dictionary(code, in: &tx)
      return (known, try Dictionaries(of: account).values(of: known.id, in: &tx))
    }
    return DictionarySheet.file(known.details, values, reader)
  }
}

/// Values of a dictionary as a table: code, names, order, archived or not. What comes out goes in again.
enum DictionarySheet {
  static let columns = ["code", "name_ru", "name_en", "order", "archived"]

  static let tooLarge = Problem(
    .invalid, "file_too_large", "a file of values has at most \(Limits.dictionaryFile) bytes",
    cashier: LocalText(ru: "Файл слишком большой", en: "The file is too large"))

  static func file(_ dictionary: DictionaryDetails, _ values: [DictionaryValue], _ reader: Reader) -> TableFile {
    TableFile(
      "dictionary-\(dictionary.code)", title: reader(dictionary.name), columns: columns.map { TableFile.Column($0, $0, .text) },
      zone: reader.zone,
      rows: values.map { value in
        [
          .text(value.code), .text(value.name.ru), .text(value.name.en), .text("\(value.rank)"),
          .text(value.isArchived ? "yes" : ""),
        ]
      })
  }

  /// - Throws: `Problem.invalid` that names the line.
  static func values(_ bytes: [UInt8]) throws(Problem) -> [DictionaryValue] {
    var reader = TableReader()
    let block: TableBlock
    do { block = try reader.block(bytes, isLast: true) } catch {
      throw Problem(
        .invalid, "not_a_table", "the file cannot be read: \(error)",
        cashier: LocalText(
          ru: "Файл не прочитать: нужен CSV в UTF-8 со столбцами \(columns.joined(separator: ", "))",
          en: "The file cannot be read: CSV in UTF-8 is expected, with the columns \(columns.joined(separator: ", "))"))
    }
    let places = Dictionary(reader.header.enumerated().map { (folded($1), $0) }, uniquingKeysWith: { first, _ in first })
    guard let code = places["code"], let ru = places["name_ru"] ?? places["name"] else {
      throw Problem(
        .invalid, "missing_column", "the file needs the columns code and name_ru",
        cashier: LocalText(ru: "В файле нужны столбцы code и name_ru", en: "The file needs the columns code and name_ru"))
    }
    return (0..<block.count).map { row in
      func text(_ column: Int?) -> String { column.map { block.field(row, $0).text } ?? "" }
      let name = text(ru)
      let english = text(places["name_en"])
      return DictionaryValue(
        code: text(code), name: LocalText(ru: name, en: english.isEmpty ? name : english),
        rank: Int(text(places["order"])) ?? row + 1,
        isArchived: ["yes", "да", "true", "1"].contains(folded(text(places["archived"]))))
    }
  }
}
