import Access
import Imports
import Jobs
import Kernel
import Loyalty
import Storage

/// The shop of the demonstration: one account with a brand, a legal entity, a programme and its promotions, as files describe them.
struct DemoSetup: Sendable {
  static let code = "pantry"
  static let programme = "club"
  /// The moment at which everything is made, before the first purchase: ids that begin with it are the same on every machine, and
  /// who is in the control group hangs on them.
  static let moment = Instant(seconds: 1_483_228_800)

  let wiring: Wiring
  let desk: Desk
  let data: String
  let files: String
  /// Depends on nothing but the order in which ids are asked for, and lies before all that the machine's clock makes.
  private let ids = IDSource(node: 0)
  private var change: Change { Change(by: .demo, at: Self.moment, ids: ids) }

  init(_ wiring: Wiring, _ desk: Desk, data: String, files: String) {
    self.wiring = wiring
    self.desk = desk
    self.data = data
    self.files = files
  }

  /// The account with everything but purchases; made where it is not there. All of it is one step: a run that is asked to stop ends
  /// behind it, since half a shop could not be gone on with.
  /// - Throws: `Problem.conflict` where an earlier run was killed in the middle of this.
  func account() async throws -> AccountID {
    let known = try await wiring.database.read { tx in
      try Accounts().account(code: Self.code, in: &tx).map { account in
        (account.id, try Checkpoints(of: account.id, for: "demo").find("setup", in: &tx) != nil)
      }
    }
    if let known {
      if known.1 { return known.0 }
      throw Problem(
        .conflict, "demo_incomplete",
        "a demonstration was stopped here while its shop was set up; remove the database (\(desk.config.database)) and start again")
    }
    let account = try await makeAccount()
    try await take("stores.csv", "stores.json", into: account, for: nil)
    try await take("products.csv", "products.json", into: account, for: nil)
    try await take("members.csv", "members.json", into: account, for: wiring.importDesk(account, Self.programme))
    try await publishRules(account)
    try await printCertificates(account)
    let change = change
    _ = try await wiring.database.write(.bulk) { tx in
      try Checkpoints(of: account, for: "demo").reach(.object([]), isDone: true, key: "setup", after: nil, at: change.at, in: &tx)
    }
    return account
  }

  func makeAccount() async throws -> AccountID {
    let settings = try json("programme.json")
    let (change, zones) = (change, wiring.zoneNamed)
    return try await wiring.database.write(.bulk) { tx in
      let account = try Accounts().open(
        AccountDetails(code: Self.code, name: "Pantry", currency: .usd, country: "1"), by: change, in: &tx)
      let places = Places(of: account)
      _ = try places.save([BrandDetails(code: "pantry", name: "Pantry")], by: change, in: &tx)
      _ = try places.save([LegalEntityDetails(code: "pantry", name: "Pantry LLC")], by: change, in: &tx)
      _ = try Programmes(of: account, zones: zones).save(Self.programme, settings, by: change, in: &tx)
      return account
    }
  }

  /// A series of gift certificates and a box of printed ones, for whoever sells with `regulars till`.
  private func printCertificates(_ account: AccountID) async throws {
    let (change, ids, zones) = (change, ids, wiring.zoneNamed)
    let series = CertificateSeriesDetails(
      code: "GIFT-50", name: LocalText(ru: "Подарок на 50", en: "Gift of 50"), face: .fixed(Money(minor: 5_000)),
      pattern: CodePattern(prefix: "G", length: 12), currency: .usd)
    try await wiring.database.write(.bulk) { tx in
      let programme = try Programmes(of: account, zones: zones).programme(code: Self.programme, in: &tx)
      let certificates = Certificates(of: programme, ids: ids, keys: nil)
      _ = try certificates.save([series], by: change, in: &tx)
      let batch = try certificates.order(200, of: series.code, label: "demo", key: "demo", by: change, in: &tx)
      var generator = SystemRandomNumberGenerator()
      _ = try certificates.makeNext(of: batch.id, using: &generator, in: &tx)
    }
  }

  private func publishRules(_ account: AccountID) async throws {
    _ = try await wiring.publish(json("rules.json"), in: Self.programme, of: account, by: change)
  }

  /// Takes in one of the lists by its mapping.
  func take(_ file: String, _ mapping: String, into account: AccountID, for importDesk: ImportDesk?) async throws {
    let report = try await carryOut(
      file, self.mapping(mapping), for: importDesk,
      ImportRun(
        into: wiring.database, account: account, ids: ids, options: ImportOptions(), refused: nil, now: { Self.moment }))
    guard report.tally.refused == 0 else {
      throw Problem(
        .invalid, "demo_data", "\(file): \(report.tally.refused) records were refused",
        issues: report.issues.map { Issue(pointer: file, code: "refused", message: $0) })
    }
  }

  func mapping(_ name: String) throws -> ImportMapping {
    try ImportMapping(readFile(files + "/" + name, atMost: Limits.mappingFile))
  }

  func carryOut(
    _ file: String, _ mapping: ImportMapping, for importDesk: ImportDesk?, _ run: ImportRun, saying word: String? = nil
  ) async throws -> ImportReport {
    let opened = try await OpenedFile(ImportFile(path: data + "/" + file), mapping)
    let verb = word ?? (mapping.kind == .receipts ? "pricing " : "importing ")
    let progress = desk.progress(verb + mapping.kind.noun, unit: "lines", total: opened.lines)
    defer { progress.finish() }
    let zones = desk.world.zones
    return try await run.carryOut(
      opened, for: importDesk, zones: { (name) throws(Problem) in try zones.zone(named: name) },
      progress: { progress.reached($0.tally.line) })
  }

  func json(_ name: String) throws -> JSON { try JSON.parse(readFile(files + "/" + name, atMost: Limits.rulesFile)) }
}
