import Foundation
import Kernel
import TestKit
import Testing
import regulars

/// A chain of three shops, made from a seed, in the files that script/fetch-demo-data writes.
private struct SmallYear {
  private static let groups = [
    "GROCERY,YOGURT", "GROCERY,SOUP", "GROCERY,FROZEN PIZZA", "GROCERY,SOFT DRINKS", "GROCERY,COFFEE", "MEAT,BEEF",
    "PRODUCE,TOMATOES",
    "DRUG GM,DIAPERS & DISPOSABLES", "GROCERY,CIGARETTES", "FUEL,FUEL",
  ]

  /// Writes a year of so many baskets into the folder `data`.
  static func write(baskets: Int, seed: UInt64, into folder: String) throws {
    var random = SeededRandom(seed: seed)
    let products = (1...80).map { code in
      "\(code),Product \(code),\(groups[code % groups.count]),TYPE \(code % 3),\(code % 4 == 0 ? "Private" : "National"),\(code % 9),,\(code % 10 == 9 ? "gal" : "pcs")\n"
    }
    let ages = ["", "19-24", "45-54", "65+"]
    let members = (1...60).map { "\($0),\(ages[$0 % 4]),,,,\(1 + $0 % 5),\($0 % 3),19\(50 + $0 % 40)-0\(1 + $0 % 9)-15\n" }
    var sales =
      "basket_id,household_id,store_id,sold_at,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc\n"
    for basket in 0..<baskets {
      let time = Instant(seconds: 1_483_300_000 + Int64(basket) * (31_000_000 / Int64(baskets)))
      let member = Int.random(in: 1...60, using: &random)
      for product in Set((0..<Int.random(in: 1...9, using: &random)).map { _ in Int.random(in: 1...80, using: &random) }).sorted() {
        let count = product % 10 == 9 ? Int.random(in: 5_000...20_000, using: &random) : Int.random(in: 0...5, using: &random)
        let cents = count == 0 ? 0 : Int.random(in: 50...2_500, using: &random)
        let value = "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
        sales +=
          "\(basket + 1),\(member),\(1 + basket % 3),\(time.text),\(product),\(count),\(value),\(product % 7 == 0 ? "0.25" : "0.00"),"
        sales += "\(product % 19 == 0 ? "1.00" : "0.00"),0.00\n"
      }
    }
    try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
    let files = [
      "products": "product_id,name,department,product_category,product_type,brand,manufacturer_id,package_size,unit\n"
        + products.joined(),
      "stores": "store_id,name,time_zone\n" + (1...3).map { "\($0),Store \($0),America/New_York\n" }.joined(),
      "members": "household_id,age,income,home_ownership,marital_status,household_size,kids_count,birthday_invented\n"
        + members.joined(),
      "transactions": sales,
    ]
    for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder)/data/\(name).csv")) }
  }
}

@Suite struct `the demonstration` {
  private func arguments(_ database: String) throws -> [String] {
    [
      "demo", "--data", "data", "--files", Repository.root.path + "/examples/complete-journey", "--database", database,
      "--language", "en",
    ]
  }

  /// What is the same in every run: all but the seconds it took and the ids of receipts.
  private func constant(_ answer: String) -> [Substring] {
    answer.split(separator: "\n").filter { !$0.contains("receipts/s") && !$0.hasPrefix("Receipt rcp_") }
  }

  @Test(arguments: TestDatabase.available) func `tells the same of the same year on every database, and the second time at once`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      try SmallYear.write(baskets: 700, seed: 11, into: place.folder.path)
      let program = Program(folder: place.folder.path)
      let first = try program.run(arguments(place.url))
      #expect(first.code == 0, "\(first.errors)")
      #expect(try program.run(arguments(place.url)).answer == first.answer)
      let other = try program.run(arguments("sqlite:other.db"))
      #expect(constant(other.answer) == constant(first.answer))
      #expect(first.answer.contains("differences: 0"))
      for line in ["points issued", "spent", "expired", "outstanding", "Five members", "line by line", "700 receipts"] {
        #expect(first.answer.contains(line), "\(line)")
      }
      #expect(try program.run(arguments(place.url).dropLast() + ["ru"]).answer.contains("начислено баллов"))
    }
  }

  @Test func `comes to the same when the plug is pulled again and again`() async throws {
    try await TestDatabase.sqlite.withPlace { place in
      try SmallYear.write(baskets: 3_000, seed: 12, into: place.folder.path)
      let program = Program(folder: place.folder.path)
      let whole = try program.run(arguments("sqlite:whole.db"))
      #expect(whole.code == 0, "\(whole.errors)")
      var killed = 0
      for attempt in 2...40 {
        let words = try arguments("sqlite:cut.db")
        guard try program.isKilled(after: 0.25 * Double(attempt), words) else { break }
        killed += 1
        // While the shop itself is set up a stop means to begin anew, and the program says so.
        if try program.run("demo", "--files", "nowhere", "--database", "sqlite:cut.db").errors.contains("demo_incomplete") {
          for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.folder.path + "/cut.db" + end) }
        }
      }
      #expect(killed > 0)
      let cut = try program.run(arguments("sqlite:cut.db"))
      #expect(cut.code == 0 && constant(cut.answer) == constant(whole.answer), "\(cut.answer)\(cut.errors)")
    }
  }
}
