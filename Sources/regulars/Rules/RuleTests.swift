import Calculator
import Conditions
import Kernel

/// Example baskets with what they should come to: the tests of a rule book.
struct RuleTests: Sendable {
  static let format = "regulars.rule-tests/1"

  struct Example: Sendable {
    let name: String
    let basket: JSON
    let member: JSON?
    /// A part of the calculation, as docs/formats/calculation.md writes it.
    let expected: JSON
  }

  struct Outcome: Sendable {
    let name: String
    /// What is not as expected; empty where the test holds.
    let faults: [String]
  }

  let examples: [Example]

  /// - Throws: `Problem.invalid` with every issue at its pointer.
  init(_ json: JSON) throws(Problem) {
    let node = JSONNode(json)
    node.expect("format", "tests")
    node["format"].expectFormat(Self.format)
    var names: Set<String> = []
    var examples: [Example] = []
    if node["tests"].required() {
      for item in node["tests"].items(max: Limits.bulk) {
        item.expect("name", "basket", "member", "expect")
        guard item["name"].required(), item["basket"].required(), item["expect"].required(),
          let name = item["name"].text(max: Limits.name), let basket = item["basket"].json, let expected = item["expect"].json
        else { continue }
        guard case .object(let members) = expected, !members.isEmpty else {
          item["expect"].refuse("empty", "a test expects something: totals, lines, promotions …")
          continue
        }
        if !names.insert(name).inserted { item["name"].refuse("repeated", "two tests are called \"\(name)\"") }
        let member = item["member"].isPresent ? item["member"].json : nil
        examples.append(Example(name: name, basket: basket, member: member, expected: expected))
      }
    }
    if examples.isEmpty, node["tests"].isPresent, node.issues.isEmpty {
      node["tests"].refuse("empty", "put at least one test here")
    }
    try node.issues.check("the tests")
    self.examples = examples
  }

  /// Calculates every example by the rules.
  /// - Throws: `Problem.invalid` for a basket or member that cannot be read, with the test's name.
  func run(by rules: JSON, zones: ZoneBook) throws(Problem) -> [Outcome] {
    var outcomes: [Outcome] = []
    for example in examples {
      var names: any Names = InternedNames()
      let book = try RulesFile(rules, names: &names).book()
      do throws(Problem) {
        let file = try BasketFile(Self.with(example.basket, BasketFile.format), for: book, names: &names, zone: zones.zone(named:))
        var buyer: MemberSnapshot?
        if let member = example.member {
          buyer = try MemberFile(Self.with(member, MemberFile.format), for: book, names: &names).member
        }
        let calculation = calculate(
          file.basket, member: buyer, rules: book, usage: file.usage, scope: CalculationScope(explainsAll: true))
        let got = CalculationForm(rules: book).json(calculation)
        outcomes.append(Outcome(name: example.name, faults: Expectation.faults(example.expected, got)))
      } catch { throw Problem(error.kind, error.code, "test \"\(example.name)\": \(error.detail)", issues: error.issues) }
    }
    return outcomes
  }

  /// A part of a test need not say what it is; a file of its own does.
  private static func with(_ json: JSON, _ format: String) -> JSON {
    guard case .object(let members) = json, json["format"] == nil else { return json }
    return .object([JSON.Member("format", .string(format))] + members)
  }
}

/// Compares a part of a document with the whole.
enum Expectation {
  /// What names the items of a list.
  private static let keys = ["id", "code", "promotion", "coupon", "kind"]

  /// Each difference with its place. Members that are not expected may be anything. Items of a list are found by what names them, and
  /// others may stand beside them; an empty list expects nothing there.
  static func faults(_ expected: JSON, _ got: JSON?, at place: String = "") -> [String] {
    let name = place.isEmpty ? "the answer" : place
    guard let got, got != .null || expected == .null else { return ["\(name): there is none, expected \(expected.compact)"] }
    switch (expected, got) {
    case (.object(let members), .object):
      return members.flatMap { faults($0.value, got[$0.key], at: place.isEmpty ? $0.key : "\(place)/\($0.key)") }
    case (.array(let wanted), .array(let items)):
      if wanted.isEmpty { return items.isEmpty ? [] : ["\(name): \(JSON.array(items).compact), expected nothing"] }
      return wanted.flatMap { item in faults(of: item, among: items, at: place) }
    default:
      return expected == got ? [] : ["\(name): \(got.compact), expected \(expected.compact)"]
    }
  }

  private static func faults(of item: JSON, among items: [JSON], at place: String) -> [String] {
    guard let key = keys.first(where: { item[$0] != nil }), let name = item[key] else {
      return items.contains { faults(item, $0).isEmpty } ? [] : ["\(place): no \(item.compact) among \(JSON.array(items).compact)"]
    }
    let found = items.filter { $0[key] == name }
    let title = if case .string(let text) = name { text } else { name.compact }
    guard let first = found.first else { return ["\(place)/\(title): there is none"] }
    if found.contains(where: { faults(item, $0).isEmpty }) { return [] }
    return faults(item, first, at: "\(place)/\(title)")
  }
}
