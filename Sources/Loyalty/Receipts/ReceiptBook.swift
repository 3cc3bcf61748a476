import Calculator
import Kernel
import Storage

/// The receipts of one account by their ids, for whoever follows what happened: read as they are now, whatever programme they are of.
public struct ReceiptBook: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// A receipt, the programme it was sold in and the key it was printed under.
  public struct Entry: Sendable {
    public let receipt: Receipt
    public let programme: ProgrammeID
    public let key: ReceiptKey
  }

  /// What one return document took back.
  public struct Returned: Sendable {
    public let document: ReturnID
    public let programme: ProgrammeID
    public let key: ReceiptKey
    public let at: Instant
    public let refunds: [Refund]
    /// Of goods without a receipt: the document that they stand under since their sale has come.
    public let matchedAs: ReturnID?
  }

  /// A receipt that found its member later, and what it earned then.
  public struct Attachment: Sendable {
    public let entry: Entry
    public let member: MemberID
    public let earned: Points
  }

  /// - Parameter owner: the member, or the store where nobody was named.
  /// - Returns: nil where the account has no such receipt.
  public func receipt(_ id: ReceiptID, of owner: Int64, in tx: inout Transaction) throws -> Entry? {
    guard let row = try tx.row(ReceiptSQL.byID(account, owner, id)),
      let programme = try tx.row(ReceiptBookSQL.programme(account, owner, id))
    else { return nil }
    let receipt = try ReceiptSQL.receipt(row)
    return Entry(receipt: receipt, programme: programme.id(0), key: try key(receipt.key, "receipt.key"))
  }

  /// - Returns: nil where the account has no such document.
  public func returned(_ document: ReturnID, of owner: Int64, in tx: inout Transaction) throws -> Returned? {
    guard let head = try tx.row(ReceiptBookSQL.document(account, owner, document)) else { return nil }
    let refunds = try tx.rows(ReturnSQL.ofDocument(account, owner, document)).map(ReturnSQL.refund)
    return Returned(
      document: document, programme: head.id(0), key: try key(head.text(1), "receipt_return.key"), at: head.instant(2),
      refunds: refunds, matchedAs: head.idOrNil(3))
  }

  /// - Returns: nil where the receipt is not the member's by attachment.
  public func attachment(_ id: ReceiptID, to member: MemberID, in tx: inout Transaction) throws -> Attachment? {
    guard let row = try tx.row(ReceiptBookSQL.alias(account, member, id)),
      let entry = try receipt(id, of: row.int(0), in: &tx)
    else { return nil }
    return Attachment(entry: entry, member: member, earned: row.points(1))
  }

  func key(_ text: String, _ column: String) throws -> ReceiptKey {
    guard let key = ReceiptKey(stored: text) else { throw StorageFailure.damaged("\(column) holds no key of a receipt") }
    return key
  }
}

extension ReceiptKey {
  /// Reads what `text` wrote; fiscal numbers are not part of it.
  public init?(stored text: String) {
    let parts = text.split(separator: "\t", omittingEmptySubsequences: false)
    guard parts.count == 5, let store = Int64(parts[0], radix: 36), let day = Int32(parts[2]), let shift = Int64(parts[3]),
      parts[1].utf8.count <= Limits.code, parts[4].utf8.count <= Limits.code
    else { return nil }
    self.init(
      store: StoreID(store), register: String(parts[1]), shift: shift, number: String(parts[4]), day: CivilDay(number: day))
  }
}
