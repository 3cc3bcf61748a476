import Access
import Kernel
import Loyalty
import Storage

/// Every statement of reports: definitions and targets.
enum ReportSQL {
  static func definitions(_ account: AccountID, on day: CivilDay) -> SQL {
    """
    select version, starts_on, body, actor, made_at from report_definitions
    where account_id = \(account) and starts_on <= \(day) order by version desc limit 1
    """
  }

  static func definitions(_ account: AccountID, _ limit: Int) -> SQL {
    """
    select version, starts_on, body, actor, made_at from report_definitions
    where account_id = \(account) order by version desc limit \(limit)
    """
  }

  static func version(_ row: Row) throws -> DefinitionVersion {
    let body = try storedJSON(row.text(2), in: "report_definitions.body")
    let definitions: Definitions
    do throws(Problem) {
      definitions = try Definitions(body)
    } catch { throw StorageFailure.damaged("report_definitions.body cannot be read: \(error.detail)") }
    return DefinitionVersion(
      version: row.int(0), startsOn: row.day(1), definitions: definitions, actor: row.text(3), madeAt: row.instant(4))
  }

  static func insert(_ version: DefinitionVersion, _ account: AccountID) -> SQL {
    SQL(
      "insert into report_definitions (account_id, version, starts_on, body, actor, made_at) values ($1, $2, $3, $4, $5, $6)",
      account, version.version, version.startsOn, version.definitions.json.compact, version.actor,
      version.madeAt ?? Instant(micros: 0))
  }

  static func targets(_ programme: ProgrammeID, _ account: AccountID, _ months: ClosedRange<CivilDay>) -> SQL {
    """
    select month, measure, amount from report_target
    where programme_id = \(programme) and account_id = \(account) and month >= \(months.lowerBound) and month <= \(months.upperBound)
    order by month, measure
    """
  }

  static func save(_ amount: Int64, _ measure: String, _ month: CivilDay, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    SQL(
      """
      insert into report_target (programme_id, month, measure, account_id, amount) values ($1, $2, $3, $4, $5)
      on conflict (programme_id, month, measure) do update set amount = excluded.amount
      where report_target.account_id = excluded.account_id
      """, programme, month, measure, account, amount)
  }

  static func delete(_ measure: String, _ month: CivilDay, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    """
    delete from report_target
    where programme_id = \(programme) and account_id = \(account) and month = \(month) and measure = \(measure)
    """
  }
}
