import Kernel

/// The language that a report is written in.
public enum ReportLanguage: String, CaseIterable, Sendable { case ru, en }

extension LocalText {
  public subscript(language: ReportLanguage) -> String { language == .ru ? ru : en }
}
