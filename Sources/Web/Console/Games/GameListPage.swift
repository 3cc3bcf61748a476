import Access
import Kernel
import Loyalty

struct GameList: Sendable {
  static let size = 50

  let games: [Known<GameDetails>]
  let editions: [GameID: GameEdition]
  let next: GameID?
}

struct GameListPage {
  let list: GameList
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Игры", "Games"), actions: visit.may(.changeProgramme) ? make : .nothing,
      notes: [
        reader(
          "Участник тратит попытку и узнаёт, что выиграл; каждый розыгрыш можно проверить",
          "A member spends a turn and learns what was won; every draw can be checked")
      ],
      body: "<div class=\"page-body\">\(list.games.isEmpty ? empty : table)</div>")
  }

  private var make: Markup {
    """
    <a class="button" href="/console/games/new-hunt">\(Icon.plus.small)\(reader("Новая охота", "New hunt"))</a>\
    <a class="button primary" href="/console/games/new">\(Icon.plus.small)\(reader("Новая игра", "New game"))</a>
    """
  }

  private var empty: Markup {
    let says = reader(
      "Игра говорит, что и с какой вероятностью можно выиграть и сколько призов есть. Попытки даёт акция: награда «попытки в игре».",
      "A game says what can be won, how likely and how many there are. Turns come from a promotion: the reward \u{201c}turns of a game\u{201d}."
    )
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Игр ещё нет", "There are no games yet"))</h2>\
      <p>\(says)</p>\(visit.may(.changeProgramme) ? make : .nothing)</div></div></section>
      """
  }

  private var table: Markup {
    let words = GameWords(reader: reader, now: visit.call.at)
    let rows = list.games.map { game -> Markup in
      let (details, edition) = (game.details, list.editions[game.id])
      let won = edition.map { edition in edition.given.dropLast().reduce(0, +) } ?? 0
      return """
        <tr><th scope="row"><a href="/console/games/\(game.id)">\(reader(details.name))</a><small>\(details.code)</small></th>\
        <td>\(words.kind(details.kind))</td><td>\(words.badge(details))</td><td class="num">\(String(edition?.number ?? 0))</td>\
        <td class="num">\(reader.number(edition?.drawn ?? 0))</td><td class="num">\(reader.number(won))</td>\
        <td class="nowrap">\(words.span(details))</td></tr>
        """
    }
    return DataTable(
      label: reader("Игры", "Games"),
      columns: [
        .text(reader("Игра", "Game"), small: reader("Код", "Code")), .text(reader("Вид", "Kind")),
        .text(reader("Состояние", "State")),
        .number(reader("Выпуск", "Edition")), .number(reader("Розыгрышей", "Draws")), .number(reader("Призов", "Prizes")),
        .text(reader("Идёт", "Played")),
      ], rows: rows
    ).panel(next: reader.further(list.next.map { "/console/games?before=\($0)" }))
  }
}
