import Access
import Calculator
import Conditions
import Customers
import Engagement
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `a document` {
  static let store = StoreFacts(id: StoreID(77), zone: .utc)

  /// The latest document of a type.
  private func latest(_ type: String, _ inbox: Inbox) throws -> JSON {
    try required(inbox.all.map { try Inbox.document($0) }.last { $0["type"] == .string(type) })
  }

  private func receipts(_ shop: HookShop) -> Receipts {
    let earning = Promotion(
      id: PromotionID(1), code: "five", name: LocalText(ru: "Пять", en: "Five"), condition: .all([]), target: .everything,
      benefit: .earnRate(.percent(5)))
    return Receipts(
      of: shop.programme, rules: RuleShelf(RuleBook(version: 1, terms: shop.programme.settings.terms, promotions: [earning])),
      ids: shop.ids)
  }

  private func sell(_ shop: HookShop, _ number: String, to shopper: Shopper) async throws -> ReceiptKey {
    let key = ReceiptKey(store: Self.store.id, register: "1", shift: 5, number: number, day: CivilDay(number: 20_514))
    let line = BasketLine(id: "1", product: ProductFacts(id: ProductID(501)), quantity: .pieces(2), price: Money(minor: 10_050))
    let basket = Basket(store: Self.store, time: shop.now, lines: [line])
    _ = try await receipts(shop).confirm(
      Sale(key: key, basket: basket), by: shopper, request: RequestKey("sale \(number)"), at: shop.now, on: shop.database)
    return key
  }

  @Test(arguments: TestDatabase.available)
  func `tells of receipts: sold, attached, returned`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      _ = try await shop.add("https://pantry.example/hook")
      let member = try await shop.join(1)
      let snapshot = MemberSnapshot(id: member)
      _ = try await sell(shop, "9", to: .member(snapshot))
      try await shop.deliver(send: inbox.sender)
      let sold = try latest("receipt.confirmed", inbox)
      #expect(sold["account"] == "pantry" && sold["at"] == .string(HookShop.start.text) && sold["epoch"] != nil)
      let data = try #require(sold["data"])
      #expect(data["member"] == .string("\(member)") && data["amount"] == "201.00" && data["currency"] == "RUB")
      #expect(data["earned"] == "10" && data["lines"] == 1 && data["programme"] == "club")
      #expect(
        data["key"]?.compact == #"{"store":"\#(Self.store.id)","register":"1","shift":5,"number":"9","date":"2026-03-02"}"#)

      let nobodys = try await sell(shop, "10", to: .nobody)
      try await shop.deliver(send: inbox.sender)
      #expect(try latest("receipt.confirmed", inbox)["data"]?["member"] == .null)
      let receipts = receipts(shop)
      _ = try await shop.write { tx in
        try receipts.attach(nobodys, to: snapshot, request: RequestKey("attach"), at: shop.now, in: &tx)
      }
      let goods = Return(
        key: ReceiptKey(store: Self.store.id, register: "1", shift: 5, number: "11", day: CivilDay(number: 20_514)),
        original: nobodys, lines: [Return.Line(.line("1"))], at: shop.now, day: CivilDay(number: 20_514))
      let told = try await shop.write { tx in
        try receipts.takeBack(goods, by: .nobody, request: RequestKey("back"), at: shop.now, in: &tx)
      }
      try await shop.deliver(send: inbox.sender)
      let attached = try #require(try latest("receipt.attached", inbox)["data"])
      #expect(attached["member"] == .string("\(member)") && attached["earned"] == "10" && attached["amount"] == "201.00")
      let returned = try #require(try latest("receipt.returned", inbox)["data"])
      // What the till was told, and no more.
      #expect(told.amount == Money(minor: 10_050) && returned["amount"] == "100.50" && returned["lines"] == 1)
      #expect(told.takenBack > .zero && returned["pointsTakenBack"] == .string("\(told.takenBack.units)"))
      #expect(returned["member"] == .string("\(member)"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tells of members without saying who they are`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      _ = try await shop.add("https://pantry.example/hook")
      let member = try await shop.join(1)
      let (programme, change) = (shop.programme, shop.change)
      let card = try #require(Identifier(external: "card-4711-2222"))
      try await shop.write { tx in
        let person = Person(familyName: "Иванова")
        try programme.members.change(member, kind: .employee, person: person, by: change, in: &tx)
        try programme.identifiers.attach(card, to: member, verified: true, by: change, in: &tx)
      }
      try await shop.deliver(send: inbox.sender)
      let changed = try #require(try latest("member.changed", inbox)["data"])
      #expect(changed["kind"] == "employee" && changed["status"] == "active" && changed["programme"] == "club")
      let attached = try #require(try latest("member.identifier-attached", inbox)["data"])
      #expect(attached["changedIdentifier"] == "external")
      let all = inbox.all.map(\.body).joined()
      for secret in ["Иванова", "4711", "9121000001"] { #expect(!all.contains(secret), "\(secret)") }
      try await shop.write { tx in
        try programme.identifiers.detach(card, from: member, by: change, in: &tx)
        try programme.members.erase(member, by: change, in: &tx)
      }
      try await shop.deliver(send: inbox.sender)
      let erased = try #require(try latest("member.erased", inbox)["data"])
      #expect(erased["status"] == "erased" && erased["identifiers"] == .array([]))
      #expect(try latest("member.identifier-detached", inbox)["data"]?["member"] == .string("\(member)"))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tells of alerts: who, what and how much`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      _ = try await shop.add("https://pantry.example/hook", kinds: [.guardAlerted])
      let member = try await shop.join(1)
      let maria = try #require(Actor(.staff, "maria"))
      let (change, by) = (shop.change, Change(by: maria, at: shop.now, ids: shop.ids))
      for number in 1...2 {
        try await shop.write { tx in
          let settings = try JSON.parse(
            """
            { "name": "Club", "zone": "UTC", "guard": { "limits": [
              { "code": "by-hand", "subject": "operator", "measure": "by-hand", "hours": 4, "soft": "60" }] } }
            """)
          let programme = try Programmes(of: shop.account, zones: { _ in .utc }).save("club", settings, by: change, in: &tx)
          _ = try Wallets(of: programme, ids: shop.ids).adjust(
            Adjustment(Points(units: 40), because: .goodwill, note: "a long queue"), of: member, request: RequestKey("\(number)"),
            by: by, in: &tx)
        }
      }
      try await shop.deliver(send: inbox.sender)
      let all = try inbox.all.map { try Inbox.document($0) }
      #expect(all.map { $0["type"] } == ["guard.alerted"])
      let data = try #require(try latest("guard.alerted", inbox)["data"])
      #expect(data["programme"] == "club" && data["limit"] == "by-hand" && data["subject"] == "operator")
      #expect(data["code"] == "staff:maria" && data["store"] == nil && data["hours"] == 4 && data["days"] == nil)
      #expect(data["figure"] == "80" && data["threshold"] == "60" && data["isHard"] == .bool(false) && data["state"] == "open")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tells of points, tiers and segments`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let inbox = Inbox()
      _ = try await shop.add("https://pantry.example/hook")
      let member = try await shop.join(1)
      let (programme, change) = (shop.programme, shop.change)
      try await shop.write { tx in
        let wallets = Wallets(of: programme, ids: shop.ids)
        _ = try wallets.adjust(
          Adjustment(Points(units: 40), because: .goodwill, note: "a long queue"), of: member, request: RequestKey("sorry"),
          by: change,
          in: &tx)
        _ = try programme.tiers.save(
          [TierDetails(code: "gold", name: LocalText(ru: "Золото", en: "Gold"), rank: 1)], by: change, in: &tx)
        _ = try programme.tiers.grant(
          "gold", to: member, until: change.at + .days(30), because: "a year", request: RequestKey("gold"), by: change, in: &tx)
        let segments = Segments(of: shop.account)
        let details = SegmentDetails(code: "tea", name: LocalText(ru: "Чай", en: "Tea"), kind: .static)
        _ = try segments.save([details], by: change, in: &tx)
        _ = try segments.add([member], to: "tea", by: change, in: &tx)
      }
      try await shop.deliver(send: inbox.sender)
      let points = try #require(try latest("points.adjusted", inbox)["data"])
      #expect(points["balance"]?.compact == #"{"active":"40","pending":"0","held":"0","status":"0"}"#)
      let tier = try #require(try latest("tier.granted", inbox)["data"])
      #expect(tier["tier"] == "gold" && tier["until"] == .string((change.at + .days(30)).text))
      #expect(try latest("segment.entered", inbox)["data"]?["segment"] == "tea")
    }
  }
}

