import Access
import Imports
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// Files of members, goods and stores: sent, looked at, checked, imported by a job that survives a closed tab.
extension ConsoleDesk {
  var importDoors: [Door] {
    [
      .page("/console/imports", .importFiles, imports),
      .file("/console/imports", .importFiles, receiveFile),
      .page("/console/imports/{id}", .importFiles, importPage),
      .form("/console/imports/{id}/check", .importFiles, checkFile),
      .form("/console/imports/{id}/start", .importFiles, startImport),
      .form("/console/imports/{id}/stop", .importFiles, stopImport),
      .form("/console/imports/{id}/removal", .importFiles, forgetFile),
      .page("/console/imports/{id}/refused.csv", .importFiles, refusedRecords),
    ]
  }

  func imports(_ visit: Visit) async throws -> Answer { try await imports(visit, nil) }

  func imports(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (uploads, before) = (Uploads(of: visit.account.id), visit.call.query["before"].flatMap { UploadID($0) })
    let list = try await database.read { tx in try uploads.latest(before: before, limit: ImportListPage.size, in: &tx) }
    var answer = visit.show(ImportListPage(uploads: list, refusal: refusal, visit: visit).page, in: .imports)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// One file with what can be done with it now.
  func importPage(_ visit: Visit) async throws -> Answer {
    let upload = try await upload(visit)
    if upload.kind == .prices { return .redirect(upload.path) }
    return try await show(upload, visit, Form(visit.call.query), nil)
  }

  private func upload(_ visit: Visit) async throws -> Upload {
    guard let id = visit.call.path["id"].flatMap({ UploadID($0) }) else { throw Self.noPage }
    let uploads = Uploads(of: visit.account.id)
    return try await database.read { tx in try uploads.upload(id, in: &tx) }
  }

  /// - Parameter said: how the file is to be read, and what its columns mean, where somebody says it just now.
  private func show(_ upload: Upload, _ visit: Visit, _ said: Form, _ missing: [ImportField]?) async throws -> Answer {
    var page = ImportPage(upload: upload, visit: visit)
    if !upload.isUnderWay, upload.state != .done {
      do {
        var form = try await form(of: upload, said, visit)
        if missing == nil, said["encoding"].isEmpty, let mapping = upload.mapping { form.take(mapping) }
        if missing != nil { Self.take(said, into: &form) }
        page.form = form
      } catch let problem as Problem where problem.kind == .invalid { page.fault = problem }
      page.constants = try await constants(upload.kind, visit)
    }
    page.missing = missing ?? []
    var answer = visit.show(page.page, in: .imports)
    if missing != nil { answer.status = 422 }
    // A page that moves asks again by itself, without a script.
    if upload.isUnderWay { answer.headers.append(("Refresh", "3")) }
    return answer
  }

  /// The file's beginning, and the guess what its columns mean.
  private func form(of upload: Upload, _ said: Form, _ visit: Visit) async throws -> ImportForm {
    let (uploads, size) = (Uploads(of: visit.account.id), Limits.uploadPiece)
    let bytes = try await database.read { tx in try uploads.bytes(of: upload.id, from: 0, count: size, in: &tx) }
    let known = upload.mapping.map { TableShape(JSONNode($0)["file"]) }
    let preview = try ImportPreview(
      bytes, isWhole: upload.size <= Int64(size),
      encoding: said["encoding"].isEmpty ? known?.encoding : TextEncoding(rawValue: said["encoding"]),
      separator: said["separator"].isEmpty ? known?.separator : Separator(rawValue: Self.separators[said["separator"]] ?? ""))
    let own = upload.kind == .members ? try await fields(visit).fields.map { ImportField.attribute($0.code, $0.name) } : []
    return ImportForm(
      upload.kind, preview, zone: visit.reader.zone.name, standards: try await standards(upload.kind, visit), own: own)
  }

  /// A tab is nothing that a form carries well.
  static let separators = ["comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"]

  private func standards(_ kind: ImportKind, _ visit: Visit) async throws -> [String: String] {
    switch kind {
    case .members: return ["joinedAt": "\(visit.reader.zone.civil(at: visit.call.at).day)"]
    case .catalogue, .receipts, .prices, .events: return [:]
    case .certificates:
      let known = try await constants(kind, visit)["series"] ?? []
      return known.count == 1 ? ["series": known[0].value] : [:]
    case .stores:
      var standards = ["zone": visit.reader.zone.name]
      let known = try await constants(kind, visit)
      for field in ["brand", "legalEntity"] { if let only = known[field], only.count == 1 { standards[field] = only[0].value } }
      return standards
    }
  }

  /// What a field can be for every record.
  private func constants(_ kind: ImportKind, _ visit: Visit) async throws -> [String: [(value: String, name: String)]] {
    let (reader, account) = (visit.reader, visit.account.id)
    let today = "\(reader.zone.civil(at: visit.call.at).day)"
    let day = [(value: today, name: reader("сегодня у всех", "today for all"))]
    switch kind {
    case .members: return ["joinedAt": day, "kind": MemberDraft.kinds.map { ($0.rawValue, MemberWords.kind($0.rawValue, reader)) }]
    case .catalogue: return ["since": day]
    case .receipts, .prices: return [:]
    case .events: return ["event": EventKind.known.map { ($0.code, reader($0.title)) }]
    case .certificates:
      let certificates = Certificates(of: try visit.programme, ids: ids, keys: nil)
      let series = try await database.read { tx in try certificates.all(limit: Limits.page, in: &tx) }
      return ["series": series.filter { $0.details.pinDigits == 0 }.map { ($0.details.code, reader($0.details.name)) }]
    case .stores:
      let (brands, entities) = try await database.read { tx in
        (try Places(of: account).brands(in: &tx), try Places(of: account).legalEntities(in: &tx))
      }
      return [
        "brand": brands.values.map { ($0.details.code, $0.details.name) }.sorted { $0.0 < $1.0 },
        "legalEntity": entities.values.map { ($0.details.code, $0.details.name) }.sorted { $0.0 < $1.0 },
        "zone": [(reader.zone.name, reader.zone.name)],
      ]
    }
  }
}

// MARK: forms

extension ConsoleDesk {
  /// What the columns mean is said; a job looks through the whole file and writes nothing.
  func checkFile(_ visit: Visit) async throws -> Answer {
    let (upload, change) = (try await upload(visit), change(visit))
    guard !upload.isUnderWay, upload.state != .done, upload.kind != .prices else { return .redirect(upload.path) }
    var form = try await form(of: upload, visit.form, visit)
    Self.take(visit.form, into: &form)
    guard form.missing.isEmpty else { return try await show(upload, visit, visit.form, form.missing) }
    let (uploads, mapping, most) = (Uploads(of: upload.account), form.mapping, ImportOptions().maxRefused)
    _ = try await database.write { tx in
      try uploads.ask(upload.id, mapping, isDryRun: true, maxRefused: most, by: change, in: &tx)
    }
    return .redirect(upload.path)
  }

