import Calculator
import Conditions
import Kernel
import Loyalty

/// Lists of a promotion's form: a line for each thing, by its name and code.
enum ListField: String, CaseIterable {
  case products = "goods-products", categories = "goods-categories", brands = "goods-brands", manufacturers = "goods-manufacturers"
  case exceptProducts = "except-products", exceptCategories = "except-categories", exceptBrands = "except-brands"
  case stores, segments
  case bundle1 = "bundle-products-1", bundle2 = "bundle-products-2", bundle3 = "bundle-products-3"
  case bundleCategories1 = "bundle-categories-1", bundleCategories2 = "bundle-categories-2", bundleCategories3 =
    "bundle-categories-3"
  case gift1 = "choice-products-1", gift2 = "choice-products-2", gift3 = "choice-products-3"
  case gift4 = "choice-products-4", gift5 = "choice-products-5", gift6 = "choice-products-6"

  /// Longer lists come by file, and the form leaves them as they are.
  static let longest = 500

  static let goods: [ListField] = [.products, .categories, .brands, .manufacturers]
  static let exceptions: [ListField] = [.exceptProducts, .exceptCategories, .exceptBrands]

  var kind: NameKind {
    switch self {
    case .products, .exceptProducts, .bundle1, .bundle2, .bundle3, .gift1, .gift2, .gift3, .gift4, .gift5, .gift6: .product
    case .categories, .exceptCategories, .bundleCategories1, .bundleCategories2, .bundleCategories3: .category
    case .brands, .exceptBrands: .productBrand
    case .manufacturers: .manufacturer
    case .stores: .store
    case .segments: .segment
    }
  }
}

/// What gives, as a form's radio buttons name it.
enum BenefitKind: String, CaseIterable {
  case percent, amountPerUnit, amount, fixedPrice, prices, fixedTotal, staircase, bundle, freeUnits, gift, giftChoice, earnRate
  case earnPerStep, earnPerUnit, earnMultiplier, earnFixed, reward

  /// The radio button of a benefit that needs more fields than there are: it stays as it is.
  static let kept = "kept"

  init(_ benefit: Benefit) {
    switch benefit {
    case .percent: self = .percent
    case .amountPerUnit: self = .amountPerUnit
    case .amount: self = .amount
    case .fixedPrice: self = .fixedPrice
    case .fixedTotal: self = .fixedTotal
    case .freeUnits: self = .freeUnits
    case .gift: self = .gift
    case .giftChoice: self = .giftChoice
    case .earnRate: self = .earnRate
    case .earnPerStep: self = .earnPerStep
    case .earnMultiplier: self = .earnMultiplier
    case .staircase: self = .staircase
    case .bundle: self = .bundle
    case .prices: self = .prices
    case .earnPerUnit: self = .earnPerUnit
    case .earnFixed: self = .earnFixed
    case .reward: self = .reward
    }
  }
}

/// What of a promotion a form can show, as the form's fields; and what it cannot, which stays as it is.
struct PromotionShape {
  private(set) var form = Form()
  /// Conditions that no field stands for, by their place among all.
  private(set) var kept: [Condition] = []
  /// Each condition of the promotion in its order: the fields that it went into, nil for a kept one.
  private(set) var order: [(key: String?, condition: Condition)] = []
  /// The goods, where the form cannot show them.
  private(set) var keptGoods: ProductFilter?
  let promotion: Promotion
  private let bench: RuleBench
  private let zone: Zone
  private let lines: (NameKind, Int64) -> String

  /// - Parameter lines: how one thing of a list is written: its name, its code in brackets.
  init(_ promotion: Promotion, _ bench: RuleBench, lines: @escaping (NameKind, Int64) -> String) {
    self.promotion = promotion
    self.bench = bench
    zone = bench.programme.settings.points.zone
    self.lines = lines
    head()
    takeConditions()
    takeGoods()
    takeBenefit()
    takeLimits()
  }

