import Conditions
import Insight
import Kernel

/// A segment on the builder as it stands in the address of its page, and the addresses that lead on from it.
///
/// On screen there are two levels: conditions that all have to hold, and groups of them. What lies deeper is one sentence.
struct SegmentState: Sendable {
  static let path = "/console/segments"
  /// An address that is longer would not reach every server in between.
  private static let longest = 12_000

  /// A question that can be asked.
  enum Kind: String, CaseIterable, Sendable {
    case bought, lastBought, sequence, did, sex, age, cities, joined, birthday, household, tiers, segments, consents, memberKinds,
      memberAttribute
    case rfm, points, identifiers
    case coupons, offers, privileges, consented
    case random
  }

  enum GroupKind: String, CaseIterable, Sendable {
    case any, none, all

    func group(_ parts: [SegmentCondition]) -> SegmentCondition {
      switch self {
      case .any: .any(parts)
      case .none: .none(parts)
      case .all: .all(parts)
      }
    }
  }

  /// Where a condition stands: among those that all have to hold, or in a group there.
  struct Place: Hashable, Sendable {
    var part: Int
    var inner: Int?

    var text: String { inner.map { "\(part).\($0)" } ?? "\(part)" }

    init(_ part: Int, _ inner: Int? = nil) { (self.part, self.inner) = (part, inner) }

    init?(_ text: String) {
      let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(numbers.count), let part = numbers[0], part >= 0 else { return nil }
      self.init(part)
      if numbers.count == 2 {
        guard let inner = numbers[1], inner >= 0 else { return nil }
        self.inner = inner
      }
    }
  }

  enum Edit: Hashable, Sendable {
    case change(Place)
    /// One more: among all, in a group, or in a group of its own.
    case add(Kind, to: Target)
  }

  enum Target: Hashable, Sendable {
    case root
    case group(Int)
    case fresh(GroupKind)

    var text: String {
      switch self {
      case .root: ""
      case .group(let part): String(part)
      case .fresh(let kind): kind.rawValue
      }
    }

    init?(_ text: String) {
      if text.isEmpty {
        self = .root
      } else if let kind = GroupKind(rawValue: text) {
        self = .fresh(kind)
      } else if let part = Int(text), part >= 0 {
        self = .group(part)
      } else {
        return nil
      }
    }
  }

  /// Nil while it is new.
  var id: SegmentID?
  var parts: [SegmentCondition]
  var edit: Edit?
  /// A group that is about to be made.
  var fresh: GroupKind?
  /// The day as of which is asked; nil: now.
  var on: CivilDay?
  /// Of whom is asked why they are in or out.
  var who = ""

  init(id: SegmentID? = nil, _ condition: SegmentCondition?) {
    self.id = id
    parts = condition?.parts ?? []
  }

  var condition: SegmentCondition? { parts.isEmpty ? nil : parts.count == 1 ? parts[0].alone : .all(parts) }
  var home: String { Self.path + "/" + (id.map { "\($0)" } ?? "new") }

  // MARK: addresses

  func query(_ form: SegmentForm) -> String {
    var items: [(String, String)] = []
    if let condition { items.append(("q", form.json(condition).compact)) }
    switch edit {
    case .change(let place): items.append(("edit", place.text))
    case .add(let kind, let target): items += [("add", kind.rawValue), ("at", target.text)]
    case nil: break
    }
    if let fresh { items.append(("group", fresh.rawValue)) }
    if let on { items.append(("on", "\(on)")) }
    if !who.isEmpty { items.append(("who", who)) }
    return items.isEmpty ? "" : "?" + items.map { $0.0 + "=" + queryText($0.1) }.joined(separator: "&")
  }

  func address(_ form: SegmentForm) -> String { home + query(form) }

  /// - Throws: `Problem.invalid` where the address would be too long to travel.
  func checkedAddress(_ form: SegmentForm) throws(Problem) -> String {
    let address = address(form)
    guard address.utf8.count <= Self.longest else {
      throw Problem(
        .invalid, "segment_too_long", "this condition is too long for the builder; regulars segment save takes longer ones",
        cashier: LocalText(
          ru: "Условие слишком длинное для этой страницы. Длинные списки сохраняет команда regulars segment save",
          en: "This condition is too long for this page. The command regulars segment save takes longer ones"))
    }
    return address
  }

