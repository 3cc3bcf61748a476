import ArgumentParser
import Jobs
import Kernel

struct Work: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Do the background work alone: events, jobs, webhooks, expiry of points, retention.",
    discussion: """
      Runs until Ctrl-C or SIGTERM, then finishes the steps under way. Any number of instances may run beside each other and beside \
      tills; leases in the database see to it that nothing is done twice. docs/administrator/background-work.md tells the rest.
      """)

  @OptionGroup var shared: SharedOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [stop = desk.stop, log = desk.log] wiring in
      let works = try Works(
        wiring, desk.config, cubes: wiring.cubes(desk.config) { log.note($0) },
        showing: { [console = desk.console] in console.line($0) }
      ) { log.note($0) }
      log.info("working", metadata: ["work": "\(works.worker.names.joined(separator: ", "))"])
      if desk.config.outward.secretKeys.keys.isEmpty { log.notice("webhooks are not sent: the configuration has no secrets.key") }
      try await works.run { stop.isAsked }
      log.info("stopped")
    }
  }
}