  private mutating func head() {
    form.set("/code", promotion.code)
    form.set("/name/ru", promotion.name.ru)
    form.set("/name/en", promotion.name.en)
    for (name, moment) in [("/from", promotion.from), ("/until", promotion.until)] { form.set(name, moment.map(zone.typed) ?? "") }
    form.set("/group", promotion.group)
    form.set("/priority", String(promotion.priority))
    form.set("/tags", promotion.tags.joined(separator: ", "))
    form.set("/excludes", promotion.excludes.joined(separator: ", "))
    form.set("stage", promotion.stage.rawValue)
    tick("public", promotion.isPublic)
    tick("till", promotion.addsToTillReductions)
  }

  private mutating func tick(_ name: String, _ isOn: Bool) { if isOn { form.set(name, "on") } }

  private mutating func takeConditions() {
    let questions: [Condition] = if case .all(let parts) = promotion.condition { parts } else { [promotion.condition] }
    var seen: Set<String> = []
    for question in questions {
      if let key = Self.key(question, promotion.target), !seen.contains(key), fits(question) {
        seen.insert(key)
        order.append((key, question))
        take(question)
      } else {
        kept.append(question)
        order.append((nil, question))
      }
    }
  }

  private func fits(_ condition: Condition) -> Bool {
    switch condition {
    case .stores(let ids): ids.count <= ListField.longest
    case .segments(let ids): ids.count <= ListField.longest
    case .memberAttribute(let name, let comparison): FieldQuestion.takes(name, comparison, bench.fields)
    default: true
    }
  }

  private mutating func take(_ condition: Condition) {
    switch condition {
    case .identified: form.set("who", "members")
    case .tiers(let ids): for id in ids { form.set("tier-" + (bench.names.code(.tier, id.raw) ?? ""), "on") }
    case .segments(let ids): list(.segments, ids.raws)
    case .stores(let ids): list(.stores, ids.raws)
    case .firstPurchase: form.set("first", "on")
    case .firstPurchaseOf: form.set("firstOf", "on")
    case .birthday(let before, let after): near("birthday", before, after)
    case .weekdays(let days): for day in days { form.set("day-\(day)", "on") }
    case .hours(let from, let until):
      for (name, clock) in [("hours-from", from), ("hours-until", until)] { form.set(name, String(clock.description.prefix(5))) }
    case .channels(let channels): for channel in channels { form.set("channel-" + channel.rawValue, "on") }
    case .tenders(let kinds): for kind in kinds { form.set("tender-" + kind.rawValue, "on") }
    case .priceZones(let ids):
      form.set("priceZones", ids.compactMap { bench.names.code(.priceZone, $0.raw) }.joined(separator: ", "))
    case .regions(let names), .cities(let names), .storeFormats(let names):
      form.set(Self.key(condition, promotion.target) ?? "", names.joined(separator: ", "))
    case .holidays(let before, let after): near("holidays", before, after)
    case .household(let bounds):
      form.set("household", "on")
      count("household", bounds)
    case .counter(let name, let bounds): count(name, bounds)
    case .accumulated(let accumulator, let bounds): take(accumulator, bounds)
    case .stamps(let card, let bounds):
      form.set("stamps-card", card)
      count("stamps", bounds)
    case .amount(let goods, let basis, let bounds):
      form.set("amount-least", bounds.atLeast.map { bench.amounts.text(Money(minor: $0)) } ?? "")
      form.set("amount-most", bounds.atMost.map { bench.amounts.text(Money(minor: $0)) } ?? "")
      form.set("amount-of", goods == promotion.target && goods != .everything ? "goods" : "receipt")
      form.set("amount-basis", basis.rawValue)
    case .quantity(let goods, let bounds): quantity(goods, bounds)
    case .coupon, .privileges, .consents, .activated, .certificate, .memberAttribute:
      for (field, text) in Self.offerTexts(condition) { form.set(field, text) }
    default: break
    }
  }

  private mutating func quantity(_ goods: ProductFilter, _ bounds: Bounds) {
    form.set("quantity-least", bounds.atLeast.map { Quantity(thousandths: $0).decimalText } ?? "")
    form.set("quantity-most", bounds.atMost.map { Quantity(thousandths: $0).decimalText } ?? "")
    form.set("quantity-of", goods == promotion.target && goods != .everything ? "goods" : "receipt")
  }

