import Conditions
import Kernel

// Stamp cards, and what promotions say of them.
extension RuleReader {
  /// `[{ "code": "coffee", "name": { "ru": …, "en": … }, "stamps": 6, "life": { "days": 90 } }, …]`
  func stampCards(_ node: JSONNode) -> [StampCard] {
    var cards: [StampCard] = []
    for item in node.items(max: Limits.stampCards) {
      guard let card = StampCard(item) else { continue }
      if cards.contains(where: { $0.code == card.code }) {
        item["code"].refuse("repeated", "the stamp card \"\(card.code)\" is listed twice")
      }
      cards.append(card)
    }
    return cards
  }

  /// The code of a card that the programme has.
  private func stampCard(_ node: JSONNode) -> String? {
    guard node.required(), let code = node.code() else { return nil }
    if stampCards.contains(where: { $0.code == code }) { return code }
    node.refuse("unknown_name", "the programme has no stamp card with the code \"\(code)\"; make it first or mend the code")
    return nil
  }

  /// `{ "card": "coffee", "atLeast": 6 }`
  func stamps(_ node: JSONNode) -> Condition {
    node.expect("card", "atLeast", "atMost")
    guard let card = stampCard(node["card"]) else { return .all([]) }
    return .stamps(card, node.bounds { $0.int(0...Limits.amount) })
  }

  /// `{ "stamps": 1, "card": "coffee" }`, with `"perUnit": true` or `"perStep": "500.00"`.
  func stampGrant(_ node: JSONNode) -> StampGrant? {
    node.expect("stamps", "card", "perUnit", "perStep")
    if node["perStep"].isPresent, node["perUnit"].isPresent {
      node["perUnit"].refuse("not_one_case", "stamps are given per step or per unit, not both")
    }
    guard let card = stampCard(node["card"]), let stamps = node["stamps"].int(1...Limits.stamps) else { return nil }
    if node["perStep"].isPresent {
      return amounts.money(node["perStep"], 1...Limits.basketAmount).map { StampGrant(card: card, stamps: stamps, per: .step($0)) }
    }
    let isByUnit = node["perUnit"].isPresent && node["perUnit"].isTrue("leave perUnit out for stamps that are given once")
    return StampGrant(card: card, stamps: stamps, per: isByUnit ? .unit : .receipt)
  }

  /// `{ "stamps": 6, "card": "coffee" }`
  func stampTake(_ node: JSONNode, _ benefit: Benefit) -> StampTake? {
    guard node.isPresent else { return nil }
    node.expect("stamps", "card")
    guard let card = stampCard(node["card"]), node["stamps"].required(), let stamps = node["stamps"].int(1...Limits.stamps) else {
      return nil
    }
    if case .reward(.stamps) = benefit { node.refuse("wrong_take", "a promotion that gives stamps takes none") }
    return StampTake(card: card, stamps: stamps)
  }
}

extension RuleWriter {
  func stamps(_ card: String, _ bounds: Bounds) -> JSON {
    .object(["card": .string(card), "atLeast": bounds.atLeast.map(JSON.int), "atMost": bounds.atMost.map(JSON.int)])
  }

  func stampGrant(_ grant: StampGrant) -> JSON {
    var (isByUnit, step) = (false, Money?.none)
    switch grant.per {
    case .receipt: break
    case .unit: isByUnit = true
    case .step(let money): step = money
    }
    return .object([
      "stamps": .int(grant.stamps), "card": .string(grant.card), "perUnit": isByUnit ? true : nil,
      "perStep": step.map(amounts.json),
    ])
  }
}

extension StampCard {
  public var json: JSON {
    .object([
      "code": .string(code), "name": name.json, "stamps": .int(stamps), "life": life.json,
      "mostPerReceipt": mostPerReceipt.map(JSON.int), "mostPerDay": mostPerDay.map(JSON.int), "countsOn": countsOn ? nil : false,
    ])
  }

