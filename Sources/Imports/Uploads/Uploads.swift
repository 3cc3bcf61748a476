import Access
import Jobs
import Kernel
import Storage

/// Files of one account that are sent through the console, imported by a job and forgotten some days later. They lie in the database,
/// where every instance finds them.
public struct Uploads: Sendable {
  /// The kind of job that imports one.
  public static var job: String { "import" }

  enum Part: Int64 { case file, refused }

  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Makes room for a file that is about to arrive.
  /// - Throws: `Problem.conflict` (`too_many_uploads`).
  public func begin(
    _ name: String, _ kind: ImportKind, into programme: ProgrammeID?, by change: Change, in tx: inout Transaction
  ) throws -> UploadID {
    guard let count = try tx.row(UploadSQL.count(account))?.int(0), count < Int64(Limits.uploads) else {
      throw UploadProblem.tooMany
    }
    let id: UploadID = change.id()
    let plain = String(name.filter { !$0.isNewline && $0 != "/" && $0 != "\\" }.suffix(Limits.name))
    try tx.enqueue(
      UploadSQL.insert(id, account, programme, kind, plain.isEmpty ? "file.csv" : plain, change.actor, change.at))
    return id
  }

  /// Adds the next bytes of a file: `Limits.uploadPiece` of them, fewer only at its end.
  public func add(_ bytes: [UInt8], at start: Int64, of id: UploadID, in tx: inout Transaction) throws {
    _ = try tx.insert(
      [UploadSQL.piece(account, id, .file, from: start, bytes)], into: UploadsSchema.piece, UploadSQL.pieceColumns)
  }

  /// The file is whole.
  public func arrived(_ id: UploadID, size: Int64, lines: Int, by change: Change, in tx: inout Transaction) throws {
    guard try tx.run(UploadSQL.arrived(account, id, size: size, lines: lines, change.at)) == 1 else { throw UploadProblem.unknown }
    let after: JSON = .object(["bytes": .int(size), "lines": .int(Int64(lines))])
    try AuditTrail(of: account).record([.did("import.uploaded", id, after: after)], by: change, in: &tx)
  }

  /// - Throws: `Problem.notFound` (`upload_unknown`).
  public func upload(_ id: UploadID, in tx: inout Transaction) throws -> Upload {
    guard let row = try tx.row(UploadSQL.find(account, id)) else { throw UploadProblem.unknown }
    return try UploadSQL.upload(row)
  }

  /// Latest first, those that arrived.
  public func latest(before: UploadID? = nil, limit: Int, in tx: inout Transaction) throws -> [Upload] {
    try tx.rows(UploadSQL.latest(account, before, min(max(1, limit), Limits.page))).map(UploadSQL.upload)
  }

  /// Has it checked or imported by what its columns mean. Harmless while it is under way or done.
  /// - Parameter keepsTally: it goes on where it stopped.
  /// - Returns: true where a job was put.
  @discardableResult
  public func ask(
    _ id: UploadID, _ mapping: JSON, isDryRun: Bool, maxRefused: Int, keepsTally: Bool = false, by change: Change,
    in tx: inout Transaction
  ) throws -> Bool {
    let asked = UploadSQL.ask(
      account, id, mapping, isDryRun: isDryRun, maxRefused: maxRefused, keepsTally: keepsTally, change.at)
    guard try tx.run(asked) == 1 else { return false }
    try JobQueue().put(
      Self.job, .object(["upload": .string("\(id)")]), of: account, ids: change.ids, at: change.at, in: &tx)
    try AuditTrail(of: account).record([.did(isDryRun ? "import.checked" : "import.started", id)], by: change, in: &tx)
    return true
  }

  /// Ends what is under way between two chunks. Harmless where nothing is.
  public func stop(_ id: UploadID, by change: Change, in tx: inout Transaction) throws {
    guard try tx.run(UploadSQL.askStop(account, id)) == 1 else { return }
    try AuditTrail(of: account).record([.did("import.stopped", id)], by: change, in: &tx)
  }

  /// Forgets the file and its refused records at once. Harmless where it is gone.
  /// - Throws: `Problem.conflict` (`upload_under_way`).
  public func forget(_ id: UploadID, by change: Change, in tx: inout Transaction) throws {
    guard try tx.row(UploadSQL.find(account, id)) != nil else { return }
    guard try tx.run(UploadSQL.forget(account, id)) == 1 else { throw UploadProblem.underWay }
    try tx.enqueue(UploadSQL.cut(account, id, .file, from: 0))
    try tx.enqueue(UploadSQL.cut(account, id, .refused, from: 0))
    try AuditTrail(of: account).record([.did("import.forgotten", id)], by: change, in: &tx)
  }

