import Kernel
import Loyalty

/// How a series' codes look, as part of its form.
struct CodePatternFields {
  static var names: Set<String> { ["prefix", "length", "alphabet"] }
  private static let alphabets = ["letters": CodePattern.standardLetters, "digits": CodePattern.standardDigits]

  let form: Form
  let faults: FormFaults
  let reader: Reader

  /// The values of the fields.
  static func values(of pattern: CodePattern) -> [String: String] {
    [
      "prefix": pattern.prefix, "length": String(pattern.length),
      "alphabet": alphabets.first { $0.value == pattern.alphabet }?.key ?? pattern.alphabet, "check": pattern.hasCheck ? "on" : "",
    ]
  }

  /// - Parameter length: what was typed, where it is a number in its bounds.
  static func pattern(_ form: Form, length: Int?) -> CodePattern {
    CodePattern(
      prefix: form["prefix"].uppercased(), alphabet: alphabets[form["alphabet"]] ?? form["alphabet"].uppercased(),
      length: length ?? 10, hasCheck: form.has("check"))
  }

  var html: Markup {
    func field(_ name: String, _ ru: String, _ en: String, hint: String, limit: Int) -> Markup {
      Field(
        name: name, label: reader(ru, en), value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: false
      ).html
    }
    var alphabets = [
      ("letters", reader("буквы и цифры без похожих", "letters and digits without look-alikes")),
      ("digits", reader("цифры", "digits")),
    ]
    if Self.alphabets[form["alphabet"]] == nil, !form["alphabet"].isEmpty { alphabets.append((form["alphabet"], form["alphabet"])) }
    let letters = Choice(
      name: "alphabet", label: reader("Знаки", "Characters"), options: alphabets, chosen: form["alphabet"]
    ).html
    return """
      \(letters)<div class="fields narrow">\(field("prefix", "Начало кода", "A code begins with", hint: reader("можно пустое", "may be empty"), limit: 16))\
      \(field("length", "Случайных знаков", "Characters by lot", hint: reader("4–32: чем больше, тем труднее угадать", "4–32: the more, the harder to guess"), limit: 2))</div>\
      <div class="ticks">\(Tick(name: "check", label: reader("Контрольный знак в конце", "A check character at the end"), isOn: form.has("check")).html)</div>
      """
  }
}
