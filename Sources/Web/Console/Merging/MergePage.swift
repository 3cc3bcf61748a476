import Conditions
import Customers
import Kernel
import Loyalty

/// Two members side by side: whose words hold, what moves, and the button.
struct MergePage {
  let view: MergeView
  let visit: Visit
  /// Of the form, so that it merges once.
  let request: String
  var refusal: Problem?

  private var reader: Reader { visit.reader }
  private var words: MergeWords { MergeWords(reader: reader) }
  private var path: String { "/console/members/\(view.survivor.id)/merge" }
  private var seesAll: Bool { visit.may(.seePersons) }

  var page: Page {
    Page(
      title: reader("Объединить участников", "Merge members"),
      notes: [reader("Останется один участник. Объединение можно отменить.", "One member stays. A merge can be undone.")],
      crumbs: [
        (reader("Участники", "Members"), "/console/members"),
        (visit.name(of: view.survivor), "/console/members/\(view.survivor.id)"),
      ],
      body: "<div class=\"page-body\">\(refusal.map { Notice.refusal($0, reader) })\(content)</div>")
  }

  private var content: Markup {
    guard let preview = view.preview else { return asking }
    if let obstacle = preview.obstacle { return "\(Notice.refusal(obstacle, reader))\(asking)\(sides(preview, chooses: false))" }
    let moves = outcome(preview)
    return """
      <form class="stack" method="post" action="\(path)">\(visit.key)<input type="hidden" name="request" value="\(request)">\
      <input type="hidden" name="with" value="\(preview.merged.member.id)">\(likeness)\
      \(sides(preview, chooses: true))\(moves)\(deciding(preview))</form>
      """
  }

  /// By what a till would take.
  private var asking: Markup {
    let nobody =
      view.asked.isEmpty || view.preview != nil || refusal != nil
      ? nil : Notice.warning(reader("Никого не нашлось.", "Nobody was found."))
    let field = Field(
      name: "with", label: reader("С кем объединить", "Merge with whom"), value: view.asked,
      hint: reader("телефон, карта, почта или код второго участника", "telephone, card, e-mail or code of the other member"),
      limit: Limits.code)
    return """
      \(nobody)<section class="panel form-panel"><form class="inline-form" method="get" action="\(path)">\(field.html)\
      <div><button class="button primary">\(Icon.search.small)\(reader("Найти", "Find"))</button></div></form></section>
      """
  }

  private var likeness: Markup? {
    guard let pair = view.pair else { return nil }
    return """
      <p class="row wrap"><span class="soft">\(reader("Сходство", "Likeness")) <b>\(pair.score)</b>:</span>\(words.badges(pair.reasons))</p>
      """
  }

  // MARK: side by side

  private func sides(_ preview: MergePreview, chooses: Bool) -> Markup {
    let (one, other) = (preview.survivor, preview.merged)
    let fields = PersonField.allCases.compactMap { row($0, one.member, other.member, chooses: chooses) }
    let facts = [
      fact(reader("Чем находят", "Found by"), found(one), found(other)),
      fact(reader("Вступил", "Joined"), "\(reader.date(one.member.joinedAt))", "\(reader.date(other.member.joinedAt))"),
      fact(reader("Баллы", "Points"), "\(reader.points(one.wallet.active))", "\(reader.points(other.wallet.active))"),
      fact(reader("Ещё не активны", "Not active yet"), points(one.wallet.pending), points(other.wallet.pending)),
      fact(reader("Чеков", "Receipts"), history(one.wallet), history(other.wallet)),
      fact(reader("Уровень", "Tier"), tier(one), tier(other)),
      fact(reader("Личные купоны", "Own coupons"), count(one.coupons), count(other.coupons)),
      fact(reader("Попытки в играх", "Turns of games"), count(one.turns), count(other.turns)),
    ]
    return DataTable(
      label: reader("Участники рядом", "The members side by side"),
      columns: [
        .acts(reader("Что", "What")), .text(reader("Останется", "Stays")), .text(reader("Войдёт в него", "Becomes part of it")),
      ], rows: [names(one.member, other.member)] + fields + facts.compactMap { $0 }, width: .tight, files: .none
    ).panel()
  }

  private func names(_ one: Member, _ other: Member) -> Markup {
    func link(_ member: Member) -> Markup {
      "<a href=\"/console/members/\(member.id)\"><b>\(visit.name(of: member))</b></a>"
    }
    return "<tr><th scope=\"row\">\(reader("Участник", "Member"))</th><td>\(link(one))</td><td>\(link(other))</td></tr>"
  }

  private func fact(_ name: String, _ one: Markup?, _ other: Markup?) -> Markup? {
    guard one != nil || other != nil else { return nil }
    let none: Markup = "<span class=\"muted\">–</span>"
    return "<tr><th scope=\"row\">\(name)</th><td>\(one ?? none)</td><td>\(other ?? none)</td></tr>"
  }

