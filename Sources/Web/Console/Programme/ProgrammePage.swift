import Access
import Calculator
import Conditions
import Kernel
import Loyalty

/// Every setting of the programme, section by section, each beside what follows from it.
struct ProgrammePage {
  let editing: ProgrammeEditing
  let visit: Visit

  var reader: Reader { visit.reader }
  var form: Form { editing.form }

  var consequences: Consequences {
    Consequences(
      settings: editing.settings, terms: editing.terms, promotions: editing.bench.book?.promotions ?? [], reader: reader,
      now: visit.call.at)
  }

  var page: Page {
    var notes = [reader("версия \(editing.programme.version)", "version \(editing.programme.version)")]
    if let latest = editing.latest {
      notes.append(
        reader(
          "сохранил \(reader.actor(latest.actor)), \(reader.moment(latest.madeAt))",
          "saved by \(reader.actor(latest.actor)), \(reader.moment(latest.madeAt))"))
    }
    return Page(
      title: reader("Программа", "Programme"),
      actions: "<a class=\"button\" href=\"/console/programme/versions\">\(Icon.history.small)\(reader("Версии", "Versions"))</a>",
      notes: notes,
      body: """
        <div class="stack">\(LimitPanel(editing: editing, visit: visit).html)<form method="post" action="/console/programme">\(visit.key)<input type="hidden" name="version" value="\(form["version"])">\
        <div class="page-body">\(notice)\(sections)\(trial)\(saving)</div></form></div>
        """)
  }

  private var notice: Markup? {
    if let rows = editing.meanwhile, let refusal = editing.refusal {
      return Notice.overtaken(refusal, "<dl class=\"changes\">\(rows.map { $0.html(reader) })</dl>", reader)
    }
    if !editing.faults.isEmpty { return Notice.faults(editing.faults.count, reader) + elsewhere }
    if let refusal = editing.refusal { return Notice.refusal(refusal, reader) }
    if editing.isSaved { return Notice.good(reader("Сохранено. Кассы уже считают по-новому", "Saved. Tills price by it already")) }
    guard editing.isWaiting else { return nil }
    return Notice.warning(
      reader(
        "Кассы считают по прежним настройкам: новые ещё не опубликованы. Сохранение опубликует их",
        "Tills price by older settings: the stored ones are not published yet. Saving publishes them"))
  }

  /// What is wrong with something that has no field here: a promotion that the new settings break.
  private var elsewhere: Markup {
    Markup(
      editing.faults.filter { $0.key.hasPrefix("/promotions/") }.sorted { $0.key < $1.key }.map { place, text in
        Notice.info("\(place): \(text)")
      })
  }

  private var sections: Markup {
    let facts = consequences
    let all: [(String, Markup, [String])] = [
      (reader("Название", "Name"), nameFields, [facts.names] + facts.holidays),
      (reader("Начисление", "Earning"), earningFields, facts.earning + facts.status),
      (reader("Жизнь баллов", "How points live"), lifeFields, [facts.life(editing.settings.points.base)]),
      (reader("Списание", "Spending"), spendingFields, facts.spending),
      (reader("Округление скидок и чека", "Rounding of reductions and receipts"), roundingFields, facts.rounding),
      (reader("Кому что можно", "Who may what"), permissionFields, [permissions]),
      (reader("Контрольная группа", "Control group"), controlFields, [facts.control]),
      (reader("Группы акций", "Groups of promotions"), groupFields, [groups]),
      (reader("Возвраты и поздние чеки", "Returns and late receipts"), settings(Setting.returns), facts.returns),
      (reader("Баллы от оператора", "Points by hand"), settings(Setting.goodwill), [facts.goodwill]),
      (reader("Баллы между участниками", "Points between members"), sharingLinks, sharing),
      (reader("Согласование акций", "Approval of promotions"), settings(Setting.approval), [facts.approval]),
      (reader("Как узнаём участника", "How members are known"), "\(identifierFields)\(consentTexts)", [identifiers]),
    ]
    return Markup(
      all.map { section -> Markup in
        let says = section.2.map { text -> Markup in "<p>\(text)</p>" }
        return """
          <section class="panel"><header class="panel-head"><h2>\(section.0)</h2></header><div class="settings"><div class="stack">\(section.1)</div>\
          <div class="consequence"><b>\(reader("Что это значит", "What it means"))</b>\(says)</div></div></section>
          """
      })
  }

