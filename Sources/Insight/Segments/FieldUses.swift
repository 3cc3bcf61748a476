import Access
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// What is looked for: a field of members, or values of the dictionary that some fields choose from.
public struct FieldNaming: Sendable {
  let fields: Set<String>
  /// Nil: whatever is asked of the field.
  let values: Set<String>?

  public init(field: String) { (fields, values) = ([field], nil) }

  /// - Parameter fields: that choose from the dictionary, archived ones as well.
  public init(values: Set<String>, of fields: Set<String>) { (self.fields, self.values) = (fields, values) }

  /// Whether rules or a condition ask of it, however deep.
  func isNamed(in json: JSON) -> Bool {
    switch json {
    case .array(let items): items.contains { isNamed(in: $0) }
    case .object(let members):
      members.contains { member in
        if member.key == "memberAttribute", case .string(let name)? = member.value["name"], fields.contains(name) {
          return takes(member.value["is"]) || takes(member.value["isNot"]) || values == nil
        }
        return isNamed(in: member.value)
      }
    case .null, .bool, .int, .number, .string: false
    }
  }

  private func takes(_ list: JSON?) -> Bool {
    guard case .array(let items)? = list, let values else { return false }
    return items.contains { item in if case .string(let code) = item { values.contains(code) } else { false } }
  }

  func isNamed(in pivot: Pivot) -> Bool {
    func cuts(_ dimension: Dimension) -> Bool { dimension.attribute.map(fields.contains) ?? false }
    guard let values else { return pivot.dimensions.contains(where: cuts) || pivot.filters.contains { cuts($0.dimension) } }
    return pivot.filters.contains { cuts($0.dimension) && !values.isDisjoint(with: $0.labels) }
  }

  func isNamed(in filter: Pivot.Filter) -> Bool {
    guard let field = filter.dimension.attribute, fields.contains(field) else { return false }
    return values.map { !$0.isDisjoint(with: filter.labels) } ?? true
  }

  func isNamed(in deed: BulkDeed) -> Bool {
    guard case .attribute(let code, let value) = deed, fields.contains(code) else { return false }
    guard let values else { return true }
    switch value {
    case .text(let text)?: return values.contains(text)
    case .list(let codes)?: return !values.isDisjoint(with: codes)
    case .number?, .flag?, .day?, nil: return false
    }
  }

  /// Whether a file's columns are to fill the field, or a constant of its mapping the value.
  public func isNamed(inMapping mapping: JSON) -> Bool {
    guard case .object(let own)? = mapping["fields"]?["attributes"] else { return false }
    return own.contains { member in
      guard fields.contains(member.key) else { return false }
      guard let values else { return true }
      if case .string(let text)? = member.value["constant"] { return values.contains(text) }
      return false
    }
  }
}

/// What names a field of members, or a value of a dictionary: promotions that are not archived, segments, reports that are kept, actions on
/// segments that go on, and whatever else whoever asks knows of.
public struct FieldUses: Sendable {
  public enum Kind: String, Sendable, CaseIterable { case promotion, segment, report, funnel, definitions, action, file, dashboard }

  public struct Use: Hashable, Sendable {
    public let kind: Kind
    public let code: String
    public let name: LocalText
    /// Where it is looked at.
    public let path: String

    public init(_ kind: Kind, _ code: String, _ name: LocalText, path: String) {
      (self.kind, self.code, self.name, self.path) = (kind, code, name, path)
    }
  }

  public private(set) var all: [Use] = []

  /// Reads every promotion, segment, report, dashboard and action of the programmes: for one field, not for a list of them.
  public init(of naming: FieldNaming, in programmes: [Programme], _ tx: inout Transaction) throws {
    for programme in programmes {
      for promotion in try everyPage(\.id, { try Promotions(of: programme).all(after: $0, limit: Limits.page, in: &tx) })
      where promotion.status != .archived && naming.isNamed(in: promotion.body) {
        all.append(
          Use(.promotion, promotion.code, SegmentUses.name(promotion), path: "/console/promotions/\(promotion.id)"))
      }
      for rule in try Segments(of: programme.account).rules(of: programme.id, in: &tx) where naming.isNamed(in: rule.condition) {
        all.append(Use(.segment, rule.code, rule.name, path: "/console/segments/\(rule.segment)"))
      }
      for report in try SavedReports(of: programme).naming(naming, in: &tx) {
        all.append(
          Use(.report, "\(report.id)", .sign(report.details.name), path: "/console/analysis/saved/\(report.id)"))
      }
      for board in try Dashboards(of: programme).filtering({ naming.isNamed(in: $0) }, in: &tx) { all.append(Use(board)) }
      for action in try BulkActions.open(of: programme, in: &tx) where naming.isNamed(in: action.deed) {
        all.append(Use(.action, "\(action.id)", .sign(action.name), path: "/console/bulk/\(action.id)"))
      }
    }
  }

  /// Other places that name it, which this wing knows nothing of.
  public mutating func add(_ uses: [Use]) { all += uses }

  /// - Parameter code: `member_field_used` or `dictionary_value_used`.
  /// - Throws: `Problem.conflict`, which says by what.
  public func refuseAny(_ code: String = "member_field_used") throws(Problem) {
    guard !all.isEmpty else { return }
    let (shown, rest) = (all.prefix(5), max(0, all.count - 5))
    let (ru, en) = (
      shown.map { "«\($0.name.ru)»" }.joined(separator: ", "), shown.map { "“\($0.name.en)”" }.joined(separator: ", ")
    )
    let isField = code == "member_field_used"
    let list = all.prefix(Limits.page).map { "\($0.kind.rawValue) \($0.code)" }.joined(separator: ", ")
    throw Problem(
      .conflict, code, "the \(isField ? "field" : "value") is named by \(list); change those first",
      cashier: LocalText(
        ru:
          "\(isField ? "Поле" : "Значение") используют: \(ru)\(rest > 0 ? " и ещё \(rest)" : ""). Сначала измените или уберите их",
        en: "The \(isField ? "field" : "value") is used by \(en)\(rest > 0 ? " and \(rest) more" : ""). Change those first"))
  }
}

extension FieldUses.Use {
  /// A dashboard with a ready report that is filtered so.
  init(_ board: Dashboard) {
    self.init(.dashboard, "\(board.id)", .sign(board.details.name), path: "/console/analysis/dashboards/\(board.id)")
  }
}
