import Kernel
import Synchronization

/// Figures of a running server, in the text format that Prometheus reads (exposition format 0.0.4).
///
/// Counters and histograms are kept here; what others know better – lags, queues, commit groups – is asked for when somebody reads.
public final class Meters: Sendable {
  /// A figure that is read when it is asked for.
  public struct Gauge: Sendable {
    let name: String
    let help: String
    let isCounter: Bool
    /// Labels and values, or nil where it is not known just now.
    let read: @Sendable () async -> [(labels: [(String, String)], value: Double)]

    public init(
      _ name: String, _ help: String, isCounter: Bool = false,
      read: @escaping @Sendable () async -> [(labels: [(String, String)], value: Double)]
    ) {
      self.name = name
      self.help = help
      self.isCounter = isCounter
      self.read = read
    }
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
    var gauges: [Gauge] = []
  }

  private let kept = Mutex(Kept())

  public init() {}

  public func add(_ gauge: Gauge) { kept.withLock { $0.gauges.append(gauge) } }

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

  /// Adds to a counter whose name and label are our own words.
  func count(_ name: String, _ label: String, _ value: String, by amount: Int = 1) {
    kept.withLock { $0.counters["\(name){\(label)=\"\(value)\"}", default: 0] += amount }
  }

  public var inFlight: Int { kept.withLock { $0.inFlight } }

  public func text() async -> String {
    let kept = kept.withLock { $0 }
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
      if name != named { lines.append("# TYPE \(name) counter") }
      named = name
      lines.append("\(series) \(count)")
    }
    for gauge in kept.gauges { lines += await Self.lines(gauge) }
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

  private static func lines(_ gauge: Gauge) async -> [String] {
    var lines = ["# HELP \(gauge.name) \(gauge.help)", "# TYPE \(gauge.name) \(gauge.isCounter ? "counter" : "gauge")"]
    for (labels, value) in await gauge.read() {
      let inside = labels.map { "\($0)=\"\($1)\"" }.joined(separator: ",")
      lines.append("\(gauge.name)\(inside.isEmpty ? "" : "{\(inside)}") \(value)")
    }
    return lines
  }
}
