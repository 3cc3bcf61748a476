import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// Games: what they are, turns by hand, and the proof of their draws.
struct GameVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "games", abstract: "Games with prizes: make, show and close them, give turns, and prove their draws.",
    subcommands: [
      GameSave.self, GameListing.self, GameShow.self, GamePrizes.self, GameGive.self, GameClose.self, GameExport.self,
      GameVerify.self,
      GameCheck.self,
    ])
}

struct GameOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String

  func open(_ wiring: Wiring, _ desk: Desk) async throws -> (games: Games, amounts: AmountForm) {
    let found = try await wiring.programme(programme, of: wiring.account(account).id)
    return (Games(of: found, ids: wiring.ids, keys: wiring.keyRing(desk.config)), AmountForm(found.settings.terms))
  }
}

struct GameSave: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Make a game or change it.",
    discussion: """
      The file holds the game as docs/formats/games.md describes it. Once somebody has played, its prizes and chances stand as they were \
      published. --new-edition 1 ends edition 1, reveals its seed and begins edition 2 with the prizes of the file; sent again it begins \
      none. The stock is then what the file says: take away from it what was given, as `regulars games show` tells.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GameOptions
  @Argument(help: "The game's code.") var code: String
  @Option(help: ArgumentHelp("The game.", valueName: "file")) var file: String
  @Option(help: ArgumentHelp("End this edition, which was played, and begin another.", valueName: "number")) var newEdition: Int64?

  func run(at desk: Desk) async throws {
    let text = try SetupFile(file)
    try await desk.withWiring { wiring in
      let (open, change) = (try await of.open(wiring, desk), wiring.change)
      let saved = try await text.named {
        let issues = IssueList()
        let details = GameDetails(code: code, JSONNode(text.json, issues: issues), open.amounts)
        try issues.check("the game")
        return try await wiring.database.write(.bulk) { [newEdition] tx in
          try open.games.save([details].compactMap { $0 }, after: newEdition.map { SeenEdition($0) }, by: change, in: &tx)
        }
      }
      let edition = try await wiring.database.read { tx in try open.games.latest(of: saved.ids, in: &tx).values.first }
      try answer("game \(code): \(saved.made > 0 ? "made" : saved.changed > 0 ? "changed" : "nothing changed")")
      if let edition {
        try answer("edition \(edition.number), commitment \(edition.commitment), fingerprint \(edition.fingerprint)")
      }
    }
  }
}

struct GameListing: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The latest games, \(Limits.page) at most.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GameOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let games = try await of.open(wiring, desk).games
      return try await wiring.database.read { tx in
        let all = try games.all(limit: Limits.page, in: &tx)
        let editions = try games.latest(of: all.map(\.id), in: &tx)
        return all.map { game in
          [
            game.details.code, game.details.kind.rawValue, game.details.isClosed ? "closed" : "open",
            "edition \(editions[game.id]?.number ?? 0)", "\(editions[game.id]?.drawn ?? 0) draws",
          ]
        }
      }
    }
    try answer(rows.isEmpty ? "no games; `regulars games save` makes one" : aligned(rows))
  }
}

struct GameShow: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "A game with its editions: commitments, prizes, what was given.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GameOptions
  @Argument(help: "The game's code.") var code: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [code] wiring in
      let games = try await of.open(wiring, desk).games
      let (game, editions, given) = try await wiring.database.read { tx in
        let game = try games.game(code: code, in: &tx)
        let editions = try games.editions(of: game.id, limit: Limits.page, in: &tx)
        return (
          game, try editions.map { try games.edition($0.number, of: game.id, in: &tx) },
          try games.collectionsGiven(in: game.id, in: &tx)
        )
      }
      try answer("\(game.details.code), \(game.details.kind.rawValue), \(game.details.isClosed ? "closed" : "open")")
      for edition in editions {
        try answer(
          "edition \(edition.number): \(edition.drawn) draws\n  commitment \(edition.commitment)\n  fingerprint \(edition.fingerprint)"
        )
        try answer("  seed \(edition.seed ?? "is revealed when the edition is over")")
        let rows = zip(edition.table.all, edition.given).map { prize, given in
          ["  \(prize.name.en)", "\(prize.chance.percentText) %", prize.stock.map { "of \($0)" } ?? "unlimited", "\(given) given"]
        }
        try answer(aligned(rows))
      }
      let rows = (game.details.hunt?.collections ?? []).map { collection in
        [
          "  \(collection.code)", collection.needs.map { "\($0.count) \($0.find)" }.joined(separator: " + "),
          collection.stock.map { "of \($0)" } ?? "unlimited", "\(given[collection.code] ?? 0) given",
        ]
      }
      if !rows.isEmpty { try answer("collections\n" + aligned(rows)) }
    }
  }
}

struct GamePrizes: Verb {
  static let configuration = CommandConfiguration(
    commandName: "prizes", abstract: "Print who completed which collection of a hunt, and what it gave, as CSV; the latest first.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GameOptions
  @Argument(help: "The hunt's code.") var code: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [code] wiring in
      let (games, amounts) = try await of.open(wiring, desk)
      let game = try await wiring.database.read { tx in try games.game(code: code, in: &tx) }
      try answer(Completion.columns)
      var before: CompletionID?
      repeat {
        let start = before
        let page = try await wiring.database.read { tx in
          try games.completions(in: game.id, before: start, limit: Limits.bulk, in: &tx)
        }
        if !page.isEmpty { try answer(page.map { $0.row(amounts) }.joined(separator: "\n")) }
        before = page.count == Limits.bulk ? page.last?.id : nil
        try desk.stop.check()
      } while before != nil
    }
  }
}

struct GameGive: Verb {
  static let configuration = CommandConfiguration(commandName: "give", abstract: "Give a member turns by hand.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GameOptions
  @Argument(help: "The game's code.") var code: String
  @Option(help: ArgumentHelp("The member, mem_….", valueName: "member")) var member: String
  @Option(help: ArgumentHelp("How many turns.", valueName: "number")) var turns: Int64 = 1
  @Option(help: ArgumentHelp("Why; the audit trail keeps it.", valueName: "text")) var reason: String
  @Option(help: ArgumentHelp("What makes this gift the same when it is sent again.", valueName: "text")) var key: String

  func run(at desk: Desk) async throws {
    guard let id = MemberID(member) else { throw ValidationError("a member is named mem_ and 13 characters") }
    try await desk.withWiring { [code, turns, reason, key] wiring in
      let (games, change) = (try await of.open(wiring, desk).games, wiring.change)
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      let left = try await wiring.database.write(.bulk) { tx in
        // Another programme's member is unknown here.
        _ = try programme.members.member(id, in: &tx)
        try games.give(turns, of: code, to: id, because: reason, request: RequestKey("turns \(key)"), by: change, in: &tx)
        return try games.turns(of: id, in: games.game(code: code, in: &tx).id, in: &tx)?.left ?? 0
      }
      try answer("\(id): \(left) turns of \(code) are left")
    }
  }
}

struct GameClose: Verb {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "End a game for good and reveal the seed of its edition.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GameOptions
  @Argument(help: "The game's code.") var code: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [code] wiring in
      let (games, change) = (try await of.open(wiring, desk).games, wiring.change)
      let edition = try await wiring.database.write(.bulk) { tx in
        let id = try games.game(code: code, in: &tx).id
        try games.close(id, by: change, in: &tx)
        return try games.latest(of: [id], in: &tx)[id]
      }
      try answer("\(code): closed\nseed of edition \(edition?.number ?? 0): \(edition?.seed ?? "–")")
    }
  }
}

struct GameExport: Verb {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the log of an edition, for everybody: what `regulars games check` reads.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GameOptions
  @Argument(help: "The game's code.") var code: String
  @Option(help: ArgumentHelp("The edition; without it the latest.", valueName: "number")) var edition: Int64?

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [code, edition] wiring in
      let games = try await of.open(wiring, desk).games
      let (game, found) = try await wiring.database.read { tx in
        let game = try games.game(code: code, in: &tx)
        let number = try edition ?? games.editions(of: game.id, limit: 1, in: &tx).first?.number ?? 1
        return (game, try games.edition(number, of: game.id, in: &tx))
      }
      try answer(GameProof.head(game.details.code, found))
      var next: Int64? = 0
      while let after = next {
        let page = try await wiring.database.read { tx in
          try games.proofLines(of: found, game.details.code, after: after, limit: Limits.bulk, in: &tx)
        }
        if !page.lines.isEmpty { try answer(page.lines.joined(separator: "\n")) }
        next = page.last
        try desk.stop.check()
      }
    }
  }
}

struct GameVerify: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Throw every number of a game's editions again, from the seeds in the database.",
    discussion: "Ends with 1 and a list when anything differs. Changes nothing; works while members play.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GameOptions
  @Argument(help: "The game's code; without it all games of the programme.") var code: String?

  func run(at desk: Desk) async throws {
    let report = try await desk.withWiring { [code] wiring in
      let games = try await of.open(wiring, desk).games
      if let code { _ = try await wiring.database.read { tx in try games.game(code: code, in: &tx) } }
      return try await GameAudit(of: games).run(on: wiring.database, only: code) { _ in try desk.stop.check() }
    }
    try answer(report.text + (report.isClean ? "\n  no differences" : ""))
    if !report.isClean { throw ExitCode(Ending.trouble.rawValue) }
  }
}

struct GameCheck: Verb {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Throw every number of a published log again, with nothing but the file.",
    discussion: """
      Ends with 1 and a list when anything differs. Needs no database: for whoever does not trust the one who has it. Whoever kept what was \
      published before the draws names it: without that the file is only compared with itself.
      """)

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The log, as `regulars games export` or the console wrote it.") var file: String
  @Option(help: ArgumentHelp("The commitment as it was published.", valueName: "hex")) var commitment: String?
  @Option(help: ArgumentHelp("The fingerprint of the prizes as it was published.", valueName: "hex")) var fingerprint: String?
  @Option(help: ArgumentHelp("The currency of the prizes.", valueName: "code")) var currency: String = "RUB"
  @Option(help: ArgumentHelp("Decimal digits of a point.", valueName: "number")) var pointsScale: Int = 0

  func run(at desk: Desk) async throws {
    guard let currency = Currency(currency), (0...4).contains(pointsScale) else {
      throw ValidationError("--currency is a code of three letters, --points-scale 0 to 4")
    }
    let text = try String(decoding: readFile(file, atMost: Limits.gameLog), as: UTF8.self)
    let found = try await SetupFile.named(file) {
      try GameProof.check(
        text, AmountForm(currency: currency, pointsScale: pointsScale), kept: (commitment?.lowercased(), fingerprint?.lowercased()))
    }
    try answer("\(found.draws) draws thrown again" + (found.differences.isEmpty ? ", no differences" : ""))
    for difference in found.differences { try answer("  differs: \(difference)") }
    if found.omitted > 0 { try answer("  and \(found.omitted) more differences") }
    if !found.differences.isEmpty { throw ExitCode(Ending.trouble.rawValue) }
  }
}
