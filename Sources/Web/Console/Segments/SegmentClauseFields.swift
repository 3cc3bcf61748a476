import Conditions
import Insight
import Kernel

extension SegmentClause {
  /// The fields that say a condition; nil where the form cannot say all of it.
  static func form(of condition: SegmentCondition, _ codes: any Names, _ reader: Reader) -> Form? {
    var fields = Fields(codes: codes, reader: reader)
    return fields.put(condition) ? Form(fields.values) : nil
  }

  static func blank(_ kind: SegmentState.Kind) -> Form {
    switch kind {
    case .bought: Form(["verb": "bought", "by": "receipts", "atLeast": "1", "lastDays": "90"])
    case .lastBought: Form(["atLeast": "30", "atMost": "90"])
    case .sequence: Form(["lastDays": "180", "withinDays": "30", "happens": "yes"])
    case .points: Form(["of": "all", "atLeast": "100", "endingWithinDays": "30"])
    case .identifiers: Form(["kinds-phone": "on"])
    case .rfm: Form(["recency-4": "on", "recency-5": "on", "days": "365"])
    case .did: Form(["verb": "did", "event": "productView", "atLeast": "1", "lastDays": "14"])
    case .sex: Form(["sex": "female"])
    case .age: Form(["atLeast": "25", "atMost": "40"])
    case .joined: Form(["atMost": "30"])
    case .birthday: Form(["before": "7", "after": "0"])
    case .memberAttribute: Form(["how": "isOneOf"])
    case .random: Form(["share": "10", "salt": "1"])
    case .household: Form(["atLeast": "2"])
    case .coupons: Form(["verb": "some"])
    case .offers: Form(["unused": "on"])
    case .consented: Form(["atMost": "30"])
    case .privileges, .cities, .tiers, .segments, .consents, .memberKinds: Form()
    }
  }

  struct Fields {
    let codes: any Names
    let reader: Reader
    var values: [String: String] = [:]

    mutating func put(_ condition: SegmentCondition) -> Bool {
      switch condition {
      case .none(let parts):
        guard case .bought(let purchase, _, _)? = parts.first, condition.group == nil else { return false }
        (values["verb"], values["by"]) = ("not", "receipts")
        return put(purchase)
      case .bought(let purchase, let amount, let bounds):
        (values["verb"], values["by"]) = ("bought", amount.rawValue)
        put(bounds, amount)
        return put(purchase)
      case .lastBought(let purchase, let bounds):
        put(bounds)
        return put(purchase)
      case .sequence(let first, let then, let days, let happens):
        (values["withinDays"], values["happens"]) = ("\(days)", happens ? "yes" : "no")
        return put(first) && put(then, "then-")
      case .did(let deed, let bounds):
        let isNot = bounds == Bounds(atMost: 0)
        values["verb"] = isNot ? "not" : "did"
        if !isNot { put(bounds) }
        put(deed.window)
        return put(deed.filter, "")
      case .scored(let scores): put(scores)
      case .points(let days, let bounds): put(points: days, bounds)
      case .identified(let kinds, let isVerified):
        for kind in kinds { values["kinds-\(kind.code)"] = "on" }
        if isVerified { values["verified"] = "on" }
      case .coupons(let held, let bounds): put(held, bounds)
      case .offers(let held): put(held)
      case .agreed(let consents, let bounds): put(consents, bounds)
      case .sex(let sex): values["sex"] = sex.rawValue
      case .age(let bounds), .joined(let bounds): put(bounds)
      case .cities(let names): values["cities"] = names.joined(separator: "\n")
      case .random(let share, let salt): (values["share"], values["salt"]) = (Decimal.text(share.ppm, digits: 4), salt)
      case .member(let condition): return put(condition)
      case .all, .any: return false
      }
      return true
    }

    mutating func put(_ bounds: Bounds, _ amount: SegmentCondition.Amount = .receipts) {
      for (field, value) in [("atLeast", bounds.atLeast), ("atMost", bounds.atMost)] {
        guard let value else { continue }
        switch amount {
        case .money, .averageReceipt: values[field] = Decimal.text(value, digits: reader.currency.digits)
        case .units: values[field] = Decimal.text(value, digits: 3)
        case .receipts, .visits, .products: values[field] = "\(value)"
        }
      }
    }

    private mutating func put(_ purchase: SegmentCondition.Purchase) -> Bool {
      if !purchase.stores.isEmpty { values["stores"] = purchase.stores.joined(separator: "\n") }
      if !purchase.cities.isEmpty { values["cities"] = purchase.cities.joined(separator: "\n") }
      put(purchase.window)
      for day in purchase.weekdays { values["w\(day)"] = "on" }
      if let hours = purchase.hours { (values["hourFrom"], values["hourThrough"]) = ("\(hours.lowerBound)", "\(hours.upperBound)") }
      put(purchase.manner)
      return put(purchase.goods, "")
    }

