import Access
import Kernel
import Loyalty
import Storage

/// A member's turns and prizes, for their card.
struct MemberGames: Sendable {
  /// Prizes on the card.
  private static var size: Int { 5 }

  let turns: [Turns]
  let games: [GameID: Known<GameDetails>]
  /// Latest first, each with what was given.
  let prizes: [(draw: GameDraw, prize: Prize)]
  /// Of hunts.
  var albums: [GameID: Album] = [:]

  /// - Parameter latest: the member's latest draws, where the caller knows them already.
  static func read(
    _ member: MemberID, _ games: Games, latest: [(draw: GameDraw, edition: GameEdition)]?, in tx: inout Transaction
  ) throws -> MemberGames {
    let turns = try games.turns(of: member, in: &tx)
    guard !turns.isEmpty else { return MemberGames(turns: [], games: [:], prizes: []) }
    let known = try games.games(turns.map(\.game), in: &tx)
    let prizes = try (latest ?? games.draws(of: member, limit: size, in: &tx)).prefix(size).filter { known[$0.draw.game] != nil }
      .map { (draw: $0.draw, prize: $0.edition.table.all[$0.draw.given]) }
    let isHunting = known.values.contains { $0.details.hunt != nil }
    return MemberGames(
      turns: turns.filter { known[$0.game] != nil }, games: known, prizes: prizes,
      albums: isHunting ? try games.albums(of: member, in: &tx) : [:])
  }
}

extension MemberPage {
  /// Turns that are left and the latest prizes; nothing for whoever never played.
  var games: Markup? {
    guard !card.games.turns.isEmpty else { return nil }
    let turns = card.games.turns.compactMap { turns -> Markup? in
      guard let game = card.games.games[turns.game] else { return nil }
      if let hunt = game.details.hunt { return album(card.games.albums[turns.game] ?? Album(), hunt, game) }
      let left = reader.count(Int(turns.left), ("попытка", "попытки", "попыток"), ("turn", "turns"))
      return """
        <li>\(Icon.star.usual)<div><b><a href="/console/games/\(game.id)">\(reader(game.details.name))</a></b>\
        <p>\(reader("осталось \(left), сыграно \(reader.number(turns.used))", "\(left) left, \(reader.number(turns.used)) played"))</p></div></li>
        """
    }
    let prizes = card.games.prizes.map { draw, prize -> Markup in
      "<li>\(Icon.check.usual)<div><b>\(reader(prize.name))</b><p>\(reader.moment(draw.at))</p></div></li>"
    }
    return """
      <section class="panel" id="games"><header class="panel-head"><h2>\(reader("Игры", "Games"))</h2></header>\
      \(notice(.finds).map { notice -> Markup in "<div class=\"panel-body\">\(notice)</div>" })\
      <ul class="items">\(turns)\(prizes)</ul></section>
      """
  }
}

extension MemberPage {
  /// What lies in the album, and what lacks to each collection.
  private func album(_ album: Album, _ hunt: HuntTerms, _ game: Known<GameDetails>) -> Markup {
    let table = game.details.table
    func named(_ finds: [FindCollection.Need]) -> String {
      finds.map { need in
        let name = table.prizes.first { $0.find?.code == need.find }.map { reader($0.name) } ?? need.find
        return need.count == 1 ? name : "\(name) × \(need.count)"
      }.joined(separator: ", ")
    }
    let have = album.have.sorted { $0.key < $1.key }.map { FindCollection.Need($0.key, $0.value) }
    let spare = album.spare(hunt.collections).sorted { $0.key < $1.key }.map { FindCollection.Need($0.key, $0.value) }
    let found =
      have.isEmpty ? reader("в альбоме пусто", "the album is empty") : reader("в альбоме: ", "in the album: ") + named(have)
    let beyond = spare.isEmpty ? nil : reader("лишние: ", "spare: ") + named(spare)
    let lines = hunt.collections.map { collection -> String in
      let done = album.completed[collection.code] ?? 0
      let missing = album.missing(collection)
      let state =
        done >= collection.times
        ? reader("собрана", "completed")
        : missing.isEmpty
          ? reader("всё есть, приз кончился", "all is there, the prize ran out")
          : reader("не хватает: ", "missing: ") + named(missing)
      let times =
        done > 0 && collection.times > 1
        ? reader(" (собрана ", " (completed ") + reader.count(Int(clamping: done), ("раз", "раза", "раз"), ("time", "times")) + ")"
        : ""
      return "\(reader(collection.name)): \(state)\(times)"
    }
    let told = ([found, beyond].compactMap { $0 } + lines).map { line -> Markup in "<p>\(line)</p>" }
    return """
      <li>\(Icon.star.usual)<div><b><a href="/console/games/\(game.id)">\(reader(game.details.name))</a></b>\(told)\(giving(album, hunt, game))</div></li>
      """
  }

  /// A spare find for another member, for who asks for it at a desk.
  private func giving(_ album: Album, _ hunt: HuntTerms, _ game: Known<GameDetails>) -> Markup? {
    guard let gifts = hunt.gifts, visit.may(.changeMembers), isAlive else { return nil }
    let have = album.have.filter { $0.value > (gifts.givesLast ? 0 : 1) }.keys.sorted()
    guard !have.isEmpty else { return nil }
    let options = have.map { code in
      (value: code, name: game.details.table.prizes.first { $0.find?.code == code }.map { reader($0.name) } ?? code)
    }
    let isRefused = refusal?.place == .finds && visit.form["game"] == game.details.code
    let find = Choice(
      name: "find", label: reader("Какую", "Which"), options: options, chosen: isRefused ? visit.form["find"] : nil,
      id: "find-\(game.id)")
    let to = Field(
      name: "to", label: reader("Кому", "To whom"), value: isRefused ? visit.form["to"] : "",
      hint: reader("карта, телефон или код участника", "a card, a telephone or a member's id"), limit: Limits.name,
      id: "find-to-\(game.id)")
    return """
      <details class="fold within"\(isRefused ? " open" : "" as Markup)><summary>\(Icon.right.usual)\(reader("Подарить находку", "Give a find"))</summary>\
      <form class="inline-form" method="post" action="\(path)/finds">\(visit.key)<input type="hidden" name="request" value="\(requestKey)">\
      <input type="hidden" name="game" value="\(game.details.code)">\(find.html)\(to.html)\
      <div><button class="button s">\(reader("Подарить", "Give"))</button></div></form></details>
      """
  }
}
