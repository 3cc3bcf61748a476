import Jobs
import Kernel

/// A letter to one person of the staff, in plain text, with what is attached.
public struct Mail: Hashable, Sendable {
  public struct Attachment: Hashable, Sendable {
    /// ASCII letters, digits, `-`, `_` and `.`.
    public let name: String
    public let type: String
    public let bytes: [UInt8]
    /// In the letter itself, where its reader can: a picture.
    public let isShown: Bool

    public init(name: String, type: String, bytes: [UInt8], isShown: Bool = false) {
      precondition(name.utf8.allSatisfy { (0x2d...0x7a).contains($0) && !"/:;<=>?@[\\]^`".utf8.contains($0) }, "a plain name")
      (self.name, self.type, self.bytes, self.isShown) = (name, type, bytes, isShown)
    }
  }

  public let to: Email
  /// One line.
  public let subject: String
  /// Lines end with `\n`.
  public let text: String
  public let attachments: [Attachment]
  /// The same for every attempt to send this very letter, so that a mailbox shows it once; nil for one that is nobody's again.
  public let id: String?

  public init(to: Email, subject: String, text: String, attachments: [Attachment] = [], id: String? = nil) {
    self.to = to
    self.subject = subject
    self.text = text
    self.attachments = attachments
    self.id = id
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
