import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Somebody wants the program to end. Long work asks between two steps, finishes the step it is in and returns.
public final class Stop: Sendable {
  /// Thrown by work that was asked to stop. What it had finished is kept.
  public struct Asked: Error, Hashable, Sendable {
    /// What the person at the terminal does next.
    public let remedy: String

    public init(remedy: String = "what was finished is kept, and the same command goes on from there") { self.remedy = remedy }
  }

  private let flag = Atomic<Bool>(false)

  public init() {}

  public var isAsked: Bool { flag.load(ordering: .relaxed) }

  public func ask() { flag.store(true, ordering: .relaxed) }

  /// - Throws: `Asked` once somebody asked.
  public func check() throws(Asked) { if isAsked { throw Asked() } }
}

/// Turns Ctrl-C and SIGTERM into `Stop`; the second of them ends the process at once. Lives as long as the program.
public final class StopSignals: Sendable {
  // Made once and never used again; they end when they are let go of.
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

  /// - Parameter onFirst: called once, on a thread of its own, when the first signal comes.
  public init(_ stop: Stop, onFirst: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "signals")
    unsafe sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if stop.isAsked { _exit(128 + number) }
        stop.ask()
        onFirst()
      }
      source.activate()
      return source
    }
  }
}
