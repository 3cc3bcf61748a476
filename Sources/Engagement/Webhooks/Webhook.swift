import Jobs
import Kernel

/// Where an account wants to hear of what happens, and of what.
public struct Webhook: Hashable, Sendable {
  public enum State: Hashable, Sendable {
    case active
    /// Nothing is sent and nothing is lost for the days that events are kept: it goes on from its position.
    case paused(because: String)
  }

  public let id: WebhookID
  public let account: AccountID
  public let url: WebhookURL
  /// Empty: all kinds, those that will come too.
  public let kinds: [Event.Kind]
  public let state: State
  /// Up to here the stream's events have become deliveries.
  public let position: Int64
  /// Attempts in a row that failed, and since when.
  public let failures: Int
  public let failingSince: Instant?
  /// After failures it rests until then.
  public let restsUntil: Instant
  /// Until then deliveries carry the signature of the secret before this one, too.
  public let oldSecretUntil: Instant?
  public let madeAt: Instant

  func wants(_ kind: Event.Kind) -> Bool { kinds.isEmpty || kinds.contains(kind) }
}

/// One event on its way to one webhook.
public struct Delivery: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case waiting, delivered, dead }

  public let webhook: WebhookID
  /// Of the event in the stream.
  public let position: Int64
  public let kindNumber: Int64
  public let state: State
  public let attempts: Int
  public let dueAt: Instant
  public let madeAt: Instant
  public let triedAt: Instant?
  /// What the server answered last; nil where it did not.
  public let status: Int?
  public let took: Span?
  /// Why the last attempt was none, in a word or two.
  public let error: String?
}

/// What is sent: to where, under which rule, with which headers.
public struct WebhookPost: Hashable, Sendable {
  public let url: WebhookURL
  public let rule: AddressRule
  public let headers: [Header]
  public let body: String

  public struct Header: Hashable, Sendable {
    public let name: String
    public let value: String
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(to url: WebhookURL, under rule: AddressRule, headers: [Header], body: String) {
    self.url = url
    self.rule = rule
    self.headers = headers
    self.body = body
  }
}

/// What came of sending.
public struct WebhookAnswer: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    /// The server answered with this status; 2xx is delivered.
    case status(Int)
    /// Nothing was sent, or no answer came: a word or two that hold nothing of what was sent.
    case failed(String)
  }

  public let outcome: Outcome
  public let took: Span

  public init(_ outcome: Outcome, took: Span) {
    self.outcome = outcome
    self.took = took
  }

  /// The server answered 2xx.
  public var isDelivered: Bool {
    if case .status(let code) = outcome { return (200...299).contains(code) }
    return false
  }

  /// Nil where there was no answer.
  public var status: Int? {
    if case .status(let code) = outcome { return code }
    return nil
  }

  /// Nil where it was delivered.
  public var error: String? {
    switch outcome {
    case .status(let code) where (200...299).contains(code): nil
    case .status(let code) where (300...399).contains(code): "redirects are not followed"
    case .status(let code): "answered \(code)"
    case .failed(let why): String(why.prefix(Limits.name))
    }
  }
}

/// Sends one delivery: resolves the name and refuses what the rule does not allow, follows no redirect, waits `Limits.webhookWait` at
/// most and reads `Limits.webhookAnswer` bytes of the answer at most. Never throws: what goes wrong is an outcome.
public typealias WebhookSender = @Sendable (WebhookPost) async -> WebhookAnswer
