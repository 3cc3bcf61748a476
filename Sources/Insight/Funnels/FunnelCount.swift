import Kernel

/// Something that fits steps of a funnel.
public struct FunnelMark: Hashable, Sendable {
  /// Whose way it is on: a session, a member or a visitor.
  public var actor: UInt64
  public var at: Instant
  /// Orders what happened at the same moment.
  public var order: Int64
  /// Steps that it fits, a bit for each.
  public var steps: UInt8
  /// 0: no member is known.
  public var owner: Int64
  /// A group, where the funnel is split.
  public var split: Int32

  public init(actor: UInt64, at: Instant, order: Int64, steps: UInt8, owner: Int64, split: Int32) {
    (self.actor, self.at, self.order) = (actor, at, order)
    (self.steps, self.owner, self.split) = (steps, owner, split)
  }
}

/// How far one actor came, and how long each step took.
public struct FunnelWay: Hashable, Sendable {
  /// Steps taken; 0: not even the first.
  public private(set) var reached = 0
  /// From the step before, in microseconds; by step, the first has none.
  public private(set) var took: [Int64]
  public private(set) var split: Int32 = 0
  public private(set) var owner: Int64 = 0

  /// Follows marks in the order of time. A step counts where some chain of earlier steps leads to it in which each comes after the one
  /// before and within the span of it. Of such chains the latest time of each step is all that has to be known: whatever follows within
  /// the span of an earlier time also follows within that of the latest. How long a step took is told when it is first reached, from the
  /// latest step before it.
  ///
  /// - Parameters:
  ///   - marks: of one actor, in the order of time.
  ///   - first: when the first step has to happen.
  public init(_ marks: some Sequence<FunnelMark>, steps: Int, within: Span, first: Range<Instant>) {
    var latest: [Instant?] = Array(repeating: nil, count: steps)
    took = Array(repeating: 0, count: steps)
    for mark in marks {
      if owner == 0 { owner = mark.owner }
      // From the last to the first, so that one event is not two steps.
      for step in (0..<steps).reversed() where mark.steps & (1 << UInt8(step)) != 0 {
        if step == 0 {
          guard first.contains(mark.at) else { continue }
          latest[0] = mark.at
          if reached == 0 { (reached, split) = (1, mark.split) }
        } else if let before = latest[step - 1], mark.at - before <= within {
          latest[step] = mark.at
          if reached == step {
            reached = step + 1
            took[step] = (mark.at - before).micros
          }
        }
      }
    }
  }
}

/// How many came how far.
public struct FunnelFigures: Hashable, Sendable {
  /// By step.
  public internal(set) var counts: [Int64]
  /// Middle of how long the step took from the one before, in seconds; nil where nobody took it. The first has none.
  public internal(set) var medians: [Int64?]

  /// Of those who took the step before, how many took this one, in parts per million.
  public func fromBefore(_ step: Int) -> Int64? { step == 0 ? nil : Self.share(counts[step], of: counts[step - 1]) }
  public func fromStart(_ step: Int) -> Int64? { Self.share(counts[step], of: counts[0]) }
  /// Who took this step and not the next.
  public func lost(_ step: Int) -> Int64 { counts[step] - (step + 1 < counts.count ? counts[step + 1] : counts[step]) }

  private static func share(_ part: Int64, of whole: Int64) -> Int64? {
    whole > 0 ? scaled(part, by: 1_000_000, over: whole, .halfUp) : nil
  }

  public init(_ ways: some Sequence<FunnelWay>, steps: Int) {
    counts = Array(repeating: 0, count: steps)
    var times: [[Int64]] = Array(repeating: [], count: steps)
    for way in ways {
      for step in 0..<way.reached {
        counts[step] += 1
        if step > 0 { times[step].append(way.took[step]) }
      }
    }
    medians = times.map { Self.median($0) }
  }

  /// The lower of the two in the middle of an even number.
  private static func median(_ times: [Int64]) -> Int64? {
    guard !times.isEmpty else { return nil }
    return times.sorted()[(times.count - 1) / 2] / 1_000_000
  }
}

/// Goes over marks of all actors.
public enum FunnelCount {
  public static func ways(_ marks: [FunnelMark], steps: Int, within: Span, first: Range<Instant>) -> [FunnelWay] {
    let sorted = marks.sorted { ($0.actor, $0.at.micros, $0.order) < ($1.actor, $1.at.micros, $1.order) }
    var ways: [FunnelWay] = []
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].actor == sorted[start].actor { end += 1 }
      let way = FunnelWay(sorted[start..<end], steps: steps, within: within, first: first)
      if way.reached > 0 { ways.append(way) }
      start = end
    }
    return ways
  }
}
