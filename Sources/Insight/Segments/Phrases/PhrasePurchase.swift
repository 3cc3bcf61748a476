import Conditions
import Kernel

/// What somebody did, as far as it was read.
struct PhraseDeed {
  enum Verb { case buy, spend, visit, average, last }

  let verb: Verb
  var isNot = false
  var purchase = SegmentCondition.Purchase()
  var goods: [SegmentNames.Name] = []
  /// Goods are joined by and: each is a purchase of its own.
  var isEach = false
  var isEither = false
  var except: [SegmentNames.Name] = []
  var amount: (by: SegmentCondition.Amount, bounds: Bounds)?
  var ago: Bounds?
}

extension PhraseParse {
  /// Nil where no such clause begins here.
  mutating func purchase() -> Step? {
    guard var deed = beginning() else { return nil }
    if let trouble = modifiers(&deed) { return .broken(trouble) }
    return end(deed)
  }

  /// The verb with what denies it.
  mutating func beginning() -> PhraseDeed? {
    attempt { parse in
      while ["никогда", "ни", "разу", "did", "do", "does", "ever", "еще"].contains(parse.text(parse.at)) { parse.at += 1 }
      let isNot = parse.take(.not)
      while ["ever", "have", "has", "раз"].contains(parse.text(parse.at)) { parse.at += 1 }
      if !isNot {
        if parse.averageReceipt() { return PhraseDeed(verb: .average) }
        if parse.lastPurchase() { return PhraseDeed(verb: .last) }
      }
      if parse.take(.buy) { return PhraseDeed(verb: .buy, isNot: isNot) }
      if parse.take(.spend) { return PhraseDeed(verb: .spend, isNot: isNot) }
      // «Были» between other words is no visit: only with how often, when or where.
      if parse.has(.visit, parse.at) {
        let isAuxiliary = ["was", "were", "been"].contains(parse.text(parse.at))
        parse.at += 1
        if isAuxiliary, !isNot { return nil }
        return PhraseDeed(verb: .visit, isNot: isNot)
      }
      return nil
    }
  }

  private mutating func averageReceipt() -> Bool {
    attempt { parse -> Bool? in
      if parse.take("с") || parse.take("со") || parse.take("with") { _ = parse.take("an") || parse.take("a") || parse.take("the") }
      guard parse.take(.average), parse.take(.receipt) else { return nil }
      _ = parse.take("is") || parse.take("of") || parse.take("был")
      return true
    } ?? false
  }

  private mutating func lastPurchase() -> Bool {
    attempt { parse -> Bool? in
      if ["whose", "с", "with", "the"].contains(parse.text(parse.at)) { parse.at += 1 }
      guard parse.take(.last) else { return nil }
      if parse.take("раз") || parse.take("time") {
        while parse.has(.filler, parse.at) { parse.at += 1 }
        return parse.take(.buy) || parse.take(.visit) ? true : nil
      }
      if parse.take(.buy) || parse.take("visited") { return true }
      guard parse.take(.purchase) else { return nil }
      _ = parse.take("была") || parse.take("был") || parse.take("was")
      return true
    } ?? false
  }

  // MARK: what follows the verb

  /// - Returns: what was not understood.
  mutating func modifiers(_ deed: inout PhraseDeed) -> PhraseReading.Trouble? {
    while at < words.count {
      if modifier(&deed) { continue }
      switch goods(&deed) {
      case .done?: continue
      case .broken(let trouble)?: return trouble
      case Step.none?, nil: break
      }
      if isEnd { return nil }
      if ["когда-либо", "ever", "вообще", "всего", "all", "any", "товары", "total", "сумму"].contains(text(at)) {
        at += 1
        continue
      }
      want(at)
      return .unknown
    }
    return nil
  }

  private mutating func modifier(_ deed: inout PhraseDeed) -> Bool {
    if deed.verb == .last, deed.ago == nil, let ago = daysAgo() {
      deed.ago = ago
      return true
    }
    if deed.amount == nil, let amount = attempt({ $0.amount(deed.verb) }) {
      deed.amount = amount
      return true
    }
    if deed.purchase.window == .always, let window = window() ?? bareDays(deed) {
      deed.purchase.window = window
      return true
    }
    if let days = attempt({ $0.weekdays() }), deed.purchase.weekdays.isEmpty {
      deed.purchase.weekdays = days
      return true
    }
    if deed.purchase.hours == nil, let hours = attempt({ $0.hours() }) {
      deed.purchase.hours = hours
      return true
    }
    if deed.purchase.manner.channels.isEmpty, let channels = channels() {
      deed.purchase.manner.channels = channels
      return true
    }
    return place(&deed)
  }

