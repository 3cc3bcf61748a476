import Access
import Jobs
import Kernel
import Loyalty
import Storage

/// What documents say of receipts and returns. Amounts are decimals as text, in the programme's currency and scale of points.
extension EventScene {
  func receipt(in tx: inout Transaction) throws -> JSON {
    let id = ReceiptID(event.subject)
    guard let entry = try ReceiptBook(of: event.account).receipt(id, of: event.owner, in: &tx) else {
      return .object(["receipt": .string("\(id)")])
    }
    return .object(members(of: entry, member: entry.receipt.hasMember ? memberID : .null))
  }

  func attached(in tx: inout Transaction) throws -> JSON {
    let id = ReceiptID(event.subject)
    let found = try ReceiptBook(of: event.account).attachment(id, to: MemberID(event.owner), in: &tx)
    guard let found else { return .object(["receipt": .string("\(id)"), "member": memberID]) }
    let rest = members(of: found.entry, member: memberID).filter { $0.key != "earned" }
    return .object(rest + [JSON.Member("earned", points(found.earned, found.entry.programme))])
  }

  func returned(in tx: inout Transaction) throws -> JSON {
    let id = ReturnID(event.subject)
    guard let found = try ReceiptBook(of: event.account).returned(id, of: event.owner, in: &tx) else {
      return .object(["return": .string("\(id)")])
    }
    let isMember = try owner(in: &tx) != nil
    let refunds = found.refunds
    return .object([
      "return": .string("\(id)"), "programme": programme(found.programme).map { .string($0.code) }, "key": key(found.key),
      "member": isMember ? memberID : .null, "returnedAt": .string(found.at.text), "currency": currency(found.programme),
      "amount": money(refunds.reduce(.zero) { $0 + $1.amount }, found.programme),
      "pointsGivenBack": points(refunds.reduce(.zero) { $0 + $1.givenBack }, found.programme),
      "pointsTakenBack": points(refunds.reduce(.zero) { $0 + $1.takenBack }, found.programme),
      "lines": .int(Int64(refunds.reduce(0) { $0 + $1.lines.count })),
      "receipts": .array(refunds.compactMap { $0.receipt.map { .string("\($0)") } }),
      "matchedAs": found.matchedAs.map { .string("\($0)") },
    ])
  }

  private func members(of entry: ReceiptBook.Entry, member: JSON) -> [JSON.Member] {
    let (receipt, programme) = (entry.receipt, entry.programme)
    return [
      JSON.Member("receipt", .string("\(receipt.id)")),
      JSON.Member("programme", self.programme(programme).map { .string($0.code) } ?? .null), JSON.Member("key", key(entry.key)),
      JSON.Member("store", .string("\(receipt.store)")), JSON.Member("member", member),
      JSON.Member("soldAt", .string(receipt.soldAt.text)), JSON.Member("businessDay", .string("\(receipt.businessDay)")),
      JSON.Member("state", .string(receipt.state.word)), JSON.Member("currency", currency(programme)),
      JSON.Member("amount", money(receipt.amount, programme)), JSON.Member("discount", money(receipt.discount, programme)),
      JSON.Member("spent", points(receipt.spent, programme)), JSON.Member("earned", points(receipt.earned, programme)),
      JSON.Member("lines", .int(Int64(receipt.lines.count))),
    ]
  }

  private func key(_ key: ReceiptKey) -> JSON {
    .object([
      "store": .string("\(key.store)"), "register": .string(key.register), "shift": .int(key.shift), "number": .string(key.number),
      "date": .string("\(key.day)"),
    ])
  }

  private func currency(_ id: ProgrammeID) -> JSON { programme(id).map { .string($0.settings.terms.currency.code) } ?? .null }

  private func money(_ amount: Money, _ id: ProgrammeID) -> JSON {
    .string(Decimal.text(amount.minor, digits: programme(id)?.settings.terms.currency.digits ?? 2))
  }

  private func points(_ points: Points, _ id: ProgrammeID) -> JSON {
    .string(Decimal.text(points.units, digits: programme(id)?.settings.points.scale ?? 0))
  }
}

extension Receipt.State {
  var word: String {
    switch self {
    case .confirmed: "confirmed"
    case .cancelled: "cancelled"
    case .partlyReturned: "partly-returned"
    case .returned: "returned"
    case .beside: "beside"
    }
  }
}
