import Access
import ArgumentParser
import Engagement
import Jobs
import Kernel
import Storage

/// Where accounts hear of what happens.
struct WebhookVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "webhook", abstract: "Send an account's events to its servers.",
    discussion: "What is sent and how it is signed stands in docs/integrator/webhooks.md; `regulars work` sends it.",
    subcommands: [
      WebhookAdd.self, WebhookList.self, WebhookPause.self, WebhookResume.self, WebhookReplay.self, WebhookRemove.self,
      WebhookRotateSecret.self, WebhookDeliveries.self, WebhookReseal.self,
    ])
}

/// A webhook on the command line.
struct WebhookOptions: ParsableArguments {
  @Argument(help: "The webhook's id, as `regulars webhook list` shows it.") var webhook: String
  @Option(help: ArgumentHelp("The account it belongs to.", valueName: "code")) var account: String

  func id() throws(Problem) -> WebhookID {
    if let id = WebhookID(webhook) { return id }
    throw Problem(.invalid, "not_an_id", "\"\(webhook.prefix(40))\" is no webhook's id; they look like whk_01hq3v8k2m4p6")
  }

  /// The account's webhooks and the id, for a write.
  func write<R: Sendable>(
    _ wiring: Wiring, _ body: @escaping @Sendable (Webhooks, WebhookID, Change, inout Transaction) throws -> R
  ) async throws -> R {
    let (id, account, change) = (try id(), try await wiring.account(account).id, wiring.change)
    return try await wiring.database.write(.bulk) { tx in try body(Webhooks(of: account), id, change, &tx) }
  }
}

struct WebhookAdd: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a webhook and show its secret, this once.",
    discussion: "It hears of what happens from now on; `regulars webhook replay` sends what happened before.")

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: "Where to, beginning with https://.") var url: String
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "What to send; all without it. Known are \(Event.Kind.allCases.map(\.word).joined(separator: ", ")).", valueName: "kind"))
  var kinds: [String] = []

  func validate() throws {
    for kind in kinds where Event.Kind(word: kind) == nil { throw ValidationError("there is no kind of event \"\(kind)\"") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [url, kinds] wiring in
      let keys = try wiring.neededKeyRing(desk.config)
      let (account, change, rule) = (try await wiring.account(account).id, wiring.change, desk.config.webhookRule)
      let made = try await wiring.database.write(.bulk) { tx in
        try Webhooks(of: account).add(
          url, kinds: kinds.compactMap { Event.Kind(word: $0) }, under: rule, keys: keys, by: change, in: &tx)
      }
      try answer("\(made.id): added\nsecret: \(made.secret.text)")
    }
  }
}

struct WebhookList: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The webhooks of an account.")

  @OptionGroup var shared: SharedOptions
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let account = try await wiring.account(account).id
      let hooks = try await wiring.database.read { tx in try Webhooks(of: account).all(in: &tx) }
      try answer(hooks.isEmpty ? "no webhooks; `regulars webhook add` makes one" : aligned(hooks.map(row)))
    }
  }

  private func row(_ hook: Webhook) -> [String] {
    let kinds = hook.kinds.isEmpty ? "all kinds" : hook.kinds.map(\.word).joined(separator: " ")
    let state =
      switch hook.state {
      case .active: hook.failures > 0 ? "active, \(hook.failures) failures in a row" : "active"
      case .paused(let reason): "paused: \(reason)"
      }
    return ["\(hook.id)", hook.url.description, kinds, "at \(hook.position)", state]
  }
}

struct WebhookPause: Verb {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Send nothing until it is resumed; it goes on from where it was.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var hook: WebhookOptions
  @Option(help: "Why, for whoever finds it paused.") var reason: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [reason] wiring in
      try await hook.write(wiring) { hooks, id, change, tx in try hooks.pause(id, because: reason, by: change, in: &tx) }
      try answer("\(hook.webhook): paused")
    }
  }
}

struct WebhookResume: Verb {
  static let configuration = CommandConfiguration(commandName: "resume", abstract: "Go on sending, from where it was paused.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var hook: WebhookOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      try await hook.write(wiring) { hooks, id, change, tx in try hooks.resume(id, by: change, in: &tx) }
      try answer("\(hook.webhook): active")
    }
  }
}

struct WebhookRemove: Verb {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a webhook with everything that waits for it.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var hook: WebhookOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      try await hook.write(wiring) { hooks, id, change, tx in try hooks.remove(id, by: change, in: &tx) }
      while try await hook.write(wiring, { hooks, id, _, tx in try hooks.forgetDeliveries(of: id, in: &tx) }) > 0 {
        try desk.stop.check()
      }
      try answer("\(hook.webhook): removed")
    }
  }
}
