import Kernel

/// A retailer's own facts about a product or a member, beside those that every retailer has.
public struct Attributes: Hashable, Sendable {
  public private(set) var values: [String: AttributeValue]

  public init(_ values: [String: AttributeValue] = [:]) { self.values = values }

  public subscript(_ name: String) -> AttributeValue? { values[name] }
  public var isEmpty: Bool { values.isEmpty }

  /// An object of texts, whole numbers, booleans and days, `{ "day": "2026-11-21" }`; at most `Limits.attributes` of them.
  public init(_ node: JSONNode) {
    values = [:]
    for (name, member) in node.members(max: Limits.attributes) {
      switch member.json {
      case .bool(let value)?: values[name] = .flag(value)
      case .string?: values[name] = member.text(orEmpty: true).map(AttributeValue.text)
      case .int?: values[name] = member.int().map(AttributeValue.number)
      case .object?:
        member.expect("day")
        if member["day"].required() { values[name] = member["day"].day().map(AttributeValue.day) }
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
    }
  }

  /// Sorted by name, so that equal attributes are equal texts.
  public var json: JSON {
    .object(
      values.sorted { $0.key < $1.key }.map { name, value in
        switch value {
        case .text(let text): JSON.Member(name, .string(text))
        case .number(let number): JSON.Member(name, .int(number))
        case .flag(let flag): JSON.Member(name, .bool(flag))
        case .day(let day): JSON.Member(name, .object(["day": .string(day.description)]))
        }
      })
  }
}
