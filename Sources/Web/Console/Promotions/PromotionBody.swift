import Calculator
import Conditions
import Kernel
import Loyalty

/// A promotion's rules as a form tells of them, in the JSON that the calculator reads. What the form cannot say comes from the version
/// that it was opened with.
struct PromotionBody {
  let form: Form
  /// Codes of each list, found already.
  let lists: [ListField: [String]]
  /// Codes of the programme's tiers.
  let tiers: [String]
  let base: PromotionShape?
  let bench: RuleBench
  /// Which field a place of the JSON was made of.
  var places: [String: String] = [:]
  private(set) var json: JSON = .null

  init(_ form: Form, _ lists: [ListField: [String]], tiers: [String], over base: PromotionShape?, _ bench: RuleBench) {
    self.form = form
    self.lists = lists
    self.tiers = tiers
    self.base = base
    self.bench = bench
    json = object()
  }

  /// The field that an issue belongs to; the benefit where nothing else does.
  func field(of issue: Issue) -> String {
    var pointer = Substring(issue.pointer)
    while !pointer.isEmpty {
      if let field = places[String(pointer)] { return field }
      pointer = pointer[..<(pointer.lastIndex(of: "/") ?? pointer.startIndex)]
    }
    return issue.pointer
  }

  private mutating func object() -> JSON {
    let old = base?.promotion
    let kind = BenefitKind(rawValue: form["benefit"])
    let kept = form["benefit"] == BenefitKind.kept ? old : nil
    let goods = goods()
    let when = condition(goods)
    let course = course(kind)
    return .object([
      "code": text("/code"), "name": .object(["ru": text("/name/ru"), "en": text("/name/en")]),
      "version": old.flatMap { $0.version == 1 ? nil : .int(Int64($0.version)) },
      "stage": kept.map { stage(of: $0) } ?? stage(kind),
      "group": text("/group"), "priority": whole("/priority"), "tags": words("/tags"), "excludes": words("/excludes"),
      "from": instant("/from"), "until": instant("/until"), "when": when, "on": goods,
      "benefit": kept.map { bench.writer.benefit($0.benefit) } ?? benefit(kind),
      "limits": limits(), "takes": takes(), "course": course, "addsToTillReductions": form.has("till") ? nil : false,
      "public": form.has("public") ? true : nil,
      "control": old?.control.map { group in
        .object(["salt": .string(group.salt), "share": .string(group.share.percentText), "since": .string(group.since.text)])
      },
      "funding": old.flatMap { promotion in
        promotion.funding.isEmpty ? nil : bench.writer.promotion(promotion)["funding"]
      },
    ])
  }

  // What was typed, as JSON; what is no number stays a text, and the reader of rules says so at its place.

  func text(_ field: String) -> JSON? { form[field].isEmpty ? nil : .string(form[field]) }

  func whole(_ field: String) -> JSON? {
    let digits = form[field].filter { !$0.isWhitespace }
    return digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits)
  }

  func number(_ field: String) -> JSON? {
    let typed = form[field].filter { !$0.isWhitespace }.replacing(",", with: ".")
    return typed.isEmpty ? nil : .string(typed)
  }

  private func words(_ field: String) -> JSON? {
    let words = form[field].split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    return words.isEmpty ? nil : .array(words.map(JSON.string))
  }

  private func instant(_ field: String) -> JSON? {
    let typed = form[field]
    if typed.isEmpty { return nil }
    // The seconds that a form does not show are kept where nobody touched it.
    if let old = field == "/from" ? base?.promotion.from : base?.promotion.until,
      bench.programme.settings.points.zone.typed(old) == typed
    {
      return .string(old.text)
    }
    return .string(bench.programme.settings.points.zone.instant(typed: typed)?.text ?? typed)
  }

  func codes(_ field: ListField) -> JSON? {
    guard let codes = lists[field], !codes.isEmpty else { return nil }
    return .array(codes.map(JSON.string))
  }

  private func ticked<Word: RawRepresentable & CaseIterable>(_ prefix: String, _: Word.Type) -> JSON?
  where Word.RawValue == String {
    let chosen = Word.allCases.filter { form.has(prefix + $0.rawValue) }
    return chosen.isEmpty ? nil : .array(chosen.map { .string($0.rawValue) })
  }
}

