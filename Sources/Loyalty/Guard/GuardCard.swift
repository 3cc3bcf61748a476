import Access
import Customers
import Kernel
import Storage

// Cards as they are counted: what identified a member, never its number.
extension Programme {
  /// The first 48 bits of a digest under the programme, behind a letter that no number begins with. It tells one card from another, and
  /// nobody's number.
  func card(of identifier: Identifier) -> String {
    "c" + fingerprint(of: "\(id) \(identifier.kind.code) \(identifier.value)").prefix(12)
  }

  /// What a sale is counted under, where a limit counts cards; nil where the till named our id.
  func countedCard(_ found: Identifiers.Found?) -> String? {
    guard settings.watch?.countsCards == true else { return nil }
    return found.map { card(of: $0.identifier) }
  }

  /// The card that somebody means: its fingerprint as pages show it, or the number itself.
  /// - Throws: `Problem.notFound` (`card_unknown`) for a number that finds nobody.
  public func card(named text: String, in tx: inout Transaction) throws -> GuardPlace {
    if GuardPlace.isCard(text) { return GuardPlace(.card, text) }
    guard let found = try members.recognise(readings(of: text, nil), at: Instant(seconds: 0), in: &tx)?.found else {
      throw Problem(
        .notFound, "card_unknown", "this identifies no member; a card is named by its number, or as the alert names it",
        cashier: LocalText(ru: "Такой карты нет", en: "There is no such card"))
    }
    return GuardPlace(.card, card(of: found.identifier))
  }
}

extension GuardPlace {
  /// True for a fingerprint of a card.
  public static func isCard(_ text: String) -> Bool {
    text.utf8.count == 13 && text.hasPrefix("c")
      && text.utf8.dropFirst().allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// Stands where others have a member: of a card its different tills are counted.
  var asPartner: Int64 {
    var hash = StableHash()
    hash.mix(store.raw)
    hash.mix(subject)
    return Int64(hash.value >> 1) | 1
  }
}
