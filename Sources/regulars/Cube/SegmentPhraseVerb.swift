import Access
import ArgumentParser
import Customers
import Insight
import Kernel
import Loyalty

struct SegmentPhraseVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "phrase", abstract: "A phrase in Russian or English as a condition.",
    discussion: """
      Prints the condition as JSON. What was not understood is in no condition; it is told on the error output, and the \
      command then ends with 1. Names are those of the account's own catalogue, stores, tiers, segments and members' fields.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CubeOptions
  @Argument(help: ArgumentHelp("The phrase.", valueName: "text")) var phrase: String

  func run(at desk: Desk) async throws {
    let (reading, form) = try await desk.withWiring { wiring in
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      let phrase = phrase
      return try await wiring.database.read { tx in
        let catalogue = try CatalogueIndex(of: programme.account).refreshed(in: &tx)
        let stores = try Places(of: programme.account).everyStore(in: &tx)
        let codes = try AccountNames(of: programme, catalogue: catalogue, in: &tx)
        let fields = try FieldBook(of: programme.account).catalogue(.nothing, in: &tx).fields
        let names = try SegmentNames(of: programme, catalogue: catalogue, stores: stores, fields: fields, in: &tx)
        let reading = try PhraseReader(names: names, codes: codes, currency: programme.settings.terms.currency).read(
          phrase, in: &tx)
        return Read(reading: reading, codes: codes, programme: programme)
      }
    }.both
    if let condition = reading.condition { try answer(form.json(condition).pretty) }
    guard !reading.marks.isEmpty || reading.condition == nil else { return }
    for (text, trouble) in reading.pieces {
      guard let trouble else { continue }
      switch trouble {
      case .unknown: desk.console.line("not understood: \(text)")
      case .several(let names): desk.console.line("several are called so: \(text): \(names.map(\.code).joined(separator: ", "))")
      }
    }
    throw ExitCode(Ending.trouble.rawValue)
  }

  private struct Read: Sendable {
    let reading: PhraseReading
    let codes: AccountNames
    let programme: Programme
    var both: (PhraseReading, SegmentForm) { (reading, SegmentForm(names: codes, terms: programme.settings.terms)) }
  }
}
