import Cube
import Kernel
import Loyalty
import Storage

/// Points of members that ran out in a period: of those whom the cube knows by their places, and of everybody by id.
struct MemberExpiry: Sendable {
  let byPlace: [[Int64]]
  let ofMember: [Int64: Int64]

  init(_ points: [Int64: Int64], _ register: MemberRegister, _ cube: Cube) {
    ofMember = points
    byPlace = register.spread(register.entries.map { points[$0.id] ?? 0 }, over: cube, other: 0)
  }
}

extension CubeKeeper {
  /// Nil where nobody asks. What ran out is of no receipt: it is read from the journal of points.
  /// - Throws: `Problem.invalid` where lines are filtered; `Problem.conflict` (`too_many_expiries`).
  func expired(
    _ question: EffectQuestion, _ before: ClosedRange<CivilDay>, _ terms: [EffectTerm], _ programme: Programme,
    _ register: MemberRegister, _ cube: Cube, at now: Instant
  ) async throws -> (now: MemberExpiry, before: MemberExpiry)? {
    guard terms.contains(where: { $0.atoms.contains(.expired) }) else { return nil }
    guard question.filters.isEmpty else {
      let issue = Issue(
        pointer: "/values", code: "no_interval",
        message: "points that ran out are of a member and of no line: they cannot be compared within a filter of lines")
      throw Problem(.invalid, "invalid_input", issue.message, issues: [issue])
    }
    let book = try await ExpiryBook.read(
      programme, from: before.lowerBound, after: expiryBook, epoch: contents?.epoch ?? 0, at: now, on: database)
    expiryBook = book
    let survivors = try await database.read { tx in
      try SoldGoods(of: programme.account, programme: programme.id, zones: { _ in nil }).survivors(in: &tx)
    }
    return await Hands.quietly {
      func points(_ days: ClosedRange<CivilDay>) -> MemberExpiry {
        MemberExpiry(book.points(of: days) { survivors[$0] ?? $0 }, register, cube)
      }
      return (points(question.first...question.last), points(before))
    }
  }
}

extension EffectPeople {
  /// Members who never bought anything and are in a group: the walk over receipts does not meet them.
  func addStrangers(
    _ now: MemberExpiry, _ before: MemberExpiry, _ asked: EffectAsked, _ register: MemberRegister, _ cube: Cube,
    to found: inout EffectFound
  ) {
    var isKnown = register.entries.map { _ in false }
    for places in register.spread(Array(isKnown.indices), over: cube, other: -1) {
      for place in places where place >= 0 { isKnown[place] = true }
    }
    for (place, entry) in register.entries.enumerated() where !isKnown[place] && byEntry[place] > 0 {
      let (expired, earlier) = (now.ofMember[entry.id] ?? 0, before.ofMember[entry.id] ?? 0)
      guard expired != 0 || earlier != 0 else { continue }
      found.see(asked.values(expired: expired, before: earlier), in: Int(byEntry[place]) - 1)
    }
  }
}
