import Access
import Jobs
import Kernel
import Loyalty
import Storage

/// Games: what can be won, what was drawn, and the proof of it.
extension ConsoleDesk {
  var gameDoors: [Door] {
    [
      .page("/console/games", .seeFigures, gameList),
      .form("/console/games", .changeProgramme, makeGame),
      .page("/console/games/new", .changeProgramme) { visit in
        try await self.gameForm(visit, nil, GameForm.Act.make, GameEditing.blank, nil)
      },
      .page("/console/games/new-hunt", .changeProgramme) { visit in
        try await self.gameForm(visit, nil, GameForm.Act.make, HuntEditing.blank, nil)
      },
      .page("/console/games/{game}", .seeFigures) { visit in try await self.gamePage(visit, nil) },
      .form("/console/games/{game}", .changeProgramme, changeGame),
      .page("/console/games/{game}/edit", .changeProgramme) { visit in try await self.editGame(visit, .change) },
      .page("/console/games/{game}/edition", .changeProgramme) { visit in try await self.editGame(visit, .begin) },
      .form("/console/games/{game}/edition", .changeProgramme, beginEdition),
      .form("/console/games/{game}/close", .changeProgramme, closeGame),
      .page("/console/games/{game}/log.csv", .seeFigures, exportGameLog),
    ] + Door.file("/console/games/{game}/prizes", .seeFigures, completionFile)
  }

  private static func gameID(_ visit: Visit) throws -> GameID {
    guard let id = visit.call.path["game"].flatMap({ GameID($0) }) else { throw noPage }
    return id
  }

  private func games(_ visit: Visit) throws -> Games { Games(of: try visit.programme, ids: ids, keys: keys) }

  func gameList(_ visit: Visit) async throws -> Answer {
    let (games, before) = (try games(visit), Form(visit.call.query)["before"])
    let list = try await database.read { tx in
      let all = try games.all(before: GameID(before), limit: GameList.size, in: &tx)
      return GameList(
        games: all, editions: try games.latest(of: all.map(\.id), in: &tx), next: all.count == GameList.size ? all.last?.id : nil)
    }
    return visit.show(GameListPage(list: list, visit: visit).page, in: .games)
  }

