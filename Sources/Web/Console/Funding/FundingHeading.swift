import Access
import Kernel
import Loyalty

/// Who the act is from and to, by which contract, for which days, in which currency; and where the two sign.
struct FundingHeading {
  let view: FundingActView
  let reader: Reader

  private var act: FundingAct { view.act }
  private var number: String { act.party.contract }

  /// In lines, each a name and what stands beside it.
  var lines: [(name: String, value: String)] {
    var lines = [
      (
        reader("Акт", "Act"),
        reader(
          "№ \(view.head.number) от \(reader.date(view.head.madeAt))", "No. \(view.head.number) of \(reader.date(view.head.madeAt))"
        )
      ),
      (reader("О чём", "About"), reader("участие в расходах на акции", "a share of what promotions cost")),
    ]
    if let issuer = act.issuer { lines.append((reader("Исполнитель", "From"), said(issuer))) }
    lines.append((reader("Плательщик", "To"), said(act.party)))
    lines.append((reader("Договор", "Contract"), number.isEmpty ? reader("без номера", "without a number") : "№ \(number)"))
    lines.append((reader("Период", "Days"), "\(reader.date(act.days.lowerBound)) – \(reader.date(act.days.upperBound))"))
    if !act.currency.isEmpty { lines.append((reader("Валюта", "Currency"), act.currency)) }
    lines.append((reader("К оплате", "To pay"), reader.money(act.amount)))
    return lines
  }

  private func said(_ party: DocumentParty) -> String {
    party.taxNumber.isEmpty
      ? party.name : reader("\(party.name), ИНН \(party.taxNumber)", "\(party.name), tax number \(party.taxNumber)")
  }

  var panel: Markup {
    FactList(rows: lines.map { ($0.name, "<span class=\"break\">\($0.value)</span>" as Markup?) })
      .panel(reader("Акт об участии в расходах на акции", "Act of a share of what promotions cost"))
  }

  private var parties: [(who: String, name: String)] {
    [
      (reader("От исполнителя", "For the issuer"), act.issuer?.name ?? ""),
      (reader("От плательщика", "For the payer"), act.party.name),
    ]
  }

  /// Position, signature, name and date, for each of the two.
  var signatures: Markup {
    let places = parties.map { party -> Markup in
      """
      <div class="stack s"><p><b>\(party.who)</b> <span class="break">\(party.name)</span></p>\
      <p class="soft">\(reader("Должность", "Position")) ____________________</p>\
      <p class="soft">\(reader("Подпись", "Signature")) ____________________ / ____________________ /</p>\
      <p class="soft">\(reader("Дата", "Date")) ____________________</p></div>
      """
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Подписи", "Signatures"))</h2></header>\
      <div class="panel-body fields">\(places)</div></section>
      """
  }

  /// For a workbook: below the table.
  var signatureLines: [[String]] {
    parties.flatMap { party in
      [
        ["\(party.who): \(party.name)"],
        [
          reader("Должность, подпись, дата", "Position, signature, date")
            + ": ____________________ / ____________________ / ______________"
        ],
        [],
      ]
    }
  }
}

/// How much of which goods was sold with which promotion.
struct FundingGoods {
  let act: FundingAct
  let reader: Reader

  var panel: Markup? {
    guard !act.goods.isEmpty else { return nil }
    let names = Dictionary(act.lines.map { ($0.promotion, reader($0.name)) }, uniquingKeysWith: { first, _ in first })
    let rows = act.goods.map { goods -> Markup in
      """
      <tr><th scope="row">\(reader(goods.name))<small>\(goods.product)</small></th>\
      <td>\(names[goods.promotion] ?? goods.code)<small>\(goods.code)</small></td>\
      <td class="num">\(reader.quantity(goods.quantity.thousandths))</td>\
      <td class="num">\(goods.returned == .zero ? "–" : reader.quantity(goods.returned.thousandths))</td>\
      <td class="num">\(reader.amount(goods.discount))</td><td class="num">\(reader.points(goods.points))</td></tr>
      """
    }
    return DataTable(
      label: reader("Товары акций", "Goods of the promotions"),
      columns: [
        .text(reader("Товар", "Product")), .text(reader("Акция", "Promotion")), .number(reader("Продано", "Sold")),
        .number(reader("Вернули", "Came back")), .number(reader("Скидка", "Discount")), .number(reader("Баллы", "Points")),
      ], rows: rows
    ).panel(heading: true)
  }
}
