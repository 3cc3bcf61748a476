import Access
import Calculator
import Kernel
import Loyalty

/// A payer's contract as a form.
struct FundingForm {
  /// Nil for a new one.
  let contract: FundingContract?
  let form: Form
  /// Ours: codes and names.
  let entities: [(code: String, name: String)]
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = ["payer", "code", "contract", "name", "taxNumber", "cap", "issuer"]
  private var reader: Reader { visit.reader }

  static func blank(_ query: [String: String]) -> Form {
    let asked = Form(query)
    return Form([
      "payer": asked.has("payer") ? asked["payer"] : Funding.Payer.supplier.rawValue, "code": asked["code"],
      "contract": asked["contract"],
    ])
  }

  static func form(of contract: FundingContract, _ reader: Reader) -> Form {
    let details = contract.details
    return Form([
      "name": details.name, "taxNumber": details.taxNumber, "cap": details.cap.map { reader.amount($0) } ?? "",
      "issuer": details.issuer ?? "",
    ])
  }

  /// - Throws: `Problem.invalid` with the field of each fault.
  static func read(
    _ form: Form, _ known: FundingContract?, _ reader: Reader
  ) throws(Problem) -> (key: FundingKey, details: FundingDetails) {
    let issues = IssueList()
    var cap: Money?
    if !form["cap"].isEmpty {
      cap = reader.money(typed: form["cap"])
      if cap == nil { issues.add("/cap", "not_a_number", "an amount is expected here") }
    }
    let key =
      known?.key
      ?? FundingKey(
        payer: Funding.Payer(rawValue: form["payer"]) ?? .supplier, code: String(form["code"].trimmed),
        contract: String(form["contract"].trimmed))
    try issues.check("the contract")
    return (
      key,
      FundingDetails(
        name: form["name"], taxNumber: form["taxNumber"], cap: cap, issuer: form["issuer"].isEmpty ? nil : form["issuer"])
    )
  }

  var page: Page {
    var crumbs = [(name: reader("Кто платит", "Who pays"), path: "/console/funding")]
    if let contract { crumbs.append((contract.details.name, "/console/funding/\(contract.id)")) }
    return Page(
      title: contract == nil
        ? reader("Договор с плательщиком", "Contract of a payer") : reader("Изменить договор", "Edit the contract"),
      crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    func field(_ name: String, _ label: String, hint: String? = nil, unit: String? = nil, needs: Bool = false) -> Markup {
      Field(
        name: name, label: label, value: form[name], hint: hint, fault: faults[name], limit: Limits.name, isRequired: needs,
        unit: unit
      ).html
    }
    let back = contract.map { "/console/funding/\($0.id)" } ?? "/console/funding"
    let payer = Choice(
      name: "payer", label: reader("Кто это в правилах", "What rules call them"),
      options: [
        (Funding.Payer.supplier.rawValue, reader("поставщик", "supplier")),
        (Funding.Payer.partner.rawValue, reader("партнёр", "partner")),
      ], chosen: form["payer"])
    let key: Markup = """
      <div class="fields">\(payer.html)\(field("code", reader("Код в правилах", "Code in the rules")))\
      \(field("contract", reader("Номер договора", "Number of the contract"), hint: reader("в точности как в правилах акций", "exactly as promotions' rules have it")))</div>
      """
    let issuer = Choice(
      name: "issuer", label: reader("От кого акт", "Who issues acts"),
      options: [("", reader("единственное юрлицо или компания", "the only legal entity, or the company"))]
        + entities.map { ($0.code, $0.name) }, chosen: form["issuer"], fault: faults["issuer"])
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\(contract == nil ? key : nil)\
      <div class="fields">\(field("name", reader("Название для акта", "Name on the act"), needs: true))\(field("taxNumber", reader("ИНН", "Tax number")))\(issuer.html)</div>\
      <div class="fields narrow">\(field("cap", reader("Предел по договору", "Cap of the contract"), hint: reader("сверх него платит сеть; пусто: без предела", "beyond it the retailer pays; empty: none"), unit: reader.sign))</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }
}
