import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Random lives of a household against a plain model: lists of amounts by the day they end.
@Suite struct HouseholdLifeTests {
  /// Whose wallet, and until which day its points live: no two lots end on one day.
  private struct Place: Hashable {
    let member: Int
    let ends: Int
  }

  private struct Model {
    var lots: [Place: Int64] = [:]
    var inside: Set<Int> = []
    /// Of each receipt that stands: what it burnt in order, and the pieces left of it.
    var sales: [Int64: (burns: [(Place, Int64)], pieces: Int64)] = [:]
    /// Of the hold that is open: for whom, and what it took.
    var hold: (member: Int, parts: [(Place, Int64)])?

    /// Own lots by their end, then those of the others by theirs.
    mutating func take(_ amount: Int64, by member: Int) -> [(Place, Int64)] {
      var rest = amount
      var taken: [(Place, Int64)] = []
      func order(_ isOwn: Bool) -> [Place] {
        lots.keys.filter { place in
          isOwn ? place.member == member : place.member != member && inside.contains(place.member) && inside.contains(member)
        }.sorted { $0.ends < $1.ends }
      }
      for place in order(true) + order(false) where rest > 0 {
        let part = min(rest, lots[place] ?? 0)
        guard part > 0 else { continue }
        lots[place, default: 0] -= part
        rest -= part
        taken.append((place, part))
      }
      return taken
    }

    mutating func give(_ parts: [(Place, Int64)]) { for (place, part) in parts { lots[place, default: 0] += part } }

    /// What was burnt last comes back first.
    mutating func giveBack(_ amount: Int64, of sale: Int64) {
      var rest = amount
      while rest > 0, let last = sales[sale]?.burns.popLast() {
        let part = min(rest, last.1)
        rest -= part
        give([(last.0, part)])
        if part < last.1 { sales[sale]?.burns.append((last.0, last.1 - part)) }
      }
    }

    func total(_ member: Int) -> Int64 { lots.reduce(0) { $1.key.member == member ? $0 + $1.value : $0 } }
    func spendable(_ member: Int) -> Int64 {
      inside.contains(member) ? inside.reduce(0) { $0 + total($1) } : total(member)
    }
  }

  @Test(arguments: TestDatabase.available) func `every lot is where the model has it`(on kind: TestDatabase) async throws {
    for seed in UInt64(1)...4 {
      try await HouseholdShop.on(kind, members: 4) { shop in
        var life = Life(shop: shop, dice: Dice(seed: seed))
        try await life.begin()
        for step in 1...60 {
          try await life.step(Int64(step))
          try await life.compare("seed \(seed), step \(step)")
        }
        let report = try await shop.audit()
        #expect(report.isClean, "seed \(seed): \(report.differences)")
      }
    }
  }

  private struct Life {
    let shop: HouseholdShop
    var dice: Dice
    var model = Model()
    var household = HouseholdID(0)
    var open: HoldID?
    var day = 100

    init(shop: HouseholdShop, dice: Dice) { (self.shop, self.dice) = (shop, dice) }

    mutating func begin() async throws {
      household = try await shop.found(2)
      model.inside = [0, 1, 2]
      for member in 0..<4 { for _ in 0..<2 { try await give(member) } }
    }

    mutating func give(_ member: Int) async throws {
      day += 1
      let units = dice.roll(1...80)
      try await shop.give(units, to: shop.members[member], days: day)
      model.lots[Place(member: member, ends: day)] = units
    }

    mutating func step(_ number: Int64) async throws {
      let member = Int(dice.roll(0...3))
      switch dice.roll(0...9) {
      case 0: try await give(member)
      case 1...4: try await sell(number, member)
      case 5, 6: try await takeBack(number)
      case 7: try await move(member)
      case 8: try await hold(number, member)
      default: try await endHold(number)
      }
    }

    private mutating func sell(_ number: Int64, _ member: Int) async throws {
      let wish = dice.roll(1...200)
      let spent = min(wish, model.spendable(member))
      let burns = model.take(spent, by: member)
      let sold = try await shop.sell(number, 3, to: shop.members[member], spend: wish)
      #expect(sold.spent.units == spent)
      model.sales[number] = (burns, 3)
    }

    private mutating func takeBack(_ number: Int64) async throws {
      guard let sale = model.sales.keys.sorted().last, let left = model.sales[sale]?.pieces else { return }
      if left == 3, dice.chance(30) {
        // Before the hold that may be open ends by itself.
        let back = try await shop.cancel(sale, at: HouseholdShop.noon)
        model.giveBack(back?.givenBack.units ?? 0, of: sale)
        model.sales[sale] = nil
        return
      }
      let pieces = dice.roll(1...left)
      let back = try await shop.takeBack(number, pieces, of: sale, at: HouseholdShop.noon)
      model.giveBack(back.givenBack.units, of: sale)
      model.sales[sale]?.pieces -= pieces
      if pieces == left {
        #expect(model.sales[sale]?.burns.isEmpty == true, "a whole return gives everything back")
        model.sales[sale] = nil
      }
    }

    /// In or out; the owner stays.
    private mutating func move(_ member: Int) async throws {
      guard member != 0 else { return }
      let (shop, id) = (shop, shop.members[member])
      if model.inside.remove(member) != nil {
        try await shop.ground.write { tx in try shop.households.leave(id, by: shop.change(), in: &tx) }
      } else {
        try await shop.join(id, household)
        model.inside.insert(member)
      }
    }

    private mutating func hold(_ number: Int64, _ member: Int) async throws {
      guard model.hold == nil else { return }
      let wish = dice.roll(1...150)
      let quote = try await shop.quote(3, to: shop.members[member], spend: wish, hold: "hold \(number)")
      open = quote.hold
      let spent = min(wish, model.spendable(member))
      #expect(quote.calculation.pointsSpent.units == spent)
      model.hold = (member, model.take(spent, by: member))
    }

    /// Let go, or its receipt comes: as much as was held.
    private mutating func endHold(_ number: Int64) async throws {
      guard let held = model.hold, let id = open else { return }
      let (shop, member) = (shop, shop.members[held.member])
      (model.hold, open) = (nil, nil)
      let amount = held.parts.reduce(0) { $0 + $1.1 }
      guard dice.chance(60), amount > 0 else {
        try await shop.ground.write { tx in try shop.receipts.release(id, of: member, at: HouseholdShop.noon, in: &tx) }
        return model.give(held.parts)
      }
      let sold = try await shop.sell(number, 3, to: member, spend: amount, hold: id, takes: true)
      #expect(sold.spent.units == amount && !sold.discrepancies.contains { $0.cause == .points || $0.cause == .lateConfirm })
      model.sales[number] = (held.parts, 3)
    }

    func compare(_ place: String) async throws {
      for (member, id) in shop.members.enumerated() {
        let wallet = try await shop.wallet(id)
        var found: [Place: Int64] = [:]
        for lot in wallet.lots where lot.amount > .zero {
          guard case .active(.at(let end)) = lot.phase else { continue }
          // Lives end with their last day.
          let days = Int((end - HouseholdShop.noon).micros / Span.days(1).micros)
          found[Place(member: member, ends: days), default: 0] += lot.amount.units
        }
        let wanted = model.lots.filter { $0.key.member == member && $0.value > 0 }
        #expect(found == wanted, "\(place): member \(member)")
      }
    }
  }
}
