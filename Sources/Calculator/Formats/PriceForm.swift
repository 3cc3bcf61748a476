import Conditions
import Kernel

// Price lists: `{ "milk": "59.90", … }`, or pages with a column for each price zone and days of their own:
// `[{ "from": "2026-12-01", "through": "2026-12-07", "zones": ["north", "*"], "products": { "milk": "59.90 10%", "tea": "- 45.00" } }]`.
extension RuleReader {
  /// The column for every zone without a price of its own, and a cell that says nothing.
  static let (everywhere, nothing) = ("*", "-")

  mutating func prices(_ node: JSONNode) -> Benefit? {
    if case .array? = node.json { return pages(node) }
    let members = node.members(max: Limits.listValues)
    if members.isEmpty { node.refuse("empty", "name at least one product with its price") }
    var prices: [ProductID: Money] = [:]
    for (code, value) in members {
      guard let price = amounts.money(value), let id = product(code, value) else { continue }
      prices[id] = price
    }
    return prices.isEmpty ? nil : .prices(PriceList(prices))
  }

  private mutating func product(_ code: String, _ node: JSONNode) -> ProductID? {
    if let id = names.id(.product, code) { return ProductID(id) }
    node.refuse("unknown_name", "there is no product with the code \"\(code)\"; create it first or mend the code")
    return nil
  }

  private mutating func pages(_ node: JSONNode) -> Benefit? {
    let items = node.items(max: Limits.pricePages)
    if items.isEmpty { node.refuse("empty", "a price list has at least one page") }
    var pages: [PriceList.Page] = []
    var cells = 0
    for item in items {
      guard let page = page(item) else { continue }
      cells += page.count * page.zones.count
      pages.append(page)
    }
    if cells > Limits.priceCells {
      node.refuse("too_many", "a price list has at most \(Limits.priceCells) cells, empty ones counted, not \(cells)")
      return nil
    }
    return pages.isEmpty ? nil : .prices(PriceList(pages))
  }

  private mutating func page(_ node: JSONNode) -> PriceList.Page? {
    node.expect("from", "through", "zones", "products")
    let (from, through) = (node["from"].day(), node["through"].day())
    if let from, let through, through < from { node["through"].refuse("bounds_crossed", "the last day is before the first") }
    let zones = node["zones"].isPresent ? zones(node["zones"]) : [nil]
    guard node["products"].required(), !zones.isEmpty else { return nil }
    let members = node["products"].members(max: Limits.listValues)
    if members.isEmpty { node["products"].refuse("empty", "name at least one product with its prices") }
    var rows: [ProductID: [PriceList.Price?]] = [:]
    rows.reserveCapacity(members.count)
    for (code, value) in members {
      guard let row = cells(value, zones.count), let id = product(code, value) else { continue }
      rows[id] = row
    }
    return rows.isEmpty ? nil : PriceList.Page(from: from, through: through, rows: rows, zones: zones)
  }

  private mutating func zones(_ node: JSONNode) -> [PriceZoneID?] {
    var zones: [PriceZoneID?] = []
    let items = node.items(max: Limits.priceZones)
    if items.isEmpty { node.refuse("empty", "name at least one price zone, or leave zones out for prices that hold everywhere") }
    for item in items {
      let zone: PriceZoneID?
      if case .string(Self.everywhere)? = item.json {
        zone = nil
      } else {
        guard let id: PriceZoneID = id(.priceZone, item) else { return [] }
        zone = id
      }
      if zones.contains(zone) { item.refuse("repeated", "this zone has a column already") }
      zones.append(zone)
    }
    return zones
  }

  /// One text for a row: two thousand of them are read, sent and compared faster than eighty thousand members.
  private func cells(_ node: JSONNode, _ count: Int) -> [PriceList.Price?]? {
    guard let text = node.text(max: Limits.priceZones * 24) else { return nil }
    let words = text.utf8.split(separator: 0x20)
    guard words.count == count else {
      node.refuse("wrong_count", "a row has a price, a percent or \"-\" for each of \(count) zones, not \(words.count)")
      return nil
    }
    var row: [PriceList.Price?] = []
    row.reserveCapacity(count)
    for word in words {
      let isPercent = word.last == 0x25
      if word.count == 1, word.first == 0x2d {
        row.append(nil)
      } else if isPercent, let ppm = Decimal.parse(Substring(word.dropLast()), digits: Rate.percentDigits),
        (1...1_000_000).contains(ppm)
      {
        row.append(.percent(Rate(ppm: ppm)))
      } else if !isPercent, let minor = Decimal.parse(Substring(word), digits: amounts.currency.digits),
        (0...Limits.basketAmount).contains(minor)
      {
        row.append(.amount(Money(minor: minor)))
      } else {
        node.refuse("not_a_price", "\"\(Substring(word))\" is neither a price like 59.90, a percent like 10%, nor \"-\"")
        return nil
      }
    }
    return row
  }
}

extension RuleWriter {
  /// By code, so that one list is always one text.
  func prices(_ list: PriceList) -> JSON {
    guard let plain = list.plain else { return .array(list.pages.map(page)) }
    return members(plain) { amounts.json($0) }
  }

  private func members<Value>(_ rows: [(product: ProductID, Value)], _ json: (Value) -> JSON) -> JSON {
    let named = rows.compactMap { row in names.code(.product, row.product.raw).map { ($0, row.1) } }
    return .object(named.sorted { $0.0 < $1.0 }.map { JSON.Member($0, json($1)) })
  }

  private func page(_ page: PriceList.Page) -> JSON {
    let zones = page.zones.map { zone in JSON.string(zone.map { code(.priceZone, $0) } ?? RuleReader.everywhere) }
    return .object([
      "from": page.from?.json, "through": page.through?.json, "zones": page.zones == [nil] ? nil : .array(zones),
      "products": members(page.rows.map { (product: $0.product, $0.prices) }) { row in
        .string(row.map(text).joined(separator: " "))
      },
    ])
  }

  private func text(_ price: PriceList.Price?) -> String {
    switch price {
    case nil: RuleReader.nothing
    case .amount(let money): amounts.text(money)
    case .percent(let rate): rate.percentText + "%"
    }
  }
}
