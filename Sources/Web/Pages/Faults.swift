import Kernel

/// What was wrong with a form, each thing at the field where it happened.
///
/// Issues point at a field by the last name of their pointer (`/0/taxNumber`). Common ones are said in the reader's language; what
/// nobody put into words yet is said as the program says it.
struct Faults {
  private let byField: [String: String]
  /// What belongs to no field.
  let general: String?

  init(_ problem: Problem? = nil, _ reader: Reader) {
    guard let problem else {
      (byField, general) = ([:], nil)
      return
    }
    var byField: [String: String] = [:]
    for issue in problem.issues {
      guard let field = issue.pointer.split(separator: "/").last(where: { Int($0) == nil }).map(String.init) else { continue }
      byField[field] = byField[field] ?? FieldWords.sentence(issue, reader)
    }
    self.byField = byField
    general = byField.isEmpty ? reader.sentence(problem) : nil
  }

  subscript(_ field: String) -> String? { byField[field] }
  var isEmpty: Bool { byField.isEmpty && general == nil }

  /// Above the form: how much is to be mended, or what has no field of its own.
  func notice(_ reader: Reader) -> Markup? {
    if let general { return Notice.warning(general) }
    guard !byField.isEmpty else { return nil }
    let count = reader.count(byField.count, ("поле", "поля", "полей"), ("field", "fields"))
    return Notice.warning(reader("Нужно поправить: \(count)", "To be mended: \(count)"))
  }
}
