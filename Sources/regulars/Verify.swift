import Access
import ArgumentParser
import Kernel
import Loyalty
import Storage

struct Verify: Verb {
  static let configuration = CommandConfiguration(
    abstract:
      "Recompute the books: wallets from their entries, entries from receipts and returns, receipts from their facts, certificates, games, what promotions gave.",
    discussion: """
      Ends with 1 and a list when anything differs. Changes nothing; works while tills do. Only days of promotions, stores and \
      certificates need quiet tills and a worker that has caught up: it says where they were moving and compares none.
      """)

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("Only the programmes of this account.", valueName: "code"))
  var account: String?

  func run(at desk: Desk) async throws {
    var isClean = true
    try await desk.withDatabase { database in
      try await Wiring.migrator.check(database)
      for programme in try await EveryProgramme(of: account).read(database, desk) {
        let report = try await audit(programme, database, desk)
        let certificates = try await auditCertificates(programme, database, desk)
        let games = try await auditGames(programme, database, desk)
        let settlements = try await auditSettlements(programme, database, desk)
        isClean = isClean && report.isClean && certificates.isClean && games.isClean && settlements.isClean
        try answer(report.text(of: programme.code))
        if certificates.certificates > 0 || !certificates.isClean { try answer(certificates.text) }
        if settlements.days > 0 || settlements.wasMoving || !settlements.isClean { try answer(settlements.text) }
        if !games.isEmpty { try answer(games.text) }
      }
    }
    if !isClean { throw ExitCode(Ending.trouble.rawValue) }
  }

  private func audit(_ programme: Programme, _ database: any Database, _ desk: Desk) async throws -> AuditReport {
    let rules = try await database.read { tx in
      let catalogue = try CatalogueIndex(of: programme.account).refreshed(in: &tx)
      return try RuleShelf.load(of: programme, names: AccountNames(of: programme, catalogue: catalogue, in: &tx), in: &tx)
    }
    let audit = JournalAudit(of: programme.account, programme: programme.id, terms: programme.settings.points, rules: rules)
    let progress = desk.progress("verifying \(programme.code)", unit: "wallets", total: nil)
    defer { progress.finish() }
    return try await audit.run(on: database) { done in
      progress.reached(done)
      try desk.stop.check()
    }
  }

  private func auditCertificates(_ programme: Programme, _ database: any Database, _ desk: Desk) async throws -> CertificateReport {
    let certificates = Certificates(of: programme, ids: IDSource(node: 0), keys: nil)
    let progress = desk.progress("verifying \(programme.code)", unit: "certificates", total: nil)
    defer { progress.finish() }
    return try await CertificateAudit(of: certificates).run(on: database) { done in
      progress.reached(done)
      try desk.stop.check()
    }
  }

  private func auditSettlements(_ programme: Programme, _ database: any Database, _ desk: Desk) async throws -> SettlementReport {
    let zones = desk.world.zones
    let progress = desk.progress("verifying \(programme.code)", unit: "receipts and returns", total: nil)
    defer { progress.finish() }
    let audit = SettlementAudit(
      of: programme.account, programme: programme.id, books: GiftBooks { try? zones.zone(named: $0) })
    return try await audit.run(on: database, position: SettlementDays.position) { done in
      progress.reached(done)
      try desk.stop.check()
    }
  }

  private func auditGames(_ programme: Programme, _ database: any Database, _ desk: Desk) async throws -> GameReport {
    let games = Games(
      of: programme, ids: IDSource(node: 0), keys: KeyRing(desk.config.outward.secretKeys.keys, random: desk.world.random))
    let progress = desk.progress("verifying \(programme.code)", unit: "draws", total: nil)
    defer { progress.finish() }
    return try await GameAudit(of: games).run(on: database) { done in
      progress.reached(done)
      try desk.stop.check()
    }
  }
}

extension AuditReport {
  /// For the terminal: what was looked at, what every account holds, and each difference on a line of its own.
  func text(of programme: String) -> String {
    var lines = [
      "\(programme): \(wallets) wallets, \(postings) postings with \(entries) entries, "
        + "\(receipts) receipts (\(recalculated) priced again), \(returns) returns"
    ]
    if outdated > 0 { lines.append("  \(outdated) receipts of an older calculator were not priced again") }
    for account in JournalAccount.allCases {
      if let sum = accounts[account], sum != 0 { lines.append("  \(account): \(sum)") }
    }
    lines += differences.map { "  differs: \($0)" }
    if omitted > 0 { lines.append("  and \(omitted) more differences") }
    lines.append(isClean ? "  no differences" : "  \(differences.count + omitted) differences")
    return lines.joined(separator: "\n")
  }
}

extension SettlementReport {
  /// For the terminal.
  var text: String {
    var lines = ["  \(days) days of promotions and stores, from \(receipts) receipts and \(returns) returns"]
    if wasMoving {
      lines.append("  what promotions gave was moving; verify again when tills are quiet and `regulars work` has caught up")
    }
    lines += differences.map { "  differs: \($0)" }
    if omitted > 0 { lines.append("  and \(omitted) more differences") }
    return lines.joined(separator: "\n")
  }
}

extension CertificateReport {
  /// For the terminal. A certificate's code is money: only its end is shown.
  var text: String {
    var lines = ["  \(certificates) certificates with \(owed.minor) on them"]
    if wasMoving { lines.append("  their sums by day were moving; verify again when tills are quiet") }
    lines += differences.map { "  differs: \($0)" }
    if omitted > 0 { lines.append("  and \(omitted) more differences") }
    return lines.joined(separator: "\n")
  }
}

extension GameReport {
  /// For the terminal.
  var text: String {
    var lines = ["  \(draws) draws of games thrown again, turns of \(members) members"]
    if albums > 0 { lines.append("  \(albums) albums of hunts") }
    if sealed > 0 {
      lines.append("  \(sealed) open editions only counted: their seeds are sealed under a secrets.key that is not here")
    }
    lines += differences.map { "  differs: \($0)" }
    if omitted > 0 { lines.append("  and \(omitted) more differences") }
    return lines.joined(separator: "\n")
  }
}
