import Conditions

/// A question without questions inside, and whether it must hold or must not.
struct Literal<Question: Hashable & Sendable>: Hashable, Sendable {
  let question: Question
  let holds: Bool
  init(_ question: Question, _ holds: Bool = true) {
    self.question = question
    self.holds = holds
  }
}

/// What nests questions with all, any and none.
protocol Nesting: Hashable, Sendable {
  var nested: (kind: NestingKind, parts: [Self])? { get }
}

enum NestingKind { case all, any, none }

extension Condition: Nesting {
  var nested: (kind: NestingKind, parts: [Condition])? {
    switch self {
    case .all(let parts): (.all, parts)
    case .any(let parts): (.any, parts)
    case .none(let parts): (.none, parts)
    default: nil
    }
  }
}

extension ProductFilter: Nesting {
  var nested: (kind: NestingKind, parts: [ProductFilter])? {
    switch self {
    case .all(let parts): (.all, parts)
    case .any(let parts): (.any, parts)
    case .none(let parts): (.none, parts)
    default: nil
    }
  }
}

/// The ways in which a nested question comes true, each a list of plain ones that all hold: its disjunctive normal form.
struct Alternatives<Question: Nesting>: Sendable {
  /// Beyond so many the rest is left out, and what was found out is no proof.
  static var most: Int { 32 }

  private(set) var ways: [[Literal<Question>]]
  private(set) var isWhole = true

  init(_ question: Question) { self.init(question, true) }

  private init(ways: [[Literal<Question>]], isWhole: Bool) {
    self.ways = ways
    self.isWhole = isWhole
  }

  private init(_ question: Question, _ holds: Bool) {
    guard let (kind, parts) = question.nested else {
      self.init(ways: [[Literal(question, holds)]], isWhole: true)
      return
    }
    // None holds where each one does not; not all hold where any one does not.
    let (isEach, wanted): (Bool, Bool) =
      switch kind {
      case .all: (holds, holds)
      case .any: (!holds, holds)
      case .none: (holds, !holds)
      }
    self.init(ways: isEach ? [[]] : [], isWhole: true)
    for part in parts.map({ Alternatives($0, wanted) }) { isEach ? join(part) : add(part) }
  }

  private mutating func add(_ other: Alternatives) {
    isWhole = isWhole && other.isWhole && ways.count + other.ways.count <= Self.most
    ways = Array((ways + other.ways).prefix(Self.most))
  }

  /// Both hold.
  mutating func join(_ other: Alternatives) {
    isWhole = isWhole && other.isWhole && ways.count * other.ways.count <= Self.most
    var joined: [[Literal<Question>]] = []
    for way in ways {
      for more in other.ways where joined.count < Self.most { joined.append(way + more.filter { !way.contains($0) }) }
    }
    ways = joined
  }
}

/// Which ids or words will do, where several lists each want one of theirs and some are ruled out. Linear in the lists.
struct Picks<Item: Hashable & Sendable>: Sendable {
  private var lists: [[Item]] = []
  private(set) var barred: Set<Item> = []

  mutating func take(_ items: [Item], _ holds: Bool) { if holds { lists.append(items) } else { barred.formUnion(items) } }

  /// One for all lists; `.some(nil)` where nothing is wanted, nil where nothing will do.
  var one: Item?? {
    guard let first = lists.first else { return .some(nil) }
    return one(of: first, lists.dropFirst()).map { .some($0) }
  }

  /// One for all lists among the usual ones, the first that will do; nil where none will.
  func one(of usual: [Item]) -> Item? { one(of: usual, lists[...]) }

  private func one(of items: [Item], _ lists: ArraySlice<[Item]>) -> Item? {
    let sets = lists.map(Set.init)
    return items.first { item in !barred.contains(item) && sets.allSatisfy { $0.contains(item) } }
  }

  /// One for each list, as few as are easily found; nil where a list has none that will do.
  var several: [Item]? {
    var chosen: [Item] = []
    for list in lists where !list.contains(where: chosen.contains) {
      guard let item = list.first(where: { !barred.contains($0) }) else { return nil }
      chosen.append(item)
    }
    return chosen
  }
}
