import Conditions
import Customers
import Insight
import Kernel

/// What a member has, as fields: points, and identifiers.
struct HoldingFields {
  let form: Form
  let faults: FormFaults
  let reader: Reader

  var points: Markup {
    func bound(_ name: String, _ label: String) -> Markup {
      Field(name: name, label: label, value: form[name], fault: faults[name], limit: 20, isRequired: false).html
    }
    let which = Choice(
      name: "of", label: reader("Какие баллы", "Which points"),
      options: [
        ("all", reader("все на счёте", "all of the balance")), ("ending", reader("те, что скоро сгорят", "those that end soon")),
      ],
      chosen: form["of"])
    let days = Field(
      name: "endingWithinDays", label: reader("Сгорят в ближайшие", "They end within"), value: form["endingWithinDays"],
      hint: reader("только для сгорающих; 0: сегодня", "for those that end only; 0: today"), fault: faults["endingWithinDays"],
      limit: 4,
      isRequired: false, unit: reader("дней", "days"))
    return """
      <div class="fields">\(which.html)\(days.html)</div>\
      <div class="fields narrow">\(bound("atLeast", reader("Не меньше", "At least")))\(bound("atMost", reader("Не больше", "At most")))</div>\
      <p class="muted">\(reader("Пусто: есть хоть сколько-нибудь. Баллы, отложенные на кассе, считаются; ещё не активные – нет.", "Empty: any at all. Points set aside at a till count; those that are not active yet do not."))</p>
      """
  }

  var identifiers: Markup {
    let ticks = IdentifierKind.known.map {
      Tick(name: "kinds-\($0.code)", label: IdentifierWords.name($0, reader), isOn: form.has("kinds-\($0.code)"))
    }
    let verified = Tick(
      name: "verified", label: reader("подтверждён кодом", "proved by a code"), isOn: form.has("verified"))
    return """
      \(TickGroup(label: reader("Есть хотя бы одно из", "Has at least one of"), ticks: ticks, fault: faults["kinds"]).html)\
      \(TickGroup(label: reader("И он", "And it is"), ticks: [verified]).html)
      """
  }
}

extension SegmentClause.Reading {
  var points: [JSON.Member] {
    let sides = ["atLeast", "atMost"].filter { !plain(form[$0]).isEmpty }.map { JSON.Member($0, .string(plain(form[$0]))) }
    guard form["of"] == "ending" else { return sides }
    return [JSON.Member("endingWithinDays", whole("endingWithinDays") ?? .int(0))] + sides
  }

  var identifiers: [JSON.Member] {
    let kinds = JSON.Member("kinds", ticked("kinds", IdentifierKind.known.map(\.code)))
    return form.has("verified") ? [kinds, JSON.Member("verified", .bool(true))] : [kinds]
  }
}

extension SegmentClause.Fields {
  mutating func put(points days: Int?, _ bounds: Bounds) {
    values["of"] = days == nil ? "all" : "ending"
    values["endingWithinDays"] = days.map { "\($0)" }
    for (field, value) in [("atLeast", bounds.atLeast), ("atMost", bounds.atMost)] {
      values[field] = value.map { Decimal.text($0, digits: reader.pointsScale) }
    }
  }
}

extension SegmentWords {
  func points(_ days: Int?, _ bounds: Bounds) -> [SentencePart] {
    let value = within(bounds) { reader.points(Points(units: $0)) }
    guard let days else { return [.verb(reader("баллов на счёте", "has points")), .value(value)] }
    let when =
      days == 0 ? reader("сегодня", "today") : reader("в ближайшие \(self.days(Int64(days)))", "within \(self.days(Int64(days)))")
    return [.verb(reader("сгорают баллы", "points end")), .value(value), .word(when)]
  }

  func identified(_ kinds: [IdentifierKind], _ isVerified: Bool) -> [SentencePart] {
    let names = list(kinds.map { IdentifierWords.name($0, reader) })
    let how: [SentencePart] = isVerified ? [.word(reader("с подтверждением", "proved by a code"))] : []
    return [.verb(reader("есть", "has")), .value(names)] + how
  }
}
