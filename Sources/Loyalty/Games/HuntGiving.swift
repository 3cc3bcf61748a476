import Access
import Calculator
import Customers
import Jobs
import Kernel
import Storage

/// How members of a hunt give finds to each other.
public struct FindGifts: Hashable, Sendable {
  /// By one member in a day.
  public let daily: Int64
  /// The last one of a find may go as well; otherwise one stays with the giver.
  public let givesLast: Bool

  public init(daily: Int64 = 3, givesLast: Bool = false) { (self.daily, self.givesLast) = (daily, givesLast) }

  /// Nil where the node is absent.
  init?(_ node: JSONNode) {
    guard node.isPresent else { return nil }
    node.expect("daily", "last")
    self.init(daily: node["daily"].int(1...Limits.findsNeeded) ?? 3, givesLast: node["last"].bool() ?? false)
  }

  var json: JSON { .object(["daily": .int(daily), "last": .bool(givesLast)]) }
}

/// A find that went from one album to another.
public struct FindGift: Hashable, Sendable {
  public let id: FindEntryID
  public let game: Known<GameDetails>
  public let find: String
  public let giver: MemberID
  public let receiver: MemberID
  /// How many of it the giver has left.
  public let left: Int64
  /// Collections of the receiver that it completed.
  public let completions: [Completion]
}

// Spare finds from one member to another.
extension Games {
  /// One find goes from the giver's album to the receiver's, and completes there what it completes. Sent again it is the same gift; the same
  /// find goes from one member to the same other once.
  ///
  /// The edition's row is locked first, as every draw of the hunt does: of any number of gifts and draws at once no find is given that is not
  /// there, and a collection is completed once.
  /// - Throws: `Problem.notFound` (`game_unknown`, `member_unknown`); `Problem.conflict`: `not_a_hunt`, `game_over`, `gifts_off`,
  ///   `gift_to_oneself`, `giver_blocked`, `receiver_blocked`, `find_not_there`, `find_not_spare`, `find_given_before`,
  ///   `gifts_daily_limit`, `request_key_reused`.
  public func give(
    _ find: String, in code: String, from giver: MemberID, to receiver: MemberID, as members: Members, isStopped: Bool = false,
    request: (key: RequestKey, body: Int64), by change: Change, in tx: inout Transaction
  ) throws -> FindGift {
    let game = try game(code: code, in: &tx)
    let id: FindEntryID = change.id()
    var body = StableHash()
    body.mix("find gift \(find)")
    for number in [game.id.raw, giver.raw, receiver.raw, request.body] { body.mix(number) }
    let earlier = try NaturalKeys(of: account).once(
      request.key, owner: giver.raw, target: id.raw, body: body, at: change.at, in: &tx)
    if let earlier { return try known(FindEntryID(earlier), find, of: game, giver, receiver, in: &tx) }
    let gifts = try allowed(game, at: change.at)
    let (one, other) = (try members.profile(giver, at: change.at, in: &tx), try members.profile(receiver, at: change.at, in: &tx))
    if one.member.id == other.member.id { throw FindGiftProblem.oneself }
    if one.member.status != .active || isStopped { throw FindGiftProblem.giverBlocked }
    if other.member.status != .active { throw FindGiftProblem.receiverBlocked }
    guard try opened(game.id, in: &tx) != nil else { throw FindGiftProblem.over }
    try check(find, one.member.id, other.member.id, gifts, in: game, at: change.at, in: &tx)
    var album = try lock(find, one.member.id, other.member.id, gifts, in: game, in: &tx)
    try move(id, find, one.member.id, other.member.id, of: game, change, in: &tx)
    album.have[find, default: 0] += 1
    let done = try completed(by: id, other.member.id, &album, of: game, change, in: &tx)
    try AuditTrail(of: account).record(
      [
        .did("find.given", one.member.id, after: note(find, game, "to", other.member.id)),
        .did("find.received", other.member.id, after: note(find, game, "from", one.member.id)),
      ], by: change, in: &tx)
    return FindGift(
      id: id, game: game, find: find, giver: one.member.id, receiver: other.member.id,
      left: try have(find, one.member.id, in: game, in: &tx), completions: done)
  }

  private func allowed(_ game: Known<GameDetails>, at now: Instant) throws(Problem) -> FindGifts {
    guard let hunt = game.details.hunt else { throw FindGiftProblem.notAHunt }
    let isOpen =
      !game.details.isClosed && (game.details.from.map { $0 <= now } ?? true) && (game.details.until.map { now < $0 } ?? true)
    guard isOpen else { throw FindGiftProblem.over }
    guard let gifts = hunt.gifts else { throw FindGiftProblem.off }
    return gifts
  }

  private func note(_ find: String, _ game: Known<GameDetails>, _ key: String, _ other: MemberID) -> JSON {
    .object(["game": .string(game.details.code), "find": .string(find), key: .string("\(other)")])
  }

  private func check(
    _ find: String, _ giver: MemberID, _ receiver: MemberID, _ gifts: FindGifts, in game: Known<GameDetails>, at now: Instant,
    in tx: inout Transaction
  ) throws {
    let midnight = zone.instant(zone.civil(at: now).day)
    let row = try tx.row(
      HuntSQL.gifts(account, giver.raw, game.id, find, to: receiver, since: FindEntryID(least: midnight)))
    if row?.int(1) ?? 0 > 0 { throw FindGiftProblem.before }
    if row?.int(0) ?? 0 >= gifts.daily { throw FindGiftProblem.daily(gifts.daily) }
  }

