import Access
import ArgumentParser
import Engagement
import Jobs
import Kernel
import Loyalty
import Storage

struct WebhookReplay: Verb {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Send events again: a range of positions, or what was given up.",
    discussion: "Events keep their ids, so a server that remembers ids passes over those it has.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var hook: WebhookOptions
  @Option(help: ArgumentHelp("The first position to send again.", valueName: "position")) var from: Int64?
  @Option(help: ArgumentHelp("The last; without it all that were sent before.", valueName: "position")) var through: Int64?
  @Flag(help: "The deliveries that were given up.") var dead = false

  func validate() throws {
    if dead == (from != nil) { throw ValidationError("say --from, or --dead") }
    if let from, from < 1 { throw ValidationError("positions begin at 1") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [through] wiring in
      if dead {
        var (count, more) = (0, 1)
        while more > 0 {
          more = try await hook.write(wiring) { hooks, id, change, tx in try hooks.replayDead(id, by: change, in: &tx) }
          count += more
          try desk.stop.check()
        }
        return try answer("\(hook.webhook): \(count) deliveries are due again")
      }
      var next: Int64? = (from ?? 1) - 1
      while let after = next {
        next = try await hook.write(wiring) { hooks, id, change, tx in
          try hooks.replay(id, after: after, through: through ?? .max, by: change, in: &tx)
        }
        try desk.stop.check()
      }
      try answer("\(hook.webhook): the events are due again")
    }
  }
}

struct WebhookRotateSecret: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rotate-secret", abstract: "Make another secret and show it, this once.",
    discussion: "For a day deliveries are signed with both, so that the server can change over.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var hook: WebhookOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let keys = try wiring.neededKeyRing(desk.config)
      let secret = try await hook.write(wiring) { hooks, id, change, tx in
        try hooks.rotateSecret(id, keys: keys, by: change, in: &tx)
      }
      try answer("\(hook.webhook): the old secret is used for another day\nsecret: \(secret.text)")
    }
  }
}

struct WebhookDeliveries: Verb {
  static let configuration = CommandConfiguration(
    commandName: "deliveries", abstract: "The latest deliveries of a webhook, \(Limits.page) at most.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var hook: WebhookOptions
  @Option(help: ArgumentHelp("Only waiting, delivered or dead ones.", valueName: "state")) var state: String?

  func validate() throws {
    if let state, Delivery.State(rawValue: state) == nil { throw ValidationError("--state is waiting, delivered or dead") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [state] wiring in
      let id = try hook.id()
      let account = try await wiring.account(hook.account).id
      let rows = try await wiring.database.read { tx in
        let hooks = Webhooks(of: account)
        _ = try hooks.webhook(id, in: &tx)
        return try hooks.deliveries(of: id, state.flatMap { Delivery.State(rawValue: $0) }, limit: Limits.page, in: &tx)
      }
      try answer(rows.isEmpty ? "no deliveries" : aligned(rows.map(row)))
    }
  }

  private func row(_ delivery: Delivery) -> [String] {
    [
      "\(delivery.position)", Event.Kind(rawValue: delivery.kindNumber)?.word ?? "\(delivery.kindNumber)", delivery.state.rawValue,
      "\(delivery.attempts) attempts", delivery.status.map { "\($0)" } ?? "", delivery.took.map { "\($0.micros / 1000) ms" } ?? "",
      delivery.state == .waiting ? "due \(delivery.dueAt.text)" : delivery.triedAt.map(\.text) ?? "", delivery.error ?? "",
    ]
  }
}

struct WebhookReseal: Verb {
  static let configuration = CommandConfiguration(
    commandName: "reseal", abstract: "Seal the stored secrets of all accounts under the first key of secrets.key.",
    discussion: "After a new key was put in front of the old one; then the old one can go.")

  @OptionGroup var shared: SharedOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let keys = try wiring.neededKeyRing(desk.config)
      let database = wiring.database
      try await Self.every(on: database) { after, tx in try Webhooks.reseal(after: after, with: keys, in: &tx) }
      try await Self.every(on: database) { after, tx in try CertificatePins.reseal(after: after, with: keys, in: &tx) }
      try await Self.every(on: database) { after, tx in try Games.reseal(after: after, with: keys, in: &tx) }
      try await Self.every(on: database) { after, tx in try SignIn.reseal(after: after, with: keys, in: &tx) }
      try answer("all secrets are sealed under the first key")
    }
  }

  /// A page in a transaction until none is left.
  private static func every<Of: Identified & SendableMetatype>(
    on database: any Database, _ seal: @escaping @Sendable (ID<Of>?, inout Transaction) throws -> ID<Of>?
  ) async throws {
    var after: ID<Of>?
    repeat {
      let from = after
      after = try await database.write(.bulk) { tx in try seal(from, &tx) }
    } while after != nil
  }
}
