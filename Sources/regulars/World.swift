import Kernel
import Storage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the outside world gives: time, ids, chance and time zones. Everything below the front door is handed these and asks nobody
/// else, so a test or a simulated year brings a world of its own.
public struct World: Sendable {
  public let now: @Sendable () -> Instant
  /// Evenly spread over all 64 bits.
  public let random: @Sendable () -> UInt64
  public let zones: ZoneBook

  public init(now: @escaping @Sendable () -> Instant, random: @escaping @Sendable () -> UInt64, zones: ZoneBook) {
    self.now = now
    self.random = random
    self.zones = zones
  }

  /// The machine's clock, the system's randomness and its zone files.
  public static func real(zones folder: String) -> World {
    World(now: systemNow, random: { UInt64.random(in: .min ... .max) }, zones: ZoneBook(folder: folder))
  }
}

/// The machine's clock, to the microsecond.
public func systemNow() -> Instant {
  var time = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &time)
  return Instant(micros: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
}

/// The number of this process on its machine.
var processNumber: Int { Int(getpid()) }
