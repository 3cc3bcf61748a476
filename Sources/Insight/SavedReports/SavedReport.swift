import Access
import Customers
import Kernel
import Storage

/// What somebody says of a report that they keep.
public struct SavedReportDetails: Hashable, Sendable {
  /// Tells it apart from the programme's others, however it is written.
  public var name: String
  public var note: String
  /// Where it stands in the list; empty for none.
  public var folder: String
  public var question: KeptQuestion
  /// Who sees it besides its owner.
  public var roles: Set<Role>

  public init(name: String, note: String = "", folder: String = "", asking question: KeptQuestion, roles: Set<Role> = []) {
    (self.name, self.note, self.folder, self.question, self.roles) = (name, note, folder, question, roles)
  }

  /// Of a pivot.
  public init(name: String, note: String = "", folder: String = "", form: ReportForm, roles: Set<Role> = []) {
    self.init(name: name, note: note, folder: folder, asking: .pivot(form), roles: roles)
  }

  /// Roles that see figures at all: a report is shared with no other.
  public static let readers = Role.allCases.filter { $0.rights.contains(SavedReport.right) }

  func check(_ issues: IssueList) {
    checkName(name, at: "/name", issues, max: 100)
    if folder.count > 60 { issues.add("/folder", "too_long", "at most 60 characters are allowed here") }
    if note.count > Limits.note { issues.add("/note", "too_long", "at most \(Limits.note) characters are allowed here") }
    if case .ready(let form) = question {
      do { try form.check() } catch { issues.add("/form", error.issues.first?.code ?? error.code, error.detail) }
    }
    for role in roles.sorted(by: { $0.rawValue < $1.rawValue }) where !Self.readers.contains(role) {
      issues.add("/roles", "role_sees_no_figures", "the role \(role.rawValue) sees no figures; do not share reports with it")
    }
  }

  var json: JSON {
    .object([
      "name": .string(name), "note": .string(note), "folder": .string(folder), "form": question.json,
      "roles": .array(Role.allCases.filter(roles.contains).map { .string($0.rawValue) }),
    ])
  }
}

/// A report that is kept.
public struct SavedReport: Hashable, Sendable, Shared {
  public var roles: Set<Role> { details.roles }

  /// What everybody needs who opens one. It shows figures that name nobody; what lies behind them is asked for with its own right.
  public static let right = Right.seeFigures

  public let id: SavedReportID
  public let details: SavedReportDetails
  public let owner: StaffID
  /// Counts its changes, from 1.
  public let version: Int64
  public let madeAt: Instant
  public let changedAt: Instant
  /// Nil while it is in use.
  public let archivedAt: Instant?
}

/// What somebody of the staff keeps and may show to others.
public protocol Shared {
  var owner: StaffID { get }
  /// Who sees it besides its owner.
  var roles: Set<Role> { get }
}

extension Shared {
  /// Its owner, whoever has a role it is shared with, and the owners of the account.
  public func isVisible(to person: StaffMember) -> Bool {
    guard person.role.rights.contains(SavedReport.right), !person.isBlocked else { return false }
    return owner == person.id || roles.contains(person.role) || person.role == .owner
  }

  public func mayBeChanged(by person: StaffMember) -> Bool {
    isVisible(to: person) && (owner == person.id || person.role == .owner)
  }
}

extension SavedReport {
  /// Whoever it is shared with, as long as they see every field of members that it names.
  /// - Parameter fields: of the account.
  public func isVisible(to person: StaffMember, knowing fields: [MemberFieldDetails]) -> Bool {
    let named = details.question.attributes
    let seesPersons = person.role.rights.contains(.seePersons)
    return isVisible(to: person)
      && !fields.contains { named.contains($0.code) && !$0.isSeen(by: person.role, seesPersons: seesPersons) }
  }

  /// Fields of members, those in the archive too, where a report names any; none else, without a statement.
  public func fields(in tx: inout Transaction, of account: AccountID) throws -> [MemberFieldDetails] {
    guard !details.question.attributes.isEmpty else { return [] }
    let known = try FieldBook(of: account).catalogue(.nothing, in: &tx)
    return known.fields + known.archived
  }
}
