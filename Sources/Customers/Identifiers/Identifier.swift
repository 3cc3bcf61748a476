import Kernel

/// A kind of identifier. The known ones are named here; a programme can add its own (`IdentifierRules.kinds`).
public struct IdentifierKind: Hashable, Sendable, CustomStringConvertible {
  public let code: String

  /// Nil unless the code is 1 to 20 small letters, digits and `_`, and begins with a letter.
  public init?(_ code: String) {
    guard (1...20).contains(code.utf8.count), let first = code.utf8.first, (97...122).contains(first),
      code.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 })
    else { return nil }
    self.code = code
  }

  private init(known code: StaticString) { self.code = code.description }

  public static let phone = IdentifierKind(known: "phone")
  public static let card = IdentifierKind(known: "card")
  public static let email = IdentifierKind(known: "email")
  public static let app = IdentifierKind(known: "app")
  /// What the retailer's own system calls the member.
  public static let external = IdentifierKind(known: "external")
  public static let known: [IdentifierKind] = [.phone, .card, .email, .app, .external]

  public var description: String { code }
}

/// What finds a member, in the one form in which it is stored and compared.
public struct Identifier: Hashable, Sendable {
  public let kind: IdentifierKind
  public let value: String

  public init(_ phone: Phone) {
    kind = .phone
    value = phone.e164
  }

  public init(_ email: Email) {
    kind = .email
    value = email.text
  }

  /// What the retailer's own system calls the member. Nil unless it has 1 to `Limits.code` bytes without control characters.
  public init?(external code: String) { self.init(kind: .external, verbatim: code) }

  init?(kind: IdentifierKind, verbatim text: String) {
    guard !text.isEmpty, text.utf8.count <= Limits.code, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return nil }
    self.kind = kind
    value = text
  }

  /// Enough to recognise it on a screen or in the audit trail, too little to use it.
  public var masked: String {
    let characters = Array(value)
    guard characters.count > 6 else { return String(repeating: "*", count: characters.count) }
    return String(characters.prefix(2)) + String(repeating: "*", count: characters.count - 4) + String(characters.suffix(2))
  }
}

/// How an identifier was shown at the till.
public enum Shown: String, Sendable, CaseIterable {
  /// Dictated or keyed in: anyone may know it.
  case typed
  /// A card or a printed code that was at hand.
  case scanned
  /// A code that changes every minute, the shopper's app, a PIN or a code sent to the phone.
  case rotatingCode, app, pin, sms

  public var strength: Strength {
    switch self {
    case .typed: .typed
    case .scanned: .possessed
    case .rotatingCode, .app, .pin, .sms: .verified
    }
  }
}

/// What an identifier proves, and so what it may do.
public enum Strength: String, Sendable, CaseIterable, Comparable {
  case typed, possessed, verified

  private var rank: Int {
    switch self {
    case .typed: 0
    case .possessed: 1
    case .verified: 2
    }
  }

  public static func < (a: Strength, b: Strength) -> Bool { a.rank < b.rank }

  /// True where it suffices to spend points in a programme that asks for `needed`.
  public func maySpend(where needed: Strength) -> Bool { self >= max(needed, .possessed) }
}
