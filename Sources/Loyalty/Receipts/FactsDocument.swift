import Calculator
import Conditions
import Kernel

/// What a calculation read, kept with the receipt so that it can be computed again in years: the basket as it was resolved, the
/// member as of then, shared limits as of then.
///
/// What the receipt's lines say already, products and quantities, is not repeated here.
///
/// Version 1: LEB128 numbers; ids as differences from the last of their kind; words as their place in the list of all words of
/// their kind, which only ever grows at its end. Goods that a tender is limited to are kept for certificates alone, as the lines that one
/// may pay for: of others they move no line.
package struct SaleFacts: Hashable, Sendable {
  package var basket: Basket
  package var member: MemberSnapshot?
  package var usage: [PromotionID: SharedUsage]
  /// The member was blocked: the sale earned nothing, whatever the rules say.
  package var isBlocked: Bool

  package init(
    basket: Basket, member: MemberSnapshot? = nil, usage: [PromotionID: SharedUsage] = [:], isBlocked: Bool = false
  ) {
    (self.basket, self.member, self.usage, self.isBlocked) = (basket, member, usage, isBlocked)
  }

  static var version: UInt8 { 1 }

  package var document: [UInt8] { document(after: FactsPen(besideLines: basket)) }

  /// Goes on behind the basket, which stands written already.
  func document(after basket: FactsPen) -> [UInt8] {
    var pen = basket
    pen.write(member)
    pen.write(usage)
    let budgets = LimitFacts(member, usage)
    pen.bytes.byte((isBlocked ? 1 : 0) | budgets.marks)
    pen.write(budgets)
    return pen.bytes.bytes
  }
}

struct FactsPen {
  var bytes = ByteWriter(version: SaleFacts.version, reserving: 512)
  private var last: [Int64] = Array(repeating: 0, count: 7)

  /// The basket as a receipt's row keeps it beside the lines, ready for what comes behind it.
  init(besideLines basket: Basket) { write(basket) }

  /// Kinds of ids whose neighbours are alike.
  enum Sort: Int { case category, brand, maker, attribute, place, promotion, other }

  mutating func id(_ raw: Int64, _ sort: Sort) {
    bytes.signed(raw &- last[sort.rawValue])
    last[sort.rawValue] = raw
  }

  mutating func optional<T>(_ value: T?, _ body: (inout FactsPen, T) -> Void) {
    bytes.byte(value == nil ? 0 : 1)
    if let value { body(&self, value) }
  }

  mutating func list<T>(_ values: [T], _ body: (inout FactsPen, T) -> Void) {
    bytes.count(values.count)
    for value in values { body(&self, value) }
  }

  mutating func word<W: CaseIterable & Equatable>(_ word: W) {
    bytes.byte(UInt8(Array(W.allCases).firstIndex(of: word) ?? 0))
  }

  mutating func write(_ basket: Basket) {
    let store = basket.store
    id(store.id.raw, .place)
    write(store.brand, store.place, basket.till)
    bytes.text(store.zone.name)
    // The offset at the sale is all of the zone that rules can see.
    bytes.signed(Int64(store.zone.offset(at: basket.time)))
    bytes.signed(Int64(store.dayStart.second))
    bytes.byte(UInt8(basket.register.tolerance))
    word(basket.register.split)
    bytes.signed(basket.register.leastPrice.minor)
    bytes.count(basket.register.maxLines)
    word(basket.channel)
    bytes.signed(basket.time.micros)
    bytes.count(basket.lines.count)
    for (place, line) in basket.lines.enumerated() { write(line, at: place) }
    list(basket.coupons) { pen, coupon in
      pen.bytes.text(coupon.code)
      pen.optional(coupon.series) { $0.bytes.text($1) }
      pen.word(coupon.state)
    }
    list(basket.tenders) { pen, tender in pen.write(tender, for: basket.lines) }
    let sells: UInt8 = (basket.certificates.isEmpty ? 0 : Self.marker) | (basket.choices.isEmpty ? 0 : Self.secondMarker)
    switch basket.spend {
    case .nothing: bytes.byte(sells)
    case .points(let points):
      bytes.byte(sells | 1)
      bytes.signed(points.units)
    case .most: bytes.byte(sells | 2)
    }
    write(basket.certificates, basket.choices)
  }

