import Calculator
import Conditions
import Kernel
import Loyalty
import Tables

/// What a mapping says about a file of receipts, one record a line.
struct ReceiptColumns: Sendable {
  static let fields = [
    "receipt", "store", "soldAt", "member", "product", "quantity", "amount", "reductions", "tenders",
  ]

  /// What becomes of a line whose product the catalogue does not know.
  enum UnknownProduct: String, Sendable, CaseIterable { case make, refuse }
  /// What becomes of a receipt whose member is not known.
  enum UnknownMember: String, Sendable, CaseIterable { case anonymous, refuse }
  /// Facts as they were, or baskets that the rules price anew.
  enum Treatment: String, Sendable, CaseIterable { case history, priced }

  let receipt, store, soldAt, product, quantity, amount: BoundSource
  let member: BoundSource?
  /// What the till took off, by kind.
  let reductions: [(kind: String, source: BoundSource)]
  /// What was paid otherwise than with money at the till, line by line.
  let tenders: [(kind: TenderKind, source: BoundSource)]
  let treatment: Treatment
  let unknownProduct: UnknownProduct
  let unknownMember: UnknownMember
  /// What one count of the file is of a product's unit, in millionths: fuel counted in thousandths of a gallon is 1,000.
  let counts: [UnitOfMeasure: Int64]
  /// Lines that are not goods, by the code of a category.
  let kinds: [String: LineKind]
  /// Nil: the clocks of the store.
  let zone: Zone?

  init(_ mapping: ImportMapping, header: [String], zones: (String) throws(Problem) -> Zone) throws(Problem) {
    let map = FieldMap(mapping, header: header, known: Self.fields)
    let node = map.node
    node.expect("import", "as", "file", "zone", "fields", "unknownProduct", "unknownMember", "unitCounts", "lineKinds")
    let required = ["receipt", "store", "soldAt", "product", "quantity", "amount"].map { map.required($0) }
    member = map.optional("member")
    reductions = map.named("reductions", max: 10).map { ($0.name, $0.source) }
    tenders = Self.tenders(map)
    treatment = node["as"].word() ?? .history
    unknownProduct = node["unknownProduct"].word() ?? .refuse
    unknownMember = node["unknownMember"].word() ?? .refuse
    counts = Self.counts(node["unitCounts"])
    kinds = Self.kinds(node["lineKinds"])
    zone = mapping.zone == nil ? nil : map.zone(mapping, zones)
    try map.check()
    guard let receipt = required[0], let store = required[1], let soldAt = required[2], let product = required[3],
      let quantity = required[4], let amount = required[5]
    else { throw Problem(.invalid, "missing", "the mapping lacks a field that receipts need") }
    (self.receipt, self.store, self.soldAt, self.product, self.quantity, self.amount) = (
      receipt, store, soldAt, product, quantity, amount
    )
  }

  private static func tenders(_ map: FieldMap) -> [(kind: TenderKind, source: BoundSource)] {
    map.named("tenders", max: Limits.tenders).compactMap { name, source in
      if let kind = TenderKind(rawValue: name) { return (kind, source) }
      let known = TenderKind.allCases.map(\.rawValue).joined(separator: ", ")
      map.node["fields"]["tenders"][name].refuse("unknown_word", "there is no tender \"\(name)\"; known are \(known)")
      return nil
    }
  }

  private static func counts(_ node: JSONNode) -> [UnitOfMeasure: Int64] {
    var counts: [UnitOfMeasure: Int64] = [:]
    for (name, member) in node.members(max: UnitOfMeasure.allCases.count) {
      guard let unit = UnitOfMeasure(rawValue: name) else {
        member.refuse("unknown_word", "there is no unit of measure \"\(name)\"")
        continue
      }
      counts[unit] = member.decimal(digits: 6, min: 1)
    }
    return counts
  }

  private static func kinds(_ node: JSONNode) -> [String: LineKind] {
    var kinds: [String: LineKind] = [:]
    for (category, member) in node.members(max: Limits.listValues) { kinds[category] = member.word() }
    return kinds
  }
}
