import Customers
import Kernel
import Testing

@Suite struct IdentifierTests {
  static let rules = IdentifierRules(
    country: "7",
    cards: [
      CardRange(first: "2200000000000", last: "2299999999999", check: .ean), CardRange(first: "79990000000", last: "79999999999"),
      CardRange(first: "6390000000000000", last: "6399999999999999", check: .luhn),
    ].compactMap { $0 },
    kinds: [IdentifierKind("app"), IdentifierKind("pass")].compactMap { $0 }.map {
      IdentifierRules.Pattern(kind: $0, prefix: $0 == .app ? "QR" : "P-", length: 6...20)
    })

  static func readings(_ text: String) -> [String] { rules.readings(of: text).map { "\($0.kind) \($0.value)" } }

  @Test(arguments: [
    ("8 (912) 345-67-89", "phone +79123456789"), ("912 345 67 89", "phone +79123456789"),
    ("+44 20 7946 0958", "phone +442079460958"),
    ("  Anna@Example.COM ", "email anna@example.com"), ("2200000000019", "card 2200000000019"),
    ("2200 0000 0001-9", "card 2200000000019"),
    ("6390000000000005", "card 6390000000000005"), ("QR12345678", "app QR12345678"), ("P-0001", "pass P-0001"),
    ("79991234567", "card 79991234567"), ("customer 17", "external customer 17"),
  ])
  func `the type of what was shown is found by itself`(_ text: String, _ first: String) {
    #expect(Self.readings(text).first == first)
  }

  @Test func `a number that could be two things is read as both, a card first`() {
    #expect(Self.readings("79991234567") == ["card 79991234567", "phone +79991234567", "external 79991234567"])
  }

  @Test func `a wrong check digit is no card, whatever else it may be`() {
    #expect(!Self.readings("2200000000018").contains { $0.hasPrefix("card") })
    #expect(!Self.readings("6390000000000007").contains { $0.hasPrefix("card") })
    #expect(Self.readings("2200000000018").last == "external 2200000000018")
  }

  @Test(arguments: ["", "   ", "a\u{0}b", String(repeating: "9", count: 65)])
  func `what cannot be an identifier has no reading`(_ text: String) { #expect(Self.rules.readings(of: text).isEmpty) }

  @Test func `a kind that is named is read as that kind or not at all`() {
    #expect(Self.rules.identifier(.phone, "89123456789")?.value == "+79123456789")
    #expect(Self.rules.identifier(.card, "89123456789") == nil)
    #expect(Self.rules.identifier(.email, "89123456789") == nil)
    #expect(Self.rules.identifier(.external, "89123456789")?.value == "89123456789")
    #expect(IdentifierRules().identifier(.card, "1234 5678")?.value == "12345678")
    #expect(IdentifierKind("pass").flatMap { Self.rules.identifier($0, "QR12345678") } == nil)
  }

  @Test func `typed earns, only what is possessed or verified spends`() {
    #expect(Shown.allCases.filter { $0.strength.maySpend(where: .typed) } == [.scanned, .rotatingCode, .app, .pin, .sms])
    #expect(Shown.allCases.filter { $0.strength.maySpend(where: .verified) } == [.rotatingCode, .app, .pin, .sms])
  }

  @Test func `a masked identifier is too little to use`() throws {
    #expect(try #require(Phone("89123456789").map(Identifier.init)).masked == "+7********89")
    #expect(try #require(Identifier(external: "12345")).masked == "*****")
  }

  @Test func `rules read what they write`() throws {
    let issues = IssueList()
    let again = IdentifierRules(JSONNode(Self.rules.json, issues: issues))
    #expect(again == Self.rules)
    #expect(issues.isEmpty)
  }

  @Test func `every fault of the rules is named at its place`() throws {
    let json = try JSON.parse(
      #"""
      { "country": "0", "cards": [{ "first": "12", "last": "99" }, { "first": "1000", "last": "2000", "check": "crc" }],
        "kinds": [{ "kind": "phone" }, { "kind": "app", "minLength": 9, "maxLength": 8 }], "card": 1 }
      """#)
    let issues = IssueList()
    _ = IdentifierRules(JSONNode(json, issues: issues))
    #expect(
      issues.issues.map { "\($0.pointer) \($0.code)" } == [
        "/card unknown_member", "/country not_a_calling_code", "/cards/0 not_a_range", "/cards/1/check unknown_word",
        "/kinds/0/kind not_a_kind", "/kinds/1/maxLength out_of_range",
      ])
  }
}
