import Kernel

/// Schemas as tables in tables: what a body or an answer holds, member by member.
struct SchemaTables {
  let document: JSON
  /// In a request it matters what has to be there; in an answer, what may be missing.
  var isAnswer = false

  /// The name of a component that a reference leads to.
  static func name(_ schema: JSON) -> String? {
    schema["$ref"]?.text?.split(separator: "/").last.map(String.init)
  }

  /// What a reference leads to; a schema that is none is its own.
  func resolved(_ schema: JSON) -> JSON {
    guard let name = Self.name(schema), let section = schema["$ref"]?.text?.split(separator: "/").dropLast().last else {
      return schema
    }
    return document.at("components", String(section), name) ?? schema
  }

  /// The members of an object. Objects inside are tables of their own, folded.
  /// - Parameter above: names of schemas that this one stands in; one that comes again is only linked.
  func table(_ schema: JSON, above: [String] = []) -> HTML {
    let name = Self.name(schema)
    let inside = above + (name.map { [$0] } ?? [])
    let object = resolved(schema)
    let required = Set((object["required"]?.items ?? []).compactMap(\.text))
    let rows = (object["properties"]?.members ?? []).map { row($0, isRequired: required.contains($0.key), inside) }
    guard !rows.isEmpty else { return .nothing }
    return .tag(
      "table", ["class": "members"],
      .tag("thead", [:], .tag("tr", [:], .tag("th", ["scope": "col"], "Member"), .tag("th", ["scope": "col"], "What it is"))),
      .tag("tbody", [:], rows))
  }

  private func row(_ member: JSON.Member, isRequired: Bool, _ above: [String]) -> HTML {
    let kind = kind(member.value)
    var cell: [HTML] = [.tag("span", ["class": "type"], kind.words)]
    if let text = text(member.value) { cell.append(.tag("p", [:], Prose.inline(text))) }
    if let initial = member.value["default"] {
      cell.append(.tag("p", ["class": "bounds"], "Without it: ", .tag("code", [:], HTML(text: initial.compact))))
    }
    if let words = words(kind.schema) { cell.append(words) }
    if let object = kind.object { cell.append(nested(object, above)) }
    return .tag(
      "tr", [:],
      .tag(
        "th", ["scope": "row"], .tag("code", [:], HTML(text: member.key)),
        isRequired == isAnswer ? .nothing : isAnswer ? Self.sometimes : Self.required),
      .tag("td", [:], cell))
  }

  static var required: HTML { .tag("span", ["class": "required"], "required") }
  private static var sometimes: HTML { .tag("span", ["class": "sometimes"], "not always") }

  private func nested(_ object: JSON, _ above: [String]) -> HTML {
    let name = Self.name(object)
    if let name, above.contains(name) { return .nothing }
    let table = table(object, above: above)
    guard let title = name ?? object["title"]?.text else { return table }
    return .tag("details", [:], .tag("summary", [:], HTML(text: "Members of \(title)")), table)
  }

  /// What a member says of itself, else what its schema says; of a value without words of its own the link says enough.
  private func text(_ schema: JSON) -> String? {
    if let own = schema["description"]?.text { return own }
    let kind = withoutNull(schema).first ?? schema
    let target = resolved(kind)
    let isPlain = Self.name(kind) != nil && target["properties"] == nil && Self.words(of: target).isEmpty
    return isPlain ? nil : target["description"]?.text
  }

  /// The words of an enumeration, where a member has few.
  private func words(_ schema: JSON) -> HTML? {
    let words = Self.words(of: resolved(schema))
    guard !words.isEmpty, words.count <= 12 else { return nil }
    return .tag("p", ["class": "words"], words.map { HTML([.tag("code", [:], HTML(text: $0)), " "]) })
  }
}

extension SchemaTables {
  /// The words of a list, whether it is closed or may come to hold more.
  static func words(of schema: JSON) -> [String] {
    let lists = [schema["enum"]] + (schema["anyOf"]?.items ?? []).map { $0["enum"] }
    return (lists.compactMap { $0?.items }.first ?? []).compactMap(\.text)
  }

  struct Kind {
    /// For people: "list of Line", "text".
    var words: [HTML]
    var schema: JSON
    /// The object that a table can be made of.
    var object: JSON?
  }

  /// The ways a member can be; that `null` counts as absent is said once for all.
  func withoutNull(_ schema: JSON) -> [JSON] {
    let ways = schema["anyOf"]?.items ?? schema["oneOf"]?.items ?? [schema]
    // Of an object, `anyOf` says which members belong together.
    guard schema["properties"] == nil else { return [schema] }
    return ways.filter { $0["type"] != .string("null") }
  }

  func kind(_ schema: JSON) -> Kind {
    let ways = withoutNull(schema)
    let kinds = ways.map(single)
    let words = kinds.enumerated().flatMap { ($0 > 0 ? [HTML(text: " or ")] : []) + $1.words }
    return Kind(words: words, schema: ways.count == 1 ? ways[0] : schema, object: kinds.compactMap(\.object).first)
  }

  private func single(_ schema: JSON) -> Kind {
    if let name = Self.name(schema) {
      let target = resolved(schema)
      // A list of words that may come to hold more has its place on the page as a closed one has.
      if target["anyOf"] != nil, target["properties"] == nil, target["type"] == nil { return kind(target) }
      let isObject = target["properties"] != nil
      let link = isObject ? HTML(text: name) : HTML.tag("a", ["href": "#schema-\(name)"], HTML(text: name))
      return Kind(words: [link], schema: schema, object: isObject ? schema : nil)
    }
    if let value = schema["const"] { return Kind(words: [.tag("code", [:], HTML(text: value.compact))], schema: schema) }
    if schema["properties"] != nil { return Kind(words: ["object"], schema: schema, object: schema) }
    if let item = schema["items"] {
      let inner = kind(item)
      return Kind(words: ["list of "] + inner.words, schema: schema, object: inner.object)
    }
    return Kind(words: [HTML(text: Self.plain(schema))], schema: schema)
  }

  private static func plain(_ schema: JSON) -> String {
    let type = schema["type"]?.text ?? schema["type"]?.items.first?.text
    return switch type {
    case "string": "text"
    case "integer": "whole number"
    case "boolean": "true or false"
    case nil: "anything"
    case let other?: other
    }
  }

  /// The bounds of a value in words: for the list of values.
  func bounds(_ schema: JSON) -> [HTML] {
    var lines: [HTML] = []
    if let pattern = schema["pattern"]?.text { lines.append(HTML(["Pattern ", .tag("code", [:], HTML(text: pattern))])) }
    if case .int(let least)? = schema["minLength"], case .int(let most)? = schema["maxLength"] {
      lines.append(HTML(text: "\(least) to \(most) characters"))
    }
    let examples = (schema["examples"]?.items ?? []).map { HTML.tag("code", [:], HTML(text: $0.text ?? $0.compact)) }
    if !examples.isEmpty {
      lines.append(HTML(["For example "] + examples.enumerated().flatMap { ($0 > 0 ? [HTML(text: ", ")] : []) + [$1] }))
    }
    return lines.map { .tag("p", ["class": "bounds"], $0) }
  }
}
