import Access
import Calculator
import Kernel
import Storage

/// What a draw is made for.
enum DrawSource {
  case turn
  /// One of the turns that a receipt brought, from 1.
  case receipt(ReceiptID, turn: Int64)
  case page

  var receipt: ReceiptID? { if case .receipt(let id, _) = self { id } else { nil } }
  var turn: Int64? { if case .receipt(_, let turn) = self { turn } else { nil } }
}

/// How many were found on the last day that counts. A day never goes back, so that whoever has the log counts the same: what comes late
/// by a clock counts to the day that has begun.
struct DayTally: Hashable, Sendable {
  var day = Int64(0)
  var count = Int64(0)

  /// One more on that day; nil where the limit is reached.
  func adding(_ day: Int64, atMost cap: Int64?) -> DayTally? {
    let next = day > self.day ? DayTally(day: day, count: 1) : DayTally(day: self.day, count: count + 1)
    if let cap, next.count > cap { return nil }
    return next
  }
}

extension PrizeTable {
  /// The day in which limits count: days since 1970 at the offset that the edition began with.
  func day(of instant: Instant) -> Int64 {
    let seconds = instant.seconds + (dayOffset ?? 0)
    return seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
  }
}

// Finds and what they come to, inside the draw that finds them.
extension Games {
  /// Whether the limits of its day let a find be found.
  /// - Returns: the count of all behind this one; nil where it is not found today.
  func admitted(
    _ draw: GameDraw, _ find: FindTerms, _ edition: GameEdition, in tx: inout Transaction
  ) throws -> DayTally? {
    let day = edition.table.day(of: draw.at)
    let before = edition.days.indices.contains(draw.hit) ? edition.days[draw.hit] : DayTally()
    guard let tally = before.adding(day, atMost: find.daily) else { return nil }
    guard let cap = find.memberDaily else { return tally }
    let past = try tx.rows(HuntSQL.finds(account, draw, Limits.bulk)).reversed().reduce(DayTally()) { tally, row in
      tally.adding(edition.table.day(of: row.instant(0)), atMost: nil) ?? tally
    }
    return past.adding(day, atMost: cap) == nil ? nil : tally
  }

  /// Puts a find into the album, and gives what it completes. An album and its collections are locked behind the edition, which every
  /// draw of the hunt holds; a return that holds the wallet can meet a draw there, and the database lets one of them begin again.
  func collect(
    _ find: String, _ draw: GameDraw, of game: Known<GameDetails>, _ source: DrawSource, _ change: Change,
    in tx: inout Transaction
  ) throws -> [Completion] {
    var album = Album()
    for row in try tx.rows(HuntSQL.album(account, draw.member.raw, game.id, tx.dialect.forUpdate)) {
      album.have[row.text(0)] = row.int(1)
    }
    try tx.run(HuntSQL.add(account, draw.member.raw, game.id, find, 1))
    album.have[find, default: 0] += 1
    let entry = FindEntry(
      id: change.id(), owner: draw.member.raw, game: game.id, find: find, change: 1, cause: .found, at: change.at, draw: draw.id,
      receipt: source.receipt, turn: source.turn)
    try tx.insert([HuntSQL.values(entry, account)], into: HuntSchema.entry, HuntSQL.insertedEntry)
    let collections = game.details.hunt?.collections ?? []
    guard collections.contains(where: { album.missing($0).isEmpty }) else { return [] }
    for row in try tx.rows(HuntSQL.completed(account, by: draw.member)) where row.id(0) == game.id {
      album.completed[row.text(1)] = row.int(2)
    }
    let last = LastFind(
      member: draw.member, draw: draw.id, name: "\(game.details.code)-\(draw.edition):\(draw.number)")
    return try complete(collections, &album, last, of: game, change, in: &tx)
  }

  /// What brought the last find of a collection: a draw, or another member's gift.
  struct LastFind {
    let member: MemberID
    /// The draw, or the gift under its own number.
    let draw: GameDrawID
    /// As the trail of points names it.
    let name: String
  }

  /// In the order in which collections stand: a find lies in one of them.
  func complete(
    _ collections: [FindCollection], _ album: inout Album, _ last: LastFind, of game: Known<GameDetails>, _ change: Change,
    in tx: inout Transaction
  ) throws -> [Completion] {
    var given = Dictionary(
      try tx.rows(HuntSQL.collections(account, game.id, tx.dialect.forUpdate)).map { ($0.text(0), $0.int(1)) },
      uniquingKeysWith: { first, _ in first })
    var completions: [Completion] = []
    for collection in collections {
      while album.completed[collection.code] ?? 0 < collection.times, album.missing(collection).isEmpty,
        collection.stock.map({ given[collection.code] ?? 0 < $0 }) ?? true
      {
        let number = (album.completed[collection.code] ?? 0) + 1
        guard let done = try complete(collection, number, last, of: game, change, in: &tx) else { break }
        for need in collection.needs { album.have[need.find, default: 0] -= need.count }
        (album.completed[collection.code], given[collection.code]) = (number, (given[collection.code] ?? 0) + 1)
        completions.append(done)
      }
    }
    return completions
  }

  /// Nil where its series gives nothing any more: the finds stay, and the next one tries again.
  private func complete(
    _ collection: FindCollection, _ number: Int64, _ last: LastFind, of game: Known<GameDetails>, _ change: Change,
    in tx: inout Transaction
  ) throws -> Completion? {
    let gift: (code: String?, adjustment: AdjustmentID?)
    do {
      gift = try deliver(collection.prize, draw: last.name, to: last.member, change, in: &tx)
    } catch let problem as Problem where problem.code == "prize_undeliverable" { return nil }
    let done = Completion(
      id: change.id(), game: game.id, collection: collection.code, number: number, member: last.member, draw: last.draw,
      at: change.at, prize: collection.prize.published, code: gift.code, adjustment: gift.adjustment)
    try tx.run(HuntSQL.give(account, game.id, collection.code))
    try tx.insert([HuntSQL.values(done, account, amounts)], into: HuntSchema.completion, HuntSQL.insertedCompletion)
    var entries: [[Value]] = []
    for need in collection.needs {
      try tx.run(HuntSQL.take(account, last.member.raw, game.id, need.find, need.count))
      let entry = FindEntry(
        id: change.id(), owner: last.member.raw, game: game.id, find: need.find, change: -need.count, cause: .completed,
        at: change.at, draw: last.draw, completion: done.id)
      entries.append(HuntSQL.values(entry, account))
    }
    try tx.insert(entries, into: HuntSchema.entry, HuntSQL.insertedEntry)
    return done
  }
}
