import Calculator
import Conditions
import Kernel
import Loyalty

/// Benefits of several parts – staircases, bundles, price lists, rewards – as a form has them. What needs more fields than there are
/// stays as it is and is written as text.
enum PromotionSets {
  static let steps = 6
  static let parts = 3
  static let prices = 500
  static let reductions = ["percent", "amountPerUnit", "amount", "fixedPrice"]

  /// The lists of a bundle's group of goods.
  static func lists(_ part: Int) -> (products: ListField, categories: ListField) {
    [(.bundle1, .bundleCategories1), (.bundle2, .bundleCategories2), (.bundle3, .bundleCategories3)][part]
  }

  // From a promotion to fields.

  /// What the fields say, and what stands in lists; nil where they cannot say it. Empty for benefits without parts.
  static func fields(
    _ benefit: Benefit, _ amounts: AmountForm, code: (ProductID) -> String?
  ) -> (texts: [(String, String)], lists: [(ListField, [Int64])])? {
    switch benefit {
    case .staircase(let staircase): steps(staircase, amounts).map { ($0, []) }
    case .bundle(let bundle): parts(bundle, amounts)
    case .giftChoice(let choice): GiftChoiceFields.fields(choice, amounts)
    case .prices(let list):
      list.count > prices ? nil : list.plain.map { ([("prices", text($0, amounts, code))], []) }
    case .reward(.freeDelivery): ([("reward", "free-delivery")], [])
    case .reward(.coupon(let series, let isPersonal)):
      ([("reward", "coupon"), ("reward-series", series), ("reward-personal", isPersonal ? "on" : "")], [])
    case .reward(.certificate(let series, let amount)):
      ([("reward", "certificate"), ("reward-series", series), ("reward-amount", amounts.text(amount))], [])
    case .reward(.stamps(let grant)): (StampFields.texts(grant, amounts), [])
    case .reward(.turns(let count, let game, _)):
      ([("reward", "turns"), ("reward-series", game), ("reward-turns", String(count))], [])
    case .reward(.tier(let gift)): (TierGiftFields.texts(gift), [])
    case .reward(.message(let text, let reader)):
      ([("reward", "message"), ("message-to", reader.rawValue), ("message/ru", text.ru), ("message/en", text.en)], [])
    case .earnPerUnit(let points): ([("unit-points", amounts.text(points))], [])
    case .percent, .amountPerUnit, .amount, .fixedPrice, .fixedTotal, .freeUnits, .gift, .earnRate, .earnPerStep, .earnMultiplier,
      .earnFixed:
      ([], [])
    }
  }

  private static func steps(_ staircase: Staircase, _ amounts: AmountForm) -> [(String, String)]? {
    let kinds = Set(staircase.steps.map { name($0.reduction) })
    guard staircase.steps.count <= steps, kinds.count == 1, let kind = kinds.first else { return nil }
    var texts = [("step-by", staircase.measure.rawValue), ("step-takes", kind)]
    for (place, step) in staircase.steps.enumerated() {
      let from =
        staircase.measure == .amount ? amounts.text(Money(minor: step.from)) : Quantity(thousandths: step.from).decimalText
      texts += [("step-from-\(place + 1)", from), ("step-value-\(place + 1)", value(step.reduction, amounts))]
    }
    return texts
  }

  private static func name(_ reduction: Reduction) -> String {
    switch reduction {
    case .percent: "percent"
    case .amountPerUnit: "amountPerUnit"
    case .amount: "amount"
    case .fixedPrice: "fixedPrice"
    }
  }

  private static func value(_ reduction: Reduction, _ amounts: AmountForm) -> String {
    switch reduction {
    case .percent(let rate): rate.percentText
    case .amountPerUnit(let money), .amount(let money), .fixedPrice(let money): amounts.text(money)
    }
  }

  private static func parts(
    _ bundle: Bundle, _ amounts: AmountForm
  ) -> (texts: [(String, String)], lists: [(ListField, [Int64])])? {
    guard bundle.parts.count <= parts else { return nil }
    var (texts, lists): ([(String, String)], [(ListField, [Int64])]) = ([], [])
    for (place, part) in bundle.parts.enumerated() {
      guard let goods = GoodsSets(part.goods), !goods.favourites, !goods.exceptFavourites else { return nil }
      let sets = goods.lists
      guard sets.allSatisfy({ [.products, .categories].contains($0.field) }) else {
        return nil
      }
      for set in sets {
        lists.append((set.field == .products ? self.lists(place).products : self.lists(place).categories, set.ids))
      }
      texts.append(("bundle-units-\(place + 1)", String(part.units)))
    }
    switch bundle.offer {
    case .price(let money): texts += [("bundle-takes", "price"), ("bundle-value", amounts.text(money))]
    case .amount(let money): texts += [("bundle-takes", "amount"), ("bundle-value", amounts.text(money))]
    case .percent(let rate): texts += [("bundle-takes", "percent"), ("bundle-value", rate.percentText)]
    }
    return (texts, lists)
  }