  private mutating func count(_ name: String, _ bounds: Bounds) {
    form.set(name + "-least", bounds.atLeast.map(String.init) ?? "")
    form.set(name + "-most", bounds.atMost.map(String.init) ?? "")
  }

  private mutating func near(_ day: String, _ before: Int, _ after: Int) {
    form.set(day, "on")
    form.set(day + "-before", String(before))
    form.set(day + "-after", String(after))
  }

  private mutating func take(_ accumulator: Accumulator, _ bounds: Bounds) {
    func text(_ value: Int64) -> String {
      switch accumulator.measure {
      case .amount: bench.amounts.text(Money(minor: value))
      case .quantity: Quantity(thousandths: value).decimalText
      case .receipts, .visits: String(value)
      }
    }
    form.set("accumulated-what", accumulator.measure.rawValue)
    form.set("accumulated-within", accumulator.period.rawValue)
    form.set("accumulated-whose", accumulator.whose.rawValue)
    form.set("accumulated-least", bounds.atLeast.map(text) ?? "")
    form.set("accumulated-most", bounds.atMost.map(text) ?? "")
    form.set("accumulated-of", accumulator.goods == .everything ? "receipt" : "goods")
  }

  private mutating func list(_ field: ListField, _ ids: [Int64]) {
    form.set(field.rawValue, ids.map { lines(field.kind, $0) }.joined(separator: "\n"))
  }
}

// Goods, benefit and limits.
extension PromotionShape {
  private mutating func takeGoods() {
    guard let sets = GoodsSets(promotion.target) else {
      keptGoods = promotion.target
      return
    }
    for (field, ids) in sets.lists { list(field, ids) }
    tick("goods-favourites", sets.favourites)
    tick("except-favourites", sets.exceptFavourites)
  }

  private mutating func takeBenefit() {
    let amounts = bench.amounts
    form.set("benefit", BenefitKind(promotion.benefit).rawValue)
    guard let sets = PromotionSets.fields(promotion.benefit, amounts, code: { bench.names.code(.product, $0.raw) }) else {
      form.set("benefit", BenefitKind.kept)
      return
    }
    for (field, text) in sets.texts { form.set(field, text) }
    for (field, ids) in sets.lists { list(field, ids) }
    switch promotion.benefit {
    case .percent(let rate, let basis):
      form.set("percent", rate.percentText)
      form.set("percent-of", basis.rawValue)
    case .amountPerUnit(let money): form.set("amountPerUnit", amounts.text(money))
    case .amount(let money): form.set("amount", amounts.text(money))
    case .fixedPrice(let money): form.set("fixedPrice", amounts.text(money))
    case .fixedTotal(let money): form.set("fixedTotal", amounts.text(money))
    case .freeUnits(let buy, let free, let rate, let lands, let perProduct):
      form.set("buy", String(buy))
      form.set("free", String(free))
      form.set("reduction", rate.percentText)
      form.set("lands", lands.rawValue)
      tick("perProduct", perProduct)
    case .gift(let units, let price):
      form.set("gift-units", String(units))
      form.set("gift-price", amounts.text(price))
    case .earnRate(let rate): form.set("earn-rate", rate.percentText)
    case .earnPerStep(let points, let step):
      form.set("step-points", amounts.text(points))
      form.set("step-money", amounts.text(step))
    case .earnMultiplier(let rate): form.set("multiplier", Rate(ppm: rate.ppm / 100).percentText)
    case .earnFixed(let points): form.set("earn-points", amounts.text(points))
    case .giftChoice, .staircase, .bundle, .prices, .earnPerUnit, .reward: break
    }
  }

  private mutating func takeLimits() {
    let (limits, amounts) = (promotion.limits, bench.amounts)
    if let take = promotion.takes {
      form.set("takes-card", take.card)
      form.set("takes-stamps", String(take.stamps))
    }
    for (field, text) in promotion.course.map(CourseFields.texts) ?? [] { form.set(field, text) }
    for (name, text) in LimitFields.texts(limits, amounts) { form.set("/limits/" + name, text ?? "") }
  }
}
