import Kernel
import TestKit

/// The part of JSON Schema (draft 2020-12) that our formats are described with. A keyword that is not known here is a fault of the
/// schema, so that nothing in it is decoration.
final class JSONSchema {
  private let files: [String: JSON]
  /// Members that some document used, as `file#/path/of/the/schema`.
  private(set) var used: Set<String> = []
  /// Words of an `enum` that some document had, as `file#/path/of/the/schema/enum=word`.
  private(set) var usedChoices: Set<String> = []
  /// Where a document had a member that is not described, and what is described there, sorted.
  private(set) var strangers: [String: [String]] = [:]
  /// Read once: a document has hundreds of amounts.
  private var patterns: [String: Regex<AnyRegexOutput>] = [:]
  private static let texts = ["$schema", "title", "description", "$defs"]

  init(_ files: [String: JSON]) { self.files = files }

  /// What is wrong with the document by the schema of that file.
  func faults(_ json: JSON, file: String) -> [String] {
    var found: [String] = []
    check(json, files[file] ?? .null, Place(file: file, schema: "", document: ""), &found)
    return found
  }

  private struct Place {
    let file: String
    let schema: String
    let document: String
    func at(_ schema: String) -> Place { Place(file: file, schema: self.schema + "/" + schema, document: document) }
    func of(_ document: String) -> Place { Place(file: file, schema: schema, document: self.document + "/" + document) }
  }

  private func check(_ json: JSON, _ schema: JSON, _ place: Place, _ found: inout [String]) {
    guard case .object(let keywords) = schema else { return found.append("\(place.file)#\(place.schema): not a schema") }
    for keyword in keywords where !Self.texts.contains(keyword.key) {
      let place = place.at(keyword.key)
      switch keyword.key {
      case "$ref": follow(keyword.value, json, place, &found)
      case "anyOf": anyOf(keyword.value, json, place, &found)
      case "properties", "additionalProperties", "required", "minProperties", "maxProperties":
        object(json, keyword, schema, place, &found)
      case "items", "minItems", "maxItems": array(json, keyword, place, &found)
      default:
        if keyword.key == "enum", case .string(let word) = json { usedChoices.insert("\(place.file)#\(place.schema)=\(word)") }
        if !holds(json, keyword) {
          found.append("\(place.document): \(json.compact.prefix(60)) breaks \(place.file)#\(place.schema)")
        }
      }
    }
  }

  private func follow(_ reference: JSON, _ json: JSON, _ place: Place, _ found: inout [String]) {
    guard case .string(let text) = reference else { return found.append("\(place.schema): not a reference") }
    let parts = text.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
    let file = parts[0].isEmpty ? place.file : parts[0]
    var target = files[file]
    for key in parts[1].split(separator: "/") { target = target?[String(key)] }
    guard let target else { return found.append("\(place.file)#\(place.schema): \(text) leads nowhere") }
    check(json, target, Place(file: file, schema: parts[1], document: place.document), &found)
  }

  private func anyOf(_ choices: JSON, _ json: JSON, _ place: Place, _ found: inout [String]) {
    guard case .array(let choices) = choices else { return found.append("\(place.schema): not a list") }
    let before = strangers
    var closest: (faults: Int, strangers: [String: [String]])?
    for (number, choice) in choices.enumerated() {
      var faults: [String] = []
      strangers = before
      check(json, choice, place.at("\(number)"), &faults)
      if faults.isEmpty { return }
      // Where none fits, a stranger is one to the choice that was meant: the one with the least against it.
      if strangers != before, faults.count < closest?.faults ?? .max { closest = (faults.count, strangers) }
    }
    strangers = closest?.strangers ?? before
    found.append("\(place.document): \(json.compact.prefix(60)) is none of \(place.file)#\(place.schema)")
  }