  private static func text(
    _ list: [(product: ProductID, price: Money)], _ amounts: AmountForm, _ code: (ProductID) -> String?
  ) -> String {
    list.map { "\(code($0.product) ?? String($0.product.raw))\t\(amounts.text($0.price))" }.joined(separator: "\n")
  }

  // From fields to the JSON that the calculator reads.

  static func staircase(_ form: Form, _ number: (String) -> JSON?) -> JSON {
    let kind = reductions.first { $0 == form["step-takes"] } ?? "percent"
    let rows = (1...steps).filter { number("step-from-\($0)") != nil || number("step-value-\($0)") != nil }
    let items = rows.map { row -> JSON in
      let value = number("step-value-\(row)").map { JSON.Member(kind, $0) }
      return .object((number("step-from-\(row)").map { [JSON.Member("from", $0)] } ?? []) + (value.map { [$0] } ?? []))
    }
    return .object([
      "staircase": .object(["by": form["step-by"] == "quantity" ? "quantity" : "amount", "steps": .array(items)])
    ])
  }

  static func bundle(
    _ form: Form, _ codes: (ListField) -> JSON?, whole: (String) -> JSON?, _ number: (String) -> JSON?
  ) -> JSON {
    let parts = (0..<parts).compactMap { place -> JSON? in
      let sets = [("products", codes(lists(place).products)), ("categories", codes(lists(place).categories))]
        .compactMap { name, list in list.map { JSON.object([JSON.Member(name, $0)]) } }
      guard let first = sets.first else { return nil }
      let units = whole("bundle-units-\(place + 1)")
      return .object(["of": sets.count > 1 ? .object(["any": .array(sets)]) : first, "units": units == 1 ? nil : units])
    }
    let offer = ["price", "amount", "percent"].first { $0 == form["bundle-takes"] } ?? "price"
    let value = number("bundle-value").map { [JSON.Member(offer, $0)] } ?? []
    return .object(["bundle": .object([JSON.Member("parts", .array(parts))] + value)])
  }

  /// A line for each product: its code, a space, a semicolon or a tab, its price.
  static func prices(_ text: String) -> JSON {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty }
    let members = lines.map { line -> JSON.Member in
      let parts = line.split { $0.isWhitespace || $0 == ";" }
      let price = parts.last.map { String($0).replacing(",", with: ".") } ?? ""
      return JSON.Member(parts.dropLast().joined(separator: " "), .string(price))
    }
    return .object(["prices": .object(members)])
  }

  static func reward(_ form: Form, amount: (String) -> JSON?) -> JSON {
    if form["reward"] == "coupon" {
      return .object([
        "reward": .object([
          "coupon": .string(form["reward-series"]), "personal": form.has("reward-personal") ? true : nil,
        ])
      ])
    }
    if form["reward"] == "certificate" {
      return .object([
        "reward": .object(["certificate": .string(form["reward-series"]), "amount": amount("reward-amount")])
      ])
    }
    if form["reward"] == "tier" { return TierGiftFields.reward(form) }
    if form["reward"] == "stamps" { return StampFields.reward(form, amount) }
    if form["reward"] == "turns" {
      let turns = form["reward-turns"].filter { !$0.isWhitespace }
      return .object([
        "reward": .object([
          "game": .string(form["reward-series"]),
          "turns": turns.isEmpty ? nil : Int64(turns).map(JSON.int) ?? .string(turns),
        ])
      ])
    }
    guard form["reward"] == "message" else { return .object(["reward": "free-delivery"]) }
    func text(_ language: String) -> JSON? { form["message/" + language].isEmpty ? nil : .string(form["message/" + language]) }
    return .object([
      "reward": .object([
        "message": .object(["ru": text("ru"), "en": text("en")]), "to": .string(form["message-to"]),
      ])
    ])
  }
}

