import Access
import Cube
import Customers
import Insight
import Kernel
import Loyalty
import Storage

/// What the calls of analysis and segments work with. They answer what the console answers, by the same questions and the same columns,
/// beside the writer; who may see what follows from the token's scopes.
public struct AnalysisDesk: Sendable {
  let database: any Database
  let floors: SalesFloors
  let ids: IDSource
  let cubes: Cubes
  let gate: AnalysisGate

  public init(database: any Database, floors: SalesFloors, ids: IDSource, cubes: Cubes, gate: AnalysisGate = AnalysisGate()) {
    (self.database, self.floors, self.ids, self.cubes, self.gate) = (database, floors, ids, cubes, gate)
  }

  func token(_ call: Call) throws(Problem) -> Token {
    guard let token = call.token else { throw Problem(.unauthenticated, "unauthenticated", "a live token is expected") }
    return token
  }

  /// The programme that the token is for. One read.
  func programme(_ call: Call) async throws -> Programme {
    let token = try token(call)
    guard let id = token.programme else {
      throw Problem(.forbidden, "programme_missing", "this token is for no programme; issue one that is")
    }
    let programmes = floors.programmes(of: token.account)
    return try await database.read { tx in try programmes.programme(id, in: &tx) }
  }

  func today(_ programme: Programme, _ call: Call) -> CivilDay { programme.settings.points.zone.civil(at: call.at).day }

  func change(_ call: Call) -> Change { Change(by: call.token?.actor ?? .commandLine, at: call.at, ids: ids) }

  func mayAlso(_ scope: Scope, _ call: Call) -> Bool { call.token?.scopes.contains(scope) ?? false }

  /// The fields of members that the token may see: none that is personal or only for some of the staff, unless it has `profiles`.
  func sees(_ field: MemberFieldDetails, _ call: Call) -> Bool {
    mayAlso(.profiles, call) || !field.isPersonal && field.seenBy.isEmpty
  }

  func fields(_ programme: Programme) async throws -> FieldCatalogue {
    try await database.read { tx in try FieldBook(of: programme.account).catalogue(.nothing, in: &tx) }
  }

  /// Said until the columns are there.
  static let noColumns = Problem(
    .unavailable, "columns_missing",
    "the columns for analysis are not made yet: a server makes them by itself after its start; ask again in a minute",
    cashier: LocalText(
      ru: "Столбцы для анализа ещё готовятся. Повторите через минуту",
      en: "The columns for analysis are still being made. Ask again in a minute"))

  static func hidden(_ code: String) -> Problem {
    Problem(
      .forbidden, "field_hidden",
      "the field \"\(code)\" is personal or shown to some of the staff only; a token with the scope profiles sees it",
      cashier: LocalText(
        ru: "Поле «\(code)» этому токену не видно: нужна область profiles",
        en: "This token does not see the field “\(code)”: it needs the scope profiles"))
  }

  static let noMargins = Problem(
    .forbidden, "margins_hidden",
    "cost, margin, margin-share and formulas of them are for tokens with the scope margins",
    cashier: LocalText(
      ru: "Себестоимость и маржа этому токену не видны: нужна область margins",
      en: "This token does not see costs and margins: it needs the scope margins"))
}

extension Problem {
  /// The cube names a filter by its field; whoever asked finds it at its place.
  /// - Parameter root: where the filters stand: `/where` of a body, `?where` of an address.
  func placed(_ filters: [Pivot.Filter], at root: String) -> Problem {
    let issues = issues.map { issue -> Issue in
      let parts = issue.pointer.split(separator: "/").map(String.init)
      guard parts.count == 3, parts[0] == "filters", let place = filters.firstIndex(where: { $0.dimension.rawValue == parts[1] })
      else {
        return issue
      }
      let list = filters[place].isExcluded ? "not" : "in"
      return Issue(pointer: "\(root)/\(place)/\(list)/\(parts[2])", code: issue.code, message: issue.message)
    }
    return Problem(kind, code, detail, cashier: cashier, remedy: remedy, issues: issues)
  }
}

extension CubeStand {
  var json: JSON { .object(["at": .string(at.text), "eventsWaiting": .int(waiting)]) }
}

extension JSON {
  /// An object with more members behind its own.
  func with(_ more: [Member]) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members + more)
  }
}
