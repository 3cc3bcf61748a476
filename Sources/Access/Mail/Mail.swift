import Jobs
import Kernel

/// A letter to one person of the staff, in plain text.
public struct Mail: Hashable, Sendable {
  public let to: Email
  /// One line.
  public let subject: String
  /// Lines end with `\n`.
  public let text: String

  public init(to: Email, subject: String, text: String) {
    self.to = to
    self.subject = subject
    self.text = text
  }
}

/// Hands a letter to a mail server, which takes `Limits.mailWait` at most.
/// - Throws: `MailNotSent`.
public typealias MailSender = @Sendable (Mail) async throws -> Void

/// No mail server took a letter.
public struct MailNotSent: PlainlyTold, Hashable {
  /// Holds no address and nothing of the letter.
  public let plainText: String
  /// The server refused it for good: another attempt would fail the same way.
  public let isFinal: Bool

  public init(_ plainText: String, isFinal: Bool = false) {
    self.plainText = plainText
    self.isFinal = isFinal
  }
}