// Goods and conditions.
extension PromotionBody {
  private mutating func goods() -> JSON? {
    if let base, let kept = base.keptGoods { return bench.writer.filter(kept) }
    // Untouched lists keep the order in which somebody wrote them.
    let ticks = ["goods-favourites", "except-favourites"]
    if let base, (ListField.goods + ListField.exceptions).allSatisfy({ lists[$0] ?? [] == listed(base, $0) }),
      ticks.allSatisfy({ form.has($0) == base.form.has($0) })
    {
      return bench.writer.filter(base.promotion.target)
    }
    let members: [(ListField, String)] = [
      (.products, "products"), (.categories, "categories"), (.brands, "brands"), (.manufacturers, "manufacturers"),
    ]
    let favourites = ticks.map { form.has($0) ? [JSON.object(["favourites": true])] : [] }
    let kept = members.compactMap { field, name in codes(field).map { JSON.object([JSON.Member(name, $0)]) } } + favourites[0]
    let left =
      zip(ListField.exceptions, ["products", "categories", "brands"]).compactMap { field, name in
        codes(field).map { JSON.object([JSON.Member(name, $0)]) }
      } + favourites[1]
    places["/on"] = ListField.products.rawValue
    let some: JSON? = kept.count > 1 ? .object(["any": .array(kept)]) : kept.first
    guard !left.isEmpty else { return some }
    let none: JSON = .object(["none": .array(left)])
    return some.map { .object(["all": .array([$0, none])]) } ?? none
  }

  private func listed(_ shape: PromotionShape, _ field: ListField) -> [String] {
    shape.form[field.rawValue].split(separator: "\n").map { BracketedCode(String($0)).code ?? String($0) }
  }

  private mutating func condition(_ goods: JSON?) -> JSON? {
    var fresh = asked(goods)
    var result: [(key: String?, json: JSON)] = []
    for (key, condition) in base?.order ?? [] {
      if let key {
        guard let place = fresh.firstIndex(where: { $0.key == key }) else { continue }
        let (typed, old) = (fresh.remove(at: place).json, bench.writer.condition(condition))
        result.append((key, typed.namesTheSame(as: old) ? old : typed))
      } else {
        result.append((nil, bench.writer.condition(condition)))
      }
    }
    result += fresh.map { ($0.key, $0.json) }
    let isBare: Bool
    if case .all? = base?.promotion.condition { isBare = false } else { isBare = base != nil }
    for (place, question) in result.enumerated() {
      if let key = question.key { places[isBare && result.count == 1 ? "/when" : "/when/all/\(place)"] = Self.field(of: key) }
    }
    if isBare, result.count == 1 { return result[0].json }
    return result.isEmpty ? nil : .object(["all": .array(result.map(\.json))])
  }

  /// Where what is wrong with a condition is shown.
  private static func field(of key: String) -> String {
    switch key {
    case "amount": "amount-least"
    case "quantity": "quantity-least"
    case "hours": "hours-from"
    case "birthday": "birthday-before"
    case "activated": "activated-days"
    case "holidays": "holidays-before"
    case "household", "memberDays", "daysSincePurchase", "accumulated", "stamps": key + "-least"
    default: key
    }
  }

