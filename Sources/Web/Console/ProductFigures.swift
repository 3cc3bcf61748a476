import Access
import Kernel
import Loyalty
import Storage

/// A price, a cost or a rate of VAT from a day on, as somebody typed it.
struct FiguresForm {
  var form = Form([:])
  var refusal: Problem?

  static let fields: Set = ["kind", "value", "since", "zone"]

  /// - Throws: `Problem.invalid` with the field of each fault.
  func figure(of product: String, _ reader: Reader) throws(Problem) -> Figure {
    let issues = IssueList()
    let kind = Figure.Kind(rawValue: form["kind"])
    if kind == nil { issues.add("/kind", "missing", "choose what is set") }
    let value = kind == .vat ? reader.percent(typed: form["value"])?.ppm : reader.money(typed: form["value"])?.minor
    if value == nil { issues.add("/value", "not_a_decimal", "a number is expected here") }
    let since = CivilDay(form["since"])
    if since == nil { issues.add("/since", "bad_date", "a date is expected here") }
    try issues.check("the figure")
    return Figure(
      product: product, zone: form["zone"].isEmpty ? nil : form["zone"], kind: kind ?? .cost, since: since ?? CivilDay(number: 0),
      value: value ?? 0)
  }
}

extension Reader {
  /// 20, 12.5 or 12,5 of a hundred.
  fileprivate func percent(typed text: String) -> Rate? {
    let plain = text.map { $0 == "," ? "." : String($0) }.joined()
    return Decimal.parse(plain, digits: 4).map { Rate(ppm: $0) }
  }
}

extension ConsoleDesk {
  /// Sets one dated figure. Sent twice it finds its work done.
  func setFigure(_ visit: Visit) async throws -> Answer {
    let (id, account, change) = (try Self.productID(visit), visit.account.id, change(visit))
    var figures = FiguresForm(form: visit.form)
    let product = try await database.read { tx in try Catalogue(of: account).product(id, in: &tx) }
    do {
      let figure = try figures.figure(of: product.details.code, visit.reader)
      _ = try await database.write { tx in try Catalogue(of: account).save([figure], by: change, in: &tx) }
    } catch let problem as Problem {
      figures.refusal = problem.atFields
      return try await self.product(visit, figures)
    }
    return .redirect("/console/catalogue/products/\(id)#figures")
  }
}

extension Problem {
  /// The catalogue points at the row of a write; a form has one row.
  fileprivate var atFields: Problem {
    Problem(
      kind, code, detail, cashier: cashier,
      issues: issues.map { issue in
        issue.pointer.hasPrefix("/0/")
          ? Issue(pointer: String(issue.pointer.dropFirst(2)), code: issue.code, message: issue.message) : issue
      })
  }
}

/// What was, is and will be in force for a product, day by day, and a form for the next.
struct DatedFigures {
  let card: ProductCard
  let form: FiguresForm
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var title: String { reader("Цены и себестоимость по дням", "Prices and cost by day") }

  var html: Markup {
    """
    <section class="panel" id="figures"><header class="panel-head"><h2>\(title)</h2></header>\(table)\(entry)</section>
    """
  }

  private func name(_ kind: Figure.Kind) -> String {
    switch kind {
    case .vat: reader("НДС", "VAT")
    case .cost: reader("Себестоимость", "Cost")
    case .regularPrice: reader("Обычная цена", "Regular price")
    }
  }

  private var table: Markup {
    guard !card.dated.isEmpty else {
      return "<p class=\"panel-body muted\">\(reader("Ещё ничего не задано", "Nothing is set yet"))</p>"
    }
    let rows = card.dated.map { figure -> Markup in
      let value =
        figure.place.kind == .vat
        ? "\(reader.decimal(figure.value / 100, digits: 2))\u{a0}%" : reader.money(Money(minor: figure.value))
      let zone = figure.place.zone.map { card.zones[$0] ?? $0 } ?? reader("все остальные", "all others")
      return """
        <tr><th scope="row">\(reader.date(figure.place.since))</th><td>\(name(figure.place.kind))</td>\
        <td>\(zone)</td><td class="num">\(value)</td></tr>
        """
    }
    return DataTable(
      label: title,
      columns: [
        .text(reader("С дня", "Since")), .text(reader("Что", "What")), .text(reader("Ценовая зона", "Price zone")),
        .number(reader("Значение", "Value")),
      ], rows: rows, width: .tight
    ).html
  }

  private var entry: Markup? {
    guard visit.may(.changeProgramme) else { return nil }
    let faults = FormFaults(form.refusal, fields: FiguresForm.fields, reader)
    let sent = form.form
    let kind = Choice(
      name: "kind", label: reader("Что", "What"),
      options: [Figure.Kind.cost, .regularPrice, .vat].map { ($0.rawValue, name($0)) },
      chosen: sent["kind"].isEmpty ? Figure.Kind.cost.rawValue : sent["kind"], fault: faults["kind"])
    let value = Field(
      name: "value", label: reader("Значение", "Value"), value: sent["value"],
      hint: reader(
        "За единицу, с НДС, как цены на полке; НДС – в процентах", "Of a unit, VAT included as on the shelf; VAT in percent"),
      fault: faults["value"], limit: 20)
    let today = reader.zone.civil(at: visit.call.at).day
    let since = Field(
      name: "since", label: reader("С дня", "Since"), value: sent["since"].isEmpty ? "\(today)" : sent["since"], type: "date",
      fault: faults["since"])
    let zones =
      [("", reader("все зоны без своего значения", "all zones without their own"))] + card.zones.sorted { $0.key < $1.key }
    let zone: Markup? =
      card.zones.isEmpty
      ? nil
      : Choice(
        name: "zone", label: reader("Ценовая зона", "Price zone"), options: zones.map { ($0.0, $0.1) }, chosen: sent["zone"],
        fault: faults["zone"]
      ).html
    return """
      <form class="inline-form" method="post" action="/console/catalogue/products/\(card.product.id)/figures">\(visit.key)\
      \(faults.notice)<div class="fields">\(kind.html)\(value.html)\(since.html)\(zone)</div>\
      <div><button class="button">\(reader("Задать", "Set"))</button></div></form>
      """
  }
}
