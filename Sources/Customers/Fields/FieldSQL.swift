import Access
import Kernel
import Storage

/// Every statement about fields of members and dictionaries.
enum FieldSQL {
  static func upsert(_ account: AccountID, _ change: Change) -> Upsert<MemberFieldDetails> {
    Upsert(
      into: FieldsSchema.field, ["id", "account_id", "code", "body", "made_at"],
      values: { id, field in [id.value, account.value, field.code.value, field.json.compact.value, change.at.value] },
      update: { id, field in
        SQL("update member_field set body = $3 where id = $1 and account_id = $2", id, account, field.json.compact)
      })
  }

  /// All of an account; a few hundred at most.
  static func all(_ account: AccountID) -> SQL {
    SQL("select id, code, body, archived_at from member_field where account_id = $1", account)
  }

  /// All of an account, and whether others are taken: a row without a code. One statement, since the card of every member asks it.
  static func everything(_ account: AccountID) -> SQL {
    SQL(
      """
      select id, code, body, archived_at, 0 as only_defined from member_field where account_id = $1
      union all
      select account_id, '', '', null, only_defined from field_policy where account_id = $1
      """, account)
  }

  static func archive(_ account: AccountID, _ field: MemberFieldID, _ at: Instant?) -> SQL {
    SQL("update member_field set archived_at = cast($3 as bigint) where id = $1 and account_id = $2", field, account, at)
  }

  static func field(_ row: Row) throws -> Known<MemberFieldDetails> {
    let node = JSONNode(try storedJSON(row.text(2), in: "member_field.body"))
    guard let details = MemberFieldDetails(code: row.text(1), node), node.issues.isEmpty else {
      throw StorageFailure.damaged("member_field.body of \(row.text(1)) cannot be read")
    }
    return Known(id: row.id(0), details: details)
  }

  static func policy(_ account: AccountID) -> SQL { SQL("select only_defined from field_policy where account_id = $1", account) }

  static func setPolicy(_ account: AccountID, _ onlyDefined: Bool, _ now: Instant) -> SQL {
    SQL(
      """
      insert into field_policy (account_id, only_defined, changed_at) values ($1, $2, $3)
      on conflict (account_id) do update set only_defined = excluded.only_defined, changed_at = excluded.changed_at
      """, account, onlyDefined, now)
  }

  // Dictionaries.

  static func upsertDictionary(_ account: AccountID, _ change: Change) -> Upsert<DictionaryDetails> {
    Upsert(
      into: FieldsSchema.dictionary, ["id", "account_id", "code", "name_ru", "name_en", "made_at"],
      values: { id, one in
        [id.value, account.value, one.code.value, one.name.ru.value, one.name.en.value, change.at.value]
      },
      update: { id, one in
        SQL(
          "update dictionary set name_ru = $3, name_en = $4 where id = $1 and account_id = $2", id, account, one.name.ru,
          one.name.en)
      })
  }

  static func dictionaries(_ account: AccountID) -> SQL {
    SQL("select id, code, name_ru, name_en from dictionary where account_id = $1", account)
  }

  static func dictionary(_ row: Row) -> Known<DictionaryDetails> {
    Known(id: row.id(0), details: DictionaryDetails(code: row.text(1), name: LocalText(ru: row.text(2), en: row.text(3))))
  }

  private static let columns = "code, name_ru, name_en, rank, archived_at"

  static func values(_ account: AccountID, _ dictionary: DictionaryID) -> SQL {
    "select \(raw: columns) from dictionary_value where dictionary_id = \(dictionary) and account_id = \(account)"
  }

  static func values(_ account: AccountID, _ dictionary: DictionaryID, codes: [String]) -> SQL {
    """
    select \(raw: columns) from dictionary_value
    where dictionary_id = \(dictionary) and code in (\(list: padded(codes))) and account_id = \(account)
    """
  }

  static func count(_ account: AccountID, _ dictionary: DictionaryID) -> SQL {
    SQL(
      """
      select count(*), cast(coalesce(sum(case when archived_at is null then 1 else 0 end), 0) as bigint)
      from dictionary_value where dictionary_id = $1 and account_id = $2
      """, dictionary, account)
  }

  static let inserted = ["dictionary_id", "code", "account_id", "name_ru", "name_en", "rank", "archived_at"]

  static func values(_ value: DictionaryValue, _ dictionary: DictionaryID, _ account: AccountID, _ now: Instant) -> [Value] {
    [
      dictionary.value, value.code.value, account.value, value.name.ru.value, value.name.en.value, Int64(value.rank).value,
      (value.isArchived ? now : nil).value,
    ]
  }

  static func update(_ value: DictionaryValue, _ dictionary: DictionaryID, _ account: AccountID, _ now: Instant) -> SQL {
    SQL(
      """
      update dictionary_value set name_ru = $4, name_en = $5, rank = $6, archived_at = cast($7 as bigint)
      where dictionary_id = $1 and code = $2 and account_id = $3
      """, dictionary, value.code, account, value.name.ru, value.name.en, Int64(value.rank), value.isArchived ? now : nil)
  }

  static func value(_ row: Row) -> DictionaryValue {
    DictionaryValue(
      code: row.text(0), name: LocalText(ru: row.text(1), en: row.text(2)), rank: Int(row.int(3)),
      isArchived: row.instantOrNil(4) != nil)
  }
}
