import Access
import Calculator
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web
import regulars

/// One write of the till's interface, as a till sends it.
struct TillWrite: Sendable {
  /// What it names that the shop has made before.
  struct Names: Sendable {
    let anna: String
    /// Has a telephone, and a code that was sent to it.
    let guest: String
    /// Has a household that invites the guest.
    let founder: String
    let household: String
    let hold: String
    let confirmation: String
    let code: String
    let referral: String
    /// Joined just now.
    let newcomer: String
  }

  let method: String
  /// As the list of endpoints has it.
  let route: String
  let path: @Sendable (Names) -> String
  let body: @Sendable (Names) -> String
  /// Every one of its senders hears the same, word for word. Otherwise what came of it before shows in the answer.
  let hasOneAnswer: Bool

  init(
    _ method: String, _ route: String, at path: (@Sendable (Names) -> String)? = nil, hasOneAnswer: Bool = true,
    _ body: @escaping @Sendable (Names) -> String
  ) {
    (self.method, self.route, self.hasOneAnswer, self.body) = (method, "/till/v1" + route, hasOneAnswer, body)
    self.path = { "/till/v1" + (path?($0) ?? route) }
  }

  func send(_ names: Names, through line: TillLine, key: String) async throws -> TillLine.Reply {
    let text = body(names)
    let place = "\"store\": \"S1\", \"register\": \"9\""
    let whole = route.hasSuffix("/events") ? "{ \(text) }" : "{ \(place)\(text.isEmpty ? "" : ", ")\(text) }"
    return switch method {
    case "DELETE": try await line.delete(path(names))
    case "PUT": try await line.put(path(names), Array(whole.utf8))
    default: try await line.post(path(names), Array(whole.utf8), key: key)
    }
  }

  private static func sale(_ number: String, _ more: String = Bodies.card) -> String {
    "\"receipt\": { \"shift\": 1, \"number\": \"\(number)\" }, \"time\": \"2026-11-21T12:00:00\", "
      + (more.isEmpty ? "" : more + ", ") + "\"lines\": [\(Bodies.milk)]"
  }
  private static func back(_ number: String, _ goods: String) -> String {
    "\"receipt\": { \"shift\": 1, \"number\": \"\(number)\" }, \"time\": \"2026-11-21T13:00:00\", \"lines\": [{ \(goods) }]"
  }
  private static let seven = "S1~9~1~7~2026-11-21"

  /// Asked with POST, and nothing is written.
  static let reads: Set<String> = ["POST /till/v1/calculations", "POST /till/v1/certificates"]

