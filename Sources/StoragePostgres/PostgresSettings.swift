/// How connections are made and how long anything may take.
public struct PostgresSettings: Sendable {
  /// Connections, each with a thread of its own. At most half of them do bulk work at a time.
  public var connections = 16
  /// Longest run of one statement, milliseconds.
  public var statementTime = 30_000
  /// Longest wait for a row lock, milliseconds; then the transaction is repeated.
  public var lockTime = 2_000
  /// A transaction idle for this long was forgotten: the server ends it. Milliseconds.
  public var idleTime = 60_000
  /// Longest wait for a new connection, seconds.
  public var connectTime = 5

  /// The server's schema that our tables lie in; nil for the one that the server gives the user. Unlike `options` in the URL it also
  /// passes through a pooler.
  public var schema: String?

  public init() {}
}
