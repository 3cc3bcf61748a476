import Conditions
import Kernel

// The programme's terms. Every member may be left out and then has the default of `ProgrammeTerms`; steps are then one whole point.
extension RuleReader {
  /// Reads terms, and from now on amounts in their currency and scale.
  public mutating func terms(_ node: JSONNode) -> ProgrammeTerms {
    node.expect(
      "currency", "pointsScale", "spendValue", "rounding", "spending", "earning", "receiptRounding", "control",
      "kindsWithoutOffers", "holidays", "stampCards", "favourites")
    var terms = ProgrammeTerms()
    if let code = node["currency"].text(max: 3) {
      if let currency = Currency(code) {
        terms.currency = currency
      } else {
        node["currency"].refuse("not_a_currency", "a currency is three capital letters (ISO 4217), for example RUB")
      }
    }
    terms.pointsScale = Int(node["pointsScale"].int(0...4) ?? Int64(terms.pointsScale))
    amounts = AmountForm(terms)
    terms.spendValue = amounts.money(node["spendValue"], 1...1_000_000)?.minor ?? terms.spendValue
    terms.rounding = rounding(node["rounding"], terms.rounding)
    knowsFavourites = false
    terms.spending = spending(node["spending"], terms.spending)
    terms.earning = earning(node["earning"], terms.earning)
    terms.receiptRounding = receiptRounding(node["receiptRounding"])
    terms.control = control(node["control"])
    terms.kindsWithoutOffers = node["kindsWithoutOffers"].words(orEmpty: true) ?? terms.kindsWithoutOffers
    holidays(node["holidays"], &terms)
    terms.stampCards = stampCards(node["stampCards"])
    stampCards = terms.stampCards
    terms.favourites = favourites(node["favourites"])
    knowsFavourites = !terms.favourites.isEmpty
    return terms
  }

  /// `"2027-01-01"`, or with a name `{ "day": "2027-05-02", "name": "Easter" }`. A day that is there twice has the name that one of them has.
  private func holidays(_ node: JSONNode, _ terms: inout ProgrammeTerms) {
    for item in node.items(max: Limits.holidays) {
      guard case .object? = item.json else {
        if let day = item.day() { terms.holidays.append(day) }
        continue
      }
      item.expect("day", "name")
      guard item["day"].required(), item["name"].required(), let day = item["day"].day(),
        let name = item["name"].text(max: Limits.holidayName)
      else { continue }
      let trimmed = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      guard !trimmed.isEmpty else {
        item["name"].refuse("empty", "a name has letters; a day without one stands by itself, as a text")
        continue
      }
      terms.holidays.append(day)
      if let known = terms.holidayNames[day], known != trimmed {
        item["name"].refuse("two_names", "this day is called \"\(known)\" already; a day has one name")
      } else {
        terms.holidayNames[day] = trimmed
      }
    }
    terms.holidays = Set(terms.holidays).sorted()
  }

  private var onePoint: Points { Points(units: ProgrammeTerms(pointsScale: amounts.pointsScale).unitsPerPoint) }

  private func rounding(_ node: JSONNode, _ usual: RoundingProfile) -> RoundingProfile {
    node.expect("percent", "mode", "residue")
    return RoundingProfile(
      percent: node["percent"].word() ?? usual.percent, mode: node["mode"].word() ?? usual.mode,
      residue: node["residue"].word() ?? usual.residue)
  }

  private mutating func spending(_ node: JSONNode, _ usual: SpendingTerms) -> SpendingTerms {
    node.expect(
      "share", "shareOf", "exceptions", "step", "least", "mostPerReceipt", "mostPerDay", "leastMoney", "kindsWithoutSpending")
    var terms = usual
    terms.step = amounts.points(node["step"], 1...Self.mostUnits) ?? onePoint
    terms.share = Rate.percent(node["share"]) ?? usual.share
    terms.shareOf = node["shareOf"].word() ?? usual.shareOf
    terms.exceptions = node["exceptions"].items(max: Limits.conditions).map { item in
      item.expect("on", "share")
      let goods = item["on"].required() ? filter(item["on"]) : .everything
      return SpendingException(goods: goods, share: item["share"].required() ? Rate.percent(item["share"]) ?? .zero : .zero)
    }
    terms.least = amounts.points(node["least"]) ?? usual.least
    terms.mostPerReceipt = amounts.points(node["mostPerReceipt"])
    terms.mostPerDay = amounts.points(node["mostPerDay"])
    terms.leastMoney = amounts.money(node["leastMoney"]) ?? usual.leastMoney
    terms.kindsWithoutSpending = node["kindsWithoutSpending"].words(orEmpty: true) ?? usual.kindsWithoutSpending
    return terms
  }

  private func earning(_ node: JSONNode, _ usual: EarningTerms) -> EarningTerms {
    node.expect("whenPointsPay", "tendersWithoutEarning", "place", "mode", "step", "kindsWithoutEarning", "status")
    return EarningTerms(
      whenPointsPay: node["whenPointsPay"].word() ?? usual.whenPointsPay,
      tendersWithoutEarning: node["tendersWithoutEarning"].words(orEmpty: true) ?? usual.tendersWithoutEarning,
      place: node["place"].word() ?? usual.place, mode: node["mode"].word(EarningMode.self)?.rounding ?? usual.mode,
      step: amounts.points(node["step"], 1...Self.mostUnits) ?? onePoint,
      kindsWithoutEarning: node["kindsWithoutEarning"].words(orEmpty: true) ?? usual.kindsWithoutEarning,
      status: status(node["status"]))
  }

