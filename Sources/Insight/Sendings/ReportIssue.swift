import Access
import Cube
import Kernel
import Loyalty

/// A report as it goes out: the answer as of its moment, for whoever writes the letter.
public struct ReportIssue: Sendable {
  /// What became of something that letters carry.
  public enum Attached: Sendable, Hashable {
    case attached
    /// There is none to carry.
    case none
    /// This machine has nothing to make it with, or it is too large.
    case missing
  }

  /// What a report found.
  public enum Found: Sendable {
    /// The pivot of the table has the days that the period stood for.
    case pivot(PivotTable, before: PivotTable?, PivotNames)
    case ready(ReportSheet)
  }

  public let report: SavedReport
  public let schedule: ReportSchedule
  public let sending: ReportSending
  public let programme: Programme
  public let account: String
  public let found: Found
  /// What its words mean, and who is left out.
  public let notes: DefinitionNotes
  /// Of the report's page in the console.
  public let link: String
  public internal(set) var sheet = Attached.attached
  public internal(set) var picture = Attached.none
}

/// How letters about reports are written and drawn; the pages that show reports know.
public struct ReportPen: Sendable {
  /// To somebody of the staff; nil where it leaves for outside.
  public let words: @Sendable (ReportIssue, StaffMember?) -> (subject: String, text: String)
  /// SVG, for light paper; nil where there is nothing to draw.
  public let drawing: @Sendable (ReportIssue) -> String?
  /// Of the attached sheet, and the sign of its currency.
  public let sheet: @Sendable (ReportIssue) -> (title: String, sign: String)

  public init(
    words: @escaping @Sendable (ReportIssue, StaffMember?) -> (subject: String, text: String),
    drawing: @escaping @Sendable (ReportIssue) -> String?,
    sheet: @escaping @Sendable (ReportIssue) -> (title: String, sign: String)
  ) {
    (self.words, self.drawing, self.sheet) = (words, drawing, sheet)
  }
}

/// Makes a PNG of SVG; nil where the machine has nothing that could.
public typealias PictureMaker = @Sendable (_ drawing: String) async throws -> [UInt8]?