  private func have(_ find: String, _ member: MemberID, in game: Known<GameDetails>, in tx: inout Transaction) throws -> Int64 {
    try tx.rows(HuntSQL.album(account, member.raw, game.id, "")).first { $0.text(0) == find }?.int(1) ?? 0
  }

  /// Locks both albums in the order of their owners. - Returns: the receiver's.
  private func lock(
    _ find: String, _ giver: MemberID, _ receiver: MemberID, _ gifts: FindGifts, in game: Known<GameDetails>,
    in tx: inout Transaction
  ) throws -> Album {
    var albums: [MemberID: Album] = [:]
    for member in [giver, receiver].sorted() {
      for row in try tx.rows(HuntSQL.album(account, member.raw, game.id, tx.dialect.forUpdate)) {
        albums[member, default: Album()].have[row.text(0)] = row.int(1)
      }
    }
    let there = albums[giver]?.have[find] ?? 0
    if there == 0 { throw FindGiftProblem.notThere }
    if there == 1, !gifts.givesLast { throw FindGiftProblem.notSpare }
    return albums[receiver] ?? Album()
  }

  private func move(
    _ id: FindEntryID, _ find: String, _ giver: MemberID, _ receiver: MemberID, of game: Known<GameDetails>, _ change: Change,
    in tx: inout Transaction
  ) throws {
    guard try tx.run(HuntSQL.take(account, giver.raw, game.id, find, 1)) == 1 else { throw FindGiftProblem.notThere }
    try tx.run(HuntSQL.add(account, receiver.raw, game.id, find, 1))
    let entries = [(id, giver, Int64(-1), FindEntry.Cause.given, receiver), (change.id(), receiver, 1, .received, giver)].map {
      FindEntry(
        id: $0.0, owner: $0.1.raw, game: game.id, find: find, change: $0.2, cause: $0.3, at: change.at,
        other: $0.4)
    }
    try tx.insert(entries.map { HuntSQL.values($0, account) }, into: HuntSchema.entry, HuntSQL.insertedEntry)
  }

  private func completed(
    by id: FindEntryID, _ receiver: MemberID, _ album: inout Album, of game: Known<GameDetails>, _ change: Change,
    in tx: inout Transaction
  ) throws -> [Completion] {
    let collections = game.details.hunt?.collections ?? []
    guard collections.contains(where: { album.missing($0).isEmpty }) else { return [] }
    for row in try tx.rows(HuntSQL.completed(account, by: receiver)) where row.id(0) == game.id {
      album.completed[row.text(1)] = row.int(2)
    }
    let last = LastFind(member: receiver, draw: GameDrawID(id.raw), name: "\(game.details.code) \(id)")
    return try complete(collections, &album, last, of: game, change, in: &tx)
  }

  /// What was given under a key that is sent again.
  private func known(
    _ id: FindEntryID, _ find: String, of game: Known<GameDetails>, _ giver: MemberID, _ receiver: MemberID,
    in tx: inout Transaction
  ) throws -> FindGift {
    let done = try tx.rows(HuntSQL.completions(account, game.id, of: receiver, by: GameDrawID(id.raw)))
    return FindGift(
      id: id, game: game, find: find, giver: giver, receiver: receiver, left: try have(find, giver, in: game, in: &tx),
      completions: try done.map { try HuntSQL.completion($0, amounts) })
  }
}

enum FindGiftProblem {
  private static func refusal(_ code: String, _ message: String, _ ru: String, _ en: String) -> Problem {
    Problem(.conflict, code, message, cashier: LocalText(ru: ru, en: en))
  }

  static var notAHunt: Problem {
    refusal(
      "not_a_hunt", "the game is no hunt; there are no finds in it", "В этой игре нет находок", "There are no finds in this game")
  }

  static var over: Problem { refusal("game_over", "the game is over, or has not begun", "Игра окончена", "The game is over") }

  static var off: Problem {
    refusal(
      "gifts_off", "this hunt does not let members give finds; its settings say whether it does",
      "В этой игре находки не дарят", "Finds are not given to others in this game")
  }

  static var oneself: Problem {
    refusal("gift_to_oneself", "giver and receiver are the same member", "Это тот же участник", "This is the same member")
  }

  static var giverBlocked: Problem {
    refusal(
      "giver_blocked", "the giver is blocked, or stopped here", "Карта участника заблокирована", "The member's card is blocked")
  }

  static var receiverBlocked: Problem {
    refusal("receiver_blocked", "the receiver is blocked", "Карта получателя заблокирована", "The receiver's card is blocked")
  }

  static var notThere: Problem {
    refusal("find_not_there", "the giver's album has no such find", "Такой находки у участника нет", "The member has no such find")
  }

  static var notSpare: Problem {
    refusal(
      "find_not_spare", "the giver has one of this find, and the hunt keeps the last",
      "Эта находка у участника одна: последнюю не дарят",
      "The member has one of it, and the last is not given")
  }

  static var before: Problem {
    refusal(
      "find_given_before", "the giver gave this find to this member before; once is all",
      "Эту находку этому участнику уже дарили", "This find was given to this member before")
  }

  static func daily(_ cap: Int64) -> Problem {
    refusal(
      "gifts_daily_limit", "a member gives at most \(cap) finds a day", "Сегодня больше дарить нельзя: не больше \(cap) в день",
      "No more today: at most \(cap) a day")
  }
}
