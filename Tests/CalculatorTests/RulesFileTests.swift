import Calculator
import Conditions
import Kernel
import TestKit
import Testing

@Suite struct RulesFileTests {
  @Test(arguments: seeds(200)) func `rules that are written and read again are the same rules`(seed: UInt64) throws {
    var random = RandomRules(seed: seed)
    let file = random.file()
    let text = file.json(names: random.names).pretty
    var names = random.names
    let again = try RulesFile(try JSON.parse(text), names: &names)
    #expect(again == file, "seed \(seed)")
    #expect(again.json(names: names).pretty == text, "seed \(seed)")
    #expect(again.book().promotions.count == file.promotions.count, "seed \(seed)")
  }

  @Test(arguments: seeds(100)) func `a promotion alone is read back by the same reader`(seed: UInt64) throws {
    var random = RandomRules(seed: seed)
    let file = random.file()
    let amounts = AmountForm(file.terms)
    for promotion in file.promotions {
      let issues = IssueList()
      let json = RuleWriter(names: random.names, amounts: amounts).promotion(promotion)
      var reader = RuleReader(names: random.names, terms: file.terms)
      var alone = promotion
      alone.reach = .everywhere
      #expect(reader.promotion(JSONNode(json, issues: issues), id: promotion.id) == alone, "seed \(seed)")
      #expect(issues.isEmpty, "seed \(seed): \(issues.issues)")
    }
  }

