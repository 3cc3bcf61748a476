import Access
import Conditions
import Cube
import Customers
import Kernel
import Loyalty
import Storage

/// Whose receipts figures are made without, by the definitions of a day.
struct WhoIsCounted: Sendable {
  let version: DefinitionVersion
  /// Ascending.
  let leftOut: [Int64]
}

extension CubeKeeper {
  /// One statement for the version, one more where it names segments, and members as segments keep them in memory.
  /// - Parameter day: the last of the question; a question without days goes by the definitions of today.
  func whoIsCounted(by day: CivilDay?, of programme: Programme, at now: Instant) async throws -> WhoIsCounted {
    let last = day ?? programme.settings.points.zone.civil(at: now).day
    let (version, segments) = try await database.read { tx in
      let version = try DefinitionBook(of: programme).version(on: last, in: &tx)
      let codes = version.definitions.segmentsLeftOut
      return (version, codes.isEmpty ? [:] : try Segments(of: programme.account).segments(codes: codes, in: &tx))
    }
    let kinds = version.definitions.kindsLeftOut
    guard !kinds.isEmpty || !segments.isEmpty else { return WhoIsCounted(version: version, leftOut: []) }
    let ids = Set(segments.values.map(\.id))
    // What kind somebody is and which segments they are in changes by events alone.
    let register = try await register(of: programme, at: now, isDue: false)
    let out = register.entries.filter { kinds.contains($0.kind) || !ids.isDisjoint(with: $0.segments) }.map(\.id)
    return WhoIsCounted(version: version, leftOut: out)
  }

  /// The same columns without those whom the definitions of the question's days leave out.
  func counted(_ cube: Cube, for pivot: Pivot, of programme: Programme, at now: Instant) async throws -> Cube {
    guard !pivot.isOfEverybody else { return cube.leavingOut([]) }
    return cube.leavingOut(try await whoIsCounted(by: pivot.days?.upperBound, of: programme, at: now).leftOut)
  }
}

extension Cube {
  /// Members whose receipts are in no figure that does not ask for everybody.
  public var leftOut: Int { frame.leftOut?.members.count ?? 0 }
}
