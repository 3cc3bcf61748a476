import Access
import Kernel
import Storage

enum ProgrammeSQL {
  static func insert(_ programme: Programme, _ change: Change) -> SQL {
    SQL(
      "insert into programme (id, account_id, code, version, settings, made_at) values ($1, $2, $3, $4, $5, $6)", programme.id,
      programme.account, programme.code, programme.version, programme.settings.json.compact, change.at)
  }

  static func update(_ programme: Programme) -> SQL {
    SQL(
      "update programme set version = $3, settings = $4 where id = $1 and account_id = $2", programme.id, programme.account,
      programme.version, programme.settings.json.compact)
  }

  static func insertVersion(_ programme: Programme, _ change: Change) -> SQL {
    SQL(
      """
      insert into programme_version (programme_id, version, account_id, settings, made_at, actor) values ($1, $2, $3, $4, $5, $6)
      """,
      programme.id, programme.version, programme.account, programme.settings.json.compact, change.at, change.actor.description)
  }

  static func byID(_ account: AccountID, _ id: ProgrammeID) -> SQL {
    SQL("select id, code, version, settings from programme where account_id = $1 and id = $2", account, id)
  }

  static func currentVersion(_ account: AccountID, _ id: ProgrammeID) -> SQL {
    SQL("select version from programme where account_id = $1 and id = $2", account, id)
  }

  static func byCode(_ account: AccountID, _ code: String) -> SQL {
    SQL("select id, code, version, settings from programme where account_id = $1 and code = $2", account, code)
  }

  static func all(_ account: AccountID, _ limit: Int) -> SQL {
    SQL("select id, code, version, settings from programme where account_id = $1 order by code limit $2", account, limit)
  }

  static func version(_ account: AccountID, _ id: ProgrammeID, _ version: Int64) -> SQL {
    SQL(
      """
      select p.id, p.code, v.version, v.settings from programme_version v
        join programme p on p.id = v.programme_id and p.account_id = v.account_id
      where v.account_id = $1 and v.programme_id = $2 and v.version = $3
      """,
      account, id, version)
  }

  static func versions(_ account: AccountID, _ id: ProgrammeID, _ before: Int64, _ limit: Int) -> SQL {
    SQL(
      """
      select version, settings, made_at, actor from programme_version
      where account_id = $1 and programme_id = $2 and version < $3 order by version desc limit $4
      """,
      account, id, before, limit)
  }
}
