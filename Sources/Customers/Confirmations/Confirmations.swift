import Access
import Kernel
import Storage

/// Codes to members' phones in one programme: asked for, sent by somebody else, typed at the till, throttled against guessing.
public struct Confirmations: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let limits: ConfirmationLimits

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID, limits: ConfirmationLimits = ConfirmationLimits()) {
    self.account = account
    self.programme = programme
    self.limits = limits
  }

  /// Makes a code for a member with a phone. The message goes out in the same transaction as a job: nobody waits for an SMS.
  /// - Parameters:
  ///   - purpose: nil: to spend points, or to join a household where there are none.
  ///   - id: of the request's own, so that the same request asked again makes no second code.
  ///   - send: puts the message where somebody sends it.
  /// - Throws: `Problem.conflict` (`no_phone`), `Problem.unavailable` (`too_many_codes`).
  public func ask(
    _ id: ConfirmationID, _ points: Points, for purpose: Confirmation.Purpose? = nil, of member: MemberID, in store: StoreID,
    code: String, at now: Instant, in tx: inout Transaction, send: (ConfirmationMessage, inout Transaction) throws -> Void
  ) throws -> Confirmation {
    if let known = try find(id, of: member, in: &tx) { return known }
    let identifiers = try Identifiers(of: account, programme: programme).all(of: member, in: &tx)
    let phones = identifiers.filter { $0.identifier.kind == .phone && !$0.isBlocked }
    guard let phone = (phones.first { $0.verifiedAt != nil } ?? phones.first)?.identifier else { throw Self.noPhone(member) }
    let lately = try tx.row(ConfirmationSQL.lately(account, programme, member, since: now - limits.window))
    guard lately?.int(0) ?? 0 < limits.codes, lately?.int(1) ?? 0 < limits.guesses else { throw Self.tooMany }
    let made = Confirmation(
      id: id, member: member, store: store, points: points, purpose: purpose ?? (points > .zero ? .spending : .household),
      sentTo: phone.masked, endsAt: now + limits.life, verifiedAt: nil,
      triesLeft: limits.tries)
    try tx.enqueue(ConfirmationSQL.insert(made, account, programme, hash: ConfirmationMessage.hash(code, of: id), at: now))
    let message = ConfirmationMessage(
      id: id, account: account, programme: programme, member: member, phone: phone.value, code: code, points: points,
      purpose: made.purpose)
    try send(message, &tx)
    return made
  }

  /// What became of a try: wrong ones are counted, so the caller's transaction must not be undone because of one.
  public enum Try: Hashable, Sendable {
    case right(Confirmation)
    case wrong(left: Int)
    /// Over, used up, or another member's.
    case over
    case throttled
  }

  /// Compares a code. A right one again is right again; a wrong one costs a try.
  public func verify(
    _ id: ConfirmationID, of member: MemberID, code: String, at now: Instant, in tx: inout Transaction
  ) throws -> Try {
    guard let row = try tx.row(ConfirmationSQL.byID(account, programme, member, id, tx.dialect)) else { return .over }
    let known = ConfirmationSQL.confirmation(row, limits)
    guard now < known.endsAt else { return .over }
    let lately = try tx.row(ConfirmationSQL.lately(account, programme, member, since: now - limits.window))
    guard known.triesLeft > 0 else { return .over }
    guard lately?.int(1) ?? 0 < limits.guesses else { return .throttled }
    guard isSameSecret(ConfirmationMessage.hash(code, of: id).utf8, row.text(8).utf8) else {
      try tx.run(ConfirmationSQL.countTry(account, programme, member, id))
      return .wrong(left: known.triesLeft - 1)
    }
    if known.verifiedAt != nil { return .right(known) }
    try tx.run(ConfirmationSQL.verify(account, programme, member, id, now))
    return .right(
      Confirmation(
        id: id, member: member, store: known.store, points: known.points, purpose: known.purpose, sentTo: known.sentTo,
        endsAt: known.endsAt, verifiedAt: now, triesLeft: known.triesLeft))
  }

  /// Nil where there is none of this member's.
  public func find(_ id: ConfirmationID, of member: MemberID, in tx: inout Transaction) throws -> Confirmation? {
    try tx.row(ConfirmationSQL.byID(account, programme, member, id, nil)).map { ConfirmationSQL.confirmation($0, limits) }
  }

  /// Forgets codes that ended before the moment, some at a time.
  /// - Returns: how many.
  public static func forget(before moment: Instant, limit: Int = Limits.bulk, in tx: inout Transaction) throws -> Int {
    try tx.run(ConfirmationSQL.forget(before: moment, limit))
  }

  private static func noPhone(_ member: MemberID) -> Problem {
    Problem(
      .conflict, "no_phone", "member \(member) has no phone that a code could be sent to",
      cashier: LocalText(ru: "У участника не указан телефон: код отправить некуда", en: "The member has no phone to send a code to")
    )
  }

  public static var tooMany: Problem {
    Problem(
      .unavailable, "too_many_codes", "too many codes were asked for or guessed wrongly; wait up to an hour",
      cashier: LocalText(
        ru: "Слишком много кодов. Попробуйте позже или оплатите без баллов",
        en: "Too many codes. Try again later, or pay without points"))
  }
}
