import Access
import Calculator
import Conditions
import Kernel
import Loyalty

struct ReceiptPage {
  let story: ReceiptStory
  var explainsAll = false
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var receipt: Receipt { story.receipt }

  var page: Page {
    let more = ReceiptReasons(story: story, explainsAll: explainsAll, reader: reader)
    let timeline = ReceiptTimeline(story: story, visit: visit).html
    return Page(
      title: reader("Чек \(story.entry.key.number)", "Receipt \(story.entry.key.number)"),
      marks: "\(ReceiptWords.badge(receipt.state, reader))\(tie)", actions: actions, notes: notes, crumbs: crumbs,
      body: """
        <div class="page-body with-aside"><div class="stack">\(done)\(lines)\(differences)\(more.reasons)</div>\
        <aside class="aside stack" aria-label="\(reader("Итоги чека", "The receipt's totals"))">\(totals)\(stamps)\(member)\(more.offer)\(more.hints)\(timeline)</aside></div>
        """)
  }

  private var notes: [String] {
    let key = story.entry.key
    let shift =
      key.shift == 0
      ? reader("вне смены, касса \(key.register)", "outside a shift, till \(key.register)")
      : reader("касса \(key.register), смена \(key.shift)", "till \(key.register), shift \(key.shift)")
    let rules =
      receipt.isPast
      ? reader("история, цены прежней системы", "history, priced by the former system")
      : reader("правила версии \(receipt.rules)", "rules of version \(receipt.rules)")
    return [reader.moment(receipt.soldAt), visit.store(receipt.store), shift, rules]
  }

  private var tie: Markup? {
    guard story.discrepancies.isEmpty, !receipt.isPast else { return nil }
    return " <span class=\"badge\">\(reader("совпал с кассой", "ties with the till"))</span>"
  }

  /// After a form that ended here.
  private var done: Markup? {
    switch visit.call.query["done"] {
    case "return": Notice.good(reader("Возврат записан. Он в истории чека", "The return is recorded; the history shows it"))
    case "cancellation": Notice.good(reader("Чек отменён", "The receipt is cancelled"))
    case "release": Notice.good(reader("Баллы чека активны", "The receipt's points are active"))
    case "member": Notice.good(reader("Чек добавлен участнику", "The receipt is the member's now"))
    default: nil
    }
  }

  private var actions: Markup {
    let mayReturn = visit.may(.returnGoods)
    let links: [(Bool, String, Icon, String)] = [
      (mayReturn && story.isOpen, "return", .undo, reader("Возврат", "Return")),
      (mayReturn && isClaimable, "member", .card, reader("Добавить участнику", "Give to a member")),
      (visit.may(.adjustPoints) && story.waiting > .zero, "release", .check, reader("Активировать баллы", "Make points active")),
      (receipt.state != .beside, "rules", .flask, reader("Пересчитать по правилам", "Price by other rules")),
    ]
    return Markup(
      links.filter(\.0).map { _, path, icon, name in
        "<a class=\"button\" href=\"\(receipt.path)/\(path)\">\(icon.small)\(name)</a>"
      })
  }

  private var isClaimable: Bool {
    !receipt.hasMember && !receipt.isPast && story.history.claim == nil && receipt.state == .confirmed
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

  private var differences: Markup? {
    guard !story.discrepancies.isEmpty else { return nil }
    let rows = story.discrepancies.map { DiscrepancyWords.item($0, reader) }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Что не совпало с кассой", "What differs from the till"))</h2>\
      <span class="badge warn">\(story.discrepancies.count)</span></header><ul class="items ruled top">\(rows)</ul></section>
      """
  }
}

// MARK: at the side

extension ReceiptPage {
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
      <div><dt>\(reader("Начислено", "Earned"))</dt><dd class="good">+\(reader.points(story.earned))</dd></div>\(left)</dl></div></section>
      """
  }

  /// Where its points are: what waits, what will expire, what was spent already is not there.
  private var left: [Markup] {
    guard story.earned > .zero else { return [] }
    guard !story.left.isEmpty else {
      return [
        "<div class=\"muted\"><dt>\(reader("из них осталось", "of these are left"))</dt><dd>0</dd></div>"
      ]
    }
    return story.left.map { lot in
      """
      <div class="muted"><dt>\(LotWords.time(lot, reader))</dt><dd>\(reader.points(lot.amount(of: receipt.id)))</dd></div>
      """
    }
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
    let claimed = story.history.claim.map { _ in reader("добавлен после покупки", "given the receipt after the sale") }
    return """
      <section class="panel"><ul class="items"><li>\(Icon.person.usual)<div><a href="/console/members/\(member.id.description)">\
      \(visit.name(of: member))</a><p>\(claimed ?? member.id.description)</p></div>\(MemberWords.badge(member.status, reader))</li></ul></section>
      """
  }
}

extension ReceiptStory {
  /// The way to a page about it.
  func way(_ reader: Reader) -> [(name: String, path: String)] {
    [
      (reader("Чеки", "Receipts"), "/console/receipts"),
      (reader("Чек \(entry.key.number)", "Receipt \(entry.key.number)"), receipt.path),
    ]
  }
}

/// When points of a lot begin and end.
enum LotWords {
  static func time(_ lot: Lot, _ reader: Reader) -> String {
    switch lot.phase {
    case .pending(let from?, let life):
      reader("активны с \(reader.date(from))", "active from \(reader.date(from))") + end(of: life, from: from, reader)
    case .pending(nil, _): reader("ждут события", "wait for an event")
    case .active(.never): reader("не сгорают", "never expire")
    case .active(.at(let end)): reader("сгорят \(reader.date(end))", "expire on \(reader.date(end))")
    case .active(.sliding): reader("продлеваются покупкой", "prolonged by a purchase")
    }
  }

  private static func end(of life: Life, from start: Instant, _ reader: Reader) -> String {
    if case .sliding = life { return "" }
    guard let end = life.expiry(activeFrom: start, in: reader.zone) else { return "" }
    return reader(", сгорят \(reader.date(end))", ", expire on \(reader.date(end))")
  }
}
