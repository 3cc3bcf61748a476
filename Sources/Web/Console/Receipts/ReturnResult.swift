import Access
import Kernel
import Loyalty

// What a return comes to, and the forms that confirm it.
extension ReturnPage {
  /// Lines that are named one by one.
  private static let listed = 12

  private var reader: Reader { visit.reader }
  private var story: ReceiptStory { form.story }

  var result: Markup? {
    guard let preview else {
      guard form.isAsked, refusal == nil else { return nil }
      return Notice.warning(reader("Из выбранного возвращать нечего.", "Nothing of this is left to return."))
    }
    return """
      <section class="panel" aria-labelledby="h-back"><header class="panel-head"><h2 id="h-back">\(reader("Что вернётся", "What goes back"))</h2></header>\
      <div class="panel-body"><p class="big">\(reader.amount(preview.refund.amount)) <small>\(reader.sign)</small></p>\
      <dl class="facts">\(lines(preview))\(points(preview))</dl></div>\(documents(preview))\(confirmation(preview))</section>
      """
  }

  private func fact(_ name: String, _ value: String, _ style: String = "") -> Markup {
    "<div><dt>\(name)</dt><dd class=\"\(style)\">\(value)</dd></div>"
  }

  private func lines(_ preview: ReturnPreview) -> [Markup] {
    let lines = preview.refund.lines
    let shown = lines.prefix(Self.listed).map { line in
      let sold = story.lines.indices.contains(line.line) ? story.lines[line.line] : nil
      let name = (sold?.name(reader) ?? "") + ", " + reader.quantity(line.quantity, sold?.unit)
      return fact(name, reader.amount(line.amount))
    }
    guard lines.count > Self.listed else { return shown }
    let rest = lines.dropFirst(Self.listed)
    let more = reader.count(rest.count, ("позиция", "позиции", "позиций"), ("line", "lines"))
    return shown + [fact(reader("и ещё \(more)", "and \(more) more"), reader.amount(rest.reduce(.zero) { $0 + $1.amount }))]
  }

  private func points(_ preview: ReturnPreview) -> [Markup] {
    let refund = preview.refund
    var rows: [Markup] = []
    if refund.givenBack > .zero {
      rows.append(fact(reader("Вернутся потраченные баллы", "Spent points go back"), "+" + reader.points(refund.givenBack), "good"))
    }
    if refund.takenBack > .zero {
      rows.append(fact(reader("Снимутся начисленные", "Earned points are taken back"), "−" + reader.points(refund.takenBack)))
    }
    if refund.lost > .zero {
      rows.append(
        fact(reader("из них за потерянную выгоду", "of these for a lost benefit"), "−" + reader.points(refund.lost), "muted"))
    }
    if refund.lost < .zero {
      rows.append(
        fact(
          reader("Вернётся снятое раньше за выгоду", "Given again: taken before for a benefit"), "+" + reader.points(-refund.lost),
          "good"))
    }
    if preview.shortage > .zero {
      rows.append(
        fact(reader("уже потрачены, снять нечего", "spent already, not there to take"), reader.points(preview.shortage), "warn"))
    }
    if let balance = preview.balance {
      rows.append(fact(reader("Баланс станет", "The balance becomes"), reader.points(balance.active)))
    }
    return rows
  }

  /// What stays was priced anew: the till prints two documents.
  private func documents(_ preview: ReturnPreview) -> Markup? {
    guard let reissue = preview.refund.reissue, !reissue.sold.isEmpty else { return nil }
    let (back, sold) = (reissue.returned.reduce(Money.zero) { $0 + $1.amount }, reissue.sold.reduce(Money.zero) { $0 + $1.amount })
    return Notice.info(
      reader(
        "Остаток посчитан заново. Касса печатает два чека: возврат всего на \(reader.money(back)) и новую продажу на \(reader.money(sold)).",
        "What stays is priced anew. The till prints two receipts: a return of all for \(reader.money(back)) and a new sale for \(reader.money(sold))."
      ))
  }

  private func confirmation(_ preview: ReturnPreview) -> Markup {
    let carried = ["refund": form.query["refund"], "defect": form.isDefect ? "yes" : "", "show": "1", "lines": chosen(preview)]
    let hidden = carried.sorted { $0.key < $1.key }.map { Self.hidden($0.key, $0.value) }
    let printed = [
      Field(name: "register", label: reader("Касса", "Till"), value: register, limit: Limits.code, isRequired: false),
      Field(name: "shift", label: reader("Смена", "Shift"), value: form.query["shift"], type: "number", isRequired: false),
      Field(
        name: "number", label: reader("Номер чека", "Number"), value: form.query["number"], limit: Limits.code, isRequired: false),
      Field(name: "date", label: reader("Дата", "Date"), value: form.query["date"], type: "date", isRequired: false),
    ].map(\.html)
    let open: Markup = form.query["number"].isEmpty ? "" : " open"
    return """
      <form class="inline-form" method="post" action="\(story.receipt.path)/return">\(visit.key)\(hidden)\(Self.hidden("sums", preview.sums.text))\
      \(Self.hidden("request", request))\
      \(Field(name: "reason", label: reader("Причина", "Reason"), value: form.query["reason"], hint: reader("Останется в журнале", "Stays in the audit trail")).html)\
      <details class="fold"\(open)><summary>\(Icon.right.usual)\(reader("Возврат уже пробит на кассе", "The till has printed a return already"))</summary>\
      <div class="fields narrow pad-s">\(printed)</div></details>\
      <div><button class="button primary">\(Icon.undo.small)\(reader("Вернуть на \(reader.money(preview.refund.amount))", "Return for \(reader.money(preview.refund.amount))"))</button></div></form>
      """
  }

  /// The request's own register is ours, and no till's.
  private var register: String { form.query["register"] == GoodsBack.register ? "" : form.query["register"] }

  private func chosen(_ preview: ReturnPreview) -> String {
    preview.refund.lines.map { "\($0.line):\($0.quantity.thousandths)" }.joined(separator: ",")
  }

  static func hidden(_ name: String, _ value: String) -> Markup { "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">" }

  /// The whole receipt, as if it had never been printed.
  var cancellation: Markup? {
    guard let whole else { return nil }
    let text = reader(
      "Если чек аннулирован: вернётся всё, что осталось, \(reader.money(whole.refund.amount)), баллы – как до покупки.",
      "Where the receipt was voided: all that is left goes back, \(reader.money(whole.refund.amount)), and points stand as before the sale."
    )
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Отменить чек", "Cancel the receipt"))</h2></header>\
      <form class="inline-form" method="post" action="\(story.receipt.path)/cancellation">\(visit.key)\(Self.hidden("sums", whole.sums.text))\
      \(Self.hidden("request", "c" + request))<p class="muted">\(text)</p>\
      \(Field(name: "reason", label: reader("Причина", "Reason"), value: form.query["show"].isEmpty ? form.query["reason"] : "", id: "f-cancel").html)\
      <div><button class="button danger">\(reader("Отменить чек целиком", "Cancel the whole receipt"))</button></div></form></section>
      """
  }
}
