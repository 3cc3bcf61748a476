import Customers
import Kernel

/// Of which kinds a member has identifiers that are not blocked, and which of them were proved to be the member's: a bit each.
///
/// Kinds of a programme's own are not among them: two bytes for each of a hundred million members leave no room for names.
struct HeldIdentifiers: Hashable, Sendable {
  private var present: UInt8 = 0
  private var verified: UInt8 = 0

  init(_ kinds: [IdentifierKind: Bool]) {
    for (place, kind) in IdentifierKind.known.enumerated() {
      guard let isVerified = kinds[kind] else { continue }
      present |= 1 << place
      if isVerified { verified |= 1 << place }
    }
  }

  func hasAny(of kinds: [IdentifierKind], isVerified: Bool) -> Bool {
    let held = isVerified ? verified : present
    return IdentifierKind.known.enumerated().contains { place, kind in held & 1 << place != 0 && kinds.contains(kind) }
  }
}

extension SegmentForm {
  func identified(_ node: JSONNode) -> SegmentCondition {
    node.expect("kinds", "verified")
    let kinds = node["kinds"].items(max: IdentifierKind.known.count).compactMap { item -> IdentifierKind? in
      guard let text = item.text() else { return nil }
      let kind = IdentifierKind.known.first { $0.code == text }
      let all = IdentifierKind.known.map(\.code).joined(separator: ", ")
      if kind == nil { item.refuse("one_of", "a kind of identifier is one of \(all)") }
      return kind
    }
    if kinds.isEmpty { node["kinds"].refuse("empty", "name at least one kind of identifier") }
    return .identified(kinds, isVerified: node["verified"].isPresent ? node["verified"].bool() ?? false : false)
  }

  func identified(_ kinds: [IdentifierKind], _ isVerified: Bool) -> JSON {
    .object(["kinds": .array(kinds.map { .string($0.code) }), "verified": isVerified ? .bool(true) : nil])
  }
}
