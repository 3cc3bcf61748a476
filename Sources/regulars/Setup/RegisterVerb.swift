import Access
import ArgumentParser
import Calculator
import Conditions
import Kernel
import Storage

/// The tills of a store.
struct RegisterVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Describe the tills of a store, and list them.",
    subcommands: [RegisterSave.self, RegisterList.self])
}

struct RegisterSave: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Make a register, or change it. The same command again changes nothing.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String
  @Option(help: "The store's code.") var store: String
  @Argument(help: "Its number, as fiscal receipts print it.") var code: String
  @Option(help: "What people call it; its number where nothing is said.") var name: String?
  @Option(
    help: ArgumentHelp(
      "What its software accepts, as JSON: tolerance, split, leastPrice, maxLines (docs/formats/basket.md).", valueName: "json"))
  var profile: String?

  func run(at desk: Desk) async throws {
    let profile = try profile.map { try JSON.parse($0) } ?? .object([JSON.Member]())
    let details = RegisterDetails(code: code, name: name ?? code, profile: profile)
    try await desk.withWiring { wiring in
      let (account, change) = (try await wiring.account(account).id, wiring.change)
      let saved = try await wiring.database.write(.bulk) { tx in
        let place = try Self.store(store, of: account, in: &tx)
        let read: (JSONNode) -> Void = { node in
          _ = BasketReader(rules: RuleReader(names: InternedNames())).register(node)
        }
        return try Registers(of: account, in: place).save([details], readProfile: read, by: change, in: &tx)
      }
      try answer(
        "register \(code) of store \(store): \(saved.made == 1 ? "made" : saved.changed == 1 ? "changed" : "nothing changed")")
    }
  }

  static func store(_ code: String, of account: AccountID, in tx: inout Transaction) throws -> StoreID {
    guard let store = try Places(of: account).stores(codes: [code], in: &tx)[code] else {
      throw Problem(.notFound, "store_unknown", "the account has no store with the code \"\(code.prefix(64))\"")
    }
    return store.id
  }
}

struct RegisterList: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The registers of a store.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "The account's code.") var account: String
  @Option(help: "The store's code.") var store: String

  func run(at desk: Desk) async throws {
    let known = try await desk.withWiring { wiring in
      let account = try await wiring.account(account).id
      return try await wiring.database.read { tx in
        try Registers(of: account, in: RegisterSave.store(store, of: account, in: &tx)).all(in: &tx)
      }
    }
    let rows = known.values.map(\.details).sorted { $0.code < $1.code }.map { [$0.code, $0.profile.compact, $0.name] }
    try answer(rows.isEmpty ? "no registers; `regulars register save` makes one" : aligned(rows))
  }
}
