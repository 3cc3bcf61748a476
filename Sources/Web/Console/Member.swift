import Access
import Customers
import Kernel
import Loyalty
import Storage

/// One member, with what a person at a desk asks about them.
struct MemberCard: Sendable {
  let profile: MemberProfile
  let identifiers: [Identifiers.Found]
  /// Advanced to now, as a till would see it.
  let wallet: Wallet
  let receipts: [Receipt]
  let postings: [Posting]
  let audit: [AuditEntry]
  let tier: String?

  var member: Member { profile.member }

  /// Seven indexed statements, however long the member's history is.
  static func read(
    _ id: MemberID, _ programme: Programme, _ ids: IDSource, showsAudit: Bool, at now: Instant, in tx: inout Transaction
  ) throws -> MemberCard {
    let profile = try programme.members.profile(id, at: now, in: &tx)
    let wallets = Wallets(of: programme, ids: ids)
    var wallet = try wallets.wallet(of: id, in: &tx)
    _ = wallet.advance(to: now, programme.settings.points)
    let tiers = profile.tier == nil ? [:] : try programme.tiers.all(in: &tx)
    let tier = tiers.values.first { $0.id == profile.tier }
    return MemberCard(
      profile: profile, identifiers: try programme.identifiers.all(of: id, in: &tx), wallet: wallet,
      receipts: try ReceiptBook(of: programme.account).receipts(of: id, programme.id, limit: 20, in: &tx),
      postings: try wallets.postings(of: id, limit: 30, in: &tx),
      audit: showsAudit ? try AuditTrail(of: programme.account).entries(of: id, limit: 20, in: &tx) : [], tier: tier?.details.code)
  }
}

extension ConsoleDesk {
  func member(_ visit: Visit) async throws -> Answer {
    let id = try Self.memberID(visit)
    let (programme, ids, at) = (try visit.programme, ids, visit.call.at)
    let showsAudit = visit.may(.seeAudit)
    let isOpened = visit.may(.seePersons)
    let change = change(visit)
    let card = try await database.read { tx in
      try MemberCard.read(id, programme, ids, showsAudit: showsAudit, at: at, in: &tx)
    }
    // Who looked at whose data in full is remembered; what was masked tells nothing.
    if isOpened {
      try await database.write { tx in
        try AuditTrail(of: programme.account).record([.did("member.seen", id)], by: change, in: &tx)
      }
    }
    return visit.show(MemberPage(card: card, visit: visit, requestKey: String(random(), radix: 36)).page, in: .members)
  }

  func setStatus(_ visit: Visit) async throws -> Answer {
    let id = try Self.memberID(visit)
    let (members, change, reason) = (try visit.programme.members, change(visit), visit.form["reason"])
    let blocks = visit.form["status"] == "blocked"
    guard !reason.isEmpty else { throw Self.noReason }
    try await database.write { tx in
      if blocks {
        try members.block(id, because: reason, by: change, in: &tx)
      } else {
        try members.unblock(id, because: reason, by: change, in: &tx)
      }
    }
    return .redirect("/console/members/\(id)")
  }

  func adjustPoints(_ visit: Visit) async throws -> Answer {
    let id = try Self.memberID(visit)
    let form = visit.form
    let typed = String(form["points"].map { $0 == "," ? "." : $0 == "−" ? "-" : $0 })
    guard let units = Decimal.parse(typed, digits: visit.reader.pointsScale), units != 0 else {
      throw Problem(
        .invalid, "bad_points", "a number of points is expected, below zero to take them",
        cashier: LocalText(
          ru: "Нужно число баллов; с минусом, чтобы списать", en: "A number of points is expected; with a minus to take them"))
    }
    guard !form["note"].isEmpty else { throw Self.noReason }
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.foreignForm }
    guard let reason = AdjustmentReason(rawValue: form["reason"]) else { throw Self.foreignForm }
    // Only goodwill has limits.
    guard reason == .goodwill || visit.may(.correctPoints) else { throw Self.noRight }
    let adjustment = Adjustment(Points(units: units), because: reason, note: form["note"])
    let (wallets, change) = (Wallets(of: try visit.programme, ids: ids), change(visit))
    // The form has its own key: sent twice by an impatient hand it gives once.
    let request = RequestKey("console " + form["request"])
    let members = try visit.programme.members
    try await database.write { tx in
      // A wallet opens for whoever is named, so whoever is named must be there.
      guard try members.member(id, in: &tx).status != .erased else { throw Self.erased }
      _ = try wallets.adjust(adjustment, of: id, request: request, by: change, in: &tx)
    }
    return .redirect("/console/members/\(id)")
  }

  private static func memberID(_ visit: Visit) throws -> MemberID {
    guard let id = visit.call.path["id"].flatMap({ MemberID($0) }) else {
      throw Problem(
        .notFound, "member_unknown", "there is no such member",
        cashier: LocalText(ru: "Такого участника нет", en: "There is no such member"))
    }
    return id
  }

  private static let erased = Problem(
    .conflict, "member_erased", "this member asked to be forgotten; nothing can be changed any more",
    cashier: LocalText(
      ru: "Участник удалён по своей просьбе, менять больше нечего",
      en: "This member asked to be forgotten; nothing can be changed any more"))
  static let noReason = Problem(
    .invalid, "reason_missing", "say why, for the audit trail",
    cashier: LocalText(ru: "Напишите причину: она останется в журнале", en: "Say why: it stays in the audit trail"))
}
