import Access
import Conditions
import Cube
import Kernel
import Loyalty

/// A segment's conditions with codes instead of words, for one cube and one register of members.
struct SegmentPlan {
  let question: PeopleQuestion
  /// As the same conditions are answered for members without a receipt.
  private let conditions: [SegmentCondition]
  private let register: MemberRegister
  private let today: CivilDay
  private let zone: Zone
  private let facts: SegmentFacts

  /// - Parameter today: the day as of which is asked.
  init(
    _ condition: SegmentCondition, _ cube: Cube, _ codes: CubeCodes, _ backdrop: Backdrop, _ register: MemberRegister,
    today: CivilDay, zone: Zone, facts: SegmentFacts
  ) {
    (conditions, self.register, self.today, self.zone, self.facts) = (condition.parts, register, today, zone, facts)
    let compiler = SegmentCompiler(
      cube: cube, codes: codes, backdrop: backdrop, register: register, today: today, zone: zone, facts: facts)
    let asOf = UInt16(clamping: today.number)
    // Who is no member any more is nobody here.
    let living = HistoryQuestion.among(cube.sets(of: register.entries.lazy.map(\.id)))
    var question = PeopleQuestion(
      [living] + conditions.map(compiler.question), asOf: asOf, window: UInt16(clamping: Int(asOf) - 364)...asOf)
    for (place, condition) in conditions.enumerated() {
      question.asides += condition.members.map { PeopleQuestion.Aside(compiler.question($0), after: place + 1) }
    }
    self.question = question
  }

  /// Members the cube knows nothing of.
  struct Strangers: Sendable {
    var ids: [Int64] = []
    /// Of those who hold the first conditions, as many as the place says, and each alone.
    var through: [Int64]
    var alone: [Int64]
    /// In the order of the question's.
    var asides: [Int64]
    var all: Int64 = 0
  }

  func strangers(_ cube: Cube) -> Strangers {
    let nobody = conditions.map { _ in Int64(0) }
    var found = Strangers(through: nobody, alone: nobody, asides: question.asides.map { _ in 0 })
    let rolls = cube.everyRoll.filter { !$0.isAnonymous }
    var cursors = rolls.map { _ in 0 }
    for entry in register.entries {
      // Both sides are in the order of ids.
      var isKnown = false
      for index in rolls.indices {
        while cursors[index] < rolls[index].members, rolls[index].memberID(at: cursors[index]) < entry.id { cursors[index] += 1 }
        if cursors[index] < rolls[index].members, rolls[index].memberID(at: cursors[index]) == entry.id { isKnown = true }
      }
      if !isKnown { add(entry, &found) }
    }
    return found
  }

  private func add(_ entry: MemberRegister.Entry, _ found: inout Strangers) {
    found.all += 1
    var holds = true
    var aside = 0
    for (index, condition) in conditions.enumerated() {
      for part in condition.members {
        if holds, answers(part, entry) { found.asides[aside] += 1 }
        aside += 1
      }
      guard answers(condition, entry) else {
        holds = false
        continue
      }
      found.alone[index] += 1
      if holds { found.through[index] += 1 }
    }
    if holds { found.ids.append(entry.id) }
  }

  /// Whom one may write to or call, among the sets and the strangers.
  func reach(_ cube: Cube, _ sets: [Bits], _ strangers: [Int64]) -> SegmentReach {
    var reach = SegmentReach()
    let rolls = Array(cube.everyRoll.enumerated()).filter { !$0.element.isAnonymous }
    var cursors = rolls.map { _ in 0 }
    var next = 0
    for entry in register.entries {
      // All of them are in the order of ids.
      while next < strangers.count, strangers[next] < entry.id { next += 1 }
      var isIn = next < strangers.count && strangers[next] == entry.id
      for (place, roll) in rolls.enumerated() {
        let members = roll.element.members
        while cursors[place] < members, roll.element.memberID(at: cursors[place]) < entry.id { cursors[place] += 1 }
        guard !isIn, cursors[place] < members, roll.element.memberID(at: cursors[place]) == entry.id else { continue }
        isIn = sets[roll.offset][cursors[place]]
      }
      if isIn { reach.count(entry) }
    }
    return reach
  }

