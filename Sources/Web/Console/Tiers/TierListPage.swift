import Customers
import Kernel
import Loyalty

/// Tiers as a list, with the rules by which members rise and fall.
struct TierListPage {
  let view: TierView
  let visit: Visit
  var isSaved = false

  var reader: Reader { visit.reader }
  private var words: TierWords { TierWords(reader: reader) }

  var page: Page {
    let edit: Markup = """
      <a class="button primary" href="/console/tiers/edit">\(Icon.list.small)\(reader("Уровни и правила", "Tiers and rules"))</a>
      """
    let subscriptions: Markup = """
      <a class="button" href="\(ConsoleDesk.subscriptionsPath)">\(reader("Подписки", "Subscriptions"))</a>
      """
    let may = visit.may(.changeProgramme) && !view.tiers.isEmpty
    return Page(
      title: reader("Уровни", "Tiers"), actions: view.tiers.isEmpty ? .nothing : subscriptions + (may ? edit : .nothing),
      notes: [
        reader(
          "Ступень участника: по ней акции дают больше, а привилегии – то, что деньгами не меряют",
          "A member's level: promotions give more by it, and privileges what is not measured in money")
      ],
      body: "<div class=\"page-body\">\(saved)\(view.tiers.isEmpty ? empty : "\(table)\(rules)")</div>")
  }

  private var saved: Markup? {
    isSaved
      ? Notice.good(reader("Сохранено. Участников пересчитывает фоновая работа", "Saved. Members are looked at in the background"))
      : nil
  }

  private var empty: Markup {
    let make: Markup = """
      <a class="button primary" href="/console/tiers/edit">\(Icon.plus.small)\(reader("Придумать уровни", "Make tiers"))</a>
      """
    let says = reader(
      "Два-три уровня и порог для каждого: до сохранения видно, сколько участников куда попадёт.",
      "Two or three tiers and a threshold for each: before you save you see how many members come where.")
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Уровней ещё нет", "There are no tiers yet"))</h2>\
      <p>\(says)</p>\(visit.may(.changeProgramme) ? make : .nothing)</div><div class="example">\
      <p><b>\(reader("Серебро", "Silver"))</b> \(reader("от", "from")) \(reader.money(Money(minor: 2_000_000)))</p>\
      <p><b>\(reader("Золото", "Gold"))</b> \(reader("от", "from")) \(reader.money(Money(minor: 6_000_000)))</p></div></div></section>
      """
  }

  private var table: Markup {
    let rows = view.tiers.reversed().map { tier -> Markup in
      let details = tier.details
      let counted = view.counts?.tiers[tier.id]
      let from = view.rung(of: details).flatMap { rung in view.ladder.map { words.counted(rung.from, $0.measure) } }
      let rights = details.privileges.map { privilege -> Markup in "<span class=\"badge\">\(reader(privilege.name))</span> " }
      return """
        <tr><th scope="row">\(reader(details.name))<small>\(details.code)</small></th>\
        <td>\(from.map { "\($0)" } ?? origin(of: tier))</td>\
        <td>\(rights.isEmpty ? "<span class=\"muted\">–</span>" : Markup(rights))</td>\
        <td>\(uses(of: tier.id))</td>\
        <td class="num">\(counted.map { reader.number($0.members) } ?? "–")</td>\
        <td class="num">\(counted.map { reader.number($0.falling) } ?? "–")</td></tr>
        """
    }
    let at = view.counts.map { counts -> Markup in
      "<footer class=\"panel-foot\"><span>\(reader("По правилам, сосчитано \(reader.moment(counts.at))", "By the rules, counted \(reader.moment(counts.at))"))</span></footer>"
    }
    return DataTable(
      label: reader("Уровни", "Tiers"),
      columns: [
        .text(reader("Уровень", "Tier"), small: reader("Код", "Code")), .text(reader("Порог", "From")),
        .text(reader("Привилегии", "Privileges")),
        .text(reader("В акциях", "In promotions")),
        .number(reader("Участников", "Members")), .number(reader("Опустятся за 30 дней", "Fall within 30 days")),
      ], rows: rows
    ).panel(foot: at)
  }

  private var rules: Markup {
    let said: Markup
    if let ladder = view.ladder {
      said = Markup(words.sentences(ladder).map { "<p>\($0).</p>" as Markup })
    } else {
      said = """
        <p class="muted">\(reader("Правил нет: уровни присваивают люди или другая система.", "There are no rules: people or another system give the tiers."))</p>
        """
    }
    let walking: Markup? = view.progress.flatMap { progress in
      progress.isDone
        ? nil
        : Notice.info(
          reader(
            "Участники пересчитываются по новым правилам: просмотрено \(reader.number(progress.members)).",
            "Members are being looked at by the new rules: \(reader.number(progress.members)) so far."))
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Как растут и опускаются", "How members rise and fall"))</h2></header>\
      <div class="panel-body stack s">\(walking)\(said)</div></section>
      """
  }
}
