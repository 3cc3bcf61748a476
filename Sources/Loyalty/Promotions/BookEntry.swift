import Kernel

/// What a stored rule book says of one promotion: `{ "id", "code", "version", "rules" }`.
///
/// With a version on trial: `{ "id", "code", "versions": [ { "version", "rules" }, { "version", "rules", "pilot" } ] }`, the first only where
/// others keep one. A program that knows no pilots finds no rules in it, says so, and goes on with the book before: it would otherwise sell
/// by the wrong version.
struct BookEntry: Hashable, Sendable {
  let json: JSON

  init(json: JSON) { self.json = json }

  init(_ promotion: StoredPromotion, _ version: Int64, _ rules: JSON) {
    json = .object(Self.head(promotion) + [JSON.Member("version", .int(version)), JSON.Member("rules", rules)])
  }

  init(_ promotion: StoredPromotion, kept: (version: Int64, rules: JSON)?, _ pilot: PromotionPilot, _ rules: JSON) {
    let first = kept.map { JSON.object(["version": .int($0.version), "rules": $0.rules]) }
    let second: JSON = .object(["version": .int(pilot.version), "rules": rules, "pilot": pilot.scope])
    json = .object(Self.head(promotion) + [JSON.Member("versions", .array([first, second].compactMap { $0 }))])
  }

  private static func head(_ promotion: StoredPromotion) -> [JSON.Member] {
    [JSON.Member("id", .string("\(promotion.id)")), JSON.Member("code", .string(promotion.code))]
  }

  var id: PromotionID? { if case .string(let text)? = json["id"] { PromotionID(text) } else { nil } }

  /// The version that tills have where no pilot takes place; nil where they have none.
  var kept: Int64? { version { $0["pilot"] == nil } }
  /// The version on trial.
  var trial: Int64? { version { $0["pilot"] != nil } }

  private func version(_ isMeant: (JSON) -> Bool) -> Int64? {
    let versions: [JSON] = if case .array(let versions)? = json["versions"] { versions } else { [json] }
    if case .int(let version)? = versions.first(where: isMeant)?["version"] { return version }
    return nil
  }
}

extension StoredRuleBook {
  /// - Parameter next: nil to leave the promotion out.
  func entries(replacing id: PromotionID, with next: BookEntry?) -> [BookEntry] {
    (entries.filter { $0.id != id } + (next.map { [$0] } ?? [])).sorted {
      ($0.id ?? PromotionID(0)) < ($1.id ?? PromotionID(0))
    }
  }
}
