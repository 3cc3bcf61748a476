import Foundation
import Kernel
import TestKit
import Testing

@Suite struct `reports by command` {
  private static let days = ["--from", "2017-05-01", "--to", "2017-08-31"]
  private static let club = ["--account", "pantry", "--programme", "club"]
  private static let names = [
    "kpi", "rfm", "cohorts", "life-cycle", "kpi-tree", "points", "affinities", "stores", "discounts", "traffic",
    "promotions", "certificates", "shifts", "points-entities", "price-bands",
  ]

  /// A small year with its columns.
  private struct Year {
    let place: TestPlace
    let program: Program

    init(in place: TestPlace) throws {
      (self.place, program) = (place, Program(folder: place.folder.path))
      try SmallYear.write(baskets: 400, seed: 31, into: place.folder.path)
      _ = try run(SmallYear.arguments(place.url).filter { $0 != "--database" && $0 != place.url })
      _ = try run(["cube", "rebuild"] + club)
    }

    func run(_ words: [String], code: Int32 = 0) throws -> String {
      let outcome = try program.run(words + ["--database", place.url])
      #expect(outcome.code == code, "\(words): \(outcome.answer.suffix(400))\(outcome.errors)")
      return outcome.answer
    }
  }

  @Test(arguments: TestDatabase.available) func `come as a table, as JSON and as files, and agree with the pivot`(
    on kind: TestDatabase
  )
    async throws
  {
    try await kind.withPlace { place in
      let year = try Year(in: place)
      func run(_ words: [String], code: Int32 = 0) throws -> String { try year.run(words, code: code) }
      for name in Self.names {
        let report = ["report", name] + Self.club + Self.days
        let table = try run(report)
        #expect(table.contains("Definitions, version 0"), "\(name)")
        let json = try JSON.parse(run(report + ["--format", "json"]))
        #expect(json["report"] == .string(name) && json["from"] == .string("2017-05-01"))
        #expect(try run(report + ["--format", "csv"]).contains(","))
        _ = try run(report + ["--format", "xlsx", "--out", "report.xlsx", "--language", "ru"])
        let file = try Data(contentsOf: place.folder.appending(path: "report.xlsx"))
        #expect(file.prefix(2) == Data("PK".utf8))
      }
      // The demo's members are all people, so that nobody is left out and both count the same.
      let pivot = try run(["pivot", "--values", "sales,receipts,members", "--format", "csv"] + Self.club + Self.days)
      let sums = try #require(pivot.split(separator: "\n").last?.split(separator: ",").map(String.init))
      let board = try run(["report", "kpi", "--format", "csv"] + Self.club + Self.days).split(separator: "\n")
      func figure(_ name: String) -> Substring? { board.first { $0.hasPrefix(name + ",") }?.split(separator: ",")[1] }
      #expect(figure("Revenue") == "\(sums[0])00" && figure("Receipts") == "\(sums[1]).0000", "\(sums) \(board)")
      #expect(figure("Members who bought") == "\(sums[2]).0000")
      // A formula is worked out from the totals, and says where it cannot be read.
      let asked = "sales,receipts,sales / receipts:money,visit-interval"
      let own = try run(["pivot", "--values", asked, "--rows", "rfm", "--plan", "--format", "csv"] + Self.club + Self.days)
      let last = try #require(own.split(separator: "\n").last?.split(separator: ",").map(String.init))
      let (sales, receipts) = (try #require(Decimal.parse(last[1], digits: 2)), try #require(Int64(last[2])))
      #expect(Decimal.parse(last[3], digits: 2) == scaled(sales, by: 1, over: receipts, .halfUp), "\(own)")
      #expect(own.firstMatch(of: /R[1-5] F[1-5],/) != nil, "\(own)")
      // Other days stand beside its own, in words and in a file that was kept before there was a choice.
      let beside = try run(
        ["pivot", "--rows", "store", "--values", "sales", "--compare", "year", "--format", "csv"] + Self.club + Self.days)
      #expect(beside.hasPrefix("store,sales,sales before,sales change\n"), "\(beside)")
      let kept = #"{"rows":["store"],"values":["sales"],"from":"2017-07-01","to":"2017-08-31","compare":true}"#
      try Data(kept.utf8).write(to: place.folder.appending(path: "kept.json"))
      let told = try JSON.parse(run(["pivot", "--file", "kept.json", "--format", "json"] + Self.club))
      #expect(told["compared"] == JSON.object(["from": .string("2017-04-30"), "to": .string("2017-06-30")]))
      _ = try run(["pivot", "--rows", "month", "--values", "sales", "--compare", "year"] + Self.club + Self.days, code: 65)
      _ = try run(["pivot", "--values", "sales", "--compare", "moon"] + Self.club + Self.days, code: 65)
      _ = try run(["pivot", "--values", "sales / moon"] + Self.club, code: 65)
      _ = try run(["pivot", "--values", "formula:nobody"] + Self.club, code: 65)
      _ = try run(["report", "moon"] + Self.club, code: 65)
      _ = try run(["report", "kpi", "--part", "moon"] + Self.club, code: 64)
      _ = try run(["report", "kpi", "--from", "2017-09-01", "--to", "2017-08-31"] + Self.club, code: 64)
      _ = try run(["report", "kpi", "--format", "xlsx"] + Self.club, code: 64)
      _ = try run(["report", "kpi-tree", "--segment", "loyal"] + Self.club, code: 64)
    }
  }
  @Test(arguments: TestDatabase.available) func `take the filters of pivots, and say the same through them`(on kind: TestDatabase)
    async throws
  {
    try await kind.withPlace { place in
      let year = try Year(in: place)
      func run(_ words: [String], code: Int32 = 0) throws -> String { try year.run(words, code: code) }
      for dimension in ["store", "department", "category"] {
        let rows = try JSON.parse(
          run(["pivot", "--rows", dimension, "--values", "sales", "--format", "json"] + Self.club + Self.days))
        guard case .array(let all)? = rows["rows"] else { throw Problem(.invalid, "no_rows", "\(rows)") }
        let words = all.compactMap { row -> String? in
          if case .array(let labels)? = row["labels"], case .string(let word)? = labels.first { word } else { nil }
        }
        let word = try #require(words.first { !$0.contains(",") }, "\(dimension) has no words")
        for filter in ["\(dimension)=\(word)"] + (words.count > 1 ? ["\(dimension)!=\(word)"] : []) {
          let asked = ["--where", filter, "--format", "csv"] + Self.club + Self.days
          let pivot = try run(["pivot", "--values", "sales,receipts,members"] + asked)
          let sums = try #require(pivot.split(separator: "\n").last?.split(separator: ",").map(String.init))
          let board = try run(["report", "kpi"] + asked).split(separator: "\n")
          func figure(_ name: String) -> Substring? { board.first { $0.hasPrefix(name + ",") }?.split(separator: ",")[1] }
          #expect(figure("Revenue") == "\(sums[0])00" && figure("Receipts") == "\(sums[1]).0000", "\(filter): \(sums) \(board)")
          #expect(figure("Members who bought") == "\(sums[2]).0000", "\(filter): \(sums) \(board)")
          let table = try run(["report", "rfm", "--where", filter] + Self.club + Self.days)
          #expect(table.contains("Filter"), "\(table)")
        }
        _ = try run(["report", "points", "--where", "\(dimension)=\(word)"] + Self.club + Self.days, code: 65)
      }
      _ = try run(["report", "kpi", "--where", "store=nowhere"] + Self.club + Self.days, code: 65)
      _ = try run(["report", "kpi", "--where", "store"] + Self.club + Self.days, code: 65)
    }
  }
}
