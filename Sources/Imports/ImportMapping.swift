import Kernel
import Tables

/// What a file brings.
public enum ImportKind: String, Sendable, CaseIterable {
  case catalogue, stores, members, receipts, certificates
  /// What visitors and members did on sites and in apps.
  case events
  /// A marketer's sheet of prices, which becomes a promotion and needs no mapping (`PromotionSheet`).
  case prices
}

/// A mapping file: what the columns of a table mean. The format is told in `docs/administrator/import.md`.
public struct ImportMapping: Sendable {
  public let kind: ImportKind
  public private(set) var shape: TableShape
  /// The IANA name of the zone whose clocks the file shows, where its times carry no offset.
  public let zone: String?
  let document: JSON
  /// Receipts that are kept as they were sold, which tell no events.
  public var isOfThePast: Bool { kind == .receipts && document["as"] != .string("priced") }

  /// - Throws: `Problem.invalid` with every issue at its place. What only the file can tell – whether it has the columns – is checked
  ///   when it is opened.
  public init(_ bytes: [UInt8]) throws(Problem) {
    guard bytes.count <= Limits.mappingFile else {
      throw Problem(.invalid, "too_long", "a mapping has at most \(Limits.mappingFile) bytes")
    }
    let json: JSON
    do { json = try JSON.parse(bytes) } catch {
      throw Problem(
        .invalid, "invalid_input", "the mapping is no JSON: line \(error.line), column \(error.column): \(error.message)")
    }
    let node = JSONNode(json)
    let kind: ImportKind? = node["import"].required() ? node["import"].word() : nil
    shape = TableShape(node["file"])
    zone = node["zone"].text()
    if kind == .prices { node["import"].refuse("needs_no_mapping", "a sheet of prices is taken in by `regulars rules sheet`") }
    try node.issues.check("the mapping")
    guard let kind else { throw Problem(.invalid, "missing", "the mapping does not say what it imports") }
    self.kind = kind
    document = json
  }

  /// For a workbook: how its cells are written is known, whatever the mapping says of files of text.
  var ofWorkbook: ImportMapping {
    var mapping = self
    mapping.shape = .workbook
    return mapping
  }
}

/// The `fields` of a mapping, bound to the columns of a file. Every issue – unknown fields, missing ones, columns the file does not
/// have – is noted, and `check` refuses them together.
struct FieldMap {
  let node: JSONNode
  private let columns: Columns
  let sources: JSONNode

  /// - Parameter known: the fields of this kind; others are refused, for a misspelt field would be one that does nothing.
  init(_ mapping: ImportMapping, header: [String], known: [String]) {
    node = JSONNode(mapping.document)
    sources = node["fields"]
    columns = Columns(header, shape: mapping.shape, issues: node.issues)
    for (name, field) in sources.members(max: 200) where !known.contains(name) {
      field.refuse("unknown_member", "there is no field \"\(name)\"; known are \(known.joined(separator: ", "))")
    }
  }

  func optional(_ name: String) -> BoundSource? { columns.bind(FieldSource(sources[name])) }

  /// Nil, and noted, where it is missing.
  func required(_ name: String) -> BoundSource? { sources[name].required() ? optional(name) : nil }

  func bind(_ node: JSONNode) -> BoundSource? { columns.bind(FieldSource(node)) }

  /// Named sources below one field: `"attributes": {"size": "package_size"}`.
  func named(_ name: String, max: Int) -> [(name: String, source: BoundSource)] {
    sources[name].members(max: max).compactMap { name, node in bind(node).map { (name, $0) } }
  }

  func check() throws(Problem) { try node.issues.check("the mapping") }
}
