import Kernel
import Storage

/// Something that happened, for those who follow: reports, journeys, webhooks.
public struct Event: Hashable, Sendable {
  /// Stored; numbers never change their meaning.
  public enum Kind: Int64, Sendable, CaseIterable {
    case receiptConfirmed = 1
    case receiptReturned = 2
    case receiptAttached = 3
    case receiptCancelled = 4
    case pointsAdjusted = 5
    case pointsOpened = 6
    case pointsMoved = 7
    /// Stands beside another with the same key, without effect.
    case receiptBeside = 8
    /// Points without a purchase: for an action, for a newcomer, or taken back of these; the subject is the gift.
    case pointsGiven = 9
    /// The owner gave points to another member, or has them again; the subject is the transfer.
    case pointsTransferred = 10
    /// Another member gave the owner points, or they went back; the subject is the transfer.
    case pointsReceived = 11
    /// Points given to a charity, or back from it; the subject is the donation.
    case pointsDonated = 12
    /// The member's tier may be another from then on; the subject is the grant.
    case tierGranted = 20
    case tierWithdrawn = 21
    /// The subject is the subscription; the body says of which plan and until when.
    case subscriptionStarted = 24
    case subscriptionRenewed = 25
    /// Its time ran out.
    case subscriptionEnded = 26
    /// By a word, or because its goods came back.
    case subscriptionCancelled = 27
    /// It will end soon: once for each end.
    case subscriptionEnding = 28
    /// Some of its goods came back, and it ends earlier.
    case subscriptionChanged = 29
    /// The subject is the segment.
    case segmentEntered = 22
    case segmentLeft = 23
    /// Of members the subject is the member.
    case memberJoined = 30
    /// What kind of member it is, or who; the event does not say what.
    case memberChanged = 31
    case memberBlocked = 32
    case memberUnblocked = 33
    case memberErased = 34
    /// The body names the identifier's kind, never the identifier.
    case identifierAttached = 35
    case identifierDetached = 36
    /// What the member chose as favourites, for now or for the next period.
    case favouritesChosen = 37
    /// The owner is the member who stays, the subject the one who was merged into them, or came apart again.
    case memberMerged = 40
    case memberUnmerged = 41
    /// The subject is the household.
    case householdJoined = 42
    case householdLeft = 43
    /// Somebody reached a limit; the subject is the alert, the owner the member, the store, or the programme where it is neither.
    case guardAlerted = 50
    /// A coupon for the owner alone, given without a purchase: in a bulk action, in a game. The subject is its series.
    case couponGiven = 60
    /// One of the owner's own coupons was taken out of use; the subject is its series.
    case couponVoided = 61
    /// The owner activated an offer, or ended it before its time; the subject is the promotion.
    case offerActivated = 62
    case offerEnded = 63
  }

  public let id: EventID
  public let kind: Kind
  /// The member, or the store where nobody was named.
  public let owner: Int64
  /// The receipt, return or adjustment it tells of; whoever follows reads the rest there.
  public let subject: Int64
  public let at: Instant
  public let body: JSON

  public init(_ kind: Kind, id: EventID, owner: Int64, subject: Int64, at instant: Instant, body: JSON = .object([])) {
    self.id = id
    self.kind = kind
    self.owner = owner
    self.subject = subject
    at = instant
    self.body = body
  }
}

/// Events on their way out, written in the transaction of the fact.
///
/// Where several transactions commit at the same time an event is written without a position, and a relay numbers what was committed.
/// Where one writes after the other – SQLite – it takes the next position itself: no other transaction can commit a smaller one later.
public struct Outbox: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// One statement whose result nobody waits for.
  public func put(_ event: Event, in tx: inout Transaction) throws { try tx.enqueue(putting(event, tx.dialect)) }

  /// The same statement, for whoever writes it later.
  public func putting(_ event: Event, _ dialect: Dialect) -> SQL {
    switch dialect {
    case .postgres: OutboxSQL.put(account, event)
    case .sqlite: OutboxSQL.number(account, event)
    }
  }

  /// Many events at once, for bulk work.
  public func put(_ events: [Event], in tx: inout Transaction) throws {
    let rows = events.map { OutboxSQL.values(account, $0) }
    switch tx.dialect {
    case .postgres: try tx.insert(rows, into: JobsSchema.outbox, OutboxSQL.inserted)
    case .sqlite:
      guard !rows.isEmpty else { return }
      try tx.insert(numbered(rows, after: EventStream.last(in: &tx)), into: JobsSchema.event, StreamSQL.inserted)
    }
  }

  /// Rows of the outbox for whoever writes other tables beside, where events take no positions yet: on PostgreSQL.
  public func rows(_ events: [Event]) throws -> RowBatch {
    try RowBatch(events.map { OutboxSQL.values(account, $0) }, into: JobsSchema.outbox, OutboxSQL.inserted)
  }

  /// Events after this one, oldest first, as far as they are committed. For tests: reads past the events of other accounts.
  public func events(after: EventID?, limit: Int, in tx: inout Transaction) throws -> [Event] {
    let rows = try tx.rows(OutboxSQL.events(account, after: after, limit: min(max(1, limit), Limits.bulk), tx.dialect))
    return try rows.map { row in
      guard let kind = Event.Kind(rawValue: row.int(1)) else {
        throw StorageFailure.damaged("outbox: event \(row.int(0)) is of the unknown kind \(row.int(1))")
      }
      return Event(
        kind, id: row.id(0), owner: row.int(2), subject: row.int(3), at: row.instant(4),
        body: try storedJSON(row.text(5), in: "outbox.body"))
    }
  }
}

/// Rows of the outbox as rows of the stream.
func numbered(_ rows: [[Value]], after last: Int64) -> [[Value]] {
  rows.enumerated().map { [.int(last + Int64($0.offset) + 1)] + $0.element }
}
