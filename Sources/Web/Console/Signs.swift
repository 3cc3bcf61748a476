import Access
import Kernel
import Storage

/// Under whose sign and in whose name stores sell.
extension ConsoleDesk {
  func signs(_ visit: Visit) async throws -> Answer { try await signs(visit, SignsPage.Refused()) }

  private func signs(_ visit: Visit, _ refused: SignsPage.Refused) async throws -> Answer {
    let account = visit.account.id
    let around = try await database.read { tx in try StoreSurroundings.read(of: account, in: &tx) }
    var answer = visit.show(SignsPage(around: around, visit: visit, refused: refused).page, in: .stores)
    if refused.brand != nil || refused.entity != nil { answer.status = 422 }
    return answer
  }

  /// By its code: what is new is made, what differs is changed. The same form twice changes nothing.
  func saveBrand(_ visit: Visit) async throws -> Answer {
    let (account, change) = (visit.account.id, change(visit))
    let details = BrandDetails(code: visit.form["code"], name: visit.form["name"])
    do { _ = try await database.write { tx in try Places(of: account).save([details], by: change, in: &tx) } } catch let problem
      as Problem
    {
      return try await signs(visit, SignsPage.Refused(brand: problem))
    }
    try await refreshFloor(visit)
    return .redirect("/console/signs")
  }

  func saveEntity(_ visit: Visit) async throws -> Answer {
    let (account, change, form) = (visit.account.id, change(visit), visit.form)
    let details = LegalEntityDetails(
      code: form["code"], name: form["name"], taxNumber: form.text("taxNumber"),
      taxSystem: LegalEntityDetails.TaxSystem(rawValue: form["taxSystem"]) ?? .other)
    do { _ = try await database.write { tx in try Places(of: account).save([details], by: change, in: &tx) } } catch let problem
      as Problem
    {
      return try await signs(visit, SignsPage.Refused(entity: problem))
    }
    try await refreshFloor(visit)
    return .redirect("/console/signs")
  }
}

struct SignsPage {
  struct Refused: Sendable {
    var brand: Problem?
    var entity: Problem?
  }

  let around: StoreSurroundings
  let visit: Visit
  let refused: Refused

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Бренды и юридические лица", "Brands and legal entities"),
      notes: [
        reader(
          "Бренд – вывеска магазина, юридическое лицо – продавец на чеке",
          "A brand is the sign over the door, a legal entity the seller on the receipt")
      ],
      crumbs: [(reader("Магазины", "Stores"), "/console/stores")],
      body:
        "<div class=\"page-body\"><div class=\"columns\"><div class=\"stack\">\(brands)\(brand)</div><div class=\"stack\">\(entities)\(entity)</div></div></div>"
    )
  }

  private var brands: Markup {
    let rows = around.brands.map { row -> Markup in
      "<tr><th scope=\"row\">\(row.details.name)</th><td>\(row.details.code)</td></tr>"
    }
    return DataTable(
      label: reader("Бренды", "Brands"), columns: [.text(reader("Бренд", "Brand")), .text(reader("Код", "Code"))], rows: rows,
      width: .tight
    ).panel(heading: true)
  }

  private var entities: Markup {
    let rows = around.entities.map { row -> Markup in
      "<tr><th scope=\"row\">\(row.details.name)<small>\(row.details.taxNumber ?? "")</small></th><td>\(row.details.code)</td></tr>"
    }
    return DataTable(
      label: reader("Юридические лица", "Legal entities"),
      columns: [.text(reader("Юридическое лицо", "Legal entity")), .text(reader("Код", "Code"))], rows: rows, width: .tight
    ).panel(heading: true)
  }

  private func form(_ path: String, _ title: String, _ problem: Problem?, _ more: (FormFaults, Form) -> Markup) -> Markup {
    let faults = FormFaults(problem, fields: ["code", "name", "taxNumber"], reader)
    let typed = problem == nil ? Form() : visit.form
    let id = path.replacing("/", with: "-")
    return """
      <section class="panel"><header class="panel-head"><h2>\(title)</h2></header>\
      <form class="inline-form" method="post" action="/console/signs\(path)">\(visit.key)\(faults.notice)\
      \(Field(name: "code", label: reader("Код", "Code"), value: typed["code"], hint: reader("Код, который уже есть, меняет его название", "A code that is there already changes its name"), fault: faults["code"], limit: Limits.code, id: "f-code\(id)").html)\
      \(Field(name: "name", label: reader("Название", "Name"), value: typed["name"], fault: faults["name"], id: "f-name\(id)").html)\
      \(more(faults, typed))<div><button class="button">\(reader("Сохранить", "Save"))</button></div></form></section>
      """
  }

  private var brand: Markup {
    form("/brands", reader("Завести или переименовать бренд", "Make or rename a brand"), refused.brand) { _, _ in .nothing }
  }

  private var entity: Markup {
    form("/entities", reader("Завести или изменить юридическое лицо", "Make or change a legal entity"), refused.entity) {
      faults, typed in
      let systems = LegalEntityDetails.TaxSystem.allCases.map { ($0.rawValue, system($0)) }
      return """
        \(Field(name: "taxNumber", label: reader("ИНН", "Tax number"), value: typed["taxNumber"], fault: faults["taxNumber"], limit: 32, isRequired: false).html)\
        \(Choice(name: "taxSystem", label: reader("Налоговая система", "Tax system"), options: systems, chosen: typed.text("taxSystem") ?? "general").html)
        """
    }
  }

  private func system(_ system: LegalEntityDetails.TaxSystem) -> String {
    switch system {
    case .general: reader("общая", "general (Russia)")
    case .simplifiedIncome: reader("упрощённая, доходы", "simplified, income (Russia)")
    case .simplifiedIncomeLessExpense: reader("упрощённая, доходы минус расходы", "simplified, income less expense (Russia)")
    case .agricultural: reader("сельхозналог", "agricultural (Russia)")
    case .patent: reader("патент", "patent (Russia)")
    case .other: reader("не в России", "not in Russia")
    }
  }
}