  /// A choice where both say something, and not the same.
  private func row(_ field: PersonField, _ one: Member, _ other: Member, chooses: Bool) -> Markup? {
    let (own, second) = (value(field, one), value(field, other))
    guard chooses, let own, let second, own != second, field != .attributes || seesAll else {
      return fact(words.field(field), own.map { "\($0)" }, second.map { "\($0)" })
    }
    // Nobody may pass over birthdays that differ: neither is chosen for them.
    let chosen = visit.form[field.rawValue]
    let usual = field == .birthday ? "" : field == .kind && one.kind == .anonymous ? "merged" : "survivor"
    func cell(_ side: MergeChoice.Side, _ text: String) -> Markup {
      let isOn = (chosen.isEmpty ? usual : chosen) == side.rawValue
      let (mark, needed): (Markup, Markup) = (isOn ? " checked" : "", field == .birthday ? " required" : "")
      return """
        <td><label class="check"><input type="radio" name="\(field.rawValue)" value="\(side.rawValue)"\(mark)\(needed)><span>\(text)</span></label></td>
        """
    }
    let note: Markup? =
      field == .birthday ? "<small class=\"bad\">\(reader("выберите верный", "choose the right one"))</small>" : nil
    return "<tr><th scope=\"row\">\(words.field(field))\(note)</th>\(cell(.survivor, own))\(cell(.merged, second))</tr>"
  }

  private func value(_ field: PersonField, _ member: Member) -> String? {
    let person = member.person
    switch field {
    case .kind: return MemberWords.kind(member.kind.rawValue, reader)
    case .familyName: return seesAll ? person?.familyName : person?.familyName?.first.map { "\($0)." }
    case .givenName: return person?.givenName
    case .patronymic: return seesAll ? person?.patronymic : nil
    case .birthday:
      return seesAll ? (person?.birthday).map { reader.date($0) } : (person?.birthday).map { _ in reader("скрыт", "hidden") }
    case .sex: return person?.sex.map { $0 == .female ? reader("женский", "female") : reader("мужской", "male") }
    case .language: return person?.language.map { $0 == .ru ? reader("русский", "Russian") : reader("английский", "English") }
    case .city: return person?.city
    case .attributes:
      guard let attributes = person?.attributes, !attributes.isEmpty else { return nil }
      return seesAll ? attributes.json.compact : reader("скрыты", "hidden")
    }
  }

  private func found(_ side: MergePreview.Side) -> Markup? {
    guard !side.identifiers.isEmpty else { return nil }
    let items = side.identifiers.map { found -> Markup in
      let value = seesAll ? found.identifier.value : found.identifier.masked
      return "<span class=\"break\">\(value)</span><small>\(IdentifierWords.name(found.identifier.kind, reader))</small>"
    }
    return "<span class=\"stack xs\">\(items.map { "<span>\($0)</span>" as Markup })</span>"
  }

  private func points(_ points: Points) -> Markup? { points == .zero ? nil : "\(reader.points(points))" }
  private func count(_ count: Int64) -> Markup? { count == 0 ? nil : "\(reader.number(count))" }

  private func history(_ wallet: Wallet) -> Markup? {
    guard wallet.history.purchases > 0 else { return nil }
    return """
      \(reader.number(wallet.history.purchases))<small>\(reader("на", "for")) \(reader.amount(wallet.history.paid))\u{a0}\(reader.sign)</small>
      """
  }

  private func tier(_ side: MergePreview.Side) -> Markup? { side.tier.flatMap { view.tiers[$0] }.map { "\(reader($0))" } }

  // MARK: what will be

  private func outcome(_ preview: MergePreview) -> Markup {
    let wallet = preview.wallet
    let debt = preview.survivor.wallet.active + preview.merged.wallet.active - wallet.active
    let facts: [(name: String, value: Markup?)] = [
      (reader("Баллов у участника", "Points of the member"), "<b>\(reader.points(wallet.active))</b>"),
      (reader("Ещё не активны", "Not active yet"), points(wallet.pending)),
      (reader("Отложены кассами", "Set aside by tills"), points(wallet.held)),
      (reader("Списано в счёт долга", "Taken for a debt"), points(debt)),
      (reader("Чеков", "Receipts"), "\(reader.number(wallet.history.purchases))"),
      (
        reader("Номеров и карт", "Numbers and cards"),
        "\(reader.number(Int64(preview.survivor.identifiers.count + preview.merged.identifiers.count)))"
      ),
    ]
    let note = reader(
      "Сроки баллов остаются прежними. Чеки и возвраты обоих видны у одного участника. Любая из карт находит его на кассе.",
      "Points keep their lives. Receipts and returns of both are seen with the one member. Either card finds them at a till.")
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Что получится", "What it will be"))</h2></header>\
      <div class="panel-body stack s">\(FactList(rows: facts).html)<p class="hint">\(note)</p></div></section>
      """
  }

  private func deciding(_ preview: MergePreview) -> Markup {
    let why = Field(
      name: "reason", label: reader("Почему это один человек", "Why it is one person"), value: visit.form["reason"],
      hint: reader("останется в журнале обоих участников", "stays in the audit trail of both members"))
    let swap = "/console/members/\(preview.merged.member.id)/merge?with=\(view.survivor.id.description)"
    return """
      <section class="panel form-panel"><div class="inline-form">\(why.html)<div class="row wrap">\
      <button class="button primary">\(Icon.members.small)\(reader("Объединить", "Merge"))</button>\
      <a class="button" href="\(swap)">\(Icon.refresh.small)\(reader("Оставить другого", "Keep the other one"))</a>\
      <a class="button ghost" href="/console/members/\(view.survivor.id)">\(reader("Отмена", "Cancel"))</a></div></div></section>
      """
  }
}
