import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What several callers ask at the same time, answered together: a few turns at a time each take what waits, so that groups grow with the
/// load and who meets nobody goes at once. Nobody waits for a group to fill, and none grows so large that its turn becomes long.
///
/// For a database to which a statement about thirty things costs little more than one about a single thing.
public final class Gathering<Item: Sendable, Answer: Sendable>: Sendable {
  /// Answers several in their order, nil for one that has to be asked alone. What it throws leaves nothing done.
  public typealias Together = @Sendable ([Item]) async throws -> [Answer?]
  public typealias Alone = @Sendable (Item) async throws -> Answer

  private struct Waiting {
    let item: Item
    let answer: CheckedContinuation<Answer, any Error>
  }

  private struct State {
    var waiting: [Waiting] = []
    var turns = 0
    /// So many turns to come take one each: what was gathered lately had to be asked alone.
    var single = 0
    /// As many as a turn takes now.
    var size: Int
  }

  private let state: Mutex<State>
  private let atOnce: Int
  private let most: Int
  private let patience: Duration

  private static var shy: Int { 32 }

  /// - Parameters:
  ///   - atOnce: turns at a time. More make the groups smaller: one for each processor, since a turn computes besides asking, and at least
  ///     three, since some wait for the database.
  ///   - most: items in a turn.
  ///   - patience: a turn that took longer halves the groups to come, quick ones let them grow again: what one item costs differs widely.
  public init(
    atOnce: Int = max(3, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), most: Int = 32, patience: Duration = .milliseconds(25)
  ) {
    (self.atOnce, self.most, self.patience) = (atOnce, most, patience)
    state = Mutex(State(size: most))
  }

  /// How many wait for a turn.
  public var waiting: Int { state.withLock { $0.waiting.count } }

  /// - Throws: what `alone` throws; what `together` throws where the world broke for everybody.
  public func answer(_ item: Item, together: @escaping Together, alone: @escaping Alone) async throws -> Answer {
    try await withCheckedThrowingContinuation { answer in
      let begins = state.withLock { state in
        state.waiting.append(Waiting(item: item, answer: answer))
        guard state.turns < atOnce else { return false }
        state.turns += 1
        return true
      }
      if begins { Task { await self.turns(together, alone) } }
    }
  }

  private func turns(_ together: Together, _ alone: @escaping Alone) async {
    while let group = next() {
      if group.count == 1 { await ask(group[0], alone) } else { await ask(group, together, alone) }
    }
  }

  private func next() -> [Waiting]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.turns -= 1
        return nil
      }
      let count = state.single > 0 ? 1 : min(state.size, state.waiting.count)
      state.single = max(0, state.single - 1)
      let group = Array(state.waiting.prefix(count))
      state.waiting.removeFirst(count)
      return group
    }
  }

  private func ask(_ group: [Waiting], _ together: Together, _ alone: @escaping Alone) async {
    var answers: [Answer?] = group.map { _ in nil }
    let began = ContinuousClock.now
    do {
      answers = try await together(group.map(\.item))
    } catch StorageFailure.busy {
      // Somebody holds what one of them needs for long: the others need not wait for it.
    } catch let failure as StorageFailure where !failure.concernsOneClosure {
      for waiting in group { waiting.answer.resume(throwing: failure) }
      return
    } catch {
      // Whose fault it was shows when each is asked alone.
    }
    learn(from: group.count, took: ContinuousClock.now - began)
    var rest: [Waiting] = []
    for (waiting, answer) in zip(group, answers) {
      if let answer { waiting.answer.resume(returning: answer) } else { rest.append(waiting) }
    }
    if rest.count * 2 > group.count { state.withLock { $0.single = Self.shy } }
    await withTaskGroup(of: Void.self) { tasks in
      for waiting in rest { tasks.addTask { await self.ask(waiting, alone) } }
    }
  }

  private func learn(from count: Int, took time: Duration) {
    state.withLock { state in
      if time > patience {
        state.size = max(2, min(state.size, count / 2))
      } else if time < patience / 2, count == state.size {
        state.size = min(most, state.size * 2)
      }
    }
  }

  private func ask(_ waiting: Waiting, _ alone: Alone) async {
    do {
      waiting.answer.resume(returning: try await alone(waiting.item))
    } catch {
      waiting.answer.resume(throwing: error)
    }
  }
}
