import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// What the server finds by itself: birthdays and profiles that are filled.
@Suite struct FoundGiftTests {
  private static func birthday(_ before: Int, _ after: Int) -> JSON {
    .object([
      "actions": .array([
        GivingShop.action(
          "cake", 100, ("kind", "birthday"), ("daysBefore", .int(Int64(before))), ("daysAfter", .int(Int64(after))))
      ])
    ])
  }

  private static func day(_ text: String) throws -> CivilDay { try #require(CivilDay(text)) }
  private static func noon(_ text: String) throws -> Instant { Zone.utc.instant(try day(text)) + .hours(12) }

  @Test(arguments: TestDatabase.available) func `a birthday is rewarded once a year, from the first day to the last`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.birthday(3, 2)) { shop in
      let person = Person(birthday: try Self.day("1990-06-10"))
      let boris = try await shop.join(901, person: person)
      try await shop.catchUp(at: try Self.noon("2026-06-06"))
      #expect(try await shop.figures("cake").gifts == 0)
      try await shop.catchUp(at: try Self.noon("2026-06-07"))
      #expect(try await shop.figures("cake").gifts == 1)
      for day in ["2026-06-08", "2026-06-10", "2026-06-12", "2027-06-06"] { try await shop.catchUp(at: try Self.noon(day)) }
      #expect(try await shop.figures("cake").gifts == 1)
      // Another date within twelve months brings nothing, whatever it is.
      var moved = person
      moved.birthday = try Self.day("1990-06-05")
      let (changed, now) = (moved, try Self.noon("2027-06-01"))
      try await shop.ground.write { tx in
        try shop.programme.members.change(boris, kind: .person, person: changed, by: shop.change(now), in: &tx)
      }
      try await shop.catchUp(at: try Self.noon("2027-06-06"))
      #expect(try await shop.figures("cake").gifts == 1)
      try await shop.catchUp(at: try Self.noon("2027-06-07"))
      #expect(try await shop.figures("cake").gifts == 2, "twelve months are over, and it is within the days after")
    }
  }

  @Test(arguments: TestDatabase.available) func `whoever was born on 29 February celebrates on the 28th in common years`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.birthday(0, 0)) { shop in
      _ = try await shop.join(902, person: Person(birthday: try Self.day("1992-02-29")))
      try await shop.catchUp(at: try Self.noon("2027-02-27"))
      #expect(try await shop.figures("cake").gifts == 0)
      try await shop.catchUp(at: try Self.noon("2027-02-28"))
      #expect(try await shop.figures("cake").gifts == 1)
      try await shop.catchUp(at: try Self.noon("2028-02-28"))
      #expect(try await shop.figures("cake").gifts == 1)
      try await shop.catchUp(at: try Self.noon("2028-02-29"))
      #expect(try await shop.figures("cake").gifts == 2)
    }
  }

  @Test(arguments: TestDatabase.available) func `a profile is rewarded once, when its last field is filled`(
    on kind: TestDatabase
  ) async throws {
    let terms: JSON = .object([
      "actions": .array([
        GivingShop.action("full", 70, ("kind", "profile"), ("fields", .array(["givenName", "city", "phone"])))
      ])
    ])
    try await GivingShop.on(kind, terms) { shop in
      let boris = try await shop.join(903, person: Person(givenName: "Борис"))
      try await shop.catchUp()
      #expect(try await shop.points(boris) == 0)
      try await shop.ground.write { tx in
        try shop.programme.members.change(
          boris, kind: .person, person: Person(givenName: "Борис", city: "Тула"), by: shop.change(), in: &tx)
      }
      try await shop.catchUp()
      #expect(try await shop.points(boris) == 70)
      try await shop.catchUp()
      #expect(try await shop.points(boris) == 70, "events that are followed again give nothing more")
      let refused = await shop.ground.refusalOf { tx in
        _ = try shop.gifts.tell("full", of: boris, subject: "me", request: (RequestKey("told"), 1), by: shop.change(), in: &tx)
      }
      #expect(refused == "action_found_here")
    }
  }
}

extension Ground {
  /// The code of what the body throws.
  func refusalOf(_ body: @escaping @Sendable (inout Transaction) throws -> Void) async -> String? {
    do {
      return try await refusal(body)?.code
    } catch { return "\(error)" }
  }
}
