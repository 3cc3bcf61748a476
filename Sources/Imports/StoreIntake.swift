import Access
import Kernel
import Storage
import Tables

/// Stores: found by their code, with the brand and the legal entity they belong to.
struct StoreIntake: Intake {
  typealias Item = StoreDetails

  static let fields = [
    "code", "name", "brand", "legalEntity", "priceZone", "region", "city", "street", "coordinates", "zone", "dayStart", "closed",
    "format",
  ]

  let groupedBy: [Int] = []
  private let account: AccountID
  private let code, brand, legalEntity, zone: BoundSource
  private let name, priceZone, region, city, street, coordinates, dayStart, closed, format: BoundSource?

  init(_ mapping: ImportMapping, header: [String], account: AccountID) throws(Problem) {
    let map = FieldMap(mapping, header: header, known: Self.fields)
    map.node.expect("import", "file", "zone", "fields")
    let required = ["code", "brand", "legalEntity", "zone"].map { map.required($0) }
    name = map.optional("name")
    priceZone = map.optional("priceZone")
    region = map.optional("region")
    city = map.optional("city")
    street = map.optional("street")
    coordinates = map.optional("coordinates")
    dayStart = map.optional("dayStart")
    closed = map.optional("closed")
    format = map.optional("format")
    try map.check()
    guard let code = required[0], let brand = required[1], let legalEntity = required[2], let zone = required[3] else {
      throw Problem(.invalid, "missing", "the mapping lacks a field that stores need")
    }
    self.account = account
    (self.code, self.brand, self.legalEntity, self.zone) = (code, brand, legalEntity, zone)
  }

  func read(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> StoreDetails? {
    let row = rows.lowerBound
    guard let code = notes.text(code, block, row), let brand = notes.text(brand, block, row),
      let entity = notes.text(legalEntity, block, row), let zone = notes.text(zone, block, row)
    else { return nil }
    let isClosed = notes.value(row) { () throws(CellFault) in try closed?.flag(block, row) } ?? false
    var start = Clock.midnight
    if let text = dayStart?.text(block, row) {
      guard let read = Clock(text) else {
        notes.refuse(row, dayStart?.column, "\"\(text.prefix(20))\" is not a time of day like 04:00")
        return nil
      }
      start = read
    }
    var place: Coordinates?
    if let text = coordinates?.text(block, row) {
      place = Coordinates(text)
      if place == nil { notes.refuse(row, coordinates?.column, "\"\(text.prefix(40))\" is not a place like 55.753930, 37.620795") }
    }
    return StoreDetails(
      code: code, name: name?.text(block, row) ?? code, brand: brand, legalEntity: entity, priceZone: priceZone?.text(block, row),
      address: Address(region: region?.text(block, row), city: city?.text(block, row), street: street?.text(block, row)),
      coordinates: place, zone: zone, dayStart: start, isClosed: isClosed,
      format: format?.text(block, row))
  }

  func write(_ items: [StoreDetails], by change: Change, in tx: inout Transaction) throws -> Outcome {
    try inBulk(items) { part in try saveApart(part) { try Places(of: account).save($0, by: change, in: &tx) } }
  }
}

/// Writes at most `Limits.bulk` items at a time.
func inBulk<Item>(_ items: [Item], _ write: ([Item]) throws -> Outcome) throws -> Outcome {
  var total = Outcome()
  for start in stride(from: 0, to: items.count, by: Limits.bulk) {
    let part = try write(Array(items[start..<min(items.count, start + Limits.bulk)]))
    total.made += part.made
    total.changed += part.changed
    total.unchanged += part.unchanged
    total.refused += part.refused.map { (item: $0.item + start, column: $0.column, reason: $0.reason) }
    total.oddities.merge(part.oddities) { $0 + $1 }
  }
  return total
}
