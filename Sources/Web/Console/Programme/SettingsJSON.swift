import Calculator
import Conditions
import Customers
import Kernel
import Loyalty

/// The settings' JSON that a form tells of, and which of its places came from which field.
struct SettingsJSON {
  static let cards = ["first", "last", "check"]
  static let kinds = ["kind", "prefix", "minLength", "maxLength"]

  private let form: Form
  private let base: ProgrammeSettings
  private let brands: [String]
  /// Rows that stand elsewhere in the JSON than in the form, since empty ones were left out.
  private var moved: [(json: String, field: String)] = []
  /// Fields that have to be filled in and are not.
  private(set) var missing: [String] = []
  private(set) var json: JSON

  init(_ form: Form, over base: ProgrammeSettings, brands: [String]) {
    self.form = form
    self.base = base
    self.brands = brands
    json = base.json.setting("/points/scale", nil).setting("/points/spendValue", nil)
    for setting in Setting.simple {
      let value = setting.json(form)
      if value == nil, !setting.mayBeNone, setting.pointer != "/name/ru", setting.pointer != "/name/en" {
        missing.append(setting.pointer)
      }
      json = json.setting(setting.pointer, value)
    }
    names()
    for family in SettingsForm.families { course("/points/" + family) }
    set("/points/burnOrder", .array(form["/points/burnOrder"].split(separator: ",").map { .string(String($0)) }))
    earning()
    receipt()
    control()
    permissions()
    lists()
  }

  private mutating func set(_ pointer: String, _ value: JSON?) { json = json.setting(pointer, value) }

  /// The field that an issue belongs to; its own pointer where no field stands for it.
  func field(of issue: Issue) -> String {
    var pointer = issue.pointer
    if pointer.hasPrefix("/programme/") { pointer = String(pointer.dropFirst("/programme".count)) }
    if let row = moved.first(where: { pointer == $0.json || pointer.hasPrefix($0.json + "/") }) {
      pointer = row.field + pointer.dropFirst(row.json.count)
    }
    var place = Substring(pointer)
    while !place.isEmpty {
      let isKnown = moved.contains { $0.field == place } || Setting.composed.contains { $0.pointer == place }
      if isKnown || form.has(String(place)) { return String(place) }
      place = place[..<(place.lastIndex(of: "/") ?? place.startIndex)]
    }
    return pointer
  }

  private mutating func names() {
    set("/name", .object(["ru": text("/name/ru"), "en": text("/name/en")]))
    set("/pointsName", .object(["ru": words("/pointsName/ru", 3), "en": words("/pointsName/en", 2)]))
    // One that is not there any more stays named, and the reader of settings says so.
    let chosen = brands.filter { form.has("brand-" + $0) }
    set("/brands", .array(chosen.map(JSON.string)))
  }

  private func text(_ field: String) -> JSON? { form[field].isEmpty ? nil : .string(form[field]) }

  private func number(_ field: String) -> JSON? {
    let typed = form[field].filter { !$0.isWhitespace }.replacing(",", with: ".")
    return typed.isEmpty ? nil : .string(typed)
  }

  private func whole(_ field: String) -> JSON {
    let digits = form[field].filter { !$0.isWhitespace }
    return Int64(digits).map(JSON.int) ?? .string(digits)
  }

  private func words(_ field: String, _ count: Int) -> JSON { .array((0..<count).map { .string(form["\(field)/\($0)"]) }) }

  private mutating func course(_ pointer: String) {
    let activation = form[pointer + "/activation"]
    switch activation {
    case "hours", "startOfDayAfter":
      set(pointer + "/activation", .object([JSON.Member(activation, whole(pointer + "/activation#"))]))
    default: set(pointer + "/activation", .string(activation))
    }
    let life = form[pointer + "/life"]
    switch life {
    case "days", "slidingDays": set(pointer + "/life", .object([JSON.Member(life, whole(pointer + "/life#"))]))
    case "until": set(pointer + "/life", .object(["until": .string(form[pointer + "/life@"])]))
    case "month", "quarter", "year":
      let later: JSON = form[pointer + "/life#"].isEmpty ? 0 : whole(pointer + "/life#")
      set(pointer + "/life", .object(["endOf": .string(life), "later": later]))
    default: set(pointer + "/life", .string(life))
    }
  }