  /// Nil where it cannot be one; what is wrong is noted.
  public init?(_ node: JSONNode) {
    node.expect("code", "name", "stamps", "life", "mostPerReceipt", "mostPerDay", "countsOn")
    node["name"].expect("ru", "en")
    let life = Life(node["life"])
    guard node["code"].required(), let code = node["code"].code(), node["name"].required(), node["name"]["ru"].required(),
      node["name"]["en"].required(), let ru = node["name"]["ru"].text(max: Limits.name),
      let en = node["name"]["en"].text(max: Limits.name), node["stamps"].required(),
      let stamps = node["stamps"].int(1...Limits.stamps)
    else { return nil }
    if code.utf8.contains(where: { !Self.mayStandInCode($0) }) {
      node["code"].refuse("not_a_code", "a card's code is made of Latin letters, digits, hyphens and underscores")
    }
    self.init(
      code: code, name: LocalText(ru: ru, en: en), stamps: stamps, life: life,
      mostPerReceipt: node["mostPerReceipt"].int(1...Limits.stamps), mostPerDay: node["mostPerDay"].int(1...Limits.stamps),
      countsOn: node["countsOn"].bool() ?? true)
  }
}

extension StampCard {
  private static func mayStandInCode(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
    default: false
    }
  }
}

extension StampCard.Life {
  var json: JSON? {
    switch self {
    case .forever: nil
    case .days(let days): .object(["days": .int(Int64(days))])
    case .through(let period): .object(["through": .string(period.rawValue)])
    case .until(let day): .object(["until": day.json])
    }
  }

  /// `{ "days": 90 }`, `{ "through": "month" }` or `{ "until": "2026-12-31" }`; without end where it is absent.
  init(_ node: JSONNode) {
    self = .forever
    guard let (name, value) = node.oneCase(of: ["days", "through", "until"], "a life of stamps") else { return }
    switch name {
    case "days": if let days = value.int(1...3_650) { self = .days(Int(days)) }
    case "through":
      guard let period = value.word(Accumulator.Period.self) else { return }
      if [.month, .quarter, .year].contains(period) {
        self = .through(period)
      } else {
        value.refuse("unknown_word", "stamps live through a month, a quarter or a year")
      }
    default: if let day = value.day() { self = .until(day) }
    }
  }
}

extension StampMove {
  /// By the keys of documents.
  public var counts: [(StaticString, Int64)] {
    [("stamps", size), ("had", max(0, had)), ("given", given), ("taken", taken), ("has", has), ("lacks", lacks)]
  }
}

extension CalculationForm {
  func stamps(_ move: StampMove, _ out: inout JSONWriter) {
    out.openObject()
    text("card", move.card, &out)
    if let card = rules.terms.stampCard(move.card) { sentence("name", card.name, &out) }
    for (key, count) in move.counts {
      out.key(key)
      out.int(count)
    }
    out.closeObject()
  }
}

extension Sentences {
  /// What the card of this code is called.
  func card(_ code: String) -> LocalText { rules.terms.stampCard(code)?.name ?? LocalText(ru: code, en: code) }

  private func said(_ count: Int64) -> LocalText {
    SpokenAmounts.counted(
      SpokenAmounts.number(count, digits: 0, fixed: true), whole: count, ("штамп", "штампа", "штампов"), ("stamp", "stamps"))
  }

  func stamps(_ card: String, _ have: Int64, _ bounds: Bounds) -> LocalText {
    let (name, has) = (self.card(card), said(have))
    if let least = bounds.atLeast, have < least {
      let wanted = said(least)
      return LocalText(
        ru: "На карточке «\(name.ru)» нужно: \(wanted.ru), пока: \(has.ru).",
        en: "It takes \(wanted.en) on the card “\(name.en)”; there are \(has.en).")
    }
    let most = said(bounds.atMost ?? have)
    return LocalText(
      ru: "На карточке «\(name.ru)» может быть не больше: \(most.ru), уже: \(has.ru).",
      en: "The card “\(name.en)” may have at most \(most.en); there are \(has.en).")
  }

  func cardFull(_ card: String) -> LocalText {
    let name = self.card(card)
    return LocalText(
      ru: "Карточка «\(name.ru)» заполнена: новые штампы пойдут, когда её потратят.",
      en: "The card “\(name.en)” is full: it takes stamps again once it is used.")
  }

  /// So many more, and it applies; none: next time.
  func stamps(_ count: Int64, _ card: String, _ effect: LocalText) -> LocalText {
    let (name, more) = (self.card(card), said(count))
    return count == 0
      ? LocalText(
        ru: "Карточка «\(name.ru)» готова: в следующий раз \(effect.ru).",
        en: "The card “\(name.en)” is ready: next time \(effect.en).")
      : LocalText(
        ru: "Ещё \(more.ru) на карточку «\(name.ru)» – и \(effect.ru).",
        en: "\(more.en) more on the card “\(name.en)” and \(effect.en).")
  }
}