  /// In an order in which each finds what it needs.
  static let all: [TillWrite] = [
    TillWrite("POST", "/receipts") { _ in sale("7", Bodies.card + ", \"spend\": \"50\"") },
    TillWrite("POST", "/receipts/{key}/returns", at: { _ in "/receipts/\(seven)/returns" }) { _ in
      back("8", "\"line\": \"1\", \"quantity\": \"1\"")
    },
    TillWrite("POST", "/receipts/{key}/cancellation", at: { _ in "/receipts/\(seven)/cancellation" }) { _ in "" },
    TillWrite("POST", "/receipts/{key}/member", at: { _ in "/receipts/S1~9~1~22~2026-11-21/member" }) { _ in Bodies.card },
    TillWrite("POST", "/receipts/{key}/activations", at: { _ in "/receipts/\(seven)/activations" }) { _ in "" },
    TillWrite("POST", "/exchanges") { _ in
      "\"returned\": { \(back("41", "\"product\": \"bread\"")) }, \"sold\": { \(sale("42")) }"
    },
    TillWrite("POST", "/receipt-batches") { _ in
      "\"receipts\": [{ \"requestKey\": \"in-a-batch-1\", \(sale("31")) }, { \"requestKey\": \"in-a-batch-2\", \(sale("32", "")) }]"
    },
    TillWrite("POST", "/returns") { _ in back("9", "\"product\": \"bread\"") },
    TillWrite("POST", "/holds") { _ in "\(Bodies.card), \"points\": \"100\"" },
    TillWrite("DELETE", "/holds/{id}", at: { "/holds/\($0.hold)" }) { _ in "" },
    TillWrite("POST", "/confirmations") { _ in "\(Bodies.card), \"points\": \"500\"" },
    TillWrite(
      "POST", "/confirmations/{id}/verification", at: { "/confirmations/\($0.confirmation)/verification" }, hasOneAnswer: false
    ) { "\"code\": \"\($0.code)\"" },
    TillWrite("POST", "/members") { _ in "\"identifiers\": [{ \"kind\": \"card\", \"value\": \"1650\" }]" },
    TillWrite("POST", "/shift-closings") { _ in
      "\"shift\": 1, \"opened\": \"2026-11-21T09:00:00\", \"closed\": \"2026-11-21T21:00:00\", "
        + "\"sales\": { \"count\": 3, \"amount\": \"550.00\" }"
    },
    TillWrite("POST", "/games/{code}/draws", at: { _ in "/games/WHEEL/draws" }) { _ in Bodies.card },
    TillWrite("POST", "/games/{code}/pages", at: { _ in "/games/DOGS/pages" }) { _ in "\(Bodies.card), \"page\": \"tea\"" },
    TillWrite("POST", "/members/{id}/finds", at: { "/members/\($0.anna)/finds" }) { _ in
      "\"shown\": \"app\", \"to\": { \"identifier\": \"1600\" }, \"game\": \"DOGS\", \"find\": \"RED\""
    },
    TillWrite("PUT", "/members/{id}/favourites", at: { "/members/\($0.anna)/favourites" }, hasOneAnswer: false) { _ in
      "\"period\": \"present\", \"categories\": [\"tea\"]"
    },
    TillWrite("POST", "/members/{id}/offers/{promotion}", at: { "/members/\($0.anna)/offers/week" }) { _ in "" },
    TillWrite("DELETE", "/members/{id}/offers/{promotion}", at: { "/members/\($0.anna)/offers/week" }, hasOneAnswer: false) { _ in
      ""
    },
    TillWrite("POST", "/members/{id}/consents", at: { "/members/\($0.anna)/consents" }) { _ in
      "\"consent\": \"terms\", \"isGiven\": true, \"text\": \"1\", \"source\": \"till\""
    },
    TillWrite("POST", "/actions/{code}", at: { _ in "/actions/review" }) { _ in "\(Bodies.card), \"subject\": \"review 1\"" },
    TillWrite("POST", "/members/{id}/referral-code", at: { "/members/\($0.anna)/referral-code" }) { _ in "" },
    TillWrite("POST", "/members/{id}/referrer", at: { "/members/\($0.newcomer)/referrer" }, hasOneAnswer: false) {
      "\"code\": \"\($0.referral)\""
    },
    TillWrite("POST", "/events", hasOneAnswer: false) { _ in
      "\"events\": [{ \"key\": \"e1\", \"event\": \"pageView\", \"at\": \"2026-11-21T08:00:00Z\", \"visitor\": \"v1\" }]"
    },
    TillWrite("PUT", "/members/{id}/attributes", at: { "/members/\($0.anna)/attributes" }) { _ in
      "\"attributes\": { \"size\": \"XL\" }"
    },
    // Anna has bought the plan's product by now, and a trial is for whoever never had the subscription.
    TillWrite("POST", "/members/{id}/trials/{plan}", at: { "/members/\($0.newcomer)/trials/plus" }) { _ in "" },
    TillWrite("POST", "/members/{id}/transfers", at: { "/members/\($0.anna)/transfers" }) { _ in
      "\"shown\": \"app\", \"to\": { \"identifier\": \"1600\" }, \"points\": \"20\""
    },
    TillWrite("POST", "/members/{id}/donations", at: { "/members/\($0.anna)/donations" }) { _ in
      "\"shown\": \"app\", \"charity\": \"paws\", \"points\": \"10\""
    },
    TillWrite("POST", "/members/{id}/household", at: { "/members/\($0.anna)/household" }, hasOneAnswer: false) { _ in
      "\"name\": \"Ивановы\""
    },
    TillWrite(
      "POST", "/members/{id}/household/invitations", at: { "/members/\($0.anna)/household/invitations" }, hasOneAnswer: false
    ) { _ in "\"member\": { \"identifier\": \"1602\", \"shown\": \"scanned\" }" },
    TillWrite(
      "POST", "/members/{id}/household/acceptance", at: { "/members/\($0.guest)/household/acceptance" }, hasOneAnswer: false
    ) { "\"household\": \"\($0.household)\", \"confirmation\": \"\($0.confirmation)\"" },
    TillWrite("DELETE", "/members/{id}/household", at: { "/members/\($0.anna)/household" }, hasOneAnswer: false) { _ in "" },
  ]
}

