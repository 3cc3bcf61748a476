import Calculator
import Conditions
import Kernel
import TestKit
import Testing

@Suite struct BasketFileTests {
  @Test func `every member of a basket is read`() throws {
    var names: any Names = InternedNames()
    let file = try BasketFile(try FullDocuments.json("basket"), for: try FullDocuments.rules(), names: &names, zone: Example.zone)
    let basket = file.basket
    #expect(basket.store.zone.offset(at: basket.time) == 10_800)
    #expect(basket.store.dayStart == Clock(second: 14_400))
    #expect(basket.register == RegisterProfile(tolerance: 1, split: .any, leastPrice: Money(minor: 1), maxLines: 100))
    #expect(basket.channel == .selfCheckout)
    #expect(basket.time == Instant("2026-03-14T09:00:00Z"))
    let line = try #require(basket.lines.first)
    #expect(line.product.flags == [.marked, .advertForbidden])
    #expect(line.product.categories.map { names.code(.category, $0.raw) } == ["milk", "food"])
    #expect(line.tillReductions == [TillReduction(kind: "markdown", amount: Money(minor: 500), reason: "yesterday")])
    #expect(line.mark == "010460000000000121")
    #expect(basket.coupons == [PresentedCoupon(code: "SPRING"), PresentedCoupon(code: "A-1", series: "AUTUMN", state: .used)])
    #expect(basket.tenders.map(\.amount) == [Money(minor: 1000), nil, nil])
    #expect(basket.tenders.map(\.certificate) == [nil, PresentedCertificate(code: "G1", pin: "4711", series: "GIFT"), nil])
    #expect(basket.certificates == [SoldCertificate(line: "2", certificate: PresentedCertificate(code: "G2"))])
    #expect(basket.spend == .points(Points(units: 1250)))
    #expect(
      file.usage == [
        PromotionID(1): SharedUsage(
          all: Used(uses: 2, money: Money(minor: 300), points: Points(units: 400)),
          store: Used(uses: 7, money: Money(minor: 800), points: Points(units: 900)),
          storeDay: Used(uses: 1, money: Money(minor: 500), points: Points(units: 600)),
          day: Used(uses: 3, money: Money(minor: 100), points: Points(units: 200)))
      ])
  }

  /// What nearly every till sends is read on a way of its own. An empty list of reductions means nothing and takes the long way.
  @Test func `a plain line is read as the long way reads it`() throws {
    let values: [(String, [String])] = [
      ("id", [#""1""#, #""a line""#, #""""#, "7", #""\#(String(repeating: "я", count: 60))""#]),
      ("product", [#""milk""#, #""nobody knows it""#, #""""#, "null"]),
      ("price", [#""10.00""#, #""0""#, #""-1.00""#, #""1.001""#, #""10000000000.01""#, #""0x1""#, "10"]),
      ("quantity", [#""1""#, #""0.35""#, #""0""#, #""1.0001""#, #""1000000.001""#, #""much""#, "null"]),
      ("kind", [#""goods""#, #""weighed""#, #""gods""#, "true"]),
      ("lenght", [#""1""#]),
    ]
    var random = SeededRandom(seed: 7)
    var (plain, same) = (0, 0)
    for _ in 0..<4_000 {
      var members: [String] = []
      // Mostly in order, so that plain lines come up as often as others.
      for (key, choices) in values where Int.random(in: 0..<10, using: &random) < (key == "lenght" ? 1 : 9) {
        let choice = Int.random(in: 0..<3, using: &random) < 2 ? choices[0] : choices.randomElement(using: &random) ?? ""
        members.append("\"\(key)\":\(choice)")
      }
      let line = members.joined(separator: ",")
      let (one, other) = (try Self.read("{\(line)}"), try Self.read("{\(line + (line.isEmpty ? "" : ","))\"tillReductions\":[]}"))
      #expect(one.lines == other.lines && one.issues == other.issues, "\(line)")
      plain += one.issues.isEmpty ? 1 : 0
      same += 1
    }
    #expect(plain > 300 && plain < same, "\(plain) of \(same) were in order")
  }

  private static func read(_ line: String) throws -> (lines: [BasketLine], issues: [Kernel.Issue]) {
    let shelf = BasketReader.Shelf(members: []) {
      $0 == "milk" ? ProductFacts(id: ProductID(5)) : nil
    } find: { line in
      guard line["product"].required(), let code = line["product"].code() else { return nil }
      return ProductFacts(id: ProductID(code == "milk" ? 5 : 6))
    }
    let rules = RuleReader(names: InternedNames(), amounts: AmountForm(currency: .rub, pointsScale: 0))
    var reader = BasketReader(rules: rules, shelf: shelf)
    let node = JSONNode(try JSON.parse("{\"lines\":[\(line)]}"))
    let lines = reader.lines(node["lines"])
    return (lines, node.issues.issues)
  }

  @Test func `every member of a member document is read`() throws {
    var names: any Names = InternedNames()
    let member = try MemberFile(try FullDocuments.json("member"), for: try FullDocuments.rules(), names: &names).member
    #expect(member.id == MemberID(1))
    #expect(member.kind == .employee)
    #expect(member.tier.flatMap { names.code(.tier, $0.raw) } == "gold")
    #expect(member.birthday == CivilDay(year: 1990, month: 2, day: 28))
    #expect(member.attributes["since"] == .day(try #require(CivilDay(year: 2020, month: 5, day: 1))))
    #expect(member.counters == ["visits": 7, "household": 3, "privilege/lounge": 1])
    #expect(member.pools.map(\.amount) == [Points(units: 1000), Points(units: 9000), Points(units: 500)])
    let milk = try #require(names.id(.category, "milk").map { CategoryID($0) })
    let farm = try #require(names.id(.productBrand, "farm").map { ProductBrandID($0) })
    #expect(
      member.usage == [
        PromotionID(2): MemberUsage(
          all: Used(uses: 5, money: Money(minor: 700), points: Points(units: 800)),
          day: Used(uses: 1, money: Money(minor: 200), points: Points(units: 300))),
        Accumulator(.amount, of: .categories([milk]), within: .month).id: MemberUsage(uses: 80_000),
        Accumulator(.visits, within: .week).id: MemberUsage(uses: 2),
        Accumulator(.receipts, within: .week, by: .household).id: MemberUsage(uses: 9),
        Accumulator.bought(.categories([milk])).id: MemberUsage(uses: 2),
        Accumulator.bought(.brands([farm])).id: MemberUsage(uses: Accumulator.uncounted),
        StampTally.id(of: "coffee"): MemberUsage(uses: 4),
      ])
  }

  @Test(arguments: [
    (#""price":"10000000000.01""#, "/lines/0/price out_of_range"),
    (#""price":"6000000000.00","quantity":"2""#, "/lines/0 too_large"),
    (#""price":"-1.00""#, "/lines/0/price out_of_range"),
    (#""price":"1.00","quantity":"0""#, "/lines/0/quantity out_of_range"),
    (#""price":"1.00","quantity":"0.0001""#, "/lines/0/quantity not_a_decimal"),
    (#""price":"1.00","quantity":"2","mark":"0104""#, "/lines/0/quantity marked_unit"),
    (
      #""price":"1.00","tillReductions":[{"kind":"a","amount":"0.60"},{"kind":"b","amount":"0.41"}]"#,
      "/lines/0/tillReductions too_large"
    ),
    (#""price":"1.00","kind":"weighted""#, "/lines/0/kind unknown_word"),
    (#""price":"1.00","color":"red""#, "/lines/0/color unknown_member"),
  ]) func `a line that cannot be priced is refused at its place`(members: String, expected: String) throws {
    #expect(try refusals(lines: #"{"id":"1","product":{"code":"a"},\#(members)}"#) == [expected])
  }

  @Test func `lines of one name and a basket that is too dear are refused`() throws {
    let line = #"{"id":"1","product":{"code":"a"},"price":"6000000000.00"}"#
    #expect(try refusals(lines: line) == [])
    #expect(try refusals(lines: line + "," + line) == ["/lines/1/id repeated", "/lines too_large"])
  }

  @Test(arguments: [
    (#""store":{"code":"s","zone":"Mars/Olympus"}"#, "/store/zone unknown_time_zone"),
    (#""store":{"code":"s","zone":"+3"}"#, "/store/zone unknown_time_zone"),
    (#""register":{"tolerance":2}"#, "/register/tolerance out_of_range"),
    (#""register":{"leastPrice":"1.01"}"#, "/register/leastPrice out_of_range"),
    (#""spend":100"#, "/spend not_a_decimal"),
    (#""spend":"-1""#, "/spend out_of_range"),
    (#""coupons":[{"series":"A"}]"#, "/coupons/0/code missing"),
    (#""tenders":[{"kind":"shells"}]"#, "/tenders/0/kind unknown_word"),
    (#""usage":{"sprnig":{"uses":1}}"#, "/usage/sprnig unknown_name"),
    (#""time":"2026-03-14 12:00""#, "/time not_an_instant"),
  ]) func `what surrounds the lines is refused at its place`(member: String, expected: String) throws {
    #expect(try refusals(member: member) == [expected])
  }

  @Test func `more lines and coupons than one basket holds are refused`() throws {
    let many = (0...Limits.lines).map { #"{"id":"\#($0)","product":{"code":"a"},"price":"1.00"}"# }.joined(separator: ",")
    #expect(try refusals(lines: many) == ["/lines too_many"])
    let coupons = (0...Limits.coupons).map { #""c\#($0)""# }.joined(separator: ",")
    #expect(try refusals(member: #""coupons":[\#(coupons)]"#) == ["/coupons too_many"])
  }

  private func refusals(lines: String = #"{"id":"1","product":{"code":"a"},"price":"1.00"}"#, member: String = "") throws
    -> [String]
  {
    var members = [#""format":"regulars.basket/1""#, #""lines":[\#(lines)]"#]
    if !member.hasPrefix(#""store""#) { members.append(#""store":{"code":"s","zone":"+03:00"}"#) }
    if !member.hasPrefix(#""time""#) { members.append(#""time":"2026-03-14T12:00:00+03:00""#) }
    if !member.isEmpty { members.append(member) }
    let json = try JSON.parse("{\(members.joined(separator: ","))}")
    return FullDocuments.issues(basket: json, try FullDocuments.rules()).map { "\($0.pointer) \($0.code)" }
  }
}
