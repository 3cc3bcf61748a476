import Calculator
import Foundation
import Kernel
import TestKit
import Testing
import regulars

@Suite struct `regulars shadow` {
  @Test func `a log of our own answers agrees to the last kopeck`() throws {
    for seed in seeds(3) {
      let report = try ShadowLog.report(ShadowLog.lines(200, by: ShadowLog.rules(), seed: seed).map(\.compact))
      #expect(report.receipts == 200 && report.agreeing == 200 && report.isClean && report.search?.proposed == nil, "seed \(seed)")
    }
  }

  @Test func `another rounding profile is found, named, and makes the log agree`() throws {
    let profiles = [
      (
        #""rounding": { "percent": "line", "mode": "down" }"#, RoundingProfile.Percent.line, RoundingProfile.Mode.down,
        Rounding.down
      ),
      (#""rounding": { "mode": "shopper" }, "earning": { "mode": "half-up" }"#, .automatic, .shopper, .halfUp),
    ]
    for (terms, percent, mode, earning) in profiles {
      let theirs = try ShadowLog.rules().with(#""promotions": ["#, #""programme": { \#(terms) }, "promotions": ["#)
      let lines = try ShadowLog.lines(300, by: theirs).map(\.compact)
      let report = try ShadowLog.report(lines)
      #expect(report.agreeing < 290, "the profiles differ where it can be seen")
      let proposed = try #require(report.search?.proposed)
      #expect(proposed.mode == mode && proposed.earning == earning && proposed.percent == percent)
      #expect(report.search?.before == report.agreeing && report.search?.after == 300)
      let rounding = try #require(report.classes[.rounding])
      #expect(rounding.receipts == 300 - report.agreeing && rounding.proven == rounding.receipts && report.classes.count == 1)
      #expect(try ShadowLog.report(lines, rounding: .auto).agreeing == 300, "converges")
    }
  }

  @Test func `a changed rate is a rule, and the rate is named`() throws {
    for listed in [true, false] {
      let theirs = try ShadowLog.rules().with(#""percent": "7""#, #""percent": "9""#)
      let report = try ShadowLog.report(ShadowLog.lines(200, by: theirs, listsPromotions: listed).map(\.compact))
      let rule = try #require(report.classes[.rule])
      #expect(rule.receipts > 20 && report.classes.count == 1, "\(report.classes)")
      #expect(rule.proven * 10 >= rule.receipts * 9, "\(rule) \(report.causes)")
      let causes = report.causes.max { $0.value < $1.value }
      #expect(causes?.key == .rate("tea-week", ours: "7 %", theirs: "9 %"))
      // They give more; where that takes a receipt below the thousand, they give less all in all.
      #expect(rule.amount < .zero && rule.amountApart >= .zero - rule.amount)
    }
    let earning = try ShadowLog.rules().with(#""rate": "5""#, #""rate": "6""#)
    let report = try ShadowLog.report(ShadowLog.lines(200, by: earning).map(\.compact))
    #expect(report.causes[.rate("back", ours: "5 %", theirs: "6 %")] ?? 0 > 100 && report.classes[.rule]?.earned ?? .zero > .zero)
  }

  @Test func `a promotion that only one side applies is a rule`() throws {
    let rules = try ShadowLog.rules()
    let less = try rules.with(#""amount": { "atLeast": "1000.00" }"#, #""amount": { "atLeast": "900000.00" }"#)
    let ours = try ShadowLog.report(ShadowLog.lines(200, by: less).map(\.compact))
    #expect(ours.causes.keys.contains(.onlyOurs(["thousand"])) && ours.classes.count == 1 && ours.classes[.rule]?.proven ?? 0 > 20)
    let more = try rules.with(#""amount": { "atLeast": "1000.00" }"#, #""amount": { "atLeast": "500.00" }"#)
    let theirs = try ShadowLog.report(ShadowLog.lines(200, by: more).map(\.compact))
    #expect(theirs.causes.keys.contains(.onlyTheirs(["thousand"])) && theirs.classes.count == 1)
    #expect(theirs.effects["thousand"]?.theirs ?? 0 > theirs.effects["thousand"]?.ours ?? 0)
  }

  @Test func `a percent of another base, or another order, is the order`() throws {
    let rules = try ShadowLog.rules()
    let regular = try rules.with(#""percent": "12.5""#, #""percent": "12.5", "of": "regular""#)
    let based = try ShadowLog.report(ShadowLog.lines(200, by: regular).map(\.compact))
    let order = try #require(based.classes[.order])
    #expect(
      order.receipts > 10 && order.proven == order.receipts && based.causes.keys.contains(.basis(.regular)), "\(based.causes)")
    let fixed = try rules.with(
      #""benefit": { "amount": "70.00" }"#, #""stage": "line", "priority": 30, "benefit": { "amount": "70.00" }"#)
    let first = try fixed.with(#""priority": 30"#, #""priority": 5"#)
    let run = ShadowRun(try ShadowReader(rules: JSON.parse(fixed), zones: ShadowLog.zones))
    for (number, line) in try ShadowLog.lines(200, by: first).enumerated() { run.take(Array(line.compact.utf8), line: number + 1) }
    run.finish()
    let swapped = try #require(run.report.classes[.order])
    #expect(swapped.receipts > 10 && swapped.proven == swapped.receipts, "\(run.report.causes)")
  }

  @Test func `facts that the two sides do not share are data`() throws {
    let lines = try ShadowLog.lines(60, by: ShadowLog.rules())
    let all: Set<String> = ["ceylon", "sencha", "baguette", "croissant", "kefir", "cheddar", "soap"]
    let unknown = try ShadowLog.report(lines.map(\.compact), products: all)
    #expect(Array(unknown.classes.keys) == [.data] && unknown.causes[.unknownProduct("apples")] == unknown.classes[.data]?.receipts)
    func change(_ old: String, _ new: String) -> [ShadowVerdict.Cause] {
      let changed = lines.map { $0.compact.replacingOccurrences(of: old, with: new) }
      return ((try? ShadowLog.report(changed))?.causes.keys).map { Array($0) } ?? []
    }
    #expect(change(#""price":"154.49""#, #""price":"155.49""#).allSatisfy { if case .shelf = $0 { true } else { false } })
    #expect(change(#""member":{"#, #""zzz":{"#).isEmpty, "an unknown member is not read")
    let nobody = lines.filter { $0["member"] != nil }.map { line -> String in
      guard case .object(let members) = line else { return "" }
      return JSON.object(members.filter { $0.key != "member" }).compact
    }
    #expect(try ShadowLog.report(nobody).causes[.noMember] ?? 0 > 20)
  }

  @Test func `lines that cannot be read are counted and named`() throws {
    let good = try ShadowLog.lines(2, by: ShadowLog.rules()).map(\.compact)
    let bad = try good[0].with(#""lines":[{"id":"1","product""#, #""lines":[{"id":"1","produce""#)
    let report = try ShadowLog.report([good[0], "{ oops", bad, "[]", good[1], try good[1].with(#""totals""#, #""total""#)])
    #expect(report.lines == 6 && report.receipts == 2 && report.agreeing == 2 && report.malformedCount == 4 && !report.isClean)
    #expect(report.malformed.map(\.line) == [2, 3, 4, 6])
    #expect(
      report.malformed[1].pointer.hasPrefix("/basket/lines/0/produc") && report.malformed[3].pointer.hasPrefix("/answer/total"))
  }

  @Test func `the report shows both sides and our way, in both languages and as Markdown, HTML and JSON`() throws {
    let theirs = try ShadowLog.rules().with(#""percent": "7""#, #""percent": "9""#)
    let report = try ShadowLog.report(ShadowLog.lines(60, by: theirs).map(\.compact), examples: 2)
    #expect(report.examples.count == 1, "one class, and its part of two")
    let terms = try ShadowReader(rules: JSON.parse(ShadowLog.rules()), zones: ShadowLog.zones).rules.terms
    let (ru, en) = (ShadowText(terms, language: "ru"), ShadowText(terms, language: "en"))
    #expect(en.page(report).terminal.contains("tea-week: 7 % here, 9 % there"))
    #expect(ru.page(report).markdown.contains("tea-week: у нас 7 %, там 9 %") && ru.page(report).markdown.contains("| --- |"))
    #expect(en.page(report).html(language: "en").contains("<td class=\"n\">"))
    #expect(en.page(report).terminal.contains("reduction tea-week"))
    let json = en.json(report)
    #expect(json["classes"] == .array([json["classes"]?.first ?? .null]) && json["examples"]?.first?["class"] == "rule")
  }

  @Test func `the example log runs as its page says`() throws {
    try inTemporaryFolder { folder in
      let files = Repository.root.appending(path: "examples/shadow").path
      let arguments = [
        "shadow", "--log", files + "/receipts.jsonl", "--rules", files + "/rules.json", "--names", files + "/names.txt",
        "--language",
        "en",
      ]
      let first = try Program(folder: folder).run(arguments + ["--write-rules", "proposed.json", "--report", "report.md"])
      #expect(first.code == Ending.trouble.rawValue, "\(first.errors)")
      #expect(first.answer.contains("Receipts: 40.") && first.answer.contains("We propose"), "\(first.answer)")
      for word in ["rounding", "rule", "data"] { #expect(first.answer.contains("\n  \(word) "), "\(word): \(first.answer)") }
      #expect(try String(contentsOfFile: folder + "/report.md", encoding: .utf8).contains("## Rounding profile"))
      var again = arguments
      again[4] = "proposed.json"
      let second = try JSON.parse(try Program(folder: folder).run(again + ["--json"]).answer)
      let third = try JSON.parse(try Program(folder: folder).run(arguments + ["--json", "--rounding", "auto"]).answer)
      #expect(second["agreeing"] == third["agreeing"] && second["search"]?["proposed"] == nil)
      #expect(try Program(folder: folder).run(arguments + ["--limit", "5", "--json"]).answer.contains("\"lines\": 5"))
    }
  }
}

extension JSON {
  fileprivate var first: JSON? { if case .array(let items) = self { items.first } else { nil } }
}
