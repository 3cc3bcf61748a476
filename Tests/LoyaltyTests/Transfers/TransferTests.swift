import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Points from member to member.
@Suite struct TransferTests {
  @Test(arguments: TestDatabase.available)
  func `points go with their lives, once however often they are sent, and both journals say so`(on kind: TestDatabase) async throws
  {
    try await TransferShop.on(kind, .object(["fee": "10", "points": .array(["base", "promotional"])])) { shop in
      try await shop.give(100, to: shop.members[0], days: 20, kind: .promotional)
      try await shop.give(100, to: shop.members[0], days: 90)
      let made = try await shop.transfer(150, from: 0, to: 1, key: "a")
      #expect(made.fee.units == 15 && made.received.units == 135 && !made.isCircle && made.undone == nil)
      #expect(try await shop.transfer(150, from: 0, to: 1, key: "a") == made, "sent again")
      #expect(try await shop.active() == [50, 135, 0, 0])
      let (giver, receiver) = (try await shop.wallet(shop.members[0]), try await shop.wallet(shop.members[1]))
      // What is spent first goes first, and the fee is the last of it.
      #expect(giver.lots.map(\.amount.units) == [50] && giver.lots.allSatisfy { $0.kind == .base })
      #expect(receiver.lots.map(\.amount.units) == [100, 35] && receiver.lots.map(\.kind) == [.promotional, .base])
      #expect(receiver.lots.allSatisfy { $0.origins == [.transfer(made.id)] })
      for (days, left) in [(19, Int64(135)), (21, 35), (89, 35), (91, 0)] {
        #expect(try await shop.wallet(shop.members[1], at: TransferShop.noon + .days(Int64(days))).active.units == left, "\(days)")
      }
      let journal = try await shop.ground.read { tx in
        try (0..<2).map { try shop.wallets.postings(of: shop.members[$0], limit: 9, in: &tx)[0] }
      }
      #expect(journal[0].occasion.cause == .transfer(made.id) && journal[1].occasion.cause == .received(made.id))
      #expect(journal[0].entries.count == 3 && journal[0].entries.last?.to == .fees)
      let report = try await shop.audit()
      #expect(report.isClean && report.transfers == 1, "\(report.differences)")
      #expect(report.accounts[.fees] == 15 && report.accounts[.transferred] ?? 0 == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a life that begins anew begins with the receiver, where the programme says so`(on kind: TestDatabase) async throws {
    try await TransferShop.on(kind, .object(["keepsLife": false])) { shop in
      try await shop.give(100, to: shop.members[0], days: 5)
      try await shop.transfer(60, from: 0, to: 1, key: "a")
      #expect(try await shop.wallet(shop.members[1], at: TransferShop.noon + .days(300)).active.units == 60)
      #expect(try await shop.wallet(shop.members[0], at: TransferShop.noon + .days(6)).active == .zero)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what stands against a transfer is said in a code and a sentence for the cashier`(on kind: TestDatabase) async throws {
    let terms: JSON = .object(["least": "10", "most": "80", "mostPerDay": "100", "mostPerMonth": "150"])
    try await TransferShop.on(kind, terms) { shop in
      try await shop.give(300, to: shop.members[0])
      try await shop.give(1_000, to: shop.members[0], kind: .promotional)
      #expect(await shop.refusal(50, to: 0) == "transfer_self")
      #expect(await shop.refusal(9) == "transfer_too_little")
      #expect(await shop.refusal(81) == "transfer_too_much")
      #expect(await shop.refusal(50, .shown(.typed, nil)) == "giver_not_proved")
      #expect(await shop.refusal(20, from: 1, to: 0) == "insufficient_points")
      #expect(await shop.refusal(80) == nil)
      #expect(await shop.refusal(21) == "transfer_day_limit")
      #expect(await shop.refusal(20) == nil)
      let (next, later) = (TransferShop.noon + .days(1), TransferShop.noon + .days(31))
      #expect(await shop.refusal(51, at: next) == "transfer_month_limit")
      #expect(await shop.refusal(50, at: next) == nil)
      #expect(await shop.refusal(80, at: later) == nil, "another month")
      #expect(await shop.refusal(20, at: later) == nil)
      #expect(await shop.refusal(60, at: later + .days(1)) == "transfer_month_limit", "before it is seen that there are too few")
      #expect(await shop.refusal(50, at: later + .days(1)) == nil)
      let refused = try await shop.ground.refusal { tx in
        try shop.transfers.give(
          shop.ask(20, from: 0, to: 1), request: (RequestKey("x"), 0), by: shop.change(later + .days(1)), in: &tx)
      }
      #expect(refused?.code == "transfer_month_limit" && refused?.cashier?.ru.contains("ещё 0") == true)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available)
  func `nobody gives who is blocked, nothing is given to whoever is, and only promised kinds of points go`(on kind: TestDatabase)
    async throws
  {
    try await TransferShop.on(kind) { shop in
      let (one, other) = (shop.members[0], shop.members[1])
      try await shop.give(100, to: one, kind: .promotional)
      #expect(await shop.refusal(10) == "insufficient_points", "promotional points stay")
      try await shop.give(100, to: one)
      let members = shop.programme.members
      try await shop.ground.write { tx in try members.block(other, because: "lost", by: shop.change(), in: &tx) }
      #expect(await shop.refusal(10) == "receiver_blocked")
      try await shop.ground.write { tx in try members.unblock(other, because: "found", by: shop.change(), in: &tx) }
      try await shop.ground.write { tx in try members.block(one, because: "lost", by: shop.change(), in: &tx) }
      #expect(await shop.refusal(10) == "giver_blocked")
      try await shop.ground.write { tx in try members.unblock(one, because: "found", by: shop.change(), in: &tx) }
      _ = try await shop.ground.write { tx in
        try Erasure(of: shop.programme, ids: shop.ground.ids).carryOut(other, because: .request, by: shop.change(), in: &tx)
      }
      #expect(await shop.refusal(10) == "receiver_unknown")
      #expect(await shop.refusal(101, to: 2) == "insufficient_points")
      #expect(await shop.refusal(100, to: 2) == nil)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available)
  func `points stay in the household where the programme says so`(on kind: TestDatabase) async throws {
    try await TransferShop.on(kind, .object(["to": "household"])) { shop in
      try await shop.give(100, to: shop.members[0])
      #expect(await shop.refusal(10) == "not_of_household")
      try await shop.found(1)
      #expect(await shop.refusal(10) == nil)
      #expect(await shop.refusal(10, to: 2) == "not_of_household")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `where a code is needed one of the right purpose serves once, and for no more than it says`(on kind: TestDatabase)
    async throws
  {
    try await TransferShop.on(kind, .object(["code": true])) { shop in
      let giver = shop.members[0]
      try await shop.give(100, to: giver)
      #expect(await shop.refusal(10) == "transfer_code")
      let phone = Identifier(try #require(Phone("+79160000001")))
      try await shop.ground.write { tx in
        try shop.programme.identifiers.attach(phone, to: giver, verified: true, by: shop.change(), in: &tx)
      }
      func code(_ purpose: Customers.Confirmation.Purpose?, _ number: Int64) async throws -> ConfirmationID {
        let id = ConfirmationID(number)
        try await shop.ground.write { tx in
          _ = try shop.programme.confirmations.ask(
            id, Points(units: 50), for: purpose, of: giver, in: shop.store.id, code: "1234", at: TransferShop.noon, in: &tx
          ) { message, _ in
            #expect(message.text(points: "50").en.contains(purpose == nil ? "spend" : "another member"))
          }
          _ = try shop.programme.confirmations.verify(id, of: giver, code: "1234", at: TransferShop.noon, in: &tx)
        }
        return id
      }
      let (spending, giving) = (try await code(nil, 11), try await code(.transfer, 12))
      #expect(await shop.refusal(10, .shown(.verified, spending)) == "transfer_code", "a code to spend")
      #expect(await shop.refusal(51, .shown(.verified, giving)) == "transfer_code", "more than it says")
      let over = TransferShop.noon + .hours(1)
      #expect(await shop.refusal(10, .shown(.verified, giving), at: over) == "transfer_code", "too late")
      #expect(await shop.refusal(50, .shown(.typed, giving)) == nil)
      #expect(await shop.refusal(10, .shown(.verified, giving)) == "transfer_code", "used")
      let spends = try await shop.ground.read { tx in try shop.programme.confirmations.find(giving, of: giver, in: &tx) }
      #expect(spends?.allows(Points(units: 1), of: giver, at: TransferShop.noon) == false, "it spends nothing")
      #expect(await shop.refusal(10, .told(reason: "by telephone")) == nil, "an operator answers for it")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `what the receiver has not spent comes back to the very lots, the fee with all of it`(on kind: TestDatabase) async throws {
    try await TransferShop.on(kind, .object(["fee": "10", "undoDays": 3])) { shop in
      try await shop.give(100, to: shop.members[0], days: 30)
      let before = try await shop.wallet(shop.members[0])
      let whole = try await shop.transfer(100, from: 0, to: 1, key: "whole")
      for _ in 1...2 { #expect(try await shop.undo(whole).undone?.points.units == 100) }
      #expect(try await shop.wallet(shop.members[0]).lots == before.lots, "as if nothing had been")
      #expect(try await shop.active() == [100, 0, 0, 0])
      let part = try await shop.transfer(100, from: 0, to: 1, key: "part")
      try await shop.sell(1, 1, to: shop.members[1], spend: 40)
      try await shop.transfer(20, from: 1, to: 2, key: "on")
      #expect(try await shop.undo(part).undone?.points.units == 30, "40 were spent, 20 given on, 10 are the fee")
      #expect(try await shop.active() == [30, 0, 18, 0])
      let spent = try await shop.transfer(30, from: 0, to: 1, key: "spent")
      try await shop.sell(2, 1, to: shop.members[1], spend: 27)
      #expect(
        try await shop.ground.refusal { tx in
          try shop.transfers.undo(spent.id, of: spent.giver, because: "a mistake", by: shop.change(), in: &tx)
        }?.code == "transfer_spent")
      try await shop.give(50, to: shop.members[0])
      let late = try await shop.transfer(50, from: 0, to: 1, key: "late")
      let code = try await shop.ground.refusal { tx in
        try shop.transfers.undo(late.id, of: late.giver, because: "x", by: shop.change(TransferShop.noon + .days(4)), in: &tx)
      }?.code
      #expect(code == "transfer_too_old")
      #expect(try await shop.undo(late, at: TransferShop.noon + .days(3)).undone != nil)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available)
  func `points that go round are seen, and a hard limit of the guard holds by the day`(on kind: TestDatabase) async throws {
    let limits: JSON = .array([
      .object(["code": "given", "subject": "member", "measure": "given-away", "days": 1, "hard": "50"]),
      .object(["code": "often", "subject": "member", "measure": "transfers", "days": 1, "hard": 2]),
    ])
    try await TransferShop.on(kind, more: [JSON.Member("guard", .object(["limits": limits]))]) { shop in
      for member in shop.members { try await shop.give(500, to: member) }
      let first = try await shop.transfer(20, from: 0, to: 1, key: "1")
      #expect(!first.isCircle)
      #expect(try await shop.transfer(20, from: 1, to: 0, key: "2").isCircle)
      let refused = try await shop.problem(31)
      #expect(refused?.code == "guard_limit" && refused?.detail.hasPrefix("limit given of the guard holds") == true)
      #expect(refused?.cashier?.ru.hasPrefix("Сегодня участник может передать ещё 30: предел 50 в день. Завтра") == true)
      #expect(refused?.cashier?.en.hasPrefix("The member can give 30 more today: 50 a day at most. It goes on tomorrow") == true)
      #expect(refused?.remedy?.ru == "Лимит «given» меняет владелец или маркетолог: «Охрана → Лимиты»")
      #expect(await shop.refusal(30) == nil)
      #expect(await shop.refusal(1) == "guard_limit", "twice a day")
      #expect(try await shop.problem(1, from: 1, to: 2) == nil)
      #expect(
        try await shop.problem(1, from: 1, to: 2)?.cashier?.en.hasPrefix("The member can give no more points today: 2 times")
          == true)
      #expect(await shop.refusal(50, at: TransferShop.noon + .days(1)) == nil)
      let circles = try await shop.ground.read { tx in try shop.transfers.latest(circles: true, limit: 9, in: &tx) }
      #expect(circles.count == 3 && circles.allSatisfy(\.isCircle), "from then on each of them gives back")
      #expect(try await shop.transfer(20, from: 2, to: 3, key: "3").isCircle == false)
      let later = TransferShop.noon + .days(40)
      #expect(try await shop.transfer(20, from: 3, to: 2, key: "4", at: later).isCircle == false, "after a month")
      try await shop.undo(first)
      #expect(await shop.refusal(20) == nil, "what came back is not counted")
      #expect(try await shop.isClean())
    }
  }
}
