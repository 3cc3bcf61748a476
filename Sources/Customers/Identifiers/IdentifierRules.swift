import Access
import Kernel

/// How a programme's identifiers look, so that one field at the till takes them all.
public struct IdentifierRules: Hashable, Sendable {
  /// A kind that is recognised by its first characters and length.
  public struct Pattern: Hashable, Sendable {
    public let kind: IdentifierKind
    public let prefix: String
    public let length: ClosedRange<Int>

    public init(kind: IdentifierKind, prefix: String, length: ClosedRange<Int>) {
      self.kind = kind
      self.prefix = prefix
      self.length = length
    }
  }

  /// The calling code whose habits telephone numbers follow.
  public let country: String
  public let cards: [CardRange]
  /// App codes and kinds of the programme's own.
  public let kinds: [Pattern]

  public init(country: String = "7", cards: [CardRange] = [], kinds: [Pattern] = []) {
    self.country = country
    self.cards = cards
    self.kinds = kinds
  }

  /// Every reading that makes sense of what was shown, likeliest first: a number in one of the programme's card ranges (with its
  /// check digit, if it has one) is a card before it is a telephone; whatever else it may be, it may be the retailer's own code.
  /// Empty for what is empty, too long or holds control characters. At most four.
  public func readings(of text: String) -> [Identifier] {
    let trimmed = trimmedSpace(text)
    var found: [Identifier] = []
    func add(_ identifier: Identifier?) {
      if let identifier, found.count < 4, !found.contains(identifier) { found.append(identifier) }
    }
    if trimmed.contains("@") { add(Email(trimmed).map(Identifier.init)) }
    for pattern in kinds where trimmed.hasPrefix(pattern.prefix) && pattern.length.contains(trimmed.utf8.count) {
      add(Identifier(kind: pattern.kind, verbatim: trimmed))
    }
    add(card(trimmed))
    add(Phone(trimmed, country: country).map(Identifier.init))
    if found.count == 4 { found.removeLast() }
    add(Identifier(kind: .external, verbatim: trimmed))
    return found
  }

  /// Reads what is said to be of this kind. Nil where it cannot be.
  public func identifier(_ kind: IdentifierKind, _ text: String) -> Identifier? {
    let trimmed = trimmedSpace(text)
    switch kind {
    case .phone: return Phone(trimmed, country: country).map(Identifier.init)
    case .email: return Email(trimmed).map(Identifier.init)
    case .card: return cards.isEmpty ? Identifier(kind: .card, verbatim: cardDigits(trimmed)) : card(trimmed)
    case .external: return Identifier(kind: .external, verbatim: trimmed)
    default:
      let patterns = kinds.filter { $0.kind == kind }
      guard patterns.contains(where: { trimmed.hasPrefix($0.prefix) && $0.length.contains(trimmed.utf8.count) }) else { return nil }
      return Identifier(kind: kind, verbatim: trimmed)
    }
  }

  private func card(_ text: String) -> Identifier? {
    let digits = cardDigits(text)
    return cards.contains { $0.contains(digits) } ? Identifier(kind: .card, verbatim: digits) : nil
  }

  /// Cards are printed in groups: spaces and hyphens between them do not count.
  private func cardDigits(_ text: String) -> String { text.filter { $0 != " " && $0 != "-" && $0 != "\u{a0}" } }
}

/// Numbers from one to another, all of one length, perhaps with a check digit.
public struct CardRange: Hashable, Sendable {
  public enum Check: String, Sendable, CaseIterable { case none, luhn, ean }

  public let first: String
  public let last: String
  public let check: Check

  /// Nil unless both are digits, equally many (4 to 20), and `first` does not follow `last`.
  public init?(first: String, last: String, check: Check = .none) {
    guard first.utf8.count == last.utf8.count, (4...20).contains(first.utf8.count), first <= last,
      (first + last).utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    self.first = first
    self.last = last
    self.check = check
  }

  /// Digits of one length compare as texts as they do as numbers.
  public func contains(_ digits: String) -> Bool {
    guard digits.utf8.count == first.utf8.count, digits.utf8.allSatisfy({ (48...57).contains($0) }), first <= digits, digits <= last
    else { return false }
    switch check {
    case .none: return true
    case .luhn: return CheckDigit.isLuhn(digits)
    case .ean: return CheckDigit.isGS1(digits)
    }
  }
}

private func trimmedSpace(_ text: String) -> String {
  let tail = text.drop(while: \.isWhitespace)
  guard let end = tail.lastIndex(where: { !$0.isWhitespace }) else { return "" }
  return String(tail[...end])
}
