import Access
import Kernel

/// A report that is sent by itself.
public struct ReportSchedule: Hashable, Sendable {
  public let id: ReportScheduleID
  public let account: AccountID
  public let programme: ProgrammeID
  public let report: SavedReportID
  public let rhythm: ReportRhythm
  public let language: ReportLanguage
  /// Who set it up.
  public let owner: StaffID
  public let isPaused: Bool
  /// Nil while it rests.
  public let nextAt: Instant?
}

/// Somebody whom a schedule writes to.
public struct ReportReader: Hashable, Sendable {
  public let staff: StaffID
  /// They asked to be left out.
  public let isOff: Bool
}

/// One moment of a schedule, and what became of it.
public struct ReportSending: Hashable, Sendable {
  public enum State: String, CaseIterable, Sendable {
    case waiting, sent, failed
    /// There was nobody to send it to any more, or nothing to send.
    case dropped
  }

  public let id: ReportSendingID
  public let account: AccountID
  public let programme: ProgrammeID
  public let schedule: ReportScheduleID
  public let moment: Instant
  /// Who tried it out; nil for a moment of the schedule itself.
  public let only: StaffID?
  /// Earlier moments that nobody was there for; only the latest is sent.
  public let passedOver: Int
  public let state: State
  /// Why not, in plain words that hold no address.
  public let reason: String?
  public let endedAt: Instant?
}

/// What became of one letter.
public struct ReportLetterState: Hashable, Sendable {
  public enum State: String, CaseIterable, Sendable {
    /// Being handed to the mail server.
    case handing
    case sent
    /// Is tried again.
    case failed
    /// The server will not take it.
    case refused
    /// The server stopped in between: it may have arrived, and is not sent again by itself.
    case unknown
  }

  public let sending: ReportSendingID
  /// Whom it is to: somebody of the staff, or an outsider by their id. There are no two ids alike.
  public let staff: StaffID
  public let state: State
  public let reason: String?
  public let at: Instant
}
