import Kernel
import Storage

enum LegalEntitySQL {
  static func upsert(_ account: AccountID) -> Upsert<LegalEntityFacts> {
    Upsert(
      insert: { id, facts, _ in
        SQL(
          "insert into legal_entity (id, account_id, code, name, tax_number, tax_system) values ($1, $2, $3, $4, cast($5 as text), $6)",
          id, account, facts.code, facts.name, facts.taxNumber, facts.taxSystem.rawValue)
      },
      update: { id, facts, _ in
        SQL(
          "update legal_entity set name = $3, tax_number = cast($4 as text), tax_system = $5 where account_id = $1 and id = $2",
          account, id, facts.name, facts.taxNumber, facts.taxSystem.rawValue)
      })
  }

  static func all(_ account: AccountID) -> SQL {
    SQL("select id, code, name, tax_number, tax_system from legal_entity where account_id = $1 order by code", account)
  }

  static func known(_ row: Row) throws -> Known<LegalEntityFacts> {
    guard let system = LegalEntityFacts.TaxSystem(rawValue: row.text(4)) else {
      throw StorageFailure.damaged("legal_entity.tax_system holds \(row.text(4))")
    }
    return Known(
      id: row.id(0), facts: LegalEntityFacts(code: row.text(1), name: row.text(2), taxNumber: row.textOrNil(3), taxSystem: system))
  }
}

enum BrandSQL {
  static func upsert(_ account: AccountID) -> Upsert<BrandFacts> {
    Upsert(
      insert: { id, facts, _ in
        SQL("insert into brand (id, account_id, code, name) values ($1, $2, $3, $4)", id, account, facts.code, facts.name)
      },
      update: { id, facts, _ in SQL("update brand set name = $3 where account_id = $1 and id = $2", account, id, facts.name) })
  }

  static func all(_ account: AccountID) -> SQL {
    SQL("select id, code, name from brand where account_id = $1 order by code", account)
  }

  static func known(_ row: Row) -> Known<BrandFacts> { Known(id: row.id(0), facts: BrandFacts(code: row.text(1), name: row.text(2))) }
}

enum PriceZoneSQL {
  static func upsert(_ account: AccountID) -> Upsert<PriceZoneFacts> {
    Upsert(
      insert: { id, facts, _ in
        SQL("insert into price_zone (id, account_id, code, name) values ($1, $2, $3, $4)", id, account, facts.code, facts.name)
      },
      update: { id, facts, _ in SQL("update price_zone set name = $3 where account_id = $1 and id = $2", account, id, facts.name) })
  }

  static func all(_ account: AccountID) -> SQL {
    SQL("select id, code, name from price_zone where account_id = $1 order by code", account)
  }

  static func known(_ row: Row) -> Known<PriceZoneFacts> {
    Known(id: row.id(0), facts: PriceZoneFacts(code: row.text(1), name: row.text(2)))
  }
}
