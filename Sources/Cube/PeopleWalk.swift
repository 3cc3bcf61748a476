/// What people come to who hold some conditions: how many they are and what they bought in a window of time.
public struct PeopleFigures: Hashable, Sendable {
  public init() {}

  public internal(set) var members: Int64 = 0
  /// In the window: sales kept, and money after returns.
  public internal(set) var receipts: Int64 = 0
  public internal(set) var money: Int64 = 0
  /// Of those with a receipt in the window.
  public internal(set) var active: Int64 = 0
  /// Members whose purchases are in none of the sums.
  public internal(set) var leftOut: Int64 = 0

  mutating func add(_ other: PeopleFigures) {
    members += other.members
    receipts += other.receipts
    money += other.money
    active += other.active
    leftOut += other.leftOut
  }
}

/// A question about people: conditions that all have to hold, and the day as of which they are asked.
public struct PeopleQuestion: Sendable {
  public var conditions: [HistoryQuestion]
  public var asOf: UInt16
  /// Business days whose purchases are added up.
  public var window: ClosedRange<UInt16>
  /// Without the figures of a window only people are counted, which is several times faster.
  public var addsUp: Bool
  /// Conditions that are counted beside, each among those who hold the first ones.
  public var asides: [Aside] = []
  /// Who is counted, and whose purchases are not; nil: everybody's are.
  public var without: LeftOut?

  public struct Aside: Sendable {
    public var condition: HistoryQuestion
    /// How many of the conditions have to hold.
    public var after: Int
    public init(_ condition: HistoryQuestion, after: Int) { (self.condition, self.after) = (condition, after) }
  }

  public init(_ conditions: [HistoryQuestion], asOf: UInt16, window: ClosedRange<UInt16>, addsUp: Bool = true) {
    (self.conditions, self.asOf, self.window, self.addsUp) = (conditions, asOf, window, addsUp)
  }
}

/// Who holds the conditions, and what they and everybody come to.
public struct PeopleFound: Sendable {
  /// By roll of `Cube.everyRoll`, by the member's place.
  public fileprivate(set) var sets: [Bits]
  public fileprivate(set) var everybody = PeopleFigures()
  /// Of those who hold the first conditions, as many as the place says and one more: the last is of all conditions.
  public fileprivate(set) var through: [PeopleFigures]
  /// How many hold each condition, whatever the others say.
  public fileprivate(set) var alone: [Int64]
  /// How many hold each of the conditions beside.
  public fileprivate(set) var asides: [Int64]
  /// When they bought last and how often, everybody's and of those who hold all conditions.
  public fileprivate(set) var allMix = PeopleMix()
  public fileprivate(set) var mix = PeopleMix()

  init(_ cube: Cube, conditions: Int, asides: Int) {
    self.asides = Array(repeating: 0, count: asides)
    sets = cube.everyRoll.map { Bits(count: $0.isAnonymous ? 0 : $0.members) }
    through = Array(repeating: PeopleFigures(), count: conditions)
    alone = Array(repeating: 0, count: conditions)
  }

  public var figures: PeopleFigures { through.last ?? everybody }

  public mutating func add(_ other: PeopleFound) {
    for index in sets.indices { sets[index].formUnion(other.sets[index]) }
    everybody.add(other.everybody)
    for index in through.indices { through[index].add(other.through[index]) }
    for index in alone.indices { alone[index] += other.alone[index] }
    for index in asides.indices { asides[index] += other.asides[index] }
    allMix.add(other.allMix)
    mix.add(other.mix)
  }
}

extension Cube {
  /// A piece of the people, to be asked by one thread.
  public enum PeoplePart: Sendable {
    case roll(Int, Range<Int>)
    case late(Range<Int>)
  }

  /// Members in pieces of about as many lines each.
  public var peopleParts: [PeoplePart] {
    var parts: [PeoplePart] = []
    for (index, roll) in rolls.enumerated() where !roll.isAnonymous {
      for part in CubeScan.parts(of: roll, max(1, roll.lines >> 19)) {
        let first = roll.member(of: part.receipts.lowerBound)
        let last = roll.member(of: part.receipts.upperBound - 1)
        parts.append(.roll(index, first..<last + 1))
      }
    }
    let late = tail?.members.count ?? 0
    for first in stride(from: 0, to: late, by: 4_096) { parts.append(.late(first..<min(first + 4_096, late))) }
    return parts
  }

  public func nobodyFound(_ question: PeopleQuestion) -> PeopleFound {
    PeopleFound(self, conditions: question.conditions.count, asides: question.asides.count)
  }

