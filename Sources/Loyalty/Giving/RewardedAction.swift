import Calculator
import Kernel

/// Something that a programme gives points for although nothing is bought.
public struct RewardedAction: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case review, survey
    /// The server sees by itself that the fields are filled.
    case profile
    case signIn = "sign-in"
    /// The server looks by itself who has a birthday.
    case birthday
    /// Whatever another system tells of.
    case other

    /// True where nobody tells of it: the server finds it.
    public var isFound: Bool { self == .profile || self == .birthday }
  }

  /// How often one member is given points for it.
  public enum Pace: String, Sendable, CaseIterable { case once, day, week, month, year, always }

  /// What a profile must have.
  public enum Field: String, Sendable, CaseIterable {
    case familyName, givenName, patronymic, birthday, sex, language, city, phone, email
  }

  public var code: String
  public var name: LocalText
  public var kind: Kind
  public var points: Points
  /// Nil: as the programme's promotional points.
  public var course: PointsCourse?
  public var pace: Pace
  /// In all, for one member and for everybody; nil: no end.
  public var memberCap: Points?
  public var budget: Points?
  /// Days of the programme's clock, both included; nil: open.
  public var from: CivilDay?
  public var until: CivilDay?
  public var isActive: Bool
  /// Codes of tiers; none named: for everybody.
  public var tiers: [String]
  /// Of a profile.
  public var fields: [Field]
  /// Around a birthday.
  public var daysBefore: Int
  public var daysAfter: Int

  public init(
    code: String, name: LocalText, kind: Kind, points: Points, course: PointsCourse? = nil, pace: Pace? = nil,
    memberCap: Points? = nil, budget: Points? = nil, from: CivilDay? = nil, until: CivilDay? = nil, isActive: Bool = true,
    tiers: [String] = [], fields: [Field] = [.givenName, .birthday, .phone], daysBefore: Int = 0, daysAfter: Int = 7
  ) {
    (self.code, self.name, self.kind, self.points, self.course) = (code, name, kind, points, course)
    self.pace = pace ?? Self.pace(of: kind) ?? .once
    (self.memberCap, self.budget, self.from, self.until, self.isActive) = (memberCap, budget, from, until, isActive)
    (self.tiers, self.fields, self.daysBefore, self.daysAfter) = (tiers, fields, daysBefore, daysAfter)
  }

  /// The only one that a kind has; nil where it may be any.
  public static func pace(of kind: Kind) -> Pace? {
    switch kind {
    case .profile: .once
    case .birthday: .year
    case .review, .survey, .signIn, .other: nil
    }
  }

  /// True on a day between `from` and `until`.
  public func lasts(on day: CivilDay) -> Bool { (from.map { $0 <= day } ?? true) && (until.map { day <= $0 } ?? true) }

  /// The first day of those among which a gift counts against the pace. Birthdays have twelve months and no calendar year: whoever was
  /// given something and then names another date waits as long as everybody.
  func since(_ day: CivilDay) -> CivilDay? {
    let (_, month, number) = day.parts
    switch pace {
    case .once: return CivilDay(number: .min)
    case .day: return day
    case .week: return day.adding(days: 1 - day.weekday)
    case .month: return day.adding(days: 1 - number)
    case .year where kind == .birthday: return day.adding(months: -12).adding(days: 1)
    case .year: return day.adding(days: 1 - number).adding(months: 1 - month)
    case .always: return nil
    }
  }

  /// The birthday that is celebrated about this day; nil for no day of this action. Whoever was born on 29 February celebrates on the
  /// 28th in common years.
  func celebrated(_ birthday: CivilDay, on day: CivilDay) -> CivilDay? {
    let (born, month, number) = birthday.parts
    let year = day.parts.year
    for year in (year - 1)...(year + 1) where year > born {
      let length = CivilDay.length(ofMonth: month, year: year)
      guard let date = CivilDay(year: year, month: month, day: min(number, length)) else { continue }
      if day >= date.adding(days: -daysBefore), day <= date.adding(days: daysAfter) { return date }
    }
    return nil
  }
}

// As settings have it.
extension RewardedAction {
  /// Reads what `json` wrote; what is wrong is noted.
  public init?(_ node: JSONNode, _ amounts: AmountForm) {
    node.expect(
      "code", "name", "kind", "points", "course", "every", "memberCap", "budget", "from", "until", "active", "tiers", "fields",
      "daysBefore", "daysAfter")
    node["name"].expect("ru", "en")
    guard node["code"].required(), let code = node["code"].code(), node["name"].required(), let ru = node["name"]["ru"].text(),
      let en = node["name"]["en"].text(), node["kind"].required(), let kind = node["kind"].word(Kind.self),
      node["points"].required(), let points = amounts.points(node["points"], 1...Limits.basketAmount)
    else { return nil }
    func amount(_ key: String) -> Points? { amounts.points(node[key], 1...Limits.amount) }
    self.init(
      code: code, name: LocalText(ru: ru, en: en), kind: kind, points: points, course: PointsCourse(node["course"]),
      pace: node["every"].word(), memberCap: amount("memberCap"), budget: amount("budget"), from: node["from"].day(),
      until: node["until"].day(), isActive: node["active"].bool() ?? true,
      tiers: node["tiers"].items(max: 100).compactMap { $0.code() })
    if node["fields"].isPresent { fields = node["fields"].items(max: Field.allCases.count).compactMap { $0.word() } }
    daysBefore = node["daysBefore"].int(0...Limits.birthdayDays).map { Int($0) } ?? daysBefore
    daysAfter = node["daysAfter"].int(0...Limits.birthdayDays).map { Int($0) } ?? daysAfter
    check(node)
  }

  private func check(_ node: JSONNode) {
    if code.contains(where: { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }) {
      node["code"].refuse("not_a_code", "letters, digits, hyphens and low lines: the code stands in addresses")
    }
    if let from, let until, until < from { node["until"].refuse("bounds_crossed", "until must not be before from") }
    if let only = Self.pace(of: kind), pace != only {
      node["every"].refuse("contradiction", "a \(kind.rawValue) is rewarded \(only.rawValue); leave every out or say the same")
    }
    if kind == .profile, fields.isEmpty { node["fields"].refuse("empty", "name at least one field that is to be filled") }
    if let memberCap, memberCap < points {
      node["memberCap"].refuse("contradiction", "a member may have no less than is given once")
    }
    if let budget, budget < points { node["budget"].refuse("contradiction", "the budget is no less than is given once") }
  }

  public func json(_ amounts: AmountForm) -> JSON {
    func day(_ day: CivilDay?) -> JSON? { day.map { .string($0.description) } }
    let isBirthday = kind == .birthday
    return .object([
      "code": .string(code), "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "kind": .string(kind.rawValue),
      "points": amounts.json(points), "course": course?.json, "every": .string(pace.rawValue),
      "memberCap": memberCap.map(amounts.json),
      "budget": budget.map(amounts.json), "from": day(from), "until": day(until), "active": isActive ? nil : false,
      "tiers": tiers.isEmpty ? nil : .array(tiers.map(JSON.string)),
      "fields": kind == .profile ? .array(fields.map { .string($0.rawValue) }) : nil,
      "daysBefore": isBirthday ? .int(Int64(daysBefore)) : nil, "daysAfter": isBirthday ? .int(Int64(daysAfter)) : nil,
    ])
  }
}