  /// `"as-earned"` or `{ "points": "1", "perStep": "100.00" }`.
  private func status(_ node: JSONNode) -> StatusEarning? {
    switch node.json {
    case nil, .null?: return nil
    case "as-earned"?: return .asEarned
    case .object?:
      node.expect("points", "perStep")
      guard node["points"].required(), node["perStep"].required(), let points = amounts.points(node["points"], 1...Self.mostUnits),
        let step = amounts.money(node["perStep"], 1...Limits.basketAmount)
      else { return nil }
      return .perStep(points, step: step)
    default:
      node.refuse("unknown_status", "expected is \"as-earned\" or { \"points\": \"1\", \"perStep\": \"100.00\" }")
      return nil
    }
  }

  private func receiptRounding(_ node: JSONNode) -> ReceiptRounding? {
    guard node.isPresent else { return nil }
    node.expect("step", "tenders", "byTill")
    guard node["step"].required(), let step = amounts.money(node["step"], 1...1_000_000) else { return nil }
    return ReceiptRounding(
      step: step, tenders: node["tenders"].words(orEmpty: true) ?? [], isDoneByTill: node["byTill"].bool() ?? false)
  }

  func control(_ node: JSONNode) -> ControlGroup? {
    guard node.isPresent else { return nil }
    node.expect("salt", "share", "since")
    guard node["salt"].required(), node["share"].required(), node["since"].required(), let salt = node["salt"].code(),
      let share = Rate.percent(node["share"]), let since = node["since"].instant()
    else { return nil }
    return ControlGroup(salt: salt, share: share, since: since)
  }
}

extension ControlGroup {
  /// As settings and promotions have it; nil where there is none.
  public init?(_ json: JSON?) {
    guard let json, let group = RuleReader(names: InternedNames()).control(JSONNode(json)) else { return nil }
    self = group
  }
}

/// How earned points are rounded, in the words of the other roundings.
enum EarningMode: String, CaseIterable {
  case down, halfUp = "half-up", up

  init(_ rounding: Rounding) {
    switch rounding {
    case .down: self = .down
    case .halfUp: self = .halfUp
    case .up: self = .up
    }
  }

  var rounding: Rounding {
    switch self {
    case .down: .down
    case .halfUp: .halfUp
    case .up: .up
    }
  }
}

extension RuleWriter {
  /// Every setting, defaults included, so that a stored programme does not change when a default does. The writer's own amounts must
  /// be those of the terms.
  public func terms(_ terms: ProgrammeTerms) -> JSON {
    .object([
      "currency": .string(terms.currency.code), "pointsScale": .int(Int64(terms.pointsScale)),
      "spendValue": amounts.json(Money(minor: terms.spendValue)),
      "rounding": .object([
        "percent": .string(terms.rounding.percent.rawValue), "mode": .string(terms.rounding.mode.rawValue),
        "residue": .string(terms.rounding.residue.rawValue),
      ]),
      "spending": spending(terms.spending), "earning": earning(terms.earning),
      "receiptRounding": terms.receiptRounding.map { rule in
        .object(["step": amounts.json(rule.step), "tenders": words(rule.tenders), "byTill": .bool(rule.isDoneByTill)])
      },
      "control": terms.control.map(control), "kindsWithoutOffers": words(terms.kindsWithoutOffers),
      "holidays": terms.holidays.isEmpty ? nil : .array(terms.holidays.map { holiday($0, terms.holidayNames[$0]) }),
      "stampCards": terms.stampCards.isEmpty ? nil : .array(terms.stampCards.map(\.json)),
      "favourites": terms.favourites.isEmpty ? nil : .array(terms.favourites.map(favourite)),
    ])
  }

  private func holiday(_ day: CivilDay, _ name: String?) -> JSON {
    name.map { .object(["day": day.json, "name": .string($0)]) } ?? day.json
  }

  private func spending(_ terms: SpendingTerms) -> JSON {
    .object([
      "share": .string(terms.share.percentText), "shareOf": .string(terms.shareOf.rawValue),
      "exceptions": .array(
        terms.exceptions.map { .object(["on": filter($0.goods) ?? .object(["all": []]), "share": .string($0.share.percentText)]) }),
      "step": amounts.json(terms.step), "least": amounts.json(terms.least),
      "mostPerReceipt": terms.mostPerReceipt.map(amounts.json),
      "mostPerDay": terms.mostPerDay.map(amounts.json), "leastMoney": amounts.json(terms.leastMoney),
      "kindsWithoutSpending": words(terms.kindsWithoutSpending),
    ])
  }

  private func earning(_ terms: EarningTerms) -> JSON {
    .object([
      "whenPointsPay": .string(terms.whenPointsPay.rawValue), "tendersWithoutEarning": words(terms.tendersWithoutEarning),
      "place": .string(terms.place.rawValue), "mode": .string(EarningMode(terms.mode).rawValue), "step": amounts.json(terms.step),
      "kindsWithoutEarning": words(terms.kindsWithoutEarning), "status": terms.status.map(status),
    ])
  }

  private func status(_ way: StatusEarning) -> JSON {
    switch way {
    case .asEarned: "as-earned"
    case .perStep(let points, let step): .object(["points": amounts.json(points), "perStep": amounts.json(step)])
    }
  }

  func control(_ group: ControlGroup) -> JSON {
    .object(["salt": .string(group.salt), "share": .string(group.share.percentText), "since": .string(group.since.text)])
  }
}
