import Calculator
import Conditions
import Kernel
import Loyalty

/// What did not apply and why, and what the till could offer: the receipt calculated again from what it was sold by.
struct ReceiptReasons {
  /// Rows of the list; a rule book may have thousands of promotions.
  static let most = 200

  let story: ReceiptStory
  let explainsAll: Bool
  let reader: Reader

  private var sentences: Sentences? { story.rules.map { Sentences(rules: $0) } }

  var reasons: Markup? {
    guard let again = story.again, let rules = story.rules, let sentences else { return nil }
    let title = reader("Что не сработало и почему", "What did not apply, and why")
    let shown = again.reasons.prefix(Self.most)
    let rows = shown.map { Self.row($0, rules, sentences, reader) }
    let list: Markup =
      rows.isEmpty
      ? "<p class=\"panel-body muted\">\(reader("Всё, что подходило к этой покупке, сработало.", "Whatever fitted this purchase applied."))</p>"
      : "<ul class=\"items top ruled\">\(rows)</ul>"
    return """
      <section class="panel" id="reasons" aria-labelledby="h-no"><header class="panel-head"><h2 id="h-no">\(title)</h2>\
      <span class="badge">\(reader.number(Int64(again.reasons.count)))</span></header>\(list)\(foot(again.reasons.count))</section>
      """
  }

  private func foot(_ count: Int) -> Markup {
    let path = story.receipt.path
    guard explainsAll else {
      return """
        <footer class="panel-foot"><span>\(reader("Акции, которые касались этого чека", "Promotions that concerned this receipt"))</span>\
        <a class="text-link" href="\(path)?reasons=all#reasons">\(reader("Все акции правил", "Every promotion of the rules"))</a></footer>
        """
    }
    let rest = count > Self.most ? reader("Показаны первые \(Self.most)", "The first \(Self.most) are shown") : ""
    return """
      <footer class="panel-foot"><span>\(rest)</span>\
      <a class="text-link" href="\(path)#reasons">\(reader("Только касавшиеся чека", "Only those that concerned the receipt"))</a></footer>
      """
  }

  static func row(_ reason: Reason, _ rules: RuleBook, _ sentences: Sentences, _ reader: Reader) -> Markup {
    let name = reason.promotion.map { reader(rules.promotions[$0].name) }
    let coupon = reason.coupon.map { reader("Купон \($0)", "Coupon \($0)") }
    let title = [coupon, name].compactMap { $0 }.joined(separator: ": ")
    let icon: Icon = reason.coupon == nil ? .promotions : .coupon
    return """
      <li>\(icon.usual)<div><b>\(title)</b><p>\(reader(sentences.reason(reason)))</p></div>\
      <code class="muted">\(reason.cause.word)</code></li>
      """
  }

  /// The choices that the till had: spend so many points, pay this, earn that.
  var offer: Markup? {
    guard let again = story.again, again.tradeOff.count > 1, let sentences else { return nil }
    let title = reader("Что касса предлагала", "What the till could offer")
    let rows = again.tradeOff.map { choice -> Markup in
      let isTaken = choice.spend == story.receipt.spent
      let mark: Markup? = isTaken ? "<span class=\"sr\">\(reader("выбрано: ", "taken: "))</span>" : nil
      return """
        <tr\(isTaken ? " class=\"taken\"" : "" as Markup)><th scope="row" class="num">\(mark)\(reader.points(choice.spend))</th>\
        <td class="num">\(reader.amount(choice.amount))</td><td class="num">+\(reader.points(choice.earned))</td></tr>
        """
    }
    let brake = sentences.brake(again.spending).map { text -> Markup in
      "<footer class=\"panel-foot\"><span>\(reader(text))</span></footer>"
    }
    return DataTable(
      label: title,
      columns: [
        .number(reader("Списать", "Spend")), .number("\(reader("Заплатить", "Pay")), \(reader.sign)"),
        .number(reader("Получить", "Earn")),
      ], rows: rows, width: .tight
    ).panel(heading: true, foot: brake)
  }

  /// What the cashier was to say.
  var hints: [Markup] {
    guard let again = story.again, let sentences else { return [] }
    return again.hints.prefix(3).map { hint in
      """
      <div class="notice accent">\(Icon.info.usual)<div><b>\(reader("Подсказка кассиру", "Hint for the cashier"))</b>\
      <p>\(reader(sentences.hint(hint)))</p></div></div>
      """
    }
  }
}