  /// Не были месяц, haven't visited for 30 days.
  private mutating func bareDays(_ deed: PhraseDeed) -> SegmentCondition.Window? {
    guard deed.isNot, let days = days(), (1...3_650).contains(days) else { return nil }
    return .last(Int(days))
  }

  private mutating func weekdays() -> [Int]? {
    guard take("по") || take("в") || take("во") || take("on") || take("at") else { return nil }
    _ = take("the")
    var days: [Int] = []
    repeat {
      guard let some = PhraseLexicon.weekdays(text(at)) else { return days.isEmpty ? nil : Array(Set(days)).sorted() }
      days += some
      at += 1
    } while PhraseLexicon.weekdays(text(at + 1)) != nil && (take(.and) || take(.or))
    return Array(Set(days)).sorted()
  }

  /// С 18 до 21: until nine o'clock.
  private mutating func hours() -> ClosedRange<Int>? {
    guard take("с") || take("from"), words.indices.contains(at), let first = words[at].whole, (0...23).contains(first) else {
      return nil
    }
    at += 1
    guard take("до") || take("to") || take("till") || take("until"), words.indices.contains(at), let last = words[at].whole,
      last > first, last <= 24
    else { return nil }
    at += 1
    _ = take("часов") || take("o'clock")
    return Int(first)...Int(last) - 1
  }

  private mutating func place(_ deed: inout PhraseDeed) -> Bool {
    let found = attempt { parse -> [SegmentNames.Name]? in
      guard parse.take("в") || parse.take("во") || parse.take("in") || parse.take("at") || parse.take("из") else { return nil }
      _ = parse.take("the") || parse.take("our")
      var kinds: [SegmentNames.Kind] = [.city, .store]
      if parse.take(.store) { kinds = [.store] } else if parse.take(.city) { kinds = [.city] }
      var places: [SegmentNames.Name] = []
      repeat {
        guard case .name(let name, let count)? = parse.names.find(parse.words[min(parse.at, parse.words.count)...], kinds) else {
          return places.isEmpty ? nil : places
        }
        places.append(name)
        parse.at += count
        if name.kind == .store { _ = parse.take(.store) }
      } while parse.joinsName(kinds) && (parse.take(.or) || parse.take(.and))
      return places
    }
    guard let found else { return false }
    for name in found {
      if name.kind == .store { deed.purchase.stores.append(name.code) } else { deed.purchase.cities.append(name.code) }
    }
    return true
  }

  func joinsName(_ kinds: [SegmentNames.Kind]) -> Bool {
    guard has(.or, at) || has(.and, at), at + 1 < words.count else { return false }
    return names.find(words[(at + 1)...], kinds) != nil
  }

  /// How much: a number with what it counts.
  private mutating func amount(_ verb: PhraseDeed.Verb) -> (by: SegmentCondition.Amount, bounds: Bounds)? {
    let isFor = take("на") || take("for")
    if isFor { _ = take("сумму") }
    guard let bounds = bounds() else { return nil }
    let isTimes = PhraseLexicon.times[text(at - 1)] != nil
    let money = bounds.bounds(unit: 1_000, times: (0..<currency.digits).reduce(1) { all, _ in all * 10 })
    if verb == .average { return (.averageReceipt, money) }
    if bounds.isMoney || verb == .spend || verb == .buy && isFor && PhraseLexicon.days(text(at)) == nil && !has(.raz, at) {
      // An amount for goods stands before them: 5000 on coffee.
      return verb == .visit || verb == .last ? nil : (.money, money)
    }
    let times: SegmentCondition.Amount = verb == .visit ? .visits : .receipts
    if isTimes { return (times, bounds.bounds(unit: 1_000)) }
    if take(.piece) { return (.units, bounds.bounds(unit: 1)) }
    guard bounds.isWhole else { return nil }
    let whole = bounds.bounds(unit: 1_000)
    if take(.raz) { return (times, whole) }
    if take(.different) { return take(.product) ? (.products, whole) : nil }
    if take(.visits) { return (.visits, whole) }
    if take(.receipts) { return (.receipts, whole) }
    return nil
  }

