import Kernel
import Storage

/// Every statement about registers.
enum RegisterSQL {
  static func upsert(_ account: AccountID, _ store: StoreID) -> Upsert<RegisterDetails> {
    Upsert(
      into: AccessSchema.register, ["id", "account_id", "store_id", "code", "name", "profile", "is_closed"],
      values: { id, details in
        [
          id.value, account.value, store.value, details.code.value, details.name.value, details.profile.compact.value,
          details.isClosed.value,
        ]
      },
      update: { id, details in
        SQL(
          "update register set name = $3, profile = $4, is_closed = $5 where account_id = $1 and id = $2", account, id,
          details.name,
          details.profile.compact, details.isClosed)
      })
  }

  static func all(_ account: AccountID, _ store: StoreID) -> SQL {
    SQL(
      "select id, code, name, profile, is_closed from register where account_id = $1 and store_id = $2 order by code", account,
      store)
  }

  /// Of all stores, by id.
  static func everywhere(_ account: AccountID, _ after: RegisterID, _ limit: Int) -> SQL {
    """
    select id, code, name, profile, is_closed, store_id from register
    where account_id = \(account) and id > \(after) order by id limit \(limit)
    """
  }

  /// Of some stores, by store and code.
  static func of(_ account: AccountID, _ stores: [StoreID]) -> SQL {
    """
    select id, code, name, profile, is_closed, store_id from register
    where account_id = \(account) and store_id in (\(list: padded(stores))) order by store_id, code
    """
  }

  static func known(_ row: Row) throws -> Known<RegisterDetails> {
    Known(
      id: row.id(0),
      details: RegisterDetails(
        code: row.text(1), name: row.text(2), profile: try storedJSON(row.text(3), in: "register.profile"), isClosed: row.bool(4)))
  }
}
