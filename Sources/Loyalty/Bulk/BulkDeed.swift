import Calculator
import Conditions
import Customers
import Kernel

/// What is done to every member of a segment.
public enum BulkDeed: Hashable, Sendable {
  /// Nil takes the attribute away.
  case attribute(String, AttributeValue?)
  /// Into a segment that is a list, or out of it. Such a list is what other programs call a tag.
  case list(String, isIn: Bool)
  case points(Points, course: PointsCourse?, note: String)
  /// A coupon of their own, of this series.
  case coupon(String)
  /// Through the day; nil: without an end.
  case tier(String, through: CivilDay?, reason: String)
  case status(isBlocked: Bool, reason: String)

  public enum Word: String, Sendable, CaseIterable { case attribute, list, points, coupon, tier, status }

  public var word: Word {
    switch self {
    case .attribute: .attribute
    case .list: .list
    case .points: .points
    case .coupon: .coupon
    case .tier: .tier
    case .status: .status
    }
  }

  /// True for what members gain by: nobody in the control group is given it, and nobody who is blocked.
  public var isBenefit: Bool {
    switch self {
    case .points, .coupon, .tier: true
    case .attribute, .list, .status: false
    }
  }

  /// `{ "do": "points", "points": "100", "course": { "life": { "days": 30 } }, "reason": "Sorry for the queue" }`
  public func json(_ amounts: AmountForm) -> JSON {
    let parts: [JSON.Member?] =
      switch self {
      case .attribute(let code, let value): [.init("attribute", .string(code)), value.map { .init("value", $0.json) }]
      case .list(let code, let isIn): [.init("segment", .string(code)), .init("in", .bool(isIn))]
      case .points(let points, let course, let note):
        [.init("points", amounts.json(points)), course.map { .init("course", $0.json) }, .init("reason", .string(note))]
      case .coupon(let series): [.init("series", .string(series))]
      case .tier(let code, let day, let reason):
        [.init("tier", .string(code)), day.map { .init("through", .string("\($0)")) }, .init("reason", .string(reason))]
      case .status(let isBlocked, let reason): [.init("blocked", .bool(isBlocked)), .init("reason", .string(reason))]
      }
    return .object([JSON.Member("do", .string(word.rawValue))] + parts.compactMap { $0 })
  }

  /// Nil, and noted, where it cannot be.
  public init?(_ node: JSONNode, _ amounts: AmountForm) {
    node.expect("do", "attribute", "value", "segment", "in", "points", "course", "reason", "series", "tier", "through", "blocked")
    guard node["do"].required(), let word = node["do"].word(Word.self) else { return nil }
    func text(_ key: String) -> String? { node[key].required() ? node[key].text() : nil }
    switch word {
    case .attribute:
      guard let code = text("attribute") else { return nil }
      var value: AttributeValue?
      if node["value"].isPresent {
        value =
          Attributes(JSONNode(.object([JSON.Member(code, node["value"].json ?? .null)]), issues: node.issues), lists: true)[code]
      }
      self = .attribute(code, value)
    case .list:
      guard let code = text("segment") else { return nil }
      self = .list(code, isIn: node["in"].bool() ?? true)
    case .points:
      guard node["points"].required(), let points = amounts.points(node["points"], 1...Limits.basketAmount),
        let note = text("reason")
      else { return nil }
      self = .points(points, course: PointsCourse(node["course"]), note: note)
    case .coupon:
      guard let series = text("series") else { return nil }
      self = .coupon(series)
    case .tier:
      guard let code = text("tier"), let reason = text("reason") else { return nil }
      self = .tier(code, through: node["through"].day(), reason: reason)
    case .status:
      guard let reason = text("reason") else { return nil }
      self = .status(isBlocked: node["blocked"].bool() ?? true, reason: reason)
    }
  }
}

/// Why a member was left out, or what was done to them was not undone. The words never change their meaning.
public enum BulkReason: String, Sendable, CaseIterable {
  case erased, merged, blocked
  /// In the control group, which is given nothing.
  case control
  /// Members of this kind are given nothing.
  case memberKind = "member-kind"
  /// What is to be so, is so.
  case already
  /// A limit of the day on what one member is given.
  case guardLimit = "guard-limit"
  /// The series gives no codes any more.
  case seriesEmpty = "series-empty"
  /// Somebody changed it after the action did.
  case changedSince = "changed-since"
  /// The coupon was used, or the points were spent.
  case used

  public var sentence: LocalText {
    switch self {
    case .erased: LocalText(ru: "Данные удалены по просьбе", en: "The person was erased on request")
    case .merged: LocalText(ru: "Объединён с другим участником", en: "Merged into another member")
    case .blocked: LocalText(ru: "Заблокирован", en: "Blocked")
    case .control: LocalText(ru: "В контрольной группе", en: "In the control group")
    case .memberKind: LocalText(ru: "Таким участникам этого не дают", en: "Members of this kind are given none")
    case .already: LocalText(ru: "Уже так", en: "It is so already")
    case .guardLimit: LocalText(ru: "Дневной предел участника", en: "A limit of the day")
    case .seriesEmpty: LocalText(ru: "Серия больше не выдаёт купонов", en: "The series gives no coupons any more")
    case .changedSince: LocalText(ru: "С тех пор изменили", en: "Changed since by somebody")
    case .used: LocalText(ru: "Уже использовано", en: "Used already")
    }
  }
}
