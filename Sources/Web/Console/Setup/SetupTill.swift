import Calculator
import Kernel
import Loyalty

// The last step: a till on the screen, and the token for a real one.
extension SetupPage {
  var receipt: Markup {
    guard let till else { return "" }
    let rows = (0..<ScreenTill.rows).map { row in line(till.lines[row], row + 1) }
    let request = typed("request", receiptNumber)
    return """
      <div class="stack l"><form class="stack l" method="post" action="\(step.path)" aria-labelledby="h">\(visit.key)\
      <input type="hidden" name="request" value="\(request)"><div><h1 id="h">\(reader("Пробьём первый чек", "Sell the first receipt"))</h1>\
      <p class="soft">\(reader("Касса на экране продаёт по вашим правилам. Товары и участник, которых ещё нет, заводятся при продаже.", "The till on the screen sells by your rules. Goods and a member that are not there yet are made with the sale."))</p></div>\
      \(sold)\(faults.notice)\(lineFaults)<div class="scroll" tabindex="0" role="group" aria-label="\(reader("Товары", "Goods"))"><table class="table tight basket"><thead><tr>\
      <th scope="col">\(reader("Товар", "Goods"))</th><th scope="col" class="num">\(reader("Кол-во", "Quantity"))</th>\
      <th scope="col" class="num">\(reader("Цена", "Price")), \(reader.sign)</th></tr></thead><tbody>\(rows)</tbody></table></div>\
      \(field("phone", reader("Телефон участника", "The member's telephone"), till.phone, hint: reader("Пусто – чек без карты", "Empty: a receipt without a card"), optional: true))\
      <footer class="row between wrap"><button class="button" name="act" value="calculate">\(Icon.till.small)\(reader("Посчитать", "Calculate"))</button>\
      <button class="button primary" name="act" value="sell">\(Icon.receipt.small)\(reader("Пробить чек", "Sell"))</button></footer></form>\(real)</div>
      """
  }

  /// Day and second at which the form was shown, on the reader's clock: 261126-123642. It is the receipt's number too, so a form that is
  /// sent twice sells once; of two forms shown in the same second the later sale is refused.
  private var receiptNumber: String {
    let shown = reader.zone.civil(at: visit.call.at)
    let (day, clock) = (shown.day.description.filter(\.isNumber), shown.clock.description.filter(\.isNumber))
    return "\(day.dropFirst(2))-\(clock.prefix(6))"
  }

  /// The receipt that was sold just now, or before.
  private var sold: Markup? {
    guard let receipt = facts.receipt else { return nil }
    let earned = reader.points(receipt.earned)
    let text = reader(
      "Последний чек: \(reader.money(receipt.amount)), начислено \(earned).",
      "The latest receipt: \(reader.money(receipt.amount)), \(earned) earned.")
    return """
      <div class="notice good" role="status">\(Icon.check.usual)<div><p>\(text)</p>\
      <p><a class="text-link" href="\(receipt.path)">\(reader("Как он посчитан, шаг за шагом", "How it was priced, step by step"))</a></p></div></div>
      """
  }

  private func line(_ line: ScreenTill.Line, _ row: Int) -> Markup {
    let names = (reader("Товар", "Goods"), reader("Количество", "Quantity"), reader("Цена", "Price"))
    return """
      <tr><td><input class="input" name="product-\(row)" value="\(line.product)" maxlength="100" aria-label="\(names.0), \(row)"></td>\
      <td class="num"><input class="input num" name="quantity-\(row)" value="\(line.quantity)" maxlength="8" inputmode="decimal" aria-label="\(names.1), \(row)"></td>\
      <td class="num"><input class="input num" name="price-\(row)" value="\(line.price)" maxlength="12" inputmode="decimal" aria-label="\(names.2), \(row)"></td></tr>
      """
  }

  /// The basket could not be read: a quantity or a price is no number.
  private var lineFaults: Markup? {
    guard let till, till.quote == nil, faults.isEmpty else { return nil }
    return Notice.warning(
      till.sold.isEmpty
        ? reader("Впишите хотя бы один товар", "Name at least one product")
        : reader(
          "Не получается прочитать количество или цену: нужны числа, например 2 и 89,90",
          "A quantity or a price cannot be read: numbers are expected, for example 2 and 89.90"))
  }

  /// How a real till connects: its own page issues the token, shows it once and ends it.
  private var real: Markup {
    let title = reader("Подключить настоящую кассу", "Connect a real till")
    guard let store = facts.store, let register = facts.register else {
      return """
        <section class="stack s"><h2>\(title)</h2><p class="soft"><a class="text-link" href="\(SetupStep.till.path)">\
        \(reader("Сначала заведите кассу", "Make the till first"))</a></p></section>
        """
    }
    let name = String("\(store.details.code)-\(register.details.code)".prefix(Limits.code))
    let issue = ActButton(
      path: "/console/stores/\(store.id)/registers/\(register.id)/tokens",
      label: reader("Выпустить токен кассы", "Issue the till's token"),
      fields: [("request", "\(visit.call.id)"), ("name", name), ("programme", facts.programme?.code ?? "")], icon: .plug, style: "")
    return """
      <section class="stack"><h2>\(title)</h2><p class="soft">\(reader("Касса «\(register.details.name)» обращается своим токеном. Все вызовы с примерами:", "The till “\(register.details.name)” calls with a token of its own. Every call with examples:")) \
      <a class="text-link" href="/till/v1/docs">/till/v1/docs</a></p>\(issue.html(visit))</section>
      """
  }

  /// What the cashier sees: each line, what was taken off, who buys, what is to pay.
  func card(_ till: ScreenTill) -> Markup {
    let place = (facts.register?.details.name ?? reader("Экран", "Screen"), facts.store?.details.name ?? "")
    guard let calculation = till.quote?.calculation else { return "" }
    let sold = till.sold
    let lines = zip(sold, calculation.lines).map { line, priced -> Markup in
      """
      <li><span>\(line.product)<small>\(line.price) × \(line.quantity)</small></span><span class="num">\(reader.amount(priced.shelf))</span></li>
      """
    }
    let rules = visit.sales?.rules.promotions ?? []
    let gains = calculation.promotions.filter { $0.money > .zero && $0.index < rules.count }.map { applied -> Markup in
      "<li class=\"disc\"><span>\(reader(rules[applied.index].name))</span><span class=\"num\">\(reader.amount(-applied.money))</span></li>"
    }
    return """
      <h2 class="muted">\(reader("На кассе это выглядит так", "At the till it looks like this"))</h2><div class="till"><div class="till-head"><span>\(place.0)</span>\
      <span>\(place.1)</span></div><ul>\(lines)\(gains)</ul>\(buyer(till, calculation))\
      <div class="till-sum"><span>\(reader("К оплате", "To pay"))</span><b>\(reader.money(calculation.amount))</b></div></div>
      """
  }

  private func buyer(_ till: ScreenTill, _ calculation: Calculation) -> Markup {
    let (name, note): (String, String) =
      if till.phone.isEmpty {
        (reader("Без карты", "No card"), reader("введите телефон, чтобы начислить баллы", "type a telephone to earn points"))
      } else if till.isKnown {
        (till.phone, reader("участник найден", "a member"))
      } else {
        (till.phone, reader("станет участником при продаже", "joins with the sale"))
      }
    let earned: Markup =
      calculation.earned > .zero ? "<span class=\"badge accent\">+\(reader.points(calculation.earned))</span>" : ""
    return
      "<div class=\"till-member\">\(Icon.person.usual)<span class=\"grow\"><b>\(name)</b><small>\(note)</small></span>\(earned)</div>"
  }
}
