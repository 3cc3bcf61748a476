import Access
import Calculator
import Kernel
import Storage

/// One change of an album. Never changed itself.
struct FindEntry {
  enum Cause: String { case found, completed, returned, merged, given, received }

  let id: FindEntryID
  let owner: Int64
  let game: GameID
  let find: String
  let change: Int64
  let cause: Cause
  let at: Instant
  var draw: GameDrawID?
  var receipt: ReceiptID?
  /// Which of the receipt's turns, from 1.
  var turn: Int64?
  var completion: CompletionID?
  /// Of a gift: the other member.
  var other: MemberID?
}

/// A collection that a member completed, and what it gave.
public struct Completion: Hashable, Sendable {
  public let id: CompletionID
  public let game: GameID
  /// The collection's code.
  public let collection: String
  /// The member's first of it, second, …
  public let number: Int64
  public let member: MemberID
  /// The draw that brought the last find of it, or the gift that did, under its own number.
  let draw: GameDrawID
  public let at: Instant
  /// As the game said it then.
  public let prize: Prize
  /// Of the coupon or the certificate.
  public let code: String?
  let adjustment: AdjustmentID?
  /// Until when the coupon or certificate is good, as it stands when the draw is told; elsewhere nil.
  public internal(set) var until: Instant?
}

// As a line of CSV.
extension Completion {
  public static var columns: String { "at,member,collection,n,kind,worth,code" }

  /// What somebody typed is quoted.
  public func row(_ amounts: AmountForm) -> String {
    let gift: (kind: String, worth: String) =
      switch prize.gift {
      case .nothing: ("nothing", "")
      case .points(let points): ("points", amounts.text(points))
      case .coupon(let series): ("coupon", series)
      case .certificate(_, let amount): ("certificate", amounts.text(amount))
      case .thing: ("thing", prize.name.ru)
      }
    func quoted(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
    return [
      at.text, "\(member)", quoted(collection), "\(number)", gift.kind, quoted(gift.worth), code ?? "",
    ].joined(separator: ",")
  }
}

/// What a member has found in one hunt.
public struct Album: Hashable, Sendable {
  /// By the find's code; none is nought.
  public internal(set) var have: [String: Int64] = [:]
  /// By the collection's code, how often it was completed.
  public internal(set) var completed: [String: Int64] = [:]

  public init() {}

  public var isEmpty: Bool { have.isEmpty && completed.isEmpty }

  /// What lacks to a collection once more; nothing where it was completed as often as may be.
  public func missing(_ collection: FindCollection) -> [FindCollection.Need] {
    guard completed[collection.code] ?? 0 < collection.times else { return [] }
    return collection.needs.compactMap { need in
      let lacks = need.count - (have[need.find] ?? 0)
      return lacks > 0 ? FindCollection.Need(need.find, lacks) : nil
    }
  }

  /// What lies there beyond one more of each collection that can still be completed.
  public func spare(_ collections: [FindCollection]) -> [String: Int64] {
    var spare = have
    for collection in collections where completed[collection.code] ?? 0 < collection.times {
      for need in collection.needs { spare[need.find, default: 0] -= need.count }
    }
    return spare.filter { $0.value > 0 }
  }
}

extension Games {
  /// Of each hunt in which the member has found something. Two statements.
  public func albums(of member: MemberID, in tx: inout Transaction) throws -> [GameID: Album] {
    var albums: [GameID: Album] = [:]
    for row in try tx.rows(HuntSQL.albums(account, member.raw, Limits.bulk)) where row.int(2) > 0 {
      albums[row.id(0), default: Album()].have[row.text(1)] = row.int(2)
    }
    for row in try tx.rows(HuntSQL.completed(account, by: member)) {
      albums[row.id(0), default: Album()].completed[row.text(1)] = row.int(2)
    }
    return albums
  }

