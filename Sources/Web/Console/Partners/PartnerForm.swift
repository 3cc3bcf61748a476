import Access
import Kernel
import Loyalty

/// A partner as a form, and what other forms about one say.
struct PartnerForm {
  /// Nil for a new one.
  let partner: Partner?
  let entities: [LegalEntityDetails]
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = ["code", "name", "taxNumber", "contract", "entities"]
  private var reader: Reader { visit.reader }

  static func form(of partner: Partner) -> Form {
    let details = partner.details
    return Form([
      "name": details.name, "taxNumber": details.taxNumber, "contract": details.contract,
      "entities": details.entities.joined(separator: "\n"),
    ])
  }

  static func read(_ form: Form, _ known: Partner?) -> PartnerDetails {
    let codes = form["entities"].split(whereSeparator: \.isNewline).map { String($0.trimmed) }.filter { !$0.isEmpty }
    return PartnerDetails(
      code: known?.details.code ?? String(form["code"].trimmed), name: form["name"], taxNumber: form["taxNumber"],
      contract: form["contract"], entities: Array(Set(codes)))
  }

  /// - Throws: `Problem.invalid`.
  static func terms(_ form: Form, _ reader: Reader) throws(Problem) -> PartnerTerms {
    let typed = form["commission"].filter { !$0.isWhitespace }.map { $0 == "," ? "." : String($0) }.joined()
    let percent = Decimal.parse(typed.isEmpty ? "0" : typed, digits: 4).map { Rate(ppm: $0) }
    guard let from = CivilDay(form["from"]), let earned = reader.money(typed: form["earned"]),
      let spent = reader.money(typed: form["spent"]), let percent
    else {
      throw Problem(
        .invalid, "not_terms", "a day, two amounts and a percentage are expected",
        cashier: LocalText(
          ru: "Нужны день, две суммы и процент, например 1,00, 0,90 и 2,5",
          en: "A day, two amounts and a percentage are expected: 1.00, 0.90, 2.5"))
    }
    return PartnerTerms(from: from, earned: earned, spent: spent, commission: percent)
  }

  static let notAnAmount = Problem(
    .invalid, "not_an_amount", "a day and an amount are expected",
    cashier: LocalText(ru: "Нужны день и сумма, например 1 500,00", en: "A day and an amount are expected, for example 1,500.00"))

  static let notAReceipt = Problem(
    .invalid, "not_a_receipt", "the address of a receipt's page is expected",
    cashier: LocalText(
      ru: "Вставьте адрес страницы чека из раздела «Чеки»", en: "Paste the address of the receipt's page in the room Receipts"))

  /// From the address of its page, or the end of it: owner and id.
  static func receipt(_ text: String) -> ReceiptBook.Place? {
    let parts = text.split { $0 == "?" || $0 == "#" }.first?.split(separator: "/") ?? []
    for (owner, id) in zip(parts, parts.dropFirst()) {
      if let owner = Int64(owner), let id = ReceiptID(String(id)) { return ReceiptBook.Place(owner: owner, id: id) }
    }
    return nil
  }

  var page: Page {
    var crumbs = [(name: reader("Партнёры", "Partners"), path: "/console/partners")]
    if let partner { crumbs.append((partner.details.name, "/console/partners/\(partner.id)")) }
    return Page(
      title: partner == nil ? reader("Новый партнёр", "New partner") : reader("Изменить партнёра", "Edit the partner"),
      crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    func field(_ name: String, _ label: String, hint: String? = nil, needs: Bool = false) -> Markup {
      Field(name: name, label: label, value: form[name], hint: hint, fault: faults[name], isRequired: needs).html
    }
    let back = partner.map { "/console/partners/\($0.id)" } ?? "/console/partners"
    let code: Markup? =
      partner == nil
      ? field("code", reader("Код", "Code"), hint: reader("потом не меняется", "cannot be changed later"), needs: true) : nil
    let known = entities.prefix(20).map { "\($0.code) – \($0.name)" }.joined(separator: "; ")
    let hint = reader("код на строку. Есть: ", "one code on each line. There are: ") + known + (entities.count > 20 ? "…" : "")
    let box = TextBox(
      name: "entities", label: reader("Юридические лица, чьи магазины его", "Legal entities whose stores are its own"),
      value: form["entities"], hint: hint, fault: faults["entities"])
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\
      <div class="fields">\(code)\(field("name", reader("Название", "Name"), needs: true))</div>\
      <div class="fields">\(field("taxNumber", reader("ИНН", "Tax number")))\(field("contract", reader("Договор", "Contract")))</div>\(box.html)\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }
}