  func with(_ change: (inout SegmentState) -> Void) -> SegmentState {
    var next = self
    (next.edit, next.fresh) = (nil, nil)
    change(&next)
    return next
  }

  // MARK: what stands where

  func condition(at place: Place) -> SegmentCondition? {
    guard parts.indices.contains(place.part) else { return nil }
    guard let inner = place.inner else { return parts[place.part] }
    let group = parts[place.part].group
    return group.flatMap { $0.parts.indices.contains(inner) ? $0.parts[inner] : nil }
  }

  mutating func put(_ condition: SegmentCondition, at place: Place) {
    guard parts.indices.contains(place.part) else { return }
    guard let inner = place.inner else {
      parts[place.part] = condition
      return
    }
    guard let group = parts[place.part].group, group.parts.indices.contains(inner) else { return }
    var own = group.parts
    own[inner] = condition
    parts[place.part] = group.kind.group(own)
  }

  /// - Returns: where it stands now.
  @discardableResult mutating func add(_ condition: SegmentCondition, to target: Target) -> Place {
    switch target {
    case .group(let part) where parts.indices.contains(part):
      if let group = parts[part].group {
        parts[part] = group.kind.group(group.parts + [condition])
        return Place(part, group.parts.count)
      }
    case .fresh(let kind):
      parts.append(kind.group([condition]))
      return Place(parts.count - 1, 0)
    case .root, .group: break
    }
    parts.append(condition)
    return Place(parts.count - 1)
  }

  /// An empty group goes with its last condition.
  mutating func remove(at place: Place) {
    guard parts.indices.contains(place.part) else { return }
    guard let inner = place.inner, let group = parts[place.part].group, group.parts.indices.contains(inner) else {
      parts.remove(at: place.part)
      return
    }
    var own = group.parts
    own.remove(at: inner)
    if own.isEmpty { parts.remove(at: place.part) } else { parts[place.part] = group.kind.group(own) }
  }

  /// One place up among its like.
  mutating func raise(_ place: Place) {
    guard let inner = place.inner else {
      if place.part > 0, parts.indices.contains(place.part) { parts.swapAt(place.part, place.part - 1) }
      return
    }
    guard parts.indices.contains(place.part), let group = parts[place.part].group, inner > 0, inner < group.parts.count else {
      return
    }
    var own = group.parts
    own.swapAt(inner, inner - 1)
    parts[place.part] = group.kind.group(own)
  }
}

extension SegmentCondition {
  /// A group as the builder shows one; that nothing was bought is a sentence of its own.
  var group: (kind: SegmentState.GroupKind, parts: [SegmentCondition])? {
    switch self {
    case .all(let parts): return (.all, parts)
    case .any(let parts): return (.any, parts)
    case .none(let parts):
      if case .bought(_, .receipts, Bounds(atLeast: 1))? = parts.first, parts.count == 1 { return nil }
      return (.none, parts)
    default: return nil
    }
  }

  /// As the only one of its segment.
  fileprivate var alone: SegmentCondition { if case .all = self { .all([self]) } else { self } }

  /// The question it is; nil for groups.
  var kind: SegmentState.Kind? {
    switch self {
    case .all, .any: nil
    case .none: group == nil ? .bought : nil
    case .bought: .bought
    case .lastBought: .lastBought
    case .sequence: .sequence
    case .scored: .rfm
    case .points: .points
    case .identified: .identifiers
    case .coupons: .coupons
    case .offers: .offers
    case .agreed: .consented
    case .sex: .sex
    case .age: .age
    case .cities: .cities
    case .joined: .joined
    case .did: .did
    case .random: .random
    case .member(let condition): Self.kind(condition)
    }
  }

  private static func kind(_ condition: Condition) -> SegmentState.Kind? {
    switch condition {
    case .memberKinds: .memberKinds
    case .tiers: .tiers
    case .segments: .segments
    case .memberAttribute: .memberAttribute
    case .birthday: .birthday
    case .household: .household
    case .consents: .consents
    case .privileges: .privileges
    default: nil
    }
  }
}
