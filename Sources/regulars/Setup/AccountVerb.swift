import Access
import ArgumentParser
import Kernel
import Storage

/// The companies on this installation.
struct AccountVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Make an account, change what is said about it, list them.",
    discussion: "An account is a company: whatever else exists belongs to one. docs/administrator/first-data.md shows a first day.",
    subcommands: [AccountCreate.self, AccountChange.self, AccountList.self])
}

struct AccountCreate: Verb {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make an account. The same command again changes nothing.")

  @OptionGroup var shared: SharedOptions
  @Argument(help: "A short name for commands and files, such as pantry.") var code: String
  @Option(help: "What people call the company.") var name: String
  @Option(help: ArgumentHelp("Of costs and regular prices; cannot be changed later.", valueName: "ISO 4217")) var currency: String
  @Option(help: ArgumentHelp("The calling code by which telephone numbers are read.", valueName: "digits")) var country = "7"

  func run(at desk: Desk) async throws {
    guard let currency = Currency(currency) else {
      throw Problem(.invalid, "unknown_currency", "there is no currency \"\(currency.prefix(8))\"; ISO 4217 writes them like RUB")
    }
    let details = AccountDetails(code: code, name: name, currency: currency, country: country)
    try await desk.withWiring { wiring in
      let change = wiring.change
      let isNew = try await wiring.database.write(.bulk) { tx in
        let known = try Accounts().account(code: details.code, in: &tx)
        if let known, known.details != details { throw Self.taken(known.details, details) }
        _ = try Accounts().open(details, by: change, in: &tx)
        return known == nil
      }
      try answer("account \(code): \(isNew ? "made" : "there already, nothing changed")")
    }
  }

  private static func taken(_ known: AccountDetails, _ asked: AccountDetails) -> Problem {
    var differences: [String] = []
    if known.name != asked.name { differences.append("its name is \"\(known.name)\"") }
    if known.currency != asked.currency { differences.append("its currency is \(known.currency.code)") }
    if known.country != asked.country { differences.append("its country is \(known.country)") }
    return Problem(
      .conflict, "account_exists",
      "there is another account \"\(known.code)\": \(differences.joined(separator: ", ")); take another code, or `regulars account change`"
    )
  }
}

struct AccountChange: Verb {
  static let configuration = CommandConfiguration(
    commandName: "change", abstract: "Change an account's name or country. Its currency stays: prices are written in it.")

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The account's code.") var code: String
  @Option(help: "What people call the company.") var name: String?
  @Option(help: ArgumentHelp("The calling code by which telephone numbers are read.", valueName: "digits")) var country: String?

  func validate() throws {
    if name == nil, country == nil { throw ValidationError("say what changes: --name, --country or both") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let known = try await wiring.account(code).details
      let next = AccountDetails(
        code: known.code, name: name ?? known.name, currency: known.currency, country: country ?? known.country)
      let change = wiring.change
      _ = try await wiring.database.write(.bulk) { tx in try Accounts().open(next, by: change, in: &tx) }
      try answer("account \(code): \(next == known ? "nothing changed" : "changed")")
    }
  }
}

struct AccountList: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The accounts of this installation.")

  @OptionGroup var shared: SharedOptions
  @Flag(help: "Answer in JSON.") var json = false

  func run(at desk: Desk) async throws {
    let accounts = try await desk.withWiring { wiring in
      try await wiring.database.read { tx in
        var all: [Account] = []
        while true {
          let page = try Accounts().all(after: all.last?.id, limit: Limits.page, in: &tx)
          all += page
          if page.count < Limits.page { return all }
        }
      }
    }
    if json { return try answer(JSON.array(accounts.map(\.json)).pretty) }
    let rows = accounts.map { account in
      let details = account.details
      return [details.code, details.currency.code, "+" + details.country, account.isSuspended ? "suspended" : "", details.name]
    }
    try answer(rows.isEmpty ? "no accounts; `regulars account create` makes one" : aligned(rows))
  }
}

extension Account {
  fileprivate var json: JSON {
    .object([
      "code": .string(details.code), "name": .string(details.name), "currency": .string(details.currency.code),
      "country": .string(details.country), "suspended": .bool(isSuspended),
    ])
  }
}

extension Wiring {
  /// A change that somebody at this machine's command line makes now.
  var change: Change { Change(by: .commandLine, at: world.now(), ids: ids) }
}

/// Rows as columns of a terminal, two spaces apart.
func aligned(_ rows: [[String]]) -> String {
  let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    var line = ""
    for (text, width) in zip(row, widths) where width > 0 { line += text + String(repeating: " ", count: width - text.count + 2) }
    while line.last == " " { line.removeLast() }
    return line
  }.joined(separator: "\n")
}
