import Access
import Kernel
import Loyalty
import Storage

/// Parts of a page that move by themselves, as they are now.
struct LiveParts: Sendable {
  /// Names this state: another state has another name.
  let version: String
  /// By the names that the page marks their places with.
  let json: JSON
}

/// What pages listen to while they are looked at: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
extension ConsoleDesk {
  static let livePath = "/console/live"

  var liveDoors: [Door] {
    [
      .page(Self.livePath, .seeFigures, live)
    ]
  }

  /// To a listener the parts of the overview whenever they change, until the session or the server ends; to anybody else once, as JSON.
  func live(_ visit: Visit) async throws -> Answer {
    _ = try visit.floor
    return try await live(visit) { [self] now, known in
      let present = try await reading(visit, at: now).present
      guard present.version != known else { return nil }
      return LiveParts(version: present.version, json: PresentParts(present: present, visit: visit).json)
    }
  }

  /// The budgets of a promotion that tills have.
  func promotionLive(_ visit: Visit) async throws -> Answer {
    let (floor, reader) = (try visit.floor, visit.reader)
    guard let id = visit.call.path["promotion"].flatMap({ PromotionID($0) }),
      let promotion = try await RuleBench.of(visit, database).published(id), promotion.limits.countsAll
    else { throw Self.noPage }
    return try await live(visit) { [self] now, known in
      let position = try await reading(visit, at: now).position
      let use = try await room.budgets(of: promotion, on: floor, position: position, at: now)
      guard let parts = BudgetPanel(use: use, reader: reader).moving, parts.version != known else { return nil }
      return parts
    }
  }

  /// - Parameter parts: as they are at that moment; nil where they are as they are known.
  private func live(
    _ visit: Visit, _ parts: @escaping @Sendable (_ now: Instant, _ known: String?) async throws -> LiveParts?
  ) async throws -> Answer {
    guard visit.call.browser?.listens == true else {
      return Answer(200, try await parts(visit.call.at, nil)?.json ?? .object([]))
    }
    let seat = try room.sit(visit.session.id)
    // A connection that broke goes on where it was; a page that was just opened says what it shows.
    let known = visit.call.browser?.lastHeard ?? visit.call.query["since"]
    var answer = Answer(200, [], type: "text/event-stream; charset=utf-8")
    // Balancers that collect answers would keep them back.
    answer.headers.append(("X-Accel-Buffering", "no"))
    let pause = 2_000 + Int(random() % 2_000)
    answer.stream = { [self] out in
      try await out.write("retry: \(pause)\n\n")
      try await tell(visit, known, parts, &out)
      _ = seat
    }
    return answer
  }

  private func tell(
    _ visit: Visit, _ known: String?, _ parts: @Sendable (_ now: Instant, _ known: String?) async throws -> LiveParts?,
    _ out: inout AnswerStream
  ) async throws {
    var version = known
    var beat = out.now()
    while !out.isClosing() {
      let now = out.now()
      if let news = try await parts(now, version) {
        version = news.version
        try await out.write("id: \(news.version)\nevent: parts\ndata: \(news.json.compact)\n\n")
      }
      if now - beat >= LiveRoom.beat {
        guard try await isOpen(visit, at: now) else { return try await out.write("event: over\ndata: \n\n") }
        try await out.write(":\n\n")
        beat = now
      }
      try await Task.sleep(for: LiveRoom.pace)
    }
  }

  private func reading(_ visit: Visit, at now: Instant) async throws -> LiveRoom.Reading {
    try await room.reading(of: try visit.floor, today: visit.reader.zone.civil(at: now).day, at: now)
  }

  /// Listening is no sign of life: a session that only listens ends like one that is forgotten.
  private func isOpen(_ visit: Visit, at now: Instant) async throws -> Bool {
    let secret = visit.secret
    return try await database.read { tx in try Sessions.find(secret, at: now, in: &tx) }?.may(.seeFigures) == true
  }
}
