import Kernel

/// Where a field comes from, as a mapping file says it: `"column"` alone, or an object.
///
///     "store_id"
///     { "column": "shop", "prefix": "S-", "default": "1", "words": { "Да": "true" }, "format": "dd.MM.yyyy HH:mm", "split": "|" }
///     { "constant": "main" }
///     { "sum": ["sales_value", "retail_disc"] }
///     { "path": ["department", "category", "type"] }
public struct FieldSource: Hashable, Sendable {
  public enum Origin: Hashable, Sendable {
    case column(String)
    case constant(String)
    /// Amounts that are added; a name after a minus is taken away.
    case sum([Term])
    /// Levels of a tree, from the top; a level that is empty ends the path.
    case path([String])
  }

  public struct Term: Hashable, Sendable {
    public let column: String
    public let isNegative: Bool
  }

  public let origin: Origin
  /// Put before a text that is not empty, so that codes of several systems do not meet.
  public let prefix: String
  /// What an empty field means.
  public let standard: String?
  /// What the file's words mean; a word that is not listed stands for itself, or for what `*` says.
  public let words: [String: String]
  public let format: TimePattern?
  /// What separates several values in one field.
  public let split: String?
  /// Where in the mapping it stands, for refusals.
  public let pointer: String

  /// Nil where the node is absent or wrong; what is wrong is noted.
  public init?(_ node: JSONNode) {
    guard node.isPresent else { return nil }
    pointer = node.pointer
    if case .string? = node.json {
      guard let column = node.text() else { return nil }
      origin = .column(column)
      (prefix, standard, words, format, split) = ("", nil, [:], nil, nil)
      return
    }
    node.expect("column", "constant", "sum", "path", "prefix", "default", "words", "format", "split")
    guard let origin = Self.origin(node) else { return nil }
    self.origin = origin
    prefix = node["prefix"].text(max: 40) ?? ""
    standard = node["default"].text(orEmpty: true)
    var words: [String: String] = [:]
    for (word, meaning) in node["words"].members(max: 1_000) { words[word] = meaning.text(orEmpty: true) }
    self.words = words
    format = node["format"].text().flatMap { text in
      if let pattern = TimePattern(text) { return pattern }
      node["format"].refuse("not_a_format", "a format is made of yyyy, yy, MM, dd, HH, mm, ss, Z and what stands between them")
      return nil
    }
    split = node["split"].text(max: 3)
  }

  private static func origin(_ node: JSONNode) -> Origin? {
    let given = ["column", "constant", "sum", "path"].filter { node[$0].isPresent }
    guard given.count == 1 else {
      node.refuse("no_source", "exactly one of \"column\", \"constant\", \"sum\" and \"path\" says where this field comes from")
      return nil
    }
    switch given[0] {
    case "column": return node["column"].text().map { .column($0) }
    case "constant": return node["constant"].text(max: Limits.text, orEmpty: true).map { .constant($0) }
    case "sum":
      return .sum(
        node["sum"].items(max: 20).compactMap { $0.text() }.map { name in
          name.hasPrefix("-") ? Term(column: String(name.dropFirst()), isNegative: true) : Term(column: name, isNegative: false)
        })
    default: return .path(node["path"].items(max: Limits.categoryDepth).compactMap { $0.text() })
    }
  }
}

/// How numbers and letters of a file are written, as a mapping's `file` member says.
public struct TableShape: Hashable, Sendable {
  public var encoding = TextEncoding.utf8
  /// Nil: found in the first line.
  public var separator: Separator?
  public var decimalPoint: UInt8 = 0x2e
  /// What sets thousands apart; a space also means a non-breaking one.
  public var grouping: UInt8?

  /// Days stand in it as a workbook's cells give them, whatever a mapping says of its own.
  public var isWorkbook = false

  public init() {}

  /// How `Workbook` writes its tables.
  public static var workbook: TableShape {
    var shape = TableShape()
    (shape.separator, shape.grouping, shape.isWorkbook) = (.comma, 0x20, true)
    return shape
  }

  public init(_ node: JSONNode) {
    node.expect("encoding", "separator", "decimalPoint", "grouping")
    encoding = node["encoding"].word() ?? .utf8
    separator = node["separator"].word()
    if let point = node["decimalPoint"].text(max: 1) {
      if point == "." || point == "," {
        decimalPoint = point == "," ? 0x2c : 0x2e
      } else {
        node["decimalPoint"].refuse("unknown_word", "a point or a comma is expected here")
      }
    }
    if let text = node["grouping"].text(max: 1), let byte = text.utf8.first {
      grouping = byte
      if text.utf8.count > 1 || (48...57).contains(byte) || byte == decimalPoint || byte == 0x2d {
        node["grouping"].refuse("unknown_word", "a space, an apostrophe, or whichever of comma and point is not the decimal one")
      }
    }
  }
}