  /// What few baskets have; the byte of the spend says which of it follows.
  private mutating func write(_ certificates: [SoldCertificate], _ choices: [GiftWish]) {
    if !certificates.isEmpty {
      list(certificates) { pen, sold in
        pen.bytes.text(sold.line)
        pen.write(sold.certificate)
      }
    }
    guard !choices.isEmpty else { return }
    list(choices) { pen, wish in
      pen.bytes.text(wish.promotion)
      pen.bytes.text(wish.code)
      pen.optional(wish.product) { $0.id($1.raw, .other) }
    }
  }

  /// On a byte that was small before there was what follows: certificates, their series, a member's favourites, budgets.
  static var marker: UInt8 { 0x80 }
  /// The same: of the basket's byte, the gifts that were chosen follow, behind the certificates; of a member's byte, what they agreed to
  /// and activated follows, behind the favourites; of the last one, budgets of the chain's day behind all others.
  static var secondMarker: UInt8 { 0x40 }

  private mutating func write(_ tender: Tender, for lines: [BasketLine]) {
    let kind = UInt8(TenderKind.allCases.firstIndex(of: tender.kind) ?? 0)
    bytes.byte(tender.certificate == nil ? kind : kind | Self.marker)
    optional(tender.amount) { $0.bytes.signed($1.minor) }
    guard let certificate = tender.certificate else { return }
    write(certificate)
    optional(tender.only) { pen, only in
      let paid = lines.indices.filter { only.holds(for: lines[$0].product, price: lines[$0].price) }
      pen.list(paid) { $0.bytes.count($1) }
    }
  }

  /// Without the number under its strip, which nobody needs to know again.
  private mutating func write(_ certificate: PresentedCertificate) {
    bytes.text(certificate.code)
    let state = UInt8(PresentedCertificate.State.allCases.firstIndex(of: certificate.state) ?? 0)
    bytes.byte(certificate.series == nil ? state : state | Self.marker)
    bytes.signed(certificate.available.minor)
    if let series = certificate.series { bytes.text(series) }
  }

  /// Bit 0: the brand follows; bit 1: where the store lies does, bit 2: which till it was, bit 3: what kind of shop; these are kept only
  /// where the rules ask.
  private mutating func write(_ brand: BrandID?, _ place: StorePlace, _ till: String?) {
    let lies = place.priceZone != nil || place.region != nil || place.city != nil
    bytes.byte((brand == nil ? 0 : 1) | (lies ? 2 : 0) | (till == nil ? 0 : 4) | (place.format == nil ? 0 : 8))
    if let brand { id(brand.raw, .other) }
    if let till { bytes.text(till) }
    if let format = place.format { bytes.text(format) }
    guard lies else { return }
    optional(place.priceZone) { $0.id($1.raw, .other) }
    optional(place.region) { $0.bytes.text($1) }
    optional(place.city) { $0.bytes.text($1) }
  }

  /// Which of a line's rarer facts are there; the commonest first, since seven of them fit in one byte.
  enum Rare {
    static var brand: UInt64 { 1 << 0 }
    static var manufacturer: UInt64 { 1 << 1 }
    static var attributes: UInt64 { 1 << 2 }
    static var flags: UInt64 { 1 << 3 }
    static var minPrice: UInt64 { 1 << 4 }
    static var maxPrice: UInt64 { 1 << 5 }
    static var kind: UInt64 { 1 << 6 }
    static var tillReductions: UInt64 { 1 << 7 }
    static var priceLocked: UInt64 { 1 << 8 }
    static var legalEntity: UInt64 { 1 << 9 }
    static var settlement: UInt64 { 1 << 10 }
    static var mark: UInt64 { 1 << 11 }
  }

  private func head(of line: BasketLine) -> UInt64 {
    let product = line.product
    var head: UInt64 = 0
    if product.brand != nil { head |= Rare.brand }
    if product.manufacturer != nil { head |= Rare.manufacturer }
    if !product.attributes.isEmpty { head |= Rare.attributes }
    if product.flags != [] { head |= Rare.flags }
    if product.minPrice != nil { head |= Rare.minPrice }
    if product.maxPrice != nil { head |= Rare.maxPrice }
    if line.kind != .goods { head |= Rare.kind }
    if !line.tillReductions.isEmpty { head |= Rare.tillReductions }
    if line.isPriceLocked { head |= Rare.priceLocked }
    if line.legalEntity != nil { head |= Rare.legalEntity }
    if line.settlement != .full { head |= Rare.settlement }
    if line.mark != nil { head |= Rare.mark }
    return head
  }

