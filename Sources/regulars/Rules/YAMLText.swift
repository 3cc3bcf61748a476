import Kernel
import Yams

/// Documents as YAML: the same values as in JSON, for files that people keep.
///
/// Reading knows the few words that stand for something else than text: whole numbers, `true`, `false` and `null`, all written plainly.
/// Everything else is text, so that a date stays a date's text and `no` does not become false. Amounts are text, as in JSON, and are
/// written in quotes.
enum YAMLText {
  /// Values of one document, aliases spelt out.
  static let most = 2_000_000

  /// - Throws: `Problem.invalid` (`not_yaml`) with line and column.
  static func read(_ text: String) throws(Problem) -> JSON {
    var budget = most
    return try json(document(text), &budget)
  }

  static func document(_ text: String) throws(Problem) -> Node {
    do {
      guard let node = try compose(yaml: text, .basic) else { throw refusal("there is nothing in it", nil) }
      return node
    } catch let problem as Problem { throw problem } catch let error as YamlError {
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
        throw refusal(problem, mark)
      case .duplicatedKeysInMapping(let keys, _):
        throw refusal("it has the same key twice: \(keys.sorted().joined(separator: ", "))", nil)
      default: throw refusal("\(error)", nil)
      }
    } catch { throw refusal("\(error)", nil) }
  }

  private static func refusal(_ text: String, _ mark: Mark?) -> Problem {
    Problem(.invalid, "not_yaml", (mark.map { "line \($0.line), column \($0.column): " } ?? "") + text)
  }

  private static func json(_ node: Node, _ budget: inout Int) throws(Problem) -> JSON {
    budget -= 1
    if budget < 0 { throw refusal("it has more than \(most) values", node.mark) }
    switch node {
    case .scalar(let scalar): return value(scalar)
    case .sequence(let nodes):
      var items: [JSON] = []
      for item in nodes { items.append(try json(item, &budget)) }
      return .array(items)
    case .mapping(let pairs):
      var members: [JSON.Member] = []
      for pair in pairs {
        guard let key = pair.key.string else { throw refusal("a key is a text", pair.key.mark) }
        members.append(JSON.Member(key, try json(pair.value, &budget)))
      }
      return .object(members)
    case .alias: throw refusal("an alias stands for nothing here", node.mark)
    }
  }

  private static func value(_ scalar: Node.Scalar) -> JSON {
    guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
    switch scalar.string {
    case "true": return true
    case "false": return false
    case "", "null", "~": return .null
    default: break
    }
    if let number = Int64(scalar.string), String(number) == scalar.string { return .int(number) }
    return .string(scalar.string)
  }

  /// One form for one value: members in the order of the JSON, two spaces of indent, texts in quotes wherever some reader of YAML could
  /// take them for something else.
  static func write(_ json: JSON) throws -> String {
    try serialize(node: node(json), indent: 2, width: -1, allowUnicode: true, mappingStyle: .block)
  }

  private static func node(_ json: JSON) -> Node {
    switch json {
    case .null: Node("null", .implicit, .plain)
    case .bool(let value): Node(value ? "true" : "false", .implicit, .plain)
    case .int(let number): Node(String(number), .implicit, .plain)
    case .number(let text): Node(text, .implicit, .doubleQuoted)
    case .string(let text): Node(text, Tag(.str), isPlain(text) ? .plain : .doubleQuoted)
    case .array(let items):
      Node(items.map(node), .implicit, items.allSatisfy(\.isScalar) ? .flow : .block)
    case .object(let members):
      Node(members.map { (Node($0.key, .implicit, isPlain($0.key) ? .plain : .doubleQuoted), node($0.value)) }, .implicit, .block)
    }
  }

  private static let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic, !words.contains(text.lowercased()) else {
      return false
    }
    return text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_./".unicodeScalars.contains($0)
    }
  }
}

extension JSON {
  fileprivate var isScalar: Bool {
    switch self {
    case .array, .object: false
    case .null, .bool, .int, .number, .string: true
    }
  }
}
