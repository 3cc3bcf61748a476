import Access
import Kernel
import Storage

/// A promotion as it was saved once.
public struct PromotionVersion: Hashable, Sendable {
  public let version: Int64
  public let body: JSON
  public let madeAt: Instant
  /// Who saved it, as the audit trail writes it.
  public let actor: String
}

// For people who change promotions one at a time and look at what was there before.
extension Promotions {
  /// - Throws: `Problem.notFound`, for another programme's promotion too.
  public func promotion(_ id: PromotionID, in tx: inout Transaction) throws -> StoredPromotion {
    let found = try tx.rows(PromotionSQL.byID(account, programme, id)).map(PromotionSQL.promotion)
    guard let promotion = try found.unpacked(of: account, in: &tx).first else { throw PromotionProblem.unknown("\(id)") }
    return promotion
  }

  /// Saves one promotion that somebody had before their eyes, and nothing where somebody else was faster. The same body again is the
  /// same version, so a form that is sent twice saves once.
  /// - Parameter version: the one that was looked at; nil for a new promotion.
  /// - Throws: as `save`; `Problem.conflict` (`promotion_moved`, `code_taken`).
  public func revise(
    _ row: PromotionDetails, from version: Int64?, by change: Change, in tx: inout Transaction
  ) throws -> PromotionID {
    try takeStructure(of: account, in: &tx)
    let known = try promotions(codes: [row.code], in: &tx)[row.code]
    if let known, known.body == row.body { return known.id }
    switch (known, version) {
    case (nil, .some): throw PromotionProblem.unknown(row.code)
    case (.some, nil): throw PromotionProblem.taken(row.code)
    case (let known?, let version?) where known.version != version: throw PromotionProblem.moved(known)
    default: break
    }
    let saved = try save([row], by: change, in: &tx)
    guard let id = saved.ids.first else { throw PromotionProblem.unknown(row.code) }
    return id
  }

  /// Promotions of these states whose code or name holds the text, in the order of their ids. One statement that looks at the
  /// programme's promotions and at nothing else; capitals do not matter.
  /// - Returns: at most `limit`; the last one that was looked at, where there are more behind it.
  public func find(
    _ statuses: [StoredPromotion.Status], matching text: String = "", after: PromotionID? = nil, limit: Int,
    in tx: inout Transaction
  ) throws -> (found: [StoredPromotion], next: PromotionID?) {
    let some = min(max(1, limit), Limits.page)
    let rows = try tx.rows(PromotionSQL.find(account, programme, statuses, spellings(of: text), after, some))
      .map(PromotionSQL.promotion).unpacked(of: account, in: &tx)
    return (rows.filter { $0.isCalled(text) }, rows.count == some ? rows.last?.id : nil)
  }

  /// What a promotion said, latest first.
  /// - Parameter before: continue behind this version.
  public func versions(
    of id: PromotionID, before: Int64? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [PromotionVersion] {
    let rows = try tx.rows(PromotionSQL.versions(id, account, programme, before ?? .max, min(max(1, limit), Limits.page)))
    // All versions together: most of their rows are the same ones.
    let bodies = try RuleParts(of: account).unpack(rows.map { try storedJSON($0.text(1), in: "promotion_version.body") }, in: &tx)
    return zip(rows, bodies).map { row, body in
      PromotionVersion(version: row.int(0), body: body, madeAt: row.instant(2), actor: row.text(3))
    }
  }
}

extension StoredPromotion {
  /// The statement looked at the whole text of the promotion: what it found is looked at again.
  fileprivate func isCalled(_ text: String) -> Bool {
    guard !text.isEmpty else { return true }
    let wanted = text.lowercased()
    let names = [body["name"]?["ru"], body["name"]?["en"]].compactMap { name -> String? in
      if case .string(let text)? = name { text } else { nil }
    }
    return ([code] + names).contains { $0.lowercased().contains(wanted) }
  }
}

/// A text as it may be spelt: databases know capitals of Latin letters only, or none at all. At most four.
func spellings(of text: String) -> [String] {
  guard !text.isEmpty else { return [] }
  let lower = text.lowercased()
  var found: [String] = []
  for spelling in [text, lower, lower.prefix(1).uppercased() + lower.dropFirst(), text.uppercased()] where !found.contains(spelling)
  {
    found.append(spelling)
  }
  return found
}

/// `%text%` for `like … escape '\'`, whatever the text holds.
func likePattern(_ text: String) -> String {
  "%" + text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
}
