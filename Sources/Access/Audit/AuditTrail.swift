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

  /// How far one question goes back at most; whoever wants more asks on from `Found.next`.
  public static let reach = 5_000

  public struct Found: Sendable {
    public let entries: [AuditEntry]
    /// Continue behind this one; nil where nothing is left.
    public let next: AuditID?
  }

  /// Of the latest `reach` entries those by this actor and with these words, so that what is rare costs no more than what is common.
  /// - Parameters:
  ///   - actor: as entries name it; nil for anybody.
  ///   - acts: nil for all.
  public func search(actor: String?, acts: [String]?, before: AuditID? = nil, limit: Int, in tx: inout Transaction) throws -> Found
  {
    let size = page(limit)
    guard actor != nil || acts != nil else {
      let entries = try latest(before: before, limit: limit, in: &tx)
      return Found(entries: entries, next: entries.count == size ? entries.last?.id : nil)
    }
    let entries = try tx.rows(AuditSQL.search(account, actor, acts ?? [], before, size, Self.reach)).map(AuditSQL.entry)
    if entries.count == size { return Found(entries: entries, next: entries.last?.id) }
    let end = try tx.row(AuditSQL.reached(account, before, Self.reach))
    return Found(entries: entries, next: end?.id(0))
  }
}

extension AuditTrail {
  /// What people wrote, and what masked numbers looked like.
  private static let words: Set<String> = ["note", "reason", "value", "identifiers", "source", "proof"]

  /// Takes these from every entry about somebody whose person is forgotten: what was done, when, by whom and with how many points stays.
  /// Nothing else ever changes an entry. Goes through all of them page by page.
  public func forgetWords(of member: MemberID, in tx: inout Transaction) throws {
    var last: AuditID?
    repeat {
      let page = try entries(of: member, before: last, limit: Limits.page, in: &tx)
      for entry in page {
        let (before, after) = (Self.wordless(entry.before, entry.act), Self.wordless(entry.after, entry.act))
        if before != entry.before || after != entry.after { try tx.enqueue(AuditSQL.replace(account, entry, before, after)) }
      }
      last = page.count == Limits.page ? page.last?.id : nil
    } while last != nil
  }

  /// Why points were moved is one of a few words of ours.
  private static func wordless(_ json: JSON?, _ act: String) -> JSON? {
    guard case .object(let members)? = json else { return json }
    return .object(members.filter { !words.contains($0.key) || $0.key == "reason" && act == "points.adjusted" })
  }
}

/// The members that differ, of both objects. Values other than objects are returned whole.
func difference(_ before: JSON, _ after: JSON) -> (before: JSON, after: JSON) {
  guard case .object(let old) = before, case .object(let new) = after else { return (before, after) }
  return (.object(old.filter { after[$0.key] != $0.value }), .object(new.filter { before[$0.key] != $0.value }))
}

func page(_ limit: Int) -> Int { min(max(1, limit), Limits.page) }
