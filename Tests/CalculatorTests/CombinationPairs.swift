import Kernel
import TestKit

/// `docs/examples/combinations/pairs.json`: every condition with every benefit. The promotion that is looked at is called `p`.
struct CombinationPairs: Sendable {
  /// One condition, as it holds and as it fails, with what of the circumstances that takes.
  struct Question: Sendable {
    let name: String
    let holds: JSON
    let fails: JSON
    let reason: String
  }

  /// One benefit: the rules, and what comes of them where nothing stands in the way.
  struct Gift: Sendable {
    let name: String
    let row: JSON
  }

  let questions: [Question]
  let gifts: [Gift]
  private let shop: JSON
  private let table: JSON

  init() throws {
    shop = try CombinationTable.json("shop")
    table = try CombinationTable.json("pairs")
    questions = try (table["conditions"]?.members ?? []).map { member in
      guard let holds = member.value["holds"], let fails = member.value["fails"], let reason = member.value.text("reason") else {
        throw Combination.Oddity("the condition \(member.key) says no holds, fails and reason")
      }
      return Question(name: member.key, holds: holds, fails: fails, reason: reason)
    }
    gifts = (table["benefits"]?.members ?? []).map { Gift(name: $0.key, row: $0.value) }
  }

  var all: [(question: Question, gift: Gift)] { questions.flatMap { question in gifts.map { (question, $0) } } }

  func holding(_ question: Question, _ gift: Gift) throws -> Combination {
    try combination(question, gift, question.holds, expecting: gift.row, "holds")
  }

  func failing(_ question: Question, _ gift: Gift) throws -> Combination {
    try combination(question, gift, question.fails, expecting: table["without"] ?? .null, "fails")
  }

  /// The benefit's rules, with the condition asked of `p`, in the circumstances.
  private func combination(
    _ question: Question, _ gift: Gift, _ circumstances: JSON, expecting: JSON, _ word: String
  ) throws -> Combination {
    let rules = (gift.row["rules"]?.members ?? []).map { member in
      member.key == "p"
        ? JSON.Member("p", .object((member.value.members ?? []).overlaid(.object(["when": circumstances["when"]])))) : member
    }
    var row = (circumstances.members ?? []).filter { $0.key != "when" }
    row.overlay(.object(["goods": table["goods"], "rules": .object(rules)]))
    row += ["pay", "gives", "earns", "rounding"].compactMap { key in expecting[key].map { .init(key, $0) } }
    return try Combination(name: "pairs: \(question.name) × \(gift.name), \(word)", layers: [shop, .object(row)])
  }
}
