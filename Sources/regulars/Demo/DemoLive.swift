import Access
import Imports
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization

/// The demonstration, alive: a server, tills that sell the last week through it, shifts that tie, and a trickle afterwards.
struct DemoLive: Sendable {
  private let setup: DemoSetup
  private let language: DemoLanguage
  private var wiring: Wiring { setup.wiring }
  private var desk: Desk { setup.desk }

  init(_ setup: DemoSetup, _ language: DemoLanguage) {
    self.setup = setup
    self.language = language
  }

  /// - Parameter once: ends when the week is sold and verified; else when somebody asks.
  /// - Returns: differences that the audit found, shifts that did not tie, discrepancies and refusals: none where all is well.
  func run(port: Int, once: Bool) async throws -> Int64 {
    let account = try await setup.account()
    let counter = Counter(wiring, desk, rate: 1_000_000)
    let (programme, token) = try await prepare(account)
    let password = try await letIn(account)
    return try await withThrowingTaskGroup(of: Int64?.self) { group in
      let (listening, isOver) = (ListeningPort(), Stop())
      group.addTask {
        try await counter.serve(port: port, until: { isOver.isAsked || desk.stop.isAsked }) { listening.tell($0) }
        return nil
      }
      group.addTask {
        defer { isOver.ask() }
        while listening.port == nil { try await Task.sleep(for: .milliseconds(10)) }
        let floor = try await counter.floors.floor(of: programme.id, account: account)
        let place = (host: "127.0.0.1", port: listening.port ?? port)
        let tills = DemoTills(at: place, token: token, floor: floor)
        let wrong = try await sellWeek(tills, account, floor, programme)
        guard !once else { return wrong }
        try tell(place, token, password)
        try await trickle(tills, account, floor, place, token)
        return wrong
      }
      var wrong: Int64 = 0
      for try await part in group { wrong += part ?? 0 }
      return wrong
    }
  }

  /// Somebody who may sign in to the console, with a new password in every run.
  private func letIn(_ account: AccountID) async throws -> String {
    let (text, password) = try OneTimePassword.make(desk.world.random)
    let (change, login, name) = (wiring.change, Self.login, language(ru: "Ольга Терехова", en: "Olga Terekhova"))
    try await wiring.database.write(.bulk) { tx in
      let staff = Staff(of: account)
      if try staff.find(login, in: &tx) == nil {
        _ = try staff.add(login: login, name: name, role: .owner, password: password, by: change, in: &tx)
      }
      try staff.set(password, of: login, mustChange: false, by: change, in: &tx)
    }
    return text
  }

  private static let login = "demo"

  /// A token for the tills; those of earlier runs end.
  private func prepare(_ account: AccountID) async throws -> (Programme, token: String) {
    let (change, zones) = (wiring.change, wiring.zoneNamed)
    let secret = TokenSecret(random: desk.world.random)
    let programme = try await wiring.database.write(.bulk) { tx in
      let programme = try Programmes(of: account, zones: zones).programme(code: DemoSetup.programme, in: &tx)
      let tokens = Tokens(of: account)
      for old in try tokens.all(limit: Limits.page, in: &tx) where old.name == "demo" && old.revokedAt == nil {
        try tokens.revoke(old.id, by: change, in: &tx)
      }
      let details = TokenDetails(
        name: "demo", programme: programme.id, bearer: .integration, scopes: Set(Scope.allCases), expiresAt: change.at + .days(30))
      _ = try tokens.issue(details, secret: secret, by: change, in: &tx)
      return programme
    }
    return (programme, secret.text)
  }

  /// Sells the week where no earlier run did, and closes its shifts.
  private func sellWeek(
    _ tills: DemoTills, _ account: AccountID, _ floor: SalesFloor, _ programme: Programme
  ) async throws -> Int64 {
    let known = try await wiring.database.read { tx in try Checkpoints(of: account, for: "demo").find("week", in: &tx) }
    guard known == nil else { return 0 }
    let week = try await DemoBaskets("week.csv", setup, account, floor).purchases
    let line = DemoProgress(language, total: week.count, desk)
    try await tills.sell(week, desk.stop) { line.show($0) }
    try desk.stop.check()
    line.finish(tills.sofar)
    let shifts = try await tills.closeShifts { _ in }
    let differences = try await verify(programme, floor)
    let tally = tills.sofar
    let refused = tally.refused.values.reduce(0, +)
    try answer(line.week(tally, shifts, differences: differences))
    let now = desk.world.now()
    _ = try await wiring.database.write(.bulk) { tx in
      try Checkpoints(of: account, for: "demo").reach(.object([]), isDone: true, key: "week", after: nil, at: now, in: &tx)
    }
    return differences + Int64(tally.discrepancies + refused + shifts.open)
  }

  private func verify(_ programme: Programme, _ floor: SalesFloor) async throws -> Int64 {
    let audit = JournalAudit(
      of: programme.account, programme: programme.id, terms: programme.settings.points, rules: floor.shelf)
    let progress = desk.progress("verifying", unit: "wallets", total: nil)
    defer { progress.finish() }
    let report = try await audit.run(on: wiring.database) { progress.reached($0) }
    return Int64(report.differences.count + report.omitted)
  }

