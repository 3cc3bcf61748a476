import Access
import Calculator
import Jobs
import Kernel
import Storage

// What somebody of the staff does to a receipt: the same as a till's, with who did it and why in the audit trail, and only as they saw it
// beforehand. Sent twice it has one effect.
extension Receipts {
  /// Takes goods back where they still come to what was shown.
  /// - Throws: `Problem.conflict` (`return_changed`, `return_known`, `nothing_to_return`, `request_key_reused`), `Problem.invalid`
  ///   (`reason_missing`).
  public func takeBack(
    _ goods: Return, shown: ReturnSums, because reason: String, request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> ReturnAnswer {
    try Self.check(reason)
    let document: ReturnID = change.id()
    let answer = try takeBack(goods, as: document, by: .nobody, request: request, at: change.at, in: &tx)
    guard !answer.discrepancies.contains(where: { $0.cause == .keyReused }) else { throw Self.returnKnown }
    try record("receipt.returned", answer, as: document, shown: shown, because: reason, by: change, in: &tx)
    return answer
  }

  /// Takes a receipt back as a whole, as if it had never been printed.
  /// - Throws: as `takeBack`.
  public func cancel(
    _ key: ReceiptKey, shown: ReturnSums, because reason: String, request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> ReturnAnswer {
    try Self.check(reason)
    let document: ReturnID = change.id()
    let answer = try cancel(key, as: document, hold: nil, by: .nobody, request: request, at: change.at, in: &tx)
    guard let answer else { throw Self.nothingToReturn }
    try record("receipt.cancelled", answer, as: document, shown: shown, because: reason, by: change, in: &tx)
    return answer
  }

  /// Gives a receipt of nobody to a member.
  /// - Throws: as `attach(_:to:request:at:in:)`; `Problem.invalid` (`reason_missing`).
  public func attach(
    _ key: ReceiptKey, to member: MemberSnapshot, because reason: String, request: RequestKey, by change: Change,
    in tx: inout Transaction
  ) throws -> Attached {
    try Self.check(reason)
    let (attached, isNew) = try attachOnce(key, to: member, request: request, at: change.at, in: &tx)
    guard isNew else { return attached }
    let after: JSON = .object([
      "member": .string("\(member.id)"), "earned": AmountForm(rules.current.terms).json(attached.earned), "reason": .string(reason),
    ])
    try AuditTrail(of: account).record([.did("receipt.attached", attached.receipt, after: after)], by: change, in: &tx)
    return attached
  }

  /// - Parameter document: the name of a new answer; one of another name was given, and written down, before.
  private func record(
    _ act: String, _ answer: ReturnAnswer, as document: ReturnID, shown: ReturnSums, because reason: String, by change: Change,
    in tx: inout Transaction
  ) throws {
    guard let receipt = answer.refunds.first?.receipt else { throw Self.nothingToReturn }
    // Thrown out of the transaction, so that nothing of it stands.
    guard ReturnSums(answer) == shown else { throw Self.returnChanged }
    guard answer.document == document else { return }
    let amounts = AmountForm(rules.current.terms)
    let after: JSON = .object([
      "return": .string("\(document)"), "amount": amounts.json(answer.amount), "pointsGivenBack": amounts.json(answer.givenBack),
      "pointsTakenBack": amounts.json(answer.takenBack), "reason": .string(reason),
    ])
    try AuditTrail(of: account).record([.did(act, receipt, after: after)], by: change, in: &tx)
  }

  static func check(_ reason: String) throws(Problem) {
    guard (1...Limits.name).contains(reason.count) else {
      throw Problem(
        .invalid, "reason_missing", "say why in 1 to \(Limits.name) characters, for the audit trail",
        cashier: LocalText(
          ru: "Напишите причину, до \(Limits.name) знаков: она останется в журнале",
          en: "Say why in up to \(Limits.name) characters: it stays in the audit trail"))
    }
  }

  private static let returnChanged = Problem(
    .conflict, "return_changed", "the receipt has changed since this was shown; look at it again",
    cashier: LocalText(
      ru: "Чек изменился, пока вы смотрели: сумма возврата теперь другая. Проверьте её и подтвердите ещё раз",
      en: "The receipt has changed since this was shown: the return comes to something else now. Look again and confirm"))
  private static let returnKnown = Problem(
    .conflict, "return_known", "a return with this number is recorded already",
    cashier: LocalText(
      ru: "Возврат с таким номером уже записан: касса его прислала",
      en: "A return with this number is recorded already: the till sent it"))
  private static let nothingToReturn = Problem(
    .conflict, "nothing_to_return", "nothing of these goods is left on the receipt",
    cashier: LocalText(ru: "По этому чеку возвращать больше нечего", en: "There is nothing left to return on this receipt"))
}
