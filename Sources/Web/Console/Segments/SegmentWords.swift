import Calculator
import Conditions
import Insight
import Kernel
import Storage

/// Conditions of segments as sentences of chips.
struct SegmentWords {
  let reader: Reader
  let rules: ConditionWords

  init(_ reader: Reader, _ names: RuleNames) {
    self.reader = reader
    rules = ConditionWords(reader: reader, names: names)
  }

  func kind(_ kind: SegmentState.Kind) -> String {
    switch kind {
    case .bought: reader("Покупал или не покупал", "Bought or not")
    case .lastBought: reader("Давность покупки", "Days since a purchase")
    case .sequence: reader("Купил, а потом…", "Bought, and then…")
    case .points: reader("Баллы", "Points")
    case .identifiers: reader("Телефон, карта, почта", "Telephone, card, e-mail")
    case .coupons: reader("Купоны", "Coupons")
    case .offers: reader("Активированное предложение", "Activated offer")
    case .privileges: reader("Привилегия уровня", "Privilege of a tier")
    case .consented: reader("Давность согласия", "Days since a consent")
    case .rfm: reader("RFM-оценка", "RFM marks")
    case .did: reader("Делал или не делал на сайте", "Did or not on the site")
    case .sex: reader("Пол", "Sex")
    case .age: reader("Возраст", "Age")
    case .cities: reader("Город в анкете", "City in the profile")
    case .joined: reader("Давность вступления", "Days since joining")
    case .birthday: reader("День рождения", "Birthday")
    case .household: reader("Семья", "Household")
    case .tiers: reader("Уровень", "Tier")
    case .segments: reader("Другой сегмент", "Another segment")
    case .consents: reader("Согласия", "Consents")
    case .memberKinds: reader("Вид карты", "Kind of card")
    case .memberAttribute: reader("Ответ в анкете", "Answer in the profile")
    case .random: reader("Случайная доля", "A share by chance")
    }
  }

  func group(_ kind: SegmentState.GroupKind, isFirst: Bool) -> String {
    switch kind {
    case .any: isFirst ? reader("любое из", "any of") : reader("и любое из", "and any of")
    case .none: isFirst ? reader("ни одно из", "none of") : reader("кроме", "and none of")
    case .all: isFirst ? reader("все условия", "all of") : reader("и все из", "and all of")
    }
  }

  func parts(_ condition: SegmentCondition) -> [SentencePart] {
    switch condition {
    case .all(let parts): joined(parts, reader("и", "and"))
    case .any(let parts): joined(parts, reader("или", "or"))
    case .none(let parts):
      if case .bought(let purchase, _, _)? = parts.first, condition.group == nil {
        [.verb(reader("не покупал", "did not buy"))] + goods(purchase) + refined(purchase)
      } else {
        [.verb(reader("кроме тех, кто", "except who"))] + joined(parts, reader("или", "or"))
      }
    case .bought(let purchase, let amount, let bounds): bought(purchase, amount, bounds)
    case .lastBought(let purchase, let bounds):
      [.verb(reader("последний раз купил", "last bought"))] + goods(purchase)
        + [.value(reader("\(within(bounds, days)) назад", "\(within(bounds, days)) ago"))] + refined(purchase)
    case .sequence(let first, let then, let days, let happens):
      [.verb(reader("купил", "bought"))] + goods(first) + refined(first)
        + [
          .word(
            happens
              ? reader("и не позже чем через", "and within")
              : reader("и в следующие", "and within the next")), .value(self.days(Int64(days))),
          .verb(happens ? reader("купил", "bought") : reader("не купил", "did not buy")),
        ] + rules.goods(then)
    case .did(let deed, let bounds): did(deed, bounds)
    case .scored(let scores): self.scores(scores)
    case .points(let days, let bounds): points(days, bounds)
    case .identified(let kinds, let isVerified): identified(kinds, isVerified)
    case .coupons(let held, let bounds): coupons(held, bounds)
    case .offers(let held): offers(held)
    case .agreed(let consents, let bounds): agreed(consents, bounds)
    case .member(let condition): rules.parts(condition)
    default: person(condition)
    }
  }

  /// As a plain sentence.
  func text(_ condition: SegmentCondition) -> String { parts(condition).map(\.text).joined(separator: " ") }

  private func joined(_ parts: [SegmentCondition], _ word: String) -> [SentencePart] {
    var result: [SentencePart] = []
    for (place, part) in parts.enumerated() {
      if place > 0 { result.append(.word(word)) }
      let own = self.parts(part)
      let isNested = part.group != nil && parts.count > 1
      result += isNested ? [.word("(")] + own + [.word(")")] : own
    }
    return result
  }

