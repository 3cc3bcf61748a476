import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

@Suite struct `the calls of segments` {
  private static let personal = #"{"memberAttribute":{"name":"vegan","is":[true]}}"#

  @Test(arguments: TestDatabase.available)
  func `list them, count a condition, and tell who is in one, page by page`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalystShop.furnish(shop)
      let counter = try await Analyst(shop, [.segments])
      let list = try #require(try await counter.get("/v1/segments").json["segments"]?.listed)
      try #require(list.count == 2)
      #expect(list.compactMap { $0["segment"]?.word } == ["vip", "bakers"] && list.map { $0["members"] } == [0, 1])
      #expect(list[1]["condition"]?.compact == AnalystShop.bakers && list[0]["condition"] == nil)
      let first = try await counter.get("/v1/segments?limit=1").json
      let next = try #require(first["next"]?.word)
      #expect(try await counter.get("/v1/segments?limit=1&before=\(next)").json["segments"]?.at(0)?["segment"] == "bakers")
      #expect(try await counter.get("/v1/segments?archived=true").json["segments"]?.listed == [])
      for wrong in ["limit=51", "limit=0", "before=none", "archived=on"] {
        #expect(try await counter.get("/v1/segments?\(wrong)").status == 422, "\(wrong)")
      }
      let figures = try await counter.post("/v1/segments/count", AnalystShop.bakers).json
      #expect(figures["members"] == 1 && figures["everybody"] == 1 && figures["share"] == "100.0000")
      #expect(figures["sales"] == "600.00" && figures["salesShare"] == "100.0000" && figures["averageReceipt"] == "200.00")
      #expect(try await counter.post("/v1/segments/count?on=2026-11-01", AnalystShop.bakers).json["members"] == 0)
      #expect(try await counter.post("/v1/segments/count?on=never", AnalystShop.bakers).status == 422)
      let gone = try await counter.post("/v1/segments/count", #"{"bought":{"of":{"products":["gone"]}}}"#)
      #expect(gone.status == 422 && gone.text.contains("gone"))
      #expect(try await counter.get("/v1/segments/bakers/members").status == 403, "who counts sees nobody")

      let reader = try await Analyst(shop, [.segmentMembers])
      let page = try await reader.get("/v1/segments/bakers/members").json
      #expect(page.compact == #"{"segment":"bakers","members":[{"member":"\#(shop.anna)"}]}"#)
      let one = try await reader.get("/v1/segments/bakers/members?limit=1").json["next"]
      #expect(one?.word == "\(shop.anna)")
      let rest = try await reader.get("/v1/segments/bakers/members?limit=1&after=\(shop.anna)").json
      #expect(rest["members"]?.listed == [] && rest["next"] == nil)
      #expect(try await reader.get("/v1/segments/bakers/members", accept: "text/csv").text == "member\n\(shop.anna)\n")
      #expect(try await reader.get("/v1/segments/bakers/members?limit=10001").status == 422)
      let account = shop.account
      let acts = try await shop.database.read { tx in try AuditTrail(of: account).latest(limit: 10, in: &tx) }
      #expect(acts.filter { $0.act == "segment.exported" && $0.actor == "integration:some" }.count == 4)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `tell personal fields only to a token that may see them`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalystShop.furnish(shop)
      let (plain, trusted) = (
        try await Analyst(shop, [.segments, .segmentMembers]), try await Analyst(shop, [.segments, .segmentMembers, .profiles])
      )
      let nested = #"{"all":[{"sex":"female"},{"none":[\#(Self.personal)]}]}"#
      for condition in [Self.personal, nested] {
        let heard = try await plain.post("/v1/segments/count", condition)
        #expect(try heard.status == 403 && heard.code == "field_hidden", "\(condition)")
        #expect(try await trusted.post("/v1/segments/count", condition).status == 200, "\(condition)")
      }
      let (account, programme, anna) = (shop.account, shop.programme, shop.anna)
      let (members, change) = ("/v1/segments/bakers/members", Change(by: .demo, at: shop.now, ids: shop.ids))
      try await shop.database.write { tx in
        let known = try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx)
        _ = try known.members.set(["vegan": .flag(true)], of: anna, by: change, in: &tx)
        let details = SegmentDetails(code: "green", name: LocalText(ru: "Веганы", en: "Vegans"), kind: .dynamic)
        _ = try Segments(of: account).save(
          details, condition: JSON.parse(Self.personal), programme: programme, by: change, in: &tx)
      }
      let refused = try await plain.get(members + "?with=attributes")
      #expect(try refused.status == 403 && refused.code == "scope_missing")
      #expect(try await !plain.get(members).text.contains("vegan"))
      let told = try await trusted.get(members + "?with=attributes").json["members"]?.at(0)
      #expect(told?["attributes"]?["vegan"] == true)
      #expect(
        try await trusted.get(members + "?with=attributes", accept: "text/csv").text
          == "member,attributes\n\(shop.anna),\"{\"\"vegan\"\":true}\"\n")
      #expect(try await trusted.get(members + "?with=names").status == 422)
      try await AnalystShop.follow(shop)
      let why = try await plain.get("/v1/segments/green/members/\(shop.anna)").json
      #expect(why["isIn"] == true && why["withheld"] == "vegan" && why["reason"] == nil)
      #expect(try await trusted.get("/v1/segments/green/members/\(shop.anna)").json["reason"]?["holds"] == true)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `say why somebody is in or out`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalystShop.furnish(shop)
      let reader = try await Analyst(shop, [.segmentMembers])
      let why = try await reader.get("/v1/segments/bakers/members/\(shop.anna)").json
      #expect(why["isIn"] == true && why["since"] != nil && why["choice"] == nil)
      #expect(why["reason"]?["holds"] == true && why["reason"]?["amount"] == "3")
      #expect(why["reason"]?["receipts"]?.listed.count == 3 && why["reason"]?["condition"]?.compact == AnalystShop.bakers)
      let list = try await reader.get("/v1/segments/vip/members/\(shop.anna)").json
      #expect(list.compact == #"{"segment":"vip","member":"\#(shop.anna)","isIn":false}"#)
      for (path, code) in [
        ("bakers/members/\(shop.boris)", "member_unknown"), ("bakers/members/nobody", "member_unknown"),
        ("never/members/\(shop.anna)", "segment_unknown"),
      ] {
        let heard = try await reader.get("/v1/segments/\(path)")
        #expect(try heard.status == 404 && heard.code == code, "\(path)")
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `change lists and choices once for each request, whoever sends it again`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      try await AnalystShop.furnish(shop)
      let (writer, reader) = (try await Analyst(shop, [.segmentLists]), try await Analyst(shop, [.segmentMembers]))
      func change(_ act: String, _ segment: String, _ key: String) async throws -> Analyst.Heard {
        try await writer.post(
          "/v1/segments/\(segment)/changes", #"{"act":"\#(act)","members":["\#(shop.anna)"]}"#, key: key)
      }
      func members(_ segment: String) async throws -> Int {
        try await reader.get("/v1/segments/\(segment)/members").json["members"]?.listed.count ?? -1
      }
      let added = try await withThrowingTaskGroup(of: Analyst.Heard.self) { group in
        for _ in 0..<16 { group.addTask { try await change("add", "vip", "list-change-1") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(added.map(\.text)) == [#"{"segment":"vip","act":"add","asked":1,"changed":1}"#])
      #expect(try await members("vip") == 1)
      #expect(try await change("remove", "vip", "list-change-2").json["changed"] == 1)
      // What was done before stays what it was, and is not done again.
      #expect(try await change("add", "vip", "list-change-1").json["changed"] == 1)
      #expect(try await members("vip") == 0)
      for (act, segment, key, code) in [
        ("remove", "vip", "list-change-1", "request_key_reused"), ("add", "bakers", "list-change-1", "request_key_reused"),
        ("add", "bakers", "list-change-3", "segment_computed"), ("include", "vip", "list-change-4", "segment_not_dynamic"),
      ] {
        let heard = try await change(act, segment, key)
        #expect(try heard.status == 409 && heard.code == code, "\(heard.text)")
      }
      #expect(try await change("exclude", "bakers", "list-change-5").json["changed"] == 1)
      #expect(try await members("bakers") == 0)
      let why = try await reader.get("/v1/segments/bakers/members/\(shop.anna)").json
      #expect(why["isIn"] == false && why["choice"] == "excluded" && why["reason"]?["holds"] == true)
      #expect(try await change("release", "bakers", "list-change-6").json["changed"] == 1)
      try await AnalystShop.follow(shop)
      #expect(try await members("bakers") == 1)
    }
  }

  @Test func `refuse a change that is not whole, at its places, and change nothing`() async throws {
    try await WebShop.open(.sqlite) { shop in
      try await AnalystShop.furnish(shop)
      let (writer, path) = (try await Analyst(shop, [.segmentLists, .segmentMembers]), "/v1/segments/vip/changes")
      let keyless = try await writer.post(path, #"{"act":"add","members":["\#(shop.anna)"]}"#)
      #expect(try keyless.status == 422 && keyless.code == "request_key_missing")
      let cases = [
        (#"{"act":"add","members":["\#(shop.anna)","\#(shop.boris)"]}"#, "/members/1"),
        (#"{"act":"add","members":["\#(shop.anna)","anna"]}"#, "/members/1"), (#"{"act":"add","members":[]}"#, "/members"),
        (#"{"act":"lend","members":["\#(shop.anna)"]}"#, "/act"), (#"{"members":["\#(shop.anna)"]}"#, "/act"),
        (#"{"act":"add","members":["\#(shop.anna)"],"why":"so"}"#, "/why"),
      ]
      for (place, (body, pointer)) in cases.enumerated() {
        let heard = try await writer.post(path, body, key: "wrong-change-\(place)")
        #expect(try heard.status == 422 && heard.json["issues"]?.at(0)?["pointer"]?.word == pointer, "\(heard.text)")
      }
      #expect(try await writer.get("/v1/segments/vip/members").json["members"]?.listed == [])
      // A key whose request was refused is free.
      let mended = try await writer.post(path, #"{"act":"add","members":["\#(shop.anna)"]}"#, key: "wrong-change-0")
      #expect(try mended.json["changed"] == 1)
    }
  }
}
