import Access
import Kernel
import Storage

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
    guard visit.call.browser?.listens == true else {
      return Answer(200, PresentParts(present: try await reading(visit, at: visit.call.at).present, visit: visit).json)
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
      try await tell(visit, known, &out)
      _ = seat
    }
    return answer
  }

  private func tell(_ visit: Visit, _ known: String?, _ out: inout AnswerStream) async throws {
    var version = known
    var beat = out.now()
    while !out.isClosing() {
      let now = out.now()
      let present = try await reading(visit, at: now).present
      if present.version != version {
        version = present.version
        try await out.write(
          "id: \(present.version)\nevent: parts\ndata: \(PresentParts(present: present, visit: visit).json.compact)\n\n")
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
