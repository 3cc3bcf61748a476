import Access
import Kernel
import Storage

/// Statements about draws and turns.
enum DrawSQL {
  static let inserted = [
    "game_id", "edition", "n", "id", "account_id", "owner_id", "store_id", "drawn_at", "roll", "hit", "given", "code",
    "adjustment_id", "is_empty",
  ]

  static func values(_ draw: GameDraw, _ account: AccountID) -> [Value] {
    [
      draw.game.value, draw.edition.value, draw.number.value, draw.id.value, account.value, draw.member.value, draw.store.value,
      draw.at.value, draw.roll.value, Int64(draw.hit).value, Int64(draw.given).value, draw.code.value, draw.adjustment.value,
      Int64(draw.isEmpty ? 1 : 0).value,
    ]
  }

  private static let columns = """
    game_id, edition, n, id, owner_id, store_id, drawn_at, roll, hit, given, code, adjustment_id, is_empty
    """

  static func draw(_ row: Row) -> GameDraw {
    GameDraw(
      id: row.id(3), game: row.id(0), edition: row.int(1), number: row.int(2), member: row.id(4), store: row.idOrNil(5),
      at: row.instant(6), roll: row.int(7), hit: Int(row.int(8)), given: Int(row.int(9)), code: row.textOrNil(10),
      adjustment: row.idOrNil(11), isEmpty: row.int(12) == 1)
  }

  static func byID(_ account: AccountID, _ game: GameID, _ id: GameDrawID) -> SQL {
    "select \(raw: columns) from game_draw where account_id = \(account) and game_id = \(game) and id = \(id)"
  }

  /// Latest first. - Parameter given: only these places.
  static func log(
    _ account: AccountID, _ game: GameID, _ edition: Int64, before: Int64, given: ClosedRange<Int64>, _ limit: Int
  ) -> SQL {
    """
    select \(raw: columns) from game_draw
    where account_id = \(account) and game_id = \(game) and edition = \(edition) and n < \(before)
      and given >= \(given.lowerBound) and given <= \(given.upperBound)
    order by n desc limit \(limit)
    """
  }

  /// Of a hunt what was found, latest first.
  static func finds(_ account: AccountID, _ game: GameID, _ edition: Int64, before: Int64, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from game_draw
    where account_id = \(account) and game_id = \(game) and edition = \(edition) and n < \(before) and is_empty = 0
    order by n desc limit \(limit)
    """
  }

  static func ascending(_ account: AccountID, _ game: GameID, _ edition: Int64, after: Int64, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from game_draw
    where account_id = \(account) and game_id = \(game) and edition = \(edition) and n > \(after) order by n limit \(limit)
    """
  }

