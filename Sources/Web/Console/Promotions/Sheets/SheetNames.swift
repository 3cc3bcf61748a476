import Access
import Calculator
import Kernel
import Loyalty
import Storage
import Tables

/// What products and zones of a sheet are called.
struct SheetNames: Sendable {
  private var products: [ProductID: (code: String, name: String)] = [:]
  private var zones: [PriceZoneID: (code: String, name: String)] = [:]

  init() {}

  init(_ list: PriceList, _ bench: RuleBench, _ reader: Reader, in tx: inout Transaction) throws {
    try self.init(list.products.ids, list.zones, bench, reader, in: &tx)
  }

  /// A statement for each `Limits.bulk` products.
  init(
    _ wanted: [ProductID], _ columns: [PriceZoneID?], _ bench: RuleBench, _ reader: Reader, in tx: inout Transaction
  ) throws {
    let codes = Set(wanted).compactMap(bench.catalogue.code).sorted()
    for start in stride(from: 0, to: codes.count, by: Limits.bulk) {
      let some = Array(codes[start..<min(start + Limits.bulk, codes.count)])
      for known in try Catalogue(of: bench.programme.account).products(codes: some, in: &tx).values {
        products[known.id] = (
          known.details.code, reader(known.details.name.ru ?? known.details.code, known.details.name.en ?? known.details.code)
        )
      }
    }
    for known in try Places(of: bench.programme.account).priceZones(in: &tx).values {
      zones[known.id] = (known.details.code, known.details.name)
    }
  }

  func product(_ id: ProductID) -> (code: String, name: String) { products[id] ?? ("\(id)", "\(id)") }
  func zone(_ id: PriceZoneID?, _ reader: Reader) -> String {
    id.map { zones[$0]?.name ?? "\($0)" } ?? reader("все остальные", "all others")
  }
  func code(_ id: PriceZoneID?) -> String { id.map { zones[$0]?.code ?? "\($0)" } ?? "*" }
}

/// A list of prices as a sheet with a column for each zone: what it says is what is understood when it comes back.
struct SheetFile {
  let list: PriceList
  let names: SheetNames
  let reader: Reader

  func file(_ code: String) -> TableFile {
    let zones = list.zones
    let columns: [TableFile.Column] =
      [.init("code", "code", .text), .init("name", "name", .text), .init("from", "from", .day), .init("through", "through", .day)]
      + zones.map { .init(names.code($0), names.code($0), .text) }
    let rows = list.pages.flatMap { page in
      page.rows.map { row -> [TableFile.Cell] in
        let product = names.product(row.product)
        let cells = zones.map { zone -> TableFile.Cell in
          page.zones.firstIndex(of: zone).flatMap { row.prices[$0] }.map { .text(text($0)) } ?? .empty
        }
        return [
          .text(product.code), .text(product.name), page.from.map { .day($0) } ?? .empty, page.through.map { .day($0) } ?? .empty,
        ]
          + cells
      }
    }
    return TableFile(
      "prices-" + code.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }, title: reader("Цены акции", "Prices"),
      columns: columns,
      zone: reader.zone, rows: rows)
  }

  private func text(_ price: PriceList.Price) -> String {
    switch price {
    case .amount(let money): Decimal.text(money.minor, digits: reader.currency.digits)
    case .percent(let rate): rate.percentText + "%"
    }
  }
}
