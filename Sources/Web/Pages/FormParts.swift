import Kernel

/// Names and values.
struct FactList {
  let rows: [(name: String, value: Markup?)]

  /// Rows without a value are left out.
  var html: Markup {
    let items = rows.compactMap { row -> Markup? in row.value.map { "<div><dt>\(row.name)</dt><dd>\($0)</dd></div>" } }
    return "<dl class=\"facts\">\(items)</dl>"
  }

  func panel(_ title: String) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header><div class=\"panel-body\">\(html)</div></section>"
  }
}

/// What was wrong with a form, field by field, in the reader's words. A field is called as the last step of an issue's pointer.
struct FormFaults {
  private var byField: [String: Issue] = [:]
  private let problem: Problem?
  private let reader: Reader

  /// - Parameter fields: those that the form shows, nil for all that were named; what is wrong elsewhere is told above it.
  init(_ problem: Problem?, fields: Set<String>? = nil, _ reader: Reader) {
    self.problem = problem
    self.reader = reader
    for issue in problem?.issues ?? [] {
      let name = issue.pointer.split(separator: "/").last.map(String.init) ?? ""
      if fields?.contains(name) ?? !name.isEmpty, byField[name] == nil { byField[name] = issue }
    }
  }

  var isEmpty: Bool { problem == nil }

  subscript(_ field: String) -> String? { byField[field].map(sentence) }

  /// Above the form: that something is wrong, and what has no field.
  var notice: Markup? {
    guard let problem else { return nil }
    if !byField.isEmpty {
      return Notice.warning(
        reader("Не сохранено: исправьте поля, отмеченные ниже.", "Not saved: mend the fields that are marked below."))
    }
    if problem.cashier == nil, let issue = problem.issues.first { return Notice.warning(sentence(issue)) }
    return Notice.refusal(problem, reader)
  }

  private func sentence(_ issue: Issue) -> String { IssueWords.sentence(issue, reader) }
}

extension Reader {
  /// How long ago: minutes, hours or days.
  func ago(_ span: Span) -> String {
    let minutes = Int(span.micros / 60_000_000)
    if minutes < 1 { return self("только что", "just now") }
    let words =
      minutes < 60
      ? count(minutes, ("минуту", "минуты", "минут"), ("minute", "minutes"))
      : minutes < 2_880
        ? count(minutes / 60, ("час", "часа", "часов"), ("hour", "hours"))
        : count(minutes / 1_440, ("день", "дня", "дней"), ("day", "days"))
    return self("\(words) назад", "\(words) ago")
  }
}
