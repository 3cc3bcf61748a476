import Kernel

extension IdentifierRules {
  /// Reads
  ///
  ///     { "country": "7",
  ///       "cards": [ { "first": "2200000000000", "last": "2299999999999", "check": "ean" } ],
  ///       "kinds": [ { "kind": "app", "prefix": "QR", "minLength": 20, "maxLength": 64 } ] }
  public init(_ node: JSONNode) {
    node.expect("country", "cards", "kinds")
    let country = node["country"].text(max: 3) ?? "7"
    if !country.utf8.allSatisfy({ (48...57).contains($0) }) || country.first == "0" {
      node["country"].refuse("not_a_calling_code", "a calling code of one to three digits is expected, for example \"7\"")
    }
    let cards = node["cards"].items(max: 100).compactMap { card -> CardRange? in
      card.expect("first", "last", "check")
      guard card["first"].required(), card["last"].required(), let first = card["first"].text(), let last = card["last"].text()
      else {
        return nil
      }
      let range = CardRange(first: first, last: last, check: card["check"].word() ?? .none)
      if range == nil { card.refuse("not_a_range", "first and last are 4 to 20 digits, equally many, and in this order") }
      return range
    }
    self.init(country: country, cards: cards, kinds: node["kinds"].items(max: 20).compactMap(Pattern.init))
  }

  public var json: JSON {
    .object([
      "country": .string(country),
      "cards": .array(
        cards.map { .object(["first": .string($0.first), "last": .string($0.last), "check": .string($0.check.rawValue)]) }),
      "kinds": .array(kinds.map(\.json)),
    ])
  }
}

extension IdentifierRules.Pattern {
  init?(_ node: JSONNode) {
    node.expect("kind", "prefix", "minLength", "maxLength")
    let shortest = node["minLength"].int(1...Int64(Limits.code)) ?? 1
    let longest = node["maxLength"].int(1...Int64(Limits.code)) ?? Int64(Limits.code)
    guard node["kind"].required(), let code = node["kind"].text() else { return nil }
    guard let kind = IdentifierKind(code), ![.phone, .card, .email, .external].contains(kind) else {
      node["kind"].refuse("not_a_kind", "\"app\" or a word of the programme's own is expected: small letters, digits and _")
      return nil
    }
    guard shortest <= longest else {
      node["maxLength"].refuse("out_of_range", "maxLength is not below minLength")
      return nil
    }
    self.init(kind: kind, prefix: node["prefix"].text(max: 20, orEmpty: true) ?? "", length: Int(shortest)...Int(longest))
  }

  var json: JSON {
    .object([
      "kind": .string(kind.code), "prefix": .string(prefix), "minLength": .int(Int64(length.lowerBound)),
      "maxLength": .int(Int64(length.upperBound)),
    ])
  }
}
