import Access
import ArgumentParser
import Kernel
import Loyalty
import Storage

/// Which programme a verb is about. A shop that runs one names neither it nor its account.
struct OnlyProgramme: ParsableArguments {
  @Option(help: ArgumentHelp("The account; the only one, where there is one.", valueName: "code")) var account: String?
  @Option(help: ArgumentHelp("The programme; the account's only one, where it has one.", valueName: "code"))
  var programme: String?

  /// - Throws: `Problem.invalid` (`account_unnamed`, `programme_unnamed`) with the codes there are where it is not plain which one is meant.
  func programme(_ wiring: Wiring) async throws -> Programme {
    let account = try await owner(wiring)
    if let programme { return try await wiring.programme(programme, of: account.id) }
    let all = try await wiring.database.read { [zones = wiring.zoneNamed] tx in
      try Programmes(of: account.id, zones: zones).all(in: &tx)
    }
    guard let only = all.first, all.count == 1 else {
      throw Self.unnamed("programme", all.map(\.code), "account \(account.details.code) has no programme yet")
    }
    return only
  }

  private func owner(_ wiring: Wiring) async throws -> Account {
    if let account { return try await wiring.account(account) }
    let all = try await wiring.database.read { tx in try Accounts().all(limit: Self.shown + 1, in: &tx) }
    guard let only = all.first, all.count == 1 else {
      throw Self.unnamed("account", all.map(\.details.code), "there is no account yet")
    }
    return only
  }

  private static let shown = 20

  private static func unnamed(_ what: String, _ codes: [String], _ none: String) -> Problem {
    let names = codes.prefix(shown).joined(separator: ", ") + (codes.count > shown ? ", …" : "")
    return Problem(.invalid, what + "_unnamed", codes.isEmpty ? none : "say which one with --\(what): \(names)")
  }
}
