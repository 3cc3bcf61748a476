import Storage
import Synchronization
import Testing

/// Callers who ask at the same time.
@Suite struct GatheringTests {
  private struct Odd: Error {}

  /// What was asked, in the order of asking: groups, and single ones as groups of one.
  private final class Asked: Sendable {
    let groups = Mutex<[[Int]]>([])
    func note(_ group: [Int]) { groups.withLock { $0.append(group) } }
    var all: [[Int]] { groups.withLock { $0 } }
  }

  /// Asks 0 while the door is shut, then 1 … `last`, which therefore wait together, and opens it.
  private static func ask(
    _ last: Int, of gathering: Gathering<Int, Int>, _ asked: Asked, together: @escaping @Sendable ([Int]) throws -> [Int?]
  ) async -> [Int: Result<Int, any Error>] {
    let (doors, door) = AsyncStream<Void>.makeStream()
    let began = AsyncStream<Void>.makeStream()
    return await withTaskGroup(of: (Int, Result<Int, any Error>).self) { group in
      let ask: @Sendable (Int) async -> (Int, Result<Int, any Error>) = { item in
        do {
          let answer = try await gathering.answer(item) { items in
            asked.note(items)
            return try together(items)
          } alone: { item in
            asked.note([item])
            if item == 0 {
              began.continuation.yield()
              for await _ in doors { break }
            }
            if item == 13 { throw Odd() }
            return item * 10
          }
          return (item, .success(answer))
        } catch { return (item, .failure(error)) }
      }
      group.addTask { await ask(0) }
      for await _ in began.stream { break }
      for item in 1...last { group.addTask { await ask(item) } }
      while gathering.waiting < last { await Task.yield() }
      door.yield()
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  @Test func `are answered together as far as they wait, and who meets nobody goes at once`() async throws {
    let asked = Asked()
    let answers = await Self.ask(9, of: Gathering(atOnce: 1, most: 4, patience: .seconds(1_000)), asked) { $0.map { $0 * 10 } }
    for item in 0...9 { #expect(try answers[item]?.get() == item * 10) }
    #expect(asked.all.map(\.count) == [1, 4, 4, 1] && Set(asked.all.flatMap { $0 }) == Set(0...9))
  }

  @Test func `come in smaller groups where a turn took long`() async throws {
    let asked = Asked()
    let answers = await Self.ask(19, of: Gathering(atOnce: 1, most: 8, patience: .zero), asked) { $0.map { $0 * 10 } }
    for item in 0...19 { #expect(try answers[item]?.get() == item * 10) }
    #expect(asked.all.map(\.count) == [1, 8, 4, 2, 2, 2, 1])
  }

  @Test func `are asked alone where the group could not be answered, and only who is at fault hears of it`() async throws {
    for failure in [Odd(), StorageFailure.busy("x"), StorageFailure.constraint("x")] as [any Error] {
      let asked = Asked()
      let answers = await Self.ask(13, of: Gathering(atOnce: 1, most: 32, patience: .seconds(1_000)), asked) { _ in throw failure }
      for item in 0...12 { #expect(try answers[item]?.get() == item * 10) }
      #expect(throws: Odd.self) { try answers[13]?.get() }
      #expect(asked.all.map(\.count).sorted() == Array(repeating: 1, count: 14) + [13])
    }
  }

  @Test func `all hear of it where the world broke, and nobody is asked again`() async throws {
    let asked = Asked()
    let answers = await Self.ask(5, of: Gathering(atOnce: 1, most: 32, patience: .seconds(1_000)), asked) { _ in
      throw StorageFailure.unknownOutcome("x")
    }
    for item in 1...5 { #expect(throws: StorageFailure.self) { try answers[item]?.get() } }
    #expect(asked.all.map(\.count) == [1, 5])
  }

  @Test func `who cannot be answered in the group is asked alone, and many such end the gathering for a while`() async throws {
    let (asked, gathering) = (Asked(), Gathering<Int, Int>(atOnce: 1, most: 6, patience: .seconds(1_000)))
    let answers = await Self.ask(12, of: gathering, asked) { group in
      group.enumerated().map { $0.offset < 2 ? $0.element * 10 : nil }
    }
    for item in 0...12 { #expect(try answers[item]?.get() == item * 10) }
    // Six waited together; two of them were answered, and the other four alone, like the six who came behind them.
    #expect(asked.all.map(\.count) == [1, 6] + Array(repeating: 1, count: 10))
  }
}
