import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

/// Members who may be one person, and making one of two.
extension ConsoleDesk {
  var mergeDoors: [Door] {
    [
      .page("/console/duplicates", .seeMembers, duplicates),
      .form("/console/duplicates", .mergeMembers, dismissDuplicates),
      .page("/console/members/{id}/merge", .mergeMembers) { try await self.mergePage($0, nil) },
      .form("/console/members/{id}/merge", .mergeMembers, mergeMembers),
      .page("/console/merges/{merged}", .mergeMembers) { try await self.unmergePage($0, nil) },
      .form("/console/merges/{merged}", .mergeMembers, unmergeMembers),
    ]
  }

  /// Three statements, however many members there are.
  func duplicates(_ visit: Visit) async throws -> Answer {
    let programme = try visit.programme
    let after = visit.call.query["after"].flatMap { DuplicatePair(place: $0) }
    let list = try await database.read { tx -> DuplicateList in
      let duplicates = programme.duplicates
      let pairs = try duplicates.open(after: after, limit: DuplicateList.size, in: &tx)
      return DuplicateList(
        pairs: pairs, count: try duplicates.count(in: &tx),
        members: try programme.members.members(Array(Set(pairs.flatMap { [$0.first, $0.second] })).sorted(), in: &tx),
        isWhole: try DuplicateWork.isDone(of: programme.account, programme.id, in: &tx))
    }
    return visit.show(DuplicateListPage(list: list, visit: visit).page, in: .members)
  }

  /// They are two people. Harmless when repeated.
  func dismissDuplicates(_ visit: Visit) async throws -> Answer {
    guard let first = MemberID(visit.form["first"]), let second = MemberID(visit.form["second"]) else { throw Self.brokenForm }
    let (duplicates, change) = (try visit.programme.duplicates, change(visit))
    try await database.write { tx in try duplicates.dismiss(first, second, by: change, in: &tx) }
    return .redirect("/console/duplicates")
  }

  /// Side by side, and what would move. Without a second member it asks for one.
  func mergePage(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (id, programme, at) = (try Self.memberID(visit), try visit.programme, visit.call.at)
    let asked = refusal != nil ? visit.form["with"] : Form(visit.call.query)["with"]
    let merging = Merging(of: programme, ids: ids)
    let found = try await database.read { tx -> MergeView in
      let survivor = try programme.members.member(id, in: &tx)
      guard !asked.isEmpty else { return MergeView(survivor: survivor, asked: asked) }
      let others = try Self.find(asked, nil, size: 1, programme, in: &tx).members
      guard let other = others.first else { return MergeView(survivor: survivor, asked: asked) }
      // Which birthday is right is said in the form; everything else that speaks against it is told now.
      let choice = MergeChoice([.birthday: .survivor])
      var view = MergeView(survivor: survivor, asked: asked)
      do {
        view.preview = try merging.preview(other.id, into: id, choice, at: at, in: &tx)
        view.pair = try programme.duplicates.pair(id, other.id, in: &tx)
        view.tiers = Dictionary(
          try programme.tiers.all(in: &tx).values.map { ($0.id, $0.details.name) }, uniquingKeysWith: { first, _ in first })
      } catch let problem as Problem where problem.kind == .invalid { view.refusal = problem }
      return view
    }
    if let other = found.preview?.merged.member.id {
      for member in [id, other] { try await remember(.card, at: member, visit) }
    }
    let request = refusal == nil ? String(random(), radix: 36) : visit.form["request"]
    let page = MergePage(view: found, visit: visit, request: request, refusal: refusal ?? found.refusal)
    var answer = visit.show(page.page, in: .members)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// The form has its own key: sent twice it merges once.
  func mergeMembers(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.memberID(visit), visit.form, change(visit))
    guard (1...64).contains(form["request"].utf8.count), let other = MemberID(form["with"]) else { throw Self.brokenForm }
    var sides: [PersonField: MergeChoice.Side] = [:]
    for field in PersonField.allCases { sides[field] = MergeChoice.Side(rawValue: form[field.rawValue]) }
    let (merging, choice) = (Merging(of: try visit.programme, ids: ids), MergeChoice(sides))
    do {
      guard !form["reason"].isEmpty else { throw Self.noReason }
      try await database.write { tx in
        _ = try merging.merge(
          other, into: id, choice, because: form["reason"], request: RequestKey("console merge " + form["request"]), by: change,
          in: &tx)
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await mergePage(visit, problem)
    }
    return .redirect("/console/members/\(id)#merges")
  }

  private static func mergedID(_ visit: Visit) throws -> MemberID {
    guard let id = visit.call.path["merged"].flatMap({ MemberID($0) }) else { throw brokenForm }
    return id
  }

  func unmergePage(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (id, programme, at) = (try Self.mergedID(visit), try visit.programme, visit.call.at)
    let merging = Merging(of: programme, ids: ids)
    let (preview, members) = try await database.read { tx in
      let preview = try merging.previewUnmerge(id, at: at, in: &tx)
      return (preview, try programme.members.members([id, preview.merge.survivor], in: &tx))
    }
    guard let merged = members[id], let survivor = members[preview.merge.survivor] else { throw Self.brokenForm }
    let request = refusal == nil ? String(random(), radix: 36) : visit.form["request"]
    let page = UnmergePage(
      preview: preview, survivor: survivor, merged: merged, visit: visit, request: request, refusal: refusal)
    var answer = visit.show(page.page, in: .members)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func unmergeMembers(_ visit: Visit) async throws -> Answer {
    let (id, form, change) = (try Self.mergedID(visit), visit.form, change(visit))
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    let merging = Merging(of: try visit.programme, ids: ids)
    do {
      try await database.write { tx in
        try merging.unmerge(id, request: RequestKey("console unmerge " + form["request"]), by: change, in: &tx)
      }
    } catch let problem as Problem where problem.kind == .conflict && problem.code != "member_not_merged" {
      return try await unmergePage(visit, problem)
    }
    return .redirect("/console/members/\(id)#merges")
  }
}

/// What the page of a merge shows.
struct MergeView: Sendable {
  let survivor: Member
  /// Who was asked for, as it was typed.
  let asked: String
  var preview: MergePreview?
  /// How alike the two were found; nil where nobody thought so.
  var pair: DuplicatePair?
  var tiers: [TierID: LocalText] = [:]
  var refusal: Problem?
}
