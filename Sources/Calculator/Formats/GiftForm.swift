import Conditions
import Kernel

// Gifts that the shopper chooses: as rules, baskets and answers have them.
extension RuleReader {
  /// `{ "of": [{ "name": { "ru": …, "en": … }, "goods": filter, "units": 1 }, …], "picks": 1, "price": "1.00", "repeats": true }`
  mutating func giftChoice(_ node: JSONNode) -> Benefit? {
    node.expect("of", "picks", "price", "repeats")
    let items = node["of"].required() ? node["of"].items(max: Limits.gifts) : []
    if items.isEmpty, node["of"].isPresent { node["of"].refuse("empty", "name at least one gift to choose") }
    let gifts = items.compactMap { gift($0) }
    let repeats = node["repeats"].isPresent && node["repeats"].isTrue("leave repeats out where each gift is chosen once")
    let picks = node["picks"].isPresent ? node["picks"].int(1...Int64(Limits.gifts)) : 1
    if let picks, !repeats, picks > Int64(items.count), !items.isEmpty {
      node["picks"].refuse(
        "too_large", "there are only \(items.count) gifts to choose from; say repeats where one may be chosen twice")
      return nil
    }
    let price = node["price"].isPresent ? amounts.money(node["price"]) : .zero
    guard let picks, let price, !gifts.isEmpty, gifts.count == items.count, gifts.count <= Limits.gifts else { return nil }
    return .giftChoice(GiftChoice(gifts, picks: picks, price: price, repeats: repeats))
  }

  private mutating func gift(_ node: JSONNode) -> GiftChoice.Gift? {
    node.expect("name", "goods", "units")
    let text = node["name"]
    text.expect("ru", "en")
    let goods = node["goods"].required() ? filter(node["goods"]) : .everything
    let units = node["units"].isPresent ? node["units"].int(1...1_000) : 1
    guard text.required(), text["ru"].required(), text["en"].required(), let ru = text["ru"].text(max: Limits.name),
      let en = text["en"].text(max: Limits.name), let units
    else { return nil }
    var codes: [String] = []
    if case .products(let ids) = goods, ids.count <= Limits.giftGoods { codes = ids.compactMap { names.code(.product, $0.raw) } }
    return GiftChoice.Gift(LocalText(ru: ru, en: en), goods, units: units, codes: codes)
  }
}

extension RuleWriter {
  func giftChoice(_ choice: GiftChoice) -> JSON {
    let gifts = choice.gifts.map { gift -> JSON in
      .object([
        "name": gift.name.json, "goods": filter(gift.goods) ?? .object(["all": []]),
        "units": gift.units == 1 ? nil : .int(gift.units),
      ])
    }
    return .object([
      "of": .array(gifts), "picks": choice.picks == 1 ? nil : .int(choice.picks),
      "price": choice.price == .zero ? nil : amounts.json(choice.price), "repeats": choice.repeats ? true : nil,
    ])
  }
}

extension BasketReader {
  /// `[{ "promotion": "GIFT", "product": "MUG" }]`: what nobody knows is answered, and refuses no sale.
  public mutating func choices(_ node: JSONNode) -> [GiftWish] {
    var wishes: [GiftWish] = []
    for item in node.items(max: Limits.gifts) {
      item.expect("promotion", "product")
      guard item["promotion"].required(), item["product"].required(), let promotion = item["promotion"].code(),
        let code = item["product"].code()
      else { continue }
      let product = if let shelf { shelf.known(code)?.id } else { rules.names.id(.product, code).map { ProductID($0) } }
      wishes.append(GiftWish(promotion: promotion, code: code, product: product))
    }
    return wishes
  }
}

extension CalculationForm {
  func offer(_ offer: GiftOffer, _ out: inout JSONWriter) {
    let promotion = rules.promotions[offer.promotion]
    out.openObject()
    text("promotion", promotion.code, &out)
    sentence("name", promotion.name, &out)
    number("picks", offer.choice.picks, &out)
    number("left", offer.left, &out)
    money("price", offer.choice.price, &out)
    list("of", zip(offer.choice.gifts, offer.taken), &out, gift)
    sentence("sentence", sentences.offer(offer), &out)
    out.closeObject()
  }

