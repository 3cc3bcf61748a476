import Access
import Calculator
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What happens in the shop, by a seed: sales to members and to nobody, some of which come late; goods that come back, in part, whole and
/// without a receipt; cancellations, claims, merges and their undoing.
struct TruthLife {
  private struct Sold {
    let key: ReceiptKey
    let card: Int
    /// What is left of each line, in thousandths.
    var left: [Int64]
  }

  let shop: TruthShop
  private(set) var random: SeededRandom
  /// Of costs alone, so that they change nothing else that happens.
  private var pricing: SeededRandom
  private(set) var now = Ground.start + .hours(1)
  /// By what is printed on the receipt.
  private(set) var channels: [String: Channel] = [:]
  private(set) var kinds: [String: Int] = [:]
  /// What the shop did not let happen: nothing of it is in any table.
  private(set) var refused: [String] = []
  private var sold: [Sold] = []
  private var isMerged = false
  private var number = 0

  init(_ shop: TruthShop, seed: UInt64) {
    (self.shop, random, pricing) = (shop, SeededRandom(seed: seed), SeededRandom(seed: seed &+ 1_000_000))
  }

  /// What every shop has seen, whatever the seed: two cards of one person, a claim, goods that came back, a cancellation.
  mutating func begins() async throws {
    for card in [1, 1, 13, 13, 2, 14, 3] { try await sell(to: card) }
    try await sell(to: 0)
    try await claim(by: 3)
    try await takeBack(isWhole: false)
    try await takeBack(isWhole: true)
    try await sell(to: 5)
    try await cancel(at: sold.count - 1)
    for _ in 0..<4 { try await price() }
    try await moveStore()
    let merging = Merging(of: shop.programme, ids: shop.ground.ids)
    let (twin, survivor, change) = (shop.members[12], shop.members[0], change())
    _ = try await shop.ground.write { tx in
      try merging.merge(twin, into: survivor, MergeChoice(), because: "one person", request: RequestKey("one"), by: change, in: &tx)
    }
  }

  mutating func happens() async throws {
    now = now + .hours(Int64.random(in: 3...20, using: &random))
    switch Int.random(in: 0..<24, using: &pricing) {
    case 0...5: try await price()
    case 6: try await moveStore()
    default: break
    }
    do {
      switch Int.random(in: 0..<20, using: &random) {
      case 0...9: try await sell(to: Int.random(in: 1...TruthShop.cards, using: &random))
      case 10, 11: try await sell(to: 0)
      case 12, 13: try await takeBack(isWhole: false)
      case 14: try await takeBack(isWhole: true)
      case 15: if let place = sold.indices.randomElement(using: &random) { try await cancel(at: place) }
      case 16, 17: try await claim(by: Int.random(in: 1...12, using: &random))
      case 18: try await takeBackLoose()
      default: try await mergeOrPart()
      }
    } catch let problem as Problem {
      refused.append("\(problem)")
    }
  }

  /// What a product costs from a day on, which may have been long ago: in all stores, or in those of a price zone.
  private mutating func price() async throws {
    let product = try #require(TruthShop.codes.randomElement(using: &pricing))
    let figure = Figure(
      product: product, zone: Int.random(in: 0..<3, using: &pricing) == 0 ? "city" : nil, kind: .cost,
      since: shop.zone.civil(at: now).day.adding(days: Int.random(in: -20...3, using: &pricing)),
      value: Int64.random(in: 100...30_000, using: &pricing))
    let (account, change) = (shop.ground.account, change())
    _ = try await shop.ground.write { tx in try Catalogue(of: account).save([figure], by: change, in: &tx) }
    note("cost")
  }

  /// Some store is in the price zone from now on, or in none.
  private mutating func moveStore() async throws {
    let known = try #require(shop.stores.randomElement(using: &pricing)).details
    let zone = Bool.random(using: &pricing) ? "city" : nil
    let moved = StoreDetails(
      code: known.code, name: known.name, brand: known.brand, legalEntity: known.legalEntity, priceZone: zone,
      address: known.address, zone: known.zone)
    let (account, change) = (shop.ground.account, change())
    _ = try await shop.ground.write { tx in try Places(of: account).save([moved], by: change, in: &tx) }
    note("zone")
  }

  private func change() -> Change { Change(by: .demo, at: now, ids: shop.ground.ids) }

  private mutating func nextNumber() -> String {
    number += 1
    return "\(number)"
  }

  private mutating func note(_ kind: String) { kinds[kind, default: 0] += 1 }

  private mutating func line(_ place: Int, _ product: ProductFacts) -> BasketLine {
    let isWeighed = place % 3 == 2
    let quantity = isWeighed ? Int64.random(in: 200...2_400, using: &random) : Int64.random(in: 1...6, using: &random) * 1_000
    return BasketLine(
      id: "\(place + 1)", product: product, quantity: Quantity(thousandths: quantity),
      price: Money(minor: Int64.random(in: 10...400, using: &random) * 97))
  }

