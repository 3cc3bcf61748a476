import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import Web

@Suite struct `the list of members as a file` {
  @Test(arguments: TestDatabase.available) func `has every member once, beyond a page of the screen`(on kind: TestDatabase)
    async throws
  {
    try await WebShop.open(kind) { shop in
      let (account, programme, change) = (shop.account, shop.programme, Change(by: .demo, at: shop.now, ids: shop.ids))
      try await shop.database.write { tx in
        let programme = try Programmes(of: account, zones: WebShop.zone).programme(programme, in: &tx)
        for number in 0..<450 {
          let details = MemberDetails(
            identifiers: [Phone("+7916555\(1_000 + number)").map(Identifier.init)].compactMap { $0 },
            person: Person(familyName: "Ивлев", givenName: "Пётр"), joinedAt: change.at)
          _ = try programme.members.join(details, by: change, in: &tx)
        }
      }
      let window = try await shop.window(of: shop.hire("mark", .marketer))
      let csv = try await window.open("/console/members.csv").text
      let ids = csv.split(whereSeparator: \.isNewline).dropFirst().map { String($0.prefix { $0 != ";" }) }
      #expect(ids.count == 451 && Set(ids).count == 451 && ids.contains("\(shop.anna)"))
      #expect(!csv.contains("Ивлев"), "masked as on the screen")
      let book = try await window.open("/console/members.xlsx")
      #expect(book.status == 200 && book.text.hasPrefix("PK"))
      let acts = try await shop.database.read { tx in try AuditTrail(of: account).latest(limit: 20, in: &tx).map(\.act) }
      #expect(acts.count { $0 == "members.exported" } == 2)
    }
  }
}
