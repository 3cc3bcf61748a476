import Kernel
import Loyalty

/// The board and closed shifts for a terminal.
struct BoardText {
  private let form: ShiftForm
  private let currency: Currency
  private let language: DemoLanguage

  init(_ style: ShiftStyle, _ language: DemoLanguage) {
    form = style.form
    currency = style.currency
    self.language = language
  }

  func text(_ board: Board) -> String {
    let period = "\(board.days.lowerBound) – \(board.days.upperBound)"
    guard !board.rows.isEmpty else {
      return language(ru: "\(period): ни продаж, ни закрытых смен", en: "\(period): no sales and no closed shifts")
    }
    let head = [
      language(ru: "магазин", en: "store"), language(ru: "день", en: "day"), language(ru: "чеков", en: "receipts"),
      language(ru: "сумма", en: "amount"), language(ru: "с картой", en: "members"), language(ru: "сумма", en: "amount"),
      language(ru: "начислено", en: "earned"), language(ru: "списано", en: "spent"), language(ru: "возвратов", en: "returns"),
      language(ru: "сумма", en: "amount"), language(ru: "странностей", en: "oddities"), language(ru: "смен", en: "shifts"),
      language(ru: "сошлось", en: "tie"), language(ru: "нет у нас", en: "missing"), language(ru: "лишних", en: "surplus"),
      language(ru: "суммы", en: "differ"),
    ]
    let rows = board.rows.map(cells) + [total(board.rows)]
    return period + ", \(currency.code)\n" + columns([head] + rows, texts: 2)
  }

  private func cells(_ row: Board.Row) -> [String] { [row.code, "\(row.day)"] + cells(row.totals, row.shifts) }

  private func cells(_ totals: DayTotals, _ shifts: ShiftTotals) -> [String] {
    [
      String(totals.receipts), form.money(totals.amount), String(totals.memberReceipts), form.money(totals.memberAmount),
      form.points(totals.earned), form.points(totals.spent), String(totals.returns), form.money(totals.returned),
      String(totals.discrepancies), String(shifts.closed), String(shifts.tied), String(shifts.missing), String(shifts.surplus),
      String(shifts.different),
    ]
  }

  private func total(_ rows: [Board.Row]) -> [String] {
    let totals = rows.reduce(into: DayTotals()) { $0 += $1.totals }
    let shifts = rows.reduce(ShiftTotals.none) { $0 + $1.shifts }
    return [language(ru: "всего", en: "total"), ""] + cells(totals, shifts)
  }

  func text(_ shifts: [ShiftSummary]) -> String {
    guard !shifts.isEmpty else { return language(ru: "закрытых смен нет", en: "no closed shifts") }
    let head = [
      language(ru: "касса", en: "register"), language(ru: "смена", en: "shift"), language(ru: "сошлась", en: "ties"),
      language(ru: "чеков", en: "receipts"), language(ru: "сумма", en: "amount"), language(ru: "возвратов", en: "returns"),
      language(ru: "сумма", en: "amount"), language(ru: "нет у нас", en: "missing"), language(ru: "лишних", en: "surplus"),
      language(ru: "суммы", en: "differ"),
    ]
    let rows = shifts.map { shift in
      [
        shift.key.register, String(shift.key.shift), word(shift.ties), String(shift.sales.count), form.money(shift.sales.amount),
        String(shift.returns.count), form.money(shift.returns.amount), String(shift.missing), String(shift.surplus),
        String(shift.different),
      ]
    }
    return columns([head] + rows, texts: 3)
  }

  private func word(_ ties: Bool) -> String { ties ? language(ru: "да", en: "yes") : language(ru: "нет", en: "no") }

  func text(_ shift: ClosedShift, in store: String) -> String {
    let (key, closing, answer) = (shift.closing.key, shift.closing, shift.answer)
    var lines = [
      language(
        ru: "Магазин \(store), касса \(key.register), смена \(key.shift), день \(key.day)",
        en: "Store \(store), register \(key.register), shift \(key.shift), day \(key.day)"),
      language(ru: "закрыта ", en: "closed ") + closing.closedAt.text + ", " + currency.code,
      columns(
        [
          ["", language(ru: "касса", en: "till"), "", language(ru: "у нас", en: "ours"), ""],
          sums(language(ru: "продажи", en: "sales"), closing.sales, answer.sales),
          sums(language(ru: "возвраты", en: "returns"), closing.returns, answer.returns),
        ], texts: 1),
      answer.ties ? language(ru: "сошлось", en: "ties") : language(ru: "не сошлось", en: "does not tie"),
    ]
    if !answer.listAddsUp {
      lines.append(language(ru: "список кассы не сходится с её суммами", en: "the till's list does not come to its own sums"))
    }
    if answer.needsList {
      lines.append(
        language(
          ru: "касса не прислала список чеков; у нас под этой сменой:", en: "the till listed no receipts; ours under this shift:"))
      lines += answer.ours.map { "  " + line($0) }
    }
    lines += differences(answer)
    return lines.joined(separator: "\n")
  }

  private func sums(_ title: String, _ stated: ShiftSum, _ found: ShiftSum) -> [String] {
    [title, String(stated.count), form.money(stated.amount), String(found.count), form.money(found.amount)]
  }

  private func differences(_ answer: ShiftAnswer) -> [String] {
    var lines: [String] = []
    func list(_ title: String, _ count: Int, _ rows: [String]) {
      guard count > 0 else { return }
      lines.append("\(title): \(count)")
      lines += rows.map { "  " + $0 }
      if count > rows.count { lines.append(language(ru: "  и ещё \(count - rows.count)", en: "  and \(count - rows.count) more")) }
    }
    list(
      language(ru: "есть у кассы, нет у нас", en: "the till has, we lack"), answer.missingCount,
      answer.missing.map { line($0.receipt) + cause($0.cause) })
    list(
      language(ru: "есть у нас, нет у кассы", en: "we have, the till lacks"), answer.surplusCount, answer.surplus.map { line($0) })
    list(
      language(ru: "другая сумма", en: "another amount"), answer.differentCount,
      answer.different.map { line($0.receipt) + language(ru: ", у нас ", en: ", ours ") + form.money($0.found) })
    return lines
  }

  private func cause(_ cause: ShiftAnswer.Missing.Cause?) -> String {
    switch cause {
    case nil: ""
    case .cancelled?: language(ru: ", у нас отменён", en: ", cancelled here")
    case .beside?: language(ru: ", стоит рядом с другим", en: ", stands beside another")
    }
  }

  private func line(_ receipt: ShiftReceipt) -> String {
    let kind = receipt.kind == .sale ? language(ru: "чек", en: "receipt") : language(ru: "возврат", en: "return")
    return language(
      ru: "\(kind) \(receipt.number) от \(receipt.date), \(form.money(receipt.amount))",
      en: "\(kind) \(receipt.number) of \(receipt.date), \(form.money(receipt.amount))")
  }

  /// Texts to the left, numbers to the right.
  private func columns(_ rows: [[String]], texts: Int) -> String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return column < texts ? row[column] + space : space + row[column]
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