  /// Of somebody who never bought anything.
  private func answers(_ condition: SegmentCondition, _ entry: MemberRegister.Entry) -> Bool {
    switch condition {
    case .all(let parts): parts.allSatisfy { answers($0, entry) }
    case .any(let parts): parts.contains { answers($0, entry) }
    case .none(let parts): !parts.contains { answers($0, entry) }
    case .bought(_, let amount, let bounds): amount != .averageReceipt && bounds.contains(0)
    case .lastBought, .sequence: false
    default: facts.answers(condition, entry, today: today, zone: zone)
    }
  }
}

/// Turns conditions into what the cube asks.
struct SegmentCompiler {
  let cube: Cube
  let codes: CubeCodes
  let backdrop: Backdrop
  let register: MemberRegister
  let today: CivilDay
  let zone: Zone
  let facts: SegmentFacts

  func question(_ condition: SegmentCondition) -> HistoryQuestion {
    switch condition {
    case .all(let parts): .all(parts.map(question))
    case .any(let parts): .any(parts.map(question))
    case .none(let parts): .none(parts.map(question))
    case .bought(let purchase, let amount, let bounds): .bought(bought(purchase, amount.engine, bounds))
    case .lastBought(let purchase, let bounds): .bought(bought(purchase, .daysSince, bounds))
    case .sequence(let first, let then, let days, let happens):
      .sequence(
        HistoryQuestion.First(goods: goods(first), days: self.days(first.window)),
        then: HistoryQuestion.Goods(products: products(then)),
        within: days, happens: happens)
    default:
      .among(
        cube.sets(of: register.entries.lazy.filter { facts.answers(condition, $0, today: today, zone: zone) }.map(\.id)))
    }
  }

  func bought(_ purchase: SegmentCondition.Purchase, _ amount: HistoryQuestion.Bought.Amount, _ bounds: Bounds)
    -> HistoryQuestion.Bought
  {
    let least = bounds.atLeast ?? .min
    return HistoryQuestion.Bought(
      goods: goods(purchase), days: days(purchase.window), amount: amount, range: least...max(least, bounds.atMost ?? .max))
  }

  private func days(_ window: SegmentCondition.Window) -> ClosedRange<UInt16> {
    let end = UInt16(clamping: today.number)
    switch window {
    case .always: return 0...end
    case .last(let days): return UInt16(clamping: Int(end) - days + 1)...end
    case .between(let first, let last):
      let start = UInt16(clamping: first.number)
      return start...max(start, UInt16(clamping: last.number))
    }
  }

  private func goods(_ purchase: SegmentCondition.Purchase) -> HistoryQuestion.Goods {
    var goods = HistoryQuestion.Goods(products: products(purchase.goods))
    if !purchase.stores.isEmpty || !purchase.cities.isEmpty { goods.stores = stores(purchase) }
    if let hours = purchase.hours {
      var minutes = Bits(count: 1_440)
      for minute in hours.lowerBound * 60..<(hours.upperBound + 1) * 60 { minutes[minute] = true }
      goods.minutes = minutes
    }
    if !purchase.weekdays.isEmpty {
      var weekdays = Bits(count: 7)
      for day in purchase.weekdays { weekdays[day - 1] = true }
      goods.weekdays = weekdays
    }
    put(purchase.manner, in: &goods)
    return goods
  }

  /// Nil for every product.
  func products(_ filter: ProductFilter) -> Bits? {
    guard filter != .everything else { return nil }
    var bits = Bits(count: codes.products.count)
    for (code, id) in codes.products.enumerated() {
      guard let facts = backdrop.catalogue.facts(ProductID(id)), filter.holds(for: facts, price: .zero) else { continue }
      bits[code] = true
    }
    return bits
  }

  private func stores(_ purchase: SegmentCondition.Purchase) -> Bits {
    var bits = Bits(count: codes.stores.count)
    let known = Dictionary(backdrop.stores.map { ($0.id.raw, $0.details) }, uniquingKeysWith: { first, _ in first })
    let cities = Set(purchase.cities.map(folded))
    for (code, id) in codes.stores.enumerated() {
      guard let details = known[id] else { continue }
      let isNamed = purchase.stores.isEmpty || purchase.stores.contains(details.code)
      let isThere = cities.isEmpty || details.address.city.map { cities.contains(folded($0)) } ?? false
      bits[code] = isNamed && isThere
    }
    return bits
  }
}