  private func bought(
    _ purchase: SegmentCondition.Purchase, _ amount: SegmentCondition.Amount, _ bounds: Bounds
  ) -> [SentencePart] {
    let value = within(bounds) { number in
      switch amount {
      case .money, .averageReceipt: reader.money(Money(minor: number))
      case .units: reader.quantity(number)
      case .receipts: reader.count(Int(number), ("раз", "раза", "раз"), ("time", "times"))
      case .visits: reader.count(Int(number), ("визит", "визита", "визитов"), ("visit", "visits"))
      case .products: reader.count(Int(number), ("разный товар", "разных товара", "разных товаров"), ("product", "products"))
      }
    }
    if amount == .averageReceipt {
      return [.verb(reader("средний чек", "average receipt"))] + (purchase.goods == .everything ? [] : goods(purchase))
        + [.value(value)] + refined(purchase)
    }
    let verb: String =
      switch amount {
      case .visits: reader("был", "came")
      case .money: reader("купил на", "spent")
      case .receipts, .units, .products, .averageReceipt: reader("покупал", "bought")
      }
    if amount == .money {
      let what = purchase.goods == .everything ? [] : [.word(reader("товаров:", "on"))] + goods(purchase)
      return [.verb(verb), .value(value)] + what + refined(purchase)
    }
    let what = amount == .visits && purchase.goods == .everything ? [] : goods(purchase)
    let isOnce = bounds == Bounds(atLeast: 1) && amount == .receipts
    return [.verb(verb)] + what + (isOnce ? [] : [.value(value)]) + refined(purchase)
  }

  private func goods(_ purchase: SegmentCondition.Purchase) -> [SentencePart] { rules.goods(purchase.goods) }

  /// When and where.
  private func refined(_ purchase: SegmentCondition.Purchase) -> [SentencePart] {
    var parts = window(purchase.window)
    if !purchase.stores.isEmpty {
      parts += [.word(reader("в магазинах", "in the stores")), .value(list(purchase.stores))]
    }
    if !purchase.cities.isEmpty { parts += [.word(reader("в городах", "in the cities")), .value(list(purchase.cities))] }
    if !purchase.weekdays.isEmpty {
      parts += [.word(reader("по дням", "on")), .value(purchase.weekdays.map { reader.weekday($0) }.joined(separator: ", "))]
    }
    if let hours = purchase.hours {
      let (from, until) = (clock(hours.lowerBound), clock(hours.upperBound + 1))
      parts.append(.value(reader("с \(from) до \(until)", "\(from) to \(until)")))
    }
    return parts + manner(purchase.manner)
  }

  private func clock(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour):00" }

  func list(_ texts: [String]) -> String {
    let first = texts.prefix(RuleNames.shown).joined(separator: ", ")
    let rest = texts.count - RuleNames.shown
    return rest > 0 ? reader("\(first) и ещё \(rest)", "\(first) and \(rest) more") : first
  }

  private func person(_ condition: SegmentCondition) -> [SentencePart] {
    switch condition {
    case .sex(let sex):
      [
        .word(reader("пол", "sex")),
        .value(sex == .female ? reader("женский", "female") : reader("мужской", "male")),
      ]
    case .age(let bounds): [.word(reader("возраст", "age")), .value(within(bounds, years))]
    case .cities(let names): [.word(reader("живёт в городе", "lives in")), .value(list(names))]
    case .joined(let bounds):
      [.word(reader("вступил", "joined")), .value(reader("\(within(bounds, days)) назад", "\(within(bounds, days)) ago"))]
    case .random(let share, let salt):
      [
        .word(reader("случайная доля", "a share by chance")),
        .value(reader.decimal(divided(share.ppm, by: 1_000, .halfUp), digits: 1) + "\u{a0}%"),
        .word(reader("жребий", "drawn as")), .value(salt),
      ]
    default: []
    }
  }

  func days(_ number: Int64) -> String { reader.count(Int(number), ("день", "дня", "дней"), ("day", "days")) }
  private func years(_ number: Int64) -> String { reader.count(Int(number), ("год", "года", "лет"), ("year", "years")) }

  func within(_ bounds: Bounds, _ text: (Int64) -> String) -> String {
    switch (bounds.atLeast, bounds.atMost) {
    case (let least?, let most?) where least == most: reader("ровно \(text(least))", "exactly \(text(least))")
    case (let least?, let most?): reader("от \(text(least)) до \(text(most))", "\(text(least)) to \(text(most))")
    case (let least?, nil): reader("не меньше \(text(least))", "at least \(text(least))")
    case (nil, let most?): reader("не больше \(text(most))", "at most \(text(most))")
    case (nil, nil): reader("сколько угодно", "any number")
    }
  }
}

extension RuleNames {
  /// Of what conditions of segments name. Three statements at most.
  init(for conditions: [SegmentCondition], _ bench: RuleBench, _ reader: Reader, in tx: inout Transaction) throws {
    var mentioned = Mentioned()
    for condition in conditions { mentioned.look(condition) }
    try self.init(mentioned, bench, reader, in: &tx)
  }
}
