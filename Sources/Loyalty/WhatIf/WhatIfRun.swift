import Access
import Kernel

/// A what-if over a period of one's own choice, worked out behind the tills and kept: what was asked, how far it is, and what came of it.
public struct WhatIfRun: Sendable {
  public enum State: String, Sendable, CaseIterable {
    case waiting, running, done, stopped, failed

    public var isOpen: Bool {
      switch self {
      case .waiting, .running: true
      case .done, .stopped, .failed: false
      }
    }
  }

  /// What is asked.
  public struct Question: Hashable, Sendable {
    public let promotion: PromotionID
    /// The version of the promotion that is tried.
    public let version: Int64
    /// In the programme's days, both included.
    public let days: ClosedRange<CivilDay>
    /// By how much the turnover of the changed receipts is assumed to grow, in ppm; an assumption of whoever asks, and nothing that the receipts
    /// tell.
    public let response: Rate?

    public init(promotion: PromotionID, version: Int64, days: ClosedRange<CivilDay>, response: Rate? = nil) {
      (self.promotion, self.version, self.days, self.response) = (promotion, version, days, response)
    }
  }

  public let id: WhatIfRunID
  public let question: Question
  public internal(set) var state: State
  public let askedBy: Actor
  public let askedAt: Instant
  public internal(set) var endedAt: Instant?
  /// Looked at so far.
  public internal(set) var receipts: Int64
  /// Tills had the version as it is: "now" is what would have been without it.
  public internal(set) var isWithout: Bool
  /// Once it ended well, or was stopped: then of what had been looked at.
  public internal(set) var report: WhatIfReport?
  /// Why it failed, in plain words.
  public internal(set) var failure: String?
}
