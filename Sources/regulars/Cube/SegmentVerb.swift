import Access
import ArgumentParser
import Calculator
import Cube
import Customers
import Insight
import Kernel
import Loyalty
import Storage

/// Who is in a segment: counted, listed and explained from its condition.
struct SegmentVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment", abstract: "Who holds a condition about purchases and people: how many, who, and why.",
    discussion: "docs/formats/segment.md describes the file of --where.",
    subcommands: [
      SegmentCountVerb.self, SegmentListVerb.self, SegmentExplainVerb.self, SegmentSaveVerb.self, SegmentRulesVerb.self,
      SegmentPhraseVerb.self,
    ])
}

struct SegmentOptions: ParsableArguments {
  @OptionGroup var of: CubeOptions
  @Option(name: .customLong("where"), help: ArgumentHelp("The condition as JSON.", valueName: "file")) var file: String
  @Option(help: ArgumentHelp("As of this day: what was bought until then. Members are as they are now.", valueName: "day")) var on:
    String?

  func day() throws -> CivilDay? {
    try on.map { text in
      guard let day = CivilDay(text) else { throw ValidationError("--on is a day such as 2026-11-01") }
      return day
    }
  }
}

/// A condition with everything that is needed to ask it.
struct OpenSegment {
  let programme: Programme
  let keeper: CubeKeeper
  let condition: SegmentCondition
  let form: SegmentForm

  init(_ options: SegmentOptions, _ wiring: Wiring, _ desk: Desk) async throws {
    let known = try await wiring.programme(options.of.programme, of: wiring.account(options.of.account).id)
    programme = known
    let folder = desk.config.cubeFolder(of: known)
    keeper = CubeKeeper(of: CubeScope(known), on: wiring.database, zones: wiring.zoneNamed, in: folder)
    guard try await keeper.catchUp() != nil else { throw CubeFailure.none(folder.path) }
    let names = try await wiring.database.read { tx in
      try AccountNames(of: known, catalogue: CatalogueIndex(of: known.account).refreshed(in: &tx), in: &tx)
    }
    var form = SegmentForm(names: names, terms: known.settings.terms)
    condition = try form.condition(SetupFile(options.file).json)
    self.form = form
  }
}

struct SegmentCountVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "count", abstract: "How many members hold a condition, what each part takes away, and what they buy.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var segment: SegmentOptions
  @Flag(help: "Print it as JSON.") var json = false

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let open = try await OpenSegment(segment, wiring, desk)
      guard let figures = try await open.keeper.count(open.condition, of: open.programme, on: segment.day(), at: desk.world.now())
      else {
        throw CubeFailure.none("the cube's folder")
      }
      let text = SegmentText(figures: figures, open: open)
      try answer(json ? text.json.pretty : text.text)
    }
  }
}

struct SegmentText {
  let figures: SegmentFigures
  let open: OpenSegment

  private var amounts: AmountForm { AmountForm(open.programme.settings.terms) }

  private func share(_ part: Int64, _ whole: Int64) -> String {
    whole <= 0 ? "–" : Decimal.text(scaled(part, by: 10_000, over: whole, .halfUp), digits: 2) + " %"
  }

  private func average(_ people: PeopleFigures) -> String {
    people.receipts == 0 ? "–" : amounts.text(Money(minor: divided(people.money, by: people.receipts, .halfUp)))
  }

  var text: String {
    var rows = [["members", "\(figures.members) of \(figures.everybody), \(share(figures.members, figures.everybody))"]]
    for (place, part) in open.condition.parts.enumerated() where open.condition.parts.count > 1 {
      let before = place == 0 ? figures.everybody : figures.through[place - 1]
      rows.append([
        "condition \(place + 1)",
        "leaves \(figures.through[place]), takes away \(before - figures.through[place]); alone \(figures.alone[place])  \(open.form.json(part).compact)",
      ])
    }
    rows += [
      ["active in a year", "\(figures.own.active)"],
      [
        "sales of a year",
        "\(amounts.text(Money(minor: figures.own.money))), \(share(figures.own.money, figures.all.money)) of all members'",
      ],
      ["left out of sales", "\(figures.leftOut) members, of all \(figures.allLeftOut)"],
      ["average receipt", "\(average(figures.own)), of all members \(average(figures.all))"], ["as of", "\(figures.day)"],
      ["counted in", "\(figures.milliseconds) ms"],
    ]
    return aligned(rows)
  }

  var json: JSON {
    .object([
      "members": .int(figures.members), "everybody": .int(figures.everybody),
      "conditions": .array(
        open.condition.parts.indices.map { place in
          .object([
            "condition": open.form.json(open.condition.parts[place]), "through": .int(figures.through[place]),
            "alone": .int(figures.alone[place]),
          ])
        }),
      "active": .int(figures.own.active), "receipts": .int(figures.own.receipts),
      "sales": amounts.json(Money(minor: figures.own.money)),
      "membersLeftOut": .int(figures.leftOut), "allLeftOut": .int(figures.allLeftOut),
      "salesOfAll": amounts.json(Money(minor: figures.all.money)), "day": .string("\(figures.day)"),
      "milliseconds": .int(figures.milliseconds),
    ])
  }
}

struct SegmentListVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Ids of the members who hold a condition, one on each line.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var segment: SegmentOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let open = try await OpenSegment(segment, wiring, desk)
      let members =
        try await open.keeper.members(of: open.condition, in: open.programme, on: segment.day(), at: desk.world.now()) ?? []
      for start in stride(from: 0, to: members.count, by: 1_000) {
        try answer(members[start..<min(start + 1_000, members.count)].map { "\($0)" }.joined(separator: "\n"))
      }
    }
  }
}

struct SegmentExplainVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Why a member holds a condition or not, with the receipts and events that decide it.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var segment: SegmentOptions
  @Option(help: ArgumentHelp("The member's id.", valueName: "mem_…")) var member: String

  func run(at desk: Desk) async throws {
    guard let id = MemberID(member) else { throw ValidationError("--member is an id such as mem_0000000000007") }
    try await desk.withWiring { wiring in
      let open = try await OpenSegment(segment, wiring, desk)
      guard
        let reason = try await open.keeper.explain(
          open.condition, for: id, of: open.programme, on: segment.day(), at: desk.world.now())
      else {
        throw CubeFailure.none("the cube's folder")
      }
      try answer(Self.lines(reason, open.form, 0).joined(separator: "\n"))
      if !reason.holds { throw ExitCode(Ending.trouble.rawValue) }
    }
  }

  private static func lines(_ reason: SegmentReason, _ form: SegmentForm, _ depth: Int) -> [String] {
    let indent = String(repeating: "  ", count: depth)
    let mark = reason.holds ? "yes" : "no "
    let isGroup = !reason.parts.isEmpty
    var text = "\(indent)\(mark) " + (isGroup ? Self.word(reason.condition) : form.json(reason.condition).compact)
    if let amount = reason.amount { text += "  (\(amount))" }
    if let marks = reason.marks { text += "  (\(marks))" }
    if !reason.receipts.isEmpty { text += "  " + reason.receipts.map { "\($0.id) of \($0.day)" }.joined(separator: ", ") }
    if !reason.events.isEmpty {
      text += "  " + reason.events.map { "\($0.kind.code) \($0.product ?? $0.page ?? "") at \($0.at.text)" }.joined(separator: ", ")
    }
    return [text] + reason.parts.flatMap { lines($0, form, depth + 1) }
  }

  private static func word(_ condition: SegmentCondition) -> String {
    switch condition {
    case .any: "any of"
    case .none: "none of"
    default: "all of"
    }
  }
}
