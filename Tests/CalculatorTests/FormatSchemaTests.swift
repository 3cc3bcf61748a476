import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// The JSON Schemas of `docs/formats` and the readers describe the same documents: neither knows a member that the other does not.
@Suite struct FormatSchemaTests {
  static let names = ["rules", "basket", "member", "calculation", "shadow", "segment"].map { $0 + ".schema.json" }

  private static let files = Result {
    Dictionary(uniqueKeysWithValues: try names.map { ($0, try JSON.parse(try Repository.text("docs/formats/\($0)"))) })
  }

  private func schemas() throws -> JSONSchema { JSONSchema(try Self.files.get()) }

  @Test func `every worked example is valid by the schemas`() throws {
    let schema = try schemas()
    for example in try Example.all() {
      for part in ["rules", "basket", "member", "calculation"] {
        let path = "docs/examples/\(example.name)/\(part).json"
        guard Repository.exists(path) else { continue }
        #expect(schema.faults(try JSON.parse(try Repository.text(path)), file: part + ".schema.json") == [], "\(path)")
      }
    }
  }

  @Test func `every line of the example log of another system is valid by its schema, and uses all of it`() throws {
    let schema = try schemas()
    for line in try Repository.text("examples/shadow/receipts.jsonl").split(separator: "\n") {
      #expect(schema.faults(try JSON.parse(String(line)), file: "shadow.schema.json") == [], "\(line.prefix(20))")
    }
    #expect(schema.described(in: "shadow.schema.json").subtracting(schema.used).sorted() == [])
  }

  @Test func `a segment that asks every question is valid by its schema, and uses all of it`() throws {
    let schema = try schemas()
    let segment = try JSON.parse(try Repository.text("examples/segments/every-question.json"))
    #expect(schema.faults(segment, file: "segment.schema.json") == [])
    #expect(schema.described(in: "segment.schema.json").subtracting(schema.used).sorted() == [])
    #expect(schema.choices(in: "segment.schema.json").contains { $0.hasSuffix("=averageReceipt") })
  }

  @Test func `every rule that can be written is described, and every described member can be written`() throws {
    let schema = try schemas()
    for seed in seeds(1_000) {
      var random = RandomRules(seed: seed)
      let file = random.file()
      #expect(schema.faults(file.json(names: random.names), file: "rules.schema.json") == [], "seed \(seed)")
    }
    #expect(schema.described(in: "rules.schema.json").subtracting(schema.used).sorted() == [])
  }

  @Test func `every member of a basket and of a member document is described and read`() throws {
    let schema = try schemas()
    let (rules, basket, member) = (try FullDocuments.rules(), try FullDocuments.json("basket"), try FullDocuments.json("member"))
    #expect(schema.faults(basket, file: "basket.schema.json") == [])
    #expect(schema.faults(member, file: "member.schema.json") == [])
    #expect(FullDocuments.issues(basket: basket, rules) == [])
    #expect(FullDocuments.issues(member: member, rules) == [])
    for file in ["basket.schema.json", "member.schema.json"] {
      #expect(schema.described(in: file).subtracting(schema.used).sorted() == [], "\(file)")
    }
  }

  @Test func `a member that a schema does not know is unknown to the reader, and the other way round`() throws {
    let rules = try FullDocuments.rules()
    func agree(_ document: JSON, _ file: String, _ read: (JSON) -> [Kernel.Issue]) throws {
      for (pointer, strange) in document.withStrangers {
        let schema = try schemas()
        _ = schema.faults(strange, file: file)
        #expect(known(at: pointer, read(strange)) == schema.strangers[pointer], "\(file) at \(pointer)")
      }
    }
    try agree(try FullDocuments.json("basket"), "basket.schema.json") { FullDocuments.issues(basket: $0, rules) }
    try agree(try FullDocuments.json("member"), "member.schema.json") { FullDocuments.issues(member: $0, rules) }
    for seed in seeds(8) {
      var random = RandomRules(seed: seed)
      try agree(random.file().json(names: random.names), "rules.schema.json") { FullDocuments.issues(rules: $0) }
    }
  }

  /// The members that a refusal at this place lists; nil where the stranger was welcome.
  private func known(at pointer: String, _ issues: [Kernel.Issue]) -> [String]? {
    let stranger = issues.first { $0.pointer == pointer + "/zzz" && $0.code == "unknown_member" }
    let issue = stranger ?? issues.first { $0.pointer == pointer && $0.code == "not_one_case" }
    guard let issue else { return nil }
    let list = issue.message.firstRange(of: "known are ") ?? issue.message.firstRange(of: "exactly one member: ")
    return list.map { issue.message[$0.upperBound...].split(separator: ", ").map(String.init).sorted() }
  }

  @Test func `every calculation that can be written is described, and every described member can be written`() throws {
    let schema = try schemas()
    for seed in UInt64(1)...400 {
      var shop = RandomShop(seed: seed)
      let rules = shop.rules()
      let answer = calculate(
        shop.basket(), member: shop.member(), rules: rules, scope: CalculationScope(explainsAll: seed % 2 == 0))
      let json = CalculationForm(rules: rules).json(answer)
      #expect(schema.faults(json, file: "calculation.schema.json") == [], "seed \(seed)")
    }
    let (rules, every) = try FullDocuments.calculation()
    #expect(schema.faults(CalculationForm(rules: rules).json(every), file: "calculation.schema.json") == [])
    #expect(schema.described(in: "calculation.schema.json").subtracting(schema.used).sorted() == [])
  }
}
