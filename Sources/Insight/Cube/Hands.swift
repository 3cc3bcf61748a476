import Cube
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Threads for work that keeps a processor busy for a long while. They are not those that serve tills, and yield to them.
enum Hands {
  /// As many as the machine has processors, at most sixteen.
  static var count: Int { min(16, max(1, ProcessInfo.processInfo.activeProcessorCount)) }

  /// Runs the body on a thread of its own.
  static func run<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      start { continuation.resume(with: Result(catching: body)) }
    }
  }

  /// The same for what cannot fail.
  static func quietly<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
    await withCheckedContinuation { continuation in start { continuation.resume(returning: body()) } }
  }

  static func start(_ body: @escaping @Sendable () -> Void) {
    let thread = Thread {
      yield()
      body()
    }
    thread.stackSize = 1 << 21
    thread.start()
  }

  /// Linux gives every thread its own priority; elsewhere the system's quality of service does.
  private static func yield() {
    #if os(Linux)
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
    #endif
  }

  /// Walks over all parts, some threads beside each other. Each begins with a value of its own: shared storage would be copied, or worse.
  static func walk<Part: Sendable, Found: Sendable>(
    _ parts: [Part], from empty: @autoclosure @escaping @Sendable () -> Found,
    _ add: @escaping @Sendable (Part, inout Found) -> Void,
    joining: @escaping @Sendable (inout Found, Found) -> Void
  ) async -> Found {
    let queue = Queue<Part, Found>(parts)
    let threads = max(1, min(count, parts.count))
    return await withCheckedContinuation { continuation in
      for _ in 0..<threads {
        start {
          var found = empty()
          while let part = queue.next() { add(part, &found) }
          if let all = queue.finish(found, of: threads, joining) { continuation.resume(returning: all) }
        }
      }
    }
  }

  private final class Queue<Part: Sendable, Found: Sendable>: Sendable {
    private struct State {
      var next = 0
      var found: Found?
      var finished = 0
    }

    private let parts: [Part]
    private let state = Mutex(State())

    init(_ parts: [Part]) { self.parts = parts }

    func next() -> Part? {
      state.withLock { state in
        guard state.next < parts.count else { return nil }
        defer { state.next += 1 }
        return parts[state.next]
      }
    }

    /// The last one to finish gets everything.
    func finish(_ own: Found, of threads: Int, _ joining: (inout Found, Found) -> Void) -> Found? {
      state.withLock { state in
        state.finished += 1
        if var all = state.found {
          state.found = nil
          joining(&all, own)
          state.found = all
        } else {
          state.found = own
        }
        return state.finished == threads ? state.found : nil
      }
    }
  }
}

extension Cube {
  /// Answers a pivot with all processors.
  /// - Throws: `Problem.invalid` for what cannot be asked.
  public func answer(_ pivot: Pivot) async throws -> PivotTable { try await answered(pivot).table }

  /// The same with its plan: the walks that it took, and where each was done.
  /// - Parameter best: as `PivotQuestion` has it.
  public func answered(
    _ pivot: Pivot, keeping best: [String]? = nil
  ) async throws -> (table: PivotTable, walks: [CubeWalkNote]) {
    var question = try PivotQuestion(pivot, of: frame, keeping: best)
    var walks: [CubeWalkNote] = []
    while let plan = question.walk {
      let (tally, place) = await walked(plan)
      walks.append(CubeWalkNote(plan, at: place))
      try question.take(tally)
    }
    guard let answer = question.answer else { preconditionFailure("a question without a walk left has its answer") }
    return (answer, walks)
  }

  /// The answer, and the one that it is set against: of the same rows, where only the top was asked for.
  public func compared(
    _ pivot: Pivot
  ) async throws -> (table: PivotTable, before: PivotTable?, walks: [CubeWalkNote]) {
    let (table, walks) = try await answered(pivot)
    guard let past = pivot.past(by: frame.holidays) else { return (table, nil, walks) }
    let before = try await answered(past, keeping: table.best)
    return (table, before.table, walks + before.walks)
  }

  /// One walk: by the column server where there is one that knows, or with all processors.
  func walk(_ plan: CubePlan) async -> Tally { await walked(plan).tally }

  private func walked(_ plan: CubePlan) async -> (tally: Tally, place: CubeWalkNote.Place) {
    guard let walker else { return (await walkOverRolls(plan), .rolls) }
    switch await walker.walk(plan) {
    case .done(let tally): return (tally, .server)
    case .declined(let why): return (await walkOverRolls(plan), .rollsInstead(why))
    }
  }

  private func walkOverRolls(_ plan: CubePlan) async -> Tally {
    await Hands.walk(parts, from: Tally(plan)) { part, tally in
      add(part, plan, to: &tally)
    } joining: { all, one in
      all.add(one)
    }
  }

  /// Asks everybody with all processors.
  public func ask(_ question: PeopleQuestion) async -> PeopleFound {
    await Hands.walk(peopleParts, from: nobodyFound(question)) { part, found in
      ask(question, of: part, into: &found)
    } joining: { all, one in
      all.add(one)
    }
  }

  /// The latest receipts behind a figure, or those before one of them, and how many there are in all.
  /// - Throws: `Problem.invalid` for what cannot be asked.
  public func receipts(_ pivot: Pivot, limit: Int, before: CubeDrill.Place? = nil) async throws -> CubeDrill.Found {
    let drill = try CubeDrill(pivot, of: frame, limit: limit, before: before)
    return await Hands.walk(
      everyPlace.enumerated().map { DrillPlace(index: $0, roll: $1.roll, replaced: $1.replaced) }, from: drill.nothing
    ) {
      place, found in
      drill.add(place.roll, at: place.index, replaced: place.replaced, to: &found)
    } joining: { all, one in
      all.add(one)
    }
  }
}

private struct DrillPlace: Sendable {
  let index: Int
  let roll: Roll
  let replaced: Bits?
}
