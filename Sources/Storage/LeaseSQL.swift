import Kernel

/// Every statement about leases, node numbers and epochs.
enum LeaseSQL {
  static let pulse: SQL = "select 1"

  static func take(_ name: String, _ holder: String, until: Instant, _ now: Instant) -> SQL {
    """
    insert into lease (name, holder, until, term) values (\(name), \(holder), \(until), 1)
    on conflict (name) do update set holder = excluded.holder, until = excluded.until,
      term = lease.term + case when lease.holder = excluded.holder then 0 else 1 end
    where lease.until <= \(now) or lease.holder = excluded.holder
    returning term
    """
  }

  static func release(_ name: String, _ holder: String) -> SQL {
    "update lease set until = 0 where name = \(name) and holder = \(holder)"
  }

  static let nodeCount: SQL = "select count(*) from node"

  static func addNode(_ number: Int64, _ holder: String, _ until: Instant) -> SQL {
    "insert into node (number, holder, until) values (\(number), \(holder), \(until)) on conflict do nothing"
  }

  static func freeNodes(at now: Instant) -> SQL {
    "select number from node where until <= \(now) order by until, number limit 64"
  }

  static func takeNode(_ number: Int64, _ holder: String, _ until: Instant, _ now: Instant) -> SQL {
    "update node set holder = \(holder), until = \(until) where number = \(number) and until <= \(now)"
  }

  static func renewNode(_ number: Int64, _ holder: String, _ until: Instant, _ now: Instant) -> SQL {
    "update node set until = \(until) where number = \(number) and holder = \(holder) and until > \(now)"
  }

  static func releaseNode(_ number: Int64, _ holder: String, _ now: Instant) -> SQL {
    "update node set until = \(now) where number = \(number) and holder = \(holder)"
  }

  static let epoch: SQL = "select max(epoch) from database_epoch"

  static func beginEpoch(_ epoch: Int64, _ cause: String, _ now: Instant) -> SQL {
    "insert into database_epoch (epoch, began_at, cause) values (\(epoch), \(now), \(cause))"
  }
}
