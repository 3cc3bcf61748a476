import Access
import Conditions
import Customers
import Kernel

/// A text of a consent as a form.
struct ConsentTextForm {
  /// Nil for a new one.
  let known: NamedText?
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = ["consent", "version", "ru", "en", "link", "from"]
  private var reader: Reader { visit.reader }

  static func form(of text: ConsentText) -> Form {
    Form([
      "consent": text.consent.rawValue, "version": text.version, "ru": text.text.ru, "en": text.text.en, "link": text.link,
      "from": text.from.description,
    ])
  }

  /// What was typed. Without a translation the text stands for both languages.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func text(_ form: Form) throws(Problem) -> ConsentText {
    let issues = IssueList()
    let (consent, from) = (Consent(rawValue: form["consent"]), CivilDay(form["from"]))
    if consent == nil { issues.add("/consent", "unknown_word", "one of the consents is expected") }
    if from == nil { issues.add("/from", "not_a_day", "a day is expected here, such as 2026-11-21") }
    try issues.check("the text of the consent")
    guard let consent, let from else { throw ConsoleDesk.incomplete }
    func typed(_ field: String) -> String { form[field].replacing("\r\n", with: "\n").trimmed }
    let (ru, en) = (typed("ru"), typed("en"))
    return ConsentText(
      consent, version: form["version"].trimmed, text: LocalText(ru: ru, en: en.isEmpty ? ru : en), link: form["link"].trimmed,
      from: from)
  }

  var page: Page {
    var crumbs = [
      (name: reader("Участники", "Members"), path: "/console/members"),
      (reader("Тексты согласий", "Texts of consents"), ConsoleDesk.consentTextsPath),
    ]
    if let known {
      crumbs.append(
        (ConsentWords.name(known.consent, reader) + ", " + known.version, ConsoleDesk.path(of: known.consent, known.version)))
    }
    return Page(
      title: known == nil ? reader("Новый текст согласия", "New text of a consent") : reader("Изменить текст", "Edit the text"),
      crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    let back = known.map { ConsoleDesk.path(of: $0.consent, $0.version) } ?? ConsoleDesk.consentTextsPath
    let action = known == nil ? ConsoleDesk.consentTextsPath : ConsoleDesk.consentTextsPath + "/edit"
    let note = reader(
      "Пока на текст никто не согласился, его можно исправить. Потом – только новой версией.",
      "While nobody has agreed to a text it can be mended. After that only by a new version.")
    return """
      <form class="form" method="post" action="\(action)">\(visit.key)\(faults.notice)<p class="muted">\(note)</p>\(naming(faults))\
      \(box("ru", reader("Текст по-русски", "Text in Russian"), nil, faults))\
      \(box("en", reader("Текст по-английски", "Text in English"), reader("пусто: как по-русски", "empty: as in Russian"), faults))\
      <div class="fields">\(link(faults))\(from(faults))</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  /// What it is of and how consents name it: that stays.
  private func naming(_ faults: FormFaults) -> Markup {
    if let known {
      return """
        <input type="hidden" name="consent" value="\(known.consent.rawValue)"><input type="hidden" name="version" value="\(known.version)">
        """
    }
    let consent = Choice(
      name: "consent", label: reader("Согласие", "Consent"),
      options: Consent.allCases.map { ($0.rawValue, ConsentWords.name($0, reader)) }, chosen: form["consent"],
      fault: faults["consent"])
    let version = Field(
      name: "version", label: reader("Версия", "Version"), value: form["version"],
      hint: reader("как её называют кассы, сайт и файлы", "as tills, the site and files name it"), fault: faults["version"])
    return "<div class=\"fields\">\(consent.html)\(version.html)</div>"
  }

  private func box(_ name: String, _ label: String, _ hint: String?, _ faults: FormFaults) -> Markup {
    TextBox(
      name: name, label: label, value: form[name], hint: hint, fault: faults[name], lines: 8, limit: Limits.consentText
    ).html
  }

  private func link(_ faults: FormFaults) -> Markup {
    Field(
      name: "link", label: reader("Ссылка", "Link"), value: form["link"], type: "url",
      hint: reader(
        "где текст опубликован; вместо текста или вместе с ним", "where it stands in public; in place of the text or with it"),
      fault: faults["link"], limit: Limits.note, isRequired: false
    ).html
  }

  private func from(_ faults: FormFaults) -> Markup {
    Field(
      name: "from", label: reader("Действует с", "Holds from"), value: form["from"], type: "date", fault: faults["from"], limit: 10
    ).html
  }
}
