import Access
import Calculator
import Kernel
import Loyalty

/// A hunt as fields, there and back.
enum HuntEditing {
  static let spare = 2
  static let findFields = ["ru", "en", "code", "one", "stock", "own", "daily"]
  static let collectionFields = ["code", "ru", "en", "finds", "times", "stock", "gift", "value", "series"]

  static var blank: Form {
    Form([
      "kind": "hunt", "receipts": "every", "gift": "none", "giftDaily": "3", "c-ru": "Здесь никто не прячется",
      "c-en": "Nobody hides here",
    ])
  }

  private static func isUsed(_ row: String, _ form: Form) -> Bool {
    ["code", "ru", "en", "one", "finds"].contains { !form["\(row)-\($0)"].isEmpty }
  }

  static func findRows(_ form: Form) -> [String] { (1...Limits.prizes).map { "p\($0)" }.filter { isUsed($0, form) } }
  static func collectionRows(_ form: Form) -> [String] { (1...Limits.collections).map { "k\($0)" }.filter { isUsed($0, form) } }

  /// Rows that a form shows: those that are filled in, and some beyond.
  static func shown(_ letter: String, of form: Form, atMost most: Int) -> [String] {
    let last = (1...most).last { isUsed("\(letter)\($0)", form) } ?? 0
    return (1...min(most, max(last + (last == 0 ? 3 : spare), 1))).map { "\(letter)\($0)" }
  }

  static func form(of details: GameDetails, _ edition: GameEdition, _ act: GameForm.Act, _ zone: Zone) -> Form {
    guard let hunt = details.hunt else { return blank }
    var form = GameEditing.form(of: details, edition, act, zone)
    form.set("receipts", hunt.receipts.rawValue)
    form.set("gift", hunt.gifts == nil ? "none" : hunt.gifts?.givesLast == true ? "last" : "spare")
    form.set("giftDaily", hunt.gifts.map { String($0.daily) } ?? "3")
    form.set("pages", hunt.pages.joined(separator: "\n"))
    let table = act == .begin ? details.table.left(after: edition.given) : details.table
    for (place, prize) in table.prizes.enumerated() {
      guard let find = prize.find else { continue }
      let row = "p\(place + 1)"
      form.set("\(row)-code", find.code)
      form.set("\(row)-one", String(find.oneIn))
      form.set("\(row)-own", find.memberDaily.map { String($0) } ?? "")
      form.set("\(row)-daily", find.daily.map { String($0) } ?? "")
    }
    for (place, collection) in hunt.collections.enumerated() {
      let row = "k\(place + 1)"
      form.set("\(row)-code", collection.code)
      form.set("\(row)-ru", collection.name.ru)
      form.set("\(row)-en", collection.name.en)
      form.set(
        "\(row)-finds", collection.needs.map { $0.count == 1 ? $0.find : "\($0.find) × \($0.count)" }.joined(separator: ", "))
      form.set("\(row)-times", String(collection.times))
      form.set("\(row)-stock", collection.stock.map { String($0) } ?? "")
      for (field, text) in GameEditing.fields(of: collection.gift, row, details.amounts) { form.set(field, text) }
    }
    return form
  }

  /// What was typed. Code, and which receipts hide something, stay as they were; finds that the form does not show as well.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func details(
    _ form: Form, over old: GameDetails?, _ reader: Reader, _ programme: Programme
  ) throws(Problem) -> GameDetails {
    let reading = GameReading(form: form, reader: reader, zone: programme.settings.points.zone)
    let finds = findRows(form).map { row -> Prize in
      let terms = FindTerms(
        form["\(row)-code"], oneIn: reading.needed("\(row)-one"), memberDaily: reading.whole("\(row)-own"),
        daily: reading.whole("\(row)-daily"))
      return Prize(LocalText(ru: form["\(row)-ru"], en: form["\(row)-en"]), terms, stock: reading.whole("\(row)-stock"))
    }
    let nothing = Prize(LocalText(ru: form["c-ru"], en: form["c-en"]), chance: .zero)
    let table = form.has("prizes") || old == nil ? PrizeTable(finds, consolation: nothing) : old?.table
    let hunt = HuntTerms(
      receipts: old?.hunt?.receipts ?? HuntTerms.Receipts(rawValue: form["receipts"]) ?? .every,
      pages: form["pages"].split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty },
      collections: collectionRows(form).map { reading.collection($0) },
      gifts: ["spare", "last"].contains(form["gift"])
        ? FindGifts(daily: max(1, min(reading.whole("giftDaily") ?? 3, Limits.findsNeeded)), givesLast: form["gift"] == "last")
        : nil)
    let details = GameDetails(
      code: old?.code ?? form["code"], name: LocalText(ru: form["ru"], en: form["en"]), kind: .hunt,
      from: reading.moment("from", old?.from), until: reading.moment("until", old?.until),
      memberDaily: reading.whole("memberDaily"), gameDaily: reading.whole("gameDaily"),
      table: table ?? PrizeTable(finds, consolation: nothing), hunt: hunt, amounts: AmountForm(programme.settings.terms))
    try reading.issues.check("the game")
    return details
  }

  /// What the room says of finds and collections, at the fields that hold them.
  static func placed(_ problem: Problem, _ form: Form) -> Problem {
    let (finds, collections) = (findRows(form), collectionRows(form))
    let names = [
      "find": "code", "oneIn": "one", "memberDaily": "own", "points": "value", "amount": "value", "cost": "value",
      "coupon": "series", "certificate": "series",
    ]
    let issues = problem.issues.map { issue -> Issue in
      let parts = issue.pointer.split(separator: "/").map(String.init)
      guard parts.count > 1, let last = parts.last else { return issue }
      func moved(_ row: String, _ field: String) -> Issue {
        Issue(pointer: "/\(row)-\(field)", code: issue.code, message: issue.message)
      }
      switch parts[1] {
      case "prizes":
        guard parts.count > 3, let place = Int(parts[2]), finds.indices.contains(place) else { return moved("p1", "code") }
        return moved(finds[place], names[last] ?? last)
      case "collections":
        guard parts.count > 2, let place = Int(parts[2]), collections.indices.contains(place) else { return moved("k1", "code") }
        if parts.contains("finds") { return moved(collections[place], "finds") }
        return moved(collections[place], parts.count == 3 ? "gift" : names[last] ?? last)
      case "consolation": return moved("c", last)
      default: return issue
      }
    }
    return Problem(problem.kind, problem.code, problem.detail, cashier: problem.cashier, issues: issues)
  }
}

extension GameReading {
  /// A whole number that has to be there; 0 where it is not.
  func needed(_ field: String) -> Int64 {
    if form[field].isEmpty { issues.add("/" + field, "missing", "a whole number above nought is expected here") }
    return whole(field) ?? 0
  }

  /// `RED, BLUE × 2`
  func collection(_ row: String) -> FindCollection {
    let needs = form["\(row)-finds"].split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }.map {
      part -> FindCollection.Need in
      let halves = part.split(whereSeparator: { "×*".contains($0) })
      guard halves.count == 2, let count = Int64(String(halves[1]).trimmed) else { return FindCollection.Need(part) }
      return FindCollection.Need(String(halves[0]).trimmed, count)
    }
    return FindCollection(
      form["\(row)-code"], LocalText(ru: form["\(row)-ru"], en: form["\(row)-en"]), needs, times: whole("\(row)-times") ?? 1,
      stock: whole("\(row)-stock"), gift: gift(row))
  }
}
