import Calculator
import Conditions
import Kernel
import Loyalty

/// Stamps in a promotion's form: what puts them on a card, what asks for them, what takes them.
enum StampFields {
  static func texts(_ grant: StampGrant, _ amounts: AmountForm) -> [(String, String)] {
    let texts = [("reward", "stamps"), ("stamp-count", String(grant.stamps)), ("stamp-card", grant.card)]
    switch grant.per {
    case .receipt: return texts + [("stamp-per", "receipt")]
    case .unit: return texts + [("stamp-per", "unit")]
    case .step(let money): return texts + [("stamp-per", "step"), ("stamp-step", amounts.text(money))]
    }
  }

  static func reward(_ form: Form, _ amount: (String) -> JSON?) -> JSON {
    let digits = form["stamp-count"].filter { !$0.isWhitespace }
    return .object([
      "reward": .object([
        "stamps": Int64(digits).map(JSON.int) ?? .string(digits), "card": .string(form["stamp-card"]),
        "perUnit": form["stamp-per"] == "unit" ? true : nil,
        "perStep": form["stamp-per"] == "step" ? amount("stamp-step") ?? "" : nil,
      ])
    ])
  }
}

extension PromotionBody {
  func stamps() -> JSON? {
    let (least, most) = (whole("stamps-least"), whole("stamps-most"))
    guard least != nil || most != nil else { return nil }
    return .object(["card": text("stamps-card"), "atLeast": least, "atMost": most])
  }

  func takes() -> JSON? {
    guard form.has("takes-stamps"), let stamps = whole("takes-stamps") else { return nil }
    return .object(["stamps": stamps, "card": text("takes-card")])
  }
}

extension PromotionEditPage {
  private var cards: [(String, String)] {
    editing.bench.programme.settings.terms.stampCards.map { ($0.code, reader($0.name)) }
  }

  /// Nothing where the programme has no cards: the room of cards says how to begin.
  private func card(_ field: String) -> Markup {
    Choice(
      name: field, label: reader("Карточка", "Card"), options: cards, chosen: form[field], fault: editing.faults[field]
    ).html
  }

  /// The fields of a reward that is stamps.
  var stampFields: Markup {
    guard !cards.isEmpty else { return .nothing }
    let per = [
      ("receipt", reader("за чек с товарами акции", "for a receipt with the goods")),
      ("unit", reader("за каждую единицу товара", "for each unit of the goods")),
      ("step", reader("за каждую сумму", "for each full step of money")),
    ]
    return field("stamp-count", reader("Штампов", "Stamps"), limit: 3) + card("stamp-card")
      + Choice(name: "stamp-per", label: reader("За что", "For what"), options: per, chosen: form["stamp-per"]).html
      + field(
        "stamp-step", reader("Сумма на штамп", "A step"), unit: reader.sign,
        hint: reader("только если за сумму", "only for steps of money"), limit: 20)
  }

  /// Who has how many stamps.
  var stampQuestion: Markup {
    guard !cards.isEmpty else { return .nothing }
    return """
      <div class="fields narrow">\(card("stamps-card"))\
      \(field("stamps-least", reader("Штампов до чека, от", "Stamps before the receipt, from"), hint: reader("пусто: не важно", "empty: any"), limit: 3))\
      \(field("stamps-most", reader("до", "to"), limit: 3))</div>
      """
  }

  /// What the promotion costs in stamps.
  var takeFields: Markup {
    guard !cards.isEmpty else { return .nothing }
    return """
      <div class="fields narrow">\(field("takes-stamps", reader("Снимает штампов", "Takes stamps"), hint: reader("каждый раз; пусто: ни одного", "each time; empty: none"), limit: 3))\
      \(card("takes-card"))</div>
      """
  }
}

extension BenefitWords {
  func sentence(_ grant: StampGrant) -> String {
    let count = reader.stamps(grant.stamps)
    switch grant.per {
    case .receipt: return reader("\(count) на карточку \(grant.card) за чек", "\(count) on the card \(grant.card) for a receipt")
    case .unit: return reader("\(count) на карточку \(grant.card) за единицу", "\(count) on the card \(grant.card) a unit")
    case .step(let money):
      return reader(
        "\(count) на карточку \(grant.card) за каждые \(reader.money(money))",
        "\(count) on the card \(grant.card) for each \(reader.money(money))")
    }
  }

  /// What the promotion costs.
  func parts(_ take: StampTake) -> [SentencePart] {
    [
      .word(reader("и снимает", "and takes")), .value(reader.stamps(take.stamps)), .word(reader("с карточки", "off the card")),
      .value(take.card),
    ]
  }
}

extension Reader {
  func stamps(_ count: Int64) -> String {
    self.count(Int(clamping: count), ("штамп", "штампа", "штампов"), ("stamp", "stamps"))
  }
}