  private mutating func earning() {
    let field = "/terms/earning/status"
    switch form[field] {
    case "as-earned": set(field, "as-earned")
    case "perStep": set(field, .object(["points": number(field + "#points"), "perStep": number(field + "#step")]))
    default: set(field, nil)
    }
    let none = TenderKind.allCases.filter { !form.has("earn-tender-" + $0.rawValue) }
    set("/terms/earning/tendersWithoutEarning", .array(none.map { .string($0.rawValue) }))
  }

  private mutating func receipt() {
    let field = "/terms/receiptRounding"
    guard ["us", "till"].contains(form[field]) else { return set(field, nil) }
    let tenders = TenderKind.allCases.filter { form.has("round-tender-" + $0.rawValue) }
    set(
      field,
      .object([
        "step": number(field + "#step"), "tenders": .array(tenders.map { .string($0.rawValue) }),
        "byTill": .bool(form[field] == "till"),
      ]))
  }

  /// No share is no group. What nobody touched keeps the seconds that the form does not show.
  private mutating func control() {
    let field = "/terms/control"
    guard let share = number(field + "#share") else { return set(field, nil) }
    let typed = form[field + "#since"]
    let since: String
    if let old = base.terms.control, base.points.zone.typed(old.since) == typed {
      since = old.since.text
    } else {
      since = base.points.zone.instant(typed: typed)?.text ?? typed
    }
    set(field, .object(["salt": text(field + "#salt"), "share": share, "since": since.isEmpty ? nil : .string(since)]))
  }

  private mutating func permissions() {
    for (name, pointer) in SettingsForm.permissions {
      let kinds = MemberKind.allCases.filter { !form.has("\(name)-\($0.rawValue)") }
      set(pointer, .array(kinds.map { .string($0.rawValue) }))
    }
  }

  private mutating func lists() {
    set("/groups", .array(rows("/groups", ["name", "policy"], by: ["policy"])))
    set("/identifiers/country", text("/identifiers/country"))
    set("/identifiers/cards", .array(rows("/identifiers/cards", Self.cards, by: ["first", "last"])))
    set("/identifiers/kinds", .array(rows("/identifiers/kinds", Self.kinds, by: ["kind", "prefix"])))
    set("/terms/spending/exceptions", .array(exceptions()))
  }

  /// Rows of which at least one of the telling columns is filled in.
  private mutating func rows(_ pointer: String, _ columns: [String], by telling: [String]) -> [JSON] {
    var rows: [JSON] = []
    for place in 0..<SettingsForm.rows {
      let field = "\(pointer)/\(place)"
      guard telling.contains(where: { !form["\(field)/\($0)"].isEmpty }) else { continue }
      moved.append(("\(pointer)/\(rows.count)", field))
      rows.append(
        .object(
          columns.compactMap { column in
            let typed = form["\(field)/\(column)"]
            if column.hasSuffix("Length") { return typed.isEmpty ? nil : JSON.Member(column, whole("\(field)/\(column)")) }
            return typed.isEmpty && column != "name" ? nil : JSON.Member(column, .string(typed))
          }))
    }
    return rows
  }

  private mutating func exceptions() -> [JSON] {
    var rows: [JSON] = []
    for place in 0..<SettingsForm.rows {
      let field = "/terms/spending/exceptions/\(place)"
      let share = number(field + "/share")
      let goods = form[field + "#goods"].split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
      guard share != nil || !goods.isEmpty else { continue }
      moved.append(("/terms/spending/exceptions/\(rows.count)", field))
      var on: JSON? =
        goods.isEmpty
        ? nil
        : .object([
          JSON.Member(form[field + "#kind"], .array(goods.map { .string(BracketedCode($0).code ?? $0) }))
        ])
      // What the form could not show came along as it was.
      if form.has(field + "#kept") { do { on = try JSON.parse(form[field + "#kept"])["on"] } catch { on = nil } }
      rows.append(.object(["on": on, "share": share]))
    }
    return rows
  }
}
