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

/// Which ids will do, where several lists each want one of theirs and some are ruled out.
struct Picks: Sendable {
  private(set) var lists: [[Int64]] = []
  private(set) var barred: Set<Int64> = []

  mutating func take(_ ids: [Int64], _ holds: Bool) { if holds { lists.append(ids) } else { barred.formUnion(ids) } }

  /// One id for all lists; `.some(nil)` where nothing is wanted, nil where nothing will do.
  var one: Int64?? {
    guard let first = lists.first else { return .some(nil) }
    let found = first.first { id in !barred.contains(id) && lists.dropFirst().allSatisfy { $0.contains(id) } }
    return found.map { .some($0) }
  }

  /// Ids that serve all lists, as few as are easily found; nil where one list has none that will do.
  var several: [Int64]? {
    var chosen: [Int64] = []
    for list in lists where !list.contains(where: chosen.contains) {
      guard let id = list.first(where: { !barred.contains($0) }) else { return nil }
      chosen.append(id)
    }
    return chosen
  }
}

/// The same for words.
struct WordPicks<Word: Hashable>: Sendable where Word: Sendable {
  private var lists: [[Word]] = []
  private var barred: Set<Word> = []

  mutating func take(_ words: [Word], _ holds: Bool) { if holds { lists.append(words) } else { barred.formUnion(words) } }
  mutating func bar(_ words: [Word]) { barred.formUnion(words) }

  /// One for all lists, the usual one where nothing is wanted and it will do; nil where nothing will.
  func one(of all: [Word]) -> Word? {
    all.first { word in !barred.contains(word) && lists.allSatisfy { $0.contains(word) } }
  }

  var isAsked: Bool { !lists.isEmpty }
  var wanted: [Word] { lists.first?.filter { word in !barred.contains(word) && lists.allSatisfy { $0.contains(word) } } ?? [] }
  /// One for each list, where several may be had at a time; nil where a list has none.
  var several: [Word]? {
    var chosen: [Word] = []
    for list in lists where !list.contains(where: chosen.contains) {
      guard let word = list.first(where: { !barred.contains($0) }) else { return nil }
      chosen.append(word)
    }
    return chosen
  }
}