// The fields themselves.
extension PromotionEditPage {
  var staircaseFields: Markup {
    let by = [
      ("amount", reader("сумме товаров", "the goods' amount")), ("quantity", reader("количеству товаров", "the goods' quantity")),
    ]
    let takes = [
      ("percent", reader("процент", "percent")), ("amountPerUnit", reader("сумма с единицы", "amount a unit")),
      ("amount", reader("сумма со всех", "amount off all")), ("fixedPrice", reader("цена единицы", "price of a unit")),
    ]
    let rows = (1...PromotionSets.steps).map { row -> Markup in
      field("step-from-\(row)", reader("\(row)-я ступень: от", "Step \(row): from"), limit: 20)
        + field("step-value-\(row)", reader("скидка", "takes off"), limit: 20)
    }
    return Choice(name: "step-by", label: reader("Ступени по", "Steps by"), options: by, chosen: form["step-by"]).html
      + Choice(name: "step-takes", label: reader("На ступени", "A step is a"), options: takes, chosen: form["step-takes"]).html
      + "\(rows)"
  }

  var bundleFields: Markup {
    let takes = [
      ("price", reader("цена набора", "a price for the set")), ("amount", reader("скидка с набора", "an amount off the set")),
      ("percent", reader("процент с товаров набора", "a percent off its goods")),
    ]
    let parts = (0..<PromotionSets.parts).map { place -> Markup in
      let (products, categories) = PromotionSets.lists(place)
      return """
        <div class="stack wide">\(field("bundle-units-\(place + 1)", reader("Группа \(place + 1): сколько штук", "Group \(place + 1): units"), limit: 4))\
        \(list(products, reader("Товары группы \(place + 1)", "Products of group \(place + 1)"), nil, []))\
        \(list(categories, reader("Категории группы \(place + 1)", "Categories of group \(place + 1)"), nil, []))</div>
        """
    }
    return Choice(name: "bundle-takes", label: reader("За набор", "A set gets"), options: takes, chosen: form["bundle-takes"]).html
      + field("bundle-value", reader("Сколько", "How much"), limit: 20) + "\(parts)"
  }

  var priceFields: Markup {
    TextBox(
      name: "prices", label: reader("Товары и цены", "Products and prices"), value: form["prices"],
      hint: reader(
        "строка: код товара и цена; длинные прайсы загружают текстом",
        "a line: a product's code and its price; longer lists come as text"),
      fault: editing.faults["prices"], lines: 6
    ).html
  }

  var rewardFields: Markup {
    let kinds = [
      ("free-delivery", reader("бесплатная доставка", "free delivery")),
      ("coupon", reader("купон на следующий раз", "a coupon for next time")),
      ("certificate", reader("сертификат на следующий раз", "a certificate for next time")),
      ("stamps", reader("штампы на карточку", "stamps on a card")),
      ("turns", reader("попытки в игре", "turns of a game")), ("tier", reader("уровень на время", "a tier for a time")),
      ("message", reader("сообщение", "a message")),
    ]
    let readers = Reward.Reader.allCases.map { ($0.rawValue, RewardWords.reader($0, reader)) }
    return Choice(name: "reward", label: reader("Что", "What"), options: kinds, chosen: form["reward"]).html
      + field(
        "reward-series", reader("Серия купона или сертификата, игра", "Series of the coupon or certificate, or game"),
        hint: reader("код серии или игры", "the code of the series or game"), limit: Limits.code)
      + field(
        "reward-turns", reader("Попыток", "Turns"), hint: reader("только для игры; пусто: одна", "for a game only; empty: one"),
        limit: 4)
      + field(
        "reward-amount", reader("Сумма на сертификате", "On the certificate"), unit: reader.sign,
        hint: reader("только для сертификата", "for a certificate only"), limit: 20)
      + stampFields + tierGiftFields
      + tick("reward-personal", reader("Купон только для этого участника", "Only for the member who got it"))
      + Choice(
        name: "message-to", label: reader("Кому сообщение", "To whom"), options: readers, chosen: form["message-to"],
        fault: editing.faults["message-to"]
      ).html
      + field("message/ru", reader("Текст по-русски", "Text in Russian"), limit: Limits.name)
      + field("message/en", reader("Текст по-английски", "Text in English"), limit: Limits.name)
  }
}

enum RewardWords {
  static func end(of period: Accumulator.Period, _ reader: Reader) -> String {
    switch period {
    case .month: reader("до конца месяца", "to the end of the month")
    case .quarter: reader("до конца квартала", "to the end of the quarter")
    case .year: reader("до конца года", "to the end of the year")
    case .day, .week, .always: ""
    }
  }

  static func reader(_ who: Reward.Reader, _ reader: Reader) -> String {
    switch who {
    case .cashier: reader("кассиру на экран", "the cashier, on the screen")
    case .receipt: reader("в конец чека", "the end of the receipt")
    case .shopper: reader("покупателю на экран", "the shopper, on the screen")
    }
  }
}
