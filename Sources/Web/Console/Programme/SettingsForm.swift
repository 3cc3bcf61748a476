import Calculator
import Conditions
import Customers
import Kernel
import Loyalty

/// A programme's settings as the fields of a form, and back. A field is called by the pointer of its setting; parts of composed ones have
/// a mark behind it.
struct SettingsForm {
  /// Rows of one list that a form takes.
  static let rows = 100
  static let families = ["base", "promotional", "targeted"]
  /// Which kinds may what: the members of the JSON that name those who may not.
  static let permissions: [(name: String, pointer: String)] = [
    ("earns", "/terms/earning/kindsWithoutEarning"), ("spends", "/terms/spending/kindsWithoutSpending"),
    ("offers", "/terms/kindsWithoutOffers"), ("counts", "/kindsNotCounted"),
  ]
  static let orders = [
    "targeted,promotional,base", "targeted,base,promotional", "promotional,targeted,base", "promotional,base,targeted",
    "base,targeted,promotional", "base,promotional,targeted",
  ]

  // Settings as fields.

  static func form(of settings: ProgrammeSettings, brands: [String]) -> Form {
    var form = Form()
    let json = settings.json
    for setting in Setting.simple {
      if case .yes = setting.kind, json.at(setting.pointer) != .bool(true) { continue }
      form.set(setting.pointer, setting.shown(json.at(setting.pointer)))
    }
    form.set("/name/ru", settings.name.ru ?? "")
    form.set("/name/en", settings.name.en ?? "")
    for (place, word) in settings.pointsName.ru.enumerated() { form.set("/pointsName/ru/\(place)", word) }
    for (place, word) in settings.pointsName.en.enumerated() { form.set("/pointsName/en/\(place)", word) }
    for brand in brands where settings.brands.contains(brand) { form.set("brand-" + brand, "on") }
    for family in families { course(json.at("/points/" + family), "/points/" + family, &form) }
    form.set("/points/burnOrder", settings.points.burnOrder.map(\.rawValue).joined(separator: ","))
    status(settings, &form)
    receipt(settings, &form)
    for kind in MemberKind.allCases {
      let may = settings.treatment(of: kind)
      for (name, holds) in [("earns", may.earns), ("spends", may.spends), ("offers", may.receivesOffers), ("counts", may.counts)]
      where holds { form.set("\(name)-\(kind.rawValue)", "on") }
    }
    lists(settings, json, &form)
    return form
  }

  private static func course(_ json: JSON?, _ pointer: String, _ form: inout Form) {
    switch json?["activation"] {
    case .string(let word)?: form.set(pointer + "/activation", word)
    case .object(let members)?:
      form.set(pointer + "/activation", members.first?.key ?? "")
      form.set(pointer + "/activation#", Setting.typed(members.first?.value))
    default: break
    }
    let life = json?["life"]
    switch life {
    case .string(let word)?: form.set(pointer + "/life", word)
    case .object(let members)?:
      let key = members.first?.key ?? ""
      form.set(pointer + "/life", key == "endOf" ? Setting.typed(life?["endOf"]) : key)
      form.set(pointer + "/life#", Setting.typed(life?["days"] ?? life?["slidingDays"] ?? life?["later"]))
      form.set(pointer + "/life@", Setting.typed(life?["until"]))
    default: break
    }
  }

  private static func status(_ settings: ProgrammeSettings, _ form: inout Form) {
    let (field, amounts) = ("/terms/earning/status", AmountForm(settings.terms))
    switch settings.terms.earning.status {
    case nil: form.set(field, "none")
    case .asEarned?: form.set(field, "as-earned")
    case .perStep(let points, let step)?:
      form.set(field, "perStep")
      form.set(field + "#points", amounts.text(points))
      form.set(field + "#step", amounts.text(step))
    }
    for kind in TenderKind.allCases where !settings.terms.earning.tendersWithoutEarning.contains(kind) {
      form.set("earn-tender-" + kind.rawValue, "on")
    }
  }

  private static func receipt(_ settings: ProgrammeSettings, _ form: inout Form) {
    let amounts = AmountForm(settings.terms)
    form.set("/terms/receiptRounding", settings.terms.receiptRounding.map { $0.isDoneByTill ? "till" : "us" } ?? "none")
    if let rule = settings.terms.receiptRounding {
      form.set("/terms/receiptRounding#step", amounts.text(rule.step))
      for kind in rule.tenders { form.set("round-tender-" + kind.rawValue, "on") }
    }
    if let control = settings.terms.control {
      form.set("/terms/control#share", control.share.percentText)
      form.set("/terms/control#salt", control.salt)
      form.set("/terms/control#since", settings.points.zone.typed(control.since))
    }
  }

  private static func lists(_ settings: ProgrammeSettings, _ json: JSON, _ form: inout Form) {
    for (place, group) in settings.groups.enumerated() {
      form.set("/groups/\(place)/name", group.name)
      form.set("/groups/\(place)/policy", group.policy.rawValue)
    }
    form.set("/identifiers/country", settings.identifiers.country)
    for (name, columns) in [("cards", SettingsJSON.cards), ("kinds", SettingsJSON.kinds)] {
      guard case .array(let rows)? = json.at("/identifiers/" + name) else { continue }
      for (place, row) in rows.enumerated() {
        for column in columns { form.set("/identifiers/\(name)/\(place)/\(column)", Setting.typed(row[column])) }
      }
    }
    for (place, exception) in settings.shareExceptions.enumerated() {
      let field = "/terms/spending/exceptions/\(place)"
      form.set(field + "/share", Setting.typed(exception["share"]))
      if let simple = SimpleGoods(exception["on"]) {
        form.set(field + "#kind", simple.kind)
        form.set(field + "#goods", simple.codes.joined(separator: ", "))
      } else {
        form.set(field + "#kept", exception.compact)
      }
    }
  }
}

/// A filter of goods that names one list of codes.
struct SimpleGoods {
  static let kinds = ["categories", "products", "brands", "manufacturers"]

  let kind: String
  let codes: [String]

  init?(_ json: JSON?) {
    guard case .object(let members)? = json, members.count == 1, Self.kinds.contains(members[0].key),
      case .array(let items) = members[0].value
    else { return nil }
    kind = members[0].key
    codes = items.compactMap { if case .string(let code) = $0 { code } else { nil } }
  }
}
