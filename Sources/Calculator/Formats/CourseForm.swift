import Kernel

// How a promotion's points come and go: `{ "activation": { "days": 14 }, "life": { "through": "month" } }`.
extension RuleReader {
  func course(_ node: JSONNode, _ benefit: Benefit) -> PointsCourse? {
    guard node.isPresent else { return nil }
    guard benefit.isEarning else {
      node.refuse("wrong_course", "only what earns points says how they come and go; leave course out")
      return nil
    }
    return PointsCourse(node)
  }
}

extension PointsCourse {
  /// `{ "activation": { "days": 14 }, "life": { "through": "month" } }`; nil where it is absent or says nothing, which is then noted.
  public init?(_ node: JSONNode) {
    guard node.isPresent else { return nil }
    node.expect("activation", "life")
    self.init(start: PointsCourse.Start(node["activation"]), life: Self.life(node["life"]))
    if node.issues.isEmpty, self == PointsCourse() {
      node.refuse(
        "missing", "say when the points become active or how long they live; leave course out for the programme's own way")
      return nil
    }
    if case .on(let day) = start, case .until(let last) = life, last < day {
      node["life"].refuse("bounds_crossed", "points that become active on \(day) cannot end on \(last)")
    }
  }

  private static func life(_ node: JSONNode) -> Life? {
    guard let (name, value) = node.oneCase(of: ["days", "through", "until"], "a life of points") else { return nil }
    switch name {
    case "days": return value.int(0...3_650).map { .days(Int($0)) }
    case "through": return value.word(CalendarPeriod.self).map { .through($0, later: 0) }
    default: return value.day().map { .until($0) }
    }
  }
}

extension PointsCourse.Start {
  /// `"at-once"`, `{ "days": 14 }` or `{ "on": "2026-12-01" }`; nil where it is absent or wrong, which is then noted.
  init?(_ node: JSONNode) {
    guard node.isPresent else { return nil }
    if node.json == "at-once" {
      self = .atOnce
      return
    }
    guard let (name, value) = node.oneCase(of: ["days", "on"], "an activation that is not \"at-once\"") else { return nil }
    if name == "days" {
      guard let days = value.int(1...3_650) else { return nil }
      self = .days(Int(days))
    } else {
      guard let day = value.day() else { return nil }
      self = .on(day)
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .atOnce: "at-once"
    case .days(let count): .object(["days": .int(Int64(count))])
    case .on(let day): .object(["on": day.json])
    }
  }
}

extension PointsCourse {
  public var json: JSON { .object(["activation": start.map(\.json), "life": life.flatMap(Self.json)]) }

  private static func json(_ life: Life) -> JSON? {
    switch life {
    case .days(let count): .object(["days": .int(Int64(count))])
    case .through(let period, _): .object(["through": .string(period.rawValue)])
    case .until(let day): .object(["until": day.json])
    case .forever, .sliding: nil
    }
  }
}

extension CalculationForm {
  func lot(_ lot: EarnedLot, _ out: inout JSONWriter) {
    out.openObject()
    text("promotion", rules.promotions[lot.promotion].code, &out)
    points("points", lot.points, &out)
    if let day = lot.days.from { text("activeFrom", day.description, &out) }
    if let day = lot.days.until { text("activeUntil", day.description, &out) }
    sentence("sentence", sentences.lot(lot), &out)
    out.closeObject()
  }
}

extension Sentences {
  /// `120 бонусов: активны с 1 декабря 2026, действуют по 31 декабря 2026`.
  public func lot(_ lot: EarnedLot) -> LocalText {
    let points = spoken.points(lot.points)
    let from =
      lot.days.from.map { day in
        let day = SpokenAmounts.day(day)
        return LocalText(ru: "активны с \(day.ru)", en: "active from \(day.en)")
      } ?? LocalText(ru: "станут активны позже", en: "active later")
    guard let until = lot.days.until.map(SpokenAmounts.day) else {
      return LocalText(ru: points.ru + ": " + from.ru + ".", en: points.en + ": " + from.en + ".")
    }
    return LocalText(
      ru: "\(points.ru): \(from.ru), действуют по \(until.ru).", en: "\(points.en): \(from.en), good until \(until.en).")
  }
}

extension SpokenAmounts {
  /// `1 декабря 2026`, `1 December 2026`.
  static func day(_ day: CivilDay) -> LocalText {
    let (year, month, number) = day.parts
    let (first, last) = ("\(number)\u{a0}", " \(year)")
    return LocalText(ru: [first, months.ru[month - 1] + last].joined(), en: [first, months.en[month - 1] + last].joined())
  }

  private static var months: (ru: [String], en: [String]) {
    (
      [
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
      ],
      [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
      ]
    )
  }
}
