import Access
import Calculator
import Kernel
import Loyalty
import Storage

/// What a first programme asks: the few settings that a shopper notices. Everything else has the default that
/// docs/formats/programme.md shows, and is changed later.
struct FirstProgramme {
  /// Percent of a receipt that points may pay.
  var share = "50"
  /// Whole days before earned points can be spent; 0: at once.
  var activation = "0"
  /// Days that points live.
  var life = "365"
  var name = ""
  var zone = ""

  init() {}

  init(_ form: Form) {
    (name, zone, share, activation, life) = (form["name"], form["zone"], form["share"], form["activation"], form["life"])
  }

  /// - Throws: `Problem.invalid` where a number of days is none. The rest is the settings' own to refuse.
  func settings(currency: Currency) throws(Problem) -> JSON {
    let issues = IssueList()
    if name.isEmpty { issues.add("/name", "missing", "the programme has a name") }
    let delay = Int64(activation).flatMap { (0...365).contains($0) ? $0 : nil }
    if delay == nil { issues.add("/activation", "out_of_range", "0 to 365 days are expected") }
    let days = Int64(life).flatMap { (1...3_650).contains($0) ? $0 : nil }
    if days == nil { issues.add("/life", "out_of_range", "1 to 3650 days are expected") }
    try issues.check("the programme")
    let base: JSON = .object([
      "activation": delay == 0 ? .string("atOnce") : .object(["startOfDayAfter": .int(delay ?? 0)]),
      "life": .object(["days": .int(days ?? 365)]),
    ])
    return .object([
      "name": .string(name), "zone": .string(zone), "points": .object(["base": base]),
      "terms": .object(["currency": .string(currency.code), "spending": .object(["share": .string(share)])]),
    ])
  }
}

/// Promotions to begin with. Each is an ordinary one afterwards, which the room of promotions changes.
enum FirstPromotion: String, CaseIterable {
  case points, percent, threshold

  var value: String {
    switch self {
    case .points: "5"
    case .percent: "10"
    case .threshold: "200"
    }
  }

  func title(_ reader: Reader) -> String {
    switch self {
    case .points: reader("Баллы с каждой покупки", "Points on every purchase")
    case .percent: reader("Скидка участникам", "A reduction for members")
    case .threshold: reader("Скидка от суммы чека", "Off larger receipts")
    }
  }

  func sentence(_ reader: Reader) -> String {
    switch self {
    case .points: reader("процент суммы возвращается баллами", "a percentage comes back as points")
    case .percent: reader("процент с каждого товара тому, кто показал карту", "a percentage off everything for who shows a card")
    case .threshold:
      reader("столько рублей, когда чек не меньше десятикратной суммы", "so much off receipts of ten times that or more")
    }
  }

  func unit(_ reader: Reader) -> String { self == .threshold ? reader.sign : "%" }

  /// As docs/formats/rules.md describes it.
  /// - Parameter typed: the number, with a point or a comma.
  /// - Throws: `Problem.invalid` where it is none.
  func rules(_ typed: String, currency: Currency) throws(Problem) -> JSON {
    let text = typed.replacing(",", with: ".")
    guard let value = Decimal.parse(text, digits: self == .threshold ? currency.digits : 4), value > 0 else {
      throw Problem(
        .invalid, "bad_promotion", "the promotion's number cannot be read",
        issues: [Issue(pointer: "/value-\(rawValue)", code: "not_a_number", message: "a number above nought is expected here")])
    }
    let members: JSON = .object(["identified": .bool(true)])
    switch self {
    case .points:
      return promotion(LocalText(ru: "\(typed) % баллами", en: "\(typed) % in points"), ["earn": .object(["rate": .string(text)])])
    case .percent:
      return promotion(
        LocalText(ru: "\(typed) % по карте", en: "\(typed) % for members"), ["percent": .string(text)], when: members)
    case .threshold:
      let least = Decimal.text(scaled(value, by: 10, over: 1, .halfUp), digits: currency.digits)
      let amount: JSON = .object(["amount": .object(["atLeast": .string(least)])])
      return promotion(
        LocalText(ru: "\(typed) с чека от \(least)", en: "\(typed) off receipts of \(least)"), ["amount": .string(text)],
        when: .object(["all": .array([members, amount])]))
    }
  }

  private func promotion(_ name: LocalText, _ benefit: KeyValuePairs<String, JSON?>, when condition: JSON? = nil) -> JSON {
    .object([
      "code": .string("welcome-" + rawValue), "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "when": condition,
      "benefit": .object(benefit),
    ])
  }
}

extension ConsoleDesk {
  func saveFirstProgramme(_ visit: Visit) async throws -> Answer {
    let (form, account, change, zones) = (visit.form, visit.account, change(visit), zones)
    // What is there is changed in the room of the programme, where every setting stands.
    if visit.started != nil { return .redirect(SetupStep.promotion.path) }
    return try await take(.programme, visit) { _, tx in
      let settings = try FirstProgramme(form).settings(currency: account.details.currency)
      _ = try Programmes(of: account.id, zones: zones).save("club", settings, by: change, in: &tx)
    }
  }

  func publishFirst(_ visit: Visit) async throws -> Answer {
    let (form, change, account) = (visit.form, change(visit), visit.account)
    let answer = try await take(.promotion, visit) { facts, tx in
      guard let programme = facts.programme, facts.rules == 0 else { return }
      guard let kind = FirstPromotion(rawValue: form["promotion"]) else {
        throw Problem(
          .invalid, "no_promotion", "choose a promotion", cashier: LocalText(ru: "Выберите акцию", en: "Choose a promotion"))
      }
      let body = try kind.rules(form["value-" + kind.rawValue], currency: programme.settings.terms.currency)
      let code = body["code"]?.text ?? kind.rawValue
      let promotions = Promotions(of: programme)
      _ = try promotions.save([PromotionDetails(code: code, body: body)], by: change, in: &tx)
      try promotions.set(code, .running, by: change, in: &tx)
      let catalogue = try CatalogueIndex(of: account.id).refreshed(in: &tx)
      _ = try RuleBooks(of: programme).publish(AccountNames(of: programme, catalogue: catalogue, in: &tx), by: change, in: &tx)
    }
    if let programme = visit.started { _ = try await floors.refresh(programme.id) }
    return answer
  }
}
