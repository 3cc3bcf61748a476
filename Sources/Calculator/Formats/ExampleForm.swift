import Conditions
import Kernel

/// Writes the baskets and members of examples as documents that `BasketFile` and `MemberFile` read, so that whoever doubts a finding
/// calculates it again.
public struct ExampleForm {
  private let writer: RuleWriter
  private let book: RuleBook

  public init(_ book: RuleBook, names: any Names) {
    self.book = book
    writer = RuleWriter(names: names, amounts: AmountForm(book.terms))
  }

  public func basket(_ example: ExampleBasket) -> JSON {
    let basket = example.basket
    let store = basket.store
    return .object([
      "format": .string(BasketFile.format),
      "store": .object([
        "code": .string(writer.code(.store, store.id)), "brand": store.brand.map { .string(writer.code(.brand, $0)) },
        "zone": .string(offset(store.zone, at: basket.time)),
        "priceZone": store.place.priceZone.map { .string(writer.code(.priceZone, $0)) },
        "region": store.place.region.map(JSON.string), "city": store.place.city.map(JSON.string),
        "format": store.place.format.map(JSON.string),
      ]),
      "channel": basket.channel == .till ? nil : .string(basket.channel.rawValue), "time": .string(basket.time.text),
      "lines": .array(basket.lines.map(line)),
      "coupons": basket.coupons.isEmpty ? nil : .array(basket.coupons.map(coupon)),
      "tenders": basket.tenders.isEmpty
        ? nil : .array(basket.tenders.map { .object(["kind": .string($0.kind.rawValue)]) }),
    ])
  }

  /// Nil where the example needs no member.
  public func member(_ example: ExampleBasket) -> JSON? {
    guard let member = example.member else { return nil }
    let bought = book.asks.firsts.compactMap { sum in member.usage[sum.id].map { (sum, $0.uses) } }
    let asked = book.asks.accumulators.filter { !$0.isFromHistory } + book.asks.householdSums
    let sums = asked.compactMap { sum in member.usage[sum.id].map { (sum, $0.uses) } }
    return .object([
      "format": .string(MemberFile.format), "id": .string(member.id.description),
      "kind": member.kind == .person ? nil : .string(member.kind.rawValue),
      "tier": member.tier.map { .string(writer.code(.tier, $0)) },
      "segments": member.segments.isEmpty ? nil : .array(member.segments.map { .string(writer.code(.segment, $0)) }),
      "birthday": member.birthday?.json,
      "attributes": member.attributes.isEmpty
        ? nil : .object(member.attributes.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value.json) }),
      "purchases": member.purchases == 0 ? nil : .int(member.purchases),
      "counters": member.counters.isEmpty
        ? nil : .object(member.counters.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .int($0.value)) }),
      "accumulated": sums.isEmpty ? nil : .array(sums.map(accumulated)),
      "bought": bought.isEmpty ? nil : .array(bought.map(self.bought)),
    ])
  }

  private func line(_ line: BasketLine) -> JSON {
    let product = line.product
    func codes<Of: Identified>(_ kind: NameKind, _ ids: [ID<Of>]) -> JSON? {
      ids.isEmpty ? nil : .array(ids.map { .string(writer.code(kind, $0)) })
    }
    let flags = ProductFlags.named.filter { product.flags.contains($0.flag) }.map { JSON.string($0.name) }
    return .object([
      "id": .string(line.id), "kind": line.kind == .goods ? nil : .string(line.kind.rawValue),
      "product": .object([
        "code": .string(writer.code(.product, product.id)), "categories": codes(.category, product.categories),
        "brand": product.brand.map { .string(writer.code(.productBrand, $0)) },
        "manufacturer": product.manufacturer.map { .string(writer.code(.manufacturer, $0)) },
        "attributes": codes(.attribute, product.attributes), "flags": flags.isEmpty ? nil : .array(flags),
        "minPrice": product.minPrice.map { writer.amounts.json($0) }, "maxPrice": product.maxPrice.map { writer.amounts.json($0) },
      ]),
      "quantity": .string(line.quantity.decimalText), "price": writer.amounts.json(line.price),
    ])
  }

  private func coupon(_ coupon: PresentedCoupon) -> JSON {
    .object(["code": .string(coupon.code), "series": coupon.series.map(JSON.string)])
  }

  private func accumulated(_ sum: Accumulator, _ value: Int64) -> JSON {
    .object([
      "what": .string(sum.measure.rawValue), "of": writer.filter(sum.goods), "within": .string(sum.period.rawValue),
      "whose": sum.whose == .member ? nil : .string(sum.whose.rawValue), "value": writer.number(value, of: sum.measure),
    ])
  }

  private func bought(_ sum: Accumulator, _ receipts: Int64) -> JSON {
    .object(["of": writer.filter(sum.goods), "receipts": receipts < 0 ? nil : .int(receipts)])
  }

  /// The zone as it is at the example's hour: a file with a fixed offset needs no zones.
  private func offset(_ zone: Zone, at time: Instant) -> String {
    let minutes = zone.offset(at: time) / 60
    let (hours, rest) = (abs(minutes) / 60, abs(minutes) % 60)
    return (minutes < 0 ? "-" : "+") + (hours < 10 ? "0" : "") + "\(hours):" + (rest < 10 ? "0" : "") + "\(rest)"
  }
}

extension RuleWriter {
  /// What a sum came to, as its measure is written.
  func number(_ value: Int64, of measure: Accumulator.Measure) -> JSON {
    switch measure {
    case .amount: amounts.json(Money(minor: value))
    case .quantity: .string(Quantity(thousandths: value).decimalText)
    case .receipts, .visits: .int(value)
    }
  }
}
