import Access
import Conditions
import Kernel
import Storage

/// Every statement about activated offers.
enum OfferSQL {
  static func locked(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ dialect: Dialect) -> SQL {
    """
    select status, offers, merged_into from member
    where owner_id = \(member) and account_id = \(account) and programme_id = \(programme)\(raw: dialect.forUpdate)
    """
  }

  static func activated(_ account: AccountID, _ programme: ProgrammeID, _ owners: [MemberID]) -> SQL {
    """
    select owner_id, offers from member
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: padded(owners))) and offers is not null
    """
  }

  static func set(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ offers: [ActivatedOffer]) -> SQL {
    SQL(
      "update member set offers = cast($4 as text) where owner_id = $1 and account_id = $2 and programme_id = $3", member, account,
      programme, text(offers))
  }

  /// `promotion,since,until,uses` with spaces between offers; what does not end says nothing there. Nil for none.
  static func text(_ offers: [ActivatedOffer]) -> String? {
    guard !offers.isEmpty else { return nil }
    return offers.map { offer in
      [
        "\(offer.promotion.raw)", "\(offer.since.micros)", offer.until.map { "\($0.micros)" } ?? "",
        offer.usesUpTo.map { "\($0)" } ?? "",
      ].joined(separator: ",")
    }.joined(separator: " ")
  }

  static func offers(_ text: String?) throws -> [ActivatedOffer] {
    guard let text else { return [] }
    return try text.split(separator: " ").map { item in
      let parts = item.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 4, let promotion = Int64(parts[0]), let since = Int64(parts[1]),
        parts[2].isEmpty || Int64(parts[2]) != nil, parts[3].isEmpty || Int64(parts[3]) != nil
      else { throw StorageFailure.damaged("member.offers holds \(item)") }
      return ActivatedOffer(
        PromotionID(promotion), since: Instant(micros: since), until: Int64(parts[2]).map { Instant(micros: $0) },
        usesUpTo: Int64(parts[3]))
    }
  }
}
