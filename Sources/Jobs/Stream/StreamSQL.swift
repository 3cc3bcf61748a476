import Kernel
import Storage

/// Every statement about numbered events, the relay and how far consumers are.
enum StreamSQL {
  // Unscoped: the relay numbers the events of all accounts.
  static func waiting(above id: EventID, _ limit: Int) -> SQL {
    SQL("select id from outbox where id > $1 order by id limit $2", id, limit)
  }

  // Unscoped: the relay numbers the events of all accounts.
  static func take(above id: EventID, through last: Int64) -> SQL {
    SQL(
      "delete from outbox where id > $1 and id <= $2 returning id, account_id, owner_id, kind, subject_id, at, body", id, last)
  }

  // Unscoped: the relay numbers the events of all accounts.
  /// The same and the numbering in one, so that events do not travel: only rows that this very statement saw go get a position, and one
  /// that is committed meanwhile under an earlier id stays for a later turn.
  static func move(above id: EventID, through last: Int64, after position: Int64) -> SQL {
    SQL(
      """
      with taken as (
        delete from outbox where id > $1 and id <= $2 returning id, account_id, owner_id, kind, subject_id, at, body
      )
      insert into event (position, id, account_id, owner_id, kind, subject_id, at, body)
      select cast($3 as bigint) + row_number() over (order by id), id, account_id, owner_id, kind, subject_id, at, body from taken
      """, id, last, position)
  }

  /// The outbox is empty one moment and full of what went the next, and a plan that was made for an empty table walks through all of it.
  static let byIndex: SQL = "set local enable_seqscan = off"

  // Unscoped: how far the relay is behind concerns the whole installation.
  static func waiting(_ limit: Int) -> SQL {
    SQL("select count(*), min(at) from (select at from outbox limit $1) counted", limit)
  }

  static let head: SQL = "select position, epoch, term from stream_head where name = 'events'"

  // Unscoped: positions are given once for all accounts.
  /// Where events take their positions themselves, the head only remembers those of events that are gone.
  static let last: SQL = """
    select max((select coalesce(max(position), 0) from event), \
    (select coalesce(max(position), 0) from stream_head where name = 'events'))
    """

  static func remember(_ position: Int64, _ now: Instant) -> SQL {
    SQL(
      """
      insert into stream_head (name, position, epoch, term, at) values ('events', $1, 0, 0, $2)
      on conflict (name) do update set position = excluded.position, at = excluded.at where stream_head.position < excluded.position
      """, position, now)
  }

  // Unscoped: positions are given once for all accounts.
  static func goOn(_ now: Instant) -> SQL {
    SQL(
      """
      insert into stream_head (name, position, epoch, term, at)
      select 'events', position, 0, 0, $1 from (select coalesce(max(position), 0) as position from event) latest where true
      on conflict (name) do update set position = excluded.position, at = excluded.at where stream_head.position < excluded.position
      """, now)
  }

  static func openHead(_ now: Instant) -> SQL {
    SQL("insert into stream_head (name, position, epoch, term, at) values ('events', 0, 0, 0, $1) on conflict do nothing", now)
  }

  /// Changes nothing where the head was moved meanwhile, or by whoever took the lease after us.
  static func moveHead(from position: Int64, to next: Int64, epoch: Int64, term: Int64, _ now: Instant) -> SQL {
    SQL(
      """
      update stream_head set position = $1, epoch = $2, term = $3, at = $4
      where name = 'events' and position = $5 and (epoch < $2 or (epoch = $2 and term <= $3))
      """, next, epoch, term, now, position)
  }

  static let inserted = ["position", "id", "account_id", "owner_id", "kind", "subject_id", "at", "body"]

  // Unscoped: followers read the events of all accounts.
  static func events(after position: Int64, _ limit: Int) -> SQL {
    SQL(
      """
      select position, id, account_id, owner_id, kind, subject_id, at, body from event
      where position > $1 order by position limit $2
      """, position, limit)
  }

  static func events(_ account: AccountID, after position: Int64, through last: Int64, _ limit: Int) -> SQL {
    SQL(
      """
      select position, id, account_id, owner_id, kind, subject_id, at, body from event
      where account_id = $1 and position > $2 and position <= $3 order by position limit $4
      """, account, position, last, limit)
  }

  static func event(_ row: Row) throws -> StreamEvent {
    StreamEvent(
      position: row.int(0), id: row.id(1), account: row.id(2), kindNumber: row.int(4), owner: row.int(3), subject: row.int(5),
      at: row.instant(6), body: try storedJSON(row.text(7), in: "event.body"))
  }

  // Unscoped: a follower's lag counts the events of all accounts.
  static func moment(of position: Int64) -> SQL { SQL("select at from event where position = $1", position) }

  // Unscoped: retention goes by age, whoever's the events are.
  static func oldest(_ limit: Int) -> SQL { SQL("select position, at from event order by position limit $1", limit) }

  // Unscoped: what is kept is the same for all accounts.
  static let earliest: SQL = "select min(at) from event"

  // Unscoped: retention goes by age, whoever's the events are.
  static func forget(through last: Int64) -> SQL { SQL("delete from event where position <= $1", last) }

  static func position(_ consumer: String) -> SQL {
    SQL("select epoch, position from stream_position where consumer = $1", consumer)
  }

  static func lockPosition(_ consumer: String, _ dialect: Dialect) -> SQL {
    "select epoch, position from stream_position where consumer = \(consumer)\(raw: dialect.forClaim)"
  }

  // Unscoped: owners are one account's, and a consumer reads the events of all.
  /// Events behind the position are few: the index leads to them, whoever their owners are.
  static func waiting(_ owners: [Int64], after position: Int64) -> SQL {
    """
    select 1 where exists (select 1 from event where position > \(position) and owner_id in (\(list: owners)))
      or exists (select 1 from outbox where owner_id in (\(list: owners)))
    """
  }

  static func openPosition(_ consumer: String, epoch: Int64, _ position: Int64, _ now: Instant) -> SQL {
    SQL(
      "insert into stream_position (consumer, epoch, position, at) values ($1, $2, $3, $4) on conflict do nothing", consumer, epoch,
      position, now)
  }

  static func setPosition(_ consumer: String, epoch: Int64, _ position: Int64, _ now: Instant) -> SQL {
    SQL("update stream_position set epoch = $2, position = $3, at = $4 where consumer = $1", consumer, epoch, position, now)
  }

  static func forgetPosition(_ consumer: String) -> SQL { SQL("delete from stream_position where consumer = $1", consumer) }

  /// Where every consumer is, and when the next event for it happened.
  // Unscoped: a consumer reads the events of all accounts.
  static let readers: SQL = """
    select p.consumer, p.position, e.at from stream_position p left join event e on e.position = p.position + 1 order by p.consumer
    """

  static let positions: SQL = "select consumer, epoch, position, at from stream_position order by consumer"
}
