import Kernel

/// Holds an answer against what a description says of it: as much of JSON Schema as descriptions use.
struct Shape {
  let document: JSON

  /// Every place of the value that the schema does not allow.
  func faults(_ value: JSON?, _ schema: JSON?, at place: String = "") -> [String] {
    guard let schema else { return ["\(place) is not described"] }
    guard let value else { return ["\(place) is missing"] }
    if let reference = schema["$ref"]?.word {
      return faults(value, reference.split(separator: "/").dropFirst().reduce(document as JSON?) { $0?[String($1)] }, at: place)
    }
    if let ways = schema["anyOf"]?.listed, !ways.isEmpty, schema["properties"] == nil {
      return ways.contains { faults(value, $0, at: place).isEmpty } ? [] : ["\(place) is none of what it may be: \(value.compact)"]
    }
    if let words = schema["enum"]?.listed, !words.contains(value) { return ["\(place) is \(value.compact)"] }
    guard let type = schema["type"]?.word else { return [] }
    switch (type, value) {
    case ("object", .object(let members)): return self.members(members, schema, place)
    case ("array", .array(let items)):
      return schema["items"] == nil ? [] : items.enumerated().flatMap { faults($1, schema["items"], at: "\(place)/\($0)") }
    case ("string", .string), ("integer", .int), ("boolean", .bool), ("null", .null): return []
    default: return ["\(place) is no \(type): \(value.compact)"]
    }
  }

  private func members(_ members: [JSON.Member], _ schema: JSON, _ place: String) -> [String] {
    let known = schema["properties"]
    let missing = (schema["required"]?.listed ?? []).compactMap(\.word).filter { name in !members.contains { $0.key == name } }
    let isClosed = schema["additionalProperties"] == .bool(false)
    return missing.map { "\(place)/\($0) is missing" }
      + members.flatMap { member -> [String] in
        if let own = known?[member.key] { return faults(member.value, own, at: "\(place)/\(member.key)") }
        return isClosed ? ["\(place)/\(member.key) is not described"] : []
      }
  }
}
