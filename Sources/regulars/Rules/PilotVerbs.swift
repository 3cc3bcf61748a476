import Access
import ArgumentParser
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// A version of a promotion in some places first.
struct RulesPilot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pilot", abstract: "Try a version of a promotion in some stores, tills or for some members first.",
    subcommands: [PilotBegin.self, PilotList.self, PilotRollOut.self, PilotStop.self])
}

struct PilotOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String
}

struct PilotBegin: Verb {
  static let configuration = CommandConfiguration(
    commandName: "begin", abstract: "Give the latest version of a promotion to a pilot's tills, and to nobody else.",
    discussion: """
      The file says where: { "stores": ["north"], "registers": [{ "store": "south", "register": "2" }], "members": ["mem_…"], \
      "testCards": true, "from": "2026-11-01T09:00:00+03:00", "until": … }. Everywhere else tills keep what they have. The same again \
      changes nothing.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: PilotOptions
  @Argument(help: "The promotion's code.") var code: String
  @Option(help: ArgumentHelp("Where, for whom and when.", valueName: "file")) var scope: String

  func run(at desk: Desk) async throws {
    let file = try SetupFile(scope)
    try await desk.withWiring { wiring in
      let account = try await wiring.account(of.account).id
      let (json, change, programme, zones) = (file.json, wiring.change, of.programme, wiring.zoneNamed)
      let version = try await file.named {
        try await wiring.database.write(.bulk) { tx in
          let known = try Programmes(of: account, zones: zones).programme(code: programme, in: &tx)
          let names = try AccountNames(of: known, catalogue: CatalogueIndex(of: account).refreshed(in: &tx), in: &tx)
          let stored = try known.promotion(code, in: &tx)
          try Pilots(of: known).begin(stored.id, version: stored.version, where: json, names, by: change, in: &tx)
          _ = try RuleBooks(of: known).publish(names, .promotion(stored.id), by: change, in: &tx)
          return stored.version
        }
      }
      try answer("version \(version) of \(code) is on trial; `regulars rules pilot list` shows where")
    }
  }
}

struct PilotList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The pilots that run, with what both versions gave.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: PilotOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let known = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      return try await wiring.database.read { tx in
        let amounts = AmountForm(known.settings.terms)
        return try Pilots(of: known).running(in: &tx).values.sorted { $0.id < $1.id }.map { pilot in
          let stored = try Promotions(of: known).promotion(pilot.promotion, in: &tx)
          let results = try Pilots(of: known).results(of: pilot, in: &tx)
          func words(_ day: GiftDay) -> String {
            "\(day.receipts) receipts, \(amounts.text(day.money - day.moneyBack)) off, "
              + "\(amounts.text(day.points - day.pointsBack)) points"
          }
          return [
            stored.code, "version \(pilot.version)", pilot.kept.map { "others \($0)" } ?? "others none", pilot.scopeText,
            "pilot: \(words(results.trial))", "others: \(words(results.kept))",
          ]
        }
      }
    }
    try answer(rows.isEmpty ? "no pilot runs; `regulars rules pilot begin` begins one" : aligned(rows))
  }
}

struct PilotRollOut: Verb {
  static let configuration = CommandConfiguration(
    commandName: "roll-out", abstract: "Give every till the version that is on trial.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: PilotOptions
  @Argument(help: "The promotion's code.") var code: String

  func run(at desk: Desk) async throws {
    let pilot = try await desk.endPilot(of, code) { try $0.rollOut($1, pilot: $2, by: $3, in: &$4) }
    try answer("version \(pilot.version) of \(code) is at every till")
  }
}

struct PilotStop: Verb {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Give the pilot's tills what the others have.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: PilotOptions
  @Argument(help: "The promotion's code.") var code: String

  func run(at desk: Desk) async throws {
    let pilot = try await desk.endPilot(of, code) { try $0.stop($1, pilot: $2, by: $3, in: &$4) }
    try answer(pilot.kept.map { "version \($0) of \(code) is at every till again" } ?? "no till has \(code) any more")
  }
}

extension PromotionPilot {
  /// How many stores, tills and members, and until when.
  fileprivate var scopeText: String {
    let lists = [("stores", "stores"), ("registers", "tills"), ("members", "members")].compactMap { key, noun -> String? in
      if case .array(let items)? = scope[key] { "\(items.count) \(noun)" } else { nil }
    }
    let cards = scope["testCards"] == .bool(true) ? ["test cards"] : []
    let days = ["from", "until"].compactMap { key -> String? in
      if case .string(let text)? = scope[key] { "\(key) \(text)" } else { nil }
    }
    return (lists + cards + days).joined(separator: ", ")
  }
}

extension Desk {
  fileprivate func endPilot(
    _ of: PilotOptions, _ code: String,
    _ end: @escaping @Sendable (Pilots, PromotionID, PilotID, Change, inout Transaction) throws -> RuleBooks.Part?
  ) async throws -> PromotionPilot {
    try await withWiring { wiring in
      let account = try await wiring.account(of.account).id
      let (change, programme, zones) = (wiring.change, of.programme, wiring.zoneNamed)
      return try await wiring.database.write(.bulk) { tx in
        let known = try Programmes(of: account, zones: zones).programme(code: programme, in: &tx)
        let stored = try known.promotion(code, in: &tx)
        guard let pilot = try Pilots(of: known).running(of: stored.id, in: &tx) else {
          throw Problem(
            .conflict, "pilot_none", "no pilot of the promotion \"\(code)\" runs; `regulars rules pilot list` shows those that do")
        }
        if let part = try end(Pilots(of: known), stored.id, pilot.id, change, &tx) {
          let names = try AccountNames(of: known, catalogue: CatalogueIndex(of: account).refreshed(in: &tx), in: &tx)
          _ = try RuleBooks(of: known).publish(names, part, by: change, in: &tx)
        }
        return pilot
      }
    }
  }
}

extension Programme {
  /// - Throws: `Problem.notFound`.
  func promotion(_ code: String, in tx: inout Transaction) throws -> StoredPromotion {
    guard let stored = try Promotions(of: self).promotions(codes: [code], in: &tx)[code] else {
      throw Problem(.notFound, "promotion_unknown", "there is no promotion \(code)")
    }
    return stored
  }
}
