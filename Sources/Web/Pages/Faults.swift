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
      byField[field] = byField[field] ?? Self.text(issue, reader)
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

  private static func text(_ issue: Issue, _ reader: Reader) -> String {
    switch issue.code {
    case "missing", "empty": reader("Заполните это поле", "Fill this in")
    case "too_long": reader("Слишком длинно", "This is too long")
    case "not_a_code":
      reader("Код – до 64 знаков, без пробелов по краям", "A code has up to 64 characters and no spaces around it")
    case "not_a_tax_number":
      reader(
        "Это не ИНН: в нём 10 или 12 цифр, последние – контрольные", "This is no INN: 10 or 12 digits, the last are check digits")
    case "not_a_zone": reader("Такого часового пояса сервер не знает", "The server knows no such time zone")
    case "not_a_time": reader("Время пишут так: 04:00", "A time is written like 04:00")
    case "not_a_number": reader("Здесь нужно число", "A number is expected here")
    case "out_of_range": reader("Число вне допустимых границ", "The number is out of its bounds")
    case "unknown_code": reader("Такого кода нет", "There is no such code")
    default: issue.message
    }
  }
}
