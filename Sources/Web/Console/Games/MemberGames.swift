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

  static func read(_ member: MemberID, _ games: Games, in tx: inout Transaction) throws -> MemberGames {
    let turns = try games.turns(of: member, in: &tx)
    guard !turns.isEmpty else { return MemberGames(turns: [], games: [:], prizes: []) }
    let known = try games.games(turns.map(\.game), in: &tx)
    let prizes = try games.draws(of: member, limit: size, in: &tx).filter { known[$0.draw.game] != nil }
      .map { (draw: $0.draw, prize: $0.edition.table.all[$0.draw.given]) }
    return MemberGames(turns: turns.filter { known[$0.game] != nil }, games: known, prizes: prizes)
  }
}

extension MemberPage {
  /// Turns that are left and the latest prizes; nothing for whoever never played.
  var games: Markup? {
    guard !card.games.turns.isEmpty else { return nil }
    let turns = card.games.turns.compactMap { turns -> Markup? in
      guard let game = card.games.games[turns.game] else { return nil }
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
      <section class="panel"><header class="panel-head"><h2>\(reader("Игры", "Games"))</h2></header>\
      <ul class="items">\(turns)\(prizes)</ul></section>
      """
  }
}
