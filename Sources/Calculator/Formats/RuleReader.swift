import Conditions
import Kernel

/// Reads rules from JSON: codes become ids through `names`, every issue is noted at its place in the node's list, and what cannot be
/// read becomes nil or a harmless stand-in. Whoever reads checks the list before using anything.
public struct RuleReader {
  public var names: any Names
  /// How amounts are written; `terms(_:)` sets it to what it reads.
  public var amounts: AmountForm
  /// Stamp cards that rules may name; `terms(_:)` sets it to what it reads.
  public var stampCards: [StampCard] = []
  /// Goods may be those that a member chose: rules of a programme that offers favourites. `terms(_:)` sets it by what it reads.
  public var knowsFavourites = false

  public init(names: any Names, amounts: AmountForm = AmountForm(ProgrammeTerms())) {
    self.names = names
    self.amounts = amounts
  }

  /// For rules of a programme with these terms.
  public init(names: any Names, terms: ProgrammeTerms) {
    self.init(names: names, amounts: AmountForm(terms))
    stampCards = terms.stampCards
    knowsFavourites = !terms.favourites.isEmpty
  }

  /// The id that a code names.
  mutating func id<Of: Identified>(_ kind: NameKind, _ node: JSONNode) -> ID<Of>? {
    guard let code = node.code(max: kind == .attribute ? Limits.name : Limits.code) else { return nil }
    if kind == .attribute, !code.dropFirst().dropLast().contains("=") {
      node.refuse("not_an_attribute", "an attribute is written as name=value, for example origin=RU")
      return nil
    }
    if let id = names.id(kind, code) { return ID(id) }
    node.refuse("unknown_name", "there is no \(kind.noun) with the code \"\(code)\"; create it first or mend the code")
    return nil
  }

  package mutating func ids<Of: Identified>(_ kind: NameKind, _ node: JSONNode) -> IDList<Of> {
    let items = node.items(max: Limits.listValues)
    if items.isEmpty { node.refuse("empty", "name at least one \(kind.noun), or leave the question out") }
    var found: [ID<Of>] = []
    found.reserveCapacity(items.count)
    for item in items { if let id: ID<Of> = id(kind, item) { found.append(id) } }
    return IDList(found)
  }
}

extension NameKind {
  /// For sentences.
  var noun: String {
    switch self {
    case .product: "product"
    case .category: "category"
    case .productBrand: "brand of goods"
    case .manufacturer: "manufacturer"
    case .attribute: "attribute"
    case .store: "store"
    case .brand: "brand of stores"
    case .priceZone: "price zone"
    case .tier: "tier"
    case .segment: "segment"
    case .legalEntity: "legal entity"
    case .promotion: "promotion"
    case .couponSeries: "series of coupons"
    case .certificateSeries: "series of certificates"
    case .game: "game"
    }
  }
}

extension JSONNode {
  /// A code of at most so many bytes.
  public func code(max: Int = Limits.code) -> String? {
    guard let text = text(max: max) else { return nil }
    guard text.utf8.count <= max else {
      refuse("too_long", "at most \(max) bytes are allowed in a code")
      return nil
    }
    return text
  }

  /// The one member of an object that says what it is: `{ "tiers": ["gold"] }` is a case called `tiers`.
  func oneCase(of known: [String], _ noun: String) -> (name: String, node: JSONNode)? {
    guard isPresent else { return nil }
    guard case .object(let members)? = json, members.count == 1, let member = members.first else {
      refuse("not_one_case", "\(noun) is an object with exactly one member: \(known.joined(separator: ", "))")
      return nil
    }
    guard known.contains(member.key) else {
      self[member.key].refuse("unknown_case", "\(noun) cannot be \"\(member.key)\"; it can be \(known.joined(separator: ", "))")
      return nil
    }
    return (member.key, self[member.key])
  }

  /// A list of words of a closed set; at least one where the list must say something.
  package func words<T: RawRepresentable & CaseIterable>(_: T.Type = T.self, orEmpty: Bool = false) -> [T]?
  where T.RawValue == String {
    guard isPresent else { return nil }
    let items = items(max: T.allCases.count)
    if items.isEmpty, !orEmpty { refuse("empty", "name at least one of \(T.allCases.map(\.rawValue).joined(separator: ", "))") }
    return items.compactMap { $0.word() }
  }

  /// A flag that is only ever written as true.
  func isTrue(_ otherwise: String) -> Bool {
    guard let value = bool() else { return false }
    if !value { refuse("not_true", "only true is written here; \(otherwise)") }
    return value
  }

  /// A number within bounds, at least one of which is given and which stand in their order.
  func bounds(_ read: (JSONNode) -> Int64?) -> Bounds {
    let bounds = Bounds(atLeast: read(self["atLeast"]), atMost: read(self["atMost"]))
    if !self["atLeast"].isPresent, !self["atMost"].isPresent { refuse("no_bounds", "give atLeast, atMost or both") }
    if let least = bounds.atLeast, let most = bounds.atMost, least > most {
      refuse("bounds_crossed", "atLeast may not be above atMost")
    }
    return bounds
  }
}
