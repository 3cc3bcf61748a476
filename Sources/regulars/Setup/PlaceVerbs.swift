import Access
import ArgumentParser
import Kernel
import Storage

/// The brands that stores of an account trade under.
struct BrandVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "brand", abstract: "The brands of an account: what stands over a store's door.", subcommands: [BrandSave.self])
}

struct BrandSave: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Make a brand or change its name. The same command again changes nothing.")

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The brand's code, as files of stores name it.") var code: String
  @Option(help: ArgumentHelp("The account it belongs to.", valueName: "code")) var account: String
  @Option(help: "What people call it.") var name: String

  func run(at desk: Desk) async throws {
    let brand = BrandDetails(code: code, name: name)
    try await desk.withWiring { wiring in
      let (account, change) = (try await wiring.account(account).id, wiring.change)
      let saved = try await wiring.database.write(.bulk) { tx in try Places(of: account).save([brand], by: change, in: &tx) }
      try answer("brand \(code): \(saved.word)")
    }
  }
}

/// The sellers of an account, as their receipts name them.
struct LegalEntityVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "legal-entity", abstract: "The legal entities of an account: who sells.", subcommands: [LegalEntitySave.self])
}

struct LegalEntitySave: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Make a legal entity or change it. The same command again changes nothing.")

  @OptionGroup var shared: SharedOptions
  @Argument(help: "Its code, as files of stores name it.") var code: String
  @Option(help: ArgumentHelp("The account it belongs to.", valueName: "code")) var account: String
  @Option(help: "Its name, as receipts print it.") var name: String
  @Option(help: ArgumentHelp("In Russia the INN; required with a Russian tax system.", valueName: "number")) var taxNumber: String?
  @Option(
    help: ArgumentHelp(
      "One of \(LegalEntityDetails.TaxSystem.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "word"))
  var taxSystem = "other"

  func validate() throws {
    guard LegalEntityDetails.TaxSystem(rawValue: taxSystem) == nil else { return }
    let known = LegalEntityDetails.TaxSystem.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("--tax-system is one of \(known)")
  }

  func run(at desk: Desk) async throws {
    let entity = LegalEntityDetails(
      code: code, name: name, taxNumber: taxNumber, taxSystem: LegalEntityDetails.TaxSystem(rawValue: taxSystem) ?? .other)
    try await desk.withWiring { wiring in
      let (account, change) = (try await wiring.account(account).id, wiring.change)
      let saved = try await wiring.database.write(.bulk) { tx in try Places(of: account).save([entity], by: change, in: &tx) }
      try answer("legal entity \(code): \(saved.word)")
    }
  }
}

extension Saved {
  /// What became of a single row.
  var word: String { made > 0 ? "made" : changed > 0 ? "changed" : "there already, nothing changed" }
}
