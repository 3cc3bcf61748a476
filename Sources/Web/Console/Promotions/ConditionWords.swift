import Calculator
import Conditions
import Kernel
import Loyalty

/// A part of a sentence: grey words, what is asked in white, what was chosen tinted.
enum SentencePart: Hashable {
  case word(String)
  case verb(String)
  case value(String)

  var text: String {
    switch self {
    case .word(let text), .verb(let text), .value(let text): text
    }
  }

  var html: Markup {
    switch self {
    case .word(let text): "<span>\(text)</span>"
    case .verb(let text): "<span class=\"chip said\">\(text)</span>"
    case .value(let text): "<span class=\"chip value said\">\(text)</span>"
    }
  }
}

/// What conditions and filters of goods ask, in words.
struct ConditionWords {
  let reader: Reader
  let names: RuleNames

  func parts(_ condition: Condition) -> [SentencePart] {
    switch condition {
    case .all(let parts): joined(parts.map(self.parts), reader("и", "and"))
    case .any(let parts): joined(parts.map(self.parts), reader("или", "or"))
    case .none(let parts): [.verb(reader("кроме случая, когда", "unless"))] + joined(parts.map(self.parts), reader("или", "or"))
    case .amount, .quantity, .weight, .products, .lines: basket(condition)
    case .stores, .storeBrands, .priceZones, .regions, .cities, .storeFormats, .channels: place(condition)
    case .weekdays, .hours, .days, .holidays: time(condition)
    case .accumulated(let accumulator, let bounds): accumulated(accumulator, bounds)
    case .privileges, .consents, .activated, .certificate: offer(condition)
    case .coupon(let series): [.word(reader("с купоном", "with the coupon")), .value(series)]
    case .tenders(let kinds):
      [.word(reader("при оплате", "paid by")), .value(kinds.map { KindWords.tender($0, reader) }.joined(separator: ", "))]
    case .identified, .memberKinds, .tiers, .segments, .memberAttribute, .firstPurchase, .firstPurchaseOf, .birthday, .household,
      .counter, .stamps:
      member(condition)
    }
  }

  /// With brackets around what itself has several parts.
  private func joined(_ parts: [[SentencePart]], _ word: String) -> [SentencePart] {
    var result: [SentencePart] = []
    for (place, part) in parts.enumerated() {
      if place > 0 { result.append(.word(word)) }
      let isNested = parts.count > 1 && part.contains { $0 == .word(reader("и", "and")) || $0 == .word(reader("или", "or")) }
      result += isNested ? [.word("(")] + part + [.word(")")] : part
    }
    return result
  }

  private func basket(_ condition: Condition) -> [SentencePart] {
    let inReceipt = SentencePart.word(reader("в чеке", "the receipt has"))
    switch condition {
    case .amount(.everything, let basis, let bounds):
      return [.word(reader("сумма чека", "the receipt comes to")), .value(within(bounds) { reader.money(Money(minor: $0)) })]
        + shelf(basis)
    case .amount(let goods, let basis, let bounds):
      return [inReceipt] + self.goods(goods)
        + [.word(reader("на сумму", "for")), .value(within(bounds) { reader.money(Money(minor: $0)) })] + shelf(basis)
    case .quantity(let goods, let bounds):
      return [inReceipt, .value(within(bounds) { reader.quantity($0) }), .word(reader("из", "of"))] + self.goods(goods)
    case .weight(let goods, let bounds):
      return [inReceipt, .value(within(bounds) { reader.weight($0) }), .word(reader("весом из", "by weight of"))]
        + self.goods(goods)
    case .products(let goods, let bounds):
      return [inReceipt, .value(within(bounds) { reader.number($0) }), .word(reader("разных товаров из", "different products of"))]
        + self.goods(goods)
    case .lines(let goods, let bounds):
      return [inReceipt, .value(within(bounds) { reader.number($0) }), .word(reader("строк из", "lines of"))] + self.goods(goods)
    default: return []
    }
  }

  private func shelf(_ basis: AmountBasis) -> [SentencePart] {
    basis == .regular ? [.word(reader("по ценам полки", "at shelf prices"))] : []
  }

  private func place(_ condition: Condition) -> [SentencePart] {
    switch condition {
    case .stores(let ids): [.word(reader("в магазинах", "in the stores")), .value(names.list(.store, ids))]
    case .storeBrands(let ids): [.word(reader("в магазинах марки", "in stores of the brand")), .value(names.list(.brand, ids))]
    case .channels(let channels):
      [.word(reader("где:", "at:")), .value(channels.map { KindWords.channel($0, reader) }.joined(separator: ", "))]
    case .priceZones(let ids): [.word(reader("в ценовых зонах", "in the price zones")), .value(names.list(.priceZone, ids))]
    case .regions(let places): [.word(reader("в регионах", "in the regions")), .value(places.joined(separator: ", "))]
    case .cities(let places): [.word(reader("в городах", "in the cities")), .value(places.joined(separator: ", "))]
    case .storeFormats(let formats):
      [.word(reader("в магазинах формата", "in stores of the format")), .value(formats.joined(separator: ", "))]
    default: []
    }
  }