  private func gift(_ gift: (GiftChoice.Gift, GiftOffer.Taken), _ out: inout JSONWriter) {
    let (gift, taken) = gift
    out.openObject()
    sentence("name", gift.name, &out)
    number("units", gift.units, &out)
    if !gift.codes.isEmpty { list("products", gift.codes, &out) { $1.string($0) } }
    out.key("open")
    out.bool(taken.isOpen)
    number("chosen", taken.picks, &out)
    number("missing", taken.missing, &out)
    list("lines", taken.pieces, &out) { piece, out in
      out.openObject()
      text("id", piece.line, &out)
      number("units", piece.units, &out)
      out.closeObject()
    }
    out.closeObject()
  }

  func answered(_ answer: AnsweredWish, _ out: inout JSONWriter) {
    out.openObject()
    text("promotion", answer.wish.promotion, &out)
    text("product", answer.wish.code, &out)
    text("state", answer.state.rawValue, &out)
    sentence("sentence", sentences.answer(answer.state), &out)
    out.closeObject()
  }

  private func number(_ key: StaticString, _ number: Int64, _ out: inout JSONWriter) {
    out.key(key)
    out.int(number)
  }
}

extension Sentences {
  func unchosen(_ left: Int64) -> LocalText {
    if left == 0 {
      return LocalText(ru: "Выбранный подарок ещё не в чеке.", en: "The chosen gift is not in the basket yet.")
    }
    return left > 1
      ? LocalText(ru: "Подарки ещё не выбраны: можно взять \(left).", en: "The gifts are not chosen yet: \(left) may be taken.")
      : LocalText(ru: "Подарок ещё не выбран.", en: "The gift is not chosen yet.")
  }

  /// For the cashier: what may be chosen.
  func choice(_ choice: GiftChoice, left: Int64, _ name: LocalText) -> LocalText {
    let gifts = names(choice.gifts)
    let count = left > 1 ? " (\(left))" : ""
    guard choice.price > .zero else {
      return LocalText(
        ru: "Предложите подарок на выбор\(count): \(gifts.ru) – «\(name.ru)».",
        en: "Offer a gift to choose\(count): \(gifts.en) – “\(name.en)”.")
    }
    let price = spoken.money(choice.price)
    return LocalText(
      ru: "Предложите на выбор\(count) по \(price.ru): \(gifts.ru) – «\(name.ru)».",
      en: "Offer to choose\(count) at \(price.en) each: \(gifts.en) – “\(name.en)”.")
  }

  /// What is to be done about the gifts of a promotion now.
  func offer(_ offer: GiftOffer) -> LocalText {
    if offer.left > 0 {
      var open = offer.choice
      let gifts = zip(offer.choice.gifts, offer.taken).filter(\.1.isOpen).map(\.0)
      if !gifts.isEmpty { open = GiftChoice(gifts, picks: open.picks, price: open.price, repeats: open.repeats) }
      return choice(open, left: offer.left, name(offer.promotion))
    }
    let chosen = zip(offer.choice.gifts, offer.taken)
    let missing = names(chosen.filter { $0.1.missing > 0 }.map(\.0))
    if !missing.ru.isEmpty {
      return LocalText(
        ru: "Положите в чек выбранный подарок: \(missing.ru).", en: "Put the chosen gift into the basket: \(missing.en).")
    }
    let given = names(chosen.filter { $0.1.picks > 0 }.map(\.0))
    return LocalText(ru: "Подарок выбран: \(given.ru).", en: "The gift is chosen: \(given.en).")
  }

  func answer(_ state: AnsweredWish.State) -> LocalText {
    switch state {
    case .given: LocalText(ru: "Подарок в чеке.", en: "The gift is in the basket.")
    case .notInBasket:
      LocalText(ru: "Подарок отложен: пробейте его в чек.", en: "The gift is set aside: put it into the basket.")
    case .notAGift: LocalText(ru: "Этот товар в подарок не идёт.", en: "This is none of the gifts.")
    case .tooMany: LocalText(ru: "Все подарки уже выбраны.", en: "All gifts are chosen already.")
    case .notOffered: LocalText(ru: "Подарок к этому чеку не положен.", en: "This basket brings no gift.")
    }
  }

  private func names(_ gifts: [GiftChoice.Gift]) -> LocalText {
    func said(_ gift: GiftChoice.Gift, _ name: String, _ pieces: String) -> String {
      gift.units == 1 ? name : "\(name), \(gift.units)\u{a0}\(pieces)"
    }
    return LocalText(
      ru: gifts.map { said($0, $0.name.ru, "шт.") }.joined(separator: "; "),
      en: gifts.map { said($0, $0.name.en, "pcs") }.joined(separator: "; "))
  }
}