  private func asked(_ goods: JSON?) -> [(key: String, json: JSON)] {
    let days = (1...7).filter { form.has("day-\($0)") }
    let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    let chosen = tiers.filter { form.has("tier-" + $0) }
    let questions: [(String, String, JSON?)] = [
      ("who", "identified", form["who"] == "members" ? true : nil),
      ("tiers", "tiers", chosen.isEmpty ? nil : .array(chosen.map(JSON.string))),
      ("privileges", "privileges", privileges()),
      ("segments", "segments", codes(.segments)), ("first", "firstPurchase", form.has("first") ? true : nil),
      ("firstOf", "firstPurchase", form.has("firstOf") ? .object(["of": goods]) : nil),
      ("birthday", "birthday", near("birthday")), ("household", "household", household), ("stores", "stores", codes(.stores)),
      ("channels", "channels", ticked("channel-", Channel.self)),
      ("weekdays", "weekdays", days.isEmpty || days.count == 7 ? nil : .array(days.map { .string(weekdays[$0 - 1]) })),
      ("hours", "hours", hours), ("amount", "amount", amount(goods)), ("quantity", "quantity", quantity(goods)),
      ("coupon", "coupon", text("coupon")), ("tenders", "tenders", ticked("tender-", TenderKind.self)),
      ("priceZones", "priceZones", words("priceZones")), ("regions", "regions", words("regions")),
      ("cities", "cities", words("cities")), ("storeFormats", "storeFormats", words("storeFormats")),
      ("holidays", "holidays", near("holidays")),
      ("memberDays", "counter", counter(.memberDays)), ("daysSincePurchase", "counter", counter(.daysSincePurchase)),
      ("accumulated", "accumulated", accumulated(goods)), ("stamps", "stamps", stamps()),
      ("consents", "consents", ticked("consent-", Consent.self)), ("activated", "activated", activated()),
      ("certificate", "certificate", text("certificate")),
    ]
    let fields = bench.fields.fields.map { field -> (String, String, JSON?) in
      (FieldQuestion.key(field.code), "memberAttribute", FieldQuestion(field, bench.fields).json(form))
    }
    return (questions + fields).compactMap { key, name, value in value.map { (key, .object([JSON.Member(name, $0)])) } }
  }

  private func near(_ day: String) -> JSON? {
    guard form.has(day) else { return nil }
    return .object(["before": whole(day + "-before") ?? 0, "after": whole(day + "-after") ?? 0])
  }

  private var household: JSON? {
    let (least, most) = (whole("household-least"), whole("household-most"))
    guard form.has("household") || least != nil || most != nil else { return nil }
    return .object(["atLeast": least, "atMost": most])
  }

  private func counter(_ counter: MemberCounter) -> JSON? {
    let (least, most) = (whole(counter.rawValue + "-least"), whole(counter.rawValue + "-most"))
    guard least != nil || most != nil else { return nil }
    return .object(["name": .string(counter.rawValue), "atLeast": least, "atMost": most])
  }

  private func accumulated(_ goods: JSON?) -> JSON? {
    let isCount = ["receipts", "visits"].contains(form["accumulated-what"])
    func bound(_ name: String) -> JSON? { isCount ? whole("accumulated-" + name) : number("accumulated-" + name) }
    guard bound("least") != nil || bound("most") != nil else { return nil }
    return .object([
      "what": text("accumulated-what"), "of": form["accumulated-of"] == "goods" ? goods : nil, "within": text("accumulated-within"),
      "whose": form["accumulated-whose"] == "household" ? "household" : nil,
      "atLeast": bound("least"), "atMost": bound("most"),
    ])
  }

  private var hours: JSON? {
    guard !form["hours-from"].isEmpty || !form["hours-until"].isEmpty else { return nil }
    return .object(["from": text("hours-from"), "until": text("hours-until")])
  }

  private func amount(_ goods: JSON?) -> JSON? {
    guard number("amount-least") != nil || number("amount-most") != nil else { return nil }
    return .object([
      "of": form["amount-of"] == "goods" ? goods : nil, "basis": form["amount-basis"] == "regular" ? "regular" : nil,
      "atLeast": number("amount-least"), "atMost": number("amount-most"),
    ])
  }

  private func quantity(_ goods: JSON?) -> JSON? {
    guard number("quantity-least") != nil || number("quantity-most") != nil else { return nil }
    return .object([
      "of": form["quantity-of"] == "goods" ? goods : nil, "atLeast": number("quantity-least"), "atMost": number("quantity-most"),
    ])
  }
}

extension JSON {
  /// True for two objects of one list each with the same texts in it, in whichever order.
  fileprivate func namesTheSame(as other: JSON) -> Bool {
    guard case .object(let mine) = self, case .object(let theirs) = other, mine.count == 1, mine.map(\.key) == theirs.map(\.key),
      case .array(let some) = mine[0].value, case .array(let others) = theirs[0].value
    else { return false }
    return Set(some) == Set(others)
  }
}

extension StringProtocol {
  /// Without spaces at either end.
  var trimmed: String {
    let tail = drop { $0.isWhitespace }
    return String(tail.reversed().drop { $0.isWhitespace }.reversed())
  }
}
