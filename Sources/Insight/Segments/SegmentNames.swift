import Access
import Customers
import Kernel
import Loyalty
import Storage

/// What the things that conditions of segments name are called, in both languages, and the codes behind their names.
///
/// Everything but products is in memory; those are looked up by name, a few for each question.
public struct SegmentNames: Sendable {
  public enum Kind: Int, Sendable, CaseIterable {
    case category, brand, manufacturer, product, store, city, tier, segment
    /// A field of members, and a value of its dictionary: `field=value`.
    case field, value
    case promotion
    /// Coupons with a code for each.
    case couponSeries
    /// What tiers bring.
    case privilege
  }

  public struct Name: Hashable, Sendable {
    public let kind: Kind
    public let code: String
    /// As people read it.
    public let text: LocalText

    public init(_ kind: Kind, _ code: String, _ text: LocalText) { (self.kind, self.code, self.text) = (kind, code, text) }
  }

  public let all: [Name]
  /// That phrases may name.
  public let fields: [MemberFieldDetails]
  private let byText: [String: [Int]]
  private let catalogue: CatalogueIndex?
  private let account: AccountID

  /// - Parameter catalogue: where products are looked up; nil: among the names themselves.
  public init(
    _ all: [Name], fields: [MemberFieldDetails] = [], catalogue: CatalogueIndex? = nil, account: AccountID = AccountID(0)
  ) {
    self.all = all + fields.map { Name(.field, $0.code, $0.name) }
    self.fields = fields
    self.catalogue = catalogue
    self.account = account
    var places: [String: [Int]] = [:]
    for (place, name) in self.all.enumerated() {
      for text in Set([name.code, folded(name.text.ru), folded(name.text.en)]) { places[text, default: []].append(place) }
    }
    byText = places
  }

  /// Seven statements.
  /// - Parameter fields: that phrases may name: those that the asker sees.
  public init(
    of programme: Programme, catalogue: CatalogueIndex, stores: [Store], fields: [MemberFieldDetails] = [],
    in tx: inout Transaction
  ) throws {
    let goods = Catalogue(of: programme.account)
    var names = catalogue.tree.nodes.values.map { Name(.category, $0.details.code, $0.details.name.text) }
    names += try goods.everyProductBrand(in: &tx).map { known in
      Name(.brand, known.details.code, LocalText(ru: known.details.name, en: known.details.name))
    }
    names += try goods.everyManufacturer(in: &tx).map { known in
      Name(.manufacturer, known.details.code, LocalText(ru: known.details.name, en: known.details.name))
    }
    names += stores.map { Name(.store, $0.details.code, LocalText(ru: $0.details.name, en: $0.details.name)) }
    for city in Set(stores.compactMap(\.details.address.city)) { names.append(Name(.city, city, LocalText(ru: city, en: city))) }
    let tiers = try programme.tiers.all(in: &tx).values
    names += tiers.map { Name(.tier, $0.details.code, $0.details.name) }
    // Several tiers bring one: what it is called stands with any of them.
    let privileges = tiers.sorted { $0.details.rank < $1.details.rank }.flatMap(\.details.privileges)
    names += Dictionary(privileges.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first }).map {
      Name(.privilege, $0, $1)
    }
    let series = try everyPage(\.id) { try Coupons(of: programme).all(before: $0, limit: Limits.page, in: &tx) }
    names += series.filter { $0.details.kind == .unique }.map { Name(.couponSeries, $0.details.code, $0.details.name) }
    var last: SegmentID?
    while true {
      let page = try Segments(of: programme.account).all(after: last, limit: Limits.page, archivedToo: false, in: &tx)
      names += page.map { Name(.segment, $0.details.code, $0.details.name) }
      guard page.count == Limits.page, let end = page.last else { break }
      last = end.id
    }
    let promotions = try everyPage(\.id) { try Promotions(of: programme).all(after: $0, limit: Limits.page, in: &tx) }
    names += promotions.filter { $0.status != .archived }.map { Name(.promotion, $0.code, SegmentUses.name($0)) }
    self.init(
      names.sorted { ($0.kind.rawValue, $0.code) < ($1.kind.rawValue, $1.code) }, fields: fields, catalogue: catalogue,
      account: programme.account)
  }

  /// Values of the dictionaries of these fields, archived ones as well: members have them still.
  func values(of codes: Set<String>, in tx: inout Transaction) throws -> [Name] {
    let catalogue = try FieldBook(of: account).catalogue(.fields(codes), in: &tx)
    return fields.filter { codes.contains($0.code) }.flatMap { field in
      catalogue.values(of: field).map { Name(.value, "\(field.code)=\($0.code)", $0.name) }
    }
  }

  /// What a text typed by somebody names: a code, or a name whatever its case. Several where several are called so; of products also those
  /// whose name holds every word, where none is called just so.
  public func find(_ text: String, _ kind: Kind, in tx: inout Transaction) throws -> [Name] {
    let known = (byText[text] ?? byText[folded(text)] ?? []).map { all[$0] }.filter { $0.kind == kind }
    if let exact = known.first(where: { $0.code == text }) { return [exact] }
    guard kind == .product, known.isEmpty else { return known }
    return try products(text, limit: 4, in: &tx)
  }

  /// Products whose names or codes hold every word. Two statements.
  public func products(_ text: String, limit: Int, in tx: inout Transaction) throws -> [Name] {
    guard let catalogue else { return [] }
    if catalogue.facts(code: text) != nil { return try named([text], in: &tx) }
    if let facts = Barcode(text).flatMap({ catalogue.facts($0) }), let code = catalogue.code(facts.id) {
      return try named([code], in: &tx)
    }
    let found = try named(catalogue.search(text, archivedToo: false, limit: limit).codes, in: &tx)
    let wanted = folded(text)
    let exact = found.filter { folded($0.text.ru) == wanted || folded($0.text.en) == wanted }
    return exact.isEmpty ? found : exact
  }

  private func named(_ codes: [String], in tx: inout Transaction) throws -> [Name] {
    let known = try Catalogue(of: account).products(codes: codes, in: &tx)
    return codes.compactMap { code in known[code].map { Name(.product, code, $0.details.name.text) } }
  }
}
