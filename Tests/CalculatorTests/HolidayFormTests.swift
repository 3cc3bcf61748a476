import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// Holidays among a programme's terms: bare days, and days with names.
@Suite struct `Holidays in a file` {
  private static func read(_ text: String) throws -> (terms: ProgrammeTerms, issues: [Kernel.Issue]) {
    let issues = IssueList()
    var reader = RuleReader(names: InternedNames())
    let terms = reader.terms(JSONNode(try JSON.parse(#"{"holidays":\#(text)}"#), issues: issues))
    return (terms, issues.issues)
  }

  @Test func `stand in the order of their days, with the names that some have`() throws {
    let text = #"["2027-05-09",{"day":"2027-05-02","name":" Светлая  Пасха "},"2027-05-02","2027-01-01"]"#
    let (terms, issues) = try Self.read(text)
    #expect(issues.isEmpty)
    #expect(terms.holidays.map { "\($0)" } == ["2027-01-01", "2027-05-02", "2027-05-09"])
    #expect(terms.holidayNames.map { "\($0.key) \($0.value)" } == ["2027-05-02 Светлая Пасха"])
    let written = RuleWriter(names: InternedNames(), amounts: AmountForm(terms)).terms(terms)
    #expect(written["holidays"]?.compact == #"["2027-01-01",{"day":"2027-05-02","name":"Светлая Пасха"},"2027-05-09"]"#)
    // Promotions ask of days, named or not.
    #expect(Condition.holidays(before: 1, after: 0).holds(on: terms.holidays[1].adding(days: -1), holidays: terms.holidays) == true)
  }

  @Test func `stay as they were where none has a name`() throws {
    let text = #"["2027-01-01","2027-05-09"]"#
    let (terms, issues) = try Self.read(text)
    #expect(issues.isEmpty && terms.holidayNames.isEmpty)
    let written = RuleWriter(names: InternedNames(), amounts: AmountForm(terms)).terms(terms)
    #expect(written["holidays"]?.compact == text)
  }

  @Test(arguments: [
    (#"["tomorrow"]"#, "/holidays/0", "not_a_day"), (#"[{"day":"2027-02-30","name":"x"}]"#, "/holidays/0/day", "not_a_day"),
    (#"[{"day":"2027-05-02"}]"#, "/holidays/0/name", "missing"), (#"[{"name":"x"}]"#, "/holidays/0/day", "missing"),
    (#"[{"day":"2027-05-02","name":"  "}]"#, "/holidays/0/name", "empty"),
    (#"[{"day":"2027-05-02","name":"a"},{"day":"2027-05-02","name":"b"}]"#, "/holidays/1/name", "two_names"),
    (#"[{"day":"2027-05-02","name":"a","year":1}]"#, "/holidays/0/year", "unknown_member"),
  ]) func `that nobody can read are refused with their place`(text: String, pointer: String, code: String) throws {
    let issues = try Self.read(text).issues
    #expect(issues.contains { $0.pointer == pointer && $0.code == code }, "\(text): \(issues)")
  }
}
