import Kernel
import Storage

enum LegalEntitySQL {
  static func upsert(_ account: AccountID) -> Upsert<LegalEntityDetails> {
    Upsert(
      into: AccessSchema.legalEntity, ["id", "account_id", "code", "name", "tax_number", "tax_system"],
      values: { id, details in
        [
          id.value, account.value, details.code.value, details.name.value, details.taxNumber.value,
          details.taxSystem.rawValue.value,
        ]
      },
      update: { id, details in
        SQL(
          "update legal_entity set name = $3, tax_number = cast($4 as text), tax_system = $5 where account_id = $1 and id = $2",
          account, id, details.name, details.taxNumber, details.taxSystem.rawValue)
      })
  }

  static func all(_ account: AccountID) -> SQL {
    SQL("select id, code, name, tax_number, tax_system from legal_entity where account_id = $1 order by code", account)
  }

  static func known(_ row: Row) throws -> Known<LegalEntityDetails> {
    guard let system = LegalEntityDetails.TaxSystem(rawValue: row.text(4)) else {
      throw StorageFailure.damaged("legal_entity.tax_system holds \(row.text(4))")
    }
    return Known(
      id: row.id(0),
      details: LegalEntityDetails(code: row.text(1), name: row.text(2), taxNumber: row.textOrNil(3), taxSystem: system))
  }
}

enum BrandSQL {
  static func upsert(_ account: AccountID) -> Upsert<BrandDetails> {
    Upsert(
      into: AccessSchema.brand, ["id", "account_id", "code", "name"],
      values: { id, details in [id.value, account.value, details.code.value, details.name.value] },
      update: { id, details in SQL("update brand set name = $3 where account_id = $1 and id = $2", account, id, details.name) })
  }

  static func all(_ account: AccountID) -> SQL {
    SQL("select id, code, name from brand where account_id = $1 order by code", account)
  }

  static func known(_ row: Row) -> Known<BrandDetails> {
    Known(id: row.id(0), details: BrandDetails(code: row.text(1), name: row.text(2)))
  }
}

enum PriceZoneSQL {
  static func upsert(_ account: AccountID) -> Upsert<PriceZoneDetails> {
    Upsert(
      into: AccessSchema.priceZone, ["id", "account_id", "code", "name"],
      values: { id, details in [id.value, account.value, details.code.value, details.name.value] },
      update: { id, details in
        SQL("update price_zone set name = $3 where account_id = $1 and id = $2", account, id, details.name)
      })
  }

  static func all(_ account: AccountID) -> SQL {
    SQL("select id, code, name from price_zone where account_id = $1 order by code", account)
  }

  static func known(_ row: Row) -> Known<PriceZoneDetails> {
    Known(id: row.id(0), details: PriceZoneDetails(code: row.text(1), name: row.text(2)))
  }
}
