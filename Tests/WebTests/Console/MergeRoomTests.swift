import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `the room of duplicates` {
  /// Somebody who may be Anna, with points of their own.
  private static func double(_ shop: WebShop, birthday: String?, points: Int64 = 120) async throws -> MemberID {
    let change = Change(by: .demo, at: shop.now, ids: shop.ids)
    return try await shop.database.write { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      let anna = try programme.members.member(shop.anna, in: &tx)
      var person = anna.person ?? Person()
      if birthday != nil {
        person.birthday = CivilDay("1990-05-17")
        try programme.members.change(shop.anna, kind: anna.kind, person: person, by: change, in: &tx)
      }
      (person.familyName, person.birthday) = ("Иванова-Тест", birthday.flatMap { CivilDay($0) } ?? person.birthday)
      let details = MemberDetails(code: "double", person: person, joinedAt: shop.now)
      let id = try programme.members.save([details], by: change, in: &tx).ids[0]
      let adjustment = Adjustment(Points(units: points), because: .correction, note: "moved")
      _ = try Wallets(of: programme, ids: shop.ids).adjust(
        adjustment, of: id, request: RequestKey("points \(id)"), by: change, in: &tx)
      return id
    }
  }

  private static func wallet(_ shop: WebShop, _ member: MemberID) async throws -> Points {
    try await shop.database.read { tx in
      let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
      return try Wallets(of: programme, ids: shop.ids).wallet(of: member, in: &tx).active
    }
  }

  private static func hidden(_ name: String, _ page: String) throws -> String {
    let found = try #require(page.firstMatch(of: try Regex("name=\"\(name)\" value=\"([^\"]*)\"")))
    return String(found.output[1].substring ?? "")
  }

  @Test(arguments: TestDatabase.available)
  func `shows two side by side, merges them once and takes them apart again`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("oleg", .operator))
      let double = try await Self.double(shop, birthday: nil)
      let before = try await Self.wallet(shop, shop.anna)
      let path = "/console/members/\(shop.anna)"
      let seen = try await window.open(path + "/merge?with=double")
      for text in ["Иванова-Тест", "Что получится", "name=\"familyName\" value=\"merged\""] {
        #expect(seen.text.contains(text), "\(text)")
      }
      let form = [
        "with": "\(double)", "request": try Self.hidden("request", seen.text), "familyName": "merged",
        "reason": "показала обе карты",
      ]
      var empty = form
      empty["reason"] = ""
      let refused = try await window.submit(path + "/merge", empty)
      #expect(refused.status == 422 && refused.text.contains("Напишите причину"))
      for _ in 0..<2 { #expect(try await window.submit(path + "/merge", form).location == path + "#merges") }
      #expect(try await Self.wallet(shop, shop.anna) == before + Points(units: 120))
      let card = try await window.open(path).text
      for text in ["Иванова-Тест", "показала обе карты", "/console/merges/\(double)"] { #expect(card.contains(text), "\(text)") }
      #expect(try await window.open("/console/members/\(double)").location == path)
      #expect(try await window.open("/console/members?q=double").location == path)
      let apart = try await window.open("/console/merges/\(double)")
      #expect(apart.text.contains("Вернутся"))
      let undo = ["request": try Self.hidden("request", apart.text)]
      for _ in 0..<2 {
        #expect(try await window.submit("/console/merges/\(double)", undo).location == "/console/members/\(double)#merges")
      }
      #expect(try await Self.wallet(shop, double) == Points(units: 120))
      #expect(try await Self.wallet(shop, shop.anna) == before)
      #expect(try await window.open(path).text.contains("разделены"))
    }
  }

  @Test func `birthdays that differ have to be chosen, and whoever may not merge sees no button`() async throws {
    try await WebShop.open(.sqlite) { shop in
      let window = try await shop.window(of: shop.hire("oleg", .operator))
      let double = try await Self.double(shop, birthday: "1971-02-03")
      let path = "/console/members/\(shop.anna)/merge"
      let seen = try await window.open(path + "?with=double")
      #expect(seen.text.contains("выберите верный"))
      let form = ["with": "\(double)", "request": try Self.hidden("request", seen.text), "reason": "one"]
      let refused = try await window.submit(path, form)
      #expect(refused.status == 422 && refused.text.contains("Дни рождения разные"))
      #expect(try await window.submit(path, form.merging(["birthday": "survivor"]) { _, new in new }).status == 303)
      let masked = try await shop.window(of: shop.hire("mara", .marketer))
      #expect(try await masked.open(path + "?with=double").status == 403)
      #expect(try await masked.submit(path, form).status == 403)
      let list = try await masked.open("/console/duplicates")
      #expect(list.status == 200 && !list.text.contains("Сравнить"))
    }
  }

  @Test(arguments: TestDatabase.available) func `a pair that are two people leaves the list`(on kind: TestDatabase) async throws {
    try await WebShop.open(kind) { shop in
      let window = try await shop.window(of: shop.hire("oleg", .operator))
      let change = Change(by: .demo, at: shop.now, ids: shop.ids)
      let ids = try await shop.database.write { tx in
        let programme = try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
        let names = [("Ким", "Олег"), ("Kim", "Oleg")]
        let rows = names.enumerated().map { place, name in
          MemberDetails(
            code: "kim-\(place)", person: Person(familyName: name.0, givenName: name.1, birthday: CivilDay("1980-01-31")),
            joinedAt: shop.now)
        }
        let ids = try programme.members.save(rows, by: change, in: &tx).ids
        try programme.duplicates.look(at: ids, now: shop.now, in: &tx)
        return ids
      }
      let list = try await window.open("/console/duplicates").text
      for text in ["Kim Oleg", "день рождения", ">75<", "merge?with=\(ids[1])"] { #expect(list.contains(text), "\(text)") }
      #expect(try await window.open("/console/members/\(ids[0])").text.contains("Похож на"))
      let form = ["first": "\(ids[0])", "second": "\(ids[1])"]
      for _ in 0..<2 { #expect(try await window.submit("/console/duplicates", form).location == "/console/duplicates") }
      #expect(try await window.open("/console/duplicates").text.contains("Похожих участников нет"))
      #expect(try await window.submit("/console/duplicates", ["first": "mem_x"]).status >= 400)
    }
  }
}
