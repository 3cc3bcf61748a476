import ArgumentParser
import Calculator
import Conditions
import Kernel

struct Calculate: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Price one basket by rules from files, without a database.",
    discussion: """
      Prints the calculation as JSON. The formats are described in docs/formats, thirty worked examples lie in docs/examples. \
      One of the files may be - for the standard input; files whose names end in .yaml are YAML.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("The rules of the programme.", valueName: "file"))
  var rules: String
  @Option(help: ArgumentHelp("The basket.", valueName: "file"))
  var basket: String
  @Option(help: ArgumentHelp("The member; without one the shopper is unknown.", valueName: "file"))
  var member: String?
  @Flag(help: "Give the reason of every promotion that did nothing, not only of those that the basket touched.")
  var explainAll = false

  func validate() throws {
    if [rules, basket, member].filter({ $0 == "-" }).count > 1 {
      throw ValidationError("only one of the files can be the standard input")
    }
  }

  func run(at desk: Desk) async throws {
    let papers = Papers(rules: rules, basket: basket, member: member)
    try answer(papers.calculation(zones: desk.world.zones, explainsAll: explainAll).pretty)
  }
}

/// The files that one calculation is made of.
public struct Papers: Sendable {
  public let rules: String
  public let basket: String
  public let member: String?

  public init(rules: String, basket: String, member: String? = nil) {
    self.rules = rules
    self.basket = basket
    self.member = member
  }

  /// Reads, calculates and writes the answer as JSON.
  ///
  /// - Throws: `Problem` with the file's name and every issue at its JSON pointer; `FileTrouble`.
  public func calculation(zones: ZoneBook, explainsAll: Bool = false) throws -> JSON {
    var names: any Names = InternedNames()
    let book = try Self.read(rules, atMost: Limits.rulesFile) { json throws(Problem) in try RulesFile(json, names: &names) }.book()
    let asked = try Self.read(basket, atMost: Limits.body) { json throws(Problem) in
      try BasketFile(json, for: book, names: &names, zone: zones.zone(named:))
    }
    let buyer = try member.map { path in
      try Self.read(path, atMost: Limits.body) { json throws(Problem) in try MemberFile(json, for: book, names: &names).member }
    }
    let calculation = calculate(
      asked.basket, member: buyer, rules: book, usage: asked.usage, scope: CalculationScope(explainsAll: explainsAll))
    return CalculationForm(rules: book).json(calculation)
  }

  private static func read<T>(_ path: String, atMost limit: Int, _ parse: (JSON) throws(Problem) -> T) throws -> T {
    let bytes = try readFile(path == "-" ? "/dev/stdin" : path, atMost: limit)
    do {
      return try parse(SetupFile.isYAML(path) ? YAMLText.read(String(decoding: bytes, as: UTF8.self)) : JSON.parse(bytes))
    } catch let syntax as JSON.SyntaxError {
      throw Problem(.invalid, "not_json", "\(path): line \(syntax.line), column \(syntax.column): \(syntax.message)")
    } catch let problem as Problem {
      throw Problem(problem.kind, problem.code, "\(path): \(problem.detail)", issues: problem.issues)
    }
  }
}
