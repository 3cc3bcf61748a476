import Calculator
import Conditions
import Kernel
import Loyalty

/// Gifts to choose from, as a promotion's form has them: a few of them, each a list of goods. More of them, and kinds of goods, are
/// written as text.
enum GiftChoiceFields {
  static let lists: [ListField] = [.gift1, .gift2, .gift3, .gift4, .gift5, .gift6]

  /// Nil where the fields cannot say it.
  static func fields(_ choice: GiftChoice, _ amounts: AmountForm) -> (texts: [(String, String)], lists: [(ListField, [Int64])])? {
    guard choice.gifts.count <= lists.count else { return nil }
    var texts = [
      ("choice-picks", String(choice.picks)), ("choice-price", choice.price == .zero ? "" : amounts.text(choice.price)),
      ("choice-repeats", choice.repeats ? "on" : ""),
    ]
    var found: [(ListField, [Int64])] = []
    for (place, gift) in choice.gifts.enumerated() {
      guard case .products(let ids) = gift.goods, ids.count <= ListField.longest else { return nil }
      found.append((lists[place], ids.raws))
      let row = place + 1
      texts += [
        ("choice-ru-\(row)", gift.name.ru), ("choice-en-\(row)", gift.name.en), ("choice-units-\(row)", String(gift.units)),
      ]
    }
    return (texts, found)
  }

  /// Rows of which something is filled in; those left out in between do not count.
  private static func rows(_ form: Form) -> [Int] {
    (1...lists.count).filter { row in
      ["choice-ru-\(row)", "choice-en-\(row)", lists[row - 1].rawValue].contains { !form[$0].isEmpty }
    }
  }

  static func json(
    _ form: Form, _ codes: (ListField) -> JSON?, whole: (String) -> JSON?, _ number: (String) -> JSON?
  ) -> JSON {
    func text(_ field: String) -> JSON? { form[field].isEmpty ? nil : .string(form[field]) }
    let gifts = rows(form).map { row -> JSON in
      let units = whole("choice-units-\(row)")
      return .object([
        "name": .object(["ru": text("choice-ru-\(row)"), "en": text("choice-en-\(row)")]),
        "goods": codes(lists[row - 1]).map { .object(["products": $0]) }, "units": units == 1 ? nil : units,
      ])
    }
    let picks = whole("choice-picks")
    return .object([
      "giftChoice": .object([
        "of": .array(gifts), "picks": picks == 1 ? nil : picks, "price": number("choice-price"),
        "repeats": form.has("choice-repeats") ? true : nil,
      ])
    ])
  }

  /// Which field says what is wrong with a part of it.
  static func places(_ form: Form) -> [(pointer: String, field: String)] {
    let whole = "/benefit/giftChoice"
    var places = [(whole + "/of", "choice-ru-1"), (whole + "/picks", "choice-picks"), (whole + "/price", "choice-price")]
    for (place, row) in rows(form).enumerated() {
      let gift = "\(whole)/of/\(place)"
      places += [
        (gift, "choice-ru-\(row)"), (gift + "/name", "choice-ru-\(row)"), (gift + "/name/ru", "choice-ru-\(row)"),
        (gift + "/name/en", "choice-en-\(row)"), (gift + "/goods", lists[row - 1].rawValue),
        (gift + "/units", "choice-units-\(row)"),
      ]
    }
    return places
  }

  // In words.

  static func sentence(_ choice: GiftChoice, _ reader: Reader) -> String {
    let (picks, all) = (choice.picks, choice.gifts.count)
    return choice.price == .zero
      ? reader("подарок на выбор: \(picks) из \(all)", "a gift to choose: \(picks) of \(all)")
      : reader(
        "на выбор \(picks) из \(all) по \(reader.money(choice.price))",
        "\(picks) of \(all) to choose at \(reader.money(choice.price))")
  }

  static func parts(_ choice: GiftChoice, _ reader: Reader) -> [SentencePart] {
    let gifts = choice.gifts.map { gift -> SentencePart in
      let name = reader(gift.name)
      return .value(gift.units == 1 ? name : reader("\(name), \(gift.units) шт", "\(name), \(gift.units) pcs"))
    }
    let price: [SentencePart] =
      choice.price == .zero
      ? [.verb(reader("бесплатно", "for nothing"))] : [.word(reader("по цене", "at")), .value(reader.money(choice.price))]
    let again: [SentencePart] =
      choice.repeats ? [.word(reader("(один и тот же можно дважды)", "(the same one may be taken twice)"))] : []
    return [
      .word(reader("На выбор покупателя", "At the shopper's choice")), .value(reader.number(choice.picks)),
      .word(reader("из:", "of:")),
    ]
      + gifts + price + again
  }
}

extension PromotionEditPage {
  var giftChoiceFields: Markup {
    let rows = GiftChoiceFields.lists.indices.map { place -> Markup in
      let row = place + 1
      return """
        <div class="stack wide">\(field("choice-ru-\(row)", reader("Подарок \(row): название по-русски", "Gift \(row): name in Russian"), limit: Limits.name))\
        \(field("choice-en-\(row)", reader("Название по-английски", "Name in English"), limit: Limits.name))\
        \(field("choice-units-\(row)", reader("Сколько штук", "Units"), hint: reader("пусто: одна", "empty: one"), limit: 4))\
        \(list(GiftChoiceFields.lists[place], reader("Товары подарка \(row)", "Products of gift \(row)"), reader("любой из них", "any of them"), []))</div>
        """
    }
    return field("choice-picks", reader("Сколько подарков на выбор", "How many may be chosen"), limit: 2)
      + field(
        "choice-price", reader("По цене за штуку", "At the price of a piece"), unit: reader.sign,
        hint: reader("пусто: бесплатно", "empty: free"), limit: 20)
      + tick(
        "choice-repeats", reader("Один и тот же подарок можно взять несколько раз", "The same gift may be taken more than once"))
      + "\(rows)"
  }
}