  /// Asks everybody of the piece.
  public func ask(_ question: PeopleQuestion, of part: PeoplePart, into found: inout PeopleFound) {
    switch part {
    case .roll(let index, let members):
      let hidden = tail?.hidden[index]
      for place in members {
        if let hidden, hidden[place] { continue }
        ask(question, HistoryOf(in: self, roll: index, place: place, asOf: question.asOf), &found)
      }
    case .late(let members):
      for place in members { ask(question, HistoryOf(in: self, late: place, asOf: question.asOf), &found) }
    }
  }

  private func ask(_ question: PeopleQuestion, _ history: HistoryOf, _ found: inout PeopleFound) {
    let reader = HistoryReader()
    var figures = PeopleFigures()
    figures.members = 1
    let isOut = question.without.map { history.isIn($0, late: rolls.count) } ?? false
    if isOut { figures.leftOut = 1 }
    let last = question.addsUp && !isOut ? reader.addUp(history, question.window, &figures) : nil
    found.everybody.add(figures)
    let place = last.map { PeopleMix.place(day: $0, receipts: figures.receipts, in: question.window) }
    if let place { found.allMix.count(place) }
    // Conditions of which the first ones hold.
    var held = 0
    var holds = true
    for (index, condition) in question.conditions.enumerated() {
      guard reader.answer(condition, history) else {
        holds = false
        continue
      }
      found.alone[index] += 1
      if holds {
        found.through[index].add(figures)
        held = index + 1
      }
    }
    for (index, aside) in question.asides.enumerated() where held >= aside.after && reader.answer(aside.condition, history) {
      found.asides[index] += 1
    }
    if holds, let place { found.mix.count(place) }
    guard holds else { return }
    if history.roll >= 0 { found.sets[history.roll][history.place] = true }
    if history.late >= 0, let last = found.sets.indices.last { found.sets[last][history.late] = true }
  }

  /// One member's history; nil where the cube has nothing of them.
  public func history(of member: Int64, asOf: UInt16) -> MemberHistory? {
    if let place = tail?.members.firstIndex(where: { late in
      late.place.map { rolls[$0.roll].memberID(at: $0.member) == member }
        ?? (late.late.map { tail?.roll?.memberID(at: $0) == member } ?? false)
    }) {
      return MemberHistory(HistoryOf(in: self, late: place, asOf: asOf))
    }
    for (index, roll) in rolls.enumerated() where !roll.isAnonymous {
      if let place = roll.place(of: member) { return MemberHistory(HistoryOf(in: self, roll: index, place: place, asOf: asOf)) }
    }
    return nil
  }

  /// Ids of the members in the sets, ascending.
  public func members(in sets: [Bits]) -> [Int64] {
    var found: Set<Int64> = []
    for (roll, set) in zip(everyRoll, sets) where !roll.isAnonymous {
      for place in 0..<roll.members where set[place] { found.insert(roll.memberID(at: place)) }
    }
    return found.sorted()
  }

  /// Sets of members by their ids: one walk beside each roll.
  /// - Precondition: the ids ascend.
  public func sets(of members: some Sequence<Int64>) -> [Bits] {
    let rolls = everyRoll
    var sets = rolls.map { Bits(count: $0.isAnonymous ? 0 : $0.members) }
    var next = rolls.map { _ in 0 }
    for member in members {
      for (index, roll) in rolls.enumerated() where !roll.isAnonymous {
        while next[index] < roll.members, roll.memberID(at: next[index]) < member { next[index] += 1 }
        if next[index] < roll.members, roll.memberID(at: next[index]) == member { sets[index][next[index]] = true }
      }
    }
    return sets
  }
}

/// What one member bought, for whoever explains why they hold a condition or not.
public struct MemberHistory: Sendable {
  let history: HistoryOf
  init(_ history: HistoryOf) { self.history = history }

  public func answer(_ question: HistoryQuestion) -> Bool { HistoryReader().answer(question, history) }

  /// How much of it there is; nil where there is none.
  public func amount(_ bought: HistoryQuestion.Bought) -> Int64? { HistoryReader().amount(bought, history) }

  /// The latest receipts of which something counts, newest first: their ids and business days.
  public func receipts(_ bought: HistoryQuestion.Bought, limit: Int) -> [(id: Int64, day: UInt16)] {
    var found: [(id: Int64, day: UInt16)] = []
    for piece in history.pieces {
      for receipt in piece.receipts where !(piece.replaced.map { $0[receipt] } ?? false) {
        let one = HistoryOf.Piece(roll: piece.roll, receipts: receipt..<receipt + 1, replaced: nil)
        var count = HistoryCount(HistoryQuestion.Bought(goods: bought.goods, days: bought.days, amount: .receipts, range: 0...0))
        count.add(one, history.asOf)
        if count.amount(asOf: history.asOf) == 1 {
          found.append((piece.roll.receiptID(at: receipt), piece.roll.order(of: receipt).day))
        }
      }
    }
    return Array(found.sorted { ($0.day, $0.id) > ($1.day, $1.id) }.prefix(limit))
  }
}
