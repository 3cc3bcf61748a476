import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// The lists of a promotion's form, read: codes found, names put beside them. What is not found is told at its list.
struct PromotionLists {
  /// Names of products that one form may ask the database for; more come as codes.
  private static let searches = 10

  /// With each list as people read it, and the fields for one more thing emptied.
  private(set) var form: Form
  private(set) var codes: [ListField: [String]] = [:]
  private(set) var faults: [String: String] = [:]
  /// What a name that somebody wants to add fits.
  private(set) var candidates: [ListField: [(code: String, name: String)]] = [:]

  private let bench: RuleBench
  private let segments: [Known<SegmentDetails>]
  private let reader: Reader
  private var left = Self.searches

  init(_ form: Form, _ bench: RuleBench, _ segments: [Known<SegmentDetails>], _ reader: Reader, in tx: inout Transaction) throws {
    self.form = form
    self.bench = bench
    self.segments = segments
    self.reader = reader
    for field in ListField.allCases { try read(field, in: &tx) }
    let products = ListField.allCases.filter { $0.kind == .product }.flatMap { codes[$0] ?? [] }
    let named = try Self.names(ofProducts: products, bench, reader, in: &tx)
    for field in ListField.allCases {
      let lines = (codes[field] ?? []).map { code in
        BracketedCode.text(field.kind == .product ? named[code] ?? code : name(field.kind, code), code)
      }
      self.form.set(field.rawValue, (lines + unfound(field)).joined(separator: "\n"))
      if candidates[field] == nil { self.form.set("add-" + field.rawValue, "") }
    }
  }

  /// What the products are called, by code; at most `Limits.bulk` of them.
  static func names(
    ofProducts codes: [String], _ bench: RuleBench, _ reader: Reader, in tx: inout Transaction
  ) throws -> [String: String] {
    try Catalogue(of: bench.programme.account).products(codes: Array(Set(codes)), in: &tx).mapValues {
      reader($0.details.name.text)
    }
  }

  /// Lines that were not understood stay as they were typed.
  private var missing: [ListField: [String]] = [:]
  private func unfound(_ field: ListField) -> [String] { missing[field] ?? [] }

  private mutating func read(_ field: ListField, in tx: inout Transaction) throws {
    let typed = form[field.rawValue].split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty }
    guard typed.count <= ListField.longest else {
      faults[field.rawValue] = reader(
        "Не больше \(ListField.longest) строк: длинные списки загружают файлом",
        "At most \(ListField.longest) lines: longer lists come by file")
      missing[field] = typed
      return
    }
    var found: [String] = []
    for line in typed {
      let codes = try self.codes(of: line, field.kind, in: &tx)
      if codes.count == 1, !found.contains(codes[0].code) {
        found.append(codes[0].code)
      } else if codes.count != 1 {
        missing[field, default: []].append(line)
        faults[field.rawValue] = codes.isEmpty ? reader("Не нашлось: \(line)", "Not found: \(line)") : several(line, codes)
      }
    }
    try add(field, to: &found, in: &tx)
    codes[field] = found
  }

  private func several(_ line: String, _ found: [(code: String, name: String)]) -> String {
    let some = found.prefix(3).map { BracketedCode.text($0.name, $0.code) }.joined(separator: "; ")
    return reader("«\(line)» подходит нескольким: \(some)", "“\(line)” fits several: \(some)")
  }

  /// What stands in the field for one more.
  private mutating func add(_ field: ListField, to found: inout [String], in tx: inout Transaction) throws {
    let name = "add-" + field.rawValue
    let wanted = form[name]
    guard !wanted.isEmpty else { return }
    let codes = try self.codes(of: wanted, field.kind, in: &tx)
    switch codes.count {
    case 0:
      faults[name] = reader("Не нашлось: \(wanted)", "Not found: \(wanted)")
    case 1: if !found.contains(codes[0].code) { found.append(codes[0].code) }
    default:
      faults[name] = reader("Подходят несколько: выберите", "Several fit: choose one")
      candidates[field] = codes
    }
  }

  /// By code, by the code in brackets, by barcode, by name.
  private mutating func codes(
    of line: String, _ kind: NameKind, in tx: inout Transaction
  ) throws -> [(code: String, name: String)] {
    for code in [line, BracketedCode(line).code].compactMap({ $0 }) where bench.names.id(kind, code) != nil {
      return [(code, code)]
    }
    let wanted = line.lowercased()
    switch kind {
    case .category:
      return bench.catalogue.tree.nodes.values.filter { Self.isCalled($0.details.name, wanted) }
        .map { ($0.details.code, reader($0.details.name.text)) }.sorted { $0.1 < $1.1 }
    case .store:
      return bench.stores.filter { $0.details.name.lowercased() == wanted }.map { ($0.details.code, $0.details.name) }
    case .segment:
      return segments.filter { $0.details.name.ru.lowercased() == wanted || $0.details.name.en.lowercased() == wanted }
        .map { ($0.details.code, reader($0.details.name)) }
    case .product: return try products(line, in: &tx)
    default: return []
    }
  }

  private mutating func products(_ line: String, in tx: inout Transaction) throws -> [(code: String, name: String)] {
    if let facts = Barcode(line).flatMap({ bench.catalogue.facts($0) }), let code = bench.catalogue.code(facts.id) {
      return [(code, code)]
    }
    guard left > 0 else { return [] }
    left -= 1
    let codes = bench.catalogue.search(line, archivedToo: false, limit: TrialBasket.offered).codes
    let known = try Catalogue(of: bench.programme.account).products(codes: codes, in: &tx)
    let found = codes.compactMap { known[$0] }
    let exact = found.filter { Self.isCalled($0.details.name, line.lowercased()) }
    return (exact.count == 1 ? exact : found).map { ($0.details.code, reader($0.details.name.text)) }
  }

  private static func isCalled(_ name: CatalogueName, _ wanted: String) -> Bool {
    name.ru?.lowercased() == wanted || name.en?.lowercased() == wanted
  }

  private func name(_ kind: NameKind, _ code: String) -> String {
    switch kind {
    case .category: bench.catalogue.tree.nodes[code].map { reader($0.details.name.text) } ?? code
    case .store: bench.stores.first { $0.details.code == code }?.details.name ?? code
    case .segment: segments.first { $0.details.code == code }.map { reader($0.details.name) } ?? code
    default: code
    }
  }
}