    private mutating func put(_ window: SegmentCondition.Window) {
      switch window {
      case .always: break
      case .last(let days): values["lastDays"] = "\(days)"
      case .between(let first, let last): (values["from"], values["through"]) = ("\(first)", "\(last)")
      }
    }

    mutating func put(_ filter: EventFilter, _ prefix: String) -> Bool {
      values[prefix + (filter.kind.isOwn ? "own" : "event")] = filter.kind.code
      values[prefix + "page"] = filter.page
      for (name, texts) in [("sources", filter.sources), ("campaigns", filter.campaigns), ("channels", filter.channels)] {
        values[prefix + name] = texts.joined(separator: "\n")
      }
      for group in filter.groups { values["\(prefix)groups-\(group.rawValue)"] = "on" }
      for (name, value) in [("amountAtLeast", filter.amount.atLeast), ("amountAtMost", filter.amount.atMost)] {
        values[prefix + name] = value.map { Decimal.text($0, digits: reader.currency.digits) }
      }
      return put(filter.goods, prefix)
    }

    /// What the fields of goods can say: lists of some kinds, and categories that are left out.
    mutating func put(_ goods: ProductFilter, _ prefix: String) -> Bool {
      func codes<Of: Identified>(_ kind: NameKind, _ ids: IDList<Of>) -> String {
        ids.ids.map { self.codes.code(kind, $0.raw) ?? "\($0)" }.joined(separator: "\n")
      }
      switch goods {
      case .everything: return true
      case .categories(let ids): values[prefix + "categories"] = codes(.category, ids)
      case .products(let ids): values[prefix + "products"] = codes(.product, ids)
      case .brands(let ids): values[prefix + "brands"] = codes(.productBrand, ids)
      case .manufacturers(let ids): values[prefix + "manufacturers"] = codes(.manufacturer, ids)
      case .any(let parts):
        // Lists of different kinds only: two of one kind would become one field.
        let before = values.count
        for part in parts { guard part.isPlain, put(part, prefix) else { return false } }
        return values.count == before + parts.count
      case .none(let parts):
        guard parts.count == 1, case .categories(let ids) = parts[0] else { return false }
        values[prefix + "except"] = codes(.category, ids)
      case .all(let parts):
        guard parts.count == 2, case .none = parts[1] else { return false }
        if case .none = parts[0] { return false }
        return put(parts[0], prefix) && put(parts[1], prefix)
      case .attributes, .flagged, .price, .favourites: return false
      }
      return true
    }

    private mutating func put(_ condition: Condition) -> Bool {
      func tick<Of: Identified>(_ field: String, _ kind: NameKind, _ ids: IDList<Of>) {
        let all = ids.ids.map { codes.code(kind, $0.raw) ?? "\($0)" }
        for code in all { values["\(field)-\(code)"] = "on" }
        values[field] = all.joined(separator: "\n")
      }
      switch condition {
      case .memberKinds(let kinds): for kind in kinds { values["memberKinds-\(kind.rawValue)"] = "on" }
      case .tiers(let ids): tick("tiers", .tier, ids)
      case .segments(let ids): tick("segments", .segment, ids)
      case .consents(let wanted): for consent in wanted { values["consents-\(consent.rawValue)"] = "on" }
      case .household(let bounds): put(bounds)
      case .privileges(let codes):
        for code in codes { values["privileges-\(code)"] = "on" }
        values["privileges"] = codes.joined(separator: "\n")
      case .birthday(let before, let after): (values["before"], values["after"]) = ("\(before)", "\(after)")
      case .memberAttribute(let name, let comparison):
        values["name"] = name
        return put(comparison)
      default: return false
      }
      return true
    }

    /// Days as answers cannot be typed.
    private mutating func put(_ comparison: Comparison) -> Bool {
      func isDay(_ value: AttributeValue) -> Bool { if case .day = value { true } else { false } }
      func text(_ value: AttributeValue) -> String {
        switch value {
        case .text(let text): text
        case .number(let number): "\(number)"
        case .flag(let flag): flag ? reader("да", "yes") : reader("нет", "no")
        case .day(let day): "\(day)"
        case .list(let codes): codes.joined(separator: "\n")
        }
      }
      switch comparison {
      case .isPresent(let wanted): values["how"] = wanted ? "present" : "absent"
      case .isOneOf(let all) where all.contains(where: isDay), .isNoneOf(let all) where all.contains(where: isDay): return false
      case .isOneOf(let all): (values["how"], values["values"]) = ("isOneOf", all.map(text).joined(separator: "\n"))
      case .isNoneOf(let all): (values["how"], values["values"]) = ("isNoneOf", all.map(text).joined(separator: "\n"))
      case .number(let bounds):
        values["how"] = "number"
        put(bounds)
      case .day(let from, let through):
        values["how"] = "day"
        values["from"] = from.map { "\($0)" }
        values["through"] = through.map { "\($0)" }
      }
      return true
    }
  }
}

extension ProductFilter {
  fileprivate var isPlain: Bool {
    switch self {
    case .categories, .products, .brands, .manufacturers: true
    default: false
    }
  }
}
