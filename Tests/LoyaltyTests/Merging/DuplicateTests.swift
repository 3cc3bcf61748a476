import Access
import Conditions
import Customers
import Jobs
import Kernel
import Storage
import TestKit
import Testing

/// Members who may be one person.
@Suite struct DuplicateTests {
  /// Everything that one case says of somebody.
  struct Somebody: Sendable {
    var family: String?
    var given: String?
    var birthday = "1985-03-12"
    var sex: Person.Sex?
    var phone: String?
    var email: String?
    var card: String?
    var code: String?

    func details(_ number: Int) -> MemberDetails {
      let found =
        [phone.flatMap { Phone($0) }.map { Identifier($0) }, email.flatMap { Email($0) }.map { Identifier($0) }]
        + [card.flatMap { IdentifierRules().identifier(.card, $0) }]
      return MemberDetails(
        code: code ?? "c\(number)", identifiers: found.compactMap { $0 },
        person: Person(
          familyName: family, givenName: given, birthday: birthday.isEmpty ? nil : CivilDay(birthday), sex: sex),
        joinedAt: Ground.start)
    }
  }

  /// Joins them and looks. - Returns: scores and reasons of what was found, the likeliest first.
  static func found(_ many: [Somebody], _ ground: Ground) async throws -> [String] {
    let (members, duplicates) = (
      Members(of: ground.account, programme: ground.programme), Duplicates(of: ground.account, programme: ground.programme)
    )
    let ids = try await ground.write { tx in
      try members.save(many.enumerated().map { $0.element.details($0.offset) }, by: ground.change(), in: &tx).ids
    }
    let told = try await ground.told()
    try await ground.write { tx in try DuplicateWork.take(told, of: ground.account, at: Ground.start, in: &tx) }
    let pairs = try await ground.read { tx in try duplicates.open(limit: 10, in: &tx) }
    #expect(
      try await ground.write { tx in try duplicates.look(at: ids, now: Ground.start, in: &tx) } == 0, "the same finds nothing new")
    return pairs.map { "\($0.score) " + $0.reasons.map(\.rawValue).joined(separator: " ") }
  }

  private static let anna = Somebody(family: "Семёнова", given: "Юлия")

  @Test(
    arguments: [
      ([anna, Somebody(family: "Semenova", given: "Yulia")], ["75 birthday name"]),
      ([anna, Somebody(family: "Юлия", given: "Семенова")], ["70 birthday name_swapped"]),
      ([anna, Somebody(family: "Семнеова", given: "Юлия")], ["60 birthday name_similar"]),
      ([anna, Somebody(family: "Семёнова", given: "Юлия", birthday: "1985-03-13")], []),
      ([anna, Somebody(family: "Сидорова", given: "Юлия")], []),
      ([anna, Somebody(family: "Семёнова", given: "Юлия", sex: .female), Somebody(given: "Юлия")], ["75 birthday name"]),
      (
        [Somebody(birthday: "", phone: "+79121234567"), Somebody(birthday: "", code: "8 912 123-45-67")], ["60 phone"]
      ),
      (
        [
          Somebody(family: "Семёнова", given: "Юлия", phone: "+79121234567"),
          Somebody(family: "Ким", given: "Олег", birthday: "1990-01-01", code: "89121234567"),
        ], []
      ),
      (
        [Somebody(birthday: "", email: "julia.s@gmail.com"), Somebody(birthday: "", email: "julias+shop@googlemail.com")],
        ["55 email"]
      ),
      ([Somebody(birthday: "", email: "a@ya.ru"), Somebody(birthday: "", email: "a@yandex.ru")], ["55 email"]),
      ([Somebody(birthday: "", card: "2200000012"), Somebody(birthday: "", code: "002200000012")], ["60 card"]),
      (
        [
          Somebody(family: "Семёнова", given: "Юлия", email: "j@ya.ru"),
          Somebody(family: "Семенова", given: "Юлия", email: "j@yandex.ru"),
        ], ["100 email birthday name"]
      ),
    ] as [([Somebody], [String])])
  func `two cards of one person are found by what they have in common`(many: [Somebody], expected: [String]) async throws {
    try await Ground.on(.sqlite) { ground in
      let found = try await Self.found(many, ground)
      #expect(found == expected)
    }
  }

  @Test(arguments: TestDatabase.available) func `a pair that was dismissed does not come back, and one that changed goes`(
    on kind: TestDatabase
  ) async throws {
    try await Ground.on(kind) { ground in
      let (members, duplicates) = (
        Members(of: ground.account, programme: ground.programme), Duplicates(of: ground.account, programme: ground.programme)
      )
      let three = [Self.anna, Self.anna, Somebody(family: "Семенова", given: "Юлия")]
      #expect(try await Self.found(three, ground).count == 3)
      let pairs = try await ground.read { tx in try duplicates.open(limit: 10, in: &tx) }
      let first = try #require(pairs.first)
      try await ground.write { tx in try duplicates.dismiss(first.second, first.first, by: ground.change(), in: &tx) }
      try await ground.write { tx in try duplicates.dismiss(first.second, first.first, by: ground.change(), in: &tx) }
      let ids = Array(Set(pairs.flatMap { [$0.first, $0.second] })).sorted()
      _ = try await ground.write { tx in try duplicates.look(at: ids, now: Ground.start, in: &tx) }
      #expect(try await ground.read { tx in try duplicates.open(limit: 10, in: &tx) }.count == 2)
      #expect(
        try await ground.read { tx in try duplicates.open(after: pairs[1], limit: 10, in: &tx) }.map(\.second) == [pairs[2].second])
      let trail = try await ground.audit(ground.account)
      #expect(trail.filter { $0.act == "duplicate.dismissed" }.count == 2, "once in each member's trail")
      try await ground.write { tx in try members.erase(ids[0], by: ground.change(), in: &tx) }
      let told = try await ground.told().suffix(1)
      try await ground.write { tx in try DuplicateWork.take(Array(told), of: ground.account, at: Ground.start, in: &tx) }
      #expect(try await ground.read { tx in try duplicates.count(in: &tx) } == 0)
      let unknown = try await ground.refusal { tx in try duplicates.dismiss(ids[1], MemberID(9), by: ground.change(), in: &tx) }
      #expect(unknown?.code == "pair_unknown")
    }
  }

  @Test(arguments: TestDatabase.available) func `what too many share tells nobody apart, and those of before are looked at once`(
    on kind: TestDatabase
  ) async throws {
    try await Ground.on(kind) { ground in
      let (members, duplicates) = (
        Members(of: ground.account, programme: ground.programme), Duplicates(of: ground.account, programme: ground.programme)
      )
      let many = (0..<30).map { _ in Somebody(family: "Кассир", given: "Анна", birthday: "1970-01-01") }
      let rows = (many + [Self.anna, Self.anna]).enumerated().map { $0.element.details($0.offset) }
      _ = try await ground.write { tx in try members.save(rows, by: ground.change(), in: &tx) }
      let more = try await ground.write { tx in
        try DuplicateWork.step(of: ground.account, ground.programme, at: Ground.start, in: &tx)
      }
      #expect(!more)
      let found = try await ground.read { tx in try duplicates.open(limit: 50, in: &tx) }
      #expect(found.count == 1 && found[0].score == 75)
      #expect(try await ground.read { tx in try duplicates.pairs(of: found[0].second, in: &tx) } == found)
      let isDone = try await ground.read { tx in try DuplicateWork.isDone(of: ground.account, ground.programme, in: &tx) }
      #expect(isDone)
    }
  }

  @Test func `a look finds what it asks for by members and keys, however many others there are`() async throws {
    try await Ground.on(.sqlite) { ground in
      let (members, duplicates) = (
        Members(of: ground.account, programme: ground.programme), Duplicates(of: ground.account, programme: ground.programme)
      )
      let steps = try await ground.write { tx -> [String] in
        let ids = try members.save((0..<200).map { Self.anna.details($0) }, by: ground.change(), in: &tx).ids
        let plans = Plans()
        var seen = tx.seen { PlanningConnection($0, plans) }
        _ = try duplicates.look(at: ids, now: Ground.start, in: &seen)
        return plans.steps.map(\.step)
      }
      #expect(steps.count > 5)
      for table in ["member", "identifier", "duplicate_key", "duplicate_pair"] {
        let walks = steps.filter { $0.contains("SCAN \(table)") || $0.contains("\(table) ") && $0.hasSuffix("(programme_id=?)") }
        #expect(walks.isEmpty)
      }
    }
  }
}
