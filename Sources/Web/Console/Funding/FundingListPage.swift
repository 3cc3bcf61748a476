import Access
import Calculator
import Kernel
import Loyalty

/// Whom rules name as payers, and how far each has been settled with.
struct FundingListPage {
  let parties: [FundingParty]
  /// Of the goods of earlier days; nil where nothing is known of it.
  var history: GoodsHistory.Progress?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Кто платит", "Who pays"), actions: visit.may(.settle) && !parties.isEmpty ? make : .nothing,
      notes: [
        reader(
          "Акции, за которые платит не сеть: доли, договоры и акты", "Promotions that others pay for: shares, contracts and acts")
      ], body: "<div class=\"page-body\">\(parties.isEmpty ? empty : "\(filling)\(table)")</div>")
  }

  private var make: Markup {
    "<a class=\"button\" href=\"/console/funding/new\">\(Icon.plus.small)\(reader("Новый договор", "New contract"))</a>"
  }

  /// While goods of days before an upgrade are filled in.
  private var filling: Markup? {
    guard let history, !history.isDone else { return nil }
    return Notice.info(
      reader(
        "Товары прошлых дней дополняются по чекам, прочитано: \(reader.number(history.read)). До конца этой работы в актах за прошлые дни могут быть не все товары; суммы верны.",
        "Goods of earlier days are being filled in from receipts, \(reader.number(history.read)) read so far. Until that is done acts of earlier days may lack some goods; their amounts are right."
      ))
  }

  private var empty: Markup {
    """
    <section class="panel"><div class="empty">\(Icon.funding.usual)<h2>\(reader("Пока за все акции платит сеть", "The retailer pays for everything so far"))</h2>\
    <p>\(reader("Назовите плательщика и его долю в правилах акции, в поле funding. После первого чека с такой акцией он появится здесь.", "Name a payer and a share in a promotion's rules, in the field funding. After the first receipt with that promotion the payer stands here."))</p>\
    \(visit.may(.settle) ? make : .nothing)</div></section>
    """
  }

  private var table: Markup {
    let rows = parties.map { party -> Markup in
      let key = party.key
      let last = party.last.map {
        reader(
          "№ \($0.number), по \(reader.date($0.days.upperBound))", "No. \($0.number), through \(reader.date($0.days.upperBound))")
      }
      let amount = party.last.map { reader.money($0.amount) } ?? "–"
      return """
        <tr><th scope="row">\(name(party))<small>\(FundingWords.payer(key, reader))</small></th>\
        <td>\(key.contract.isEmpty ? reader("без номера", "no number") : key.contract)</td>\
        <td class="num">\(party.contract?.details.cap.map { reader.money($0) } ?? "–")</td>\
        <td>\(last ?? reader("ещё не было", "none yet"))</td><td class="num">\(amount)</td></tr>
        """
    }
    return DataTable(
      label: reader("Плательщики", "Payers"),
      columns: [
        .text(reader("Кто", "Who")), .text(reader("Договор", "Contract")), .number(reader("Предел", "Cap")),
        .text(reader("Последний акт", "Last act")), .number(reader("Сумма акта", "Its amount")),
      ], rows: rows
    ).panel()
  }

  private func name(_ party: FundingParty) -> Markup {
    if let contract = party.contract { return "<a href=\"/console/funding/\(contract.id)\">\(contract.details.name)</a>" }
    let key = party.key
    guard visit.may(.settle) else { return "\(key.code.isEmpty ? reader("не описан", "not described") : key.code)" }
    let query = "payer=\(key.payer.rawValue)&code=\(queryText(key.code))&contract=\(queryText(key.contract))"
    return "<a href=\"/console/funding/new?\(query)\">\(reader("Описать: ", "Describe: "))\(key.code.isEmpty ? "–" : key.code)</a>"
  }
}

enum FundingWords {
  /// What rules call a payer.
  static func payer(_ key: FundingKey, _ reader: Reader) -> String {
    let kind =
      switch key.payer {
      case .retailer: reader("сеть", "retailer")
      case .supplier: reader("поставщик", "supplier")
      case .partner: reader("партнёр", "partner")
      }
    return key.code.isEmpty ? kind : "\(kind) \(key.code)"
  }
}
