import Calculator
import Kernel
import Loyalty

struct ReceiptPage {
  let story: ReceiptStory
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var receipt: Receipt { story.receipt }

  var page: Page {
    let key = story.entry.key
    let shift =
      key.shift == 0
      ? reader("заказ, \(key.register)", "order, \(key.register)")
      : reader("касса \(key.register), смена \(key.shift)", "till \(key.register), shift \(key.shift)")
    let rules =
      receipt.isPast
      ? reader("история, цены прежней системы", "history, priced by the former system")
      : reader("правила версии \(receipt.rules)", "rules of version \(receipt.rules)")
    return Page(
      title: reader("Чек \(key.number)", "Receipt \(key.number)"), marks: ReceiptWords.badge(receipt.state, reader),
      notes: [reader.moment(receipt.soldAt), visit.store(receipt.store), shift, rules], crumbs: crumbs,
      body:
        "<div class=\"page-body with-aside\"><div class=\"stack\">\(lines)\(differences)</div><aside class=\"aside stack\">\(totals)\(member)</aside></div>"
    )
  }

  private var crumbs: [(name: String, path: String)] {
    let list = (reader("Чеки", "Receipts"), "/console/receipts")
    guard let member = story.member else { return [list] }
    return [list, (visit.name(of: member), "/console/members/\(member.id)")]
  }

  private var lines: Markup {
    let title = reader("Как получилась цена", "How the price was made")
    let heads = [
      ("", reader("Товар", "Goods")), ("num c1", reader("Полка", "Shelf")), ("num c2", reader("Скидки", "Off")),
      ("num c3", reader("Баллы", "Points")), ("num c4", reader("Деньгами", "In money")), ("num c5", reader("Начислено", "Earned")),
    ].map { head -> Markup in "<span class=\"\(head.0)\">\(head.1)</span>" }
    let rows = story.lines.map { line in ReceiptLineView(line: line, story: story, reader: reader).html }
    return """
      <section class="panel" aria-labelledby="h-l"><header class="panel-head"><h2 id="h-l">\(title)</h2></header>\
      <div class="receipt-lines"><div class="lhead" aria-hidden="true"><span></span>\(heads)</div>\(rows)\(foot)</div></section>
      """
  }

  private var foot: Markup {
    let shelf = story.lines.reduce(Money.zero) { $0 + $1.sold.shelf }
    let paid = story.lines.reduce(Money.zero) { $0 + $1.sold.paidWithPoints }
    let off = story.lines.reduce(Money.zero) { $0 + $1.sold.tillReduced + $1.sold.discount }
    let count = reader.count(story.lines.count, ("позиция", "позиции", "позиций"), ("line", "lines"))
    return """
      <div class="lfoot"><span></span><span>\(reader("Итого", "Total")), \(count)</span>\
      <span class="num c1">\(reader.amount(shelf))</span><span class="num c2">\(reader.amount(-off))</span>\
      <span class="num c3">\(reader.amount(-paid))</span><span class="num c4">\(reader.amount(receipt.amount))</span>\
      <span class="num c5">+\(reader.points(receipt.earned))</span></div>
      """
  }

  /// The parts of the sum, promotion by promotion: they add up to the money that was paid.
  private var totals: Markup {
    let shelf = story.lines.reduce(Money.zero) { $0 + $1.sold.shelf }
    let till = story.lines.reduce(Money.zero) { $0 + $1.sold.tillReduced }
    let paid = story.lines.reduce(Money.zero) { $0 + $1.sold.paidWithPoints }
    var rows: [(String, String)] = [(reader("По ценам полки", "At shelf prices"), reader.amount(shelf))]
    if till != .zero { rows.append((reader("Скидка кассы", "Taken off by the till"), reader.amount(-till))) }
    rows += reductions
    if paid != .zero { rows.append((reader("Баллами", "Paid with points"), reader.amount(-paid))) }
    let facts = rows.map { row -> Markup in "<div><dt>\(row.0)</dt><dd>\(row.1)</dd></div>" }
    return """
      <section class="panel"><div class="panel-body"><p class="soft">\(reader("Оплачено деньгами", "Paid in money"))</p>\
      <p class="big">\(reader.amount(receipt.amount)) <small>\(reader.sign)</small></p><dl class="facts">\(facts)\
      <div class="total"><dt>\(reader("Деньгами", "In money"))</dt><dd>\(reader.amount(receipt.amount))</dd></div>\
      <div><dt>\(reader("Начислено", "Earned"))</dt><dd class="good">+\(reader.points(receipt.earned))</dd></div></dl></div></section>
      """
  }

