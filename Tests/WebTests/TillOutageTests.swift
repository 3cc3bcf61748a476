import Kernel
import TestKit
import Testing
import regulars

@Suite struct `a till that was cut off` {
  @Test func `hands in more than one request holds, in as many as it takes`() async throws {
    try await Cashier.work(.sqlite) { cashier, shop in
      _ = try await cashier.type("offline")
      for number in 1...50 { #expect(try await cashier.sell(lines: 60).contains("wait for the server: \(number)")) }
      #expect(try await cashier.type("online").contains("receipts sent: 50"))
      let batches = cashier.cable.sent(to: "/receipt-batches")
      #expect(batches.count == 2 && batches.allSatisfy { $0.bytes <= Limits.body }, "\(batches.map(\.bytes))")
      #expect(batches.reduce(0) { $0 + $1.bytes } > Limits.body)
      let closed = try await cashier.type("close")
      #expect(closed.contains("sales 50 / 655200.00") && closed.contains("\nties"), "\(closed)")
      #expect(await !cashier.till.hasFailed)
      try await shop.verify()
    }
  }

  @Test func `sends half as much where something on the way takes less, and what alone is too much holds up nothing`() async throws
  {
    try await Cashier.work(.sqlite) { cashier, _ in
      _ = try await cashier.type("offline")
      _ = try await cashier.sell(lines: 70)
      for _ in 0..<11 { _ = try await cashier.sell(lines: 2) }
      cashier.cable.set(.narrow(3_000))
      let said = try await cashier.type("online")
      #expect(said.contains("Too much at once [body_too_large]") && said.contains("receipts sent: 11"), "\(said)")
      let batches = cashier.cable.sent(to: "/receipt-batches")
      // 12, 6, 3 and 1 were too much; then one after another.
      #expect(batches.count == 4 + 11 && batches.prefix(4).allSatisfy { $0.bytes > 3_000 }, "\(batches.map(\.bytes))")
      // It is asked about again; the shift can be closed without it, and says so.
      #expect(try await cashier.type("online").contains("receipts sent: 0"))
      let closed = try await cashier.type("close")
      #expect(closed.contains("does not tie") && closed.contains("the server lacks: 1 15288.00"), "\(closed)")
      // Whoever widens the way gets it as well, in the shift that it was sold in.
      cashier.cable.set(.whole)
      #expect(try await cashier.type("online").contains("receipts sent: 1"))
      let open = try await cashier.type("close")
      #expect(open.contains("sales 0 / 0.00") && open.contains("\nties"), "\(open)")
    }
  }

  @Test func `closes no shift while something of it waits`() async throws {
    try await Cashier.work(.sqlite) { cashier, _ in
      _ = try await cashier.type("offline")
      _ = try await cashier.type("milk 2")
      _ = try await cashier.type("pay")
      #expect(try await cashier.type("close").contains("the shift stays open: receipts that wait for the server: 1"))
      cashier.cable.set(.cut)
      #expect(try await cashier.type("online").contains("wait for the server: 1"))
      #expect(try await cashier.type("close").contains("the shift stays open: receipts that wait for the server: 1"))
      #expect(cashier.cable.sent(to: "/shift-closings").isEmpty)
      cashier.cable.set(.whole)
      let closed = try await cashier.type("close")
      #expect(closed.contains("sales 1 / 200.00") && closed.contains("\nties"), "\(closed)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `sends a return again as it was when its answer was lost, also after being switched off`(
    on kind: TestDatabase
  ) async throws {
    try await Cashier.work(kind) { cashier, shop in
      _ = try await cashier.type("card 1001")
      _ = try await cashier.type("milk 3")
      #expect(try await cashier.type("pay card").contains("earned 15"))
      cashier.cable.set(.deaf)
      let slip = try await cashier.type("return 1 1*2")
      #expect(slip.contains("TO PAY OUT 200.00") && slip.contains("wait for the server: 1"), "\(slip)")
      shop.pass(.minutes(7))
      #expect(try await cashier.type("online").contains("wait for the server: 1"))
      shop.pass(.minutes(7))
      let later = try cashier.restarted(in: shop)
      let told = try await later.type("online")
      #expect(told.contains("receipts sent: 1") && !told.contains("discrepancy") && !told.contains("paid out"), "\(told)")
      let requests = cashier.cable.sent(to: "/returns") + later.cable.sent(to: "/returns")
      #expect(requests.count == 3 && Set(requests).count == 1, "\(requests)")
      #expect(try await later.type("card 1001").contains("points: 1005"))
      let closed = try await later.type("close")
      #expect(closed.contains("sales 1 / 300.00, returns 1 / 200.00") && closed.contains("\nties"), "\(closed)")
      try await shop.verify()
    }
  }

  @Test func `takes goods back without a network, and hands the return in behind its receipt`() async throws {
    try await Cashier.work(.sqlite) { cashier, shop in
      _ = try await cashier.type("offline")
      _ = try await cashier.type("milk 2")
      _ = try await cashier.type("pay")
      #expect(try await cashier.type("return 1 1*3").contains("did not sell so much"))
      let slip = try await cashier.type("return 1 1")
      #expect(slip.contains("TO PAY OUT 100.00") && slip.contains("wait for the server: 2"), "\(slip)")
      #expect(try await cashier.type("online").contains("receipts sent: 2"))
      #expect(cashier.cable.sent(to: "/receipts/S1~1~1~1~2026-11-21/returns").count == 1)
      let closed = try await cashier.type("close")
      #expect(closed.contains("sales 1 / 200.00, returns 1 / 100.00") && closed.contains("\nties"), "\(closed)")
      try await shop.verify()
    }
  }

  @Test func `says what it paid out too much when the goods came back elsewhere meanwhile`() async throws {
    try await Cashier.work(.sqlite) { cashier, shop in
      _ = try await cashier.type("milk 2")
      _ = try await cashier.type("pay")
      _ = try await cashier.type("offline")
      #expect(try await cashier.type("return 1 1").contains("TO PAY OUT 100.00"))
      #expect(try await cashier.type("return 1 1*2").contains("did not sell so much"))
      let office = try await shop.line(shop.office)
      let elsewhere = #"""
        { "store": "S1", "register": "9", "receipt": { "shift": 1, "number": "1" }, "time": "2026-11-21T12:05:00",
          "lines": [{ "line": "1", "quantity": "2" }] }
        """#
      let path = "/till/v1/receipts/S1~1~1~1~2026-11-21/returns"
      #expect(try await office.post(path, Array(elsewhere.utf8), key: "elsewhere-1").status == 201)
      let told = try await cashier.type("online")
      #expect(told.contains("return 2: the till paid out 100.00, the server makes it 0.00"), "\(told)")
      #expect(told.contains("discrepancy quantity") && told.contains("receipts sent: 1"), "\(told)")
      #expect(try await cashier.type("close").contains("\nties"))
      await office.close()
    }
  }

  @Test func `sends the end of a shift again as it was when its answer was lost, and sells on meanwhile`() async throws {
    try await Cashier.work(.sqlite) { cashier, shop in
      _ = try await cashier.type("milk")
      _ = try await cashier.type("pay")
      cashier.cable.set(.deaf)
      #expect(try await cashier.type("close").contains("shift 1 closed; its total waits for the server"))
      cashier.cable.set(.whole)
      shop.pass(.minutes(10))
      _ = try await cashier.type("milk 2")
      #expect(try await cashier.type("pay").contains("Receipt 1, shift 2"))
      let told = try await cashier.type("online")
      #expect(told.contains("shift 1 closed; the server has sales 1 / 100.00") && told.contains("\nties"), "\(told)")
      let requests = cashier.cable.sent(to: "/shift-closings")
      #expect(requests.count == 2 && Set(requests).count == 1)
      let closed = try await cashier.type("close")
      #expect(closed.contains("shift 2 closed; the server has sales 1 / 200.00") && closed.contains("\nties"), "\(closed)")
    }
  }

  @Test func `prints nothing when the server will not have a return`() async throws {
    try await Cashier.work(.sqlite) { cashier, _ in
      _ = try await cashier.type("milk")
      _ = try await cashier.type("pay")
      cashier.cable.set(.narrow(10))
      #expect(try await cashier.type("return 1 1").contains("[body_too_large]"))
      cashier.cable.set(.whole)
      #expect(try await cashier.type("return 1 1").contains("Return 2 of receipt 1"))
      #expect(cashier.cable.sent(to: "/returns").count == 2)
      let closed = try await cashier.type("close")
      #expect(closed.contains("returns 1 / 100.00") && closed.contains("\nties"), "\(closed)")
    }
  }

  @Test func `goes on with a book that an older program wrote`() async throws {
    try await Cashier.work(.sqlite) { cashier, shop in
      try cashier.write(
        book: """
          { "shift": 4, "opened": "2026-11-21T06:00:00Z", "next": 2, "printed": [{ "number": "1", "amount": 20000 }], "waiting": [
            { "key": "till-sale-old-1", "number": "1", "body": { "time": "2026-11-21T08:00:00Z",
              "lines": [{ "id": "1", "product": "milk", "quantity": "2", "price": "100.00", "amount": "200.00" }],
              "receipt": { "shift": 4, "number": "1" }, "tenders": [{ "kind": "cash" }], "total": "200.00", "offline": true } }] }
          """)
      let till = try cashier.restarted(in: shop)
      #expect(try await till.type("online").contains("receipts sent: 1"))
      // It does not know the lines; the server does.
      #expect(try await till.type("return 1 1").contains("TO PAY OUT 100.00"))
      let closed = try await till.type("close")
      #expect(closed.contains("shift 4 closed; the server has sales 1 / 200.00, returns 1 / 100.00"), "\(closed)")
      #expect(closed.contains("\nties"), "\(closed)")
    }
  }
}