  /// What may be a product's name is looked up.
  mutating func want(_ place: Int) {
    guard place < words.count, case .word = words[place].kind else { return }
    for length in stride(from: 3, through: 1, by: -1) where place + length <= words.count {
      let some = words[place..<place + length]
      let text = PhraseNames.wanted(some)
      if some.allSatisfy({ $0.kind == .word || $0.whole != nil }), text.count >= 3, !wanted.contains(text) { wanted.append(text) }
    }
  }

  /// Nothing of this clause follows: a comma, a conjunction, or a word that begins another.
  var isEnd: Bool {
    if case .sign(let sign) = words[at].kind { return ",;.".contains(sign) }
    return has(.filler, at) || has(.or, at) || has(.except, at) || has(.not, at) || has(.buy, at) || has(.spend, at)
      || has(.visit, at)
      || has(.joined, at) || has(.lives, at) || ["никогда", "ни", "did", "do", "does", "с", "со", "with"].contains(text(at))
  }

  // MARK: put together

  private mutating func end(_ deed: PhraseDeed) -> Step {
    if deed.isEach, deed.isEither { return .broken(.unknown) }
    switch deed.verb {
    case .spend, .average: if deed.amount == nil { return .broken(.unknown) }
    case .last: if deed.ago == nil || deed.amount != nil { return .broken(.unknown) }
    case .visit:
      let isBare = deed.amount == nil && deed.purchase == SegmentCondition.Purchase()
      if isBare || !deed.goods.isEmpty { return .broken(.unknown) }
    case .buy: break
    }
    // Neither of them: не покупали пиво и вино.
    let isSeparate = deed.isEach && !deed.isNot
    let lists = isSeparate ? deed.goods.map { [$0] } : [deed.goods]
    var conditions: [SegmentCondition] = []
    for list in lists {
      guard let filter = filter(list, deed.except) else { return .broken(.unknown) }
      var purchase = deed.purchase
      purchase.goods = filter
      conditions.append(condition(deed, purchase))
    }
    if deed.verb == .buy, !deed.isNot, conditions.count == 1, deed.amount == nil, case .bought(let purchase, _, _) = conditions[0],
      let follows = sequence(after: purchase)
    {
      return follows
    }
    return .done(conditions)
  }

  private func condition(_ deed: PhraseDeed, _ purchase: SegmentCondition.Purchase) -> SegmentCondition {
    if let ago = deed.ago { return .lastBought(purchase, daysAgo: ago) }
    guard let amount = deed.amount else {
      let bought: SegmentCondition = .bought(purchase, .receipts, Bounds(atLeast: 1))
      return deed.isNot ? .none([bought]) : bought
    }
    let bought: SegmentCondition = .bought(purchase, amount.by, amount.bounds)
    return deed.isNot ? .none([bought]) : bought
  }

  // MARK: what happened next

  /// …и не вернулись за 30 дней, and then bought tea within a week. Nil where the sentence does not go on so.
  private mutating func sequence(after first: SegmentCondition.Purchase) -> Step? {
    attempt { parse in
      while parse.has(.filler, parse.at) || parse.isSign(",", parse.at) { parse.at += 1 }
      var isThen = parse.take(.then)
      while ["did", "do", "после", "этого", "that"].contains(parse.text(parse.at)) { parse.at += 1 }
      let isNot = parse.take(.not)
      if !isThen { isThen = parse.take(.then) }
      var then = ProductFilter.everything
      if parse.take(.back) || parse.has(.back, parse.at + 1) && parse.take(.visit) && parse.take(.back) {
        _ = parse.take(.back)
      } else {
        guard isThen, parse.take(.buy) else { return nil }
        var next = PhraseDeed(verb: .buy)
        _ = parse.goods(&next)
        guard !next.goods.isEmpty, let filter = parse.filter(next.goods, []) else { return .broken(.unknown) }
        then = filter
      }
      guard case .last(let days)? = parse.window(), days <= 730 else { return .broken(.unknown) }
      return .done([.sequence(first, then: then, within: days, happens: !isNot)])
    }
  }
}
