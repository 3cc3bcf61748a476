import Access
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// What names a segment: promotions that are not archived, whether tills have them or not, other segments, reports and funnels that are kept,
/// the definitions of reports, and actions on it that go on.
public struct SegmentUses: Sendable {
  public struct Use: Hashable, Sendable {
    public let code: String
    public let name: LocalText
  }

  public private(set) var promotions: [(id: PromotionID, use: Use)] = []
  public private(set) var segments: [(id: SegmentID, use: Use)] = []

  /// Everything else, each with where it is looked at.
  public private(set) var others: [FieldUses.Use] = []

  public var isEmpty: Bool { promotions.isEmpty && segments.isEmpty && others.isEmpty }
  public var count: Int { promotions.count + segments.count + others.count }

  /// Reads every promotion, report, funnel and action of the programmes: for one segment, not for a list of them.
  public init(of segment: Known<SegmentDetails>, in programmes: [Programme], at now: Instant, _ tx: inout Transaction) throws {
    for programme in programmes {
      var last: PromotionID?
      while true {
        let page = try Promotions(of: programme).all(after: last, limit: Limits.page, in: &tx)
        for promotion in page where promotion.status != .archived && Self.names(segment.details.code, promotion.body) {
          promotions.append((promotion.id, Use(code: promotion.code, name: Self.name(promotion))))
        }
        guard page.count == Limits.page, let end = page.last else { break }
        last = end.id
      }
      for rule in try Segments(of: programme.account).rules(of: programme.id, in: &tx)
      where rule.segment != segment.id && Self.names(segment.details.code, rule.condition) {
        segments.append((rule.segment, Use(code: rule.code, name: rule.name)))
      }
      try addKept(segment, programme, &tx)
    }
    guard let programme = programmes.first else { return }
    try addDefinitions(segment.details.code, programme, programme.settings.points.zone.civil(at: now).day, &tx)
  }

  private mutating func addKept(_ segment: Known<SegmentDetails>, _ programme: Programme, _ tx: inout Transaction) throws {
    let code = segment.details.code
    for report in try SavedReports(of: programme).filtering(bySegment: code, in: &tx) {
      others.append(.init(.report, "\(report.id)", .sign(report.details.name), path: "/console/analysis/saved/\(report.id)"))
    }
    for board in try Dashboards(of: programme).filtering({ $0.dimension == .segment && $0.labels.contains(code) }, in: &tx) {
      others.append(.init(board))
    }
    for funnel in try Funnels(of: programme).all(in: &tx) where funnel.archivedAt == nil && funnel.body["segment"] == .string(code)
    {
      others.append(.init(.funnel, "\(funnel.id)", .sign(funnel.name), path: "/console/analysis/funnels/\(funnel.id)"))
    }
    for action in try BulkActions.open(of: programme, in: &tx) where action.segment == segment.id || Self.fills(code, action.deed) {
      others.append(.init(.action, "\(action.id)", .sign(action.name), path: "/console/bulk/\(action.id)"))
    }
  }

  /// The version in force and those to come. Versions are never edited: what only an old one names could never be archived otherwise.
  private mutating func addDefinitions(
    _ code: String, _ programme: Programme, _ today: CivilDay, _ tx: inout Transaction
  ) throws {
    let all = try DefinitionBook(of: programme).all(in: &tx)
    let inForce = all.firstIndex { $0.startsOn <= today } ?? all.count - 1
    for version in all.prefix(inForce + 1) where version.definitions.segmentsLeftOut.contains(code) {
      let name = LocalText(ru: "Определения, версия \(version.version)", en: "Definitions, version \(version.version)")
      others.append(.init(.definitions, "\(version.version)", name, path: "/console/analysis/definitions"))
    }
  }

  /// Puts members into the list of this code, or takes them out.
  private static func fills(_ code: String, _ deed: BulkDeed) -> Bool {
    if case .list(let known, _) = deed { known == code } else { false }
  }

  /// Whether rules or a condition name the segment: both list codes under the same word, however deep.
  static func names(_ code: String, _ json: JSON) -> Bool {
    switch json {
    case .array(let items): items.contains { names(code, $0) }
    case .object(let members):
      members.contains { member in
        if member.key == "segments", case .array(let codes) = member.value, codes.contains(.string(code)) { return true }
        return names(code, member.value)
      }
    default: false
    }
  }

  static func name(_ promotion: StoredPromotion) -> LocalText {
    func word(_ json: JSON?) -> String? { if case .string(let text)? = json { text } else { nil } }
    let name = promotion.body["name"]
    let (ru, en) = (word(name) ?? word(name?["ru"]), word(name) ?? word(name?["en"]))
    return LocalText(ru: ru ?? en ?? promotion.code, en: en ?? ru ?? promotion.code)
  }
}

extension Segments {
  /// Archives a segment that nothing names.
  /// - Throws: `Problem.notFound` (`segment_unknown`); `Problem.conflict` (`segment_used`), which says by what.
  public func archiveUnused(_ id: SegmentID, in programmes: [Programme], by change: Change, in tx: inout Transaction) throws {
    // Whoever saves a promotion or a segment takes the same lock first.
    try archive(id, by: change, in: &tx)
    let uses = try SegmentUses(of: summary(id, in: &tx).segment, in: programmes, at: change.at, &tx)
    guard !uses.isEmpty else { return }
    let others = uses.others.map { SegmentUses.Use(code: "\($0.kind.rawValue) \($0.code)", name: $0.name) }
    let all = (uses.promotions.map(\.use) + uses.segments.map(\.use) + others).prefix(5)
    let (ru, en) = (all.map { "«\($0.name.ru)»" }.joined(separator: ", "), all.map { "“\($0.name.en)”" }.joined(separator: ", "))
    let rest = uses.count - all.count
    throw Problem(
      .conflict, "segment_used", "the segment is named by \(all.map(\.code).joined(separator: ", ")); change those first",
      cashier: LocalText(
        ru: "Сегмент используют: \(ru)\(rest > 0 ? " и ещё \(rest)" : ""). Сначала измените или уберите их в архив",
        en: "The segment is used by \(en)\(rest > 0 ? " and \(rest) more" : ""). Change or archive those first"))
  }
}
