import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Fields of members that an account defines, and the dictionaries they choose from.
@Suite struct FieldTests {
  private static func name(_ text: String) -> LocalText { LocalText(ru: text, en: text) }

  private static let fields = [
    MemberFieldDetails(code: "size", name: name("Размер"), kind: .one(of: "sizes")),
    MemberFieldDetails(code: "hobbies", name: name("Увлечения"), kind: .several(of: "hobbies", atMost: 2)),
    MemberFieldDetails(code: "children", name: name("Детей"), kind: .number(atLeast: 0, atMost: 20)),
    MemberFieldDetails(code: "nick", name: name("Прозвище"), kind: .text(5), isPersonal: true),
    MemberFieldDetails(code: "since", name: name("С какого дня"), kind: .day),
    MemberFieldDetails(code: "vip", name: name("Важный"), kind: .flag),
  ]

  private static func on(_ kind: TestDatabase, _ body: @Sendable (Ground, Members) async throws -> Void) async throws {
    try await Ground.on(kind) { ground in
      let (account, change) = (ground.account, ground.change())
      try await ground.write { tx in
        let dictionaries = Dictionaries(of: account)
        try dictionaries.save(
          ["sizes", "hobbies"].map { DictionaryDetails(code: $0, name: name($0)) }, by: change, in: &tx)
        try dictionaries.save(
          [("S", "Маленький"), ("L", "Большой"), ("XL", "Огромный")].enumerated().map {
            DictionaryValue(code: $1.0, name: LocalText(ru: $1.1, en: "Size \($1.0)"), rank: $0)
          }, of: "sizes", by: change, in: &tx)
        try dictionaries.save(
          ["fishing", "baking", "chess"].map { DictionaryValue(code: $0, name: name($0)) }, of: "hobbies", by: change, in: &tx)
        _ = try FieldBook(of: account).save(fields, by: change, in: &tx)
      }
      try await body(ground, Members(of: account, programme: ground.programme))
    }
  }

  private static func details(_ number: Int, _ attributes: [String: AttributeValue]) -> MemberDetails {
    MemberDetails(code: "f\(number)", person: Person(attributes: Attributes(attributes)), joinedAt: Ground.start)
  }

