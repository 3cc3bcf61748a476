import Access
import Calculator
import Kernel
import Loyalty
import Storage

// Games that members play at the till, in the app or in the shop.
extension TillDesk {
  /// `POST /till/v1/games/{code}/draws`: one turn of the member becomes one draw.
  func drawInGame(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let node = JSONNode(ask.body)
      node.expect("store", "register", "member")
      _ = node["member"].required()
      let showing = BasketReading.showing(node["member"])
      try node.issues.check("the draw")
      let code = call.path["code"] ?? ""
      let (programme, games, store, change) = (ask.programme, ask.floor.receipts.games, ask.till.store.id, change(call))
      let hash = BodyHash.of(ask.body, ask.till)
      let won = try await database.write(.till) { tx in
        // What is won is worth money: it is for whoever could also spend.
        let member = try MemberCalls.spender(programme.identify(showing, at: call.at, in: &tx))
        return try games.draw(code, by: member, at: store, request: request, bodyHash: hash, change: change, in: &tx)
      }
      count(won)
      return Answer(201, GameAnswer(ask.floor).json(won))
    } catch let problem as Problem {
      keepRefusal(ask, "games/draws", problem)
      throw problem
    }
  }

  /// `POST /till/v1/games/{code}/pages`: a member opened a page of the shop, where a hunt may hide something.
  func openHuntPage(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let node = JSONNode(ask.body)
      node.expect("store", "register", "member", "page")
      _ = node["member"].required()
      _ = node["page"].required()
      let (showing, page) = (BasketReading.showing(node["member"]), node["page"].text() ?? "")
      try node.issues.check("the page")
      let code = call.path["code"] ?? ""
      let (programme, games, store, change) = (ask.programme, ask.floor.receipts.games, ask.till.store.id, change(call))
      let hash = BodyHash.of(ask.body, ask.till)
      let won = try await database.write(.till) { tx in
        // What is found is worth money: it is for whoever could also spend.
        let member = try MemberCalls.spender(programme.identify(showing, at: call.at, in: &tx))
        return try games.open(
          page, in: code, by: member, at: store, request: request, bodyHash: hash, change: change, in: &tx)
      }
      guard let won else { return Answer(200, .object(["hides": .bool(false)])) }
      count(won)
      return Answer(200, GameAnswer(ask.floor).page(won))
    } catch let problem as Problem {
      keepRefusal(ask, "games/pages", problem)
      throw problem
    }
  }

  /// What a receipt that was answered adds to the metrics: what did not fit, the hold that it used, and what hunts drew for it.
  func count(_ sold: Sold) {
    if sold.usedHold { meters.count("regulars_holds_total", "act", "used") }
    count(sold.discrepancies + sold.undone)
    for won in sold.draws { count(won) }
  }

  /// What did not fit of a receipt, a return or a cancellation.
  func count(_ discrepancies: [Discrepancy]) {
    for discrepancy in discrepancies { meters.count("regulars_discrepancies_total", "cause", discrepancy.word) }
  }

  private func count(_ won: Won) {
    meters.count("regulars_draws_total", "prize", won.draw.given == won.draw.hit ? "drawn" : "out-of-stock")
  }

  /// `GET /till/v1/games`: the games with their chances and commitments, and with `?identifier=` a member's turns and latest prizes.
  func listGames(_ call: Call) async throws -> Answer {
    let (floor, _) = try await askByQuery(call)
    let (programme, games) = (floor.programme, floor.receipts.games)
    let identifier = call.query["identifier"]
    if let identifier, !(1...Limits.name).contains(identifier.utf8.count) {
      throw Problem(
        .invalid, "identifier_missing", "an identifier has 1 to \(Limits.name) bytes",
        issues: [Issue(pointer: "?identifier", code: "too_long", message: "this is too long, or empty")])
    }
    let view = try await database.read { tx -> GamesView in
      let known = try games.all(limit: Limits.page, in: &tx)
      var view = GamesView(games: known, editions: try games.latest(of: known.map(\.id), in: &tx))
      guard let identifier else { return view }
      let found = try programme.identify(Showing(.text(identifier, nil), shown: .typed), at: call.at, in: &tx)
      guard let member = found.shopper.id else { throw MemberCalls.unknown }
      view.turns = try games.turns(of: member, in: &tx)
      if known.contains(where: { $0.details.hunt != nil }) {
        view.albums = try games.albums(of: member, in: &tx)
        for hunt in known where hunt.details.hunt?.collections.contains(where: { $0.stock != nil }) ?? false {
          view.given[hunt.id] = try games.collectionsGiven(in: hunt.id, in: &tx)
        }
      }
      // Of another programme's games nothing is told here; of an older edition its own table.
      view.draws = try games.draws(of: member, limit: GamesView.prizes, in: &tx)
        .filter { drawn in known.contains { $0.id == drawn.draw.game } }
      return view
    }
    return Answer(200, GameAnswer(floor).json(view, at: call.at))
  }
}

