import Calculator
import Kernel
import Loyalty
import Storage

/// One till and its year: what it asks is decided by its seed and by the answers it got, so that the same answers make the same year.
actor SimulatedTill {
  /// A server gave two answers to one question.
  struct Contradiction: Error, CustomStringConvertible {
    let till: Int
    let number: Int
    let first: String
    let second: String
    var description: String { "till \(till), request \(number): answered \(first), and when asked again \(second)" }
  }

  let number: Int
  let chain: SimulatedChain
  private let server: SimulatedServer
  private let clock: SimulatedClock
  private var journal: TillJournal
  /// Decides what happens; drawn the same whether the answers come from a server or from the journal.
  var dice: Chance
  /// The latest receipts of this till, for whoever brings something back.
  var sold: [Purchase] = []
  /// Decides what becomes of certificates and turns; apart, so that a change there leaves the rest of a seed's year as it was.
  var extras: Chance
  /// All certificates of the year, this till's own that it has not sold yet, and those that it sold.
  var printed: [String] = []
  var blanks: [String] = []
  var outside: [String] = []
  /// Sold while the network was away.
  var unsent: [OfflineSale] = []
  /// How far the till's own clock is off.
  var drift = Span.seconds(0)
  private var lastNumber: Int64 = 0

  struct Purchase: Sendable {
    let sale: Sale
    let shopper: Shopper
    var isClaimed = false
  }

  init(_ number: Int, _ server: SimulatedServer, _ clock: SimulatedClock, journal: consuming TillJournal) {
    self.number = number
    self.server = server
    self.clock = clock
    chain = server.chain
    self.journal = journal
    dice = Chance(chain.size.seed, 100 + Int64(number))
    extras = Chance(chain.size.seed, 500 + Int64(number))
  }

  var store: StoreFacts { chain.stores[number % chain.stores.count] }

  func nextKey(day time: Instant) -> ReceiptKey {
    lastNumber += 1
    let day = store.zone.civil(at: time).day
    return ReceiptKey(
      store: store.id, register: String(number), shift: Int64(day.number), number: String(lastNumber), day: day,
      fiscal: lastNumber % 2 == 0 ? .init(drive: "drive-\(number)", document: lastNumber) : nil)
  }

  func nextRequest() -> RequestKey { RequestKey("till \(number) request \(dice.roll(0...Int64.max))") }

  /// Writes the request down, sends it until there is an answer, and writes that down.
  @discardableResult func ask(_ request: TillRequest, at planned: Instant) async throws -> JSON {
    let isKnown = journal.isReplaying
    let now = isKnown ? planned : clock.reach(planned)
    let (number, known) = try journal.ask(request.note.compact, at: now)
    if let known { return known }
    var mishaps = Chance(chain.size.seed, Int64(self.number), Int64(number))
    let answer = try await send(request, at: now, mishaps.happens(4) && chain.size.tills > 1)
    try journal.note(answer, to: number, isFirst: true)
    guard request.hasKey, answer["refused"] == nil, mishaps.happens(6) else { return answer }
    // The answer was lost on its way: the till asks again, a while later.
    let again = try await persist(request, at: clock.reach(now + .seconds(mishaps.roll(0...90))))
    try journal.note(again, to: number, isFirst: false)
    guard again == answer else {
      throw Contradiction(till: self.number, number: number, first: answer.compact, second: again.compact)
    }
    return answer
  }

  /// An impatient cashier sends some requests twice at the same moment.
  private func send(_ request: TillRequest, at now: Instant, _ isImpatient: Bool) async throws -> JSON {
    guard isImpatient, request.hasKey else { return try await persist(request, at: now) }
    async let one = persist(request, at: now)
    async let other = persist(request, at: now)
    let (first, second) = try await (one, other)
    if first["refused"] == nil, second["refused"] == nil, first != second {
      throw Contradiction(till: number, number: -1, first: first.compact, second: second.compact)
    }
    return first["refused"] == nil ? first : second
  }

  /// Repeats what got no answer. - Throws: `StorageFailure` after half a minute, or where repeating cannot help.
  private nonisolated func persist(_ request: TillRequest, at now: Instant) async throws -> JSON {
    var attempt = 0
    while true {
      do {
        return try await server.answer(request, at: now)
      } catch let failure as StorageFailure where failure.mayPass && attempt < 60 {
        attempt += 1
        try await Task.sleep(for: .milliseconds(min(500, 20 * attempt)))
      }
    }
  }
}

extension StorageFailure {
  /// True where the same request may be answered a moment later.
  fileprivate var mayPass: Bool {
    switch self {
    case .unknownOutcome, .connectionLost, .busy: true
    case .diskFull, .diskFailed, .readOnly, .schemaTooNew, .schemaMissing, .schemaChanged, .damaged, .constraint, .closed,
      .statement:
      false
    }
  }
}