  @Test(arguments: TestDatabase.available) func `what is no field's is refused at its place, by till and by form alike`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { ground, members in
      let bad: [(String, AttributeValue, String)] = [
        ("size", .text("M"), "not_in_dictionary"), ("size", .number(3), "wrong_kind"),
        ("hobbies", .list(["fishing", "baking", "chess"]), "too_many"), ("hobbies", .list(["opera"]), "not_in_dictionary"),
        ("children", .number(21), "out_of_range"), ("children", .number(-1), "out_of_range"),
        ("children", .text("2"), "wrong_kind"),
        ("nick", .text("Annushka"), "too_long"), ("since", .text("yesterday"), "wrong_kind"), ("vip", .text("yes"), "wrong_kind"),
      ]
      let anna = try await ground.write { tx in try members.join(Self.details(1, [:]), by: ground.change(), in: &tx) }
      for (code, value, why) in bad {
        let joining = try #require(
          try await ground.refusal { tx in try members.join(Self.details(2, [code: value]), by: ground.change(), in: &tx) })
        #expect(
          joining.issues.map(\.code) == [why] && joining.issues[0].pointer.hasSuffix("/attributes/\(code)"), "\(code) \(value)")
        let setting = try #require(
          try await ground.refusal { tx in try members.set([code: value], of: anna, by: ground.change(), in: &tx) })
        #expect(setting.issues.map(\.code) == [why] && setting.issues[0].pointer == "/attributes/\(code)")
        let person = Person(attributes: Attributes([code: value]))
        let changing = try #require(
          try await ground.refusal { tx in
            try members.change(anna, kind: .person, person: person, by: ground.change(), in: &tx)
          })
        #expect(changing.issues.map(\.code) == [why])
      }
      let good: [String: AttributeValue?] = [
        "size": .text("XL"), "hobbies": .list(["fishing", "baking"]), "children": .number(20), "nick": .text("Анюта"),
        "since": .day(CivilDay(number: 20_000)), "vip": .flag(true), "free": .text("nobody defined it"),
      ]
      let set = try await ground.write { tx in try members.set(good, of: anna, by: ground.change(), in: &tx) }
      #expect(set["hobbies"] == .list(["baking", "fishing"]) || set["hobbies"] == .list(["fishing", "baking"]))
      let again = try await ground.write { tx in try members.set(good, of: anna, by: ground.change(), in: &tx) }
      #expect(again == set)
      #expect(try await ground.read { tx in try members.member(anna, in: &tx).person?.attributes } == set)
      let taken = try await ground.write { tx in
        try members.set(["size": nil, "free": nil] as [String: AttributeValue?], of: anna, by: ground.change(), in: &tx)
      }
      #expect(taken["size"] == nil && taken["free"] == nil && taken["vip"] == .flag(true))
    }
  }

  @Test(arguments: TestDatabase.available) func `the trail says from what to what, of personal ones that they changed, and forgets`(
    on kind: TestDatabase
  ) async throws {
    try await Self.on(kind) { ground, members in
      let anna = try await ground.write { tx in
        try members.join(Self.details(1, ["size": .text("S")]), by: ground.change(), in: &tx)
      }
      try await ground.write { tx in
        _ = try members.set(
          ["size": .text("L"), "nick": .text("Аня"), "free": .text("x")], of: anna, by: ground.change(60), in: &tx)
      }
      func told() async throws -> [String] {
        try await ground.read { tx in
          try AuditTrail(of: ground.account).entries(of: anna, acts: ["attribute.changed"], limit: 20, in: &tx)
            .map { "\($0.before?.compact ?? "") \($0.after?.compact ?? "")" }.sorted()
        }
      }
      #expect(
        try await told() == [
          #"{"field":"nick"} {"field":"nick"}"#, #"{"field":"size","value":"S"} {"field":"size","value":"L"}"#,
          #"{"field":"size"} {"field":"size","value":"S"}"#,
        ])
      try await ground.write { tx in try members.erase(anna, by: ground.change(120), in: &tx) }
      let left = try await told().joined()
      #expect(!left.contains("value"))
    }
  }

  @Test(arguments: TestDatabase.available) func `files say texts and names, and each bad row by itself`(on kind: TestDatabase)
    async throws
  {
    try await Self.on(kind) { ground, members in
      let row = Self.details(
        1,
        [
          "size": .text("огромный"), "hobbies": .text("chess; Fishing"), "children": .text("2"), "since": .text("5.11.2026"),
          "vip": .text("да"), "nick": .text(""), "other": .text("7"),
        ])
      let saved = try await ground.write { tx in try members.save([row], by: ground.change(), in: &tx) }
      let anna = saved.ids[0]
      let known = try await ground.read { tx in try members.member(anna, in: &tx).person?.attributes }
      #expect(
        known?.values == [
          "size": .text("XL"), "hobbies": .list(["chess", "fishing"]), "children": .number(2),
          "since": .day(try #require(CivilDay("2026-11-05"))), "vip": .flag(true), "other": .text("7"),
        ])
      #expect(try await ground.write { tx in try members.save([row], by: ground.change(), in: &tx) }.unchanged == 1)
      let mixed = [
        Self.details(2, ["children": .text("two")]), Self.details(3, ["size": .text("S")]), Self.details(4, ["size": .text("Z")]),
      ]
      let refusal = try #require(
        try await ground.refusal { tx in try members.save(mixed, by: ground.change(), in: &tx) })
      #expect(refusal.issues.map(\.pointer) == ["/0/person/attributes/children", "/2/person/attributes/size"])
    }
  }

  @Test(arguments: TestDatabase.available) func `what is archived stays where it is and is chosen no more`(on kind: TestDatabase)
    async throws
  {
    try await Self.on(kind) { ground, members in
      let (account, book) = (ground.account, FieldBook(of: ground.account))
      let anna = try await ground.write { tx in
        try members.join(Self.details(1, ["size": .text("S"), "vip": .flag(true)]), by: ground.change(), in: &tx)
      }
      try await ground.write { tx in
        try Dictionaries(of: account).save(
          [DictionaryValue(code: "S", name: Self.name("S"), isArchived: true)], of: "sizes", by: ground.change(), in: &tx)
        try book.setArchived(true, "vip", by: ground.change(), in: &tx)
      }
      // Whatever else is said of her, what she has stays.
      try await ground.write { tx in _ = try members.set(["children": .number(1)], of: anna, by: ground.change(), in: &tx) }
      let kept = try await ground.read { tx in try members.member(anna, in: &tx).person?.attributes }
      #expect(kept?["size"] == .text("S") && kept?["vip"] == .flag(true))
      for (code, value, why) in [("size", AttributeValue.text("S"), "value_archived"), ("vip", .flag(true), "attribute_archived")] {
        let refusal = try #require(
          try await ground.refusal { tx in try members.join(Self.details(2, [code: value]), by: ground.change(), in: &tx) })
        #expect(refusal.issues.map(\.code) == [why])
      }
      try await ground.write { tx in try book.setOnlyDefined(true, by: ground.change(), in: &tx) }
      let free = try #require(
        try await ground.refusal { tx in try members.set(["free": .text("x")], of: anna, by: ground.change(), in: &tx) })
      #expect(free.issues.map(\.code) == ["undefined_attribute"])
    }
  }

  @Test(arguments: TestDatabase.available) func `a field keeps its kind, and the same again changes nothing`(on kind: TestDatabase)
    async throws
  {
    try await Self.on(kind) { ground, _ in
      let book = FieldBook(of: ground.account)
      #expect(
        try await ground.write { tx in try book.save(Self.fields, by: ground.change(), in: &tx) }.unchanged == Self.fields.count)
      let other = MemberFieldDetails(code: "size", name: Self.name("Размер"), kind: .text(10))
      #expect(
        try await ground.refusal { tx in try book.save([other], by: ground.change(), in: &tx) }?.code == "member_field_kind_fixed")
      let lost = MemberFieldDetails(code: "lost", name: Self.name("x"), kind: .one(of: "nothing"))
      #expect(try await ground.refusal { tx in try book.save([lost], by: ground.change(), in: &tx) }?.code == "dictionary_unknown")
      let odd = MemberFieldDetails(code: "a:b", name: Self.name("x"), kind: .flag)
      #expect(try await ground.refusal { tx in try book.save([odd], by: ground.change(), in: &tx) } != nil)
      let known = try await ground.read { tx in try book.shelf(in: &tx).map(\.field.details) }
      #expect(Set(known) == Set(Self.fields))
      let values = (0...Limits.dictionaryValues).map { DictionaryValue(code: "v\($0)", name: Self.name("v")) }
      let many = try #require(
        try await ground.refusal { tx in
          try Dictionaries(of: ground.account).save(values, of: "hobbies", by: ground.change(), in: &tx)
        })
      #expect(many.code == "too_many_dictionary_values")
    }
  }

  @Test func `of several values any one is enough`() {
    let value = AttributeValue.list(["chess", "fishing"])
    #expect(Comparison.isOneOf([.text("opera"), .text("chess")]).holds(for: value))
    #expect(!Comparison.isOneOf([.text("opera")]).holds(for: value))
    #expect(!Comparison.isNoneOf([.text("fishing")]).holds(for: value) && Comparison.isNoneOf([.text("opera")]).holds(for: value))
    #expect(Comparison.isNoneOf([.text("opera")]).holds(for: nil) && !Comparison.isOneOf([.text("opera")]).holds(for: nil))
    #expect(Comparison.isPresent(true).holds(for: value))
  }
}