  /// Forgets a chunk of what nobody touched since the moment.
  /// - Returns: how many rows went.
  public static func sweep(before moment: Instant, in tx: inout Transaction) throws -> Int {
    guard let row = try tx.row(UploadSQL.old(moment, 1)) else { return 0 }
    let (id, account): (UploadID, AccountID) = (row.id(0), row.id(1))
    let pieces = try tx.run(UploadSQL.shrink(account, id, 16))
    if pieces == 0 { return try tx.run(UploadSQL.drop(account, id)) }
    return pieces
  }
}

// MARK: bytes

extension Uploads {
  /// At most so many bytes of the file from the offset on.
  public func bytes(of id: UploadID, from offset: Int64, count: Int, in tx: inout Transaction) throws -> [UInt8] {
    let size = Int64(Limits.uploadPiece)
    let rows = try tx.rows(UploadSQL.pieces(account, id, .file, from: offset - offset % size, to: offset + Int64(count)))
    guard let first = rows.first else { return [] }
    let bytes = rows.flatMap { $0.bytes(1) }
    return Array(bytes.dropFirst(Int(offset - first.int(0))).prefix(count))
  }

  /// The refused records from the offset on, about a piece of them; empty at the end.
  public func refused(of id: UploadID, from offset: Int64, in tx: inout Transaction) throws -> [UInt8] {
    try tx.rows(UploadSQL.pieces(account, id, .refused, from: offset, to: offset + Int64(Limits.uploadPiece))).flatMap {
      $0.bytes(1)
    }
  }

  /// The file as imports read it.
  func file(_ upload: Upload, in database: any Database) -> ImportFile {
    ImportFile(size: upload.size) { offset, count in
      try await database.read { tx in try self.bytes(of: upload.id, from: offset, count: count, in: &tx) }
    }
  }

  /// Where its refused records go: a chunk's are a piece, so that a stop cuts between two.
  func refusedFile(_ upload: Upload, in database: any Database) -> RefusedFile {
    let (account, id) = (account, upload.id)
    return RefusedFile { length in
      _ = try await database.write(.bulk) { tx in try tx.run(UploadSQL.cut(account, id, .refused, from: length)) }
    } add: { bytes in
      _ = try await database.write(.bulk) { tx in
        let last = try tx.row(UploadSQL.end(account, id, .refused))
        let start = last.map { $0.int(0) + $0.int(1) } ?? 0
        return try tx.insert(
          [UploadSQL.piece(account, id, .refused, from: start, bytes)], into: UploadsSchema.piece, UploadSQL.pieceColumns)
      }
    }
  }
}

enum UploadProblem {
  static let unknown = Problem(
    .notFound, "upload_unknown", "there is no such file; files are forgotten after \(Limits.uploadDays) days",
    cashier: LocalText(
      ru: "Такого файла нет. Файлы хранятся \(Limits.uploadDays) дней",
      en: "There is no such file. Files are kept \(Limits.uploadDays) days"))
  static let tooMany = Problem(
    .conflict, "too_many_uploads", "an account keeps at most \(Limits.uploads) files; remove some",
    cashier: LocalText(
      ru: "Файлов уже \(Limits.uploads). Удалите ненужные", en: "There are \(Limits.uploads) files already. Remove some"))
  static let underWay = Problem(
    .conflict, "upload_under_way", "stop the import first",
    cashier: LocalText(ru: "Сначала остановите загрузку", en: "Stop the import first"))
}

extension Uploads {
  /// A refusal as it is stored with the file.
  static func json(_ problem: Problem) -> JSON {
    .object([
      "code": .string(problem.code), "detail": .string(problem.detail),
      "issues": .array(
        problem.issues.prefix(20).map {
          .object(["pointer": .string($0.pointer), "code": .string($0.code), "message": .string($0.message)])
        }),
    ])
  }

  static func problem(_ node: JSONNode) -> Problem {
    let issues = node["issues"].items(max: 20).map { item in
      Issue(
        pointer: item["pointer"].text(max: Limits.text, orEmpty: true) ?? "", code: item["code"].text() ?? "",
        message: item["message"].text(max: Limits.text) ?? "")
    }
    return Problem(
      .invalid, node["code"].text() ?? "failed", node["detail"].text(max: Limits.text) ?? "", issues: issues)
  }
}
