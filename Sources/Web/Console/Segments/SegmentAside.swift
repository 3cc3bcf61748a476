import Cube
import Insight
import Kernel

/// Beside the builder: how many people, what they are to the shop, whom one can reach, and what names the segment.
struct SegmentAside {
  let view: SegmentView
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup {
    """
    <aside class="aside stack" aria-label="\(reader("Размер и ценность сегмента", "Size and worth of the segment"))">\
    <div class="stack" id="figures" aria-live="polite">\(size)\(reach)\(mix)</div>\(uses)</aside>
    """
  }

  private func panel(_ title: String, _ body: Markup, mark: Markup? = nil) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2>\(mark)</header><div class=\"panel-body\">\(body)</div></section>"
  }

  private var size: Markup {
    guard let figures = view.figures else {
      let says =
        view.hasColumns
        ? reader("Добавьте условие, и здесь появится точное число.", "Add a condition, and the exact number appears here.")
        : reader(
          "Столбцы для анализа ещё готовятся; числа появятся через минуту.",
          "The columns for analysis are still being made; figures appear in a minute.")
      return panel(reader("Участников", "Members"), "<p class=\"soft\">\(says)</p>")
    }
    let took = reader(
      "Посчитано за \(figures.milliseconds)\u{a0}мс по всем \(reader.number(figures.everybody)), на \(reader.date(figures.day))",
      "Counted in \(figures.milliseconds)\u{a0}ms over all \(reader.number(figures.everybody)), as of \(reader.date(figures.day))")
    return """
      <section class="panel" aria-labelledby="h-n"><div class="panel-body stack"><div><h2 class="soft" id="h-n">\(reader("Участников, точно", "Members, exactly"))</h2>\
      <div class="row between"><span class="big xl">\(reader.number(figures.members))</span>\(change)</div>\
      <p class="muted small">\(took)</p></div>\(worth(figures))</div></section>
      """
  }

  /// Against a week before, as tills knew it.
  private var change: Markup? {
    guard let last = view.sizes.last, let then = view.sizes.last(where: { last.day - $0.day >= 7 }) else { return nil }
    let change = Int64(last.members - then.members)
    let style = change > 0 ? "good" : change < 0 ? "bad" : ""
    return
      "<span class=\"delta \(style)\">\(reader.signed(reader.number(change), isPositive: change > 0)) \(reader("за неделю", "in a week"))</span>"
  }

  private func worth(_ figures: SegmentFigures) -> Markup {
    func share(_ part: Int64, _ whole: Int64) -> String {
      whole <= 0 ? "–" : reader.decimal(scaled(part, by: 10_000, over: whole, .halfUp), digits: 2) + "\u{a0}%"
    }
    func average(_ people: PeopleFigures) -> String {
      people.receipts == 0 ? "–" : reader.money(Money(minor: divided(people.money, by: people.receipts, .halfUp)))
    }
    func yearly(_ people: PeopleFigures, _ members: Int64) -> String {
      members == 0 ? "–" : reader.money(Money(minor: divided(people.money, by: members, .halfUp)))
    }
    func monthly(_ people: PeopleFigures) -> String {
      people.active == 0 ? "–" : reader.decimal(scaled(people.receipts, by: 10, over: people.active * 12, .halfUp), digits: 1)
    }
    let rows: [(String, String, String)] = [
      (reader("Доля базы", "Share of all"), share(figures.members, figures.everybody), ""),
      (reader("Доля выручки", "Share of sales"), share(figures.own.money, figures.all.money), ""),
      (
        reader("Покупали за год", "Bought in a year"), share(figures.own.active, figures.members - figures.leftOut),
        share(figures.all.active, figures.everybody - figures.allLeftOut)
      ),
      (reader("Средний чек", "Average receipt"), average(figures.own), average(figures.all)),
      (reader("Чеков в месяц", "Receipts a month"), monthly(figures.own), monthly(figures.all)),
      (
        reader("Выручка за год", "Sales in a year"), yearly(figures.own, figures.members - figures.leftOut),
        yearly(figures.all, figures.everybody - figures.allLeftOut)
      ),
    ]
    let left = figures.allLeftOut
    let says: Markup? =
      left == 0
      ? nil
      : "<p class=\"muted small\">\(reader("Выручка и чеки – без тех, кого не учитывают отчёты: \(reader.number(figures.leftOut)) в сегменте, \(reader.number(left)) во всей базе. В числе участников они есть", "Sales and receipts are without those whom reports leave out: \(reader.number(figures.leftOut)) of the segment, \(reader.number(left)) of everybody. The numbers of members have them"))</p>"
    let cells = rows.map { name, own, all -> Markup in
      "<tr><th scope=\"row\">\(name)</th><td class=\"num\">\(own)</td><td class=\"num muted\">\(all)</td></tr>"
    }
    return """
      <table class="table tight plain"><caption class="sr">\(reader("Сегмент и вся база за 364 дня", "The segment and everybody in 364 days"))</caption>\
      <thead><tr><td></td><th scope="col" class="num">\(reader("сегмент", "segment"))</th><th scope="col" class="num">\(reader("вся база", "everybody"))</th></tr></thead><tbody>\(cells)</tbody></table>\(says)
      """
  }

  private var reach: Markup? {
    guard let figures = view.figures else { return nil }
    let rows = SegmentReach.Channel.allCases.map { channel -> Markup in
      let count = figures.reach.by[channel] ?? 0
      let permille = figures.members == 0 ? 0 : scaled(count, by: 1_000, over: figures.members, .down)
      return
        "<li><span>\(name(channel))</span>\(Meter(permille: permille).html)<span class=\"num\">\(reader.number(count))</span></li>"
    }
    let says = reader(
      "С согласием на рекламу и с тем, куда писать. Частота и контрольная группа здесь не учтены.",
      "Who agreed to advertising and has an address for it. Frequency and control groups are not looked at here.")
    return panel(
      reader("Можно написать", "Can be reached"), "<ul class=\"bars\">\(rows)</ul><p class=\"muted small\">\(says)</p>",
      mark: "<b>\(reader.number(figures.reach.anyhow))</b>")
  }

  private func name(_ channel: SegmentReach.Channel) -> String {
    switch channel {
    case .sms: reader("СМС", "SMS")
    case .email: reader("Почта", "E-mail")
    case .push: reader("Пуш", "Push")
    case .messenger: reader("Мессенджер", "Messenger")
    case .call: reader("Звонок", "Call")
    }
  }

  /// Recency by frequency; figures in the cells, warmer where there are more.
  private var mix: Markup? {
    guard let figures = view.figures, figures.own.active > 0 else { return nil }
    let most = figures.fifths.joined().max() ?? 0
    let heads = (1...5).map { place -> Markup in "<th scope=\"col\">F\(place)</th>" }
    let rows = figures.fifths.enumerated().map { place, row -> Markup in
      let cells = row.map { count -> Markup in
        let warmth = most == 0 ? 0 : Int(scaled(count, by: 9, over: most, .halfUp))
        return "<td class=\"heat h\(warmth)\">\(reader.percent(count, of: figures.own.active) ?? "")</td>"
      }
      return "<tr><th scope=\"row\">R\(5 - place)</th>\(cells)</tr>"
    }
    let says = reader(
      "R5 – покупали недавно, F5 – часто; пятые части всех, кто покупал за год.",
      "R5 bought lately, F5 often; fifths of all who bought within a year.")
    return panel(
      reader("Давность и частота, %", "Recency and frequency, %"),
      """
      <table class="rf pivot"><caption class="sr">\(reader("Давность и частота, доля сегмента", "Recency and frequency, share of the segment"))</caption>\
      <thead><tr><td></td>\(heads)</tr></thead><tbody>\(rows)</tbody></table><p class="muted small">\(says)</p>
      """)
  }

  private var uses: Markup? {
    guard let uses = view.uses else { return nil }
    return SegmentUsesPanel(uses: uses, visit: visit).html
  }
}

/// What names a segment.
struct SegmentUsesPanel {
  let uses: SegmentUses
  let visit: Visit

  var html: Markup {
    let reader = visit.reader
    let promotions = uses.promotions.map { id, use -> Markup in
      "<li>\(Icon.promotions.usual)<div><a href=\"/console/promotions/\(id)\">\(reader(use.name))</a></div></li>"
    }
    let segments = uses.segments.map { id, use -> Markup in
      "<li>\(Icon.filter.usual)<div><a href=\"\(SegmentState.path)/\(id)\">\(reader(use.name))</a></div></li>"
    }
    let others = uses.others.map { FieldUseItem(use: $0, reader: reader).html }
    let nothing: Markup? =
      uses.isEmpty
      ? "<p class=\"panel-body soft\">\(reader("Его не называют ни акции, ни сегменты, ни отчёты, ни действия.", "No promotion, segment, report or action names it."))</p>"
      : nil
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Где используется", "Where it is used"))</h2><span class="badge">\(uses.count)</span></header>\
      \(nothing)\(uses.isEmpty ? nil : "<ul class=\"items ruled\">\(promotions)\(segments)\(others)</ul>" as Markup)</section>
      """
  }
}
