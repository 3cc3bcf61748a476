import Conditions
import Kernel
import Storage

/// Codes and ids of one kind, both ways.
struct CodeBook<Of: Identified>: Sendable {
  private var ids: [String: ID<Of>] = [:]
  private var codes: [ID<Of>: String] = [:]

  init() {}

  /// Rows that begin with an id and its code.
  init(_ rows: [Row]) { self.init(rows.map { ($0.text(1), $0.id(0)) }) }

  init(_ pairs: some Sequence<(String, ID<Of>)>) {
    for (code, id) in pairs {
      ids[code] = id
      codes[id] = code
    }
  }

  func id(_ code: String) -> ID<Of>? { ids[code] }
  func code(_ id: ID<Of>) -> String? { codes[id] }
}

/// The `key=value` pairs of products. Their ids follow from their texts, so they need no table and never change.
struct AttributeBook: Sendable {
  private var codes: [AttributeID: String] = [:]
  /// By the stored text: products with equal attributes share one list.
  private var lists: [String: [AttributeID]] = [:]

  func code(_ id: AttributeID) -> String? { codes[id] }

  mutating func ids(_ stored: String) throws -> [AttributeID] {
    if stored == "{}" { return [] }
    if let known = lists[stored] { return known }
    let list = try ProductSQL.attributes(stored).values.map { name, value in
      let code = name + "=" + Self.text(value)
      let id = Self.id(code)
      codes[id] = code
      return id
    }
    lists[stored] = list.sorted()
    return list.sorted()
  }

  static func id(_ code: String) -> AttributeID {
    var hash = StableHash()
    hash.mix(code)
    return AttributeID(Int64(hash.value >> 1))
  }

  private static func text(_ value: AttributeValue) -> String {
    switch value {
    case .text(let text): text
    case .number(let number): String(number)
    case .flag(let flag): flag ? "true" : "false"
    case .day(let day): day.description
    case .list(let codes): codes.joined(separator: ",")
    }
  }
}
