import ArgumentParser
import Kernel
import Storage

struct Migrate: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Bring the database to the schema that this program needs; make it where there is none.",
    discussion: "Each step is one transaction: a step that fails leaves nothing behind. Run it again as often as you like.")

  @OptionGroup var shared: SharedOptions

  func run(at desk: Desk) async throws {
    let applied = try await desk.withDatabase { database in
      var began = desk.world.now()
      return try await Wiring.bringUp(
        database, at: began,
        told: { step in
          let now = desk.world.now()
          // Which step it is that tills would wait for.
          if now - began >= .seconds(1) {
            let took = (now - began).micros / 1_000
            desk.log.info("a step of the schema took long", metadata: ["step": "\(step)", "milliseconds": "\(took)"])
          }
          began = now
        },
        views: { error in
          desk.log.warning(
            "the views for a warehouse could not be made anew and are as they were, or gone; `regulars feed views` makes them",
            metadata: ["cause": "\(error)"])
        })
    }
    let schema = "schema \(Wiring.migrator.known)"
    try answer(
      applied.isEmpty
        ? "\(desk.config.database): already at \(schema)"
        : "\(desk.config.database): at \(schema), applied \(applied.map(String.init).joined(separator: ", "))")
  }
}
