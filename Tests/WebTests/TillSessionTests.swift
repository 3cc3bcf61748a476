import Kernel
import TestKit
import Testing
import regulars

@Suite struct `a till in the terminal` {
  private func withCashier(
    language: String = "en", _ body: @escaping @Sendable (Cashier, WebShop) async throws -> Void
  ) async throws {
    try await Cashier.work(.sqlite, language: language, body)
  }

  @Test func `sells to a member, spends points with a code, takes back and closes a shift that ties`() async throws {
    try await withCashier { cashier, shop in
      #expect(try await cashier.type("4600000000008 5").contains("to pay 500.00"))
      #expect(try await cashier.type("card 1001").contains("points: 1000"))
      #expect(try await cashier.type("points").contains("to pay 50.00"))
      let asked = try await cashier.type("pay card")
      #expect(asked.contains("a code was sent"), "\(asked)")
      let code = try #require(shop.sent.withLock { $0.values.first })
      #expect(try await cashier.type("code \(code)").contains("to pay 50.00"))
      let slip = try await cashier.type("pay card")
      #expect(slip.contains("TOTAL 50.00") && slip.contains("spent 450") && !slip.contains("discrepancy"), "\(slip)")
      #expect(try await cashier.type("tea").contains("to pay 225.00"))
      #expect(try await cashier.type("pay cash").contains("Receipt 2"))
      #expect(try await cashier.type("return 2 1").contains("TO PAY OUT 225.00"))
      let closed = try await cashier.type("close")
      #expect(closed.contains("sales 2 / 275.00, returns 1 / 225.00") && closed.contains("\nties"), "\(closed)")
      #expect(await !cashier.till.hasFailed)
    }
  }

  @Test func `keeps receipts while the network is gone, and tells them when it is back`() async throws {
    try await withCashier { cashier, _ in
      _ = try await cashier.type("milk 2")
      _ = try await cashier.type("pay")
      cashier.cable.set(.cut)
      #expect(try await cashier.type("milk").contains("does not answer"))
      #expect(try await cashier.type("pay").contains("wait for the server: 1"))
      _ = try await cashier.type("tea")
      #expect(try await cashier.type("pay").contains("wait for the server: 2"))
      #expect(try await cashier.type("online").contains("wait for the server: 2"))
      cashier.cable.set(.whole)
      #expect(try await cashier.type("online").contains("receipts sent: 2"))
      let closed = try await cashier.type("close")
      #expect(closed.contains("sales 3 / 550.00") && closed.contains("\nties"), "\(closed)")
    }
  }

  @Test func `says what it does not understand and what is refused, and goes on`() async throws {
    try await withCashier(language: "ru") { cashier, _ in
      // Goods are found by code, barcode or place, not by name.
      let said = [
        ("продай", "нет такого товара"), ("оплата", "корзина пуста"), ("карта 1777", "не найден"), ("молоко", "нет такого товара"),
        ("1 0.5", "штучный товар"), ("1 3", "к оплате 300.00"), ("смена", "сначала оплатите"), ("сброс", ""),
        ("чек", "чека ещё не было"),
      ]
      for (line, answer) in said {
        let heard = try await cashier.type(line)
        #expect(answer.isEmpty ? heard.isEmpty : heard.contains(answer), "\(line): \(heard)")
      }
      #expect(await cashier.till.hasFailed)
    }
  }
}
