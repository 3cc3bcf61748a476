import Storage
import Synchronization
import Testing

/// Who waits for whom at a driver's threads.
@Suite struct WorkQueueTests {
  private final class Watch: Sendable {
    private let time = Mutex(ContinuousClock.now)
    func move(_ duration: Duration) { time.withLock { $0 += duration } }
    var now: ContinuousClock.Instant { time.withLock { $0 } }
  }

  private static func next(_ queue: WorkQueue<String>) -> String? { queue.take()?.0 }

  @Test func `of one thread: bulk work takes a quarter of the time while tills come`() {
    let watch = Watch()
    let queue = WorkQueue<String>(rest: 3, now: { watch.now })
    for name in ["a", "b"] { #expect(queue.put(name, .bulk)) }
    for name in ["1", "2", "3"] { #expect(queue.put(name, .till)) }
    #expect(Self.next(queue) == "a", "it has not rested yet, and its turn is its own")
    watch.move(.milliseconds(10))
    queue.finished(.bulk)
    #expect(Self.next(queue) == "1")
    watch.move(.milliseconds(29))
    #expect(Self.next(queue) == "2", "thirty milliseconds of rest for ten of work")
    watch.move(.milliseconds(1))
    #expect(Self.next(queue) == "b", "its turn comes whoever waits")
    #expect(Self.next(queue) == "3")
  }

  @Test func `of one thread: where no till comes bulk work need not rest`() {
    let watch = Watch()
    let queue = WorkQueue<String>(rest: 3, now: { watch.now })
    #expect(queue.put("1", .till) && queue.put("a", .bulk) && queue.put("b", .bulk))
    #expect(Self.next(queue) == "a")
    watch.move(.seconds(1))
    queue.finished(.bulk)
    #expect(Self.next(queue) == "b", "the till was last heard of a second ago")
    queue.finished(.bulk)
    #expect(Self.next(queue) == "1")
  }

  @Test func `of one thread: bulk work that rests is taken when its rest is over, and when the queue is closed`() {
    let queue = WorkQueue<String>(rest: 1_000_000)
    #expect(queue.put("1", .till) && queue.put("a", .bulk))
    #expect(Self.next(queue) == "a")
    queue.finished(.bulk)
    #expect(Self.next(queue) == "1")
    #expect(queue.put("b", .bulk))
    #expect(Self.next(queue) == "b", "a till that is not heard of again keeps nobody waiting")
    queue.finished(.bulk)
    #expect(queue.put("2", .till) && queue.put("c", .bulk))
    queue.close()
    #expect(Self.next(queue) == "c" && Self.next(queue) == "2" && Self.next(queue) == nil)
  }

  @Test func `a turn goes on with what waited when it began, and with nothing that came later`() {
    let queue = WorkQueue<String>()
    for name in ["1", "2", "3"] { #expect(queue.put(name, .till)) }
    #expect(queue.put("a", .bulk))
    #expect(Self.next(queue) == "1")
    let mark = queue.mark(.till)
    #expect(queue.put("4", .till))
    #expect(queue.more(.till, before: mark) == "2")
    #expect(Self.next(queue) == "3", "another thread takes what the turn has not come to")
    #expect(queue.more(.till, before: mark) == nil, "4 came later")
    #expect(Self.next(queue) == "4" && queue.put("5", .till))
    #expect(queue.more(.bulk, before: queue.mark(.bulk)) == nil, "bulk work gives way to a till")
    #expect(Self.next(queue) == "5" && queue.more(.bulk, before: queue.mark(.bulk)) == "a")
  }

  @Test func `of many: bulk work gets a turn after so many of tills`() {
    let queue = WorkQueue<String>(patience: 2)
    #expect(queue.put("a", .bulk))
    for name in ["1", "2", "3"] { #expect(queue.put(name, .till)) }
    #expect((0..<4).map { _ in Self.next(queue) } == ["1", "2", "a", "3"])
  }
}
