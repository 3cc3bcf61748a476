import Calculator
import Conditions
import Foundation
import Kernel
import TestKit
import Testing

/// The worked examples of `docs/examples`: documents in, calculation out. `REGULARS_UPDATE_GOLDEN=1` writes the answers anew; the
/// difference is then reviewed like code.
@Suite struct GoldenReceiptTests {
  @Test(arguments: try Example.all()) func `a worked example comes out as it is printed`(example: Example) throws {
    let text = CalculationForm(rules: example.rules).json(example.calculation).pretty + "\n"
    if ProcessInfo.processInfo.environment["REGULARS_UPDATE_GOLDEN"] == "1" { try example.write(text) }
    #expect(try example.text("calculation.json") == text)
  }

  @Test(arguments: try Example.all()) func `every amount of an example adds up and can be printed`(example: Example) {
    for violation in Sums.violations(of: example.calculation, example.file.basket) { Issue.record("\(example.name): \(violation)") }
  }

  @Test(arguments: try Example.all()) func `the choices of an example do not change its amounts`(example: Example) {
    let plain = calculate(
      example.file.basket, member: example.member, rules: example.rules, usage: example.file.usage,
      scope: CalculationScope(offersChoices: false))
    #expect(plain.lines == example.calculation.lines)
    #expect(plain.trace == example.calculation.trace)
  }

  @Test func `there are thirty worked examples and each is told in the list`() throws {
    let names = try Example.all().map(\.name)
    #expect(names.count >= 30)
    let list = try Repository.text("docs/examples/README.md")
    for name in names { #expect(list.contains("](\(name)/)"), "\(name) is not in docs/examples/README.md") }
  }
}

/// One folder of `docs/examples`, read and calculated.
struct Example: CustomTestStringConvertible, Sendable {
  let name: String
  let rules: RuleBook
  let file: BasketFile
  let member: MemberSnapshot?
  let calculation: Calculation

  var testDescription: String { name }

  static func all() throws -> [Example] {
    try Repository.files(below: "docs/examples", ending: "/rules.json")
      .map { try Example(name: String($0.split(separator: "/")[2])) }
  }

  init(name: String) throws {
    self.name = name
    var names: any Names = InternedNames()
    rules = try RulesFile(try Self.json(name, "rules.json"), names: &names).book()
    file = try BasketFile(try Self.json(name, "basket.json"), for: rules, names: &names, zone: Self.zone)
    let hasMember = Repository.exists("docs/examples/\(name)/member.json")
    member = hasMember ? try MemberFile(try Self.json(name, "member.json"), for: rules, names: &names).member : nil
    calculation = calculate(file.basket, member: member, rules: rules, usage: file.usage)
  }

  /// The one named zone of the examples, without the system's files.
  static func zone(_ name: String) throws(Problem) -> Zone {
    guard name == "Europe/Moscow" else { throw Problem(.invalid, "unknown_time_zone", "there is no time zone \"\(name)\" here") }
    return .moscow
  }

  static func json(_ name: String, _ file: String) throws -> JSON {
    try JSON.parse(try Repository.text("docs/examples/\(name)/\(file)"))
  }

  func text(_ file: String) throws -> String { try Repository.text("docs/examples/\(name)/\(file)") }

  func write(_ text: String) throws {
    let url = Repository.root.appending(path: "docs/examples/\(name)/calculation.json")
    try Data(text.utf8).write(to: url)
  }
}
