import Access
import Imports
import Kernel
import Storage
import Tables

/// A file on its way from a form into the database, piece by piece.
struct FileArrival {
  let uploads: Uploads
  let id: UploadID
  let database: any Database
  private var piece: [UInt8] = []
  /// A workbook is kept as the table on its first sheet, once it is whole.
  private var book: [UInt8]?
  private(set) var size: Int64 = 0
  private(set) var lines = 0

  init(_ id: UploadID, _ uploads: Uploads, _ database: any Database) {
    self.uploads = uploads
    self.id = id
    self.database = database
  }

  /// - Throws: `Problem.invalid` (`file_too_large`).
  mutating func take(_ bytes: [UInt8]) async throws {
    guard size + Int64(piece.count + bytes.count) <= Limits.upload else { throw Self.tooLarge }
    if let known = book {
      guard known.count + bytes.count <= Limits.workbook else { throw WorkbookProblem.tooLarge }
      book?.append(contentsOf: bytes)
      return
    }
    piece += bytes
    if size == 0, piece.count >= 4, Workbook.isOne(piece) {
      (book, piece, lines) = (piece, [], 0)
      return
    }
    for byte in bytes where byte == 0x0a { lines += 1 }
    while piece.count >= Limits.uploadPiece {
      try await keep(Array(piece.prefix(Limits.uploadPiece)))
      piece.removeFirst(Limits.uploadPiece)
    }
  }

  mutating func end() async throws {
    if let whole = book {
      book = nil
      try await take(try WorkbookProblem.table(whole))
    }
    if !piece.isEmpty { try await keep(piece) }
    piece = []
  }

  private mutating func keep(_ bytes: [UInt8]) async throws {
    let (uploads, id, start) = (uploads, id, size)
    try await database.write(.bulk) { tx in try uploads.add(bytes, at: start, of: id, in: &tx) }
    size += Int64(bytes.count)
  }

  static let tooLarge = Problem(
    .invalid, "file_too_large", "a file has at most \(Limits.upload / 1_048_576) MB here; `regulars import` takes larger ones",
    cashier: LocalText(
      ru: "Файл больше \(Limits.upload / 1_048_576) МБ. Разделите его или загрузите командой regulars import",
      en: "The file is larger than \(Limits.upload / 1_048_576) MB. Split it, or use the command regulars import"))
}

extension ConsoleDesk {
  /// The form's key is looked at before the first byte of the file is kept; that is why it stands in front.
  func receiveFile(_ visit: Visit) async throws -> Answer {
    try await receive(ImportForm.kinds, visit) { id, _ in
      "/console/imports/\(id)"
    } refusing: {
      try await imports(visit, $0)
    }
  }

  /// - Parameters:
  ///   - kinds: what may be sent here.
  ///   - next: where to go on, by the other fields of the form.
  func receive(
    _ kinds: [ImportKind], _ visit: Visit, then next: (UploadID, [String: String]) -> String,
    refusing: (Problem) async throws -> Answer
  ) async throws -> Answer {
    guard let sent = visit.call.sent else { throw FormPieces.broken }
    guard visit.call.browser?.isSameSite == true else { throw Self.foreignForm }
    var fields: [String: String] = [:]
    var arrival: FileArrival?
    do {
      if let length = sent.length, length > Limits.upload + 65_536 { throw FileArrival.tooLarge }
      try await sent.each { piece in
        switch piece {
        case .field(let name, let value): fields[name] = value
        case .file(let name):
          guard arrival == nil else { throw FormPieces.broken }
          arrival = try await begin(name, kinds, fields, visit)
        case .bytes(let bytes): try await arrival?.take(bytes)
        }
      }
      guard var whole = arrival else { throw Self.noFile }
      try await whole.end()
      guard whole.size > 0 else { throw Self.noFile }
      let (id, size, lines, change) = (whole.id, whole.size, whole.lines, change(visit))
      try await database.write { tx in
        try Uploads(of: visit.account.id).arrived(id, size: size, lines: lines, by: change, in: &tx)
      }
      return .redirect(next(id, fields))
    } catch {
      try await drop(arrival, visit)
      guard let problem = error as? Problem, problem.kind != .forbidden else { throw error }
      return try await refusing(problem)
    }
  }

  private func begin(_ name: String, _ kinds: [ImportKind], _ fields: [String: String], _ visit: Visit) async throws -> FileArrival
  {
    guard visit.secret.isFormKey(fields["key"] ?? "") else { throw Self.foreignForm }
    guard let kind = ImportKind(rawValue: fields["kind"] ?? ""), kinds.contains(kind) else { throw FormPieces.broken }
    let programme = [.members, .certificates, .prices, .events].contains(kind) ? try visit.programme.id : nil
    let (uploads, change) = (Uploads(of: visit.account.id), change(visit))
    let id = try await database.write { tx in try uploads.begin(name, kind, into: programme, by: change, in: &tx) }
    return FileArrival(id, uploads, database)
  }

  /// What came of a file that did not come whole is of no use to anybody.
  private func drop(_ arrival: FileArrival?, _ visit: Visit) async throws {
    guard let arrival else { return }
    let change = change(visit)
    try await database.write { tx in try arrival.uploads.forget(arrival.id, by: change, in: &tx) }
  }

  private static let noFile = Problem(
    .invalid, "no_file", "choose a file that is not empty",
    cashier: LocalText(ru: "Выберите файл, в котором что-то есть", en: "Choose a file that is not empty"))
}
