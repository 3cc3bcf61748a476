import Access
import Customers
import Kernel
import Loyalty
import Storage

/// The definitions of one account, version by version. Until somebody saves one, whom reports leave out is what a programme's settings say.
public struct DefinitionBook: Sendable {
  private let account: AccountID
  public let readyMade: DefinitionVersion

  public init(of programme: Programme) {
    account = programme.account
    readyMade = .readyMade(leavingOut: programme.settings.kindsNotCounted)
  }

  /// The newest version that has begun by the day; those that come with the program where there is none. One statement.
  public func version(on day: CivilDay, in tx: inout Transaction) throws -> DefinitionVersion {
    try tx.row(ReportSQL.definitions(account, on: day)).map(ReportSQL.version) ?? readyMade
  }

  /// The newest first, `Limits.page` at most; without those that come with the program.
  public func all(in tx: inout Transaction) throws -> [DefinitionVersion] {
    try tx.rows(ReportSQL.definitions(account, Limits.page)).map(ReportSQL.version)
  }

  /// Adds a version. The same as the newest one, from the same day, changes nothing.
  /// - Parameter from: the newest version that was seen; 0 for none.
  /// - Throws: `Problem.invalid` for a segment that is not there; `Problem.conflict` (`definitions_changed`).
  @discardableResult
  public func save(
    _ definitions: Definitions, startingOn day: CivilDay, from seen: Int64, by change: Change, in tx: inout Transaction
  ) throws -> DefinitionVersion {
    try takeStructure(of: account, in: &tx)
    let newest = try tx.rows(ReportSQL.definitions(account, 1)).map(ReportSQL.version).first ?? readyMade
    if newest.definitions == definitions, newest.startsOn == day { return newest }
    guard newest.version == seen else {
      throw Problem(
        .conflict, "definitions_changed", "somebody saved version \(newest.version) meanwhile; look at it and save again",
        cashier: LocalText(
          ru: "Определения уже изменил кто-то другой: версия \(newest.version). Посмотрите её и сохраните ещё раз",
          en: "Somebody saved version \(newest.version) of the definitions meanwhile. Look at it and save again"))
    }
    try check(definitions, &tx)
    let version = DefinitionVersion(
      version: newest.version + 1, startsOn: day, definitions: definitions, actor: change.actor.description, madeAt: change.at)
    try tx.run(ReportSQL.insert(version, account))
    let note = AuditNote.did(
      "definitions.changed", account, before: newest.definitions.json,
      after: .object(["version": .int(version.version), "startsOn": .string("\(day)"), "definitions": definitions.json]))
    try AuditTrail(of: account).record([note], by: change, in: &tx)
    return version
  }

  private func check(_ definitions: Definitions, _ tx: inout Transaction) throws {
    let known = try Segments(of: account).segments(codes: definitions.segmentsLeftOut, in: &tx)
    let issues = IssueList()
    for (place, code) in definitions.segmentsLeftOut.enumerated() where known[code] == nil {
      issues.add("/segmentsLeftOut/\(place)", "unknown_segment", "there is no segment \"\(code)\"")
    }
    try issues.check("the definitions")
  }
}
