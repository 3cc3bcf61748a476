import Calculator
import Conditions
import Insight
import Kernel
import TestKit
import Testing

@Suite struct `A segment's condition` {
  private static let whole = #"""
    {"all":[{"bought":{"of":{"categories":["coffee"]},"cities":["Казань"],"lastDays":90,"atLeast":2}},{"notBought":{"of":{"categories":["machines"]},"lastDays":365}},{"any":[{"bought":{"lastDays":90,"by":"averageReceipt","atLeast":"900.00"}},{"tiers":["gold"]},{"lastBought":{"from":"2026-01-01","through":"2026-03-31","daysAgo":{"atLeast":30,"atMost":90}}}]},{"sequence":{"first":{"of":{"products":["tea"]},"hours":{"from":18,"through":21}},"then":{"categories":["cake"]},"withinDays":30,"happens":false}},{"none":[{"sex":"male"},{"age":{"atMost":17}},{"cities":["Пермь"]},{"joined":{"daysAgo":{"atMost":30}}},{"random":{"share":"10.0000","salt":"november"}},{"birthday":{"before":3,"after":0}},{"segments":["staff"]}]}]}
    """#

  private static var form: SegmentForm { SegmentForm(names: InternedNames(), terms: ProgrammeTerms()) }

  @Test func `is written as it was read`() throws {
    var names = InternedNames()
    for (kind, codes) in [
      (NameKind.category, ["coffee", "machines", "cake"]), (.tier, ["gold"]), (.product, ["tea"]), (.segment, ["staff"]),
    ] {
      for code in codes { _ = names.id(kind, code) }
    }
    var form = SegmentForm(names: names, terms: ProgrammeTerms())
    let condition = try form.condition(JSON.parse(Self.whole))
    #expect(form.json(condition).compact == Self.whole)
    #expect(try form.condition(form.json(condition)) == condition)
  }

  /// What is kept only as it is now is told of a day that is past; what follows from receipts, birthdays and chance is not.
  @Test(
    arguments: [
      (#"{"bought":{"atLeast":2}}"#, []), (#"{"bought":{"of":{"products":["tea"]}}}"#, [.goods]), (#"{"age":{"atMost":17}}"#, []),
      (#"{"sex":"male"}"#, [.person]), (#"{"cities":["Пермь"]}"#, [.person]), (#"{"tiers":["gold"]}"#, [.tier]),
      (#"{"rfm":{"recency":[5]}}"#, []), (#"{"points":{"atLeast":"5"}}"#, [.points]),
      (#"{"birthday":{"before":3,"after":0}}"#, []), (#"{"random":{"share":"10.0000","salt":"november"}}"#, []),
      (#"{"any":[{"segments":["staff"]},{"none":[{"cities":["Пермь"]}]},{"sex":"male"}]}"#, [.person, .segments]),
    ] as [(String, [PresentFact])]) func `tells what it asks that no past day knows`(text: String, facts: [PresentFact]) throws
  {
    var names = InternedNames()
    for (kind, code) in [(NameKind.tier, "gold"), (.product, "tea"), (.segment, "staff")] { _ = names.id(kind, code) }
    var form = SegmentForm(names: names, terms: ProgrammeTerms())
    #expect(try form.condition(JSON.parse(text)).presentFacts == facts, "\(text)")
  }

  /// The same file is valid by the schema, which it uses to the last member.
  @Test func `reads and writes every question that its schema describes`() throws {
    var names = InternedNames()
    for (kind, codes) in [
      (NameKind.category, ["coffee", "cake"]), (.product, ["tea"]), (.tier, ["gold"]), (.segment, ["staff"]),
      (.promotion, ["coffee-10"]), (.couponSeries, ["autumn"]),
    ] {
      for code in codes { _ = names.id(kind, code) }
    }
    var form = SegmentForm(names: names, terms: ProgrammeTerms())
    let json = try JSON.parse(try Repository.text("examples/segments/every-question.json"))
    #expect(try form.json(form.condition(json)).compact == json.compact)
  }

  @Test(arguments: [
    (#"{"bougth": {}}"#, ""), (#"{"all": []}"#, "/all"), (#"{"bought": {"lastDays": 0}}"#, "/bought/lastDays"),
    (#"{"bought": {"lastDays": 5, "from": "2026-01-01"}}"#, "/bought/lastDays"),
    (#"{"bought": {"atLeast": 5, "atMost": 2}}"#, "/bought/atMost"),
    (#"{"bought": {"by": "money", "atLeast": 5.123}}"#, "/bought/atLeast"),
    (#"{"did": {"event": "dance"}}"#, "/did/event"), (#"{"did": {"event": "order", "atLeast": 3, "atMost": 2}}"#, "/did/atMost"),
    (#"{"bought": {"channels": ["shop"]}}"#, "/bought/channels/0"), (#"{"bought": {"tenders": []}}"#, "/bought/tenders"),
    (#"{"notBought": {"coupons": []}}"#, "/notBought/coupons"),
    (#"{"lastBought": {"promotions": [1], "daysAgo": {"atMost": 3}}}"#, "/lastBought/promotions/0"),
    (#"{"rfm": {"days": 30}}"#, "/rfm"), (#"{"rfm": {"recency": []}}"#, "/rfm/recency"),
    (#"{"rfm": {"frequency": [0]}}"#, "/rfm/frequency/0"),
    (#"{"points": {"atLeast": "5", "atMost": "2"}}"#, "/points/atMost"), (#"{"points": {"atLeast": 5}}"#, "/points/atLeast"),
    (#"{"points": {"endingWithinDays": -1}}"#, "/points/endingWithinDays"),
    (#"{"identifiers": {"kinds": []}}"#, "/identifiers/kinds"), (#"{"identifiers": {"kinds": ["fax"]}}"#, "/identifiers/kinds/0"),
    (#"{"coupons": {"atLeast": 2, "atMost": 1}}"#, "/coupons/atMost"), (#"{"coupons": {"series": "x"}}"#, "/coupons/series"),
    (#"{"coupons": {"endingWithinDays": -1}}"#, "/coupons/endingWithinDays"), (#"{"offers": {"used": true}}"#, "/offers/used"),
    (#"{"consented": {"daysAgo": {"atLeast": 1}}}"#, "/consented/consents"),
    (#"{"consented": {"consents": ["sms"]}}"#, "/consented/consents/0"), (#"{"privileges": []}"#, "/privileges"),
    (#"{"age": {}}"#, "/age"), (#"{"all": [{"sex": "cat"}]}"#, "/all/0/sex"),
    (#"{"bought": {"from": "2026-02-01", "through": "2026-01-01"}}"#, "/bought/through"),
  ]) func `that nobody can read is refused with its place`(text: String, pointer: String) throws {
    let json = try JSON.parse(text)
    var form = Self.form
    let refused = #expect(throws: Problem.self) { try form.condition(json) }
    #expect(refused?.issues.map(\.pointer).contains(pointer) == true, "\(refused?.issues ?? [])")
  }
}