  private static func take(_ said: Form, into form: inout ImportForm) {
    form.choices = [:]
    for field in form.fields { form.choices[field.key] = ImportForm.Choice(said["f-" + field.key]) }
    form.days = ImportForm.patterns.contains(said["days"]) ? said["days"] : nil
    if !said["point"].isEmpty { form.decimalPoint = said["point"] == "comma" ? 0x2c : 0x2e }
  }

  /// By the mapping that was checked; or on from where it stopped.
  func startImport(_ visit: Visit) async throws -> Answer {
    let (upload, change) = (try await upload(visit), change(visit))
    guard let mapping = upload.mapping, [.checked, .stopped, .limit, .failed].contains(upload.state) else {
      return .redirect(upload.path)
    }
    let goesOn = !upload.isDryRun
    // Who goes on in spite of so many refusals has looked at them.
    let most = upload.state == .limit ? min(upload.maxRefused * 10, 1_000_000) : upload.maxRefused
    // A check that stopped begins anew.
    let isDryRun = upload.isDryRun && upload.state != .checked
    let uploads = Uploads(of: upload.account)
    _ = try await database.write { tx in
      try uploads.ask(
        upload.id, mapping, isDryRun: isDryRun, maxRefused: most, keepsTally: goesOn, by: change, in: &tx)
    }
    return .redirect(upload.path)
  }

  func stopImport(_ visit: Visit) async throws -> Answer {
    let (upload, change) = (try await upload(visit), change(visit))
    try await database.write { tx in try Uploads(of: upload.account).stop(upload.id, by: change, in: &tx) }
    return .redirect(upload.path)
  }

  func forgetFile(_ visit: Visit) async throws -> Answer {
    guard let id = visit.call.path["id"].flatMap({ UploadID($0) }) else { throw Self.noPage }
    let (uploads, change) = (Uploads(of: visit.account.id), change(visit))
    try await database.write { tx in try uploads.forget(id, by: change, in: &tx) }
    return .redirect("/console/imports")
  }

  /// As `FILE.refused.csv` of the command line: with line, column and reason in front, to be mended and sent again.
  func refusedRecords(_ visit: Visit) async throws -> Answer {
    let upload = try await upload(visit)
    guard upload.isOpen(to: visit) else { throw Self.noRight }
    let uploads = Uploads(of: upload.account)
    var bytes: [UInt8] = []
    while bytes.count < Limits.exportBytes {
      let start = Int64(bytes.count)
      let more = try await database.read { tx in try uploads.refused(of: upload.id, from: start, in: &tx) }
      if more.isEmpty { break }
      bytes += more
    }
    var answer = Answer(200, bytes, type: "text/csv; charset=utf-8")
    let name = upload.name.hasSuffix(".csv") ? String(upload.name.dropLast(4)) : upload.name
    answer.headers.append(("Content-Disposition", "attachment; filename*=UTF-8''\(queryText(name + ".refused.csv"))"))
    return answer
  }
}

extension Upload {
  var path: String { kind == .prices ? "/console/promotions/sheets/\(id)" : "/console/imports/\(id)" }

  /// Records of members are personal data: who sent the file has seen them, and who may see persons.
  func isOpen(to visit: Visit) -> Bool { kind != .members || madeBy == visit.session.actor || visit.may(.seePersons) }
}
