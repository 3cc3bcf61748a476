import Kernel

/// What differs between two sets of rules, promotion by promotion.
struct RulesDiff: Sendable {
  struct Change: Hashable, Sendable {
    /// Where, as names with slashes.
    let place: String
    /// Nil where it is new.
    let old: JSON?
    /// Nil where it is gone.
    let new: JSON?
  }

  /// Codes of promotions, and `terms` and `groups`, with what changed in each; in the new rules' order, what is gone at the end.
  let changed: [(name: String, changes: [Change])]
  let added: [String]
  let removed: [String]

  /// - Parameters: canonical documents, `regulars.rules/1`.
  init(from old: JSON, to new: JSON) {
    let (before, after) = (Self.promotions(old), Self.promotions(new))
    let known = Dictionary(before, uniquingKeysWith: { first, _ in first })
    let kept = Set(after.map(\.0))
    added = after.map(\.0).filter { known[$0] == nil }
    removed = before.map(\.0).filter { !kept.contains($0) }
    var changed: [(String, [Change])] = []
    for (title, member) in [("terms", "programme"), ("groups", "groups")] where new[member] != nil && old[member] != nil {
      let changes = Self.changes(old[member], new[member], "")
      if !changes.isEmpty { changed.append((title, changes)) }
    }
    for (code, body) in after {
      guard let was = known[code] else { continue }
      let changes = Self.changes(was, body, "")
      if !changes.isEmpty { changed.append((code, changes)) }
    }
    self.changed = changed
  }

  var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

  private static func promotions(_ json: JSON) -> [(String, JSON)] {
    guard case .array(let items)? = json["promotions"] else { return [] }
    return items.compactMap { item in if case .string(let code)? = item["code"] { (code, plain(item)) } else { nil } }
  }

  /// Without its version, and lists of words sorted: their order means nothing.
  private static func plain(_ json: JSON) -> JSON {
    switch json {
    case .object(let members): .object(members.filter { $0.key != "version" }.map { JSON.Member($0.key, plain($0.value)) })
    case .array(let items):
      .array(items.allSatisfy { $0.text != nil } ? items.sorted { ($0.text ?? "") < ($1.text ?? "") } : items.map(plain))
    case .null, .bool, .int, .number, .string: json
    }
  }

  private static func changes(_ old: JSON?, _ new: JSON?, _ place: String) -> [Change] {
    if old == new { return [] }
    if case .object(let before)? = old, case .object(let after)? = new {
      let names = after.map(\.key) + before.map(\.key).filter { new?[$0] == nil }
      return names.flatMap { changes(old?[$0], new?[$0], place.isEmpty ? $0 : "\(place)/\($0)") }
    }
    return [Change(place: place, old: old, new: new)]
  }

  var text: String {
    var lines = added.map { "+ \($0)" } + removed.map { "- \($0)" }
    for (name, changes) in changed {
      lines.append("~ \(name)")
      lines += changes.map { "    \($0.place): \($0.old?.compact ?? "–") → \($0.new?.compact ?? "–")" }
    }
    return lines.isEmpty ? "no difference" : lines.joined(separator: "\n")
  }
}

extension JSON {
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
}
