import Access
import Calculator
import Kernel
import Loyalty
import TestKit
import Testing

/// A hunt as it is written down.
@Suite struct HuntFormatTests {
  @Test func `a hunt that cannot be is refused at its place`() throws {
    let red = HuntTests.find("RED")
    let cases: [(GameDetails, String, String)] = [
      (HuntTests.details(HuntTests.find("RED", oneIn: 400_000)), "/prizes/0/oneIn", "odds_too_fine"),
      (HuntTests.details(HuntTests.find("RED", oneIn: 0)), "/prizes/0/oneIn", "out_of_range"),
      (HuntTests.details(HuntTests.find("RED", oneIn: 2), HuntTests.find("red", oneIn: 2)), "/prizes", "duplicate"),
      (HuntTests.details(GameShop.prize("mug", 10)), "/prizes", "not_a_find"),
      (HuntTests.details(red, receipts: .none), "/receipts", "nowhere_hidden"),
      (HuntTests.details(red, pages: ["home"]), "/memberDaily", "pages_unlimited"),
      (HuntTests.details(red, collections: [HuntTests.collection("A", [])]), "/collections/0/finds", "empty"),
      (
        HuntTests.details(red, collections: [HuntTests.collection("A", [.init("RED"), .init("RED")])]), "/collections/0/finds",
        "duplicate"
      ),
      (
        HuntTests.details(red, collections: [HuntTests.collection("A", [.init("RED", 101)])]), "/collections/0/finds/0/count",
        "out_of_range"
      ),
      (
        HuntTests.details(red, collections: [HuntTests.collection("A", [.init("RED")], gift: .nothing)]), "/collections/0",
        "nothing_to_win"
      ),
      (
        HuntTests.details(
          red, collections: [HuntTests.collection("A", [.init("RED")]), HuntTests.collection("a", [.init("RED")])]),
        "/collections", "duplicate"
      ),
      (HuntTests.details(HuntTests.find("RED", daily: 0)), "/prizes/0/daily", "out_of_range"),
    ]
    for (details, pointer, code) in cases {
      let issues = IssueList()
      details.check(at: "", issues)
      let problem = #expect(throws: Problem.self) { try issues.check("the hunt") }
      #expect(problem?.issues.contains { $0.pointer == pointer && $0.code == code } ?? false, "\(code): \(problem?.issues ?? [])")
    }
    for oneIn in [1, 2, 3, 7, 200, 5_000, 50_000, 100_000, 500_000, 1_000_000] as [Int64] {
      let issues = IssueList()
      HuntTests.details(HuntTests.find("RED", oneIn: oneIn)).check(at: "", issues)
      try issues.check("one in \(oneIn)")
    }
  }

  @Test func `a hunt reads as it was written`() throws {
    let amounts = AmountForm(currency: .rub, pointsScale: 0)
    let details = HuntTests.details(
      HuntTests.find("RED", oneIn: 200, stock: 5, memberDaily: 1, daily: 9), HuntTests.find("BLUE", oneIn: 3),
      pages: ["home", "tea/*"],
      memberDaily: 4,
      collections: [
        HuntTests.collection("PAIR", [.init("RED", 2), .init("BLUE")], times: 3, stock: 7, gift: .coupon(series: "SPRING"))
      ])
    let issues = IssueList()
    let again = GameDetails(code: "WHEEL", JSONNode(details.json, issues: issues), amounts)
    try issues.check("the hunt")
    #expect(again == details)
    let wheel = GameShop.details(GameShop.table(GameShop.prize("mug", 10)))
    guard case .object(let members) = wheel.json else { return }
    let odd = IssueList()
    _ = GameDetails(code: "W", JSONNode(.object(members + [JSON.Member("pages", .array([]))]), issues: odd), amounts)
    #expect(throws: Problem.self) { try odd.check("a wheel has no pages") }
  }
}
