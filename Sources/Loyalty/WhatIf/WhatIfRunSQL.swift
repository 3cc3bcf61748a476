import Access
import Kernel
import Storage

/// Every statement about what-ifs that are kept.
enum WhatIfRunSQL {
  private static let columns = """
    id, promotion_id, version, from_day, through_day, response, state, asked_by, asked_at, ended_at, receipts, is_without, report, failure
    """

  static func insert(_ run: WhatIfRun, _ programme: Programme) -> SQL {
    let question = run.question
    return SQL(
      """
      insert into whatif_run (id, account_id, programme_id, promotion_id, version, from_day, through_day, response, state, asked_by, asked_at)
      values ($1, $2, $3, $4, $5, $6, $7, cast($8 as bigint), $9, $10, $11)
      """, run.id, programme.account, programme.id, question.promotion, question.version, Int64(question.days.lowerBound.number),
      Int64(question.days.upperBound.number), question.response?.ppm, run.state.rawValue, run.askedBy.description, run.askedAt)
  }

  static func one(_ account: AccountID, _ id: WhatIfRunID, _ lock: String = "") -> SQL {
    "select \(raw: columns) from whatif_run where id = \(id) and account_id = \(account)\(raw: lock)"
  }

  static func latest(_ account: AccountID, _ promotion: PromotionID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from whatif_run where promotion_id = \(promotion) and account_id = \(account) order by id desc limit \(limit)
    """
  }

  /// Those of longer ago have lost their job, which somebody stopped or dropped: they keep nobody from asking.
  static func open(_ account: AccountID, _ programme: ProgrammeID, since: Instant) -> SQL {
    """
    select count(*) from whatif_run
    where programme_id = \(programme) and account_id = \(account) and ended_at is null and asked_at >= \(since)
    """
  }

  static func update(_ run: WhatIfRun, _ report: String?, _ account: AccountID) -> SQL {
    SQL(
      """
      update whatif_run set state = $3, ended_at = cast($4 as bigint), receipts = $5, is_without = $6, report = cast($7 as text),
        failure = cast($8 as text)
      where id = $1 and account_id = $2
      """, run.id, account, run.state.rawValue, run.endedAt, run.receipts, run.isWithout, report, run.failure)
  }

  /// - Returns: a row where it goes on; with whether somebody wants it to stop.
  static func reach(_ account: AccountID, _ id: WhatIfRunID, _ receipts: Int64) -> SQL {
    """
    update whatif_run set receipts = \(receipts) where id = \(id) and account_id = \(account) and ended_at is null returning is_stopping
    """
  }

  static func stop(_ account: AccountID, _ id: WhatIfRunID) -> SQL {
    "update whatif_run set is_stopping = 1 where id = \(id) and account_id = \(account) and ended_at is null"
  }

  static func forget(before: Instant, _ limit: Int) -> SQL {
    // Unscoped: retention looks through those of all accounts.
    """
    delete from whatif_run where id in (
      select id from whatif_run where asked_at < \(before) order by asked_at limit \(limit))
    """
  }

  static func run(_ row: Row) throws -> WhatIfRun {
    let first = CivilDay(number: Int32(clamping: row.int(3)))
    guard let state = WhatIfRun.State(rawValue: row.text(6)), let asker = Actor(row.text(7)) else {
      throw StorageFailure.damaged("whatif_run \(row.int(0)) cannot be read")
    }
    let question = WhatIfRun.Question(
      promotion: row.id(1), version: row.int(2), days: first...max(first, CivilDay(number: Int32(clamping: row.int(4)))),
      response: row.intOrNil(5).map(Rate.init(ppm:)))
    return WhatIfRun(
      id: row.id(0), question: question, state: state, askedBy: asker, askedAt: row.instant(8), endedAt: row.instantOrNil(9),
      receipts: row.int(10), isWithout: row.int(11) != 0,
      report: try row.textOrNil(12).map { try WhatIfReport(stored: storedJSON($0, in: "whatif_run.report")) },
      failure: row.textOrNil(13))
  }
}
