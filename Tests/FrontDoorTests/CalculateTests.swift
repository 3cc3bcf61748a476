import Foundation
import Kernel
import TestKit
import Testing
import regulars

@Suite struct `regulars calculate` {
  let zones = ZoneBook(folder: "/usr/share/zoneinfo")

  private func example(_ name: String, _ file: String) -> String {
    Repository.root.appending(path: "docs/examples/\(name)/\(file)").path
  }

  @Test func `prints what the worked example says`() throws {
    for name in ["03-third-free", "28-hours-over-midnight"] {
      let papers = Papers(rules: example(name, "rules.json"), basket: example(name, "basket.json"))
      #expect(try papers.calculation(zones: zones).pretty + "\n" == Repository.text("docs/examples/\(name)/calculation.json"))
    }
  }

  @Test func `knows the member where one is given`() throws {
    let name = "14-points-share"
    let papers = Papers(
      rules: example(name, "rules.json"), basket: example(name, "basket.json"), member: example(name, "member.json"))
    #expect(try papers.calculation(zones: zones)["totals"]?["pointsSpent"] == "260")
    let unknown = Papers(rules: papers.rules, basket: papers.basket)
    #expect(try unknown.calculation(zones: zones)["totals"]?["pointsSpent"] == "0")
  }

  @Test func `explains every promotion when asked`() throws {
    let papers = Papers(rules: example("22-gift", "rules.json"), basket: example("17-earn-on-the-rest", "basket.json"))
    #expect(try papers.calculation(zones: zones)["reasons"] == .array([]))
    guard case .array(let reasons)? = try papers.calculation(zones: zones, explainsAll: true)["reasons"] else {
      Issue.record("there are no reasons")
      return
    }
    #expect(reasons.map { $0["promotion"] } == ["mug"])
  }

  @Test func `a file that is wrong is named with all its issues`() throws {
    try inTemporaryFolder { folder in
      let basket = folder + "/basket.json"
      try #"{"format":"regulars.basket/1","time":"noon","lines":[{"id":"1","price":5}]}"#.write(
        toFile: basket, atomically: true, encoding: .utf8)
      do {
        _ = try Papers(rules: example("03-third-free", "rules.json"), basket: basket).calculation(zones: zones)
        Issue.record("the basket was taken")
      } catch let problem as Problem {
        #expect(problem.detail.hasPrefix(basket + ": "))
        #expect(problem.issues.map(\.pointer) == ["/store", "/time", "/lines/0/product", "/lines/0/price"])
        #expect(Farewell(problem).ending == .refused)
      }
    }
  }

  @Test func `a file that is no JSON is refused at its line and column`() throws {
    try inTemporaryFolder { folder in
      let rules = folder + "/rules.json"
      try "{\n  \"format\": oops\n}".write(toFile: rules, atomically: true, encoding: .utf8)
      let problem = try #require(throws: Problem.self) { try Papers(rules: rules, basket: "-").calculation(zones: zones) }
      #expect(problem.code == "not_json")
      #expect(problem.detail.contains("line 2, column 13"))
    }
  }
}
