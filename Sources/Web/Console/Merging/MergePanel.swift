import Customers
import Kernel
import Loyalty
import Storage

/// What a member's card says of being one person with others.
struct MemberMerges: Sendable {
  /// Latest first, those that were undone as well.
  let merges: [MemberMerge]
  /// Whom the member may be besides.
  let pairs: [DuplicatePair]
  let members: [MemberID: Member]

  /// Two indexed statements, and one where there is anybody to name.
  static func read(_ id: MemberID, _ programme: Programme, in tx: inout Transaction) throws -> MemberMerges {
    let merges = try programme.merges.merges(of: id, limit: 10, in: &tx)
    let pairs = Array(try programme.duplicates.pairs(of: id, in: &tx).prefix(5))
    let named = Set(merges.flatMap { [$0.merged, $0.survivor] } + pairs.flatMap { [$0.first, $0.second] }).subtracting([id])
    let members = try programme.members.members(named.sorted(), in: &tx)
    // Whoever was merged a moment ago is looked at soon.
    let open = pairs.filter { pair in
      let other = members[pair.first == id ? pair.second : pair.first]
      return other?.mergedInto == nil && other?.status != .erased
    }
    return MemberMerges(merges: merges, pairs: open, members: members)
  }
}

/// Merges of one member, whom they may be besides, and the way to merge them.
struct MergePanel {
  let known: MemberMerges
  let member: Member
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var path: String { "/console/members/\(member.id)" }

  /// Nothing where there is nothing to say and nothing to do.
  var html: Markup? {
    let items = known.pairs.map(pair) + known.merges.map(merge)
    guard !items.isEmpty || mayMerge else { return nil }
    let list: Markup? = items.isEmpty ? nil : "<ul class=\"items ruled\">\(items)</ul>"
    return """
      <section class="panel" id="merges"><header class="panel-head"><h2>\(reader("Тот же человек", "The same person"))</h2></header>\
      \(list)\(asking)</section>
      """
  }

  private var mayMerge: Bool { visit.may(.mergeMembers) && member.status == .active }

  private func name(_ id: MemberID) -> Markup {
    let name = known.members[id].map { visit.name(of: $0) } ?? "\(id)"
    return "<a href=\"/console/members/\(id)\">\(name)</a>"
  }

  private func pair(_ pair: DuplicatePair) -> Markup {
    let other = pair.first == member.id ? pair.second : pair.first
    let link: Markup? =
      mayMerge
      ? "<a class=\"button s\" href=\"\(path)/merge?with=\(other.description)\">\(reader("Сравнить", "Compare"))</a>" : nil
    return """
      <li>\(Icon.members.styled("icon warn"))<div><b>\(reader("Похож на", "Looks like")) \(name(other))</b>\
      <p class="row wrap">\(MergeWords(reader: reader).badges(pair.reasons))</p></div>\(link)</li>
      """
  }

  private func merge(_ merge: MemberMerge) -> Markup {
    let isOwn = merge.survivor == member.id
    let what = isOwn ? reader("Объединён с", "Merged with") : reader("Был объединён с", "Was merged into")
    var parts = [reader.date(merge.madeAt), merge.reason]
    if let end = merge.endedAt { parts.append(reader("разделены \(reader.date(end))", "taken apart \(reader.date(end))")) }
    let undo: Markup? =
      isOwn && merge.endedAt == nil && mayMerge
      ? "<a class=\"button s\" href=\"/console/merges/\(merge.merged)\">\(reader("Разделить", "Take apart"))</a>" : nil
    let icon = merge.endedAt == nil ? Icon.members.usual : Icon.undo.usual
    return """
      <li>\(icon)<div><b>\(what) \(isOwn ? merged(merge.merged) : name(merge.survivor))</b>\
      <p class="break">\(parts.joined(separator: ", "))</p></div>\(undo)</li>
      """
  }

  /// Their own page leads here while they are merged: a name is enough.
  private func merged(_ id: MemberID) -> Markup {
    guard known.members[id]?.mergedInto != nil else { return name(id) }
    return "\(known.members[id].map { visit.name(of: $0) } ?? "\(id)")"
  }

  private var asking: Markup? {
    guard mayMerge else { return nil }
    let field = Field(
      name: "with", label: reader("Объединить с участником", "Merge with a member"),
      hint: reader("телефон, карта, почта или код", "telephone, card, e-mail or code"), limit: Limits.code, id: "merge-with")
    return """
      <form class="inline-form" method="get" action="\(path)/merge">\(field.html)\
      <div><button class="button">\(Icon.search.small)\(reader("Сравнить", "Compare"))</button></div></form>
      """
  }
}