  /// How many of each collection's prizes were given, by its code.
  public func collectionsGiven(in game: GameID, in tx: inout Transaction) throws -> [String: Int64] {
    Dictionary(
      try tx.rows(HuntSQL.collections(account, game, "")).map { ($0.text(0), $0.int(1)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Who completed what in a hunt, latest first.
  public func completions(
    in game: GameID, before: CompletionID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Completion] {
    let last = before ?? CompletionID(.max)
    return try tx.rows(HuntSQL.completions(account, game, before: last, min(max(1, limit), Limits.bulk)))
      .map { try HuntSQL.completion($0, amounts) }
  }

  /// What a member completed, latest first.
  public func completions(
    of member: MemberID, before: CompletionID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Completion] {
    let last = before ?? CompletionID(.max)
    return try tx.rows(HuntSQL.completions(account, of: member, before: last, min(max(1, limit), Limits.page)))
      .map { try HuntSQL.completion($0, amounts) }
  }

  /// Which of the finds of a receipt go, where so many of each game's turns stay with it: those of the last turns. What was given for a
  /// collection meanwhile stays given; a second one of the same in the album goes for it.
  /// - Parameter survivor: who has the owner's album since the two were found to be one person; else the owner.
  func takeBackFinds(
    of receipt: ReceiptID, _ owner: Int64, from survivor: Int64, but kept: [GameID: Int64], at now: Instant,
    in tx: inout Transaction
  ) throws {
    var entries: [FindEntry] = []
    func note(_ holder: Int64, _ game: GameID, _ find: String, _ change: Int64, _ cause: FindEntry.Cause, turn: Int64? = nil) {
      entries.append(
        FindEntry(
          id: wallets.ids.next(at: now), owner: holder, game: game, find: find, change: change, cause: cause, at: now,
          receipt: turn == nil ? nil : receipt, turn: turn))
    }
    for row in try tx.rows(HuntSQL.found(account, owner, on: receipt)) {
      let (game, find, turn): (GameID, String, Int64) = (row.id(0), row.text(1), row.int(2))
      guard turn > kept[game] ?? 0, try tx.run(HuntSQL.take(account, survivor, game, find, 1)) == 1 else { continue }
      note(owner, game, find, -1, .returned, turn: turn)
      guard survivor != owner else { continue }
      // What lay with the one who had left had moved: it lacks nothing.
      note(owner, game, find, 1, .merged)
      note(survivor, game, find, -1, .merged)
    }
    if !entries.isEmpty {
      try tx.insert(entries.map { HuntSQL.values($0, account) }, into: HuntSchema.entry, HuntSQL.insertedEntry)
    }
  }

  /// Everything in one member's albums becomes another's, or what is named of it and still there.
  /// - Returns: what moved.
  func moveAlbums(
    _ finds: [MovedFind], from member: MemberID, to other: MemberID, at now: Instant, in tx: inout Transaction
  ) throws -> [MovedFind] {
    var (moved, entries) = ([MovedFind](), [FindEntry]())
    for find in finds {
      let there =
        try tx.rows(HuntSQL.album(account, member.raw, find.game, tx.dialect.forUpdate))
        .first { $0.text(0) == find.find }?.int(1) ?? 0
      let count = min(there, find.count)
      guard count > 0, try tx.run(HuntSQL.take(account, member.raw, find.game, find.find, count)) == 1 else { continue }
      try tx.enqueue(HuntSQL.add(account, other.raw, find.game, find.find, count))
      moved.append(MovedFind(game: find.game, find: find.find, count: count))
      for (owner, change) in [(member.raw, -count), (other.raw, count)] {
        entries.append(
          FindEntry(
            id: wallets.ids.next(at: now), owner: owner, game: find.game, find: find.find, change: change, cause: .merged, at: now))
      }
    }
    if !entries.isEmpty {
      try tx.insert(entries.map { HuntSQL.values($0, account) }, into: HuntSchema.entry, HuntSQL.insertedEntry)
    }
    return moved
  }

  /// What of the finds that moved with a merge is still theirs: returns of their receipts took the rest out of the other's album.
  func staying(_ finds: [MovedFind], of member: MemberID, since merge: MergeID, in tx: inout Transaction) throws -> [MovedFind] {
    guard !finds.isEmpty else { return [] }
    let rows = try tx.rows(HuntSQL.takenSince(account, member.raw, merge))
    return finds.map { find in
      let taken = rows.first { $0.id(0) == find.game && $0.text(1) == find.find }?.int(2) ?? 0
      return MovedFind(game: find.game, find: find.find, count: find.count - taken)
    }
  }

  /// Everything that lies in a member's albums.
  func everyFind(of member: MemberID, in tx: inout Transaction) throws -> [MovedFind] {
    try tx.rows(HuntSQL.albums(account, member.raw, Limits.bulk)).compactMap { row in
      row.int(2) > 0 ? MovedFind(game: row.id(0), find: row.text(1), count: row.int(2)) : nil
    }
  }
}

/// So many of one find on their way from one member to another.
struct MovedFind: Hashable {
  let game: GameID
  let find: String
  let count: Int64
}
