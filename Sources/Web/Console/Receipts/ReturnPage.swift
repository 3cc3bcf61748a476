import Access
import Kernel
import Loyalty

/// Goods that come back: which, what that comes to, and only then why.
struct ReturnPage {
  /// Rows of the form; of longer receipts the rest goes back with all of it, or by cancellation.
  static let most = 400

  let form: GoodsBack
  let visit: Visit
  /// The key of the forms that confirm.
  let request: String
  var refusal: Problem?
  /// What was chosen comes to this; nil before anything was, and where nothing of it is left.
  var preview: ReturnPreview?
  /// What a cancellation comes to; nil where nothing is left.
  var whole: ReturnPreview?

  private var reader: Reader { visit.reader }
  private var story: ReceiptStory { form.story }
  private var receipt: Receipt { story.receipt }

  var page: Page {
    let number = story.entry.key.number
    return Page(
      title: reader("Возврат по чеку \(number)", "Return on receipt \(number)"), marks: ReceiptWords.badge(receipt.state, reader),
      notes: [
        reader.moment(receipt.soldAt), visit.store(receipt.store),
        reader("деньги отдаёт касса, здесь возврат записывается", "the till hands out the money; this records the return"),
      ],
      crumbs: story.way(reader), body: whole == nil && preview == nil ? over : chooser)
  }

  private var over: Markup {
    let text =
      receipt.state == .beside
      ? reader(
        "Этот чек записан рядом с другим того же номера и ничего не двигает: возвращать по нему нечего.",
        "This receipt stands beside another of its number and moves nothing: there is nothing to return on it.")
      : story.isOpen
        ? reader(
          "Правил, по которым продан этот чек, больше нет: вернуть по нему нельзя.",
          "The rules that this receipt was sold by are not kept any more: nothing can be returned on it.")
        : reader("По этому чеку возвращать больше нечего.", "There is nothing left to return on this receipt.")
    return "<div class=\"page-body\">\(notice)\(Notice.info(text))</div>"
  }

  private var notice: Markup? { refusal.map { Notice.refusal($0, reader) } }

  private var chooser: Markup {
    """
    <div class="page-body with-aside"><div class="stack">\(notice)\(choice)</div>\
    <aside class="aside stack">\(result)\(cancellation)</aside></div>
    """
  }

  private var choice: Markup {
    let title = reader("Что возвращают", "What comes back")
    let rows = story.lines.indices.prefix(Self.most).map(row)
    let rest: Markup? =
      story.lines.count > Self.most
      ? Notice.info(
        reader(
          "Показаны первые \(Self.most) строк. Остальные возвращаются вместе со всем чеком.",
          "The first \(Self.most) lines are shown. The others come back with the whole receipt.")) : nil
    let table = DataTable(
      label: title,
      columns: [.text(reader("Товар", "Goods")), .number(reader("Осталось", "Left")), .number(reader("Вернуть", "Return"))],
      rows: rows, width: .tight, files: .none
    ).html
    return """
      <section class="panel"><header class="panel-head"><h2>\(title)</h2>\
      <a class="text-link" href="\(receipt.path)/return?show=all">\(reader("Всё, что осталось", "All that is left"))</a></header>\
      <form method="get" action="\(receipt.path)/return">\(table)\(rest)<div class="inline-form">\(terms)\
      <div><button class="button\(preview == nil ? " primary" : "")" name="show" value="1">\(reader("Показать, что вернётся", "Show what goes back"))</button></div>\
      </div></form></section>
      """
  }

  private func row(_ place: Int) -> Markup {
    let (line, left) = (story.lines[place], form.remaining[place])
    let label = reader("Вернуть: \(line.name(reader))", "Return: \(line.name(reader))")
    let input: Markup =
      left > .zero
      ? """
      <input class="input short" name="line\(place)" value="\(form.typed(place, reader))" inputmode="decimal" maxlength="16" \
      autocomplete="off" placeholder="0" aria-label="\(label)">
      """ : "<span class=\"muted\">\(reader("вернули", "returned"))</span>"
    let (quantity, amount) = (reader.quantity(line.sold.quantity, line.unit), reader.money(line.sold.amount))
    return """
      <tr><th scope="row">\(line.name(reader))<small>\(line.code), \(reader("продано \(quantity) за \(amount)", "\(quantity) sold for \(amount)"))</small></th>\
      <td class="num">\(reader.number(left))</td><td class="num">\(input)</td></tr>
      """
  }

  private var terms: Markup {
    let usual = usualPolicy
    let options = [
      ("", reader("Как в программе: ", "As the programme says: ") + name(usual)),
      ("paid-price", name(.paidPrice)), ("reprice", name(.reprice)),
    ].filter { $0.0 != usual.rawValue }
    let money: Markup? =
      receipt.isPast
      ? nil
      : Choice(
        name: "refund", label: reader("Сколько денег", "How much money"), options: options, chosen: form.query["refund"]
      ).html
    let mark: Markup = form.isDefect ? " checked" : ""
    return """
      <div class="fields">\(money)<label class="check"><input type="checkbox" name="defect" value="yes"\(mark)>\
      <span>\(reader("Товар с браком", "The goods are defective"))</span>\
      <small>\(reader("Возврат по цене чека; за остальное выгода не теряется", "Refunded as printed; the rest loses no benefit"))</small></label></div>
      """
  }

  private var usualPolicy: ReturnTerms.Money { visit.sales?.programme.settings.returns.money ?? .paidPrice }

  private func name(_ policy: ReturnTerms.Money) -> String {
    switch policy {
    case .paidPrice: reader("по цене чека", "the printed price")
    case .reprice: reader("остаток пересчитать", "what stays is priced anew")
    }
  }
}
