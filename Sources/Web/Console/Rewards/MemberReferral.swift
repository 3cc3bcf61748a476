import Access
import Kernel
import Loyalty
import Storage

/// Who brought a member and whom they bring, for their card.
struct MemberReferral: Sendable {
  private static var size: Int { 5 }

  /// Nil where the programme rewards nobody for it.
  let terms: ReferralTerms?
  let code: String?
  let broughtBy: Referral?
  /// Latest first.
  let brought: [Referral]

  /// Three statements where the programme has referrals, else none.
  static func read(_ member: MemberID, _ programme: Programme, _ ids: IDSource, in tx: inout Transaction) throws -> MemberReferral {
    guard let terms = programme.settings.giving.referral else {
      return MemberReferral(terms: nil, code: nil, broughtBy: nil, brought: [])
    }
    let referrals = Referrals(of: programme, ids: ids)
    return MemberReferral(
      terms: terms, code: try referrals.code(of: member, in: &tx), broughtBy: try referrals.referral(of: member, in: &tx),
      brought: try referrals.brought(by: member, limit: size, in: &tx))
  }
}

extension MemberPage {
  var referral: Markup? {
    guard let terms = card.referral.terms else { return nil }
    let (words, known) = (GivingWords(reader: reader), card.referral)
    let code: Markup? = known.code.map { "<p>\(reader("Код", "Code")): <b class=\"break\">\($0)</b></p>" }
    let by = known.broughtBy.map { referral -> Markup in
      "<li>\(Icon.person.usual)<div><b>\(reader("Привёл", "Brought by")) <a href=\"/console/members/\(referral.referrer)\">\(referral.referrer)</a></b><p>\(words.badge(referral))</p></div></li>"
    }
    let brought = known.brought.map { referral -> Markup in
      "<li>\(Icon.plus.usual)<div><b><a href=\"/console/members/\(referral.newcomer)\">\(referral.newcomer)</a></b><p>\(words.badge(referral))</p></div></li>"
    }
    let list: Markup? = by == nil && brought.isEmpty ? nil : "<ul class=\"items\">\(by)\(brought)</ul>"
    let body: Markup =
      code == nil && list == nil && !(visit.may(.changeMembers) && isAlive)
      ? "<div class=\"panel-body\"><p class=\"muted\">\(reader("Никого не привёл.", "Brought nobody."))</p></div>"
      : "\(code.map { code -> Markup in "<div class=\"panel-body\">\(code)</div>" })\(list)\(terms.isActive ? referring : nil)"
    return panel(reader("Приглашения", "Referrals"), body)
  }

  private var referring: Markup? {
    guard visit.may(.changeMembers), isAlive else { return nil }
    let isRefused = refusal?.place == .referral
    let make: Markup? =
      card.referral.code == nil
      ? """
      <form method="post" action="\(path)/referral-code">\(visit.key)<button class="button">\(reader("Дать код", "Make a code"))</button></form>
      """ : nil
    let name: Markup? =
      card.referral.broughtBy == nil
      ? """
      <form class="inline-form" method="post" action="\(path)/referrer">\(visit.key)\
      \(Field(name: "code", label: reader("Код пригласившего", "The code of who brought them"), value: isRefused ? visit.form["code"] : "", limit: Limits.code).html)\
      <div><button class="button">\(reader("Записать", "Record"))</button></div></form>
      """ : nil
    guard make != nil || name != nil else { return nil }
    return """
      <details class="fold"\(isRefused ? " open" : "")><summary>\(Icon.right.usual)\(reader("Код и кто привёл", "Code, and who brought them"))</summary>\
      <div class="panel-body stack s">\(notice(.referral))\(make)\(name)</div></details>
      """
  }
}