@Suite struct `what is due in wallets` {
  @Test(arguments: TestDatabase.available)
  func `comes about for members who do not come`(on kind: TestDatabase) async throws {
    try await HookShop.on(kind) { shop in
      let (programme, change) = (shop.programme, shop.change)
      let due = DueWallets(zones: { _ in .utc }, ids: shop.ids)
      for number in 1...3 {
        let member = try await shop.join(number)
        let grant = Grant(Points(units: 10), origin: .opening(ImportID(1)), activation: .atOnce, life: .days(number))
        try await shop.write { tx in
          _ = try Wallets(of: programme, ids: shop.ids).open(
            Opening(of: member, [grant]), from: ImportID(1), request: RequestKey("open \(number)"), by: change, in: &tx)
        }
      }
      #expect(try await shop.read { tx in try due.lag(at: shop.now, in: &tx) } == .seconds(0))
      shop.wait(.hours(75))
      #expect(try await shop.read { tx in try due.lag(at: shop.now, in: &tx) } == .hours(36))
      let stop = Turns()
      var worker = Worker(
        on: shop.database, as: "one", Clockwork(now: { shop.now }, pause: { _ in await Task.yield() }, random: { 1 }),
        telling: { _ in })
      worker.add(due.chore(on: shop.database, now: { shop.now }, telling: { _ in }))
      let running = Task { [worker] in await worker.run(until: { stop.isOver }) }
      while try await shop.read({ tx in try Chores.board(in: &tx) }).first?.outcome == nil {
        try await Task.sleep(for: .milliseconds(5))
      }
      stop.end()
      await running.value
      #expect(try await shop.read { tx in try due.lag(at: shop.now, in: &tx) } == .seconds(0))
      let moved = try await shop.read { tx in try tx.rows("select owner_id from event where kind = 7").count }
      let waiting = try await shop.read { tx in try tx.rows("select owner_id from outbox where kind = 7").count }
      #expect(moved + waiting == 2)
    }
  }
}