  private func accumulated(_ accumulator: Accumulator, _ bounds: Bounds) -> [SentencePart] {
    let isAll = accumulator.goods == .everything
    let what: String =
      switch accumulator.measure {
      case .visits: reader("визитов", "visits")
      case .receipts: reader("чеков", "receipts")
      case .amount: reader("куплено на", "bought for")
      case .quantity: reader("куплено", "bought")
      }
    let value = within(bounds) { number in
      switch accumulator.measure {
      case .amount: reader.money(Money(minor: number))
      case .quantity: reader.quantity(number)
      case .receipts, .visits: reader.number(number)
      }
    }
    let goods = isAll ? [] : [.word(reader("товаров:", "of"))] + self.goods(accumulator.goods)
    let period = KindWords.period(accumulator.period, reader)
    let isFamily = accumulator.whose == .household
    return [
      .word(isFamily ? reader("у чьей семьи за", "whose household within") : reader("у кого за", "who within")), .value(period),
      .word(
        reader("вместе с этим чеком", isFamily ? "has, this receipt included," : "have, this receipt included,")),
    ]
      + [.verb(what), .value(value)] + goods
  }

  private func time(_ condition: Condition) -> [SentencePart] {
    switch condition {
    case .holidays(let before, let after):
      [
        .word(reader("рядом с праздником:", "around a holiday:")),
        .value(reader("за \(before) дн. до и \(after) после", "\(before) days before and \(after) after")),
      ]
    case .weekdays(let days): [.word(reader("по дням", "on")), .value(days.map(reader.weekday).joined(separator: ", "))]
    case .hours(let from, let until):
      [
        .value(reader("с \(short(from)) до \(short(until))", "\(short(from)) to \(short(until))")),
        .word(reader("по часам магазина", "by the store's clock")),
      ]
    case .days(let from, let through):
      [.word(reader("по дням", "on days")), .value(span(from, through))]
    default: []
    }
  }

  private func member(_ condition: Condition) -> [SentencePart] {
    switch condition {
    case .identified: [.value(reader("участникам программы", "members of the programme"))]
    case .memberKinds(let kinds):
      [
        .word(reader("у кого карта:", "whose card is of")),
        .value(kinds.map { KindWords.member($0, reader) }.joined(separator: ", ")),
      ]
    case .tiers(let ids): [.word(reader("с уровнем", "of the tier")), .value(names.list(.tier, ids))]
    case .segments(let ids): [.word(reader("из сегмента", "of the segment")), .value(names.list(.segment, ids))]
    case .memberAttribute(let name, let comparison):
      [.word(reader("у кого в анкете", "whose profile has")), .verb(names.fields[name].map { reader($0.name) } ?? name)]
        + parts(comparison, name)
    case .firstPurchase: [.value(reader("за первую покупку", "at their first purchase"))]
    case .firstPurchaseOf(let sum):
      [.word(reader("за первую покупку товаров:", "at their first purchase of"))] + goods(sum.goods)
    case .birthday(let before, let after):
      [
        .word(reader("рядом с днём рождения:", "around their birthday:")),
        .value(reader("за \(before) дн. до и \(after) после", "\(before) days before and \(after) after")),
      ]
    case .household(Bounds(atLeast: nil, atMost: nil)): [.value(reader("кто состоит в семье", "who are in a household"))]
    case .household(let bounds):
      [.word(reader("в чьей семье человек:", "whose household has members:")), .value(within(bounds) { reader.number($0) })]
    case .counter(MemberCounter.memberDays.rawValue, let bounds):
      [.word(reader("кто в программе дней:", "who are members for days:")), .value(within(bounds) { reader.number($0) })]
    case .counter(MemberCounter.daysSincePurchase.rawValue, let bounds):
      [.word(reader("кто не покупал дней:", "who have not bought for days:")), .value(within(bounds) { reader.number($0) })]
    case .stamps(let card, let bounds):
      [
        .word(reader("у кого на карточке", "who have on the card")), .verb(card),
        .value(within(bounds) { reader.stamps($0) }),
      ]
    case .counter(let name, let bounds):
      [.word(reader("у кого счётчик", "whose counter")), .verb(name), .value(within(bounds) { reader.number($0) })]
    default: []
    }
  }

