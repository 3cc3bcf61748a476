import Foundation
import TestKit
import Testing

@Suite struct `regulars till` {
  @Test func `works through the day that its page names, and is refused nothing`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      let shop = try ServedShop(in: place)
      let server = try shop.serve()
      let examples = Repository.root.appending(path: "examples/till")
      let day = try shop.work(examples.appending(path: "day.txt"), goods: examples.appending(path: "goods.json"), through: server)
      #expect(day.code == 0, "\(day.answer)\(day.errors)")
      for words in [
        "spent 0, earned 23", "receipts that wait for the server: 1", "online, receipts sent: 1", "TO PAY OUT 89.90",
        "the server has sales 2 / 719.29, returns 1 / 89.90", "\nties",
      ] {
        #expect(day.answer.contains(words), "\(words): \(day.answer)")
      }
      #expect(server.stop() == 0)
      #expect(try shop.verified() == 2)
    }
  }
}
