import Access
import ArgumentParser
import Kernel
import Loyalty
import Storage

struct Rebuild: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract:
      "Make anew what was added up from events: what promotions gave and who pays for it, or what partners' stores earned and spent.",
    discussion: """
      Reads receipts, claims and returns page by page and mends the days that differ, a few hundred rows at a time. Can be stopped and \
      begun again; run twice it does nothing the second time. Acts and statements that were issued stay as they are. Needs quiet tills \
      and a worker that has caught up: it says where days were moving. With --check it changes nothing and ends with 1 where anything \
      differs.
      """)

  enum Part: String, ExpressibleByArgument, CaseIterable { case funding, partners }

  @OptionGroup var shared: SharedOptions
  @Argument(help: ArgumentHelp("What to make anew: funding or partners.")) var part: Part
  @Flag(help: "Only say what differs.") var check = false
  @Option(help: ArgumentHelp("Only the programmes of this account.", valueName: "code")) var account: String?

  func run(at desk: Desk) async throws {
    var isGood = true
    try await desk.withDatabase { database in
      try await Wiring.migrator.check(database)
      for programme in try await EveryProgramme(of: account).read(database, desk) {
        let report = try await rebuild(programme, database, desk)
        isGood = isGood && !report.wasMoving && (!check || report.isClean)
        try answer(report.text(of: programme.code, isCheck: check))
      }
    }
    if !isGood { throw ExitCode(Ending.trouble.rawValue) }
  }

  private func rebuild(_ programme: Programme, _ database: any Database, _ desk: Desk) async throws -> RebuildReport {
    let zones = desk.world.zones
    let progress = desk.progress("reading \(programme.code)", unit: "receipts and returns", total: nil)
    defer { progress.finish() }
    let rebuild = SettlementRebuild(
      of: programme.account, programme: programme.id, books: GiftBooks { try? zones.zone(named: $0) })
    return try await rebuild.run(
      part == .funding ? .funding : .partners, isCheck: check, on: database, position: SettlementDays.position
    ) { done in
      progress.reached(done)
      try desk.stop.check()
    }
  }
}

/// All programmes of all accounts, or of the one that was named.
struct EveryProgramme {
  let account: String?
  init(of account: String?) { self.account = account }

  func read(_ database: any Database, _ desk: Desk) async throws -> [Programme] {
    let (named, zones) = (account, desk.world.zones)
    return try await database.read { tx in
      var accounts: [Account] = []
      while let page = Optional(try Accounts().all(after: accounts.last?.id, limit: Limits.page, in: &tx)), !page.isEmpty {
        accounts += page
      }
      if let named {
        accounts.removeAll { $0.details.code != named }
        guard !accounts.isEmpty else {
          throw Problem(.notFound, "account_unknown", "there is no account with the code \"\(named)\"")
        }
      }
      return try accounts.flatMap { account in
        // A zone that this machine does not know is told by whoever reads the programme.
        try Programmes(of: account.id, zones: { try? zones.zone(named: $0) }).all(in: &tx)
      }
    }
  }
}

extension RebuildReport {
  /// For the terminal.
  func text(of programme: String, isCheck: Bool) -> String {
    var lines = ["\(programme): \(receipts) receipts and \(returns) returns read"]
    lines += differences.map { "  differs: \($0)" }
    if omitted > 0 { lines.append("  and \(omitted) more differences") }
    if wasMoving {
      lines.append("  days were moving; do it again when tills are quiet and `regulars work` has caught up")
    } else if isClean {
      lines.append("  no differences")
    }
    if !isCheck, mended > 0 { lines.append("  \(mended) mended") }
    return lines.joined(separator: "\n")
  }
}
