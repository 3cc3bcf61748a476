import Cube
import Insight
import Kernel

/// What is said of a formula.
struct FormulaFields {
  let form: Form
  let refusal: Problem?
  let isNew: Bool
  let reader: Reader

  static let blank = Form(["format": "percent", "digits": "2"])

  static func details(_ form: Form) -> FormulaDetails {
    let format: Formula.Format =
      switch form["format"] {
      case "money": .money
      case "percent": .percent
      default: .number(digits: Int(form["digits"]).flatMap { Formula.digits.contains($0) ? $0 : nil } ?? 2)
      }
    let (ru, en) = (form["nameRu"], form["nameEn"])
    // Who has one language needs one name.
    return FormulaDetails(
      code: form["code"], name: LocalText(ru: ru.isEmpty ? en : ru, en: en.isEmpty ? ru : en), text: form["formula"],
      format: format,
      note: form["note"])
  }

  static func form(of known: DefinedFormula) -> Form {
    let details = known.details
    var values = [
      "code": details.code, "nameRu": details.name.ru, "nameEn": details.name.en, "formula": details.text, "note": details.note,
      "version": "\(known.version)",
    ]
    switch details.format {
    case .money: (values["format"], values["digits"]) = ("money", "2")
    case .percent: (values["format"], values["digits"]) = ("percent", "2")
    case .number(let digits): (values["format"], values["digits"]) = ("number", "\(digits)")
    }
    return Form(values)
  }

  static func format(_ format: Formula.Format, _ reader: Reader) -> String {
    switch format {
    case .money: reader("деньги", "money")
    case .percent: reader("процент: 0,25 – это 25 %", "percent: 0.25 is 25%")
    case .number(let digits):
      reader(
        "число, знаков после запятой: \(digits)",
        "a number with \(reader.count(digits, ("знак", "знака", "знаков"), ("digit", "digits")))")
    }
  }

  /// The place in the formula that cannot be read, in the reader's language.
  private func fault(_ faults: FormFaults) -> String? {
    guard let said = faults["formula"] else { return nil }
    do throws(FormulaFault) { _ = try Formula(form["formula"]) } catch { return reader(error.message) }
    return said
  }

  var html: Markup {
    let faults = FormFaults(refusal, fields: ["code", "nameRu", "nameEn", "formula", "note"], reader)
    let code: Markup =
      isNew
      ? Field(
        name: "code", label: reader("Код", "Code"), value: form["code"],
        hint: reader(
          "Им формулу называют отчёты и командная строка: formula:код. Он не меняется",
          "Reports and the command line name it by this: formula:code. It never changes"),
        fault: faults["code"], limit: Limits.code, example: "margin-share"
      ).html : "<input type=\"hidden\" name=\"code\" value=\"\(form["code"])\">"
    let formats = [
      ("percent", reader("процент (0,25 – это 25 %)", "percent (0.25 is 25%)")), ("money", reader("деньги", "money")),
      ("number", reader("число", "a number")),
    ]
    let digits = Formula.digits.map { ("\($0)", "\($0)") }
    return """
      \(faults.notice)\(code)<div class="fields">\
      \(Field(name: "nameRu", label: reader("Название по-русски", "Name in Russian"), value: form["nameRu"], fault: faults["nameRu"], limit: 100, isRequired: false).html)\
      \(Field(name: "nameEn", label: reader("Название по-английски", "Name in English"), value: form["nameEn"], hint: reader("Достаточно одного из двух", "One of the two will do"), fault: faults["nameEn"], limit: 100, isRequired: false).html)</div>\
      \(TextBox(name: "formula", label: reader("Формула", "Formula"), value: form["formula"], hint: reader("Показатели, числа, скобки и + - * /: (sales - cost) / receipts. Деление на ноль даёт пустую ячейку", "Values, numbers, parentheses and + - * /: (sales - cost) / receipts. What is divided by nought is empty"), fault: fault(faults), lines: 2, limit: Formula.length, isCode: true).html)\
      \(words)<div class="fields">\
      \(Choice(name: "format", label: reader("Показывать как", "Shown as"), options: formats, chosen: form["format"]).html)\
      \(Choice(name: "digits", label: reader("Знаков после запятой", "Digits after the point"), options: digits, chosen: form["digits"], hint: reader("для чисел", "of numbers")).html)</div>\
      \(TextBox(name: "note", label: reader("Пояснение", "Note"), value: form["note"], fault: faults["note"], limit: Limits.note).html)
      """
  }

  /// Every value that a formula can name.
  private var words: Markup {
    let rows = Measure.allCases.map { measure -> Markup in
      "<div><dt><code>\(measure.rawValue)</code></dt><dd>\(reader(measure.title))</dd></div>"
    }
    return """
      <details class="fold"><summary>\(Icon.right.usual)\(reader("Какие показатели есть", "Values there are"))</summary><dl class="facts">\(rows)</dl>\
      <p class="soft">\(reader("Деньги – в рублях, а не в копейках, баллы – в баллах, доли – как части единицы.", "Money is in whole units, points are points, shares are parts of one."))</p></details>
      """
  }
}
