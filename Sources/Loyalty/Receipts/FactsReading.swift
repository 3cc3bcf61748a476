import Calculator
import Conditions
import Kernel
import Storage

extension SaleFacts {
  /// Reads what was stored.
  /// - Throws: `StorageFailure.damaged`.
  package init(document: [UInt8], lines: [SoldLine]) throws {
    do {
      var eye = try FactsEye(document)
      let basket = try eye.basket(lines)
      var member = try eye.optional { try $0.member() }
      var usage = try eye.usage()
      let last = try eye.byte()
      if last & FactsPen.marker != 0 { try eye.budgets().fill(&member, &usage) }
      if last & FactsPen.secondMarker != 0 { try eye.budgetsOfDay().fill(&member, &usage) }
      self.init(basket: basket, member: member, usage: usage, isBlocked: last & ~(FactsPen.marker | FactsPen.secondMarker) == 1)
    } catch let error as ByteReader.Damaged {
      throw StorageFailure.damaged("receipt.facts cannot be read at byte \(error.offset)")
    }
  }
}

/// Reads what `FactsPen` wrote.
struct FactsEye {
  private var bytes: ByteReader
  private let length: Int
  private var last: [Int64] = Array(repeating: 0, count: 7)

  init(_ document: [UInt8]) throws {
    bytes = try ByteReader(document)
    length = document.count
    guard bytes.version == SaleFacts.version else { throw ByteReader.Damaged(offset: 0) }
  }

  private mutating func id<T: Identified>(_ sort: FactsPen.Sort, _: T.Type = T.self) throws -> ID<T> {
    last[sort.rawValue] = last[sort.rawValue] &+ (try bytes.signed())
    return ID(last[sort.rawValue])
  }

  mutating func optional<T>(_ body: (inout FactsEye) throws -> T) throws -> T? { try bytes.byte() == 0 ? nil : try body(&self) }

  private mutating func list<T>(_ body: (inout FactsEye) throws -> T) throws -> [T] {
    let count = try bytes.count()
    guard count > 0 else { return [] }
    var values: [T] = []
    // A damaged count is no reason to ask for more than any list has.
    values.reserveCapacity(min(count, 64))
    for _ in 0..<count { values.append(try body(&self)) }
    return values
  }

  private mutating func word<W: CaseIterable>(_: W.Type = W.self) throws -> W {
    let place = Int(try bytes.byte())
    let words = Array(W.allCases)
    guard place < words.count else { throw ByteReader.Damaged(offset: length) }
    return words[place]
  }

  mutating func flag() throws -> Bool { try bytes.byte() == 1 }

  private mutating func small() throws -> Int32 {
    guard let value = Int32(exactly: try bytes.signed()) else { throw ByteReader.Damaged(offset: length) }
    return value
  }

  private mutating func money() throws -> Money { Money(minor: try bytes.signed()) }

  mutating func basket(_ sold: [SoldLine]) throws -> Basket {
    let id: StoreID = try id(.place)
    let (brand, place, till) = try brandAndPlace()
    let name = try bytes.text()
    let zone = Zone(name: name, initial: try small(), transitions: [])
    let store = StoreFacts(id: id, brand: brand, zone: zone, dayStart: Clock(second: try small()), place: place)
    let tolerance = Int64(try bytes.byte())
    let split: RegisterProfile.Split = try word()
    let least = try money()
    let profile = RegisterProfile(
      tolerance: tolerance, split: split, leastPrice: least, maxLines: Int(try bytes.unsigned() & 0xffff))
    var basket = Basket(store: store, register: profile, channel: try word(), time: Instant(micros: try bytes.signed()), lines: [])
    basket.till = till
    guard try bytes.count() == sold.count else { throw ByteReader.Damaged(offset: length) }
    basket.lines.reserveCapacity(sold.count)
    for (place, sold) in sold.enumerated() { basket.lines.append(try line(sold, at: place)) }
    basket.coupons = try list { eye in
      PresentedCoupon(code: try eye.bytes.text(), series: try eye.optional { try $0.bytes.text() }, state: try eye.word())
    }
    let lines = basket.lines
    basket.tenders = try list { eye in try eye.tender(for: lines) }
    let spend = try bytes.byte()
    switch spend & ~(FactsPen.marker | FactsPen.secondMarker) {
    case 0: basket.spend = .nothing
    case 1: basket.spend = .points(Points(units: try bytes.signed()))
    default: basket.spend = .most
    }
    if spend & FactsPen.marker != 0 {
      basket.certificates = try list { eye in SoldCertificate(line: try eye.bytes.text(), certificate: try eye.certificate()) }
    }
    guard spend & FactsPen.secondMarker != 0 else { return basket }
    basket.choices = try list { eye in
      GiftWish(promotion: try eye.bytes.text(), code: try eye.bytes.text(), product: try eye.optional { try $0.id(.other) })
    }
    return basket
  }

