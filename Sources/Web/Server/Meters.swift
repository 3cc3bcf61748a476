import Kernel
import Synchronization

/// Figures of a running server, in the text format that Prometheus reads (exposition format 0.0.4).
///
/// Counters and histograms are kept here; what others know better – lags, queues, commit groups – is asked for when somebody reads.
public final class Meters: Sendable {
  /// One figure of something that others keep.
  public struct Sample: Sendable {
    let name: String
    /// What it is of, where there are several; empty else.
    let of: String
    let value: Double
    let isCounter: Bool

    public init(_ name: String, of what: String, _ value: Double, isCounter: Bool = false) {
      self.name = name
      of = what
      self.value = value
      self.isCounter = isCounter
    }
  }

  /// Figures that are read when somebody asks.
  public struct Reading: Sendable {
    let read: @Sendable () async throws -> [Sample]
    public init(_ read: @escaping @Sendable () async throws -> [Sample]) { self.read = read }
  }

  /// Upper bounds of the histogram, in microseconds.
  static let bounds: [Int64] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 3_000_000,
  ]

  private struct Times {
    var buckets = Array(repeating: 0, count: Meters.bounds.count)
    var count = 0
    var micros: Int64 = 0
  }

  private struct Kept {
    var times: [String: Times] = [:]
    var answers: [String: [Int: Int]] = [:]
    var counters: [String: Int] = [:]
    var inFlight = 0
    var expected: [Expected] = []
    var readings: [Reading] = []
  }

  private let kept = Mutex(Kept())

  public init() {}

  /// What an endpoint can be answered with, so that its figures are there before the first request: a rate needs two readings.
  struct Expected: Sendable {
    let endpoint: String
    let statuses: [Int]
    /// How long it takes is told from the beginning as well; of pages, which are many, from their first reader on.
    let isTimed: Bool
  }

  func expect(_ endpoints: [Expected]) { kept.withLock { $0.expected += endpoints } }

  public func add(_ reading: Reading) { kept.withLock { $0.readings.append(reading) } }

  func began() { kept.withLock { $0.inFlight += 1 } }

  /// - Parameter endpoint: its name, of which there are few.
  func ended(_ endpoint: String, status: Int, micros: Int64) {
    kept.withLock { kept in
      kept.inFlight -= 1
      kept.answers[endpoint, default: [:]][status, default: 0] += 1
      var times = kept.times[endpoint] ?? Times()
      for (place, bound) in Self.bounds.enumerated() where micros <= bound { times.buckets[place] += 1 }
      times.count += 1
      times.micros += micros
      kept.times[endpoint] = times
    }
  }

  /// Adds to a counter whose name and label are our own words: one of `Tally.all`.
  public func count(_ name: String, _ label: String, _ value: String, by amount: Int = 1) {
    kept.withLock { $0.counters[Tally.series(name, label, value), default: 0] += amount }
  }

  public var inFlight: Int { kept.withLock { $0.inFlight } }

  /// Everything as text. What cannot be read just now is left out, and counted in `regulars_unread_figures`.
  public func text() async -> String {
    var kept = kept.withLock { $0 }
    for expected in kept.expected {
      for status in expected.statuses { kept.answers[expected.endpoint, default: [:]][status, default: 0] += 0 }
      if expected.isTimed, kept.times[expected.endpoint] == nil { kept.times[expected.endpoint] = Times() }
    }
    for series in Tally.all.flatMap(\.series) { kept.counters[series, default: 0] += 0 }
    var lines: [String] = []
    lines += ["# HELP regulars_requests_total Requests by endpoint and status.", "# TYPE regulars_requests_total counter"]
    for (endpoint, statuses) in kept.answers.sorted(by: { $0.key < $1.key }) {
      for (status, count) in statuses.sorted(by: { $0.key < $1.key }) {
        lines.append("regulars_requests_total{endpoint=\"\(endpoint)\",status=\"\(status)\"} \(count)")
      }
    }
    lines += ["# HELP regulars_request_seconds Time to answer.", "# TYPE regulars_request_seconds histogram"]
    for (endpoint, times) in kept.times.sorted(by: { $0.key < $1.key }) { lines += Self.lines(endpoint, times) }
    lines += ["# HELP regulars_requests_in_flight Requests under way.", "# TYPE regulars_requests_in_flight gauge"]
    lines.append("regulars_requests_in_flight \(kept.inFlight)")
    var named = ""
    for (series, count) in kept.counters.sorted(by: { $0.key < $1.key }) {
      let name = String(series.prefix { $0 != "{" })
      if name != named {
        lines += Tally.all.filter { $0.name == name }.map { "# HELP \(name) \($0.help)" } + ["# TYPE \(name) counter"]
      }
      named = name
      lines.append("\(series) \(count)")
    }
    lines += await Self.lines(kept.readings)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ endpoint: String, _ times: Times) -> [String] {
    let label = "endpoint=\"\(endpoint)\""
    var lines = zip(bounds, times.buckets).map { bound, count in
      "regulars_request_seconds_bucket{\(label),le=\"\(Decimal.text(bound, digits: 6))\"} \(count)"
    }
    lines.append("regulars_request_seconds_bucket{\(label),le=\"+Inf\"} \(times.count)")
    lines.append("regulars_request_seconds_sum{\(label)} \(Decimal.text(times.micros, digits: 6))")
    lines.append("regulars_request_seconds_count{\(label)} \(times.count)")
    return lines
  }

  private static func lines(_ readings: [Reading]) async -> [String] {
    var samples: [Sample] = []
    var unread = 0
    for reading in readings {
      do { samples += try await reading.read() } catch { unread += 1 }
    }
    samples.append(Sample("regulars_unread_figures", of: "", Double(unread)))
    var lines: [String] = []
    // The format wants all series of one name together.
    for (name, same) in Dictionary(grouping: samples, by: \.name).sorted(by: { $0.key < $1.key }) {
      lines.append("# TYPE \(name) \(same[0].isCounter ? "counter" : "gauge")")
      for sample in same { lines.append("\(name)\(sample.of.isEmpty ? "" : "{of=\"\(sample.of)\"}") \(sample.value)") }
    }
    return lines
  }
}
