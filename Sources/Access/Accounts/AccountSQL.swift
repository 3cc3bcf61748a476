import Kernel
import Storage

enum AccountSQL {
  static func insert(_ id: AccountID, _ details: AccountDetails, _ at: Instant) -> SQL {
    SQL(
      """
      insert into account (id, code, name, currency, country, is_suspended, structure_version, made_at)
      values ($1, $2, $3, $4, $5, 0, 0, $6)
      """,
      id, details.code, details.name, details.currency.code, details.country, at)
  }

  static func update(_ id: AccountID, _ details: AccountDetails) -> SQL {
    SQL(
      "update account set name = $2, currency = $3, country = $4 where id = $1", id, details.name, details.currency.code,
      details.country)
  }

  static func suspend(_ id: AccountID, _ isSuspended: Bool) -> SQL {
    SQL("update account set is_suspended = $2 where id = $1", id, isSuspended)
  }

  static func take(_ id: AccountID) -> SQL {
    SQL("update account set structure_version = structure_version + 1 where id = $1 returning structure_version, is_suspended", id)
  }

  static func version(_ id: AccountID) -> SQL { SQL("select structure_version from account where id = $1", id) }

  static func byID(_ id: AccountID) -> SQL {
    SQL("select id, code, name, currency, country, is_suspended, made_at from account where id = $1", id)
  }

  static func byCode(_ code: String) -> SQL {
    SQL("select id, code, name, currency, country, is_suspended, made_at from account where code = $1", code)
  }

  static func all(_ after: AccountID?, _ limit: Int) -> SQL {
    SQL(
      "select id, code, name, currency, country, is_suspended, made_at from account where id > $1 order by id limit $2",
      after ?? AccountID(0), limit)
  }

  static func account(_ row: Row) throws -> Account {
    guard let currency = Currency(row.text(3)) else { throw StorageFailure.damaged("account.currency holds \(row.text(3))") }
    return Account(
      id: row.id(0), details: AccountDetails(code: row.text(1), name: row.text(2), currency: currency, country: row.text(4)),
      isSuspended: row.bool(5), madeAt: row.instant(6))
  }
}
