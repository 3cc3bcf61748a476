import Kernel
import Storage

/// A number that tells how the background work stands, asked for when somebody looks.
public struct Gauge: Hashable, Sendable {
  /// For example `relay_lag_seconds`.
  public let name: String
  /// What it is of, where there are several: a follower, a kind of job. Empty else.
  public let of: String
  public let value: Double

  public init(_ name: String, of what: String = "", _ value: Double) {
    self.name = name
    of = what
    self.value = value
  }
}

/// Reads gauges in a transaction that cannot write; a few reads by index.
public typealias GaugeReading = @Sendable (_ now: Instant, _ tx: inout Transaction) throws -> [Gauge]

/// The gauges of this room. Other rooms bring readings of their own.
public enum Gauges {
  /// Events that wait for the relay, and how long the oldest has.
  public static let relay: GaugeReading = { now, tx in
    let lag = try EventStream.waiting(at: now, in: &tx)
    return [Gauge("relay_lag_events", Double(lag.events)), Gauge("relay_lag_seconds", lag.time.inSeconds)]
  }

  public static func followers(_ followers: [Follower]) -> GaugeReading {
    { now, tx in
      var gauges: [Gauge] = []
      for follower in followers {
        let lag = try follower.lag(at: now, in: &tx)
        gauges.append(Gauge("follower_lag_events", of: follower.name, Double(lag.events)))
        gauges.append(Gauge("follower_lag_seconds", of: follower.name, lag.time.inSeconds))
      }
      return gauges
    }
  }

  /// Jobs that wait, of these due, and dead letters, by kind. Kinds of which there are none read zero.
  public static func jobs(of kinds: [String]) -> GaugeReading {
    { now, tx in
      let counts = try JobQueue().counts(at: now, in: &tx)
      let idle = Set(kinds).subtracting(counts.map(\.kind)).map { JobCount(kind: $0, waiting: 0, due: 0, dead: 0) }
      return (counts + idle).sorted { $0.kind < $1.kind }.flatMap { count in
        [
          Gauge("jobs_waiting", of: count.kind, Double(count.waiting)), Gauge("jobs_due", of: count.kind, Double(count.due)),
          Gauge("jobs_dead", of: count.kind, Double(count.dead)),
        ]
      }
    }
  }

  /// Rounds of scheduled work that failed in a row, by name. What never came round yet reads zero.
  public static func chores(named names: [String]) -> GaugeReading {
    { _, tx in
      let known = try Chores.board(in: &tx).map { (name: $0.name, failures: Double($0.failures)) }
      let fresh = Set(names).subtracting(known.map(\.name)).map { (name: $0, failures: 0.0) }
      return (known + fresh).sorted { $0.name < $1.name }.map { Gauge("chore_failures", of: $0.name, $0.failures) }
    }
  }
}

extension Span {
  /// For gauges and logs; amounts of time are compared as spans.
  public var inSeconds: Double { Double(micros) / 1_000_000 }
}
