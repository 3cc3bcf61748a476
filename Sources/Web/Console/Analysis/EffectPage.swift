import Cube
import Insight
import Kernel
import Loyalty

/// Whoever gets everything beside whom a control group keeps apart: how they differ, and how sure that is.
struct EffectPage {
  let view: EffectView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var words: EffectWords { EffectWords(reader: reader) }

  var page: Page {
    Page(
      title: reader("Эффект программы", "What the programme brought"),
      notes: [
        reader(
          "Участники против контрольной группы, которой акции и бонусы не предлагаются",
          "Members against the control group, to whom nothing is offered")
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path)],
      body: "<div class=\"page-body\">\(form)\(content)</div>")
  }

  private var form: Markup {
    let question = view.question
    let whose =
      [("", reader("Вся программа", "The whole programme"))] + view.promotions.map { ($0.code, $0.name(reader)) }
    let segments = [("", reader("Все участники", "All members"))] + view.segments.map { ($0.code, reader($0.name)) }
    let counted = [("", reader("как отчёты", "whom reports count")), ("everybody", reader("всех", "everybody"))]
    return """
      <form class="find" method="get" action="\(ConsoleDesk.effectPath)">\
      \(Field(name: "from", label: reader("С", "From"), value: "\(question.first)", type: "date").html)\
      \(Field(name: "to", label: reader("По", "Through"), value: "\(question.last)", type: "date").html)\
      \(Choice(name: "promotion", label: reader("Контрольная группа", "Control group"), options: whose, chosen: question.promotion ?? "").html)\
      \(Choice(name: "segment", label: reader("Среди", "Among"), options: segments, chosen: question.segment ?? "").html)\
      \(Choice(name: "people", label: reader("Учитывать", "Counting"), options: counted, chosen: question.isOfEverybody ? "everybody" : "").html)\
      \(EffectChoice.fold(view, reader))<button class="button">\(reader("Показать", "Show"))</button></form>
      """
  }

  private var content: Markup {
    if let refusal = view.refusal {
      guard refusal.code == "no_control_group" else { return Notice.refusal(refusal, reader) }
      return none
    }
    guard let answer = view.answer else {
      return Notice.warning(
        reader(
          "Столбцы для анализа ещё готовятся. Загляните через минуту.",
          "The columns for analysis are being made. Look again in a minute."))
    }
    guard answer[.sales] != nil else { return few(answer) }
    return
      "\(unfair(answer) ?? .nothing)\(stats(answer))\(table(answer))\(method(answer))\(DefinitionPanel(notes: answer.notes, reader: reader).html)"
  }

  private var none: Markup {
    let says = reader(
      "Чтобы узнать, что лояльность действительно принесла, небольшую часть участников выбирают жребием и ничего им не предлагают. Включите контрольную группу в настройках программы или у отдельной акции; через несколько недель здесь будет ответ.",
      "To learn what loyalty really brought, a small part of the members is drawn by lot and offered nothing. Turn the control group on in the programme's settings or for one promotion; some weeks later the answer is here."
    )
    return """
      <section class="panel"><div class="empty">\(Icon.flask.usual)<h2>\(reader("Сравнивать пока не с кем", "There is nobody to compare with yet"))</h2><p>\(says)</p>\
      <a class="button primary" href="/console/programme">\(reader("К настройкам программы", "To the programme's settings"))</a></div></section>
      """
  }

  private func few(_ answer: EffectAnswer) -> Markup {
    Notice.warning(
      reader(
        "В группах \(reader.number(answer.served)) и \(reader.number(answer.control)) участников, вступивших до начала периода. Меньше \(Effect.fewest) в группе ничего не говорят: возьмите период позже или увеличьте долю контрольной группы.",
        "The groups have \(reader.number(answer.served)) and \(reader.number(answer.control)) members who joined before the period. Fewer than \(Effect.fewest) in a group say nothing: take a later period, or make the control group larger."
      ))
  }

  private func unfair(_ answer: EffectAnswer) -> Markup? {
    answer.isFair
      ? nil
      : Notice.warning(
        reader(
          "Размеры групп не похожи на жребий: в контрольной \(reader.number(answer.control)) из \(reader.number(answer.served + answer.control)). Возможно, сегмент выбран по тому, что сама программа изменила; сравнение нечестное.",
          "These sizes do not look like a lot: \(reader.number(answer.control)) of \(reader.number(answer.served + answer.control)) are in the control group. The segment may be chosen by what the programme itself changed; the comparison is not fair."
        ))
  }

  private func stats(_ answer: EffectAnswer) -> Markup {
    func stat(_ name: String, _ value: String, _ note: String) -> Markup {
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value)</dd><dd class=\"note\">\(note)</dd></div>"
    }
    func net(_ value: EffectValue) -> Markup {
      guard let effect = answer[value] else { return .nothing }
      let name =
        value == .sales
        ? reader("Выручка сверх контрольной", "Sales beyond the control group")
        : reader("Маржа сверх контрольной", "Margin beyond the control group")
      return stat(
        name, words.signed(words.all(effect.total, value), effect.total),
        "± \(words.all(effect.totalMargin, value)) · \(verdict(effect))")
    }
    let share = reader.share(answer.group.share)
    return """
      <dl class="stats \(answer[.margin] == nil ? "of3" : "of4")">\(net(.sales))\(net(.margin))\
      \(stat(reader("Получают всё", "Get everything"), reader.number(answer.served), reader("вступили до периода", "joined before the period")))\
      \(stat(reader("Контрольная группа", "Control group"), reader.number(answer.control), reader("\(share) по жребию с \(since(answer))", "\(share) by lot since \(since(answer))")))</dl>
      """
  }

  private func since(_ answer: EffectAnswer) -> String { reader.date(reader.zone.civil(at: answer.group.since).day) }

  private func verdict(_ effect: Effect) -> String {
    if !effect.isSure { return reader("не отличить от случая", "may be chance") }
    return effect.difference > 0 ? reader("выше, уверенно", "higher, surely") : reader("ниже, уверенно", "lower, surely")
  }

  private func table(_ answer: EffectAnswer) -> Markup {
    let usual = EffectValue.allCases.compactMap { value in
      answer[value].map { effect in
        row(words.name(value), effect, isGain: value != .discount && value != .earned) {
          words.each($0, value)
        } all: {
          words.all($0, value)
        }
      }
    }
    let rows = usual + answer.asked.map(row)
    return DataTable(
      label: reader("На одного участника за период", "For one member in the period"),
      columns: [
        .text(reader("Показатель", "Value")), .number(reader("Контрольная", "Control")),
        .number(reader("Остальные", "Everybody else")),
        .number(reader("Разница", "Difference")), .text(reader("95 % интервал", "95% interval")),
        .number(reader("На всех", "All together")), .text(reader("Вывод", "Verdict")),
      ], rows: rows, files: .own
    ).panel(
      heading: true,
      foot: "<footer class=\"panel-foot\"><span></span>\(reader.files(ConsoleDesk.effectPath + "/effect", query))</footer>")
  }

  private var query: String {
    var parts = ["from=\(view.question.first)", "to=\(view.question.last)"]
    if let code = view.question.promotion { parts.append("promotion=" + queryText(code)) }
    if let code = view.question.segment { parts.append("segment=" + queryText(code)) }
    if view.question.isOfEverybody { parts.append("people=everybody") }
    parts += EffectChoice.query(view.question.values)
    return "?" + parts.joined(separator: "&")
  }

  private func row(_ asked: EffectAnswer.Asked) -> Markup {
    guard let effect = asked.effect else {
      let says = reader("делить не на что: в одной из групп этого нет", "nothing to divide by: one of the groups has none of it")
      return "<tr><th scope=\"row\">\(words.name(asked))</th><td colspan=\"6\" class=\"muted\">\(says)</td></tr>"
    }
    return row(words.name(asked), effect, isGain: EffectChoice.isGain(asked.measure)) {
      words.each($0, asked)
    } all: {
      words.all($0, asked)
    }
  }

  private func row(
    _ name: String, _ effect: Effect, isGain: Bool, each: (Double) -> String, all: (Double) -> String?
  ) -> Markup {
    let (low, high) = (effect.difference - effect.margin, effect.difference + effect.margin)
    let lift: Markup? = effect.lift.map {
      "<small>\(words.signed(reader.decimal(EffectWords.whole($0 * 1_000), digits: 1), $0)) %</small>"
    }
    let interval = "\(words.signed(each(low), low)) … \(words.signed(each(high), high))"
    let total = all(effect.total).map { words.signed($0, effect.total) } ?? "–"
    return """
      <tr><th scope="row">\(name)</th><td class="num">\(each(effect.control))</td>\
      <td class="num">\(each(effect.served))</td>\
      <td class="num">\(words.signed(each(effect.difference), effect.difference))\(lift ?? .nothing)</td>\
      <td class="interval">\(whisker(low, high, effect, isGain: isGain))<small>\(interval)</small></td>\
      <td class="num">\(total)</td>\
      <td class="nowrap">\(verdict(effect))<small>\(p(effect))</small></td></tr>
      """
  }

  private func p(_ effect: Effect) -> String {
    effect.p < 0.0001
      ? "p < " + reader.decimal(1, digits: 4) : "p = " + reader.decimal(EffectWords.whole(effect.p * 10_000), digits: 4)
  }

  /// Nought in the middle; the interval as a bar, the difference as a dot. What it says stands beside it in words.
  /// - Parameter isGain: more of it is better for the shop; of what is given away it is neither.
  private func whisker(_ low: Double, _ high: Double, _ effect: Effect, isGain: Bool) -> Markup {
    let most = max(abs(low), abs(high))
    guard most > 0 else { return .nothing }
    func at(_ amount: Double) -> Int { 80 + Int(EffectWords.whole(amount / most * 76)) }
    let tone = effect.isSure && isGain ? (effect.difference > 0 ? "up" : "down") : "open"
    return """
      <svg class="whisker \(tone)" viewBox="0 0 160 14" width="160" height="14" aria-hidden="true"><line class="zero" x1="80" x2="80" y1="0" y2="14"/>\
      <line class="bar" x1="\(at(low))" x2="\(at(high))" y1="7" y2="7"/><circle cx="\(at(effect.difference))" cy="7" r="4"/></svg>
      """
  }

  private func method(_ answer: EffectAnswer) -> Markup {
    let before = reader.date(answer.before.lowerBound) + " – " + reader.date(answer.before.upperBound)
    let first = reader.date(answer.question.first)
    let says = reader(
      "Считаются участники, вступившие до \(first), в том числе те, кто ничего не купил. Разница очищена от того, чем группы отличались раньше (\(before)). В 95 случаях из 100 такой интервал накрывает настоящую разницу. Маржа – там, где известна себестоимость; начисленные бонусы – обязательство, которое из неё ещё не вычтено.",
      "Members count who joined before \(first), those who bought nothing included. The difference is freed of what the groups differed by before (\(before)). In 95 cases of 100 such an interval holds the true difference. Margin is of goods whose cost is known; points earned are owed and not yet taken off it."
    )
    return "<p class=\"hint\">\(says)</p>"
  }
}
