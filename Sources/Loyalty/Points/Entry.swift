import Kernel

/// The accounts of a programme's journal. Every entry moves points from one to another, so all of them sum to zero at any time.
///
/// A member's accounts hold what is theirs; `debt` is the only one of them that is never above zero. The programme's accounts are
/// the other side: `issued` sinks with every point earned, `spent`, `expired` and `cancelled` rise as points end.
/// The numbers are stored and never change their meaning.
public enum JournalAccount: UInt8, Sendable, CaseIterable {
  case pending = 1
  case active = 2
  case held = 3
  case debt = 4
  case status = 5

  case issued = 10
  case spent = 11
  case expired = 12
  /// Earned points taken back by a return.
  case cancelled = 13
  /// Settled with another company of the coalition: what its sales earned and what was spent there.
  case partner = 14
  /// What a till stated beyond what the wallet had, and taken-back points that were no longer there: for somebody to look into.
  case discrepancy = 15
  /// Points of holds that had ended when the receipt was confirmed: the house's cost, never the shopper's.
  case lateConfirm = 16
  case goodwill = 17
  case correction = 18
  case opening = 19
  case statusIssued = 20
  /// Between two lots of one wallet that coalesce; zero after every operation.
  case regrouped = 21
  /// Between the wallets of two members who are one person; zero over all wallets of a programme.
  case moved = 22
  /// For actions without a purchase, and for those who bring and are brought.
  case gifts = 23
  /// Between the wallets of a household, where a member's purchase was paid with others' points; zero over all wallets of a programme.
  case pooled = 24
  /// Between the wallets of members, where one gave points to another; zero over all wallets of a programme.
  case transferred = 25
  /// What a programme keeps back of points that members give to each other.
  case fees = 26
  /// Points that members gave to charities.
  case charity = 27

  /// True for what belongs to a member's wallet.
  public var isMembers: Bool { rawValue < 10 }
}

/// What made an entry.
public enum Cause: Hashable, Sendable {
  case sale(ReceiptID)
  case refund(ReturnID)
  /// A receipt that found its member later.
  case attachment(ReceiptID)
  case hold(HoldID)
  case holdEnded(HoldID)
  case adjustment(AdjustmentID)
  case opening(ImportID)
  case activation
  case expiry
  case regrouping
  /// Two members turned out to be one person, or came apart again; and what returns of the one move for the other.
  case merge(MergeID)
  /// Points without a purchase, or what of them was taken back.
  case gift(GiftID)
  /// Another member of the household paid with these points; and they came back when the goods did.
  case drawn(ReceiptID)
  case drawnBack(ReturnID)
  /// Given to another member; the other got them; the giver has them again; the other has them no more.
  case transfer(TransferID)
  case received(TransferID)
  case transferBack(TransferID)
  case receivedBack(TransferID)
  /// Given to a charity, and taken back from it.
  case donation(DonationID)
  case donationBack(DonationID)
}

/// What an operation on a wallet is about and when.
public struct Occasion: Hashable, Sendable {
  public let cause: Cause
  /// When it happened.
  public let event: Instant
  /// When the books learnt of it: late facts post to the open period.
  public let posted: Instant

  public init(_ cause: Cause, at event: Instant, posted: Instant) {
    self.cause = cause
    self.event = event
    self.posted = posted
  }

  func because(_ cause: Cause, at event: Instant? = nil) -> Occasion { Occasion(cause, at: event ?? self.event, posted: posted) }
}

/// One line of the journal: a transfer, and therefore balanced. Never changed; a correction is another entry.
public struct Entry: Hashable, Sendable {
  public let from: JournalAccount
  public let to: JournalAccount
  /// Above zero.
  public let amount: Points
  public let lot: LotNumber
  public let occasion: Occasion

  public init(_ amount: Points, from: JournalAccount, to: JournalAccount, lot: LotNumber, on occasion: Occasion) {
    precondition(amount > .zero, "an entry moves something")
    self.from = from
    self.to = to
    self.amount = amount
    self.lot = lot
    self.occasion = occasion
  }
}

/// What a member has, account by account and lot by lot. Two of these are equal only when nothing is amiss.
public struct Balances: Hashable, Sendable {
  public internal(set) var pending: [LotNumber: Points] = [:]
  public internal(set) var active: [LotNumber: Points] = [:]
  public internal(set) var held: [LotNumber: Points] = [:]
  /// Zero or below.
  public internal(set) var debt: Points = .zero
  public internal(set) var status: Points = .zero

  public init() {}

  /// What the entries say, and nothing but the entries. Shares no code with the operations of a wallet.
  public init(folding entries: some Sequence<Entry>) {
    for entry in entries {
      post(-entry.amount, to: entry.from, lot: entry.lot)
      post(entry.amount, to: entry.to, lot: entry.lot)
    }
  }

  /// Adds one transfer's side. Accounts of the programme are not a member's and change nothing here.
  public mutating func post(_ amount: Points, to account: JournalAccount, lot: LotNumber) {
    switch account {
    case .pending: Self.add(amount, to: &pending, lot: lot)
    case .active: Self.add(amount, to: &active, lot: lot)
    case .held: Self.add(amount, to: &held, lot: lot)
    case .debt: debt += amount
    case .status: status += amount
    case .issued, .spent, .expired, .cancelled, .partner, .discrepancy, .lateConfirm, .goodwill, .correction, .opening,
      .statusIssued, .regrouped, .moved, .gifts, .pooled, .transferred, .fees, .charity:
      break
    }
  }

  private static func add(_ amount: Points, to column: inout [LotNumber: Points], lot: LotNumber) {
    let sum = (column[lot] ?? .zero) + amount
    column[lot] = sum == .zero ? nil : sum
  }
}
