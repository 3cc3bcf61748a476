import Customers
import Kernel
import Loyalty

/// A member's tier: since when and until when, what is missing for the next one, and a tier by hand.
extension MemberPage {
  private var ladder: Ladder? { programme.settings.ladder }
  private var words: TierWords { TierWords(reader: reader) }

  var tierPanel: Markup? {
    guard !card.tiers.isEmpty else { return nil }
    let title =
      card.tier.map { reader("Уровень «\(reader($0.name))»", "Tier “\(reader($0.name))”") } ?? reader("Без уровня", "No tier")
    let until =
      isByRules
      ? nil
      : card.grant.map { grant in
        grant.until.map { reader("до \(reader.date($0))", "until \(reader.date($0))") } ?? reader("бессрочно", "without an end")
      }
    return """
      <section class="panel" id="tier"><header class="panel-head"><h2>\(title)</h2><span class="muted">\(until ?? "")</span></header>\
      <div class="panel-body stack s">\(progress)\(FactList(rows: facts).html)\(fall)\(rights)\(giving)</div></section>
      """
  }

  private var isByRules: Bool { card.grant?.isByRules ?? false }

  private var facts: [(name: String, value: Markup?)] {
    let grant = card.grant.map { grant -> Markup in
      isByRules
        ? "\(reader.date(grant.since)), \(reader("по правилам", "by the rules"))"
        : "<span class=\"break\">\(reader.date(grant.since)), \(words.reason(grant))</span>"
    }
    let hasPoints = programme.settings.terms.earning.status != nil || card.wallet.status > .zero
    return [
      (reader("Присвоен", "Granted"), grant),
      (reader("Очки статуса", "Status points"), hasPoints ? "\(reader.points(card.wallet.status))" : nil),
      (
        reader("Следующий", "Next"),
        ladder == nil ? "\(card.nextTier.map { reader($0.name) } ?? reader("выше уровней нет", "there is none above"))" : nil
      ),
    ]
  }

  /// What is counted and what is missing for the next rung.
  private var progress: Markup? {
    guard let ladder, let standing = card.standing else { return nil }
    let next = (standing.rung ?? -1) + 1
    let counted = words.amount(standing.sum, ladder.measure)
    guard ladder.rungs.indices.contains(next) else {
      return "<div class=\"row between\"><span>\(reader("Выше уровней нет", "There is none above"))</span><b>\(counted)</b></div>"
    }
    let rung = ladder.rungs[next]
    let name = card.tiers.first { $0.details.code == rung.tier }.map { reader($0.details.name) } ?? rung.tier
    let missing = words.counted(max(0, rung.from - standing.sum), ladder.measure)
    let end = standing.ends.map { reader(" до \(reader.date($0))", " by \(reader.date($0))") } ?? ""
    return """
      <div class="row between"><span>\(reader("До уровня «\(name)»", "To “\(name)”"))</span><span class="tab"><b>\(counted)</b> \
      \(reader("из", "of")) \(words.amount(rung.from, ladder.measure))</span></div>\(Meter(permille: standing.sum * 1_000 / rung.from).html)\
      <p class="hint">\(reader("Осталось \(missing)\(end)", "\(missing) to go\(end)"))</p>
      """
  }

  /// The step down that comes by itself.
  private var fall: Markup? {
    guard let ladder, let standing = card.standing, let fall = standing.fall else { return nil }
    let to = fall.to.map { ladder.rungs[$0].tier }.map { code in
      card.tiers.first { $0.details.code == code }.map { reader($0.details.name) } ?? code
    }
    let day = reader.date(fall.on)
    let said =
      to.map { reader("Без покупок опустится \(day) на уровень «\($0)».", "Without purchases falls to “\($0)” on \(day).") }
      ?? reader("Без покупок лишится уровня \(day).", "Without purchases loses the tier on \(day).")
    let rank = fall.to.flatMap { place in card.tiers.first { $0.details.code == ladder.rungs[place].tier } }?.details.rank ?? -1
    return "<p class=\"hint\">\(said) \(held(fall.on, to: rank) ?? "")</p>"
  }

  private var rights: Markup? {
    guard let privileges = card.tier?.privileges, !privileges.isEmpty else { return nil }
    return "<p class=\"row wrap\">\(privileges.map { "<span class=\"badge\">\(reader($0.name))</span>" as Markup })</p>"
  }

  /// A tier by hand, and the end of one that was given by hand.
  private var giving: Markup? {
    guard visit.may(.changeProgramme), isAlive else { return notice(.tier) }
    let form = refusal?.place == .tier ? visit.form : Form()
    let choice = Choice(
      name: "tier", label: reader("Уровень", "Tier"), options: card.tiers.map { ($0.details.code, reader($0.details.name)) },
      chosen: form["tier"].isEmpty ? card.nextTier?.code : form["tier"], id: "tier-code")
    let until = Field(
      name: "until", label: reader("Последний день", "Last day"), value: form["until"], type: "date",
      hint: reader("пусто: без срока", "empty: without an end"), limit: 10, isRequired: false, id: "tier-until")
    let why = Field(name: "reason", label: reader("Почему", "Why"), value: form["reason"], id: "tier-reason")
    let isOpen: Markup = refusal?.place == .tier ? " open" : ""
    return """
      <details class="fold within"\(isOpen)><summary>\(Icon.right.usual)\(reader("Присвоить вручную", "Give by hand"))</summary><div class="stack pad-s">\
      \(notice(.tier))<form class="inline-form" method="post" action="\(path)/tier">\(visit.key)<input type="hidden" name="request" value="\(requestKey)">\
      \(choice.html)\(until.html)\(why.html)<div><button class="button">\(Icon.star.small)\(reader("Присвоить", "Give"))</button></div></form>\(ending)</div></details>
      """
  }

  private var ending: Markup? {
    guard let grant = card.grant, !grant.isByItself else { return nil }
    let why = Field(name: "reason", label: reader("Почему", "Why"), id: "tier-end-reason")
    return """
      <form class="inline-form" method="post" action="\(path)/tier">\(visit.key)<input type="hidden" name="grant" value="\(grant.id)">\
      \(why.html)<div><button class="button danger">\(reader("Забрать уровень, данный вручную", "Take the tier that was given by hand"))</button></div></form>
      """
  }
}
