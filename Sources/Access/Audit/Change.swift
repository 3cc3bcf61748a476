import Kernel
import Storage

/// Who acts. Names are stable words (a login, an integration's name, a job's), never a person's full name.
public struct Actor: Hashable, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable, CaseIterable {
    /// A person at a screen of ours.
    case staff
    /// Another system with a token.
    case integration
    /// A till.
    case register
    /// A command or job of this installation.
    case system
  }

  public let kind: Kind
  public let name: String

  /// Nil unless the name has 1 to 64 characters, none of them a control character.
  public init?(_ kind: Kind, _ name: String) {
    guard isCode(name) else { return nil }
    self.kind = kind
    self.name = name
  }

  /// Reads what `description` wrote.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let kind = Kind(rawValue: parts[0]) else { return nil }
    self.init(kind, parts[1])
  }

  private init(system name: StaticString) {
    kind = .system
    self.name = name.description
  }

  public static var `import`: Actor { Actor(system: "import") }
  public static var demo: Actor { Actor(system: "demo") }
  /// What this installation does without being asked.
  public static var background: Actor { Actor(system: "background") }
  /// The rules by which members rise and fall between tiers.
  public static var ladder: Actor { Actor(system: "tier-rules") }
  /// Draws that receipts make by themselves.
  public static var hunt: Actor { Actor(system: "hunt") }
  /// What the programme rewards without being told: birthdays, filled profiles, newcomers' purchases.
  public static var rewards: Actor { Actor(system: "rewards") }
  /// Promotions that give a tier for a time.
  public static var promotions: Actor { Actor(system: "promotions") }
  /// Subscriptions that give a tier.
  public static var subscriptions: Actor { Actor(system: "subscriptions") }
  /// The limits that alert and stop.
  public static var guardian: Actor { Actor(system: "guard") }
  /// Whoever may run commands on the machine.
  public static var commandLine: Actor { Actor(system: "command-line") }

  public var description: String { "\(kind.rawValue):\(name)" }
}

/// Who changes something, when, and whence new ids come: goes with every writing verb and ends in the audit trail.
public struct Change: Sendable {
  public let actor: Actor
  public let at: Instant
  public let ids: IDSource

  public init(by actor: Actor, at instant: Instant, ids: IDSource) {
    self.actor = actor
    at = instant
    self.ids = ids
  }

  public func id<T: Identified>() -> ID<T> { ids.next(at: at) }
}

/// A code of an outside system: 1 to 64 characters, no control characters, no space at either end.
public func isCode(_ text: String) -> Bool {
  guard !text.isEmpty, text.utf8.count <= Limits.code, text.first?.isWhitespace == false, text.last?.isWhitespace == false else {
    return false
  }
  return text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
}
