import Foundation
import Kernel
import TestKit
import Testing
import regulars

@Suite struct `discrepancies by command` {
  private static let club = ["shifts", "discrepancies", "--account", "lavka", "--programme", "club"]

  @Test(arguments: TestDatabase.available) func `say of which days there are none, and refuse what names nothing`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      let shop = try ServedShop(in: place)
      func told(_ words: String..., code: Int32 = 0) throws -> String {
        let outcome = try shop.program.run(Self.club + words + ["--database", place.url])
        #expect(outcome.code == code, "\(words): \(outcome.answer)\(outcome.errors)")
        return outcome.answer + outcome.errors
      }
      let days = ["--from", "2026-11-01", "--to", "2026-11-21"]
      #expect(try told(days[0], days[1], days[2], days[3]).contains("2026-11-01 – 2026-11-21: 0 discrepancies"))
      let json = try JSON.parse(try told(days[0], days[1], days[2], days[3], "--json", "--list", "--store", "S1"))
      #expect(json["count"] == .int(0) && json["causes"] == .array([]) && json["list"] == .array([]))
      // Longer than is shown at a time: the latest days of it.
      #expect(try told("--from", "2025-01-01", "--to", "2026-11-21").contains("2026-09-21 – 2026-11-21"))
      #expect(try told("--store", "S9", code: Ending.refused.rawValue).contains("[store_unknown]"))
      #expect(try told("--from", "yesterday", code: Ending.usage.rawValue).contains("2026-11-21"))
      #expect(
        try told("--from", "2026-11-21", "--to", "2026-11-01", code: Ending.refused.rawValue).contains("[days_out_of_range]"))
    }
  }
}
