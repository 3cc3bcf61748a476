import Access
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Codes: how they look, how many are made, and that nobody guesses them.
@Suite struct CouponBatchTests {
  /// Makes all codes of a batch, step by step, by dice that are the same for every batch.
  /// - Returns: how many steps it took.
  private func make(_ batch: CouponBatch, _ till: Till, _ coupons: Coupons) async throws -> Int {
    var made = batch
    var steps = 0
    while !made.isWhole, steps < 20 {
      let (id, seed) = (batch.id, UInt64(100 + steps))
      made = try await till.database.write { tx in
        var dice = Dice(seed: seed)
        return try coupons.makeNext(of: id, using: &dice, in: &tx)
      }
      steps += 1
    }
    #expect(made.made == batch.asked)
    return steps
  }

  @Test(arguments: TestDatabase.available)
  func `a batch is ordered once, made step by step, and never of codes that can be guessed`(
    on kind: TestDatabase
  ) async throws {
    try await CouponShop.open(kind) { shop in
      let (till, coupons) = (shop.till, shop.coupons)
      let change = Change(by: .demo, at: Till.noon, ids: till.ids)
      let batch = try await till.database.write { tx in
        try coupons.order(12_000, of: "spring", label: "mailing", key: "mailing", by: change, in: &tx)
      }
      let again = try await till.database.write { tx in
        try coupons.order(12_000, of: "SPRING", label: "mailing", key: "mailing", by: change, in: &tx)
      }
      #expect(again.id == batch.id)
      func total() async throws -> Int64 {
        try await till.database.read { tx in try coupons.totals(of: [batch.series], in: &tx)[batch.series]?.made ?? 0 }
      }
      let before = try await total()
      #expect(try await make(batch, till, coupons) == 3)
      // The same dice again: the first step of a batch as large draws codes that are there already, and goes on with others.
      let second = try await till.database.write { tx in
        try coupons.order(12_000, of: "SPRING", label: "second", key: "second", by: change, in: &tx)
      }
      #expect(try await make(second, till, coupons) > 3)
      let codes = try await till.database.read { tx -> [Coupon] in
        var all: [Coupon] = []
        while true {
          let page = try coupons.coupons(of: batch.id, after: all.last?.code, limit: 1_000, in: &tx)
          all += page
          if page.count < 1_000 { return all }
        }
      }
      #expect(Set(codes.map(\.code)).count == 12_000)
      #expect(try await total() == before + 24_000)
      #expect(codes.allSatisfy { CouponShop.spring.pattern.fits($0.code) })
      let short = CouponSeriesDetails(
        code: "SHORT", name: LocalText(ru: "К", en: "S"), pattern: CodePattern(alphabet: "0123456789", length: 6))
      try await till.database.write { tx in
        _ = try coupons.save([short], by: change, in: &tx)
        _ = try coupons.order(100, of: "SHORT", label: "a hundred", key: "100", by: change, in: &tx)
      }
      // A million possible codes are enough for a hundred, and not for one more.
      await #expect(throws: Problem.self) {
        try await till.database.write { tx in
          _ = try coupons.order(1, of: "SHORT", label: "one more", key: "101", by: change, in: &tx)
        }
      }
    }
  }

  @Test func `a check character catches every wrong character and nearly every swap`() {
    let pattern = CodePattern(prefix: "SP-", length: 8)
    var dice = Dice(seed: 3)
    var (swaps, caught) = (0, 0)
    for _ in 0..<200 {
      let code = pattern.code(using: &dice)
      #expect(pattern.fits(code) && pattern.fits(code.lowercased()) && !pattern.fits(code + "A"))
      var characters = Array(code)
      for place in 3..<characters.count {
        let right = characters[place]
        for wrong in pattern.alphabet where wrong != right {
          characters[place] = wrong
          #expect(!pattern.fits(String(characters)))
        }
        characters[place] = right
        guard place > 3, characters[place - 1] != right else { continue }
        characters.swapAt(place - 1, place)
        swaps += 1
        if !pattern.fits(String(characters)) { caught += 1 }
        characters.swapAt(place - 1, place)
      }
    }
    #expect(caught * 100 >= swaps * 97, "\(caught) of \(swaps)")
    #expect(CodePattern(alphabet: "0123456789", length: 6).space == 1_000_000 && CodePattern(length: 32).space == .max)
  }

  @Test(arguments: [(4, "0123456789", Int64(200)), (10, CodePattern.standardLetters, 200), (5, "AB", 7), (12, "AB", 100)])
  func `draws codes slice by slice, each part in its place and none left out`(_ length: Int, _ alphabet: String, _ parts: Int64) {
    let pattern = CodePattern(alphabet: alphabet, length: length, hasCheck: false)
    var dice = Dice(seed: 11)
    var last = ""
    var seen: Set<Character> = []
    for place in 0..<parts {
      let codes = (0..<50).map { _ in pattern.code(in: CodePattern.Slice(place: place, of: parts), using: &dice) }
      for code in codes { #expect(pattern.fits(code)) }
      seen.formUnion(codes.joined())
      if pattern.space >= parts * 16 {
        #expect(last < codes.min() ?? "", "slice \(place)")
        last = codes.max() ?? ""
      }
    }
    #expect(seen == Set(alphabet))
  }
}
