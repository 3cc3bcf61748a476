import Access
import Kernel
import Loyalty

/// One game with one of its editions.
struct GameView: Sendable {
  static let size = 50

  let game: Known<GameDetails>
  let edition: GameEdition
  /// Latest first.
  let editions: [GameEdition]
  let draws: [GameDraw]
  /// Only draws that gave this place of the table.
  let prize: Int?
  let next: Int64?
  /// Nil of other games.
  var hunt: HuntView?
}

struct GamePage {
  let view: GameView
  let visit: Visit
  let refusal: Problem?

  var reader: Reader { visit.reader }
  var details: GameDetails { view.game.details }
  var edition: GameEdition { view.edition }
  var path: String { "/console/games/\(view.game.id)" }
  private var words: GameWords { GameWords(reader: reader, now: visit.call.at) }
  /// The published table, with what things cost where the game still says it.
  var table: PrizeTable { isPriced ? details.table : edition.table }
  private var isPriced: Bool { details.table.published == edition.table.published }
  var isOpen: Bool { !details.isClosed && edition.closedAt == nil }

  var page: Page {
    let acts: Markup =
      visit.may(.changeProgramme) && !details.isClosed
      ? "<a class=\"button\" href=\"\(path)/edit\">\(reader("Изменить", "Edit"))</a>" : .nothing
    return Page(
      title: reader(details.name), marks: words.badge(details), actions: acts,
      notes: [details.code, words.kind(details.kind), words.span(details)]
        + (details.hunt.map { [HuntWords(reader: reader, receipts: nil).places($0)] } ?? []),
      crumbs: [(reader("Игры", "Games"), "/console/games")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\
        \(view.hunt.map(finds) ?? prizes)\(log)</div><aside class="aside stack">\(facts)\(cost)\(proof)\(ending)</aside></div>
        """)
  }

  /// Chances in plain words, and what is left of each prize.
  private var prizes: Markup {
    let rows = table.all.enumerated().map { place, prize -> Markup in
      let given = edition.given.indices.contains(place) ? edition.given[place] : 0
      let left =
        prize.stock.map { stock -> Markup in
          let text = reader(
            "осталось \(reader.number(stock - given)) из \(reader.number(stock))",
            "\(reader.number(stock - given)) of \(reader.number(stock)) left")
          let share = scaled(given, by: 1_000, over: max(1, stock), .down)
          return "\(Meter.budget(share).html)<small>\(text)</small>"
        } ?? "<small>\(reader("сколько выпадет", "as many as are won"))</small>"
      return """
        <tr><th scope="row">\(reader(prize.name))<small>\(words.gift(prize.gift, visit.started?.settings.pointsName ?? .standard))</small></th>\
        <td>\(words.chance(prize.chance))<small>\(reader(prize.chance.percentText.replacing(".", with: ","), prize.chance.percentText))\u{a0}%</small></td>\
        <td>\(left)</td><td class="num">\(reader.number(given))</td></tr>
        """
    }
    return DataTable(
      label: reader("Призы выпуска \(edition.number)", "Prizes of edition \(edition.number)"),
      columns: [
        .text(reader("Приз", "Prize")), .text(reader("Получает", "Who gets it")), .text(reader("Запас", "Stock")),
        .number(reader("Выдано", "Given")),
      ], rows: rows
    ).panel(heading: true)
  }

  private var log: Markup {
    var filters = [(view.hunt == nil ? reader("все", "all") : reader("всё найденное", "all finds"), Int?.none)]
    filters += edition.table.all.enumerated().map { (reader($1.name), $0) }
    let options = filters.map { name, place -> Markup in
      let chosen: Markup = place == view.prize ? " selected" : ""
      return "<option value=\"\(place.map(String.init) ?? "")\"\(chosen)>\(name)</option>"
    }
    let find: Markup = """
      <form class="find" method="get" action="\(path)"><input type="hidden" name="edition" value="\(String(edition.number))">\
      <select class="input" name="prize" aria-label="\(reader("Приз", "Prize"))">\(options)</select>\
      <button class="button">\(reader("Показать", "Show"))</button></form>
      """
    guard !view.draws.isEmpty else {
      return
        "\(find)<section class=\"panel\"><p class=\"panel-body muted\">\(reader("Таких розыгрышей ещё нет.", "There are no such draws yet."))</p></section>"
    }
    let rows = view.draws.map(row)
    var more: String?
    if let next = view.next {
      more = "\(path)?edition=\(edition.number)&before=\(next)" + (view.prize.map { "&prize=\($0)" } ?? "")
    }
    let table = DataTable(
      label: reader("Журнал розыгрышей", "Log of draws"),
      columns: [
        .number("№"), .text(reader("Когда", "When")), .text(reader("Кто", "Who")), .number(reader("Число", "Number")),
        .text(reader("Что выдано", "What was given")),
      ], rows: rows)
    return "\(find)\(table.panel(heading: true, next: reader.further(more)))"
  }

  private func row(_ draw: GameDraw) -> Markup {
    let prize = edition.table.all[draw.given]
    let note: Markup? =
      draw.isOutOfStock
      ? "<small>\(reader("выпал «\(reader(edition.table.all[draw.hit].name))», но он кончился", "threw \u{201c}\(reader(edition.table.all[draw.hit].name))\u{201d}, of which none was left"))</small>"
      : nil
    let member: Markup =
      visit.may(.seeMembers) ? "<a class=\"text-link\" href=\"/console/members/\(draw.member)\">\(draw.member)</a>" : "–"
    return """
      <tr><th scope="row" class="num">\(reader.number(draw.number))</th><td class="nowrap">\(reader.moment(draw.at))</td>\
      <td>\(member)</td><td class="num">\(reader.number(draw.roll))</td><td>\(reader(prize.name))\(note)</td></tr>
      """
  }

  private var facts: Markup {
    func cap(_ count: Int64?) -> Markup { count.map { "\(reader.number($0))" } ?? "\(reader("сколько угодно", "any number"))" }
    let editions = view.editions.map { edition -> Markup in
      edition.number == view.edition.number
        ? "<b>\(String(edition.number))</b> "
        : "<a class=\"text-link\" href=\"\(path)?edition=\(String(edition.number))\">\(String(edition.number))</a> "
    }
    return FactList(rows: [
      (reader("Выпуск", "Edition"), "\(editions)"), (reader("Розыгрышей", "Draws"), "\(reader.number(edition.drawn))"),
      (reader("Начат", "Begun"), "\(reader.moment(edition.openedAt))"),
      (reader("Окончен", "Ended"), edition.closedAt.map { "\(reader.moment($0))" }),
      (reader("В день одному", "A day for one"), cap(details.memberDaily)),
      (reader("В день всем", "A day for all"), cap(details.gameDaily)),
    ]).panel(reader("Игра", "Game"))
  }

  /// Of an edition with the game's prizes of today: a log that everybody may read does not keep what things cost.
  private var cost: Markup? {
    guard isPriced, details.hunt == nil else { return nil }
    let expected = table.cost(of: 1_000)
    return FactList(rows: [
      (reader("Деньгами", "Money"), "\(reader.money(expected.money))"),
      (reader("Баллами", "Points"), "\(reader.points(expected.points))"),
    ]).panel(reader("1000 розыгрышей стоит", "1,000 draws cost"))
  }

  private var proof: Markup {
    let seed: Markup =
      edition.seed.map { seed -> Markup in
        "<p><b>\(reader("Зерно", "Seed"))</b></p><code class=\"break\">\(seed)</code>"
      }
      ?? "<p class=\"muted\">\(reader("Зерно откроется, когда выпуск окончится: по нему каждый пересчитает все розыгрыши.", "The seed is revealed when the edition ends: from it anybody computes every draw again."))</p>"
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Доказательство", "Proof"))</h2></header><div class="panel-body stack s">\
      <p><b>\(reader("Обязательство", "Commitment"))</b> SHA-256</p><code class="break">\(edition.commitment)</code>\
      <p><b>\(reader("Отпечаток призов и шансов", "Fingerprint of prizes and chances"))</b> SHA-256</p><code class="break">\(edition.fingerprint)</code>\(seed)\
      <a class="button" href="\(path)/log.csv?edition=\(String(edition.number))">\(reader("Скачать журнал", "Download the log"))</a></div></section>
      """
  }

  /// A new edition, and the end.
  private var ending: Markup? {
    guard visit.may(.changeProgramme), isOpen else { return nil }
    let begin: Markup? =
      edition.drawn > 0
      ? "<a class=\"button\" href=\"\(path)/edition\">\(reader("Начать новый выпуск", "Begin a new edition"))</a>" : nil
    let close = Farewell(
      label: reader("Закрыть игру", "Close the game"),
      warning: reader(
        "Играть больше нельзя, неиспользованные попытки пропадут, зерно откроется. Открыть игру снова нельзя.",
        "Nobody plays any more, turns that are left are lost, the seed is revealed. A closed game stays closed."),
      button: ActButton(path: "\(path)/close", label: reader("Закрыть навсегда", "Close it for good"), style: "danger")
    ).html(visit)
    return "<section class=\"panel\"><div class=\"panel-body stack\">\(begin)\(close)</div></section>"
  }
}