  private mutating func tender(for lines: [BasketLine]) throws -> Tender {
    let head = try bytes.byte()
    let kinds = TenderKind.allCases
    let kind = Int(head & ~FactsPen.marker)
    guard kind < kinds.count else { throw ByteReader.Damaged(offset: length) }
    var tender = Tender(kind: kinds[kind], amount: try optional { try $0.money() })
    guard head & FactsPen.marker != 0 else { return tender }
    tender.certificate = try certificate()
    let paid = try optional { eye in try eye.list { try $0.bytes.count() } }
    tender.only = paid.map { places in .products(IDList(places.filter(lines.indices.contains).map { lines[$0].product.id })) }
    return tender
  }

  private mutating func certificate() throws -> PresentedCertificate {
    let code = try bytes.text()
    let head = try bytes.byte()
    let (states, state) = (PresentedCertificate.State.allCases, Int(head & ~FactsPen.marker))
    guard state < states.count else { throw ByteReader.Damaged(offset: length) }
    var certificate = PresentedCertificate(code: code, state: states[state], available: try money())
    if head & FactsPen.marker != 0 { certificate.series = try bytes.text() }
    return certificate
  }

  private mutating func brandAndPlace() throws -> (BrandID?, StorePlace, String?) {
    let parts = try bytes.byte()
    guard parts < 16 else { throw ByteReader.Damaged(offset: length) }
    let brand: BrandID? = parts & 1 == 0 ? nil : try id(.other)
    let till = parts & 4 == 0 ? nil : try bytes.text()
    let format = parts & 8 == 0 ? nil : try bytes.text()
    guard parts & 2 != 0 else { return (brand, StorePlace(format: format), till) }
    let place = StorePlace(
      priceZone: try optional { try $0.id(.other) }, region: try optional { try $0.bytes.text() },
      city: try optional { try $0.bytes.text() }, format: format)
    return (brand, place, till)
  }

  private mutating func line(_ sold: SoldLine, at place: Int) throws -> BasketLine {
    let head = try bytes.unsigned()
    func has(_ fact: UInt64) -> Bool { head & fact != 0 }
    let id = try bytes.text()
    var product = ProductFacts(id: sold.product)
    let price = try money()
    product.categories = try list { try $0.id(.category) }
    var line = BasketLine(
      id: id.isEmpty ? String(place + 1) : id, product: product, quantity: sold.quantity, price: price,
      isPriceLocked: has(FactsPen.Rare.priceLocked))
    if has(FactsPen.Rare.kind) { line.kind = try word() }
    if has(FactsPen.Rare.tillReductions) {
      line.tillReductions = try list { eye in
        TillReduction(kind: try eye.bytes.text(), amount: try eye.money(), reason: try eye.optional { try $0.bytes.text() })
      }
    }
    if has(FactsPen.Rare.legalEntity) { line.legalEntity = try self.id(.other) }
    if has(FactsPen.Rare.settlement) { line.settlement = try word() }
    if has(FactsPen.Rare.mark) { line.mark = try bytes.text() }
    if has(FactsPen.Rare.brand) { product.brand = try self.id(.brand) }
    if has(FactsPen.Rare.manufacturer) { product.manufacturer = try self.id(.maker) }
    if has(FactsPen.Rare.attributes) { product.attributes = try list { try $0.id(.attribute) } }
    if has(FactsPen.Rare.flags) { product.flags = ProductFlags(rawValue: try bytes.byte()) }
    if has(FactsPen.Rare.minPrice) { product.minPrice = try money() }
    if has(FactsPen.Rare.maxPrice) { product.maxPrice = try money() }
    line.product = product
    return line
  }

