import Access
import Kernel
import Storage

/// Every statement about files that were sent through the console.
enum UploadSQL {
  private static let columns = """
    id, account_id, programme_id, kind, name, made_by, touched_at, size, lines, state, is_dry_run, is_stop_asked, max_refused, mapping,
      tally, complaints, fault, started_at, started_line
    """

  static func insert(
    _ id: UploadID, _ account: AccountID, _ programme: ProgrammeID?, _ kind: ImportKind, _ name: String, _ actor: Actor,
    _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into upload (id, account_id, programme_id, kind, name, made_by, touched_at, size, lines, state, is_dry_run, is_stop_asked,
        max_refused, complaints, started_line)
      values ($1, $2, cast($3 as bigint), $4, $5, $6, $7, 0, 0, 'arriving', 1, 0, $8, '[]', 0)
      """, id, account, programme, kind.rawValue, name, actor.description, now, ImportOptions().maxRefused)
  }

  static func count(_ account: AccountID) -> SQL { "select count(*) from upload where account_id = \(account)" }

  static func find(_ account: AccountID, _ id: UploadID) -> SQL {
    "select \(raw: columns) from upload where account_id = \(account) and id = \(id)"
  }

  static func latest(_ account: AccountID, _ before: UploadID?, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from upload where account_id = \(account) and id < \(before ?? UploadID(.max)) and state <> 'arriving'
    order by id desc limit \(limit)
    """
  }

  static func arrived(_ account: AccountID, _ id: UploadID, size: Int64, lines: Int, _ now: Instant) -> SQL {
    """
    update upload set state = 'ready', size = \(size), lines = \(lines), touched_at = \(now)
    where account_id = \(account) and id = \(id) and state = 'arriving'
    """
  }

  /// Only what is not under way already, so that a form sent twice begins one run.
  static func ask(
    _ account: AccountID, _ id: UploadID, _ mapping: JSON, isDryRun: Bool, maxRefused: Int, keepsTally: Bool, _ now: Instant
  ) -> SQL {
    """
    update upload set state = 'waiting', is_dry_run = \(isDryRun), is_stop_asked = 0, max_refused = \(maxRefused),
      mapping = \(mapping.compact), touched_at = \(now), fault = null, started_at = null,
      tally = \(raw: keepsTally ? "tally" : "null"), complaints = \(raw: keepsTally ? "complaints" : "'[]'")
    where account_id = \(account) and id = \(id) and state not in ('arriving', 'waiting', 'running', 'done')
    """
  }

  /// One that failed has a job again where somebody brought it back to life.
  static func begin(_ account: AccountID, _ id: UploadID, atLine line: Int, _ now: Instant) -> SQL {
    """
    update upload set state = 'running', started_at = \(now), started_line = \(line), touched_at = \(now)
    where account_id = \(account) and id = \(id) and state in ('waiting', 'running', 'failed') and is_stop_asked = 0
    """
  }

  static func reach(_ account: AccountID, _ id: UploadID, _ tally: JSON, _ complaints: JSON, _ now: Instant) -> SQL {
    """
    update upload set tally = \(tally.compact), complaints = \(complaints.compact), touched_at = \(now)
    where account_id = \(account) and id = \(id)
    """
  }

  static func isStopAsked(_ account: AccountID, _ id: UploadID) -> SQL {
    "select is_stop_asked from upload where account_id = \(account) and id = \(id)"
  }

  static func settle(_ account: AccountID, _ id: UploadID, _ state: Upload.State, fault: JSON?, _ now: Instant) -> SQL {
    """
    update upload set state = \(state.rawValue), fault = cast(\(fault?.compact) as text), touched_at = \(now)
    where account_id = \(account) and id = \(id)
    """
  }

  static func askStop(_ account: AccountID, _ id: UploadID) -> SQL {
    """
    update upload set is_stop_asked = 1, state = case when state = 'waiting' then 'stopped' else state end
    where account_id = \(account) and id = \(id) and state in ('waiting', 'running')
    """
  }

  static func forget(_ account: AccountID, _ id: UploadID) -> SQL {
    "delete from upload where account_id = \(account) and id = \(id) and state not in ('waiting', 'running')"
  }

  static func drop(_ account: AccountID, _ id: UploadID) -> SQL {
    "delete from upload where account_id = \(account) and id = \(id)"
  }

  static func old(_ before: Instant, _ limit: Int) -> SQL {
    // Unscoped: retention looks through the files of all accounts.
    "select id, account_id from upload where touched_at < \(before) order by touched_at limit \(limit)"
  }
}

// MARK: pieces

extension UploadSQL {
  static let pieceColumns = ["upload_id", "account_id", "part", "start_at", "bytes"]

  static func piece(_ account: AccountID, _ id: UploadID, _ part: Uploads.Part, from start: Int64, _ bytes: [UInt8]) -> [Value] {
    [id.value, account.value, part.rawValue.value, start.value, .bytes(bytes)]
  }

  /// All that hold some of these bytes. Pieces of a file are of one size; of refused records each is what one chunk refused.
  static func pieces(_ account: AccountID, _ id: UploadID, _ part: Uploads.Part, from first: Int64, to end: Int64) -> SQL {
    """
    select start_at, bytes from upload_piece
    where account_id = \(account) and upload_id = \(id) and part = \(part.rawValue) and start_at >= \(first) and start_at < \(end)
    order by start_at
    """
  }

  static func end(_ account: AccountID, _ id: UploadID, _ part: Uploads.Part) -> SQL {
    """
    select start_at, length(bytes) from upload_piece
    where account_id = \(account) and upload_id = \(id) and part = \(part.rawValue) order by start_at desc limit 1
    """
  }

  static func cut(_ account: AccountID, _ id: UploadID, _ part: Uploads.Part, from length: Int64) -> SQL {
    """
    delete from upload_piece
    where account_id = \(account) and upload_id = \(id) and part = \(part.rawValue) and start_at >= \(length)
    """
  }

  /// Some of them, so that a transaction stays short.
  static func shrink(_ account: AccountID, _ id: UploadID, _ limit: Int) -> SQL {
    """
    delete from upload_piece where account_id = \(account) and upload_id = \(id) and (part, start_at) in (
      select part, start_at from upload_piece where account_id = \(account) and upload_id = \(id)
      order by part, start_at limit \(limit))
    """
  }

  static func upload(_ row: Row) throws -> Upload {
    guard let kind = ImportKind(rawValue: row.text(3)), let state = Upload.State(rawValue: row.text(9)),
      let actor = Actor(row.text(5))
    else { throw StorageFailure.damaged("upload.kind, state or made_by holds \(row.text(3)), \(row.text(9)), \(row.text(5))") }
    let complaints = JSONNode(try storedJSON(row.text(15), in: "upload.complaints")).items(max: Limits.issues)
    let fault = try row.textOrNil(16).map { JSONNode(try storedJSON($0, in: "upload.fault")) }
    return Upload(
      id: row.id(0), account: row.id(1), programme: row.idOrNil(2), kind: kind, name: row.text(4), madeBy: actor,
      touchedAt: row.instant(6), size: row.int(7), lines: Int(row.int(8)), state: state, isDryRun: row.bool(10),
      isStopAsked: row.bool(11), maxRefused: Int(row.int(12)),
      mapping: try row.textOrNil(13).map { try storedJSON($0, in: "upload.mapping") },
      tally: try row.textOrNil(14).map { try ImportTally(storedJSON($0, in: "upload.tally")) },
      complaints: complaints.map(ImportComplaint.init), fault: fault.map(Uploads.problem), startedAt: row.instantOrNil(17),
      startedLine: Int(row.int(18)))
  }
}
