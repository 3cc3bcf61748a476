import Access
import ArgumentParser
import Calculator
import Customers
import Foundation
import Kernel
import Loyalty
import Storage

struct WhatIfVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "whatif", abstract: "Price past receipts by a draft: what it would have cost and changed.",
    discussion: """
      Every receipt of the period is priced twice, by the rules in force and by the same with the promotions of the file; those \
      with the code of a running one stand in its place. Behaviour is held as it was: people bought what they bought. --response is \
      your own assumption of how much more they would buy. Nothing is written; works while tills do.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: OnlyProgramme
  @Option(help: ArgumentHelp("The promotions, as docs/formats/rules.md describes them.", valueName: "file")) var rules: String
  @Option(help: ArgumentHelp("The first day, by the programme's zone.", valueName: "day")) var from: String
  @Option(name: [.long, .customLong("to")], help: ArgumentHelp("The last day.", valueName: "day")) var through: String
  @Option(help: ArgumentHelp("Codes of running promotions to leave out.", valueName: "code")) var without: [String] = []
  @Option(help: ArgumentHelp("Assumed growth of the changed receipts' turnover.", valueName: "percent")) var response: String?
  @Flag(help: "Print the report as JSON.") var json = false

  func run(at desk: Desk) async throws {
    guard let first = CivilDay(from), let last = CivilDay(through), first <= last else {
      throw ValidationError("--from and --through are days such as 2026-11-01, in their order")
    }
    let growth = try response.map { text -> Rate in
      guard let ppm = Decimal.parse(text[...], digits: 4), (0...1_000_000).contains(ppm) else {
        throw ValidationError("--response is a percent from 0 to 100")
      }
      return Rate(ppm: ppm)
    }
    let file = try SetupFile(rules)
    try await desk.withWiring { wiring in
      let known = try await of.programme(wiring)
      let drafts = RuleBookDrafts(of: known, on: wiring.database)
      let (base, draft, names) = try await file.named {
        let both = try await drafts.with(file.json, without: Set(without))
        return (both.base, both.draft, both.names)
      }
      let zone = known.settings.points.zone
      let progress = desk.progress("pricing receipts", unit: "receipts", total: nil)
      let began = Date()
      let (stop, meter) = (desk.stop, progress)
      let report = try await WhatIf(draft, against: base, of: known).run(
        .period(from: zone.instant(first), until: zone.instant(last.adding(days: 1))), on: wiring.database,
        processors: ProcessInfo.processInfo.activeProcessorCount, progress: { meter.reached(Int($0)) },
        isStopping: { stop.isAsked })
      progress.finish()
      let text = WhatIfText(
        report: report, terms: base.terms, response: growth, seconds: Date().timeIntervalSince(began),
        names: names)
      try answer(json ? text.json.pretty : text.text)
      if !report.isWhole { throw ExitCode(Ending.trouble.rawValue) }
    }
  }
}

/// A what-if as text and as JSON.
struct WhatIfText {
  let report: WhatIfReport
  let terms: ProgrammeTerms
  let response: Rate?
  let seconds: Double
  let names: AccountNames

  private var amounts: AmountForm { AmountForm(terms) }
  private func money(_ minor: Int64) -> String { amounts.text(Money(minor: minor)) + " " + terms.currency.code }
  private func share(_ part: Int64, of whole: Int64) -> String {
    whole == 0 ? "–" : Rate(ppm: scaled(part, by: 1_000_000, over: whole, .halfUp) / 100 * 100).percentText + " %"
  }

  var text: String {
    var rows: [[String]] = [
      ["receipts", "\(report.receipts), \(report.withMember) with a member"],
      ["turnover", money(report.turnover.minor)],
      ["changed", "\(report.touched) receipts, \(share(report.touched, of: report.receipts))"],
      ["for the worse", "\(report.worse)"], ["more reductions", money(report.change.discount.minor)],
      ["more points", amounts.text(report.change.points)],
      ["cost", "\(money(report.cost)), \(share(report.cost, of: report.turnover.minor)) of turnover"],
    ]
    if report.remembers { rows.append(["limits, sums, stamps", "counted from receipt to receipt, from the first of the period"]) }
    rows += marginRows
    if let days = report.days { rows.insert(["days", "\(days.lowerBound) – \(days.upperBound)"], at: 0) }
    if let response {
      let more = scaled(report.touchedTurnover.minor, by: response.ppm, over: 1_000_000, .halfUp)
      rows.append(["your assumption", "+\(response.percentText) % on changed receipts: \(money(more)) more turnover"])
    }
    for (tier, sums) in report.byTier.sorted(by: { $0.value.receipts > $1.value.receipts }) {
      let name = tier.map { names.code(.tier, $0.raw) ?? "\($0)" } ?? "no tier"
      rows.append(["tier \(name)", "\(sums.receipts) receipts, \(money(sums.discount.minor)), \(amounts.text(sums.points)) points"])
    }
    for (segment, sums) in report.bySegment.sorted(by: { $0.value.receipts > $1.value.receipts }).prefix(20) {
      let name = names.code(.segment, segment.raw) ?? "\(segment)"
      rows.append([
        "segment \(name)", "\(sums.receipts) receipts, \(money(sums.discount.minor)), \(amounts.text(sums.points)) points",
      ])
    }
    for example in report.largest {
      rows.append([
        "receipt \(example.receipt)",
        "\(money(example.amountNow.minor)) → \(money(example.amountThen.minor)), points \(amounts.text(example.pointsNow)) → \(amounts.text(example.pointsThen))",
      ])
    }
    let rate = seconds > 0 ? Int(Double(report.receipts) / seconds) : 0
    rows.append(["read", "\(rate) receipts a second" + (report.isWhole ? "" : "; stopped before the end")])
    return aligned(rows)
  }

  private var marginRows: [[String]] {
    let margin = report.margin
    guard let known = report.marginKnown, margin.turnover > .zero else {
      return [["margin", "not known: the goods have no cost in the catalogue"]]
    }
    let part = report.costOfMargin.map { ", \(share($0.ppm, of: 1_000_000)) of it" } ?? ""
    return [
      [
        "margin",
        "\(money(margin.before.minor)) → \(money(margin.after.minor))\(part); cost known for \(share(known.ppm, of: 1_000_000)) of turnover",
      ]
    ]
  }

  var json: JSON {
    func sums(_ sums: WhatIfReport.Sums) -> JSON {
      .object(["receipts": .int(sums.receipts), "discount": amounts.json(sums.discount), "points": amounts.json(sums.points)])
    }
    return .object([
      "receipts": .int(report.receipts), "countsFromReceiptToReceipt": .bool(report.remembers),
      "withMember": .int(report.withMember), "turnover": amounts.json(report.turnover),
      "changed": sums(report.change), "changedTurnover": amounts.json(report.touchedTurnover), "worse": .int(report.worse),
      "cost": amounts.json(Money(minor: report.cost)),
      "margin": .object([
        "turnover": amounts.json(report.margin.turnover), "goods": amounts.json(report.margin.goods),
        "before": amounts.json(report.margin.before), "after": amounts.json(report.margin.after),
        "cost": amounts.json(Money(minor: report.margin.change)),
      ]),
      "byTier": .array(
        report.byTier.sorted { $0.value.receipts > $1.value.receipts }.map { tier, value in
          .object(["tier": tier.flatMap { names.code(.tier, $0.raw) }.map(JSON.string), "changed": sums(value)])
        }),
      "bySegment": .array(
        report.bySegment.sorted { $0.value.receipts > $1.value.receipts }.map { segment, value in
          .object(["segment": .string(names.code(.segment, segment.raw) ?? "\(segment)"), "changed": sums(value)])
        }),
      "byDay": .array(
        report.byDay.sorted { $0.key < $1.key }.map { day, value in .object(["day": .string("\(day)"), "changed": sums(value)]) }),
      "largest": .array(
        report.largest.map { example in
          .object([
            "receipt": .string("\(example.receipt)"), "amountNow": amounts.json(example.amountNow),
            "amountThen": amounts.json(example.amountThen), "pointsNow": amounts.json(example.pointsNow),
            "pointsThen": amounts.json(example.pointsThen), "cost": amounts.json(Money(minor: example.cost)),
          ])
        }),
      "isWhole": .bool(report.isWhole),
    ])
  }
}