  private mutating func sell(to card: Int) async throws {
    let number = nextNumber()
    let isLate = card > 0 && Int.random(in: 0..<6, using: &random) == 0
    let time = isLate ? now - .hours(Int64.random(in: 20...90, using: &random)) : now
    let store = try #require(shop.stores.randomElement(using: &random))
    let chosen = shop.goods.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
    let lines = chosen.enumerated().map { place, product in line(place, product) }
    let key = ReceiptKey(
      store: store.id, register: Bool.random(using: &random) ? "1" : "2", shift: 1, number: number,
      day: shop.zone.civil(at: time).day)
    var basket = Basket(
      store: StoreFacts(id: store.id, zone: .moscow), channel: [.till, .till, .web, .app].randomElement(using: &random) ?? .till,
      time: time, lines: lines)
    if card > 0, !isLate, Int.random(in: 0..<4, using: &random) == 0 {
      basket.spend = .points(Points(units: Int64.random(in: 1...2_000, using: &random)))
    }
    let sale = Sale(key: key, basket: basket)
    channels[number] = basket.channel
    let (request, at) = (RequestKey("sale \(number)"), now)
    if card == 0 {
      _ = try await shop.receipts.confirm(sale, by: .nobody, request: request, at: at, on: shop.ground.database)
    } else {
      let buyer = Buyer.shown(
        Showing(.text("c\(card)", .external), shown: .scanned), in: shop.programme, spending: .nothing, at: at)
      _ = try await shop.receipts.confirm(sale, boughtBy: buyer, request: request, at: at, on: shop.ground.database)
    }
    sold.append(Sold(key: key, card: card, left: lines.map(\.quantity.thousandths)))
    note(isLate ? "late" : card == 0 ? "nobody" : "sale")
  }

  private mutating func takeBack(isWhole: Bool) async throws {
    let places = sold.indices.filter { place in sold[place].left.contains { $0 > 0 } }
    guard let place = places.randomElement(using: &random) else { return }
    let left = sold[place].left
    let open = left.indices.filter { left[$0] > 0 }
    let some = isWhole ? open : Array(open.shuffled(using: &random).prefix(1))
    let taken = some.map { line -> (line: Int, quantity: Int64) in
      // Pieces come back one by one, what is weighed as it was sold.
      let pieces = left[line] / 1_000
      let isAll = isWhole || line % 3 == 2 || pieces < 2
      return (line, isAll ? left[line] : Int64.random(in: 1..<pieces, using: &random) * 1_000)
    }
    let lines = taken.map { Return.Line(.line("\($0.line + 1)"), quantity: Quantity(thousandths: $0.quantity)) }
    try await takeBack(lines, of: sold[place].key, by: .nobody)
    for (line, quantity) in taken { sold[place].left[line] -= quantity }
    note(isWhole ? "whole" : "part")
  }

  /// Goods that no receipt is known of, by somebody or by nobody.
  private mutating func takeBackLoose() async throws {
    let product = try #require(shop.goods.randomElement(using: &random))
    let card = Int.random(in: 0...6, using: &random)
    let shopper: Shopper = card == 0 ? .nobody : .member(MemberSnapshot(id: shop.members[card]))
    try await takeBack([Return.Line(.product(product.id), quantity: .pieces(1))], of: nil, by: shopper)
    note("loose")
  }

  private mutating func takeBack(_ lines: [Return.Line], of original: ReceiptKey?, by shopper: Shopper) async throws {
    let number = nextNumber()
    let store = try #require(shop.stores.randomElement(using: &random))
    let day = shop.zone.civil(at: now).day
    let key = ReceiptKey(store: original?.store ?? store.id, register: "3", shift: 2, number: number, day: day)
    let goods = Return(key: key, original: original, lines: lines, at: now, day: day)
    let (receipts, request, at) = (shop.receipts, RequestKey("back \(number)"), now)
    _ = try await shop.ground.write { tx in
      try receipts.takeBack(goods, by: shopper, request: request, at: at, in: &tx)
    }
  }

  private mutating func cancel(at place: Int) async throws {
    let (receipts, key, at, request) = (shop.receipts, sold[place].key, now, RequestKey("cancel \(nextNumber())"))
    _ = try await shop.ground.write { tx in try receipts.cancel(key, request: request, at: at, in: &tx) }
    sold.remove(at: place)
    note("cancelled")
  }

  private mutating func claim(by card: Int) async throws {
    guard let place = sold.lastIndex(where: { $0.card == 0 }) else { return }
    let (receipts, key, at, request) = (shop.receipts, sold[place].key, now, RequestKey("claim \(nextNumber())"))
    let member = MemberSnapshot(id: shop.members[card - 1])
    let untouched = sold[place]
    _ = try await shop.ground.write { tx in try receipts.attach(key, to: member, request: request, at: at, in: &tx) }
    sold[place] = Sold(key: untouched.key, card: card, left: untouched.left)
    note("claimed")
  }

  /// The second card of the second member, there and back.
  private mutating func mergeOrPart() async throws {
    let merging = Merging(of: shop.programme, ids: shop.ground.ids)
    let (twin, survivor, change, request) = (shop.members[13], shop.members[1], change(), RequestKey("twin \(nextNumber())"))
    let isMerged = isMerged
    try await shop.ground.write { tx in
      if isMerged {
        try merging.unmerge(twin, request: request, by: change, in: &tx)
      } else {
        _ = try merging.merge(twin, into: survivor, MergeChoice(), because: "one person", request: request, by: change, in: &tx)
      }
    }
    self.isMerged.toggle()
    note(isMerged ? "parted" : "merged")
  }
}