/// What a till hears of games.
struct GamesView: Sendable {
  /// Prizes of a member that are told.
  static let prizes = 20

  let games: [Known<GameDetails>]
  let editions: [GameID: GameEdition]
  /// Nil where no member was asked about.
  var turns: [Turns]?
  var draws: [(draw: GameDraw, edition: GameEdition)]?
  var albums: [GameID: Album] = [:]
  /// Prizes of collections that were given.
  var given: [GameID: [String: Int64]] = [:]
}

/// Games as a till reads them.
struct GameAnswer {
  let amounts: AmountForm

  init(_ floor: SalesFloor) { amounts = floor.amounts }

  func json(_ won: Won) -> JSON {
    var prize = self.prize(won.prize)
    if let code = won.draw.code { prize.append(JSON.Member("code", .string(code))) }
    if let until = won.until { prize.append(JSON.Member("until", .string(until.text))) }
    return .object([
      "game": .string(won.game.details.code), "name": won.game.details.name.json, "kind": .string(won.game.details.kind.rawValue),
      "draw": .object([
        "edition": .int(won.draw.edition), "n": .int(won.draw.number), "at": .string(won.draw.at.text), "roll": .int(won.draw.roll),
        "mark": .string(won.mark), "commitment": .string(won.commitment), "fingerprint": .string(won.fingerprint),
      ]),
      "prize": .object(prize), "isOutOfStock": .bool(won.draw.isOutOfStock), "turnsLeft": .int(won.turnsLeft),
      "completed": won.completions.isEmpty ? nil : .array(won.completions.map(completed)),
    ])
  }

  func prize(_ prize: Prize) -> [JSON.Member] {
    let head = [JSON.Member("name", prize.name.json)]
    if let find = prize.find { return head + [JSON.Member("kind", "find"), JSON.Member("find", .string(find.code))] }
    switch prize.gift {
    case .nothing: return head + [JSON.Member("kind", "nothing")]
    case .points(let points): return head + [JSON.Member("kind", "points"), JSON.Member("points", amounts.json(points))]
    case .coupon(let series): return head + [JSON.Member("kind", "coupon"), JSON.Member("series", .string(series))]
    case .certificate(let series, let amount):
      return head + [
        JSON.Member("kind", "certificate"), JSON.Member("series", .string(series)), JSON.Member("amount", amounts.json(amount)),
      ]
    case .thing: return head + [JSON.Member("kind", "thing")]
    }
  }

  func json(_ view: GamesView, at now: Instant) -> JSON {
    let turns = view.turns.map { Dictionary($0.map { ($0.game, $0.left) }, uniquingKeysWith: { first, _ in first }) }
    let codes = Dictionary(view.games.map { ($0.id, $0.details.code) }, uniquingKeysWith: { first, _ in first })
    return .object([
      "games": .array(
        view.games.compactMap { game in view.editions[game.id].map { json(game, $0, turns.map { $0[game.id] ?? 0 }, view, now) } }
      ),
      "prizes": view.draws.map { draws in
        .array(
          draws.map { draw, edition in
            .object([
              "game": .string(codes[draw.game] ?? ""), "edition": .int(draw.edition), "n": .int(draw.number),
              "at": .string(draw.at.text), "prize": .object(prize(edition.table.all[draw.given])),
            ])
          })
      },
    ])
  }

  private func json(_ known: Known<GameDetails>, _ edition: GameEdition, _ turns: Int64?, _ view: GamesView, _ now: Instant) -> JSON
  {
    let game = known.details
    let isOpen = !game.isClosed && (game.from.map { $0 <= now } ?? true) && (game.until.map { now < $0 } ?? true)
    return .object([
      "game": .string(game.code), "name": game.name.json, "kind": .string(game.kind.rawValue), "isOpen": .bool(isOpen),
      "from": game.from.map { .string($0.text) }, "until": game.until.map { .string($0.text) },
      "memberDaily": game.memberDaily.map(JSON.int), "turns": turns.map(JSON.int),
      "edition": .int(edition.number), "commitment": .string(edition.commitment),
      "fingerprint": .string(edition.fingerprint), "seed": edition.seed.map(JSON.string),
      "prizes": .array(
        edition.table.all.enumerated().map { place, prize in
          let left = prize.stock.map { max(0, $0 - (edition.given.indices.contains(place) ? edition.given[place] : 0)) }
          return .object(
            self.prize(prize) + [JSON.Member("chance", .string(prize.chance.percentText))] + odds(prize)
              + (left.map { [JSON.Member("left", .int($0))] } ?? []))
        }),
      "hunt": game.hunt.map { hunt in
        json(hunt, turns == nil ? nil : view.albums[known.id] ?? Album(), view.given[known.id] ?? [:])
      },
    ])
  }
}