  private func tell(_ place: (host: String, port: Int), _ token: String, _ password: String) throws {
    let root = "http://\(desk.config.server.host.text):\(place.port)"
    try answer(
      language(
        ru: """

          Сервер работает: \(root)
            консоль             \(root)/console  логин \(Self.login), пароль \(password)
            описание для касс   \(root)/till/v1/docs
            здоровье            \(root)/healthz  \(root)/readyz
            токен (30 дней)     \(token)
            попробовать         curl -H "Authorization: Bearer \(token)" \(root)/till/v1/board
          Идут покупки, по одной за секунду. Ctrl-C заканчивает.
          """,
        en: """

          The server is up: \(root)
            console              \(root)/console  login \(Self.login), password \(password)
            described for tills  \(root)/till/v1/docs
            health               \(root)/healthz  \(root)/readyz
            token (30 days)      \(token)
            try it               curl -H "Authorization: Bearer \(token)" \(root)/till/v1/board
          One purchase comes every second. Ctrl-C ends it.
          """))
  }

  /// What the coming week would bring, one receipt a second, sold now.
  private func trickle(
    _ tills: DemoTills, _ account: AccountID, _ floor: SalesFloor, _ place: (host: String, port: Int), _ token: String
  ) async throws {
    let coming = try await DemoBaskets("coming.csv", setup, account, floor).purchases
    guard !coming.isEmpty else { return }
    let line = try await TillLine.open(place, token: token)
    var next = Int(desk.world.random() % UInt64(coming.count))
    while !desk.stop.isAsked {
      let now = desk.world.now()
      try await tills.sell(coming[next], over: line, at: now, number: "\(coming[next].receipt)-\(now.seconds)")
      next = (next + 1) % coming.count
      for _ in 0..<10 where !desk.stop.isAsked { try await Task.sleep(for: .milliseconds(100)) }
    }
    await line.close()
  }
}

/// Known once the server listens.
private final class ListeningPort: Sendable {
  private let known = Mutex<Int?>(nil)
  var port: Int? { known.withLock { $0 } }
  func tell(_ port: Int) { known.withLock { $0 = port } }
}

/// The week's selling as one line that is redrawn.
struct DemoProgress: Sendable {
  private let language: DemoLanguage
  private let total: Int
  private let desk: Desk
  private let drawn = Drawn()

  private final class Drawn: Sendable {
    let at = Mutex<ContinuousClock.Instant?>(nil)
  }

  init(_ language: DemoLanguage, total: Int, _ desk: Desk) {
    self.language = language
    self.total = total
    self.desk = desk
  }

  func show(_ tally: DemoTills.Tally) {
    let now = ContinuousClock.now
    let pause: Duration = desk.console.isTerminal ? .milliseconds(200) : .seconds(5)
    let isDue = drawn.at.withLock { at in
      guard at.map({ now - $0 >= pause }) ?? true else { return false }
      at = now
      return true
    }
    guard isDue else { return }
    if desk.console.isTerminal { desk.console.bar(text(tally)) } else { desk.console.line(text(tally)) }
  }

  func finish(_ tally: DemoTills.Tally) {
    desk.console.bar(nil)
    desk.console.line(text(tally))
  }

  private func text(_ tally: DemoTills.Tally) -> String {
    let took = tally.began.map { $0.duration(to: .now) } ?? .zero
    let seconds = max(0.001, Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18)
    let rate = Int(Double(tally.receipts) / seconds)
    let (p50, p99) = (Int(tally.latencies.percentile(0.5) / 1000), Int(tally.latencies.percentile(0.99) / 1000))
    let refused = tally.refused.isEmpty ? "" : "  " + tally.refused.map { "\($0.key) × \($0.value)" }.joined(separator: ", ")
    return language(
      ru:
        "неделя: \(tally.receipts) из \(total) чеков · \(rate) чеков/с · p50 \(p50) мс, p99 \(p99) мс · баллы +\(tally.earned) −\(tally.spent) · расхождений \(tally.discrepancies)\(refused)",
      en:
        "last week: \(tally.receipts) of \(total) receipts · \(rate) receipts/s · p50 \(p50) ms, p99 \(p99) ms · points +\(tally.earned) −\(tally.spent) · discrepancies \(tally.discrepancies)\(refused)"
    )
  }

  func week(_ tally: DemoTills.Tally, _ shifts: (closed: Int, open: Int), differences: Int64) -> String {
    language(
      ru: """

        Последняя неделя продана через HTTP: \(tally.receipts) чеков, расхождений \(tally.discrepancies)
        Смены: сошлись \(shifts.closed), не сошлись \(shifts.open)
        Проверка книг после этого; расхождений: \(differences)
        """,
      en: """

        The last week was sold over HTTP: \(tally.receipts) receipts, discrepancies \(tally.discrepancies)
        Shifts: \(shifts.closed) tie, \(shifts.open) do not
        The books were verified afterwards; differences: \(differences)
        """)
  }
}
