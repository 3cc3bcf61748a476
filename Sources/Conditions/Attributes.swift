import Kernel

/// A retailer's own facts about a product or a member, beside those that every retailer has.
public struct Attributes: Hashable, Sendable {
  public private(set) var values: [String: AttributeValue]

  public init(_ values: [String: AttributeValue] = [:]) { self.values = values }

  public subscript(_ name: String) -> AttributeValue? { values[name] }
  public var isEmpty: Bool { values.isEmpty }

  /// An object of texts, whole numbers, booleans and days, `{ "day": "2026-11-21" }`; at most `Limits.attributes` of them.
  /// - Parameter lists: true where lists of texts are attributes, too: those of members.
  public init(_ node: JSONNode, lists: Bool = false) {
    values = [:]
    for (name, member) in node.members(max: Limits.attributes) {
      switch member.json {
      case .bool(let value)?: values[name] = .flag(value)
      case .string?: values[name] = member.text(orEmpty: true).map(AttributeValue.text)
      case .int?: values[name] = member.int().map(AttributeValue.number)
      case .object?:
        member.expect("day")
        if member["day"].required() { values[name] = member["day"].day().map(AttributeValue.day) }
      case .array? where lists:
        values[name] = .list(Set(member.items(max: Limits.fieldValues).compactMap { $0.text() }).sorted())
      default: member.refuse("not_an_attribute", "an attribute is a text, a whole number, true, false or { \"day\": … }")
      }
    }
    check(at: node.pointer, node.issues)
  }

  /// Notes what breaks a bound: how many, how long their names and texts are.
  public func check(at pointer: String, _ issues: IssueList) {
    if values.count > Limits.attributes {
      issues.add(pointer, "too_many", "at most \(Limits.attributes) attributes are allowed, not \(values.count)")
    }
    for (name, value) in values {
      if name.isEmpty || name.utf8.count > Limits.code {
        issues.add(pointer, "not_a_name", "an attribute's name has 1 to \(Limits.code) bytes")
      }
      if case .text(let text) = value, text.count > Limits.name {
        issues.add(pointer + "/" + name, "too_long", "at most \(Limits.name) characters are allowed in an attribute")
      }
      if case .list(let codes) = value,
        codes.count > Limits.fieldValues || codes.contains(where: { !(1...Limits.code).contains($0.utf8.count) })
      {
        issues.add(
          pointer + "/" + name, "too_long", "an attribute holds at most \(Limits.fieldValues) codes of 1 to \(Limits.code) bytes")
      }
    }
  }

  /// Sorted by name, so that equal attributes are equal texts.
  public var json: JSON {
    .object(values.sorted { $0.key < $1.key }.map { JSON.Member($0, $1.json) })
  }

  /// These with one of them set, or taken away.
  public func setting(_ name: String, _ value: AttributeValue?) -> Attributes {
    var next = self
    next.values[name] = value
    return next
  }
}

extension AttributeValue {
  public var json: JSON {
    switch self {
    case .text(let text): .string(text)
    case .number(let number): .int(number)
    case .flag(let flag): .bool(flag)
    case .day(let day): .object(["day": .string(day.description)])
    case .list(let codes): .array(codes.map(JSON.string))
    }
  }
}