  private var permissions: String {
    let spenders = MemberKind.allCases.filter { editing.settings.treatment(of: $0).spends }.map { KindWords.member($0, reader) }
    return reader(
      "Списывают: \(spenders.joined(separator: ", ")). Кому не дают акций, тем остаются открытые цены",
      "These spend: \(spenders.joined(separator: ", ")). Who gets no offers still gets public prices")
  }

  /// These have pages of their own.
  private var sharingLinks: Markup {
    let links = [
      ("/console/transfers", reader("Передача баллов", "Points to others")), ("/console/households", reader("Семьи", "Households")),
      ("/console/charity", reader("Фонды", "Charities")),
    ]
    return Markup(links.map { path, name -> Markup in "<p><a class=\"text-link\" href=\"\(path)\">\(name)</a></p>" })
  }

  /// What members agree to is kept apart from the settings.
  private var consentTexts: Markup {
    "<p><a class=\"text-link\" href=\"\(ConsoleDesk.consentTextsPath)\">\(reader("Тексты согласий", "Texts of consents"))</a></p>"
  }

  private var sharing: [String] {
    let settings = editing.settings
    let transfers =
      settings.transfers.map { terms in
        let most =
          terms.mostPerDay.map { reader(", не больше \(reader.points($0)) в день", ", at most \(reader.points($0)) in a day") }
          ?? ""
        return terms.whom == .household
          ? reader("Передают баллы внутри своей семьи\(most)", "Members give points within their own household\(most)")
          : reader("Передают баллы любому участнику\(most)", "Members give points to any member\(most)")
      } ?? reader("Баллы друг другу не передают", "Members give no points to each other")
    let households =
      settings.households == nil
      ? reader("Семей в программе нет", "The programme has no households")
      : reader("Семьи есть", "There are households")
    let count = settings.giving.charities.count
    return [
      transfers, households,
      count == 0
        ? reader("Фондам баллов не отдают", "No points go to charities")
        : reader("Фондов: \(count)", "Charities: \(count)"),
    ]
  }

  private var groups: String {
    reader(
      "Группы идут по порядку списка. В группе действуют все акции, первая или лучшая; без группы складываются все",
      "Groups run in the order of the list. In a group all promotions apply, the first, or the best; without a group all add up")
  }

  private var identifiers: String {
    let rules = editing.settings.identifiers
    return reader(
      "Номер +\(rules.country)… это телефон; диапазонов карт: \(rules.cards.count)",
      "+\(rules.country)… is a telephone; ranges of cards: \(rules.cards.count)")
  }

  private var saving: Markup {
    let hint = reader(
      "Сохраняется новой версией, и кассы считают по ней через секунду. Проданное остаётся как есть. Сначала можно посмотреть, что это значит.",
      "Saved as a new version, by which tills price a second later. What is sold stays as it is. Look first at what it means, if you like."
    )
    return """
      <div class="savebar"><p class="soft">\(hint)</p><div class="row wrap">\
      <button class="button" name="act" value="preview" formaction="/console/programme">\(reader("Что это значит", "What it means"))</button>\
      <button class="button primary" name="act" value="save">\(reader("Сохранить", "Save"))</button></div></div>
      """
  }

  private var trial: Markup {
    let outcome = editing.trial.map { TrialOutcome(trial: $0, about: nil, reader: reader).html }
    return """
      <section class="panel" id="trial"><header class="panel-head"><h2>\(reader("Проверка на чеке", "Try it on a basket"))</h2>\
      <span class="muted">\(reader("до сохранения", "before saving"))</span></header><div class="panel-body stack">\
      \(TrialFields(reading: editing.reading, bench: editing.bench, visit: visit).html)\
      <div><button class="button" name="act" value="preview" formaction="/console/programme#trial">\(reader("Рассчитать", "Calculate"))</button></div></div></section>\
      \(outcome)
      """
  }
}
