import Kernel

/// What one examination found, and what to do about it.
public struct Finding: Hashable, Sendable {
  public enum Verdict: String, Sendable { case fine, warning, trouble }

  /// What was looked at, for example `time zones`.
  public let subject: String
  public let verdict: Verdict
  public let text: String
  /// Empty where nothing is to be done.
  public let remedy: String

  static func fine(_ subject: String, _ text: String) -> Finding {
    Finding(subject: subject, verdict: .fine, text: text, remedy: "")
  }
  static func warning(_ subject: String, _ text: String, remedy: String) -> Finding {
    Finding(subject: subject, verdict: .warning, text: text, remedy: remedy)
  }
  static func trouble(_ subject: String, _ text: String, remedy: String) -> Finding {
    Finding(subject: subject, verdict: .trouble, text: text, remedy: remedy)
  }
}

/// Everything the doctor says: the settings with their sources, and the findings.
public struct Diagnosis: Sendable {
  public let version: String
  public let settings: [ConfigEntry]
  public let findings: [Finding]

  /// The program ends with this: trouble counts, a warning does not.
  public var ending: Ending { findings.contains { $0.verdict == .trouble } ? .trouble : .done }

  public var text: String {
    let keyWidth = settings.map(\.key.count).max() ?? 0
    let valueWidth = min(48, settings.map(\.value.count).max() ?? 0)
    var lines = ["regulars \(version)", "", "settings"]
    for entry in settings {
      lines.append("  \(filled(entry.key, keyWidth))  \(filled(entry.value, valueWidth))  \(entry.source)")
    }
    lines += ["", "findings"]
    let subjectWidth = findings.map(\.subject.count).max() ?? 0
    for finding in findings {
      lines.append("  \(filled(finding.verdict.rawValue, 7))  \(filled(finding.subject, subjectWidth))  \(finding.text)")
      if !finding.remedy.isEmpty { lines.append("           \(filled("", subjectWidth))  → \(finding.remedy)") }
    }
    return lines.joined(separator: "\n")
  }

  public var json: JSON {
    .object([
      "version": .string(version),
      "settings": .array(
        settings.map {
          .object(["key": .string($0.key), "value": .string($0.value), "source": .string("\($0.source)")])
        }),
      "findings": .array(
        findings.map {
          .object([
            "subject": .string($0.subject), "verdict": .string($0.verdict.rawValue), "text": .string($0.text),
            "remedy": $0.remedy.isEmpty ? nil : .string($0.remedy),
          ])
        }),
    ])
  }
}

private func filled(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