  private mutating func write(_ line: BasketLine, at place: Int) {
    let product = line.product
    let head = head(of: line)
    bytes.unsigned(head)
    // Tills number their lines 1, 2, 3 …
    bytes.text(line.id == String(place + 1) ? "" : line.id)
    bytes.signed(line.price.minor)
    list(product.categories) { $0.id($1.raw, .category) }
    if head & Rare.kind != 0 { word(line.kind) }
    if head & Rare.tillReductions != 0 {
      list(line.tillReductions) { pen, reduction in
        pen.bytes.text(reduction.kind)
        pen.bytes.signed(reduction.amount.minor)
        pen.optional(reduction.reason) { $0.bytes.text($1) }
      }
    }
    if let entity = line.legalEntity { id(entity.raw, .other) }
    if head & Rare.settlement != 0 { word(line.settlement) }
    if let mark = line.mark { bytes.text(mark) }
    if let brand = product.brand { id(brand.raw, .brand) }
    if let maker = product.manufacturer { id(maker.raw, .maker) }
    if head & Rare.attributes != 0 { list(product.attributes) { $0.id($1.raw, .attribute) } }
    if head & Rare.flags != 0 { bytes.byte(product.flags.rawValue) }
    if let price = product.minPrice { bytes.signed(price.minor) }
    if let price = product.maxPrice { bytes.signed(price.minor) }
  }

  mutating func write(_ member: MemberSnapshot?) {
    optional(member) { pen, member in
      pen.id(member.id.raw, .other)
      pen.word(member.kind)
      let asksMore = member.consents != Consents() || !member.offers.isEmpty
      pen.bytes.byte(
        (member.maySpend ? 1 : 0) | (member.favourites.isEmpty ? 0 : Self.marker) | (asksMore ? Self.secondMarker : 0))
      pen.optional(member.tier) { $0.id($1.raw, .other) }
      pen.list(member.segments) { $0.id($1.raw, .other) }
      pen.optional(member.birthday) { $0.bytes.signed(Int64($1.number)) }
      pen.list(member.attributes.sorted { $0.key < $1.key }) { pen, attribute in
        pen.bytes.text(attribute.key)
        pen.write(attribute.value)
      }
      pen.bytes.signed(member.purchases)
      pen.list(member.counters.sorted { $0.key < $1.key }) { pen, counter in
        pen.bytes.text(counter.key)
        pen.bytes.signed(counter.value)
      }
      pen.bytes.signed(member.pools.reduce(0) { $1.only == nil ? $0 + $1.amount.units : $0 })
      pen.bytes.signed(member.spentToday.units)
      pen.list(member.usage.sorted { $0.key < $1.key }) { pen, usage in
        pen.id(usage.key.raw, .promotion)
        pen.bytes.signed(usage.value.uses)
        pen.bytes.signed(usage.value.today)
      }
      if !member.favourites.isEmpty { pen.list(member.favourites) { $0.bytes.text($1) } }
      if asksMore { pen.write(member.consents, member.offers) }
    }
  }

  private mutating func write(_ consents: Consents, _ offers: [ActivatedOffer]) {
    bytes.signed(consents.bits)
    list(offers) { pen, offer in
      pen.id(offer.promotion.raw, .promotion)
      pen.bytes.signed(offer.since.micros)
      pen.optional(offer.until) { $0.bytes.signed($1.micros) }
      pen.optional(offer.usesUpTo) { $0.bytes.signed($1) }
    }
  }

  private mutating func write(_ value: AttributeValue) {
    switch value {
    case .text(let text):
      bytes.byte(0)
      bytes.text(text)
    case .number(let number):
      bytes.byte(1)
      bytes.signed(number)
    case .flag(let flag): bytes.byte(flag ? 3 : 2)
    case .day(let day):
      bytes.byte(4)
      bytes.signed(Int64(day.number))
    case .list(let codes):
      bytes.byte(5)
      list(codes) { $0.bytes.text($1) }
    }
  }

  mutating func write(_ usage: [PromotionID: SharedUsage]) {
    list(usage.sorted { $0.key < $1.key }) { pen, usage in
      pen.id(usage.key.raw, .promotion)
      pen.bytes.signed(usage.value.storeToday)
      pen.bytes.signed(usage.value.uses)
      pen.bytes.signed(usage.value.money.minor)
      pen.bytes.signed(usage.value.points.units)
    }
  }
}
