import Access
import Calculator
import Jobs
import Kernel
import Storage

/// The hunts of a programme as sales ask about them, in memory.
public struct Hunts: Sendable {
  struct Hunt: Sendable {
    let id: GameID
    let details: GameDetails

    var isOnEveryReceipt: Bool { details.hunt?.receipts == .every }

    func isOpen(at now: Instant) -> Bool {
      !details.isClosed && (details.from.map { $0 <= now } ?? true) && (details.until.map { now < $0 } ?? true)
    }
  }

  private let all: [GameID: Hunt]
  private let everywhere: [Hunt]

  public init(_ games: [Known<GameDetails>] = []) {
    let hunts = games.filter { $0.details.hunt != nil }.map { Hunt(id: $0.id, details: $0.details) }
    all = Dictionary(hunts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    everywhere = hunts.filter(\.isOnEveryReceipt).sorted { $0.id < $1.id }
  }

  /// Every hunt of a programme, those that are over as well: receipts of their days come back.
  public static func load(of programme: Programme, ids: IDSource, in tx: inout Transaction) throws -> Hunts {
    let games = Games(of: programme, ids: ids, keys: nil)
    return Hunts(
      try everyPage(\.id) { after in
        try tx.rows(GameSQL.ascending(programme.account, programme.id, after: after ?? GameID(0), Limits.page))
          .map { try GameSQL.game($0, games.amounts) }
      })
  }

  subscript(_ id: GameID) -> Hunt? { all[id] }
  /// True where a receipt can have brought a turn that no rule gave.
  var onReceipts: Bool { !everywhere.isEmpty }

  /// One turn of each hunt that hides something on every receipt.
  func turns(at now: Instant) -> [GivenTurns] {
    everywhere.isEmpty ? [] : everywhere.filter { $0.isOpen(at: now) }.map { GivenTurns(game: $0.id, count: 1) }
  }

  /// The same of a receipt of which something stays: what it brought is not taken back for a part.
  var staying: [GivenTurns] { everywhere.map { GivenTurns(game: $0.id, count: 1) } }
}

/// A find that lay on a receipt, and the collections that it completed.
public struct ReceiptFind: Hashable, Sendable {
  public let game: GameID
  public let won: Won
}

// Draws that receipts and pages make.
extension Receipts {
  /// Plays the turns of hunts that a receipt brought, each in a transaction of its own behind the sale's: the goods are sold whatever
  /// becomes of a hunt, and no sale waits for another's draw with its wallet locked. Sent again the same are found again.
  ///
  /// A turn that cannot be played – the day's are used up, the game is over, its seed cannot be opened here – stays with the member.
  func hunted(_ sold: Sold, at now: Instant, on database: some Database) async throws -> Sold {
    let turns = sold.turns.filter { hunts[$0.game] != nil }
    guard let member = sold.member, !turns.isEmpty, !sold.isBeside else { return sold }
    var sold = sold
    let (games, change, receipt) = (games, Change(by: .hunt, at: now, ids: ids), sold.receipt)
    for given in turns {
      guard let hunt = hunts[given.game] else { continue }
      for turn in 1...max(1, min(given.count, Int64(Limits.huntDraws))) {
        do {
          let won = try await database.write(.till) { tx in
            try games.draw(hunt.details.code, by: member, on: receipt, turn: turn, change: change, in: &tx)
          }
          sold.draws.append(won)
          if won.prize.find != nil { sold.finds.append(ReceiptFind(game: given.game, won: won)) }
        } catch is Problem { break } catch is SealBroken { break }
      }
    }
    return sold
  }
}

extension Games {
  /// One turn that a receipt brought; drawn once, asked again it is the same draw.
  /// - Throws: as `draw(_:by:at:request:bodyHash:change:in:)`.
  func draw(
    _ code: String, by member: MemberID, on receipt: ReceiptID, turn: Int64, change: Change, in tx: inout Transaction
  ) throws -> Won {
    let game = try game(code: code, in: &tx)
    let id: GameDrawID = change.id()
    var body = StableHash()
    body.mix("hunt")
    for number in [game.id.raw, receipt.raw, turn] { body.mix(number) }
    let earlier = try NaturalKeys(of: account).once(
      RequestKey("hunt \(game.id) \(receipt) \(turn)"), owner: member.raw, target: id.raw, body: body, at: change.at, in: &tx)
    if let earlier { return try answer(GameDrawID(earlier), of: game, in: &tx) }
    return try play(id, of: game, by: member, at: nil, .receipt(receipt, turn: turn), change, in: &tx)
  }

  /// A member opens a page of the shop: the first time in a day it is one draw, afterwards the same. The same request key gives the same
  /// answer on another day as well.
  /// - Returns: nil where the hunt hides nothing on that page.
  /// - Throws: `Problem.invalid` (a page that is empty or too long); `Problem.conflict` (`not_a_hunt`), and as
  ///   `draw(_:by:at:request:bodyHash:change:in:)`, but for turns: a page needs none.
  public func open(
    _ page: String, in code: String, by member: MemberID, at store: StoreID?, request: RequestKey, bodyHash: Int64 = 0,
    change: Change, in tx: inout Transaction
  ) throws -> Won? {
    let game = try game(code: code, in: &tx)
    guard let hunt = game.details.hunt else { throw Self.notAHunt }
    guard (1...Limits.name).contains(page.utf8.count) else {
      throw Problem(
        .invalid, "page_missing", "a page has 1 to \(Limits.name) bytes",
        issues: [Issue(pointer: "/page", code: "too_long", message: "this is too long, or empty")])
    }
    guard hunt.hides(on: page) else { return nil }
    let keys = NaturalKeys(of: account)
    var (body, place) = (StableHash(), StableHash())
    for text in ["page", page] { place.mix(text) }
    for text in ["page", page] { body.mix(text) }
    for number in [game.id.raw, member.raw, bodyHash] { body.mix(number) }
    if let held = try keys.holders([request.natural], in: &tx)[request.natural] {
      guard held.bodyHash == Int64(bitPattern: body.value) else { throw request.reused }
      return try answer(GameDrawID(held.target), of: game, in: &tx)
    }
    let id: GameDrawID = change.id()
    let day = zone.civil(at: change.at).day
    let once = RequestKey("page \(game.id) \(member) \(day) \(String(place.value, radix: 36))")
    let earlier = try keys.once(once, owner: member.raw, target: id.raw, body: place, at: change.at, in: &tx)
    if let other = try keys.once(request, owner: member.raw, target: earlier ?? id.raw, body: body, at: change.at, in: &tx) {
      return try answer(GameDrawID(other), of: game, in: &tx)
    }
    if let earlier { return try answer(GameDrawID(earlier), of: game, in: &tx) }
    try tx.run(DrawSQL.bring(account, member.raw, game.id, 1))
    try tx.run(DrawSQL.note(change.id(), account, member.raw, game.id, 1, at: change.at, because: "page"))
    return try play(id, of: game, by: member, at: store, .page, change, in: &tx)
  }

  private static var notAHunt: Problem {
    Problem(
      .conflict, "not_a_hunt", "the game is no hunt; nothing is hidden on pages",
      cashier: LocalText(ru: "В этой игре ничего не прячут", en: "Nothing is hidden in this game"))
  }
}
