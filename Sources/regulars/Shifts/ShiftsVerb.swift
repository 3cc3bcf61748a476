import Access
import ArgumentParser
import Kernel
import Loyalty
import Storage

/// What tills stated when they closed their shifts, and what stores came to.
struct ShiftsVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shifts", abstract: "Show the board of stores and days, closed shifts with what differs, and discrepancies.",
    discussion: "docs/integrator/shifts.md says how each receipt counts.",
    subcommands: [ShiftsBoard.self, ShiftsShow.self, ShiftsDiscrepancies.self])
}

/// How the answer is to be written.
struct AnswerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("ru or en; the environment's language otherwise.", valueName: "language")) var language: String?
  @Flag(help: "Answer in JSON.") var json = false

  func validate() throws {
    guard language.map({ DemoLanguage(rawValue: $0) != nil }) ?? true else { throw ValidationError("--language is ru or en") }
  }

  var chosen: DemoLanguage { language.flatMap(DemoLanguage.init(rawValue:)) ?? DemoLanguage(systemEnvironment()) }
}

struct ShiftsBoard: Verb {
  static let configuration = CommandConfiguration(
    commandName: "board", abstract: "Store by day: sales, returns, points, discrepancies, and which shifts tie.",
    discussion: "Days on which nothing happened are left out. At most \(Limits.boardDays) days; without --from the last seven.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var form: AnswerOptions
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The first day.", valueName: "day")) var from: String?
  @Option(help: ArgumentHelp("The last day.", valueName: "day")) var to: String?
  @Flag(help: "Show days on which nothing happened as well.") var all = false

  func validate() throws {
    for text in [from, to].compactMap({ $0 }) where CivilDay(text) == nil {
      throw ValidationError("a day is written like 2026-11-21, not \"\(text.prefix(20))\"")
    }
  }

  func run(at desk: Desk) async throws {
    // East of here the day is ahead of Greenwich by up to half a day.
    let last = to.flatMap { CivilDay($0) } ?? Zone.utc.civil(at: desk.world.now() + .hours(12)).day
    let first = from.flatMap { CivilDay($0) } ?? last.adding(days: -6)
    guard first <= last else { throw Problem(.invalid, "days_out_of_range", "--from is behind --to") }
    let (style, board) = try await desk.withWiring { wiring in
      let account = try await wiring.account(account)
      let style = try await wiring.shiftStyle(of: account)
      return (style, try await wiring.board(of: account.id, days: first...last, hidesEmpty: !all))
    }
    try answer(form.json ? style.form.json(board).pretty : BoardText(style, form.chosen).text(board))
  }
}

struct ShiftsShow: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "A store's closed shifts of a day, or one of them with what differs by now.",
    discussion: "With --register and --shift the closing is compared anew with everything that has arrived.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var form: AnswerOptions
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The store.", valueName: "code")) var store: String
  @Option(help: ArgumentHelp("The business day.", valueName: "day")) var day: String
  @Option(help: ArgumentHelp("The register.", valueName: "code")) var register: String?
  @Option(help: ArgumentHelp("The shift's number.", valueName: "number")) var shift: Int64?

  func validate() throws {
    guard CivilDay(day) != nil else { throw ValidationError("--day is written like 2026-11-21") }
    guard (register == nil) == (shift == nil) else { throw ValidationError("--register and --shift go together") }
  }

  func run(at desk: Desk) async throws {
    guard let day = CivilDay(day) else { return }
    try await desk.withWiring { wiring in
      let owner = try await wiring.account(account)
      let (account, style) = (owner.id, try await wiring.shiftStyle(of: owner))
      let shifts = Shifts(of: account, programme: style.programme, ids: wiring.ids)
      let store = try await wiring.store(store, of: account)
      let text = BoardText(style, form.chosen)
      if let register, let shift {
        let key = ShiftKey(store: store.id, register: register, shift: shift, day: day)
        let now = desk.world.now()
        let closed = try await wiring.database.read { tx in try shifts.closing(of: key, at: now, in: &tx) }
        return try answer(
          form.json ? style.form.json(closed, in: store.details.code).pretty : text.text(closed, in: store.details.code))
      }
      let all = try await wiring.database.read { tx in try shifts.closings(of: store.id, days: day...day, in: &tx) }
      try answer(form.json ? JSON.array(all.map { style.form.json($0) }).pretty : text.text(all))
    }
  }
}

/// How an account's amounts are written.
struct ShiftStyle: Sendable {
  let form: ShiftForm
  let currency: Currency
  let programme: ProgrammeID
}

extension Wiring {
  /// Money in the account's currency, which all its programmes sell in; points with the digits of its first programme.
  fileprivate func shiftStyle(of account: Account) async throws -> ShiftStyle {
    let (id, currency) = (account.id, account.details.currency)
    let first = try await database.read { [zoneNamed] tx in try Programmes(of: id, zones: zoneNamed).all(in: &tx).first }
    guard let first else {
      throw Problem(.notFound, "programme_unknown", "the account has no programme yet; `regulars programme save` makes one")
    }
    return ShiftStyle(
      form: ShiftForm(currency, pointsScale: first.settings.terms.pointsScale), currency: currency, programme: first.id)
  }

  fileprivate func store(_ code: String, of account: AccountID) async throws -> Store {
    let store = try await database.read { tx in try Places(of: account).stores(codes: [code], in: &tx)[code] }
    guard let store else { throw Problem(.notFound, "store_unknown", "there is no store with the code \"\(code)\"") }
    return store
  }

  /// All pages of the board, each read by itself.
  fileprivate func board(of account: AccountID, days: ClosedRange<CivilDay>, hidesEmpty: Bool) async throws -> Board {
    var rows: [Board.Row] = []
    var after: String?
    while true {
      let page = try await database.read { [after] tx in
        try Board.read(of: account, days: days, after: after, hidesEmpty: hidesEmpty, in: &tx)
      }
      rows += page.rows
      guard let next = page.next else { return Board(days: days, rows: rows, next: nil) }
      after = next
    }
  }
}