  mutating func member() throws -> MemberSnapshot {
    var member = MemberSnapshot(id: try id(.other), kind: try word())
    let head = try bytes.byte()
    member.maySpend = head & ~(FactsPen.marker | FactsPen.secondMarker) == 1
    member.tier = try optional { try $0.id(.other) }
    member.segments = try list { try $0.id(.other) }
    member.birthday = try optional { CivilDay(number: try $0.small()) }
    let attributes = try list { eye in (try eye.bytes.text(), try eye.attribute()) }
    member.attributes = Dictionary(attributes, uniquingKeysWith: { _, later in later })
    member.purchases = try bytes.signed()
    let counters = try list { eye in (try eye.bytes.text(), try eye.bytes.signed()) }
    member.counters = Dictionary(counters, uniquingKeysWith: { _, later in later })
    member.pools = [PointsPool(amount: Points(units: try bytes.signed()))]
    member.spentToday = Points(units: try bytes.signed())
    let usage = try list { eye in
      (try eye.id(.promotion, Entity.Promotion.self), MemberUsage(uses: try eye.bytes.signed(), today: try eye.bytes.signed()))
    }
    member.usage = Dictionary(usage, uniquingKeysWith: { _, later in later })
    if head & FactsPen.marker != 0 { member.favourites = try list { try $0.bytes.text() } }
    guard head & FactsPen.secondMarker != 0 else { return member }
    member.consents = Consents(bits: try bytes.signed())
    member.offers = try list { eye in
      ActivatedOffer(
        try eye.id(.promotion), since: Instant(micros: try eye.bytes.signed()),
        until: try eye.optional { Instant(micros: try $0.bytes.signed()) }, usesUpTo: try eye.optional { try $0.bytes.signed() })
    }
    return member
  }

  private mutating func attribute() throws -> AttributeValue {
    switch try bytes.byte() {
    case 0: return .text(try bytes.text())
    case 1: return .number(try bytes.signed())
    case 2: return .flag(false)
    case 3: return .flag(true)
    case 4: return .day(CivilDay(number: try small()))
    case 5: return .list(try list { try $0.bytes.text() })
    default: throw ByteReader.Damaged(offset: length)
    }
  }

  mutating func byte() throws -> UInt8 { try bytes.byte() }

  private mutating func used(uses: Int64 = 0) throws -> Used {
    Used(uses: uses, money: try money(), points: Points(units: try bytes.signed()))
  }

  mutating func budgets() throws -> LimitFacts {
    LimitFacts(
      members: try list { eye in (try eye.id(.promotion), try eye.used(), try eye.used()) },
      shared: try list { eye in
        let id: PromotionID = try eye.id(.promotion)
        let uses = try eye.bytes.signed()
        return (id, try eye.used(uses: uses), try eye.used())
      })
  }

  mutating func budgetsOfDay() throws -> LimitFacts {
    LimitFacts(
      days: try list { eye in
        let id: PromotionID = try eye.id(.promotion)
        let uses = try eye.bytes.signed()
        return (id, try eye.used(uses: uses))
      })
  }

  mutating func usage() throws -> [PromotionID: SharedUsage] {
    let usage = try list { eye in
      (
        try eye.id(.promotion, Entity.Promotion.self),
        SharedUsage(
          storeToday: try eye.bytes.signed(), uses: try eye.bytes.signed(), money: try eye.money(),
          points: Points(units: try eye.bytes.signed()))
      )
    }
    return Dictionary(usage, uniquingKeysWith: { _, later in later })
  }
}
