/// Work that waits for a driver's threads: tills first, bulk behind them, but not for ever.
///
/// Where many threads work, so many turns of tills pass before waiting bulk work gets one. Where one thread does everything, turns tell
/// nothing – one of bulk work may take as long as fifty of tills – and time is shared instead: while tills come, bulk work rests `rest` times
/// as long as it took, and then gets its turn whoever waits.
public final class WorkQueue<Work: Sendable>: @unchecked Sendable {
  // Everything below is touched only under `monitor`.
  private let monitor = Monitor()
  private var till = Line<Work>()
  private var bulk = Line<Work>()
  private var idle = 0
  private var passedOver = 0
  private var isClosed = false

  private var bulkUnderWay = 0
  private var bulkBegan: ContinuousClock.Instant
  private var restsUntil: ContinuousClock.Instant
  /// When a till last put something.
  private var tillAt: ContinuousClock.Instant?

  /// So many turns of tills pass before waiting bulk work gets one.
  private let patience: Int
  /// So many threads may do bulk work at a time.
  private let bulkAtOnce: Int
  /// 0: bulk work does not rest.
  private let rest: Int
  private let now: @Sendable () -> ContinuousClock.Instant

  /// Without a till for so long, bulk work need not rest.
  private static var quiet: Duration { .milliseconds(50) }

  /// - Parameter rest: for a queue of one thread; `patience` counts for nothing then.
  public init(
    patience: Int = 32, bulkAtOnce: Int = 1, rest: Int = 0, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    precondition(rest == 0 || bulkAtOnce == 1, "time is shared by one thread")
    self.patience = patience
    self.bulkAtOnce = bulkAtOnce
    self.rest = rest
    self.now = now
    (bulkBegan, restsUntil) = (now(), now())
  }

  /// False when the queue is closed and the work was not taken.
  public func put(_ work: Work, _ urgency: Urgency) -> Bool {
    monitor.locked {
      guard !isClosed else { return false }
      switch urgency {
      case .till:
        till.append(work)
        if rest > 0 { tillAt = now() }
      case .bulk: bulk.append(work)
      }
      if idle > 0 { monitor.wakeOne() }
      return true
    }
  }

  /// The next work and its urgency; blocks while there is none. Nil once the queue is closed and empty.
  public func take() -> (Work, Urgency)? {
    monitor.locked {
      while true {
        let end = restEnd()
        if let next = next(isResting: end != nil) { return next }
        guard !isClosed || !bulk.isEmpty else { return nil }
        idle += 1
        if let end, !bulk.isEmpty { _ = monitor.wait(until: end) } else { monitor.wait() }
        idle -= 1
      }
    }
  }

  /// More of the same urgency for the turn under way, without waiting; bulk gives way as soon as a till waits.
  /// - Parameter mark: only what had been put when it was set.
  public func more(_ urgency: Urgency, before mark: Int = .max) -> Work? {
    monitor.locked {
      switch urgency {
      case .till: till.removeFirst(before: mark)
      case .bulk: till.isEmpty ? bulk.removeFirst(before: mark) : nil
      }
    }
  }

  /// Stands for everything of this urgency that was put until now.
  public func mark(_ urgency: Urgency) -> Int {
    monitor.locked {
      switch urgency {
      case .till: till.end
      case .bulk: bulk.end
      }
    }
  }

  /// What `take` gave is done.
  public func finished(_ urgency: Urgency) {
    guard urgency == .bulk else { return }
    monitor.locked {
      bulkUnderWay -= 1
      if rest > 0 { restsUntil = now() + (now() - bulkBegan) * rest }
      if isClosed { monitor.wakeAll() } else if idle > 0, !bulk.isEmpty { monitor.wakeOne() }
    }
  }

  /// Refuses new work; what waits is still done.
  public func close() {
    monitor.locked {
      isClosed = true
      monitor.wakeAll()
    }
  }

  /// When bulk work need not rest any longer; nil where it need not now.
  private func restEnd() -> ContinuousClock.Instant? {
    guard rest > 0, !isClosed, let tillAt else { return nil }
    let end = min(restsUntil, tillAt + Self.quiet)
    return end > now() ? end : nil
  }

  private func next(isResting: Bool) -> (Work, Urgency)? {
    let hasTurn = rest > 0 ? !isResting : till.isEmpty || passedOver >= patience
    if bulkUnderWay < bulkAtOnce, hasTurn, let work = bulk.removeFirst() {
      passedOver = 0
      bulkUnderWay += 1
      if rest > 0 { bulkBegan = now() }
      return (work, .bulk)
    }
    guard let work = till.removeFirst() else { return nil }
    passedOver = bulk.isEmpty ? 0 : passedOver + 1
    return (work, .till)
  }
}

/// First in, first out.
private struct Line<Element> {
  private var items: [Element?] = []
  private var head = 0
  /// Taken out since the beginning.
  private var taken = 0

  var isEmpty: Bool { head == items.count }
  /// The place in the line of who comes next.
  var end: Int { taken + items.count - head }

  mutating func append(_ element: Element) { items.append(element) }

  mutating func removeFirst(before place: Int = .max) -> Element? {
    guard head < items.count, taken < place else { return nil }
    let element = items[head]
    items[head] = nil
    head += 1
    taken += 1
    if head == items.count {
      items.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024, head * 2 > items.count {
      items.removeFirst(head)
      head = 0
    }
    return element
  }
}
