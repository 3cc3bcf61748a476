/// How a caller names one request. Sent again with the same body it gives the same answer.
public struct RequestKey: Hashable, Sendable {
  public let text: String
  /// - Precondition: 1 to 200 bytes.
  public init(_ text: String) { self.text = text }

  /// The refusal of a key that stands for another body.
  public var reused: Problem {
    Problem(
      .conflict, "request_key_reused",
      "the request key \(text.prefix(64)) was used for another body; use a new key for a new request")
  }
}
