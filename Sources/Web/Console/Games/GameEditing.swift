import Access
import Calculator
import Kernel
import Loyalty

/// A game as fields, there and back.
enum GameEditing {
  /// Rows of prizes that a form shows beyond those that are there.
  static let spare = 3

  static func rows(_ form: Form) -> Int {
    let used = (1...Limits.prizes).last { row in ["ru", "en", "chance"].contains { !form["p\(row)-\($0)"].isEmpty } } ?? 0
    return min(Limits.prizes, used + spare)
  }

  static var blank: Form {
    Form(["kind": "wheel", "c-ru": "Повезёт в другой раз", "c-en": "Better luck next time", "memberDaily": "1"])
  }

  /// The game with its prizes, or with what is left of them where another edition begins.
  static func form(of details: GameDetails, _ edition: GameEdition, _ act: GameForm.Act, _ zone: Zone) -> Form {
    let table = act == .begin ? details.table.left(after: edition.given) : details.table
    var values = [
      "ru": details.name.ru, "en": details.name.en, "kind": details.kind.rawValue, "from": details.from.map(zone.typed) ?? "",
      "until": details.until.map(zone.typed) ?? "", "memberDaily": details.memberDaily.map(String.init) ?? "",
      "gameDaily": details.gameDaily.map(String.init) ?? "", "edition": String(edition.number), "given": seen(edition),
    ]
    for (place, prize) in table.all.enumerated() {
      let row = place == table.last ? "c" : "p\(place + 1)"
      values["\(row)-ru"] = prize.name.ru
      values["\(row)-en"] = prize.name.en
      values["\(row)-chance"] = prize.chance.percentText
      values["\(row)-stock"] = prize.stock.map(String.init) ?? ""
      values.merge(fields(of: prize.gift, row, details.amounts)) { $1 }
    }
    return Form(values)
  }

  static func fields(of gift: Prize.Gift, _ row: String, _ amounts: AmountForm) -> [String: String] {
    switch gift {
    case .nothing: ["\(row)-gift": "nothing"]
    case .points(let points): ["\(row)-gift": "points", "\(row)-value": amounts.text(points)]
    case .coupon(let series): ["\(row)-gift": "coupon", "\(row)-series": series]
    case .certificate(let series, let amount):
      ["\(row)-gift": "certificate", "\(row)-series": series, "\(row)-value": amounts.text(amount)]
    case .thing(let cost): ["\(row)-gift": "thing", "\(row)-value": cost == .zero ? "" : amounts.text(cost)]
    }
  }

  private static func seen(_ edition: GameEdition) -> String { edition.given.map { String($0) }.joined(separator: ",") }

  /// The edition as whoever fills in the form saw it.
  static func seen(_ form: Form) -> SeenEdition {
    SeenEdition(
      Int64(form["edition"]) ?? 0,
      given: form.has("given") ? form["given"].split(separator: ",").compactMap { Int64($0) } : nil)
  }

  /// What was typed, with less in stock of what was won since the form was shown. A prize that ran out meanwhile is gone from it.
  static func fresh(_ form: Form, _ table: PrizeTable, _ edition: GameEdition) -> Form {
    let before = seen(form).given ?? []
    var fresh = form
    for (place, prize) in table.prizes.enumerated() where prize.stock != nil {
      guard before.indices.contains(place), edition.given.indices.contains(place), edition.given[place] > before[place],
        let row = (1...Limits.prizes).first(where: { form["p\($0)-ru"] == prize.name.ru && form["p\($0)-en"] == prize.name.en }),
        let typed = Int64(form["p\(row)-stock"])
      else { continue }
      let left = typed - (edition.given[place] - before[place])
      if left > 0 {
        fresh.set("p\(row)-stock", String(left))
      } else {
        for field in ["ru", "en", "chance", "stock", "gift", "value", "series", "code", "one", "own", "daily"] {
          fresh.set("p\(row)-\(field)", "")
        }
      }
    }
    fresh.set("given", seen(edition))
    return fresh
  }