  @Test func `promotions of a file are numbered in the order of the file`() throws {
    var names: any Names = InternedNames()
    let promotions = ["zebra", "aardvark", "mole"].map {
      #"{"code":"\#($0)","name":{"ru":"а","en":"a"},"benefit":{"percent":"5"}}"#
    }
    let json = try JSON.parse(#"{"format":"regulars.rules/1","promotions":[\#(promotions.joined(separator: ","))]}"#)
    let file = try RulesFile(json, names: &names)
    #expect(file.book().promotions.map(\.code) == ["zebra", "aardvark", "mole"])
    #expect(names.id(.promotion, "mole") == file.promotions[2].id.raw)
  }

  @Test func `percents, points and money are read exactly and refused with too many digits`() throws {
    let file = try read(
      #"{"percent":"7.5"}"#, programme: #"{"currency":"RUB","pointsScale":2,"spending":{"step":"0.50","leastMoney":"12.34"}}"#)
    #expect(file.promotions[0].benefit == .percent(Rate(ppm: 75_000), of: .reduced))
    #expect(file.terms.spending.step == Points(units: 50))
    #expect(file.terms.spending.leastMoney == Money(minor: 1234))
    #expect(refusals(#"{"percent":"7.50001"}"#) == ["/promotions/0/benefit/percent not_a_decimal"])
    #expect(refusals(#"{"percent":7.5}"#) == ["/promotions/0/benefit/percent not_a_decimal"])
    #expect(refusals(#"{"fixedPrice":"1.999"}"#) == ["/promotions/0/benefit/fixedPrice not_a_decimal"])
  }

  @Test(arguments: [
    (#"{"percent":"100.0001"}"#, "/percent out_of_range"),
    (#"{"percent":"0"}"#, "/percent out_of_range"),
    (#"{"percent":"5","amount":"1.00"}"#, " not_one_case"),
    (#"{"amount":"1.00","of":"regular"}"#, "/of unknown_member"),
    (#"{"precent":"5"}"#, "/precent unknown_member; not_one_case"),
    (#"{"freeUnits":{"buy":0,"free":1}}"#, "/freeUnits/buy out_of_range"),
    (#"{"freeUnits":{"buy":2}}"#, "/freeUnits/free missing"),
    (#"{"earn":{"rate":"5","perStep":"10.00"}}"#, "/earn/perStep unknown_member"),
    (#"{"earn":{"points":"1","perStep":"0.00"}}"#, "/earn/perStep out_of_range"),
    (#"{"earn":{"multiplier":"1"}}"#, "/earn/multiplier out_of_range"),
    (#"{"earn":{}}"#, "/earn not_one_case"),
  ]) func `a benefit that means nothing is refused at its place`(benefit: String, expected: String) {
    let wanted = expected.split(separator: "; ").map {
      $0.hasPrefix("/") ? "/promotions/0/benefit\($0)" : "/promotions/0/benefit \($0.trimmed)"
    }
    #expect(refusals(benefit) == wanted)
  }

  @Test(arguments: [
    (#"{"all":[],"any":[]}"#, " not_one_case"),
    (#"{"colour":"red"}"#, "/colour unknown_case"),
    (#"{"any":[]}"#, "/any empty"),
    (#"{"none":[{"any":[]}]}"#, "/none/0/any empty"),
    (#"{"amount":{}}"#, "/amount no_bounds"),
    (#"{"amount":{"atLeast":"9.00","atMost":"8.99"}}"#, "/amount bounds_crossed"),
    (#"{"amount":{"of":{"categories":[]},"atLeast":"9.00"}}"#, "/amount/of/categories empty"),
    (#"{"weekdays":["monday"]}"#, "/weekdays/0 unknown_word"),
    (#"{"hours":{"from":"09:00","until":"09:00"}}"#, "/hours empty_window"),
    (#"{"hours":{"from":"09:00"}}"#, "/hours/until missing"),
    (#"{"days":{"from":"2026-03-02","through":"2026-03-01"}}"#, "/days bounds_crossed"),
    (#"{"firstPurchase":false}"#, "/firstPurchase not_true"),
    (#"{"firstPurchase":{}}"#, "/firstPurchase/of missing"),
    (#"{"firstPurchase":{"of":{"products":["tea"]},"within":"year"}}"#, "/firstPurchase/within unknown_member"),
    (#"{"firstPurchase":{"of":{"none":[{"favourites":true}]}}}"#, "/firstPurchase/of contradiction"),
    (#"{"birthday":{"before":400}}"#, "/birthday/before out_of_range"),
    (#"{"memberAttribute":{"name":"size","is":[1],"present":true}}"#, "/memberAttribute not_one_case"),
    (#"{"coupon":""}"#, "/coupon empty"),
  ]) func `a condition that means nothing is refused at its place`(condition: String, expected: String) {
    let wanted = "/promotions/0/when" + (expected.hasPrefix("/") ? expected : " " + expected.trimmed)
    let programme =
      #"{"favourites":[{"code":"milk","name":{"ru":"Молоко","en":"Milk"},"icon":"🥛","goods":{"categories":["milk"]}}]}"#
    #expect(refusals(#"{"percent":"5"}"#, more: #""when":\#(condition)"#, programme: programme) == [wanted])
  }

  @Test(arguments: [
    (#""from":"2026-01-02T00:00:00Z","until":"2026-01-02T00:00:00Z""#, "/until bounds_crossed"),
    (#""from":"2026-01-02""#, "/from not_an_instant"),
    (#""stage":"earning""#, "/stage wrong_stage"),
    (#""group":"vip""#, "/group unknown_group"),
    (#""limits":{"total":0}"#, "/limits/total out_of_range"),
    (#""limits":{"budgetPoints":"5"}"#, "/limits/budgetPoints wrong_limit"),
    (#""limits":{"pointsPerLine":"5"}"#, "/limits/pointsPerLine wrong_limit"),
    (#""limits":{"pointsPerMemberDay":"5"}"#, "/limits/pointsPerMemberDay wrong_limit"),
    (#""limits":{"moneyPerStore":"0.00"}"#, "/limits/moneyPerStore out_of_range"),
    (#""course":{"activation":"at-once"}"#, "/course wrong_course"),
    (#""funding":[{"payer":"supplier","share":"100"}]"#, "/funding/0/code missing"),
    (#""funding":[{"payer":"retailer","share":"99.9999"}]"#, "/funding shares_do_not_sum"),
    (#""control":{"salt":"s","share":"5"}"#, "/control/since missing"),
    (#""on":{"attributes":["origin"]}"#, "/on/attributes/0 not_an_attribute"),
    (#""priority":1.5"#, "/priority not_an_integer"),
  ]) func `what a rule book would trap on is refused`(member: String, expected: String) {
    #expect(refusals(#"{"percent":"5"}"#, more: member) == ["/promotions/0" + expected])
  }

  @Test func `more questions than a promotion may ask are refused`() {
    let many = Array(repeating: #"{"identified":true}"#, count: Limits.conditions).joined(separator: ",")
    #expect(refusals(#"{"percent":"5"}"#, more: #""when":{"all":[\#(many)]}"#) == ["/promotions/0 too_many"])
  }

  @Test func `everything that is wrong is told at once`() {
    let found = refusals(#"{"percent":"500"}"#, more: #""when":{"tires":["gold"]},"stack":true,"priority":-1"#)
    #expect(
      found == [
        "/promotions/0/stack unknown_member", "/promotions/0/benefit/percent out_of_range", "/promotions/0/priority out_of_range",
        "/promotions/0/when/tires unknown_case",
      ])
  }

  @Test func `two promotions of one code and two groups of one name are refused`() {
    let promotion = #"{"code":"a","name":{"ru":"а","en":"a"},"benefit":{"percent":"5"}}"#
    let group = #"{"name":"g","policy":"all"}"#
    #expect(
      issues(#"{"format":"regulars.rules/1","groups":[\#(group),\#(group)],"promotions":[\#(promotion),\#(promotion)]}"#) == [
        "/groups/1/name repeated", "/promotions/1/code repeated",
      ])
  }

  @Test func `a document of another format is refused`() {
    #expect(issues(#"{"format":"regulars.basket/1"}"#) == ["/format other_format"])
    #expect(issues(#"{}"#) == ["/format missing"])
  }

  @Test(arguments: [
    (#"{}"#, "/course missing"), (#"{"activation":"at once"}"#, "/course/activation not_one_case"),
    (#"{"activation":{"days":0}}"#, "/course/activation/days out_of_range"),
    (#"{"activation":{"on":"tomorrow"}}"#, "/course/activation/on not_a_day"),
    (#"{"life":{"days":30,"through":"month"}}"#, "/course/life not_one_case"),
    (#"{"life":{"through":"week"}}"#, "/course/life/through unknown_word"),
    (#"{"life":{"sliding":9}}"#, "/course/life/sliding unknown_case"),
    (#"{"activation":{"on":"2026-12-02"},"life":{"until":"2026-12-01"}}"#, "/course/life bounds_crossed"),
    (#"{"starts":"at-once"}"#, "/course/starts unknown_member"),
  ]) func `points cannot come and go in a way that says nothing`(course: String, expected: String) {
    let found = refusals(#"{"earn":{"rate":"5"}}"#, more: #""course":\#(course)"#)
    #expect(found == ["/promotions/0" + expected])
  }

  private func document(_ benefit: String, more: String, programme: String) -> String {
    let members =
      [#""code":"one""#, #""name":{"ru":"Акция","en":"Offer"}"#, #""benefit":\#(benefit)"#] + (more.isEmpty ? [] : [more])
    let promotion = "{\(members.joined(separator: ","))}"
    return #"{"format":"regulars.rules/1","programme":\#(programme),"promotions":[\#(promotion)]}"#
  }

  private func read(_ benefit: String, more: String = "", programme: String = "{}") throws -> RulesFile {
    var names: any Names = InternedNames()
    return try RulesFile(try JSON.parse(document(benefit, more: more, programme: programme)), names: &names)
  }

  private func refusals(_ benefit: String, more: String = "", programme: String = "{}") -> [String] {
    issues(document(benefit, more: more, programme: programme))
  }

  /// Pointer and code of every issue; `syntax` where the text is no JSON.
  private func issues(_ text: String) -> [String] {
    var names: any Names = InternedNames()
    do {
      _ = try RulesFile(try JSON.parse(text), names: &names)
      return []
    } catch let problem as Problem {
      return problem.issues.map { "\($0.pointer) \($0.code)" }
    } catch {
      return ["syntax"]
    }
  }
}

extension StringProtocol {
  var trimmed: String { String(drop { $0 == " " }) }
}