  private func object(_ json: JSON, _ keyword: JSON.Member, _ schema: JSON, _ place: Place, _ found: inout [String]) {
    guard case .object(let members) = json else { return }
    switch (keyword.key, keyword.value) {
    case ("properties", _):
      for member in members {
        guard let inner = keyword.value[member.key] else { continue }
        used.insert(place.file + "#" + place.schema + "/" + member.key)
        check(member.value, inner, place.at(member.key).of(member.key), &found)
      }
    case ("additionalProperties", .bool(false)):
      for member in members where schema["properties"]?[member.key] == nil {
        strangers[place.document] = (schema["properties"]?.keys ?? []).sorted()
        found.append("\(place.document): \(member.key) is not in \(place.file)#\(place.schema)")
      }
    case ("additionalProperties", let inner):
      for member in members { check(member.value, inner, place.of(member.key), &found) }
    case ("required", .array(let names)):
      for case .string(let name) in names where json[name] == nil { found.append("\(place.document): \(name) is missing") }
    case ("minProperties", .int(let count)): if members.count < count { found.append("\(place.document): too few members") }
    case ("maxProperties", .int(let count)): if members.count > count { found.append("\(place.document): too many members") }
    default: found.append("\(place.file)#\(place.schema): cannot be read")
    }
  }

  private func array(_ json: JSON, _ keyword: JSON.Member, _ place: Place, _ found: inout [String]) {
    guard case .array(let items) = json else { return }
    switch (keyword.key, keyword.value) {
    case ("minItems", .int(let count)): if items.count < count { found.append("\(place.document): too few items") }
    case ("maxItems", .int(let count)): if items.count > count { found.append("\(place.document): too many items") }
    default: for (number, item) in items.enumerated() { check(item, keyword.value, place.of("\(number)"), &found) }
    }
  }

  private func matches(_ text: String, _ pattern: String) -> Bool {
    if patterns[pattern] == nil { patterns[pattern] = try? Regex(pattern) }
    return patterns[pattern].flatMap { try? $0.firstMatch(in: text) } != nil
  }

  private func holds(_ json: JSON, _ keyword: JSON.Member) -> Bool {
    switch (keyword.key, keyword.value, json) {
    case ("const", let value, _): json == value
    case ("enum", .array(let values), _): values.contains(json)
    case ("type", .string(let name), _): name == json.typeName
    case ("minimum", .int(let bound), .int(let value)): value >= bound
    case ("maximum", .int(let bound), .int(let value)): value <= bound
    case ("minLength", .int(let bound), .string(let text)): text.unicodeScalars.count >= bound
    case ("maxLength", .int(let bound), .string(let text)): text.unicodeScalars.count <= bound
    case ("pattern", .string(let pattern), .string(let text)): matches(text, pattern)
    case ("minimum", .int, _), ("maximum", .int, _), ("minLength", .int, _), ("maxLength", .int, _), ("pattern", .string, _): true
    default: false
    }
  }

  /// Every member that a schema of that file describes, as `used` names them.
  func described(in file: String) -> Set<String> {
    var found: Set<String> = []
    walk(file) { member, path in
      guard member.key == "properties", case .object(let properties) = member.value else { return }
      for property in properties { found.insert("\(file)#\(path)/properties/\(property.key)") }
    }
    return found
  }

  /// Every word of an `enum` of that file, as `usedChoices` names them.
  func choices(in file: String) -> Set<String> {
    var found: Set<String> = []
    walk(file) { member, path in
      guard member.key == "enum", case .array(let words) = member.value else { return }
      for case .string(let word) in words { found.insert("\(file)#\(path)/enum=\(word)") }
    }
    return found
  }

  /// Calls with every member of the schema and the path of what holds it.
  private func walk(_ file: String, _ visit: (JSON.Member, String) -> Void) {
    func walk(_ json: JSON, _ path: String) {
      switch json {
      case .object(let members):
        for member in members {
          visit(member, path)
          walk(member.value, path + "/" + member.key)
        }
      case .array(let items): for (number, item) in items.enumerated() { walk(item, "\(path)/\(number)") }
      default: break
      }
    }
    walk(files[file] ?? .null, "")
  }
}

extension JSON {
  fileprivate var keys: [String] { if case .object(let members) = self { members.map(\.key) } else { [] } }

  fileprivate var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .int: "integer"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
