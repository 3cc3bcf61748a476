import Kernel
import Storage

enum StoreSQL {
  static func upsert(_ account: AccountID, _ around: Surroundings) -> Upsert<StoreDetails> {
    Upsert(
      into: AccessSchema.store,
      [
        "id", "account_id", "code", "name", "brand_id", "legal_entity_id", "price_zone_id", "region", "city", "street", "latitude",
        "longitude", "zone", "day_start", "is_closed", "format",
      ],
      values: { id, details in [id.value, account.value, details.code.value] + binds(details, around) },
      update: { id, details in
        SQL(
          prepared: """
            update store set name = $4, brand_id = $5, legal_entity_id = $6, price_zone_id = cast($7 as bigint),
              region = cast($8 as text), city = cast($9 as text), street = cast($10 as text), latitude = cast($11 as bigint),
              longitude = cast($12 as bigint), zone = $13, day_start = $14, is_closed = $15,
              format = cast($16 as text)
            where id = $1 and account_id = $2 and code = $3
            """,
          [id.value, account.value, details.code.value] + binds(details, around))
      })
  }

  private static func binds(_ details: StoreDetails, _ around: Surroundings) -> [Value] {
    [
      details.name.value, (around.brands[details.brand]?.id).value, (around.entities[details.legalEntity]?.id).value,
      details.priceZone.flatMap { around.zones[$0]?.id }.value, details.address.region.value, details.address.city.value,
      details.address.street.value, (details.coordinates?.latitude).value, (details.coordinates?.longitude).value,
      details.zone.value,
      details.dayStart.second.value, details.isClosed.value, details.format.value,
    ]
  }

  private static let columns = """
    s.id, s.code, s.name, b.code, e.code, z.code, s.region, s.city, s.street, s.latitude, s.longitude, s.zone, s.day_start,
      s.is_closed, s.brand_id, s.legal_entity_id, s.price_zone_id, s.format
    """
  private static let tables = """
    store s join brand b on b.id = s.brand_id and b.account_id = s.account_id
      join legal_entity e on e.id = s.legal_entity_id and e.account_id = s.account_id
      left join price_zone z on z.id = s.price_zone_id and z.account_id = s.account_id
    """

  static func byID(_ account: AccountID, _ id: StoreID) -> SQL {
    "select \(raw: columns) from \(raw: tables) where s.account_id = \(account) and s.id = \(id)"
  }

  static func byCodes(_ account: AccountID, _ codes: [String]) -> SQL {
    "select \(raw: columns) from \(raw: tables) where s.account_id = \(account) and s.code in (\(list: padded(codes)))"
  }

  static func all(_ account: AccountID, _ after: StoreID?, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from \(raw: tables)
    where s.account_id = \(account) and s.id > \(after ?? StoreID(0)) order by s.id limit \(limit)
    """
  }

  static func byCode(_ account: AccountID, _ after: String, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from \(raw: tables)
    where s.account_id = \(account) and s.code > \(after) order by s.code limit \(limit)
    """
  }

  /// What people call the stores, by code, behind one of them.
  static func names(_ account: AccountID, _ after: String) -> SQL {
    """
    select id, code, name, region, city, street from store where account_id = \(account) and code > \(after) order by code
    """
  }

  static func byIDs(_ account: AccountID, _ ids: [StoreID]) -> SQL {
    "select \(raw: columns) from \(raw: tables) where s.account_id = \(account) and s.id in (\(list: padded(ids)))"
  }

  static func ofEntities(_ account: AccountID, _ entities: [LegalEntityID]) -> SQL {
    "select id from store where account_id = \(account) and legal_entity_id in (\(list: padded(entities))) order by id"
  }

  static func store(_ row: Row) throws -> Store {
    var coordinates: Coordinates?
    if let latitude = row.intOrNil(9), let longitude = row.intOrNil(10) {
      coordinates = Coordinates(latitude: latitude, longitude: longitude)
    }
    let details = StoreDetails(
      code: row.text(1), name: row.text(2), brand: row.text(3), legalEntity: row.text(4), priceZone: row.textOrNil(5),
      address: Address(region: row.textOrNil(6), city: row.textOrNil(7), street: row.textOrNil(8)), coordinates: coordinates,
      zone: row.text(11), dayStart: Clock(second: Int32(row.int(12))), isClosed: row.bool(13),
      format: row.textOrNil(17))
    return Store(id: row.id(0), details: details, brand: row.id(14), legalEntity: row.id(15), priceZone: row.idOrNil(16))
  }
}
