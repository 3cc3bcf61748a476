import Foundation
import Kernel
import TestKit

/// A chain of three shops, made from a seed, in the files that script/fetch-demo-data writes.
enum SmallYear {
  private static let groups = [
    "GROCERY,YOGURT", "GROCERY,SOUP", "GROCERY,FROZEN PIZZA", "GROCERY,SOFT DRINKS", "GROCERY,COFFEE", "MEAT,BEEF",
    "PRODUCE,TOMATOES",
    "DRUG GM,DIAPERS & DISPOSABLES", "GROCERY,CIGARETTES", "FUEL,FUEL",
  ]

  /// What `regulars demo` is told, to take the year in the folder `data` into a database.
  static func arguments(_ database: String) -> [String] {
    [
      "demo", "--data", "data", "--files", Repository.root.path + "/examples/complete-journey", "--database", database,
      "--language", "en",
    ]
  }

  /// What is the same in every run: all but the seconds it took and the ids of receipts.
  static func constant(_ answer: String) -> [Substring] {
    answer.split(separator: "\n").filter { !$0.contains("receipts/s") && !$0.hasPrefix("Receipt rcp_") }
  }

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
