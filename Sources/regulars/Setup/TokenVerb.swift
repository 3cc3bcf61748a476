import Access
import ArgumentParser
import Kernel
import Loyalty
import Storage

/// The tokens by which tills and other systems use the interface.
struct TokenVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Issue, list and revoke the tokens of tills and other systems.",
    discussion:
      "A token's secret is shown once, when it is issued; only its hash is kept. docs/administrator/tokens.md tells more.",
    subcommands: [TokenIssue.self, TokenList.self, TokenRevoke.self])
}

struct TokenIssue: Verb {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: "Make a token and print its secret, once.",
    discussion: "With --store and --register the token is for that till alone; without them for another system.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String
  @Option(help: "The programme's code; not needed for a token that only reads metrics.") var programme: String?
  @Option(help: "The store's code, for a till's token.") var store: String?
  @Option(help: "The register's number, for a till's token.") var register: String?
  @Option(help: "What the token is called in lists and in the audit trail.") var name: String
  @Option(
    help: ArgumentHelp(
      "What it may do: \(Scope.allCases.map(\.rawValue).joined(separator: ", ")); what a till needs where nothing is said.",
      valueName: "scope,scope"))
  var scopes: String?
  @Option(help: ArgumentHelp("Days until it ends; never where nothing is said.", valueName: "days")) var days: Int?

  func validate() throws {
    if (store == nil) != (register == nil) { throw ValidationError("--store and --register belong together") }
    if let days, !(1...3650).contains(days) { throw ValidationError("--days is a number from 1 to 3650") }
  }

  func run(at desk: Desk) async throws {
    let scopes = try parsedScopes()
    let secret = TokenSecret(random: desk.world.random)
    let token = try await desk.withWiring { wiring in
      let (account, change, zones) = (try await wiring.account(account).id, wiring.change, wiring.zoneNamed)
      let end = days.map { change.at + .days(Int64($0)) }
      return try await wiring.database.write(.bulk) { tx in
        let chosen = try programme.map { try Programmes(of: account, zones: zones).programme(code: $0, in: &tx).id }
        let details = TokenDetails(
          name: name, programme: chosen, bearer: try bearer(account, &tx), scopes: scopes, expiresAt: end)
        return try Tokens(of: account).issue(details, secret: secret, by: change, in: &tx)
      }
    }
    desk.console.line("token \(token.id) \"\(token.name)\"; its secret is shown only now:")
    try answer(secret.text)
  }

  private func parsedScopes() throws -> Set<Scope> {
    guard let scopes else { return Scope.till }
    return Set(
      try scopes.split(separator: ",").map { word in
        guard let scope = Scope(rawValue: String(word)) else {
          throw ValidationError("\"\(word)\" is no scope; known are \(Scope.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return scope
      })
  }

  private func bearer(_ account: AccountID, _ tx: inout Transaction) throws -> Bearer {
    guard let store, let register else { return .integration }
    let place = try RegisterSave.store(store, of: account, in: &tx)
    guard let known = try Registers(of: account, in: place).all(in: &tx)[register] else {
      throw Problem(
        .notFound, "register_unknown", "store \(store) has no register \"\(register)\"; `regulars register save` makes it")
    }
    return .register(known.id, in: place)
  }
}

struct TokenList: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The tokens of an account.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String

  func run(at desk: Desk) async throws {
    let tokens = try await desk.withWiring { wiring in
      let account = try await wiring.account(account).id
      return try await wiring.database.read { tx in
        var all: [Token] = []
        while true {
          let page = try Tokens(of: account).all(after: all.last?.id, limit: Limits.page, in: &tx)
          all += page
          if page.count < Limits.page { return all }
        }
      }
    }
    let now = desk.world.now()
    let rows = tokens.map { token in
      [
        "\(token.id)", token.revokedAt != nil ? "revoked" : token.isLive(at: now) ? "live" : "ended",
        token.scopes.map(\.rawValue).sorted().joined(separator: ","), token.name,
      ]
    }
    try answer(rows.isEmpty ? "no tokens; `regulars token issue` makes one" : aligned(rows))
  }
}

struct TokenRevoke: Verb {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "End a token; servers refuse it within a second.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String
  @Argument(help: "The token's id, as the list shows it.") var id: String

  func run(at desk: Desk) async throws {
    guard let token = TokenID(id) else { throw ValidationError("a token's id is tok_ and 13 characters") }
    try await desk.withWiring { wiring in
      let (account, change) = (try await wiring.account(account).id, wiring.change)
      try await wiring.database.write(.bulk) { tx in try Tokens(of: account).revoke(token, by: change, in: &tx) }
      try answer("token \(id): revoked")
    }
  }
}
