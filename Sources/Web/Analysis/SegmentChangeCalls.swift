import Access
import Customers
import Insight
import Jobs
import Kernel
import Loyalty
import Storage

// Lists, and who is always or never in a computed segment.
extension AnalysisDesk {
  /// `POST /v1/segments/{key}/changes`: puts members into a list or takes them out; includes, excludes or releases them in a segment that
  /// computes itself. Sent again under the same key it is the same change, and the same answer.
  func changeSegment(_ call: Call) async throws -> Answer {
    let (request, programme) = (RequestKey("segments " + (try call.requestKey().text)), try await programme(call))
    let body = try JSON.parse(call.body)
    let node = JSONNode(body)
    node.expect("act", "members")
    let act: Segments.ListAct? = node["act"].required() ? node["act"].word() : nil
    let places = node["members"].required() ? node["members"].items(max: Limits.bulk) : []
    if node["members"].isPresent, places.isEmpty { node["members"].refuse("empty", "name at least one member") }
    let members = places.map { place -> MemberID? in
      let id = place.text().flatMap { MemberID($0) }
      if id == nil { place.refuse("not_an_id", "a member's id is expected here, such as mem_1zr6n61kkg001") }
      return id
    }
    try node.issues.check("the change")
    guard let act else { throw Problem(.invalid, "invalid_input", "the change names no act") }
    let (wanted, change, day) = (members.compactMap { $0 }, change(call), today(programme, call))
    let done = try await database.write(.bulk) { tx in
      try Self.carryOut(act, wanted, call, request, programme, on: day, by: change, in: &tx)
    }
    return Answer(
      200,
      .object([
        "segment": .string(call.path["key"] ?? ""), "act": .string(act.rawValue), "asked": .int(Int64(Set(wanted).count)),
        "changed": .int(done),
      ]))
  }

  /// - Returns: of how many something else is so now; the same again for a request that was carried out before.
  private static func carryOut(
    _ act: Segments.ListAct, _ members: [MemberID], _ call: Call, _ request: RequestKey, _ programme: Programme,
    on day: CivilDay, by change: Change, in tx: inout Transaction
  ) throws -> Int64 {
    let summary = try segment(call, programme, in: &tx)
    let (keys, hash) = (NaturalKeys(of: programme.account), body(act, members))
    if let earlier = try keys.holders([request.natural], in: &tx)[request.natural] {
      return try answered(earlier, hash, summary.id, request)
    }
    let unique = Array(Set(members)).sorted()
    let changed = Int64(try take(act, unique, members, summary, programme, on: day, by: change, in: &tx))
    let held = try keys.claim(
      [request.natural], owner: summary.id.raw, target: changed, bodyHash: hash, at: change.at, in: &tx)
    // Somebody else was carrying out the same request just now: what it came to is the answer.
    guard let earlier = held[request.natural] else { return changed }
    return try answered(earlier, hash, summary.id, request)
  }

  private static func answered(
    _ earlier: KeyHolder, _ hash: Int64, _ segment: SegmentID, _ request: RequestKey
  ) throws -> Int64 {
    guard earlier.bodyHash == hash, earlier.owner == segment.raw else { throw request.reused }
    return earlier.target
  }

  private static func body(_ act: Segments.ListAct, _ members: [MemberID]) -> Int64 {
    var hash = StableHash()
    hash.mix("segment \(act.rawValue)")
    for member in members { hash.mix(member.raw) }
    return Int64(bitPattern: hash.value)
  }

  private static func take(
    _ act: Segments.ListAct, _ members: [MemberID], _ asked: [MemberID], _ summary: SegmentSummary, _ programme: Programme,
    on day: CivilDay, by change: Change, in tx: inout Transaction
  ) throws -> Int {
    let (segments, code) = (Segments(of: programme.account), summary.segment.details.code)
    switch act {
    case .add, .include, .exclude: try refuseStrangers(asked, segments, in: &tx)
    case .remove, .release: break
    }
    let changed =
      switch act {
      case .add: try segments.add(members, to: code, by: change, in: &tx)
      case .remove: try segments.remove(members, from: code, by: change, in: &tx)
      case .include: try segments.choose(.included, for: members, in: code, by: change, in: &tx)
      case .exclude: try segments.choose(.excluded, for: members, in: code, by: change, in: &tx)
      case .release: try segments.choose(nil, for: members, in: code, by: change, in: &tx)
      }
    if summary.segment.details.kind == .static, changed > 0 {
      _ = try segments.measure(summary.id, on: day, at: change.at, in: &tx)
    }
    return changed
  }

  /// At the place in the body, whatever the order in which the room takes them.
  private static func refuseStrangers(_ members: [MemberID], _ segments: Segments, in tx: inout Transaction) throws {
    let (living, issues) = (Set(try segments.living(members, in: &tx)), IssueList())
    for (place, member) in members.enumerated() where !living.contains(member) {
      issues.add("/members/\(place)", "unknown_member", "the account has no member \(member)")
    }
    try issues.check("the change")
  }
}
