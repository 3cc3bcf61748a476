import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// The guard: limits, alerts, and who is stopped at the tills.
struct GuardVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard", abstract: "Limits against fraud, alerts, and who gets no points at the tills.",
    discussion: "Limits are part of the programme's settings: `regulars programme save` with the member `guard` changes them.",
    subcommands: [
      GuardLimits.self, GuardAlertList.self, GuardDecide.self, GuardBlockList.self, GuardBlocking.self, GuardUnblocking.self,
      GuardUnusual.self,
    ])
}

struct GuardOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String

  func open(_ wiring: Wiring) async throws -> Programme {
    try await wiring.programme(programme, of: wiring.account(account).id)
  }
}

struct GuardLimits: Verb {
  static let configuration = CommandConfiguration(
    commandName: "limits", abstract: "The programme's limits: what counts, in what time, what alerts and what stops.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GuardOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let programme = try await of.open(wiring)
      let words = GuardLines(programme)
      return (programme.settings.watch?.limits ?? []).map { limit in
        [
          limit.code, limit.subject.word, limit.measure.rawValue, words.window(limit.window),
          limit.soft.map { "alerts at \(words.figure($0, limit.measure))" } ?? "alerts at none",
          limit.hard.map { "stops at \(words.figure($0, limit.measure))" } ?? "stops at none", limit.isActive ? "on" : "off",
        ]
      }
    }
    try answer(rows.isEmpty ? "no limits; docs/operator/guard.md tells how to begin" : aligned(rows))
  }
}

struct GuardAlertList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "alerts", abstract: "The latest alerts that wait for somebody's word, \(Limits.page) at most.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GuardOptions
  @Flag(help: "Decided ones too.") var all = false

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { [all] wiring in
      let programme = try await of.open(wiring)
      let states: [GuardAlert.State] = all ? GuardAlert.State.allCases : [.open, .seen]
      let (alerts, stores) = try await wiring.database.read { tx in
        let alerts = try GuardAlerts(of: programme).all(states, limit: Limits.page, in: &tx)
        return (alerts, try GuardLines.stores(alerts.map(\.place), of: programme, in: &tx))
      }
      let words = GuardLines(programme, stores)
      return alerts.map { alert in
        [
          "\(alert.id)", "\(alert.day)", alert.isHard ? "hard" : "soft", words.place(alert.place), alert.limit,
          "\(words.figure(alert.figure, alert.measure)) of \(words.figure(alert.threshold, alert.measure))", alert.state.rawValue,
          alert.note ?? "",
        ]
      }
    }
    try answer(rows.isEmpty ? "no alerts" : aligned(rows))
  }
}

struct GuardDecide: Verb {
  static let configuration = CommandConfiguration(commandName: "decide", abstract: "Say what an alert was.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GuardOptions
  @Argument(help: "The alert, gal_….") var alert: String
  @Option(help: ArgumentHelp("seen, dismissed or confirmed.", valueName: "state")) var state: String
  @Option(help: ArgumentHelp("What was found; dismissed and confirmed need it.", valueName: "text")) var note = ""

  func run(at desk: Desk) async throws {
    guard let id = GuardAlertID(alert) else { throw ValidationError("an alert is named gal_ and 13 characters") }
    guard let state = GuardAlert.State(rawValue: state), state != .open else {
      throw ValidationError("--state is seen, dismissed or confirmed")
    }
    try await desk.withWiring { [note] wiring in
      let (programme, change) = (try await of.open(wiring), wiring.change)
      try await wiring.database.write(.bulk) { tx in
        try GuardAlerts(of: programme).decide(id, state, note: note, by: change, in: &tx)
      }
      try answer("\(id): \(state.rawValue)")
    }
  }
}

struct GuardBlockList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "blocks", abstract: "Who is blocked, or stopped by a limit, now: the latest \(Limits.page).")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GuardOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let (programme, now) = (try await of.open(wiring), wiring.world.now())
      let (blocks, stores) = try await wiring.database.read { tx in
        let blocks = Array(try GuardBlocks(of: programme).live(at: now, in: &tx).prefix(Limits.page))
        return (blocks, try GuardLines.stores(blocks.map(\.place), of: programme, in: &tx))
      }
      let words = GuardLines(programme, stores)
      return blocks.map { block in
        let end = block.endsAt.map { "until \($0.text)" } ?? block.lastDay.map { "through \($0)" } ?? "without end"
        let why = block.limit.map { "limit \($0)" } ?? block.reason
        return ["\(block.id)", words.place(block.place), why, "since \(block.madeAt.text)", end]
      }
    }
    try answer(rows.isEmpty ? "nobody is blocked" : aligned(rows))
  }
}