@Suite struct `every write of the till's interface` {
  private static let senders = 64

  @Test func `is in the list of these tests`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let listed = TillWrite.all.map { "\($0.method) \($0.route)" }
      let known = shop.routes.withLock { $0 }.filter { $0.scope != nil && $0.method != "GET" && $0.path.hasPrefix("/till/") }.map {
        "\($0.method) \($0.path)"
      }
      #expect(Set(listed).count == listed.count && TillWrite.reads.isDisjoint(with: listed))
      #expect(Set(known).subtracting(TillWrite.reads).symmetricDifference(listed) == [])
    }
  }

  @Test(arguments: TestDatabase.available) func `sent by sixty-four lines at once comes to what one of them would have done`(
    on kind: TestDatabase
  ) async throws {
    let alone = try await Self.outcome(on: kind, senders: 1)
    let together = try await Self.outcome(on: kind, senders: Self.senders)
    #expect(alone == together)
    #expect(together.count == 5 && !together.contains { $0.isEmpty })
  }

  /// Sends every write from so many lines at once, and tells how the members stand afterwards.
  private static func outcome(on kind: TestDatabase, senders: Int) async throws -> [String] {
    let heard = Heard()
    try await WebShop.open(kind) { shop in
      let names = try await furnish(shop)
      for (place, write) in TillWrite.all.enumerated() {
        let replies = try await withThrowingTaskGroup(of: TillLine.Reply.self) { group in
          for _ in 0..<senders {
            group.addTask {
              let line = try await shop.line(shop.office)
              let reply = try await write.send(names, through: line, key: "every-write-\(place)")
              await line.close()
              return reply
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        let first = replies.first.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
        #expect(replies.allSatisfy { $0.status < 300 }, "\(write.method) \(write.route): \(Set(replies.map(\.status))) \(first)")
        if write.hasOneAnswer { #expect(Set(replies.map(\.body)).count == 1, "\(write.method) \(write.route): \(first)") }
        if write.route.hasSuffix("/events") {
          #expect(try replies.filter { try $0.json["accepted"] == .int(1) }.count == 1, "one of them brought it")
        }
      }
      try await shop.verify()
      let line = try await shop.line(shop.office)
      for card in ["1001", "1600", "1601"] {
        await heard.add(try await line.get("/till/v1/members?identifier=\(card)").at("balance")?.compact ?? "")
      }
      await heard.add(try await line.get("/till/v1/members/\(names.anna)/transfers").at("transfers")?.items.count.description ?? "")
      let shift = try await line.get("/till/v1/shift-closings/S1~9~1~2026-11-21")
      await heard.add(try ["sales", "returns"].map { try #require(try shift.at("answer", $0)).compact }.joined(separator: " "))
      await line.close()
    }
    return await heard.texts
  }

  private actor Heard {
    private(set) var texts: [String] = []
    func add(_ text: String) { texts.append(text) }
  }

  /// Turns everything on that some write needs, and makes what they name.
  static func furnish(_ shop: WebShop) async throws -> TillWrite.Names {
    let window = try await shop.window(of: shop.hire("owner", .owner))
    for (path, form) in [
      ("/console/households", HouseholdCallTests.terms), ("/console/transfers", GivingAwayCallTests.terms),
      ("/console/charity", GivingAwayCallTests.charity),
    ] {
      #expect(try await window.submit(path, form).status == 303, "\(path)")
    }
    _ = try await FavouriteCallTests.offer(shop)
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    try await shop.database.write { tx in
      try FieldShop.define(shop, change, &tx)
      let programmes = Programmes(of: shop.account, zones: WebShop.zone)
      let known = try programmes.programme(shop.programme, in: &tx)
      guard case .object(let settings) = known.settings.json else { return }
      guard case .object(let actions) = try JSON.parse(Array(GivingCallTests.giving.utf8)) else { return }
      // Beside the charities, which the console has put there.
      let charities = [JSON.Member("charities", try #require(known.settings.json["giving"]?["charities"]))]
      let giving = JSON.Member("giving", .object(actions + charities))
      let programme = try programmes.save(
        known.code, .object(settings.filter { $0.key != "giving" } + [giving]), by: change, in: &tx)
      _ = try Games(of: programme, ids: shop.ids, keys: WebShop.keys).save([Self.hunt], by: change, in: &tx)
    }
    try await TrialCallTests.plans(shop)
    try await OfferCallTests.publish(shop)
    try await GameCallTests.game(shop)
    _ = try await shop.floors.refresh(shop.programme)
    return try await names(shop)
  }

  private static var hunt: GameDetails {
    func name(_ text: String) -> LocalText { LocalText(ru: text, en: text) }
    let find = Prize(name("red"), FindTerms("RED", oneIn: 1), stock: nil)
    return GameDetails(
      code: "DOGS", name: name("Dogs"), kind: .hunt, memberDaily: 1_000,
      table: PrizeTable([find], consolation: Prize(name("nothing"), chance: .zero)),
      hunt: HuntTerms(
        receipts: .none, pages: ["*"],
        collections: [FindCollection("PACK", name("Pack"), [.init("RED", 3)], gift: .points(Points(units: 100)))],
        gifts: FindGifts(daily: 3, givesLast: true)))
  }

  private static func names(_ shop: WebShop) async throws -> TillWrite.Names {
    let line = try await shop.line()
    func post(_ path: String, _ body: String, _ key: String? = nil) async throws -> TillLine.Reply {
      let reply = try await line.post("/till/v1" + path, Array(body.utf8), key: key)
      #expect(reply.status < 300, "\(path) \(String(decoding: reply.body, as: UTF8.self))")
      return reply
    }
    func join(_ card: String, _ more: String = "") async throws -> String {
      let body = #"{ "identifiers": [{ "kind": "card", "value": "\#(card)" }\#(more)] }"#
      return try #require(try await post("/members", body, "joins-\(card)").text("member"))
    }
    let guest = try await join("1600", #", { "kind": "phone", "value": "+79160000001" }"#)
    let (founder, newcomer) = (try await join("1601"), try await join("1602"))
    let made = try await post("/members/\(founder)/household", #"{ "name": "Петровы" }"#)
    let invitation = #"{ "member": { "identifier": "1600", "shown": "scanned" } }"#
    _ = try await post("/members/\(founder)/household/invitations", invitation)
    let asked = try await post(
      "/confirmations", #"{ "member": { "identifier": "1600", "shown": "scanned" }, "purpose": "household" }"#, "code-of-guest")
    let hold = try await post("/holds", "{ \(Bodies.card), \"points\": \"30\" }", "hold-before")
    let office = try await shop.line(shop.office)
    let unknown =
      #"{ "store": "S1", "register": "9", "receipt": { "shift": 1, "number": "22" }, "time": "2026-11-21T11:00:00", "#
      + "\"lines\": [\(Bodies.milk)] }"
    #expect(try await office.post("/till/v1/receipts", Array(unknown.utf8), key: "nobody-yet").status == 201)
    let code = try await office.post(
      "/till/v1/members/\(shop.anna)/referral-code", Array(#"{ "store": "S1", "register": "9" }"#.utf8))
    await line.close()
    await office.close()
    return TillWrite.Names(
      anna: "\(shop.anna)", guest: guest, founder: founder, household: try #require(try made.text("household", "id")),
      hold: try #require(try hold.text("hold")), confirmation: try #require(try asked.text("confirmation")),
      code: try #require(shop.sent.withLock { $0["+79160000001"] }), referral: try #require(try code.text("code")),
      newcomer: newcomer)
  }
}

extension JSON {
  fileprivate var items: [JSON] { if case .array(let items) = self { items } else { [] } }
}
