import Kernel
import TestKit
import Testing

@Suite struct `ids` {
  static let start = Instant(seconds: 1_795_000_000)

  @Test(arguments: Seeds.some(20)) func `the text form reads back and sorts like the number`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let ids = (0..<200).map { _ in MemberID(Int64.random(in: 0 ... .max, using: &random)) } + [MemberID(0), MemberID(.max)]
    for id in ids { #expect(MemberID(id.description) == id, "seed \(seed)") }
    #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted(), "seed \(seed)")
  }

  @Test func `the text form has a prefix and thirteen characters`() {
    #expect(MemberID(0).description == "mem_0000000000000")
    #expect(MemberID(.max).description == "mem_7zzzzzzzzzzzz")
    #expect(ReceiptID(31).description == "rcp_000000000000z")
  }

  @Test(arguments: [
    "rcp_0000000000000", "mem_000000000000", "mem_00000000000000", "mem_000000000000i", "mem_000000000000l", "mem_000000000000o",
    "mem_000000000000u", "mem_000000000000A", "mem_8000000000000", "mem_zzzzzzzzzzzzz", "0000000000000", "", "mem_",
    "MEM_0000000000000",
    "mem_000000000000\u{301}0",
  ])
  func `another kind's or a damaged text is no id`(_ text: String) {
    #expect(MemberID(text) == nil)
  }

  @Test func `an id knows when it was made`() {
    var sequence = IDSequence(node: 7)
    let id: MemberID = sequence.next(at: Self.start + Span(micros: 123_456))
    #expect(id.madeAt == Self.start + Span(micros: 123_000))
  }

  @Test(arguments: Seeds.some(10)) func `ids of one node always grow, whatever the clock does`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var sequence = IDSequence(node: 1023)
    var now = Self.start
    var last = MemberID(-1)
    for _ in 0..<20_000 {
      now.micros += Int64.random(in: -3_000...2_000, using: &random)
      if Int.random(in: 0..<500, using: &random) == 0 { now.micros -= 3_600_000_000 }
      let id: MemberID = sequence.next(at: now)
      #expect(id > last, "seed \(seed)")
      last = id
    }
  }

  @Test func `more than 4,096 ids in one millisecond borrow the next one`() {
    var sequence = IDSequence(node: 0)
    let ids: [MemberID] = (0..<10_000).map { _ in sequence.next(at: Self.start) }
    #expect(Set(ids).count == 10_000)
    #expect(ids == ids.sorted())
    #expect(ids.last?.madeAt == Self.start + Span(micros: 2_000))
  }

  @Test func `a clock before the epoch still makes positive ids`() {
    var sequence = IDSequence(node: 3)
    let id: MemberID = sequence.next(at: Instant(seconds: 0))
    #expect(id.raw > 0)
  }

  @Test func `ids of what happened before the sequence began are no ids of an earlier one`() {
    var before = IDSequence(node: 3)
    let earlier: MemberID = before.next(at: Instant(seconds: 1_483_228_800))
    var sequence = IDSequence(node: 3)
    sequence.skip(to: Self.start)
    let first: MemberID = sequence.next(at: Instant(seconds: 1_483_228_800))
    #expect(first > earlier && first.madeAt == Self.start)
    sequence.skip(to: Instant(seconds: 0))
    #expect(sequence.next(at: Instant(seconds: 0)) > first)
  }

  @Test func `two nodes never make the same id`() {
    var made: Set<MemberID> = []
    for node in [0, 1, 511, 1023] {
      var sequence = IDSequence(node: node)
      for _ in 0..<5_000 { made.insert(sequence.next(at: Self.start)) }
    }
    #expect(made.count == 20_000)
  }

  @Test func `a sequence for a node that does not exist cannot be made`() async {
    await #expect(processExitsWith: .failure) { _ = IDSequence(node: 1024) }
    await #expect(processExitsWith: .failure) { _ = IDSequence(node: -1) }
  }

  @Test func `every kind of thing has a prefix of its own`() throws {
    let text = try Repository.text("Sources/Kernel/Entity.swift")
    let prefixes = text.matches(of: /prefix: String \{ "([a-z]+)" \}/).map { String($0.output.1) }
    try #require(prefixes.count > 20)
    #expect(Set(prefixes).count == prefixes.count)
    #expect(prefixes.allSatisfy { (3...4).contains($0.count) })
  }
}
