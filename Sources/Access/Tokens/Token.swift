import Kernel

/// What a token may be used for. A token has as few as its work needs.
public enum Scope: String, Sendable, CaseIterable {
  /// Calculate, hold, confirm, cancel, return, close shifts, look a receipt up.
  case sell
  /// Find a member by an identifier, and see the balance.
  case membersRead = "members-read"
  /// Register a member, claim a receipt for one.
  case membersWrite = "members-write"
  /// Ask for codes to a member's phone and check them.
  case codes
  /// Tell of actions that the programme rewards, ask for referral codes and name them.
  case rewards
  /// Tell what visitors and members do on sites and in apps.
  case events
  /// See and change what the retailer itself says of members: their attributes.
  case profiles
  /// See last answers, refused attempts, shifts and the board.
  case watch
  /// Read prices for shelf labels.
  case labels
  /// Read the figures of the server.
  case metrics
  /// Ask any question of sales: pivots and ready reports, in which nobody is named.
  case analysis
  /// In analysis also what goods cost, and what is left of their sales.
  case margins
  /// See which segments there are, and count who holds a condition.
  case segments
  /// See who is in a segment, by our ids, and why.
  case segmentMembers = "segment-members"
  /// Change lists, and who is always or never in a segment.
  case segmentLists = "segment-lists"

  /// What a till needs.
  public static var till: Set<Scope> { [.sell, .membersRead, .membersWrite, .codes] }
}

/// Who a token speaks for.
public enum Bearer: Hashable, Sendable {
  /// One till: it can act for no other.
  case register(RegisterID, in: StoreID)
  /// Another system, which names store and register with each request.
  case integration
}

/// The right of a till or another system to use the interface. The secret is shown once, when the token is made; here is only what
/// it opens.
public struct Token: Hashable, Sendable {
  public let id: TokenID
  public let account: AccountID
  /// Nil for tokens that see nothing of a programme, such as those of a metrics collector.
  public let programme: ProgrammeID?
  public let name: String
  public let bearer: Bearer
  public let scopes: Set<Scope>
  public let madeAt: Instant
  public let expiresAt: Instant?
  public let revokedAt: Instant?
  /// When it was shown last, to the hour; nil for never.
  public let usedAt: Instant?

  public func isLive(at now: Instant) -> Bool { revokedAt == nil && expiresAt.map { now < $0 } ?? true }

  /// How the audit trail names whoever acts by it.
  public var actor: Actor {
    let kind: Actor.Kind = if case .register = bearer { .register } else { .integration }
    return Actor(kind, name) ?? Actor(kind, "\(id)") ?? .commandLine
  }
}

/// A token's secret: 256 random bits as text. It exists while the token is made and where its bearer keeps it.
public struct TokenSecret: Hashable, Sendable {
  public static var prefix: String { "rgt_" }

  public let text: String

  /// - Parameter random: evenly spread bits that nobody can guess.
  public init(random: () -> UInt64) { text = secretText(Self.prefix, random) }

  /// What somebody showed. Nil where it cannot be a secret of ours, so that nobody need be asked.
  public init?(shown text: some StringProtocol) {
    guard isSecret(text, Self.prefix) else { return nil }
    self.text = String(text)
  }

  /// SHA-256 in hexadecimal. Tokens are found by it: of a secret with 256 random bits the hash gives nothing away, and looking it up
  /// takes as long whatever was guessed.
  public var hash: String { hashText(text) }
}
