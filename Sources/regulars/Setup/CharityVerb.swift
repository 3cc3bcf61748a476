import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// Points that members give to charities: what came together, and what is to be paid for it.
struct CharityVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "charity", abstract: "Points for charities: list them, and make the statement of a period.",
    discussion:
      "Which charities there are stands in the programme's settings, under `giving.charities`: `regulars programme save` changes it.",
    subcommands: [CharityListing.self, CharityStatementVerb.self])
}

struct CharityListing: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The charities, and what each was given in all.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: RewardOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let programme = try await of.open(wiring)
      let (donations, amounts) = (Donations(of: programme, ids: wiring.ids), AmountForm(programme.settings.terms))
      let (totals, today) = (
        try await wiring.database.read { tx in try donations.totals(in: &tx) }, donations.today(wiring.world.now())
      )
      return donations.charities.map { charity in
        let figures = totals[charity.code] ?? CharityFigures()
        let state = !charity.isActive ? "stopped" : charity.takes(on: today) ? "collecting" : "not now"
        return [
          charity.code, state, "\(figures.donations) donations", "\(amounts.text(figures.points)) points",
          charity.target.map { "of \(amounts.text($0))" } ?? "no target", charity.payee,
        ]
      }
    }
    try answer(rows.isEmpty ? "no charities; they stand in the programme's settings under giving.charities" : aligned(rows))
  }
}

struct CharityStatementVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "statement", abstract: "What a charity was given on some days, and what is to be paid for it.",
    discussion: "Names nobody: how many points and members, and the money that the points are worth in the programme.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: RewardOptions
  @Argument(help: "The charity's code.") var code: String
  @Option(help: ArgumentHelp("The first day.", valueName: "day")) var from: String
  @Option(help: ArgumentHelp("The last day.", valueName: "day")) var to: String

  func run(at desk: Desk) async throws {
    guard let first = CivilDay(from), let last = CivilDay(to), first <= last, last - first <= 3_660 else {
      throw ValidationError("--from and --to are days like 2026-11-01, ten years apart at most")
    }
    let text = try await desk.withWiring { [code] wiring in
      let programme = try await of.open(wiring)
      let (donations, amounts) = (Donations(of: programme, ids: wiring.ids), AmountForm(programme.settings.terms))
      let statement = try await wiring.database.read { tx in try donations.statement(of: code, first...last, in: &tx) }
      let rows = statement.days.map { day in
        ["\(day.day)", "\(day.donations) donations", "\(amounts.text(day.points)) points", amounts.text(day.money)]
      }
      let total = [
        "in all", "\(statement.donations) donations", "\(amounts.text(statement.points)) points", amounts.text(statement.money),
      ]
      return "\(statement.charity.payee), \(first) to \(last), \(statement.givers) members\n\(aligned(rows + [total]))"
    }
    try answer(text)
  }
}
