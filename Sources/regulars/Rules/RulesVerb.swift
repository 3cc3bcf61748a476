import Access
import ArgumentParser
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage

/// The rules that tills sell by.
struct RulesVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Check a programme's promotions and put them in force.",
    subcommands: [
      RulesCheck.self, RulesTest.self, RulesDiffVerb.self, RulesExport.self, RulesPublish.self, RulesPilot.self, RulesSheet.self,
    ])
}

struct RulesPublish: Verb {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Take the promotions of a file, start them, and publish the rule book that results.",
    discussion: """
      Terms and groups in the file must be those of the programme. All or nothing: a rule that cannot be read, or names goods and stores that are not there, is told at its place and nothing \
      changes. The same file again publishes nothing new. Running promotions that the file does not name go on and are listed; \
      --pause-others pauses them.
      """, aliases: ["apply"])

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: OnlyProgramme
  @Option(help: ArgumentHelp("The promotions, as docs/formats/rules.md describes them.", valueName: "file")) var rules: String
  @Flag(help: "Pause running promotions that the file does not name.") var pauseOthers = false

  func run(at desk: Desk) async throws {
    let file = try SetupFile(rules)
    try await desk.withWiring { wiring in
      let programme = try await of.programme(wiring)
      let publication = try await file.named {
        try await wiring.publish(
          file.json, in: programme.code, of: programme.account, pausesOthers: pauseOthers, by: wiring.change)
      }
      try answer(publication.text(programme.code))
    }
  }
}

/// What publishing came to.
struct Publication: Sendable {
  let book: StoredRuleBook
  let saved: Saved<Entity.Promotion>
  let isNew: Bool
  /// Running promotions that the file did not name.
  let others: [String]
  let arePaused: Bool

  func text(_ programme: String) -> String {
    let first =
      isNew
      ? "rule book \(book.version) of \(programme) published, \(book.promotions) promotions: "
        + "new \(saved.made), changed \(saved.changed), unchanged \(saved.unchanged)"
      : "rule book \(book.version) of \(programme) is in force already, \(book.promotions) promotions; nothing changed"
    guard !others.isEmpty else { return first }
    let names = others.prefix(20).joined(separator: ", ") + (others.count > 20 ? ", …" : "")
    return first + (arePaused ? "\n  paused: \(names)" : "\n  not in the file and still running: \(names)")
  }
}

extension PromotionDetails {
  /// The promotions of a rules file.
  /// - Throws: `Problem.invalid` with every issue at its pointer.
  static func rows(of rules: JSON) throws(Problem) -> [PromotionInFile] {
    let node = JSONNode(rules)
    node.expect("format", "programme", "groups", "promotions")
    var rows: [PromotionInFile] = []
    if node["promotions"].required() {
      for item in node["promotions"].items(max: Limits.bulk) {
        guard item["code"].required(), let code = item["code"].text(), let body = item.json else { continue }
        rows.append(PromotionInFile(code: code, body))
      }
    }
    try node.issues.check("the rules")
    return rows
  }

  /// Reads the rules as the calculator will, so that whatever is wrong is told at its place in the file and not in the book.
  fileprivate static func check(_ rules: JSON, _ programme: Programme, _ names: any Names) throws(Problem) {
    let node = JSONNode(rules)
    var reader = RuleReader(names: names, terms: programme.settings.terms)
    checkSettings(node, programme.settings, &reader)
    for (place, item) in node["promotions"].items(max: Limits.bulk).enumerated() {
      _ = reader.versions(item, id: PromotionID(Int64(place + 1)))
    }
    try node.issues.check("the rules")
  }
}

extension PromotionDetails {
  /// Terms and groups are the programme's business, and two places could contradict each other: a file that brings them brings those
  /// that hold already.
  private static func checkSettings(_ node: JSONNode, _ settings: ProgrammeSettings, _ reader: inout RuleReader) {
    if node["programme"].isPresent {
      var own = reader
      if own.terms(node["programme"]) != settings.wholeTerms(reader.names) {
        node["programme"].refuse(
          "settings_elsewhere",
          "the terms stand in the programme's settings and are others; use `regulars programme save`, or take this out"
        )
      }
    }
    let groups = node["groups"].items(max: Limits.conditions).compactMap { item in
      item["policy"].word(PromotionGroup.Policy.self).map {
        PromotionGroup(name: item["name"].text(orEmpty: true) ?? "", policy: $0)
      }
    }
    if node["groups"].isPresent, groups != settings.groups {
      node["groups"].refuse(
        "settings_elsewhere",
        "groups stand in the programme's settings and are others; use `regulars programme save`, or take this out")
    }
  }
}

extension Wiring {
  /// Saves the promotions, starts them and publishes what then runs, all in one transaction.
  func publish(
    _ rules: JSON, in code: String, of account: AccountID, pausesOthers: Bool = false, by change: Change
  ) async throws -> Publication {
    let all = try PromotionDetails.rows(of: rules)
    return try await database.write(.bulk) { [zoneNamed] tx in
      let programme = try Programmes(of: account, zones: zoneNamed).programme(code: code, in: &tx)
      let promotions = Promotions(of: programme)
      let before = try RuleBooks(of: programme).latestVersion(in: &tx)
      let names = try AccountNames(of: programme, catalogue: CatalogueIndex(of: account).refreshed(in: &tx), in: &tx)
      let file = FileOfPilots(programme: programme, names: names)
      let rows = try file.rowsToSave(all, in: &tx)
      let saved = try promotions.save(rows.map(\.details), by: change, in: &tx)
      let now = try AccountNames(of: programme, catalogue: CatalogueIndex(of: account).refreshed(in: &tx), in: &tx)
      try PromotionDetails.check(rules, programme, now)
      for row in rows where row.isForAll { try promotions.set(row.code, .running, by: change, in: &tx) }
      let named = Set(all.map(\.code))
      let others = try promotions.running(in: &tx).filter { !named.contains($0) }
      if pausesOthers { for other in others { try promotions.set(other, .paused, by: change, in: &tx) } }
      var book = try RuleBooks(of: programme).publish(now, insisting: Set(saved.ids), by: change, in: &tx)
      for row in rows where row.pilot != nil { book = try file.begin(row, now, by: change, in: &tx) }
      return Publication(
        book: book, saved: saved, isNew: book.version != before, others: others, arePaused: pausesOthers)
    }
  }
}

extension Promotions {
  /// The codes of all that run.
  fileprivate func running(in tx: inout Transaction) throws -> [String] {
    var found: [StoredPromotion] = []
    while true {
      let page = try all(.running, after: found.last?.id, limit: Limits.page, in: &tx)
      found += page
      if page.count < Limits.page { return found.map(\.code) }
    }
  }
}