  /// A table that stands as published, with what its things cost as it was typed.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func costs(_ form: Form, over table: PrizeTable, _ reader: Reader, _ zone: Zone) throws(Problem) -> PrizeTable {
    let reading = GameReading(form: form, reader: reader, zone: zone)
    let prizes = table.prizes.enumerated().map { place, prize -> Prize in
      guard case .thing = prize.gift, form.has("p\(place + 1)-value") else { return prize }
      return Prize(prize.name, chance: prize.chance, stock: prize.stock, gift: .thing(cost: reading.cost("p\(place + 1)")))
    }
    try reading.issues.check("the game")
    return PrizeTable(prizes, consolation: table.consolation)
  }

  /// What was typed. Code and kind stay as they were.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func details(
    _ form: Form, over old: GameDetails?, _ reader: Reader, _ programme: Programme
  ) throws(Problem) -> GameDetails {
    if old?.hunt != nil || (old == nil && form["kind"] == "hunt") {
      return try HuntEditing.details(form, over: old, reader, programme)
    }
    let reading = GameReading(form: form, reader: reader, zone: programme.settings.points.zone)
    let rows = (1...Limits.prizes).filter { row in ["ru", "en", "chance"].contains { !form["p\(row)-\($0)"].isEmpty } }
    let prizes = rows.map { reading.prize("p\($0)") }
    let details = GameDetails(
      code: old?.code ?? form["code"], name: LocalText(ru: form["ru"], en: form["en"]),
      kind: old?.kind ?? GameDetails.Kind(rawValue: form["kind"]) ?? .wheel, from: reading.moment("from", old?.from),
      until: reading.moment("until", old?.until), memberDaily: reading.whole("memberDaily"), gameDaily: reading.whole("gameDaily"),
      table: PrizeTable(prizes, consolation: reading.prize("c")), amounts: AmountForm(programme.settings.terms))
    try reading.issues.check("the game")
    return details
  }

  /// What the room says of prizes, at the fields that hold them.
  static func placed(_ problem: Problem, _ form: Form) -> Problem {
    let rows = (1...Limits.prizes).filter { row in ["ru", "en", "chance"].contains { !form["p\(row)-\($0)"].isEmpty } }
    let names = [
      "ru": "ru", "en": "en", "chance": "chance", "stock": "stock", "points": "value", "amount": "value", "cost": "value",
      "coupon": "series", "certificate": "series", "gift": "gift",
    ]
    let issues = problem.issues.map { issue -> Issue in
      let parts = issue.pointer.split(separator: "/").map(String.init)
      let last = parts.last.flatMap { names[$0] } ?? "ru"
      if parts.count > 2, parts[1] == "prizes", let place = Int(parts[2]), rows.indices.contains(place) {
        return Issue(pointer: "/p\(rows[place])-\(last)", code: issue.code, message: issue.message)
      }
      if parts.count > 1, parts[1] == "prizes" {
        return Issue(pointer: "/p1-chance", code: issue.code, message: issue.message)
      }
      guard parts.count > 2, parts[1] == "consolation" else { return issue }
      return Issue(pointer: "/c-\(last)", code: issue.code, message: issue.message)
    }
    return Problem(problem.kind, problem.code, problem.detail, cashier: problem.cashier, issues: issues)
  }
}

/// Reads a game's fields and notes what is wrong with each.
struct GameReading {
  let form: Form
  let reader: Reader
  let zone: Zone
  let issues = IssueList()

  private func plain(_ field: String) -> String { String(form[field].compactMap { $0 == "," ? "." : $0.isWhitespace ? nil : $0 }) }

  func whole(_ field: String) -> Int64? {
    let digits = plain(field)
    if digits.isEmpty { return nil }
    if let number = Int64(digits), (1...Limits.amount).contains(number) { return number }
    issues.add("/" + field, "not_an_integer", "a whole number above nought is expected here")
    return nil
  }

  func moment(_ field: String, _ kept: Instant?) -> Instant? {
    if form[field].isEmpty { return nil }
    // The seconds that a form does not show are kept where nobody touched it.
    if let kept, zone.typed(kept) == form[field] { return kept }
    if let instant = zone.instant(typed: form[field]) { return instant }
    issues.add("/" + field, "not_an_instant", "a day and a time are expected here")
    return nil
  }

  func prize(_ row: String) -> Prize {
    var chance = Rate.zero
    if row != "c" {
      if let ppm = Decimal.parse(plain("\(row)-chance"), digits: 4) {
        chance = Rate(ppm: ppm)
      } else {
        issues.add("/\(row)-chance", "not_a_decimal", "a percent is expected here, like 2.5")
      }
    }
    let stock = row == "c" ? nil : whole("\(row)-stock")
    return Prize(LocalText(ru: form["\(row)-ru"], en: form["\(row)-en"]), chance: chance, stock: stock, gift: gift(row))
  }

  private func number(_ field: String, digits: Int) -> Int64 {
    if let value = Decimal.parse(plain(field), digits: digits), value >= 0 { return value }
    issues.add("/" + field, "not_a_decimal", "a number is expected here")
    return 1
  }

  func cost(_ row: String) -> Money {
    plain("\(row)-value").isEmpty ? .zero : Money(minor: number("\(row)-value", digits: reader.currency.digits))
  }

  func gift(_ row: String) -> Prize.Gift {
    let field = "\(row)-value"
    switch form["\(row)-gift"] {
    case "points": return .points(Points(units: number(field, digits: reader.pointsScale)))
    case "coupon": return .coupon(series: form["\(row)-series"])
    case "certificate":
      return .certificate(series: form["\(row)-series"], Money(minor: number(field, digits: reader.currency.digits)))
    case "thing": return .thing(cost: cost(row))
    default: return .nothing
    }
  }
}

extension GameDetails {
  /// The same with other prizes.
  func with(_ table: PrizeTable) -> GameDetails {
    GameDetails(
      code: code, name: name, kind: kind, from: from, until: until, memberDaily: memberDaily, gameDaily: gameDaily, table: table,
      hunt: hunt, isClosed: isClosed, amounts: amounts)
  }
}