  private func parts(_ comparison: Comparison, _ name: String) -> [SentencePart] {
    switch comparison {
    case .isPresent(let wanted): [.value(wanted ? reader("заполнено", "is filled in") : reader("пусто", "is empty"))]
    case .isOneOf(let values): [.value(texts(values, name))]
    case .isNoneOf(let values): [.verb(reader("не", "not")), .value(texts(values, name))]
    case .number(let bounds): [.value(within(bounds) { reader.number($0) })]
    case .day(let from, let through): [.value(span(from, through))]
    }
  }

  private func texts(_ values: [AttributeValue], _ name: String) -> String {
    let words = FieldWords(reader: reader, fields: names.fields)
    let first = values.prefix(RuleNames.shown).map { words.value($0, of: name) }.joined(separator: ", ")
    let rest = values.count - RuleNames.shown
    return rest > 0 ? reader("\(first) и ещё \(rest)", "\(first) and \(rest) more") : first
  }

  private func span(_ from: CivilDay?, _ through: CivilDay?) -> String {
    switch (from, through) {
    case (let from?, let through?):
      reader("с \(reader.date(from)) по \(reader.date(through))", "\(reader.date(from)) to \(reader.date(through))")
    case (let from?, nil): reader("с \(reader.date(from))", "from \(reader.date(from))")
    case (nil, let through?): reader("по \(reader.date(through))", "to \(reader.date(through))")
    case (nil, nil): reader("всегда", "always")
    }
  }

  private func within(_ bounds: Bounds, _ text: (Int64) -> String) -> String {
    switch (bounds.atLeast, bounds.atMost) {
    case (let least?, let most?) where least == most: reader("ровно \(text(least))", "exactly \(text(least))")
    case (let least?, let most?): reader("от \(text(least)) до \(text(most))", "\(text(least)) to \(text(most))")
    case (let least?, nil): reader("не меньше \(text(least))", "at least \(text(least))")
    case (nil, let most?): reader("не больше \(text(most))", "at most \(text(most))")
    case (nil, nil): reader("сколько угодно", "any number")
    }
  }

  private func short(_ clock: Clock) -> String { String(clock.description.prefix(5)) }
}

// Goods.
extension ConditionWords {
  func goods(_ filter: ProductFilter) -> [SentencePart] {
    switch filter {
    case .everything: [.value(reader("любые товары", "any goods"))]
    case .products(let ids): [.value(names.list(.product, ids))]
    case .categories(let ids): [.word(reader("категории", "the category")), .value(names.list(.category, ids))]
    case .brands(let ids): [.word(reader("бренда", "the brand")), .value(names.list(.productBrand, ids))]
    case .manufacturers(let ids): [.word(reader("производителя", "the maker")), .value(names.list(.manufacturer, ids))]
    case .attributes(let ids): [.word(reader("с признаком", "with")), .value(names.list(.attribute, ids))]
    case .flagged(let flags):
      [
        .word(reader("с пометкой", "flagged")),
        .value(ProductFlags.named.filter { flags.contains($0.flag) }.map(\.name).joined(separator: ", ")),
      ]
    case .price(let least, let most):
      [
        .word(reader("по цене", "priced")),
        .value(within(Bounds(atLeast: least?.minor, atMost: most?.minor)) { reader.money(Money(minor: $0)) }),
      ]
    case .favourites: [.value(reader("любимые категории участника", "the member’s favourite categories"))]
    case .all(let parts): all(parts)
    case .any(let parts): joined(parts.map(goods), reader("или", "or"))
    case .none(let parts):
      [.value(reader("любые товары", "any goods")), .verb(reader("кроме", "except"))]
        + joined(parts.map(goods), reader("или", "or"))
    }
  }

  /// What is left out of something is said behind it.
  private func all(_ parts: [ProductFilter]) -> [SentencePart] {
    var (kept, left): ([[SentencePart]], [[SentencePart]]) = ([], [])
    for part in parts {
      if case .none(let out) = part { left.append(joined(out.map(goods), reader("или", "or"))) } else { kept.append(goods(part)) }
    }
    let first = kept.isEmpty ? [.value(reader("любые товары", "any goods"))] : joined(kept, reader("и", "and"))
    return left.isEmpty ? first : first + [.verb(reader("кроме", "except"))] + joined(left, reader("или", "or"))
  }
}

extension Reader {
  /// 1 (Monday) … 7.
  func weekday(_ number: Int) -> String { weekday(CivilDay(number: Int32(number + 3))) }

  /// Thousandths of a kilogram or litre.
  func weight(_ thousandths: Int64) -> String { decimal(thousandths, digits: 3) + "\u{a0}" + self("кг или л", "kg or l") }

  /// Thousandths: pieces as whole numbers.
  func quantity(_ thousandths: Int64) -> String {
    thousandths % 1_000 == 0
      ? number(thousandths / 1_000) + "\u{a0}" + self("шт", "pcs")
      : decimal(thousandths, digits: 3) + "\u{a0}" + self("кг или л", "kg or l")
  }
}
