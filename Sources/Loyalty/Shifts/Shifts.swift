import Access
import Jobs
import Kernel
import Storage

/// A statement of a shift with the answer to it.
public struct ClosedShift: Sendable {
  public let closing: ShiftClosing
  public let answer: ShiftAnswer
  public let statedAt: Instant
}

/// The shifts that tills close: what they state, against the receipts that arrived.
///
/// A sale counts by the amount it was printed with, whatever came back of it later; what came back counts as a return of the shift that
/// took it. A cancelled receipt and one that stands beside another do not count. A return counts by what we answered for it.
public struct Shifts: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let ids: IDSource

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID, ids: IDSource) {
    self.account = account
    self.programme = programme
    self.ids = ids
  }

  /// How many shifts of the account do not tie since a day. One read of an index that holds no others.
  public static func untied(of account: AccountID, since day: CivilDay, in tx: inout Transaction) throws -> Int {
    Int(try tx.row(ShiftSQL.untied(account, since: day))?.int(0) ?? 0)
  }

  /// Takes a till's statement of a shift and compares it. It can be sent again: the same request key has the same answer. Another
  /// request about the same shift replaces what was stated before, and where its contents are others the audit trail says so.
  ///
  /// Costs a statement for every 200 receipts of the shift, and half a dozen besides.
  /// - Parameter bodyHash: over everything that was stated.
  /// - Throws: `Problem.invalid`, `Problem.notFound` (`store_unknown`), `Problem.conflict` (`request_key_reused`).
  public func close(
    _ closing: ShiftClosing, bodyHash: Int64, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> ShiftAnswer {
    let actor = try closing.checked()
    _ = try Places(of: account).store(closing.key.store, in: &tx)
    let id: ShiftClosingID = ids.next(at: now)
    let keys = NaturalKeys(of: account)
    let held = try keys.claim(
      [request.natural, closing.key.natural], owner: closing.key.store.raw, target: id.raw, bodyHash: bodyHash, at: now, in: &tx)
    if let earlier = held[request.natural] {
      guard earlier.bodyHash == bodyHash else { throw request.reused }
      return try stored(ShiftClosingID(earlier.target), of: earlier.owner, in: &tx).firstAnswer
    }
    let found = try receipts(of: closing, in: &tx)
    let answer = ShiftAnswer(closing, found, id: id, at: now)
    if let before = held[closing.key.natural] {
      // Two statements of one shift that arrive together meet at this row.
      try keys.point(
        closing.key.natural, to: KeyHolder(owner: before.owner, target: id.raw, bodyHash: bodyHash, madeAt: now), in: &tx)
      try note(closing, bodyHash, before, id, Change(by: actor, at: now, ids: ids), in: &tx)
      try tx.enqueue(ShiftSQL.replace(account, closing.key, at: now))
    }
    try tx.enqueue(ShiftSQL.insert(closing, answer, found, bodyHash, account, programme))
    return answer
  }

  /// The latest statement of a shift, compared with what has arrived by now. Changes nothing.
  /// - Throws: `Problem.notFound` (`shift_unknown`).
  public func closing(of key: ShiftKey, at now: Instant, in tx: inout Transaction) throws -> ClosedShift {
    guard isCode(key.register), let holder = try NaturalKeys(of: account).holders([key.natural], in: &tx)[key.natural] else {
      throw Problem(.notFound, "shift_unknown", "no till has closed this shift; look at store, register, shift and business day")
    }
    let stored = try stored(ShiftClosingID(holder.target), of: holder.owner, in: &tx)
    let found = try receipts(of: stored.closing, in: &tx)
    return ClosedShift(
      closing: stored.closing, answer: ShiftAnswer(stored.closing, found, id: stored.id, at: now), statedAt: stored.at)
  }

  /// The shifts of a store that were closed for these business days, by register, with what was found when they were last looked at.
  /// At most `Limits.page`.
  public func closings(of store: StoreID, days: ClosedRange<CivilDay>, in tx: inout Transaction) throws -> [ShiftSummary] {
    try tx.rows(ShiftSQL.ofStore(account, store, days, Limits.page)).map { ShiftSQL.summary($0, store) }
  }

  /// Shifts of all stores that do not tie as they were last looked at, the latest day first. One read of an index that holds no others.
  /// - Parameter before: day and id of the last one on the page before.
  public static func untied(
    of account: AccountID, days: ClosedRange<CivilDay>, before: (day: CivilDay, id: ShiftClosingID)? = nil, limit: Int,
    in tx: inout Transaction
  ) throws -> [(id: ShiftClosingID, shift: ShiftSummary)] {
    try tx.rows(ShiftSQL.untied(account, days, before: before, min(max(1, limit), Limits.page))).map { row in
      (row.id(14), ShiftSQL.summary(row, row.id(13)))
    }
  }

  func stored(_ id: ShiftClosingID, of owner: Int64, in tx: inout Transaction) throws -> StoredClosing {
    guard let row = try tx.row(ShiftSQL.byID(account, owner, id)) else {
      throw StorageFailure.damaged("a key names the closing \(id) of a shift, and no row has it")
    }
    return try ShiftSQL.closing(row)
  }

  /// Other contents than those that were stated before are for somebody to look into.
  private func note(
    _ closing: ShiftClosing, _ bodyHash: Int64, _ before: KeyHolder, _ id: ShiftClosingID, _ change: Change,
    in tx: inout Transaction
  ) throws {
    let earlier = try stored(ShiftClosingID(before.target), of: before.owner, in: &tx)
    guard earlier.bodyHash != bodyHash else { return }
    let notes = [AuditNote.changed("shift", id, from: earlier.closing.said, to: closing.said)]
    try AuditTrail(of: account).record(notes, by: change, in: &tx)
  }
}

/// One closed shift in a list.
public struct ShiftSummary: Hashable, Sendable {
  public let key: ShiftKey
  public let closedAt: Instant
  public let sales: ShiftSum
  public let returns: ShiftSum
  public let ties: Bool
  public let missing: Int
  public let surplus: Int
  public let different: Int
  public let checkedAt: Instant
}

/// A statement as it is stored.
struct StoredClosing: Sendable {
  let id: ShiftClosingID
  let closing: ShiftClosing
  let bodyHash: Int64
  let at: Instant
  /// What was found when it was stated; nil where it tied.
  let found: [FoundReceipt]?

  /// The answer that was given when it was stated.
  var firstAnswer: ShiftAnswer {
    found.map { ShiftAnswer(closing, $0, id: id, at: at) } ?? ShiftAnswer(tied: closing, id: id, at: at)
  }
}

extension ShiftClosing {
  /// The statement for the audit trail; a list is told by a number that differs where the list does.
  fileprivate var said: JSON {
    var list: Int64?
    if let receipts {
      var hash = StableHash()
      hash.mix(ShiftText.write(receipts.map { FoundReceipt(receipt: $0, standing: .counts) }))
      list = Int64(bitPattern: hash.value >> 12)
    }
    return .object([
      "register": .string(key.register), "shift": .int(key.shift), "day": .string("\(key.day)"), "opened": .string(openedAt.text),
      "closed": .string(closedAt.text), "sales": .int(Int64(sales.count)), "salesAmount": .int(sales.amount.minor),
      "returns": .int(Int64(returns.count)), "returnsAmount": .int(returns.amount.minor), "list": list.map(JSON.int),
    ])
  }
}
