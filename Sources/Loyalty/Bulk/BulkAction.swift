import Access
import Calculator
import Kernel

/// Something done to everybody who was in a segment when it was counted.
///
/// It is counted first: then its members are fixed, and everybody sees how many there are and what it will cost before anybody says yes.
public struct BulkAction: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    /// Its members are being written down and looked at.
    case counting
    /// Waits for somebody to confirm the number.
    case ready
    /// Confirmed by one who may not do it alone; waits for another's word.
    case asked
    case running, stopped, done
    case undoing, undone
    /// Somebody said no, or it was never begun.
    case dropped

    /// Does something yet, or waits to.
    public var isOpen: Bool {
      switch self {
      case .counting, .ready, .asked, .running, .stopped, .undoing: true
      case .done, .undone, .dropped: false
      }
    }

    public var isWorking: Bool { self == .counting || self == .running || self == .undoing }
  }

  public let id: BulkActionID
  public let programme: ProgrammeID
  public let segment: SegmentID
  /// What people call it.
  public let name: String
  public let deed: BulkDeed
  public var state: State
  public let askedBy: Actor
  public let askedAt: Instant
  public var confirmedBy: Actor?
  public var approvedBy: Actor?
  /// As of when its members are fixed; nil while they are counted.
  public var countedAt: Instant?
  public var endedAt: Instant?
  /// Since when nobody knows any more whom it concerned: it ended too long ago.
  public var forgottenAt: Instant?
  public var tally: Tally

  /// Members, by what became of them.
  public struct Tally: Hashable, Sendable {
    /// Who still waits.
    public var due: Int64 = 0
    public var changed: Int64 = 0
    public var leftOut: Int64 = 0
    public var undone: Int64 = 0
    /// Changed, and not to be undone.
    public var kept: Int64 = 0

    public init() {}
    public var all: Int64 { due + changed + leftOut + undone + kept }
  }

  /// Points that it gives in all; nil where it gives none.
  public var points: Points? {
    guard case .points(let each, _, _) = deed else { return nil }
    return Points(units: each.units * (tally.due + tally.changed))
  }

  /// Why one person does not decide it alone; nil where they may.
  public func secondWord(_ goodwill: GoodwillLimits) -> LocalText? {
    if case .points(let each, _, _) = deed, let soft = goodwill.soft, each > soft {
      return LocalText(
        ru: "Баллов на участника больше, чем один сотрудник даёт сам", en: "More points for each than one gives alone")
    }
    guard tally.due > Limits.bulkAlone else { return nil }
    return LocalText(
      ru: "Больше \(Limits.bulkAlone) участников", en: "More than \(Limits.bulkAlone) members")
  }
}

/// One member of an action.
public struct BulkMember: Hashable, Sendable {
  public enum State: Int64, Sendable, CaseIterable {
    case due, changed, leftOut, undone, kept

    public var word: String {
      switch self {
      case .due: "waiting"
      case .changed: "changed"
      case .leftOut: "left-out"
      case .undone: "undone"
      case .kept: "kept"
      }
    }
  }

  public let member: MemberID
  public let state: State
  public let reason: BulkReason?
  /// What is needed to undo it: `{ "value": … }`, `{ "gift": … }`, `{ "coupon": … }`, `{ "grant": … }`.
  public let former: JSON?
  public let at: Instant?

  func word(_ key: String) -> String? { if case .string(let text)? = former?[key] { text } else { nil } }
}
