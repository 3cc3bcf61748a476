import Access
import Customers
import Kernel

/// Points that one member gave to another.
public struct Transfer: Hashable, Sendable {
  public let id: TransferID
  public let giver: MemberID
  public let receiver: MemberID
  /// What left the giver's wallet, the fee counted.
  public let points: Points
  public let fee: Points
  /// What the giver wrote to it, at most `Limits.name` characters; nil for nothing, and once either of them is forgotten.
  public let message: String?
  /// Of the programme's clock.
  public let day: CivilDay
  public let at: Instant
  public let actor: String
  /// The receiver had given points to this giver within `circleDays`.
  public let isCircle: Bool
  /// Nil where it stands.
  public let undone: Undoing?

  public struct Undoing: Hashable, Sendable {
    public let at: Instant
    public let actor: String
    /// What the giver has again, the fee counted where all came back.
    public let points: Points
    public let reason: String
  }

  public var received: Points { points - fee }

  /// How long back a transfer the other way makes a circle.
  static var circleDays: Int { 30 }
}

/// What is left of the points that a giver may hand over.
public struct TransferRoom: Hashable, Sendable {
  /// In the wallet, of the kinds that may go.
  public let available: Points
  /// By limits; nil: any number.
  public let today: Points?
  public let thisMonth: Points?

  /// What could be given at once.
  public func most(_ terms: TransferTerms) -> Points {
    [available, today, thisMonth, terms.most].compactMap { $0 }.min() ?? available
  }
}

/// How it is known that the giver wants it.
public enum TransferProof: Hashable, Sendable {
  /// How the giver was shown, and the code that they were sent, where they typed one.
  case shown(Strength, ConfirmationID?)
  /// An operator transfers for a member who asked for it; why stands in the trail.
  case told(reason: String)
}
