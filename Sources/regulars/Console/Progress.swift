import Kernel
import Logging
import Synchronization

/// How far a long piece of work is. On a terminal one line is redrawn; elsewhere a log line comes every ten seconds.
///
///     let progress = house.progress("importing receipts", unit: "lines", total: 1_469_307)
///     progress.reached(42_000)
///     progress.finish()
///
/// `reached` may be called as often as one likes, from any thread: between two drawings it costs a lock and a comparison.
public final class Progress: Sendable {
  private struct State {
    var done = 0
    var drawn: ContinuousClock.Instant?
    var isFinished = false
  }

  private let meter: ProgressMeter
  private let console: Console
  private let log: Logger
  private let started = ContinuousClock.now
  private let state = Mutex(State())

  init(_ meter: ProgressMeter, console: Console, log: Logger) {
    self.meter = meter
    self.console = console
    self.log = log
  }

  /// So many of the total are done.
  public func reached(_ done: Int) {
    let now = ContinuousClock.now
    let pause: Duration = console.isTerminal ? .milliseconds(200) : .seconds(10)
    let isDue = state.withLock { state in
      state.done = done
      guard !state.isFinished, now - (state.drawn ?? started) >= pause else { return false }
      state.drawn = now
      return true
    }
    if isDue { show(done, after: now - started) }
  }

  /// The work ended, whole or not: the bar goes and one line with the sum stays.
  public func finish() {
    let done = state.withLock { state in
      defer { state.isFinished = true }
      return state.isFinished ? nil : state.done
    }
    guard let done else { return }
    console.bar(nil)
    let elapsed = ContinuousClock.now - started
    log.info("\(meter.title): done", metadata: meter.metadata(done, after: elapsed))
  }

  private func show(_ done: Int, after elapsed: Duration) {
    if console.isTerminal {
      console.bar(meter.line(done, after: elapsed, width: console.width))
    } else {
      log.info("\(meter.title)", metadata: meter.metadata(done, after: elapsed))
    }
  }
}

/// The words and numbers of a progress line, without clock or terminal.
public struct ProgressMeter: Sendable {
  public let title: String
  /// What is counted, in the plural.
  public let unit: String
  /// Nil where nobody knows how much there is.
  public let total: Int?

  public init(_ title: String, unit: String, total: Int?) {
    self.title = title
    self.unit = unit
    self.total = total
  }

  /// Done by the second, since the start.
  public func rate(_ done: Int, after elapsed: Duration) -> Double {
    let seconds = elapsed / .seconds(1)
    return seconds > 0 ? Double(done) / seconds : 0
  }

  /// Seconds left at the rate so far; nil before one can tell.
  public func left(_ done: Int, after elapsed: Duration) -> Int? {
    let rate = rate(done, after: elapsed)
    guard let total, rate > 0 else { return nil }
    return Int((Double(max(0, total - done)) / rate).rounded(.up))
  }

  /// One line of at most `width` columns: `importing  [=====>    ]  52 %  764k of 1.5M lines  152k/s  5 s left`.
  public func line(_ done: Int, after elapsed: Duration, width: Int) -> String {
    var facts: [String] = []
    if let total, total > 0 { facts.append("\(min(100, done * 100 / total)) %") }
    facts.append(total.map { "\(Self.short(done)) of \(Self.short($0)) \(unit)" } ?? "\(Self.short(done)) \(unit)")
    facts.append("\(Self.short(Int(rate(done, after: elapsed))))/s")
    if let left = left(done, after: elapsed) { facts.append("\(Self.time(left)) left") }
    let tail = facts.joined(separator: "  ")
    let room = width - title.count - tail.count - 7
    guard let total, total > 0, room >= 8 else { return String((title + "  " + tail).prefix(max(1, width - 1))) }
    let size = min(room, 30)
    let filled = min(size, done * size / total)
    let bar =
      String(repeating: "=", count: filled) + (filled < size ? ">" : "") + String(repeating: " ", count: max(0, size - filled - 1))
    return "\(title)  [\(bar)]  \(tail)"
  }

  func metadata(_ done: Int, after elapsed: Duration) -> Logger.Metadata {
    var facts: Logger.Metadata = [
      "done": "\(done)", "unit": "\(unit)", "per_second": "\(Int(rate(done, after: elapsed)))",
      "seconds": "\(Int(elapsed / .seconds(1)))",
    ]
    if let total { facts["total"] = "\(total)" }
    if let left = left(done, after: elapsed), left > 0 { facts["seconds_left"] = "\(left)" }
    return facts
  }

  /// 950, 9.5k, 764k, 1.5M.
  static func short(_ count: Int) -> String {
    switch count {
    case ..<1000: String(count)
    case ..<10_000: "\(count / 1000).\(count % 1000 / 100)k"
    case ..<1_000_000: "\(count / 1000)k"
    case ..<10_000_000: "\(count / 1_000_000).\(count % 1_000_000 / 100_000)M"
    default: "\(count / 1_000_000)M"
    }
  }

  /// 42 s, 3 min 05 s, 2 h 10 min.
  static func time(_ seconds: Int) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
    return switch seconds {
    case ..<60: "\(seconds) s"
    case ..<3600: "\(seconds / 60) min \(two(seconds % 60)) s"
    default: "\(seconds / 3600) h \(two(seconds / 60 % 60)) min"
    }
  }
}