  /// Latest first, without draws of hunts that found nothing.
  static func ofMember(_ account: AccountID, _ member: MemberID, before: GameDrawID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from game_draw
    where account_id = \(account) and owner_id = \(member) and id < \(before) and is_empty = 0 order by id desc limit \(limit)
    """
  }

  /// What operators wrote about the turns they gave.
  static func forgetReasons(_ account: AccountID, of member: MemberID) -> SQL {
    SQL(
      "update game_turn_entry set reason = 'erased' where owner_id = $1 and account_id = $2 and reason is not null", member, account
    )
  }

  static func count(
    _ account: AccountID, _ game: GameID, _ edition: Int64, to number: Int64, on day: CivilDay, _ today: Int64
  ) -> SQL {
    """
    update game_edition set drawn = \(number), day = \(day), day_drawn = \(today)
    where account_id = \(account) and game_id = \(game) and edition = \(edition)
    """
  }

  static func give(_ account: AccountID, _ game: GameID, _ edition: Int64, _ place: Int) -> SQL {
    """
    update game_prize set given = given + 1
    where account_id = \(account) and game_id = \(game) and edition = \(edition) and place = \(Int64(place))
    """
  }

  // Turns.

  private static let turnColumns = "game_id, given, used, day, day_used, owner_id"

  static func turns(_ row: Row) -> Turns {
    Turns(game: row.id(0), given: row.int(1), used: row.int(2), day: row.day(3), dayUsed: row.int(4))
  }

  static func turns(_ account: AccountID, _ member: Int64, _ games: [GameID], _ lock: String) -> SQL {
    """
    select \(raw: turnColumns) from game_turn
    where owner_id = \(member) and account_id = \(account) and game_id in (\(list: padded(games))) order by game_id\(raw: lock)
    """
  }

  static func turns(_ account: AccountID, _ member: MemberID, _ limit: Int) -> SQL {
    """
    select \(raw: turnColumns) from game_turn
    where owner_id = \(member) and account_id = \(account) order by game_id desc limit \(limit)
    """
  }

  /// Changes nothing where none is left, or the day's are used up.
  static func use(_ account: AccountID, _ member: MemberID, _ game: GameID, on day: CivilDay, atMost cap: Int64) -> SQL {
    """
    update game_turn set used = used + 1, day_used = case when day = \(day) then day_used + 1 else 1 end, day = \(day)
    where owner_id = \(member) and game_id = \(game) and account_id = \(account) and used < given
      and (day <> \(day) or day_used < \(cap))
    """
  }

  static func bring(_ account: AccountID, _ owner: Int64, _ game: GameID, _ count: Int64) -> SQL {
    SQL(
      """
      insert into game_turn (owner_id, game_id, account_id, given) values ($1, $2, $3, $4)
      on conflict (owner_id, game_id) do update set given = game_turn.given + excluded.given
      """, owner, game, account, count)
  }

  static func takeBack(_ account: AccountID, _ owner: Int64, _ game: GameID, _ count: Int64) -> SQL {
    """
    update game_turn set given = given - \(count)
    where owner_id = \(owner) and game_id = \(game) and account_id = \(account)
    """
  }

  static func note(
    _ id: TurnEntryID, _ account: AccountID, _ owner: Int64, _ game: GameID, _ change: Int64, at now: Instant,
    receipt: ReceiptID? = nil, by actor: String? = nil, because reason: String? = nil
  ) -> SQL {
    SQL(
      """
      insert into game_turn_entry (owner_id, game_id, id, account_id, change, at, receipt_id, actor, reason)
      values ($1, $2, $3, $4, $5, $6, cast($7 as bigint), cast($8 as text), cast($9 as text))
      """, owner, game, id, account, change, now, receipt, actor, reason)
  }

  /// What a receipt brought, and what its returns left of it.
  static func brought(_ account: AccountID, _ owner: Int64, on receipt: ReceiptID) -> SQL {
    """
    select game_id, cast(sum(case when change > 0 then change else 0 end) as bigint), cast(sum(change) as bigint)
    from game_turn_entry where owner_id = \(owner) and receipt_id = \(receipt) and account_id = \(account)
    group by game_id order by game_id
    """
  }

  /// By game, what came before this receipt's turns and stayed: by other receipts, by hand.
  static func earlier(_ account: AccountID, _ owner: Int64, than receipt: ReceiptID) -> SQL {
    """
    select e.game_id, cast(sum(e.change) as bigint) from game_turn_entry e
    join (
      select game_id, min(id) as id from game_turn_entry
      where owner_id = \(owner) and receipt_id = \(receipt) and account_id = \(account) group by game_id
    ) b on b.game_id = e.game_id
    where e.owner_id = \(owner) and e.account_id = \(account) and b.id > coalesce(
      (select min(f.id) from game_turn_entry f
        where f.owner_id = e.owner_id and f.receipt_id = e.receipt_id and f.game_id = e.game_id), e.id)
    group by e.game_id
    """
  }

  // Audit.

  /// What the rows of turns say, what their entries say, and what was drawn.
  static func auditTurns(_ account: AccountID, _ game: GameID, after: Int64, _ limit: Int) -> SQL {
    """
    select t.owner_id, t.given, t.used,
      (select cast(coalesce(sum(e.change), 0) as bigint) from game_turn_entry e
        where e.owner_id = t.owner_id and e.game_id = t.game_id),
      (select count(*) from game_draw d
        where d.account_id = t.account_id and d.owner_id = t.owner_id and d.game_id = t.game_id)
    from game_turn t where t.account_id = \(account) and t.game_id = \(game) and t.owner_id > \(after)
    order by t.owner_id limit \(limit)
    """
  }
}
