import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// A receipt without a card that somebody says is theirs.
struct Claim: Sendable {
  let member: Member
  let earned: Points
  let balance: Points
}

extension ConsoleDesk {
  /// Finds the member and shows what they would earn; a second form confirms it.
  func claim(_ visit: Visit) async throws -> Answer { try await claim(visit, Form(visit.call.query)["member"], nil) }

  private func claim(_ visit: Visit, _ asked: String, _ refusal: Problem?) async throws -> Answer {
    let story = try await story(visit)
    var page = ClaimPage(story: story, asked: asked, visit: visit, request: String(random(), radix: 36))
    page.refusal = refusal
    if !asked.isEmpty, story.member == nil {
      let (floor, ids, receipt, at) = (try visit.floor, ids, story.receipt, visit.call.at)
      do {
        page.found = try await database.read { tx in
          let snapshot = try Self.claimant(asked, floor.programme, at: at, in: &tx)
          let preview = try floor.receipts.previewAttachment(of: receipt, to: snapshot, at: at, in: &tx)
          var wallet = try Wallets(of: floor.programme, ids: ids).wallet(of: snapshot.id, in: &tx)
          _ = wallet.advance(to: at, floor.programme.settings.points)
          let member = try floor.programme.members.member(snapshot.id, in: &tx)
          return Claim(member: member, earned: preview.earned, balance: wallet.active)
        }
      } catch let problem as Problem where problem.kind != .unavailable { page.refusal = refusal ?? problem }
    }
    var answer = visit.show(page.page, in: .receipts)
    if let refusal = page.refusal { answer.status = refusal.kind == .conflict ? 409 : 422 }
    return answer
  }

  func attachReceipt(_ visit: Visit) async throws -> Answer {
    let story = try await story(visit)
    do {
      let request = try Self.request(visit)
      let (floor, change, reason, who) = (try visit.floor, change(visit), visit.form["reason"], visit.form["member"])
      let key = story.entry.key
      _ = try await database.write(.till) { tx in
        let snapshot = try Self.claimant(who, floor.programme, at: change.at, in: &tx)
        return try floor.receipts.attach(key, to: snapshot, because: reason, request: request, by: change, in: &tx)
      }
      return .redirect(story.receipt.path + "?done=member")
    } catch let problem as Problem where problem.kind != .unavailable {
      return try await claim(visit, visit.form["member"], problem)
    }
  }

  /// By id, or by whatever a till would take. - Throws: `Problem.invalid` (`member_unknown`), `Problem.conflict` (`member_blocked`).
  private static func claimant(
    _ asked: String, _ programme: Programme, at now: Instant, in tx: inout Transaction
  ) throws -> MemberSnapshot {
    let text = String(asked.prefix(Limits.code))
    let showing = MemberID(text).map { Showing(.member($0), shown: .typed) } ?? Showing(.text(text, nil), shown: .typed)
    switch try programme.identify(showing, at: now, in: &tx).shopper {
    case .nobody: throw nobody
    case .member(let snapshot, let isBlocked):
      guard !isBlocked else { throw blocked }
      return snapshot
    }
  }

  private static let nobody = Problem(
    .invalid, "member_unknown", "nobody has this identifier",
    cashier: LocalText(
      ru: "Никого не нашлось. Телефон можно с восьмёркой или с +7, карту – целиком",
      en: "Nobody was found. Type a telephone number with its country, a card in full"))
  private static let blocked = Problem(
    .conflict, "member_blocked", "the member or the card is blocked",
    cashier: LocalText(ru: "Участник или карта заблокированы", en: "The member or the card is blocked"))
}

struct ClaimPage {
  let story: ReceiptStory
  let asked: String
  let visit: Visit
  let request: String
  var found: Claim?
  var refusal: Problem?

  private var reader: Reader { visit.reader }
  private var receipt: Receipt { story.receipt }

  var page: Page {
    let number = story.entry.key.number
    return Page(
      title: reader("Чек \(number) – участнику", "Receipt \(number) to a member"),
      notes: [reader.moment(receipt.soldAt), visit.store(receipt.store), reader.money(receipt.amount)] + until,
      crumbs: story.way(reader), body: "<div class=\"page-body slim\">\(refusal.map { Notice.refusal($0, reader) })\(content)</div>"
    )
  }

  private var until: [String] {
    guard !receipt.hasMember, let ends = visit.sales?.receipts.attachmentEnds(receipt) else { return [] }
    return [
      ends < visit.call.at
        ? reader("срок вышел \(reader.date(ends))", "the time for it ended on \(reader.date(ends))")
        : reader("можно до \(reader.date(ends))", "possible until \(reader.date(ends))")
    ]
  }

  private var content: Markup {
    if let member = story.member {
      return Notice.info(
        reader("Чек уже у участника: \(visit.name(of: member)).", "The receipt is a member's already: \(visit.name(of: member))."))
    }
    guard receipt.state == .confirmed, !receipt.isPast else {
      return Notice.info(
        reader(
          "Этот чек добавить нельзя: по нему был возврат, или он из прежней системы.",
          "This receipt cannot be given to anybody: goods of it came back, or it is of the former system."))
    }
    return "\(search)\(confirmation)"
  }

  private var search: Markup {
    let label = reader("Телефон, карта, почта, код или номер участника", "Telephone, card, e-mail, code or member's number")
    return """
      <form class="find" method="get" action="\(receipt.path)/member" role="search">\
      <input class="input" name="member" value="\(asked)" aria-label="\(label)" placeholder="\(label)" maxlength="\(Limits.code)" autocomplete="off" required>\
      <button class="button \(found == nil ? "primary" : "")">\(Icon.search.small)\(reader("Найти", "Find"))</button></form>
      """
  }

  private var confirmation: Markup? {
    guard let found else {
      return asked.isEmpty
        ? Notice.info(
          reader(
            "Баллы начислятся по правилам дня покупки, один раз. Скидки и цены чека не меняются.",
            "Points are earned by the rules of the day of sale, once. Discounts and prices of the receipt stay as they are.")) : nil
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(visit.name(of: found.member))</h2>\(MemberWords.badge(found.member.status, reader))</header>\
      <div class="panel-body"><dl class="facts"><div><dt>\(reader("Начислится", "Will be earned"))</dt><dd class="good">+\(reader.points(found.earned))</dd></div>\
      <div><dt>\(reader("Баланс сейчас", "The balance now"))</dt><dd>\(reader.points(found.balance))</dd></div></dl></div>\
      <form class="inline-form" method="post" action="\(receipt.path)/member">\(visit.key)\(ReturnPage.hidden("member", found.member.id.description))\
      \(ReturnPage.hidden("request", request))\
      \(Field(name: "reason", label: reader("Причина", "Reason"), hint: reader("Останется в журнале", "Stays in the audit trail")).html)\
      <div><button class="button primary">\(Icon.card.small)\(reader("Добавить чек участнику", "Give the receipt to the member"))</button></div></form></section>
      """
  }
}