  private var reductions: [(String, String)] {
    var sums: [(promotion: Int32, amount: Int64)] = []
    for step in story.lines.flatMap(\.steps) where [.reduction, .receiptRounding, .printing].contains(step.kind) {
      if let place = sums.firstIndex(where: { $0.promotion == step.promotion }) {
        sums[place].amount += step.amount
      } else {
        sums.append((step.promotion, step.amount))
      }
    }
    return sums.filter { $0.amount != 0 }.map { sum in
      (
        StepWords(story: story, reader: reader).promotion(sum.promotion) ?? reader("Округление", "Rounding"),
        reader.amount(Money(minor: -sum.amount))
      )
    }
  }

  private var member: Markup? {
    guard let member = story.member else {
      return "<p class=\"notice\">\(Icon.card.usual)<span>\(reader("Продано без карты", "Sold without a card"))</span></p>"
    }
    return """
      <section class="panel"><ul class="items"><li>\(Icon.person.usual)<div><a href="/console/members/\(member.id.description)">\
      \(visit.name(of: member))</a><p>\(member.id.description)</p></div>\(MemberWords.badge(member.status, reader))</li></ul></section>
      """
  }

  private var differences: Markup? {
    guard !story.discrepancies.isEmpty else { return nil }
    let rows = story.discrepancies.map { found -> Markup in
      """
      <li>\(Icon.warning.usual)<div><b>\(DiscrepancyWords.name(found.cause, reader))</b>\
      <p>\(reader("касса: \(reader.number(found.stated)), мы: \(reader.number(found.expected)), в наименьших единицах", "till: \(reader.number(found.stated)), we: \(reader.number(found.expected)), in smallest units"))</p></div>\
      <code>\(found.cause.rawValue)</code></li>
      """
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Что не совпало с кассой", "What differs from the till"))</h2>\
      <span class="badge warn">\(story.discrepancies.count)</span></header><ul class="items ruled">\(rows)</ul></section>
      """
  }
}

/// One line that opens to its steps.
struct ReceiptLineView {
  let line: ReceiptStory.Line
  let story: ReceiptStory
  let reader: Reader

  var html: Markup {
    let sold = line.sold
    let off = sold.tillReduced + sold.discount
    return """
      <details class="line" name="line"><summary>\(Icon.right.styled("icon s turn"))<span class="nm">\(line.name)<small>\(quantity), \(line.code)</small></span>\
      <span class="num c1">\(reader.amount(sold.shelf))</span><span class="num c2 \(off == .zero ? "muted" : "good")">\(reader.amount(-off))</span>\
      <span class="num c3">\(reader.amount(-sold.paidWithPoints))</span><span class="num c4"><b>\(reader.amount(sold.amount))</b></span>\
      <span class="num c5">+\(reader.points(sold.earned))</span></summary><div class="trace">\(table)</div></details>
      """
  }

  private var quantity: String {
    let thousandths = line.sold.quantity.thousandths
    let number = thousandths % 1000 == 0 ? reader.number(thousandths / 1000) : reader.decimal(thousandths, digits: 3)
    return number + "\u{a0}" + unit
  }

  private var unit: String {
    switch line.unit {
    case .kilogram: reader("кг", "kg")
    case .gram: reader("г", "g")
    case .litre: reader("л", "l")
    case .millilitre: reader("мл", "ml")
    case .metre: reader("м", "m")
    case .squareMetre: reader("м²", "m²")
    case .hour: reader("ч", "h")
    case .portion: reader("порц.", "portions")
    case .gallon: reader("гал.", "gal")
    case .piece, nil: reader("шт", "pcs")
    }
  }

  private var table: Markup {
    var rest = line.sold.shelf.minor
    var rows: [Markup] = [
      row(
        reader("Полка", "Shelf"), reader("цена × количество", "price × quantity"), "", reader.amount(line.sold.shelf),
        reader.amount(line.sold.shelf))
    ]
    if line.sold.tillReduced != .zero {
      rest -= line.sold.tillReduced.minor
      rows.append(
        row(
          reader("Касса", "Till"), reader("снято до нас", "taken off before us"), "", reader.amount(-line.sold.tillReduced),
          reader.amount(Money(minor: rest))))
    }
    let words = StepWords(story: story, reader: reader)
    for step in line.steps where step.kind != .tender {
      if step.kind == .earning {
        rows.append(row(words.stage(step), words.name(step), words.how(step), "+" + reader.points(Points(units: step.amount)), ""))
      } else {
        rest -= step.amount
        rows.append(
          row(
            words.stage(step), words.name(step), words.how(step), reader.amount(Money(minor: -step.amount)),
            reader.amount(Money(minor: rest))))
      }
    }
    return """
      <table class="table tight"><caption class="sr">\(line.name)</caption><thead><tr>\
      <th scope="col">\(reader("Ступень", "Step"))</th><th scope="col">\(reader("Правило и расчёт", "Rule and sum"))</th>\
      <th scope="col" class="num">\(reader("Изменение", "Change"))</th><th scope="col" class="num">\(reader("Стало", "Left"))</th></tr></thead>\
      <tbody>\(rows)</tbody></table>
      """
  }

  private func row(_ stage: String, _ name: String, _ how: String, _ change: String, _ left: String) -> Markup {
    let small: Markup = how.isEmpty ? "" : "<small>\(how)</small>"
    return """
      <tr><td class="muted nowrap">\(stage)</td><td><b>\(name)</b>\(small)</td><td class="num">\(change)</td><td class="num">\(left)</td></tr>
      """
  }
}

/// What a step of a trace says.
struct StepWords {
  let story: ReceiptStory
  let reader: Reader

  func promotion(_ place: Int32) -> String? {
    guard let rules = story.rules, rules.promotions.indices.contains(Int(place)) else { return nil }
    return reader(rules.promotions[Int(place)].name)
  }

  func stage(_ step: TraceStep) -> String {
    switch step.kind {
    case .reduction:
      switch story.rules.flatMap({
        $0.promotions.indices.contains(Int(step.promotion)) ? $0.promotions[Int(step.promotion)].stage : nil
      }) {
      case .price: reader("Цена", "Price")
      case .receipt: reader("Чек", "Receipt")
      default: reader("Строка", "Line")
      }
    case .points: reader("Баллы", "Points")
    case .receiptRounding, .printing: reader("Округление", "Rounding")
    case .earning: reader("Начисление", "Earning")
    case .tender: reader("Оплата", "Tender")
    }
  }

  func name(_ step: TraceStep) -> String {
    switch step.kind {
    case .reduction, .earning:
      promotion(step.promotion)
        ?? (step.kind == .earning ? reader("По правилам программы", "By the programme's terms") : reader("Скидка", "Reduction"))
    case .points: reader("Доля оплаты баллами", "Share of what points pay")
    case .receiptRounding: reader("Чек до целого", "Receipt to whole units")
    case .printing: reader("До печатаемой цены", "To a price that can be printed")
    case .tender: ""
    }
  }

  func how(_ step: TraceStep) -> String {
    var parts: [String] = []
    if step.kind == .earning, step.rate >= 1_000_000, step.rate % 1_000_000 == 0 {
      let times = reader.number(step.rate / 1_000_000)
      parts.append(
        reader(
          "баллы × \(times), вместе с прежней ступенью",
          "points × \(times), the step before included"))
    } else if step.rate > 0 {
      let percent = step.rate % 10_000 == 0 ? reader.number(step.rate / 10_000) : reader.decimal(step.rate / 100, digits: 2)
      parts.append(
        reader(
          "\(percent) % от \(reader.amount(Money(minor: step.base)))", "\(percent) % of \(reader.amount(Money(minor: step.base)))"))
    } else if step.base > 0 {
      parts.append(reader("от \(reader.amount(Money(minor: step.base)))", "of \(reader.amount(Money(minor: step.base)))"))
    }
    if step.notes.contains(.floor) { parts.append(reader("остановлено нижней ценой", "stopped at the least price")) }
    if step.notes.contains(.redistributed) {
      parts.append(reader("и доля строк, которым мешает нижняя цена", "and the part of lines at their least price"))
    }
    if step.notes.contains(.capped) { parts.append(reader("урезано лимитом", "cut by a limit")) }
    if step.notes.contains(.rounded) { parts.append(reader("округлено", "rounded")) }
    return parts.joined(separator: "; ")
  }
}
