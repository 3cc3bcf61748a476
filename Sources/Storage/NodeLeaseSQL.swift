import Kernel

/// Every statement about leased node numbers.
enum NodeLeaseSQL {
  static func held(at now: Instant) -> SQL { "select number from node where until >= \(now) order by number" }

  static func claim(_ number: Int, holder: String, until: Instant, at now: Instant) -> SQL {
    """
    insert into node (number, holder, until) values (\(number), \(holder), \(until))
    on conflict (number) do update set holder = excluded.holder, until = excluded.until where node.until < \(now)
    """
  }

  static func renew(_ number: Int, holder: String, until: Instant) -> SQL {
    "update node set until = \(until) where number = \(number) and holder = \(holder)"
  }
}
