import Access
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// What names a field of members: promotions that are not archived, segments, and reports that are kept.
public struct FieldUses: Sendable {
  public struct Use: Hashable, Sendable {
    public let code: String
    public let name: LocalText
    /// Where it is looked at.
    public let path: String
  }

  public private(set) var all: [Use] = []

  /// Reads every promotion, segment and report of the programmes: for one field, not for a list of them.
  public init(of field: String, in programmes: [Programme], _ tx: inout Transaction) throws {
    for programme in programmes {
      for promotion in try everyPage(\.id, { try Promotions(of: programme).all(after: $0, limit: Limits.page, in: &tx) })
      where promotion.status != .archived && Self.names(field, promotion.body) {
        let name = SegmentUses.name(promotion)
        all.append(Use(code: promotion.code, name: name, path: "/console/promotions/\(promotion.id)"))
      }
      for rule in try Segments(of: programme.account).rules(of: programme.id, in: &tx) where Self.names(field, rule.condition) {
        all.append(Use(code: rule.code, name: rule.name, path: "/console/segments/\(rule.segment)"))
      }
      for report in try SavedReports(of: programme).naming(field, in: &tx) {
        let name = report.details.name
        all.append(Use(code: "\(report.id)", name: LocalText(ru: name, en: name), path: "/console/analysis/saved/\(report.id)"))
      }
    }
  }

  /// Whether rules or a condition ask of the field, however deep.
  static func names(_ field: String, _ json: JSON) -> Bool {
    switch json {
    case .array(let items): items.contains { names(field, $0) }
    case .object(let members):
      members.contains { member in
        if member.key == "memberAttribute", member.value["name"] == .string(field) { return true }
        return names(field, member.value)
      }
    default: false
    }
  }

  /// - Throws: `Problem.conflict` (`member_field_used`), which says by what.
  public func refuseAny() throws(Problem) {
    guard !all.isEmpty else { return }
    let (shown, rest) = (all.prefix(5), max(0, all.count - 5))
    let (ru, en) = (
      shown.map { "«\($0.name.ru)»" }.joined(separator: ", "), shown.map { "“\($0.name.en)”" }.joined(separator: ", ")
    )
    throw Problem(
      .conflict, "member_field_used", "the field is named by \(shown.map(\.code).joined(separator: ", ")); change those first",
      cashier: LocalText(
        ru: "Поле используют: \(ru)\(rest > 0 ? " и ещё \(rest)" : ""). Сначала измените или уберите их",
        en: "The field is used by \(en)\(rest > 0 ? " and \(rest) more" : ""). Change those first"))
  }
}
