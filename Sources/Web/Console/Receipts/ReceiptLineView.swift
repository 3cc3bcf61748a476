import Calculator
import Kernel
import Loyalty

/// One line that opens to its steps.
struct ReceiptLineView {
  let line: ReceiptStory.Line
  let story: ReceiptStory
  let reader: Reader

  var html: Markup {
    let sold = line.sold
    let off = sold.tillReduced + sold.discount
    return """
      <details class="line" name="line"><summary>\(Icon.right.styled("icon s turn"))<span class="nm">\(line.name(reader))<small>\(quantity), \(line.code)</small></span>\
      <span class="num c1">\(reader.amount(sold.shelf))</span><span class="num c2 \(off == .zero ? "muted" : "good")">\(reader.amount(-off))</span>\
      <span class="num c3">\(reader.amount(-sold.paidWithPoints))</span><span class="num c4"><b>\(reader.amount(sold.amount))</b></span>\
      <span class="num c5">+\(reader.points(sold.earned))</span></summary><div class="trace">\(table)</div></details>
      """
  }

  private var quantity: String { reader.quantity(line.sold.quantity, line.unit) }

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
      <table class="table tight"><caption class="sr">\(line.name(reader))</caption><thead><tr>\
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

extension ReceiptStory.Line {
  func name(_ reader: Reader) -> String {
    let name = name.map { reader.name($0) } ?? ""
    return name.isEmpty ? code : name
  }
}

extension Reader {
  /// 2 шт, 0,412 кг
  func quantity(_ quantity: Quantity, _ unit: UnitOfMeasure?) -> String { number(quantity) + "\u{a0}" + word(unit) }

  func number(_ quantity: Quantity) -> String {
    let thousandths = quantity.thousandths
    return thousandths % 1000 == 0 ? number(thousandths / 1000) : decimal(thousandths, digits: 3)
  }

  func word(_ unit: UnitOfMeasure?) -> String {
    switch unit {
    case .kilogram: self("кг", "kg")
    case .gram: self("г", "g")
    case .litre: self("л", "l")
    case .millilitre: self("мл", "ml")
    case .metre: self("м", "m")
    case .squareMetre: self("м²", "m²")
    case .hour: self("ч", "h")
    case .portion: self("порц.", "portions")
    case .gallon: self("гал.", "gal")
    case .piece, nil: self("шт", "pcs")
    }
  }
}

/// What a step of a trace says.
struct StepWords {
  /// Nil for history of another system.
  let rules: RuleBook?
  let reader: Reader

  init(rules: RuleBook?, reader: Reader) { (self.rules, self.reader) = (rules, reader) }
  init(story: ReceiptStory, reader: Reader) { self.init(rules: story.rules, reader: reader) }

  func promotion(_ place: Int32) -> String? {
    guard let rules, rules.promotions.indices.contains(Int(place)) else { return nil }
    let promotion = rules.promotions[Int(place)]
    let name = reader(promotion.name)
    guard promotion.reach.isTrial else { return name }
    return reader("\(name) (пилот версии \(promotion.version))", "\(name) (pilot of version \(promotion.version))")
  }

  func stage(_ step: TraceStep) -> String {
    switch step.kind {
    case .reduction:
      switch rules.flatMap({
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
