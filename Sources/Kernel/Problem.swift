/// A text in the languages every text exists in.
public struct LocalText: Hashable, Sendable {
  public let ru: String
  public let en: String
  @inlinable public init(ru: String, en: String) {
    self.ru = ru
    self.en = en
  }
}

/// What is wrong at one place of an input: a JSON pointer (RFC 6901) or `line 7, column phone`, a stable word and a sentence.
public struct Issue: Hashable, Sendable, CustomStringConvertible {
  public let pointer: String
  public let code: String
  public let message: String

  public init(pointer: String, code: String, message: String) {
    self.pointer = pointer
    self.code = code
    self.message = message
  }

  public var description: String { "\(pointer.isEmpty ? "/" : pointer): \(message) [\(code)]" }
}

/// A refusal: an answer that the business or the input calls for, not a failure of ours. The six kinds map to HTTP once.
public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    /// The input cannot be read or breaks a bound: 422.
    case invalid
    /// Who asks is unknown: 401.
    case unauthenticated
    /// Who asks may not: 403.
    case forbidden
    /// There is no such thing, or it belongs to another account: 404.
    case notFound
    /// The state of things does not allow it, or a key was used for something else: 409.
    case conflict
    /// Not now; the same request may succeed later: 503 or 429.
    case unavailable
  }

  public let kind: Kind
  /// Stable and machine-readable, for example `insufficient_points`.
  public let code: String
  /// One sentence for a log or an integrator: what, where, and what to do about it.
  public let detail: String
  /// What a cashier can read out, where a cashier may see it.
  public let cashier: LocalText?
  /// Who of the staff can do something about it and where; for screens of theirs, read out to nobody.
  public let remedy: LocalText?
  public let issues: [Issue]

  public init(
    _ kind: Kind, _ code: String, _ detail: String, cashier: LocalText? = nil, remedy: LocalText? = nil, issues: [Issue] = []
  ) {
    self.kind = kind
    self.code = code
    self.detail = detail
    self.cashier = cashier
    self.remedy = remedy
    self.issues = issues
  }

  /// True where sending the same again later may succeed.
  public var isRetryable: Bool { kind == .unavailable }

  public var description: String {
    issues.isEmpty ? "\(detail) [\(code)]" : "\(detail) [\(code)]\n" + issues.map { "  \($0)" }.joined(separator: "\n")
  }
}

/// One page of a list, and how to ask for the next.
public struct Page<Element: Sendable>: Sendable {
  public let items: [Element]
  /// Opaque; nil on the last page.
  public let next: String?
  public init(items: [Element], next: String?) {
    self.items = items
    self.next = next
  }
}
