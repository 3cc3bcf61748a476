import ArgumentParser
import Kernel
import Storage

struct Migrate: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Bring the database to the schema that this program needs; make it where there is none.",
    discussion: "Each step is one transaction: a step that fails leaves nothing behind. Run it again as often as you like.")

  @OptionGroup var shared: SharedOptions

  func run(at desk: Desk) async throws {
    let applied = try await desk.withDatabase { try await Wiring.bringUp($0, at: desk.world.now()) }
    let schema = "schema \(Wiring.migrator.known)"
    try answer(
      applied.isEmpty
        ? "\(desk.config.database): already at \(schema)"
        : "\(desk.config.database): at \(schema), applied \(applied.map(String.init).joined(separator: ", "))")
  }
}