struct GuardBlocking: Verb {
  static let configuration = CommandConfiguration(
    commandName: "block", abstract: "Give a member, a card, a cashier or a till no points. Sales go on with their discounts.",
    discussion: "Harmless where the same is blocked already.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GuardOptions
  @Argument(help: "member, card, cashier or register.") var kind: String
  @Argument(help: "The member (mem_…), the card as its alert names it or by its number, or the code of the cashier or till.")
  var code: String
  @Option(help: ArgumentHelp("The store of a cashier or till.", valueName: "code")) var store: String?
  @Option(help: ArgumentHelp("Why; the audit trail keeps it.", valueName: "text")) var reason: String
  @Option(help: ArgumentHelp("The last day; without it until somebody ends it.", valueName: "date")) var through: String?

  func run(at desk: Desk) async throws {
    guard let kind = GuardSubject(word: kind), kind != .operator else {
      throw ValidationError("a member, a card, a cashier or a register is blocked")
    }
    guard kind == .member || kind == .card ? store == nil : store != nil else {
      throw ValidationError("cashiers and registers are found with --store, members and cards without")
    }
    let last = through.flatMap { CivilDay($0) }
    guard through == nil || last != nil else { throw ValidationError("--through is a date, 2026-11-30") }
    try await desk.withWiring { [code, store, reason] wiring in
      let (programme, change) = (try await of.open(wiring), wiring.change)
      let until = last.map { programme.settings.points.zone.instant($0.adding(days: 1)) }
      let (id, named) = try await wiring.database.write(.bulk) { tx in
        let card = kind == .card ? try programme.card(named: code, in: &tx) : nil
        let place = try store.map { store in
          GuardPlace(kind, code, at: try RegisterSave.store(store, of: programme.account, in: &tx))
        }
        let blocked = card ?? place ?? GuardPlace(kind, code)
        return (
          try GuardBlocks(of: programme).block(blocked, because: reason, until: until, by: change, in: &tx), blocked.subject
        )
      }
      try answer("\(id): \(kind.word) \(named) gets no points\(last.map { " through \($0)" } ?? "")")
    }
  }
}

struct GuardUnblocking: Verb {
  static let configuration = CommandConfiguration(
    commandName: "unblock", abstract: "End a block, or a stop by a limit. Harmless where it has ended.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GuardOptions
  @Argument(help: "The block, gbl_….") var block: String
  @Option(help: ArgumentHelp("Why; the audit trail keeps it.", valueName: "text")) var reason: String

  func run(at desk: Desk) async throws {
    guard let id = GuardBlockID(block) else { throw ValidationError("a block is named gbl_ and 13 characters") }
    try await desk.withWiring { [reason] wiring in
      let (programme, change) = (try await of.open(wiring), wiring.change)
      try await wiring.database.write(.bulk) { tx in
        try GuardBlocks(of: programme).end(id, because: reason, by: change, in: &tx)
      }
      try answer("\(id): over")
    }
  }
}

/// Places, windows and figures as a terminal shows them.
struct GuardLines: Sendable {
  private let form: AmountForm
  private let stores: [StoreID: String]

  init(_ programme: Programme, _ stores: [StoreID: String] = [:]) {
    form = AmountForm(programme.settings.terms)
    self.stores = stores
  }

  static func stores(
    _ places: [GuardPlace], of programme: Programme, in tx: inout Transaction
  ) throws -> [StoreID: String] {
    let ids = Set(places.map(\.store)).filter { $0.raw != 0 }.sorted()
    let known = try Places(of: programme.account).stores(ids: ids, in: &tx)
    return Dictionary(known.map { ($0.id, $0.details.code) }, uniquingKeysWith: { first, _ in first })
  }

  func place(_ place: GuardPlace) -> String {
    "\(place.kind.word) \(place.subject)" + (stores[place.store].map { " in \($0)" } ?? "")
  }

  func window(_ window: GuardWindow) -> String {
    window.hours.map { "\($0) h" } ?? (window.days == 1 ? "1 day" : "\(window.days ?? 1) days")
  }

  func figure(_ value: Int64, _ measure: GuardMeasure) -> String {
    let json = measure.json(value, form)
    if case .string(let text) = json { return text }
    return json.compact
  }
}
