import Access
import Calculator
import Kernel
import Storage

/// Statements about albums and collections.
enum HuntSQL {
  /// In the order of finds, so that two who lock an album do not wait for each other crosswise.
  static func album(_ account: AccountID, _ owner: Int64, _ game: GameID, _ lock: String) -> SQL {
    """
    select find, have from hunt_album
    where owner_id = \(owner) and game_id = \(game) and account_id = \(account) order by find\(raw: lock)
    """
  }

  static func albums(_ account: AccountID, _ owner: Int64, _ limit: Int) -> SQL {
    """
    select game_id, find, have from hunt_album
    where owner_id = \(owner) and account_id = \(account) order by game_id desc, find limit \(limit)
    """
  }

  static func add(_ account: AccountID, _ owner: Int64, _ game: GameID, _ find: String, _ count: Int64) -> SQL {
    SQL(
      """
      insert into hunt_album (owner_id, game_id, find, account_id, have) values ($1, $2, $3, $4, $5)
      on conflict (owner_id, game_id, find) do update set have = hunt_album.have + excluded.have
      """, owner, game, find, account, count)
  }

  /// Changes nothing where there are not so many.
  static func take(_ account: AccountID, _ owner: Int64, _ game: GameID, _ find: String, _ count: Int64) -> SQL {
    """
    update hunt_album set have = have - \(count)
    where owner_id = \(owner) and game_id = \(game) and find = \(find) and account_id = \(account) and have >= \(count)
    """
  }

  static let insertedEntry = [
    "owner_id", "game_id", "id", "account_id", "find", "change", "cause", "at", "draw_id", "receipt_id", "turn", "completion_id",
    "other_id",
  ]

  static func values(_ entry: FindEntry, _ account: AccountID) -> [Value] {
    [
      entry.owner.value, entry.game.value, entry.id.value, account.value, entry.find.value, entry.change.value,
      entry.cause.rawValue.value, entry.at.value, entry.draw.value, entry.receipt.value, entry.turn.value, entry.completion.value,
      entry.other.value,
    ]
  }

  /// What a receipt hid and no return has taken back, the turn that came last first.
  static func found(_ account: AccountID, _ owner: Int64, on receipt: ReceiptID) -> SQL {
    """
    select e.game_id, e.find, e.turn from hunt_entry e
    where e.owner_id = \(owner) and e.receipt_id = \(receipt) and e.account_id = \(account) and e.change > 0 and not exists (
      select 1 from hunt_entry b
      where b.owner_id = e.owner_id and b.receipt_id = e.receipt_id and b.game_id = e.game_id and b.turn = e.turn and b.change < 0)
    order by e.game_id, e.turn desc
    """
  }

  /// What returns took of a member's finds since they were merged: it came out of the other's album.
  static func takenSince(_ account: AccountID, _ owner: Int64, _ merge: MergeID) -> SQL {
    """
    select game_id, find, cast(sum(change) as bigint) from hunt_entry
    where owner_id = \(owner) and account_id = \(account) and id > \(merge.raw) and cause = \(FindEntry.Cause.merged.rawValue)
      and change > 0
    group by game_id, find
    """
  }

  // Gifts.

  /// What a member gave to others since a moment, and whether this find went to that member before.
  static func gifts(
    _ account: AccountID, _ owner: Int64, _ game: GameID, _ find: String, to receiver: MemberID, since moment: FindEntryID
  ) -> SQL {
    """
    select cast(coalesce(sum(case when id >= \(moment) then 1 else 0 end), 0) as bigint),
      cast(coalesce(sum(case when find = \(find) and other_id = \(receiver) then 1 else 0 end), 0) as bigint)
    from hunt_entry
    where owner_id = \(owner) and game_id = \(game) and account_id = \(account) and cause = \(FindEntry.Cause.given.rawValue)
    """
  }

  // Collections.

  static func keep(_ account: AccountID, _ game: GameID, _ collection: FindCollection) -> SQL {
    SQL(
      """
      insert into hunt_collection (game_id, collection, account_id, stock) values ($1, $2, $3, cast($4 as bigint))
      on conflict (game_id, collection) do update set stock = excluded.stock
      """, game, collection.code, account, collection.stock)
  }

  static func collections(_ account: AccountID, _ game: GameID, _ lock: String) -> SQL {
    """
    select collection, given from hunt_collection
    where account_id = \(account) and game_id = \(game) order by collection\(raw: lock)
    """
  }

  static func give(_ account: AccountID, _ game: GameID, _ collection: String) -> SQL {
    """
    update hunt_collection set given = given + 1
    where account_id = \(account) and game_id = \(game) and collection = \(collection)
    """
  }

  private static let columns = "game_id, id, owner_id, collection, n, draw_id, at, prize, code, adjustment_id"
  static let insertedCompletion = [
    "game_id", "id", "owner_id", "collection", "n", "draw_id", "at", "prize", "code", "adjustment_id", "account_id",
  ]