  /// Five statements, however long the log is.
  func gamePage(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let (id, games, query) = (try Self.gameID(visit), try games(visit), Form(visit.call.query))
    let (asked, prize, before) = (Int64(query["edition"]), Int(query["prize"]), Int64(query["before"]))
    let (account, today) = (try visit.programme.account, visit.reader.zone.civil(at: visit.call.at).day)
    let view = try await database.read { tx in
      let game = try games.game(id, in: &tx)
      let editions = try games.editions(of: id, limit: Limits.page, in: &tx)
      let edition = try games.edition(asked ?? editions.first?.number ?? 1, of: id, in: &tx)
      // Of a hunt most draws found nothing: they are shown where somebody asks for all.
      let isBrief = game.details.hunt != nil && query["prize"].isEmpty
      let draws = try games.log(
        of: edition, prize: prize, onlyFinds: isBrief, before: before ?? .max, limit: GameView.size, in: &tx)
      var view = GameView(
        game: game, edition: edition, editions: editions, draws: draws, prize: prize,
        next: draws.count == GameView.size ? draws.last?.number : nil)
      if game.details.hunt != nil {
        view.hunt = HuntView(
          given: try games.collectionsGiven(in: id, in: &tx),
          completions: try games.completions(in: id, limit: HuntView.size, in: &tx),
          receipts: try HuntView.receipts(of: account, today: today, in: &tx))
      }
      return view
    }
    var answer = visit.show(GamePage(view: view, visit: visit, refusal: refusal).page, in: .games)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func gameForm(
    _ visit: Visit, _ game: Known<GameDetails>?, _ act: GameForm.Act, _ form: Form, _ refusal: Problem?, ranOut: [Prize] = []
  ) async throws -> Answer {
    let page: Page
    if game?.details.hunt != nil || (game == nil && form["kind"] == "hunt") {
      let (account, today) = (try visit.programme.account, visit.reader.zone.civil(at: visit.call.at).day)
      let receipts = try await database.read { tx in try HuntView.receipts(of: account, today: today, in: &tx) }
      page =
        HuntForm(
          game: game, act: act, form: form, refusal: refusal, ranOut: ranOut,
          words: HuntWords(reader: visit.reader, receipts: receipts), visit: visit
        ).page
    } else {
      page = GameForm(game: game, act: act, form: form, refusal: refusal, ranOut: ranOut, visit: visit).page
    }
    var answer = visit.show(page, in: .games)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// The form of a game that nobody has played has its prizes, later they stand as published. A new edition begins with what is left.
  private func editGame(_ visit: Visit, _ act: GameForm.Act) async throws -> Answer {
    let (id, games) = (try Self.gameID(visit), try games(visit))
    let (game, edition) = try await database.read { tx in (try games.game(id, in: &tx), try games.latest(of: [id], in: &tx)[id]) }
    guard let edition, !game.details.isClosed else { return .redirect("/console/games/\(id)") }
    return try await gameForm(
      visit, game, act == .begin ? .begin : edition.drawn > 0 ? .rename : .change,
      (game.details.hunt == nil ? GameEditing.form : HuntEditing.form)(
        game.details, edition, act, try visit.programme.settings.points.zone), nil,
      ranOut: act == .begin ? game.details.table.sold(after: edition.given) : [])
  }

  /// Sent twice it makes one game: the second time it is there already, just so.
  func makeGame(_ visit: Visit) async throws -> Answer {
    let (games, form, change) = (try games(visit), visit.form, change(visit))
    do {
      let details = try GameEditing.details(form, over: nil, visit.reader, try visit.programme)
      let id = try await database.write { tx -> GameID in
        if let known = try games.games(codes: [details.code], in: &tx)[details.code], known.details != details {
          throw Self.taken("code")
        }
        return try games.save([details], by: change, in: &tx).ids[0]
      }
      // So that a promotion can name it at once.
      try await refreshFloor(visit)
      return .redirect("/console/games/\(id)")
    } catch let problem as Problem { return try await gameForm(visit, nil, .make, form, problem) }
  }

  func changeGame(_ visit: Visit) async throws -> Answer {
    let (id, games, form, change) = (try Self.gameID(visit), try games(visit), visit.form, change(visit))
    let (game, edition) = try await database.read { tx in (try games.game(id, in: &tx), try games.latest(of: [id], in: &tx)[id]) }
    do {
      var details = try GameEditing.details(form, over: game.details, visit.reader, try visit.programme)
      // A form without prizes leaves them alone, but for what they cost.
      if !form.has("prizes"), details.hunt == nil {
        let zone = try visit.programme.settings.points.zone
        details = details.with(try GameEditing.costs(form, over: game.details.table, visit.reader, zone))
      }
      let saved = details
      try await database.write { tx in _ = try games.save([saved], by: change, in: &tx) }
    } catch let problem as Problem {
      return try await gameForm(visit, game, (edition?.drawn ?? 0) > 0 ? .rename : .change, form, problem)
    }
    return .redirect("/console/games/\(id)")
  }

  func beginEdition(_ visit: Visit) async throws -> Answer {
    let (id, games, form, change) = (try Self.gameID(visit), try games(visit), visit.form, change(visit))
    let game = try await database.read { tx in try games.game(id, in: &tx) }
    do {
      let details = try GameEditing.details(form, over: game.details, visit.reader, try visit.programme)
      try await database.write { tx in _ = try games.save([details], after: GameEditing.seen(form), by: change, in: &tx) }
    } catch let problem as Problem {
      if problem.code == "edition_over" { return try await gamePage(visit, problem) }
      guard let edition = try await database.read({ tx in try games.latest(of: [id], in: &tx)[id] }) else { throw problem }
      return try await gameForm(
        visit, game, .begin, problem.code == "stock_moved" ? GameEditing.fresh(form, game.details.table, edition) : form, problem,
        ranOut: game.details.table.sold(after: edition.given))
    }
    return .redirect("/console/games/\(id)")
  }

  func closeGame(_ visit: Visit) async throws -> Answer {
    let (id, games, change) = (try Self.gameID(visit), try games(visit), change(visit))
    do { try await database.write { tx in try games.close(id, by: change, in: &tx) } } catch let problem as Problem
      where problem.kind == .conflict || problem.kind == .invalid
    { return try await gamePage(visit, problem) }
    return .redirect("/console/games/\(id)")
  }

  /// The log that anybody may check: members stand in it by their marks alone. A page of it in memory at a time.
  func exportGameLog(_ visit: Visit) async throws -> Answer {
    let (id, games, asked) = (try Self.gameID(visit), try games(visit), Int64(Form(visit.call.query)["edition"]))
    let (game, edition) = try await database.read { tx in
      let game = try games.game(id, in: &tx)
      let number = try asked ?? games.editions(of: id, limit: 1, in: &tx).first?.number ?? 1
      return (game, try games.edition(number, of: id, in: &tx))
    }
    var answer = Answer(200, [], type: "text/csv; charset=utf-8")
    answer.headers.append(("Content-Disposition", "attachment; filename=\"\(id)-\(edition.number).csv\""))
    answer.stream = { [database] out in
      try await out.write(GameProof.head(game.details.code, edition) + "\n")
      var next: Int64? = 0
      while let after = next, !out.isClosing() {
        let page = try await database.read { tx in
          try games.proofLines(of: edition, game.details.code, after: after, limit: Limits.bulk, in: &tx)
        }
        try await out.write(page.lines.map { $0 + "\n" }.joined())
        next = page.last
      }
    }
    return answer
  }
}
