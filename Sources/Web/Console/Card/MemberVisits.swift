import Insight
import Kernel
import Loyalty
import Storage

/// What a member did on the site and in the app: their devices, their sessions with the sources, and every event that counts for them.
extension MemberDossier {
  /// - Parameter owners: the member, and whoever was merged into them.
  func visits(of owners: [MemberID]) async throws -> (members: [JSON.Member], isWhole: Bool) {
    let book = VisitBook(of: programme)
    let devices = try await all(of: owners, \MemberDevice.visitor) { owner, after, tx in
      try book.devices(of: owner, after: after, limit: Limits.page, in: &tx)
    }
    let sessions = try await all(of: owners, { (one: MemberVisit) in (at: one.startedAt, id: one.id) }) { owner, before, tx in
      try book.sessions(of: owner, before: before, limit: Limits.page, in: &tx)
    }
    let events = try await all(of: owners, { (one: SeenEvent) in (at: one.at, id: one.id) }) { owner, before, tx in
      try book.events(of: owner, since: Instant(micros: .min), before: before, limit: Limits.page, in: &tx)
    }
    return (
      [
        JSON.Member("devices", .array(devices.list.map(json))), JSON.Member("sessions", .array(sessions.list.map(json))),
        JSON.Member("events", .array(try events.list.map(json))),
      ], devices.isWhole && sessions.isWhole && events.isWhole
    )
  }

  private func json(_ device: MemberDevice) -> JSON {
    .object(["visitor": .string(device.visitor), "signedInAt": .string(device.namedAt.text)])
  }

  private func json(_ visit: MemberVisit) -> JSON {
    .object([
      "id": .string("\(visit.id)"), "visitor": .string(visit.visitor), "session": said(visit.session),
      "startedAt": .string(visit.startedAt.text), "endedAt": .string(visit.endedAt.text),
      "source": .object([
        "source": said(visit.source.source), "medium": said(visit.source.medium), "campaign": said(visit.source.campaign),
        "content": said(visit.source.content), "term": said(visit.source.term), "referrer": said(visit.source.referrer),
      ]),
    ])
  }

  private func json(_ event: SeenEvent) throws -> JSON {
    .object([
      "at": .string(event.at.text), "kind": .string(event.kind.code), "session": .string("\(VisitID(event.visit))"),
      "visitor": .string(event.visitor), "page": event.page.map(JSON.string), "product": event.product.map(JSON.string),
      "quantity": event.quantity.map { .string(Decimal.text($0, digits: 3)) },
      "amount": event.amount.map { text(Money(minor: $0)) }, "channel": event.channel.map(JSON.string),
      "brand": event.brand.map(JSON.string), "receipt": event.receipt.map { .string("\(ReceiptID($0))") },
      "order": event.order.map(JSON.string),
      "details": try event.details.map { try storedJSON($0, in: "visit_event.details") },
    ])
  }

  /// Empty words are none.
  private func said(_ word: String) -> JSON? { word.isEmpty ? nil : .string(word) }
}
