import ArgumentParser
import Calculator
import Cube
import Insight
import Kernel
import Loyalty
import Storage

/// What the control group says.
struct EffectVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "effect", abstract: "What the programme, or one promotion, brought against its control group.",
    discussion: "For one member in the period, with 95 % intervals. docs/marketer/effect.md tells how it is counted.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CubeOptions
  @Option(help: ArgumentHelp("The first business day.", valueName: "day")) var from: String
  @Option(help: ArgumentHelp("The last business day.", valueName: "day")) var to: String
  @Option(help: ArgumentHelp("A promotion with a control group of its own.", valueName: "code")) var promotion: String?
  @Option(help: ArgumentHelp("Only members of this segment.", valueName: "code")) var segment: String?
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Which lines count: city=Kazan,Perm or city!=Kazan; may be repeated.", valueName: "filter"))
  var filters: [String] = []
  @Option(
    help: ArgumentHelp(
      "Other values to compare, as the pivot calls them: average-receipt,price,formula:CODE or 'margin / sales'; at most eight.",
      valueName: "values")) var values: String?
  @Flag(help: "With those whom the definitions leave out: employees, store cards, tests.") var everybody = false
  @Flag(help: "Print it as JSON.") var json = false

  func run(at desk: Desk) async throws {
    let pivot = try PivotForm.pivot(
      rows: "", columns: "", values: values ?? "lines", filters: filters, sort: nil, top: nil, from: from, to: to)
    guard let first = pivot.first, let last = pivot.last else {
      throw ValidationError("--from and --to are days such as 2026-11-01")
    }
    var question = EffectQuestion(first: first, last: last, promotion: promotion, segment: segment)
    question.filters = pivot.filters
    question.isOfEverybody = everybody
    let (asked, chosen) = (question, values == nil ? Pivot(rows: [], values: []) : Pivot(rows: [], values: pivot.values))
    try await desk.withWiring { wiring in
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      let folder = desk.config.cubeFolder(of: programme)
      let keeper = CubeKeeper(of: CubeScope(programme), on: wiring.database, zones: wiring.zoneNamed, in: folder)
      var question = asked
      question.values = try await FormulaBook(of: programme).settled(chosen, on: wiring.database).values
      guard try await keeper.catchUp() != nil, let found = try await keeper.effect(question, of: programme, at: desk.world.now())
      else { throw CubeFailure.none(folder.path) }
      let text = EffectText(answer: found, amounts: AmountForm(programme.settings.terms))
      try answer(json ? text.json.pretty : text.text)
    }
  }
}

struct EffectText {
  let answer: EffectAnswer
  let amounts: AmountForm

  var text: String {
    var rows = [["", "control", "others", "difference", "95 % interval", "all together", "p"]]
    for value in EffectValue.allCases {
      guard let effect = answer[value] else { continue }
      rows.append([
        "\(value)", each(effect.control, value), each(effect.served, value), each(effect.difference, value),
        "\(each(effect.difference - effect.margin, value)) … \(each(effect.difference + effect.margin, value))",
        each(effect.total, value), decimal(effect.p, digits: 4),
      ])
    }
    for asked in answer.asked {
      guard let effect = asked.effect else {
        rows.append([asked.measure.rawValue, "nothing to divide by", "", "", "", "", ""])
        continue
      }
      func said(_ amount: Double) -> String { each(amount, asked.measure) }
      rows.append([
        asked.measure.rawValue, said(effect.control), said(effect.served), said(effect.difference),
        "\(said(effect.difference - effect.margin)) … \(said(effect.difference + effect.margin))",
        asked.isPerMember ? said(effect.total) : "", decimal(effect.p, digits: 4),
      ])
    }
    let sizes = "\(answer.served) members get everything, \(answer.control) are kept apart"
    let past = "freed of what they bought \(answer.before.lowerBound) – \(answer.before.upperBound)"
    let fair = answer.isFair ? "" : "\nthe sizes of the groups do not look like a lot: no fair comparison"
    let few = answer.effects.isEmpty ? "\na group has fewer than \(Effect.fewest) members: nothing can be said" : ""
    return aligned(rows) + "\n\(sizes); \(past)\(fair)\(few)\n\n" + PivotVerb.text(answer.notes, "en")
  }

  var json: JSON {
    var values: [JSON.Member] = []
    for value in EffectValue.allCases {
      guard let effect = answer[value] else { continue }
      values.append(
        .init(
          "\(value)",
          .object([
            "control": .string(each(effect.control, value)), "others": .string(each(effect.served, value)),
            "difference": .string(each(effect.difference, value)), "margin": .string(each(effect.margin, value)),
            "total": .string(each(effect.total, value)), "p": .string(decimal(effect.p, digits: 6)), "sure": .bool(effect.isSure),
          ])))
    }
    for asked in answer.asked {
      func said(_ amount: Double) -> JSON { .string(each(amount, asked.measure)) }
      values.append(
        .init(
          asked.measure.rawValue,
          asked.effect.map { effect in
            .object([
              "control": said(effect.control), "others": said(effect.served), "difference": said(effect.difference),
              "margin": said(effect.margin), "total": asked.isPerMember ? said(effect.total) : nil,
              "p": .string(decimal(effect.p, digits: 6)), "sure": .bool(effect.isSure),
            ])
          } ?? .null))
    }
    return .object([
      "definitions": answer.notes.json, "others": .int(answer.served), "control": .int(answer.control),
      "fair": .bool(answer.isFair),
      "before": .array([.string("\(answer.before.lowerBound)"), .string("\(answer.before.upperBound)")]), "values": .object(values),
    ])
  }

  private func each(_ amount: Double, _ value: EffectValue) -> String {
    switch value {
    case .sales, .margin, .discount: decimal(amount / tens(amounts.currency.digits), digits: 2)
    case .earned: decimal(amount / tens(amounts.pointsScale), digits: 2)
    case .units: decimal(amount / 1_000, digits: 3)
    case .receipts, .buyers: decimal(amount, digits: 4)
    }
  }

  /// Sums are of one member; shares are percents.
  private func each(_ amount: Double, _ measure: Measure) -> String {
    switch measure.unit {
    case .money: decimal(amount / tens(amounts.currency.digits), digits: 2)
    case .points: decimal(amount / tens(amounts.pointsScale), digits: 2)
    case .quantity: decimal(amount / 1_000, digits: 3)
    case .count: decimal(amount, digits: 4)
    case .percent: decimal(amount / 10_000, digits: 4)
    case .number(let digits): decimal(amount / tens(digits), digits: max(2, digits))
    }
  }

  private func tens(_ digits: Int) -> Double { (0..<digits).reduce(1.0) { scale, _ in scale * 10 } }

  private func decimal(_ amount: Double, digits: Int) -> String {
    Decimal.text(Int64(exactly: (amount * tens(digits)).rounded()) ?? 0, digits: digits)
  }
}
