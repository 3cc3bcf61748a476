import Access
import Calculator
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import regulars

/// What stands in the braces of foreign calls.
struct ForeignNames: Sendable {
  /// By what stands in the braces.
  private let words: [String: String]
  /// What no answer to another account may hold.
  let secrets: [String]

  func filled(_ text: String, _ number: Int) -> String {
    var text = text.replacing("{n}", with: "n\(number)n")
    for (name, word) in words { text = text.replacing("{\(name)}", with: word) }
    return text
  }

  /// An answer without what must differ: names, ids, moments, and how the asker's own balance stands meanwhile.
  static func plain(_ json: JSON?, _ words: String, _ sides: [ForeignNames], _ number: Int) -> String {
    var text = json.map { without($0).compact } ?? words
    text = text.replacing(/[a-z]{3}_[0-7][0-9a-z]{12}(\.[0-9a-z]+\.[0-9a-z]+)?/, with: "#id")
    text = text.replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "#at").replacing("n\(number)n", with: "#n")
    // Longer ones first: one may be a part of another.
    let known = sides.flatMap(\.words).sorted { ($0.value.count, $0.key) > ($1.value.count, $1.key) }
    for (name, word) in known { text = text.replacing(word, with: "#\(name)") }
    return text
  }

  private static func without(_ json: JSON) -> JSON {
    switch json {
    case .object(let members):
      .object(members.filter { !["requestId", "balance"].contains($0.key) }.map { JSON.Member($0.key, without($0.value)) })
    case .array(let items): .array(items.map(without))
    default: json
    }
  }

  /// A token of the other chain that may ask for everything. Its programme has what ours has, under other codes, and its member has a
  /// household.
  static func opposite(_ shop: WebShop) async throws -> String {
    let (others, change) = (shop.others, Change(by: .demo, at: shop.now, ids: shop.ids))
    let secret = TokenSecret(random: WebShop.secrets(11))
    let programme = try await shop.database.write { tx in
      let ours = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let programmes = Programmes(of: others, zones: WebShop.zone)
      let theirs = try #require(try programmes.all(in: &tx).first)
      let gold = TierDetails(code: "gold", name: LocalText(ru: "Золото", en: "Gold"), rank: 20)
      _ = try theirs.tiers.save([gold], by: change, in: &tx)
      var settings = ours.settings.json.compact
      for (code, other) in [("paws", "claws"), ("review", "opinion"), ("plus", "minus"), ("tea", "brew")] {
        settings = settings.replacing("\"code\":\"\(code)\"", with: "\"code\":\"\(other)\"")
      }
      let saved = try programmes.save(theirs.code, try JSON.parse(settings), by: change, in: &tx)
      let details = TokenDetails(name: "opposite", programme: saved.id, bearer: .integration, scopes: Set(Scope.allCases))
      _ = try Tokens(of: others).issue(details, secret: secret, by: change, in: &tx)
      return saved.id
    }
    _ = try await shop.floors.refresh(programme)
    let line = try await shop.line(secret.text)
    let founded = try await line.post(
      "/till/v1/members/\(shop.boris)/household", Array(#"{ "store": "S1", "register": "9", "name": "Чужие" }"#.utf8))
    #expect(founded.status == 200, "\(String(decoding: founded.body, as: UTF8.self))")
    await line.close()
    return secret.text
  }

  /// Ours with everything that can be named, and names that nothing ever had.
  static func furnish(_ shop: WebShop) async throws -> (theirs: ForeignNames, never: ForeignNames) {
    let names = try await `every write of the till's interface`.furnish(shop)
    let kept = try await keep(shop)
    let sold = try await act(shop, names)
    var theirs = kept.merging(sold) { own, _ in own }
    theirs.merge([
      "member": names.anna, "card": "1600", "hold": names.hold, "confirmation": names.confirmation, "typed": names.code,
      "household": names.household, "referral": names.referral, "receipt": "S1~9~1~22~2026-11-21",
      "elsewhere": "V9~9~1~5~2026-11-21",
      "shift": "S1~9~3~2026-11-21", "store": "V9", "till": "till-of-ours", "game": "DOGS", "find": "RED", "plan": "plus",
      "promotion": "week", "charity": "paws", "action": "review", "favourite": "tea", "own": "\(shop.boris)",
    ]) { own, _ in own }
    let (source, early) = (IDSource(node: 8), shop.now - .days(1))
    let member = "\(source.next(Entity.Member.self, at: early))"
    let calculation = (theirs["calculation"] ?? "").split(separator: ".").dropFirst().joined(separator: ".")
    let never = [
      "member": member, "card": "1799", "hold": "\(source.next(Entity.Hold.self, at: early)).\(member)",
      "confirmation": "\(source.next(Entity.Confirmation.self, at: early)).\(member)", "typed": "0000",
      "household": "\(source.next(Entity.Household.self, at: early))", "referral": "ZZZZ9999", "receipt": "S1~9~1~23~2026-11-21",
      "elsewhere": "V8~9~1~5~2026-11-21", "shift": "S1~9~77~2026-11-21", "store": "V8", "till": "till-of-none", "game": "NEVER",
      "find": "NONE", "plan": "none-such", "promotion": "none-week", "charity": "none-paws", "action": "none-act",
      "favourite": "none-tea",
      "own": "\(shop.boris)", "product": "n-product", "barcode": "4600000000046", "category": "n-category",
      "productBrand": "n-maker",
      "entity": "n-entity", "brand": "n-brand", "zone": "n-zone", "certificate": "G7K2M9QWX4H3PT8", "coupon": "NONESUCH1",
      "transfer": "\(source.next(Entity.Transfer.self, at: early))", "donation": "\(source.next(Entity.Donation.self, at: early))",
      "request": "none-request",
      "answer": "\(source.next(Entity.TillAnswer.self, at: early))",
      "label": "\(source.next(Entity.Product.self, at: shop.now))",
      "calculation": "\(source.next(Entity.Calculation.self, at: early)).\(calculation)",
    ]
    #expect(Set(theirs.keys) == Set(never.keys), "\(Set(theirs.keys).symmetricDifference(never.keys))")
    let hidden = ["Иванова", "Петровы", "На Арбате", "79160000001", "79161234567", "v-secret"]
    return (ForeignNames(words: theirs, secrets: hidden), ForeignNames(words: never, secrets: []))
  }

  /// What an account keeps and tills only name.
  private static func keep(_ shop: WebShop) async throws -> [String: String] {
    let (account, change) = (shop.account, Change(by: .demo, at: shop.now, ids: shop.ids))
    return try await shop.database.write { tx in
      let (places, catalogue) = (Places(of: account), Catalogue(of: account))
      _ = try places.save([BrandDetails(code: "v-brand", name: "v-secret")], by: change, in: &tx)
      _ = try places.save([LegalEntityDetails(code: "v-entity", name: "v-secret")], by: change, in: &tx)
      _ = try places.save([PriceZoneDetails(code: "v-zone", name: "v-secret")], by: change, in: &tx)
      let store = StoreDetails(code: "V9", name: "v-secret", brand: "v-brand", legalEntity: "v-entity", zone: "Europe/Moscow")
      _ = try places.save([store], by: change, in: &tx)
      _ = try catalogue.save([CategoryDetails(code: "v-category", name: "v-secret")], by: change, in: &tx)
      _ = try catalogue.save([ProductBrandDetails(code: "v-maker", name: "v-secret")], by: change, in: &tx)
      let product = ProductDetails(
        code: "v-product", name: CatalogueName("v-secret"), category: "v-category",
        barcodes: Barcode("4600000000039").map { [$0] } ?? [])
      let label = try catalogue.save([product], by: change, in: &tx).ids[0]
      let programme = try Programmes(of: account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let certificates = Certificates(of: programme, ids: shop.ids, keys: WebShop.keys)
      let gift = CertificateSeriesDetails(
        code: "GIFT", name: LocalText(ru: "v-secret", en: "v-secret"), face: .fixed(Money(minor: 300_000)), pinDigits: 4)
      _ = try certificates.save([gift], by: change, in: &tx)
      let batch = try certificates.order(3, of: "GIFT", label: "first", key: "plan", by: change, in: &tx)
      var dice = Dice(seed: 1)
      _ = try certificates.makeNext(of: batch.id, using: &dice, in: &tx)
      let series = CouponSeriesDetails(code: "OWN", name: LocalText(ru: "v-secret", en: "v-secret"))
      let own = try Coupons(of: programme).save([series], by: change, in: &tx).ids[0]
      try tx.run(
        SQL(
          "insert into coupon (account_id, code, series_id, owner_id, state, issued_at) values ($1, $2, $3, $4, 0, $5)", account,
          "OURCOUPON1", own, shop.anna, shop.now))
      let code = try #require(try tx.row(SQL("select code from certificate where account_id = $1 order by code", account))?.text(0))
      return [
        "brand": "v-brand", "entity": "v-entity", "zone": "v-zone", "category": "v-category", "productBrand": "v-maker",
        "product": "v-product", "barcode": "4600000000039", "label": "\(label)", "certificate": code, "coupon": "OURCOUPON1",
      ]
    }
  }

  /// What tills have done there.
  private static func act(_ shop: WebShop, _ names: TillWrite.Names) async throws -> [String: String] {
    _ = try await shop.floors.refresh(shop.programme)
    let line = try await shop.line(shop.office)
    func post(_ path: String, _ text: String, at store: String = "S1") async throws -> TillLine.Reply {
      let body = #"{ "store": "\#(store)", "register": "9", \#(text) }"#
      let reply = try await line.post("/till/v1" + path, Array(body.utf8), key: "ours-\(path.count)-\(text.count)-\(store)")
      #expect(reply.status < 300, "\(path) \(String(decoding: reply.body, as: UTF8.self))")
      return reply
    }
    let quote = try await post("/calculations", #""time": "2026-11-21T12:00:00", "lines": [\#(Bodies.milk)]"#)
    _ = try await post(
      "/receipts",
      #""receipt": { "shift": 1, "number": "5" }, "time": "2026-11-21T12:00:00", \#(Bodies.card), "lines": [\#(Bodies.milk)]"#,
      at: "V9")
    // Of a number that the asker's own tills have not.
    _ = try await post(
      "/shift-closings",
      #""shift": 3, "opened": "2026-11-21T09:00:00", "closed": "2026-11-21T21:00:00", "sales": { "count": 0, "amount": "0.00" }"#)
    let gift = try await post(
      "/members/\(names.anna)/transfers", #""shown": "app", "to": { "identifier": "1600" }, "points": "20""#)
    let given = try await post("/members/\(names.anna)/donations", #""shown": "app", "charity": "paws", "points": "10""#)
    // Refused, so that it is kept and found by the request.
    let refused = try await line.post("/till/v1/calculations", Array(#"{ "store": "V9", "register": "9" }"#.utf8))
    let request = try #require(try refused.text("requestId"))
    await line.close()
    await shop.answers.flush(shop.log)
    return [
      "request": request,
      "calculation": try #require(try quote.text("calculationId")), "transfer": try #require(try gift.text("transfer")),
      "donation": try #require(try given.text("donation")),
      "answer": "\(shop.ids.next(Entity.TillAnswer.self, at: shop.now - .days(1)))",
    ]
  }
}
