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
  private let fields: Set<String>

  /// - Parameter fields: those that the form shows; what is wrong elsewhere is told above it.
  init(_ problem: Problem?, fields: Set<String>, _ reader: Reader) {
    self.problem = problem
    self.reader = reader
    self.fields = fields
    for issue in problem?.issues ?? [] {
      let name = issue.pointer.split(separator: "/").last.map(String.init) ?? ""
      if fields.contains(name), byField[name] == nil { byField[name] = issue }
    }
  }

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

  private func sentence(_ issue: Issue) -> String { FieldWords.sentence(issue, reader) }
}

/// What is wrong with a field, in the reader's language; what nobody put into words yet is said as the program says it.
enum FieldWords {
  static func sentence(_ issue: Issue, _ reader: Reader) -> String {
    switch issue.code {
    case "empty", "missing": reader("Заполните это поле.", "Fill this in.")
    case "too_long": reader("Слишком длинно: не больше \(Limits.name) знаков.", "Too long: at most \(Limits.name) characters.")
    case "too_many": reader("Слишком много.", "Too many.")
    case "not_a_code":
      reader(
        "Код – от 1 до \(Limits.code) байт, без пробелов по краям.", "A code has 1 to \(Limits.code) bytes and no spaces around it."
      )
    case "not_a_zone":
      reader("Часовой пояс пишется как Europe/Moscow.", "A time zone is written like Europe/Moscow.")
    case "unknown_code": reader("Такого кода нет. Сначала заведите его.", "There is no such code. Make it first.")
    case "code_taken": reader("Такой код уже есть.", "This code is taken.")
    case "barcode_taken": reader("Этот штрихкод уже у другого товара.", "These bars stand on another product.")
    case "not_a_barcode":
      reader(
        "Здесь не штрихкод: 8, 12, 13 или 14 цифр с верной контрольной, или свой номер из 3–7 цифр.",
        "This is no barcode: 8, 12, 13 or 14 digits with the right check digit, or a number of your own of 3 to 7.")
    case "not_a_decimal", "not_a_number": reader("Нужно число, например 12,50.", "A number is expected, for example 12.50.")
    case "not_a_time": reader("Нужно время, например 04:00.", "A time is expected, for example 04:00.")
    case "not_a_place":
      reader("Нужны широта и долгота: 55.753930, 37.620795.", "Latitude and longitude are expected: 55.753930, 37.620795.")
    case "not_a_tax_number":
      reader("Здесь не ИНН: 10 или 12 цифр с верными контрольными.", "This is no INN: 10 or 12 digits with their check digits.")
    case "not_attributes": reader("По одному признаку на строке: имя = значение.", "One attribute on each line: name = value.")
    case "circle": reader("Категория оказалась бы выше самой себя.", "The category would stand above itself.")
    case "too_deep":
      reader("Не глубже \(Limits.categoryDepth) уровней.", "At most \(Limits.categoryDepth) levels deep.")
    case "out_of_range": reader("Число вне допустимых пределов.", "This number is out of bounds.")
    default: IssueWords.sentence(issue, reader)
    }
  }
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
