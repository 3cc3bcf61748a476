import Kernel
import Storage

/// One change as it is remembered: who, when, what, and how the thing looked before and after.
///
/// `before` and `after` carry only what differs, and nothing about a person: where personal data changed they say that it did.
public struct AuditEntry: Hashable, Sendable {
  public let id: AuditID
  public let at: Instant
  public let actor: String
  /// A noun and what happened to it: `store.changed`, `product.imported`.
  public let act: String
  /// The raw id of what changed; the noun of `act` says of which kind.
  public let subject: Int64
  public let before: JSON?
  public let after: JSON?
}

/// What happened to one thing, before it is written down.
public struct AuditNote: Sendable {
  let act: String
  let subject: Int64
  let before: JSON?
  let after: JSON?

  public static func made<T: Identified>(_ noun: String, _ id: ID<T>, _ after: JSON) -> AuditNote {
    AuditNote(act: noun + ".made", subject: id.raw, before: nil, after: after)
  }

  /// Keeps what differs between the two.
  public static func changed<T: Identified>(_ noun: String, _ id: ID<T>, from before: JSON, to after: JSON) -> AuditNote {
    let (old, new) = difference(before, after)
    return AuditNote(act: noun + ".changed", subject: id.raw, before: old, after: new)
  }

  public static func did<T: Identified>(_ act: String, _ id: ID<T>, before: JSON? = nil, after: JSON? = nil) -> AuditNote {
    AuditNote(act: act, subject: id.raw, before: before, after: after)
  }
}

/// The audit trail of one account: written with the change it tells of, never edited.
public struct AuditTrail: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Writes the notes in the transaction of their change.
  public func record(_ notes: [AuditNote], by change: Change, in tx: inout Transaction) throws {
    guard notes.count > 1 else {
      for note in notes { try tx.enqueue(AuditSQL.insert(note, account, change.id(), change)) }
      return
    }
    try tx.insert(notes.map { AuditSQL.values($0, account, change.id(), change) }, into: AccessSchema.audit, AuditSQL.inserted)
  }

  /// What happened to one thing, latest first.
  /// - Parameter before: continue behind this entry.
  public func entries<T: Identified>(of subject: ID<T>, before: AuditID? = nil, limit: Int, in tx: inout Transaction) throws
    -> [AuditEntry]
  {
    try tx.rows(AuditSQL.ofSubject(account, subject.raw, before, page(limit))).map(AuditSQL.entry)
  }

  /// Only what these words say, for lists that tell the rest otherwise.
  public func entries<T: Identified>(
    of subject: ID<T>, acts: [String], before: AuditID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [AuditEntry] {
    guard !acts.isEmpty else { return [] }
    return try tx.rows(AuditSQL.ofSubject(account, subject.raw, acts, before, page(limit))).map(AuditSQL.entry)
  }

  /// What happened in the whole account, latest first.
  public func latest(before: AuditID? = nil, limit: Int, in tx: inout Transaction) throws -> [AuditEntry] {
    try tx.rows(AuditSQL.latest(account, before, page(limit))).map(AuditSQL.entry)
  }
}

/// The members that differ, of both objects. Values other than objects are returned whole.
func difference(_ before: JSON, _ after: JSON) -> (before: JSON, after: JSON) {
  guard case .object(let old) = before, case .object(let new) = after else { return (before, after) }
  return (.object(old.filter { after[$0.key] != $0.value }), .object(new.filter { before[$0.key] != $0.value }))
}

func page(_ limit: Int) -> Int { min(max(1, limit), Limits.page) }
