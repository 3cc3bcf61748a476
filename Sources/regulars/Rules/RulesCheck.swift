import Access
import ArgumentParser
import Calculator
import Conditions
import Foundation
import Kernel
import Loyalty
import Storage

struct RulesCheck: Verb {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find promotions that sell below cost, go beyond budgets, can never apply, or are hidden by others.",
    discussion: """
      With a file alone no database is needed: goods are imagined as the rules name them. With --account and --programme the file's \
      promotions stand beside the running ones (or, without a file, those are checked) and the goods are the catalogue's. Every \
      meeting is confirmed by a calculation; --examples keeps the baskets, for `regulars calculate`. Ends with 1 where there are \
      findings.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("The rules, as docs/formats/rules.md describes them.", valueName: "file")) var rules: String?
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String?
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String?
  @Option(help: ArgumentHelp("What a line should keep of its shelf price: its cost, say.", valueName: "percent"))
  var leastShare = "50"
  @Option(help: ArgumentHelp("Price of a unit where no rule names one.", valueName: "money")) var price = "100"
  @Option(help: ArgumentHelp("The largest receipt to think of when budgets are weighed.", valueName: "money"))
  var largest = "100000"
  @Option(help: ArgumentHelp("Keep the example of every finding in this folder.", valueName: "folder")) var examples: String?
  @Flag(help: "Print the report as JSON.") var json = false

  func validate() throws {
    if (account == nil) != (programme == nil) { throw ValidationError("--account and --programme go together") }
    if account == nil, rules == nil { throw ValidationError("give --rules, or --account and --programme, or all three") }
    if let rules, rules == "-", account == nil { throw ValidationError("--rules needs a file") }
  }

  func run(at desk: Desk) async throws {
    guard let least = Decimal.parse(leastShare[...], digits: 4), (0...1_000_000).contains(least) else {
      throw ValidationError("--least-share is a percent from 0 to 100")
    }
    let checked = try await subject(desk)
    guard let unit = Decimal.parse(price[...], digits: checked.book.terms.currency.digits), (1...Limits.amount).contains(unit)
    else {
      throw ValidationError("--price is money such as 99.90")
    }
    guard let most = Decimal.parse(largest[...], digits: checked.book.terms.currency.digits),
      (1...Limits.basketAmount).contains(most)
    else { throw ValidationError("--largest is money such as 100000") }
    var stakes = checked.stakes
    stakes.largest = Money(minor: most)
    let check = ConflictCheck(
      checked.book, goods: checked.goods, leastShare: Rate(ppm: least), price: Money(minor: unit), zone: checked.zone,
      now: desk.world.now()
    ).weighing(stakes)
    let progress = desk.progress("looking at promotions", unit: "promotions", total: nil)
    let began = Date()
    let report = check.report(progress: { progress.reached($0) }, isStopping: { desk.stop.isAsked })
    progress.finish()
    let text = ConflictText(
      report: report, book: checked.book, names: checked.names, least: Rate(ppm: least), stakes: stakes,
      seconds: Date().timeIntervalSince(began))
    if let examples { try text.keep(in: examples) }
    try answer(json ? text.json.pretty : text.text)
    if !report.isWhole { throw Stop.Asked(remedy: "the rest was not looked at; nothing was changed") }
    if report.hasFindings { throw ExitCode(Ending.trouble.rawValue) }
  }

  private struct Subject {
    let book: RuleBook
    let names: any Names
    let goods: any ExampleGoods
    let zone: Zone
    /// Without a database, budgets as the rules state them and no costs.
    let stakes: Stakes
  }

  private func subject(_ desk: Desk) async throws -> Subject {
    let file = try rules.map { try SetupFile($0) }
    guard let account, let programme else {
      guard let file else { throw ValidationError("give --rules") }
      return try await file.named {
        var names: any Names = InternedNames()
        let book = try RulesFile(file.rules, names: &names).book().rolledOut
        return Subject(
          book: book, names: names, goods: ImaginedGoods(), zone: .moscow, stakes: Stakes(largest: Stakes.usualLargest))
      }
    }
    let now = desk.world.now()
    let (both, zone, stakes) = try await desk.withWiring { wiring in
      let known = try await wiring.programme(programme, of: wiring.account(account).id)
      let drafts = RuleBookDrafts(of: known, on: wiring.database)
      let empty = JSON.object(["format": .string(RulesFile.format), "promotions": .array([])])
      let both =
        if let file { try await file.named { try await drafts.with(file.json) } } else { try await drafts.with(empty) }
      let zone = known.settings.points.zone
      let stakes = try await wiring.database.read { tx in
        try Stakes.read(
          of: known, both.draft, both.catalogue, on: zone.civil(at: now).day, largest: Stakes.usualLargest, in: &tx)
      }
      return (both, zone, stakes)
    }
    let goods = ListedGoods(both.catalogue.everyFact, for: both.draft.promotions.map { $0.offering(both.draft.terms.favourites) })
    return Subject(book: both.draft.rolledOut, names: both.names, goods: goods, zone: zone, stakes: stakes)
  }
}

/// The rules in force, and the same with a file's promotions in them.
struct RuleBookDrafts {
  let programme: Programme
  let database: any Database

  struct Both: Sendable {
    let base: RuleBook
    let draft: RuleBook
    let names: AccountNames
    let catalogue: CatalogueIndex
  }

  init(of programme: Programme, on database: any Database) {
    self.programme = programme
    self.database = database
  }

  /// - Parameters:
  ///   - json: `regulars.rules/1` with promotions alone; those with the code of a running one stand in its place.
  ///   - without: codes of running promotions to leave out.
  func with(_ json: JSON, without: Set<String> = []) async throws -> Both {
    try await database.read { [programme] tx in
      let catalogue = try CatalogueIndex(of: programme.account).refreshed(in: &tx)
      let names = try AccountNames(of: programme, catalogue: catalogue, in: &tx)
      let stored = try RuleBooks(of: programme).latest(in: &tx)
      let base =
        try stored.map { try $0.rules(names).book(version: $0.version) }
        ?? RuleBook(version: 0, terms: programme.settings.wholeTerms(names), groups: programme.settings.groups, promotions: [])
      let draft = try Self.draft(json, on: base, names, without)
      return Both(base: base, draft: draft, names: names, catalogue: catalogue)
    }
  }

  private static func draft(_ json: JSON, on base: RuleBook, _ names: AccountNames, _ without: Set<String>) throws -> RuleBook {
    let node = JSONNode(json)
    node.expect("format", "promotions")
    var reader = RuleReader(names: names, terms: base.terms)
    var promotions = base.promotions.filter { !without.contains($0.code) }
    for (place, item) in node["promotions"].items(max: Limits.bulk).enumerated() {
      let code = item["code"].text() ?? ""
      // What is new goes behind what has the same priority, as it would when it is saved.
      let id = base.promotions.first { $0.code == code }?.id ?? PromotionID(Int64.max - 1_000 + Int64(place))
      let versions = reader.versions(item, id: id)
      guard let promotion = versions.first else { continue }
      if !promotion.group.isEmpty, !base.groups.contains(where: { $0.name == promotion.group }) {
        item["group"].refuse("unknown_group", "the programme's settings list no group \"\(promotion.group)\"")
        continue
      }
      promotions.removeAll { $0.code == code }
      promotions += versions
    }
    try node.issues.check("the rules")
    return RuleBook(version: base.version + 1, terms: base.terms, groups: base.groups, promotions: promotions)
  }
}
