import Access
import Kernel
import Loyalty
import Storage
import Tables

/// What the page of a hunt tells beyond that of any game.
struct HuntView: Sendable {
  static let size = 20

  /// Of each collection, how many prizes.
  let given: [String: Int64]
  /// Latest first.
  let completions: [Completion]
  /// Of members, a day.
  let receipts: Int64?

  /// The average of four whole weeks, or of the days since the first sale in them. One statement.
  static func receipts(of account: AccountID, today: CivilDay, in tx: inout Transaction) throws -> Int64? {
    let days = today.adding(days: -28)...today.adding(days: -1)
    let takings = try Takings.read(of: account, days: days, in: &tx)
    guard let first = (0..<28).first(where: { takings[days.lowerBound.adding(days: $0)].memberReceipts > 0 }) else { return nil }
    let length = Int64(28 - first)
    return (Int64(takings.total(days).memberReceipts) + length / 2) / length
  }
}

extension GamePage {
  /// What is hidden, what it is collected for, and who completed what.
  func finds(_ hunt: HuntView) -> Markup {
    "\(hidden(hunt))\(collections(hunt))\(completions(hunt))"
  }

  private func hidden(_ hunt: HuntView) -> Markup {
    let words = HuntWords(reader: reader, receipts: hunt.receipts)
    let hides = details.hunt?.receipts ?? .every
    let rows = edition.table.prizes.enumerated().compactMap { place, prize -> Markup? in
      guard let find = prize.find else { return nil }
      let given = edition.given.indices.contains(place) ? edition.given[place] : 0
      let left = prize.stock.map { $0 - given }
      let stock =
        prize.stock.map { stock -> Markup in
          let text = reader(
            "осталось \(reader.number(stock - given)) из \(reader.number(stock))",
            "\(reader.number(stock - given)) of \(reader.number(stock)) left")
          return "\(Meter.budget(scaled(given, by: 1_000, over: max(1, stock), .down)).html)<small>\(text)</small>"
        } ?? "<small>\(reader("сколько найдут", "as many as are found"))</small>"
      let notes = [isOpen && left != 0 ? words.lasting(find, left: left, hides) : nil, words.limits(find)].compactMap { $0 }
        .map { note -> Markup in "<small>\(note)</small>" }
      return """
        <tr><th scope="row">\(reader(prize.name))<small>\(find.code)</small></th><td>\(words.odds(find, details.hunt))\(notes)</td>\
        <td>\(stock)</td><td class="num">\(reader.number(given))</td></tr>
        """
    }
    return DataTable(
      label: reader("Находки выпуска \(edition.number)", "Finds of edition \(edition.number)"),
      columns: [
        .text(reader("Находка", "Find")), .text(reader("Как редка", "How rare")), .text(reader("Запас", "Stock")),
        .number(reader("Найдено", "Found")),
      ], rows: rows
    ).panel(heading: true)
  }

  private func collections(_ hunt: HuntView) -> Markup? {
    guard let collections = details.hunt?.collections, !collections.isEmpty else { return nil }
    let (words, games) = (HuntWords(reader: reader, receipts: nil), GameWords(reader: reader, now: visit.call.at))
    let rows = collections.map { collection -> Markup in
      let given = hunt.given[collection.code] ?? 0
      let left = collection.stock.map { stock -> Markup in
        "<small>\(reader("осталось \(reader.number(stock - given)) из \(reader.number(stock))", "\(reader.number(stock - given)) of \(reader.number(stock)) left"))</small>"
      }
      let times =
        collection.times == 1
        ? reader("один раз", "once")
        : reader("одному до \(reader.number(collection.times)) раз", "up to \(reader.number(collection.times)) times for one")
      return """
        <tr><th scope="row">\(reader(collection.name))<small>\(collection.code)</small></th>\
        <td>\(words.needs(collection, edition.table))<small>\(times)</small></td>\
        <td>\(games.gift(collection.gift, visit.started?.settings.pointsName ?? .standard))</td>\
        <td class="num">\(reader.number(given))\(left)</td></tr>
        """
    }
    return DataTable(
      label: reader("Коллекции", "Collections"),
      columns: [
        .text(reader("Коллекция", "Collection")), .text(reader("Что собрать", "What it takes")), .text(reader("Даёт", "It gives")),
        .number(reader("Собрали", "Completed")),
      ], rows: rows
    ).panel(heading: true)
  }

  private func completions(_ hunt: HuntView) -> Markup? {
    guard !hunt.completions.isEmpty else { return nil }
    let words = GameWords(reader: reader, now: visit.call.at)
    let rows = hunt.completions.map { completion -> Markup in
      let member: Markup =
        visit.may(.seeMembers)
        ? "<a class=\"text-link\" href=\"/console/members/\(completion.member)\">\(completion.member)</a>" : "–"
      let number: Markup? =
        completion.number > 1 ? "<small>\(reader("\(completion.number)-й раз", "time \(completion.number)"))</small>" : nil
      return """
        <tr><th scope="row" class="nowrap">\(reader.moment(completion.at))</th><td>\(member)</td>\
        <td>\(reader(completion.prize.name))\(number)</td>\
        <td>\(words.gift(completion.prize.gift, visit.started?.settings.pointsName ?? .standard))</td></tr>
        """
    }
    let files: Markup = """
      <footer class="panel-foot"><span></span><span><a class="text-link" href="\(path)/prizes.csv" download>CSV</a> · \
      <a class="text-link" href="\(path)/prizes.xlsx" download>XLSX</a></span></footer>
      """
    return DataTable(
      label: reader("Кто собрал", "Who completed them"),
      columns: [
        .text(reader("Когда", "When")), .text(reader("Кто", "Who")), .text(reader("Коллекция", "Collection")),
        .text(reader("Что выдано", "What was given")),
      ], rows: rows, files: .own
    ).panel(heading: true, foot: files)
  }
}

extension ConsoleDesk {
  /// Everything that collections gave: who, when and what. Codes are worth money and stay out. Page by page, the latest first.
  func completionFile(_ visit: Visit) async throws -> TableFile {
    guard let id = visit.call.path["game"].flatMap({ GameID($0) }) else { throw Self.noPage }
    let (reader, games) = (visit.reader, Games(of: try visit.programme, ids: ids, keys: keys))
    let game = try await database.read { tx in try games.game(id, in: &tx) }
    let words = GameWords(reader: reader, now: visit.call.at)
    let (database, pointsName) = (database, visit.started?.settings.pointsName ?? .standard)
    let columns: [TableFile.Column] = [
      .init("at", reader("Когда", "When"), .moment), .init("member", reader("Участник", "Member"), .text),
      .init("collection", reader("Код коллекции", "Code of the collection"), .text),
      .init("name", reader("Коллекция", "Collection"), .text), reader.countColumn("n", reader("Который раз", "Which time")),
      .init("prize", reader("Что выдано", "What was given"), .text),
    ]
    return TableFile(
      "prizes-\(game.details.code)", title: reader(game.details.name), columns: columns, zone: reader.zone
    ) { take in
      var before: CompletionID?
      repeat {
        let start = before
        let page = try await database.read { tx in
          try games.completions(in: id, before: start, limit: Limits.bulk, in: &tx)
        }
        try await take(
          page.map { done in
            [
              .moment(done.at), .text("\(done.member)"), .text(done.collection), .text(reader(done.prize.name)),
              .count(Int(done.number)), .text(words.gift(done.prize.gift, pointsName)),
            ]
          })
        before = page.count == Limits.bulk ? page.last?.id : nil
      } while before != nil
    }
  }
}
