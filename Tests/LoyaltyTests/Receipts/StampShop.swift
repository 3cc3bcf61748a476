import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit

/// A till with a card of five: a stamp for each milk, the tea is free for five.
struct StampShop: Sendable {
  static let card = StampCard(code: "milk", name: LocalText(ru: "Молоко", en: "Milk"), stamps: 5)
  static let milk = ProductFilter.products(IDList([Till.milk]))
  static let tea = ProductFilter.products(IDList([Till.tea]))

  let till: Till
  let cards: StampCards
  var card: StampCard { cards.cards[0] }
  var anna: Shopper { till.shopper(1) }

  static var promotions: [Promotion] {
    var free = Till.promotion(20, .gift(units: 1, price: .zero), target: tea)
    free.takes = StampTake(card: "milk", stamps: 5)
    return [free, Till.promotion(21, .reward(.stamps(StampGrant(card: "milk", stamps: 1, per: .unit))), target: milk)]
  }

  static func open(
    _ kind: TestDatabase, money: ReturnTerms.Money = .paidPrice, _ change: (inout StampCard) -> Void = { _ in },
    more: [Promotion] = [], _ body: @Sendable (StampShop) async throws -> Void
  ) async throws {
    var terms = ProgrammeTerms()
    var card = card
    change(&card)
    terms.stampCards = [card]
    let known = terms
    try await kind.withDatabase(Till.tables) { database in
      let till = Till(database, promotions: promotions + more, terms: ReturnTerms(money: money), programme: known)
      let cards = StampCards(of: Till.account, programme: Till.programme, known, till.points, ids: till.ids)
      try await body(StampShop(till: till, cards: cards))
    }
  }

  func stamps(_ shopper: Shopper? = nil, at now: Instant = Till.noon) async throws -> Int64 {
    try await till.wallet(shopper ?? anna).stamps(on: card, at: cards.today(now))
  }

  @discardableResult func change(_ count: Int64, _ key: String, at now: Instant = Till.noon) async throws -> Int64 {
    let change = Change(by: .demo, at: now, ids: till.ids)
    return try await till.database.write { tx in
      try cards.change(
        count, on: "milk", of: anna.id ?? MemberID(0), because: "a card of paper", request: RequestKey(key), by: change, in: &tx)
    }
  }

  func key(_ number: Int64, day: Int32) -> ReceiptKey {
    ReceiptKey(store: till.store.id, register: "1", shift: 5, number: String(number), day: CivilDay(number: 20_778 + day))
  }

  func confirm(_ sale: Sale, by shopper: Shopper, _ request: String, at now: Instant? = nil) async throws {
    _ = try await till.receipts.confirm(
      sale, by: shopper, request: RequestKey(request), at: now ?? sale.basket.time, on: till.database)
  }

  func totals() async throws -> StampCardTotals {
    try await till.database.read { tx in try cards.totals(in: &tx)["milk"] ?? StampCardTotals() }
  }
}