  static func values(_ completion: Completion, _ account: AccountID, _ amounts: AmountForm) -> [Value] {
    [
      completion.game.value, completion.id.value, completion.member.value, completion.collection.value, completion.number.value,
      completion.draw.value, completion.at.value, completion.prize.json(amounts, isConsolation: true).compact.value,
      completion.code.value, completion.adjustment.value, account.value,
    ]
  }

  static func completion(_ row: Row, _ amounts: AmountForm) throws -> Completion {
    guard let prize = Prize(JSONNode(try storedJSON(row.text(7), in: "hunt_completion.prize")), amounts, isConsolation: true) else {
      throw StorageFailure.damaged("hunt_completion.prize of \(row.int(1)) cannot be read")
    }
    return Completion(
      id: row.id(1), game: row.id(0), collection: row.text(3), number: row.int(4), member: row.id(2), draw: row.id(5),
      at: row.instant(6), prize: prize, code: row.textOrNil(8), adjustment: row.idOrNil(9))
  }

  /// Latest first.
  static func completions(_ account: AccountID, _ game: GameID, before: CompletionID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from hunt_completion
    where account_id = \(account) and game_id = \(game) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func completions(_ account: AccountID, of member: MemberID, before: CompletionID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from hunt_completion
    where account_id = \(account) and owner_id = \(member) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func completions(_ account: AccountID, _ game: GameID, of member: MemberID, by draw: GameDrawID) -> SQL {
    """
    select \(raw: columns) from hunt_completion
    where account_id = \(account) and owner_id = \(member) and game_id = \(game) and draw_id = \(draw) order by id
    """
  }

  /// How often a member completed what.
  static func completed(_ account: AccountID, by member: MemberID) -> SQL {
    """
    select game_id, collection, count(*) from hunt_completion
    where account_id = \(account) and owner_id = \(member) group by game_id, collection
    """
  }

  // Days.

  /// When a member was given this find in this edition, latest first.
  static func finds(_ account: AccountID, _ draw: GameDraw, _ limit: Int) -> SQL {
    """
    select drawn_at from game_draw
    where account_id = \(account) and owner_id = \(draw.member) and game_id = \(draw.game) and edition = \(draw.edition)
      and given = \(Int64(draw.hit)) order by n desc limit \(limit)
    """
  }

  static func give(_ account: AccountID, _ draw: GameDraw, _ tally: DayTally) -> SQL {
    """
    update game_prize set given = given + 1, day = \(tally.day), day_given = \(tally.count)
    where account_id = \(account) and game_id = \(draw.game) and edition = \(draw.edition) and place = \(Int64(draw.given))
    """
  }

  // Audit.

  /// What albums hold, and what their entries say.
  static func auditAlbums(_ account: AccountID, _ game: GameID, after: Int64, through: Int64) -> SQL {
    """
    select owner_id, find, cast(sum(have) as bigint), cast(sum(change) as bigint) from (
      select owner_id, find, have, 0 as change from hunt_album
        where account_id = \(account) and game_id = \(game) and owner_id > \(after) and owner_id <= \(through)
      union all
      select owner_id, find, 0 as have, change from hunt_entry
        where account_id = \(account) and game_id = \(game) and owner_id > \(after) and owner_id <= \(through)
    ) held group by owner_id, find having sum(have) <> sum(change) order by owner_id, find
    """
  }

  /// Where the next so many members of a hunt end.
  static func albumOwners(_ account: AccountID, _ game: GameID, after: Int64, _ limit: Int) -> SQL {
    """
    select distinct owner_id from hunt_album
    where account_id = \(account) and game_id = \(game) and owner_id > \(after) order by owner_id limit \(limit)
    """
  }

  /// How many draws found something, and how many finds came into albums; how many prizes went, and how many albums gave finds for them.
  static func auditFinds(_ account: AccountID, _ game: GameID) -> SQL {
    """
    select
      (select count(*) from game_draw where account_id = \(account) and game_id = \(game) and is_empty = 0),
      (select count(*) from hunt_entry where account_id = \(account) and game_id = \(game) and cause = \(FindEntry.Cause.found.rawValue)),
      (select count(*) from hunt_completion where account_id = \(account) and game_id = \(game)),
      (select count(distinct completion_id) from hunt_entry where account_id = \(account) and game_id = \(game))
    """
  }

  /// What was counted of each collection, and how many were completed.
  static func auditCollections(_ account: AccountID, _ game: GameID) -> SQL {
    """
    select k.collection, k.given, (
      select count(*) from hunt_completion c where c.game_id = k.game_id and c.collection = k.collection and c.account_id = k.account_id
    ) from hunt_collection k where k.account_id = \(account) and k.game_id = \(game) order by k.collection
    """
  }
}
