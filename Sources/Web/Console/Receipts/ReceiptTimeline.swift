import Access
import Kernel
import Loyalty

/// What became of a receipt, in the order in which it was: asked about, sold, confirmed, claimed, returned, cancelled.
struct ReceiptTimeline {
  let story: ReceiptStory
  let visit: Visit

  private struct Moment {
    let at: Instant
    let icon: Icon
    var tone = ""
    let title: String
    var details: [Markup] = []
    var amount: Markup = ""
  }

  private var reader: Reader { visit.reader }
  private var receipt: Receipt { story.receipt }

  var html: Markup {
    var day: CivilDay?
    var rows: [Markup] = []
    for moment in (asked + sold + claimed + released + returned).sorted(by: { $0.at < $1.at }) {
      let date = reader.zone.civil(at: moment.at).day
      if date != day { rows.append("<li class=\"day\">\(reader.date(date))</li>") }
      day = date
      rows.append(row(moment))
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("История чека", "What became of it"))</h2></header>\
      <ol class="timeline padded">\(rows)</ol></section>
      """
  }

  private func row(_ moment: Moment) -> Markup {
    """
    <li class="event"><time>\(reader.clock(moment.at))</time><span class="knot \(moment.tone)">\(moment.icon.usual)</span>\
    <div class="what">\(moment.title)\(moment.details)</div><div class="amount">\(moment.amount)</div></li>
    """
  }

  private func line(_ text: String) -> Markup { "<p>\(text)</p>" }

  private var asked: [Moment] {
    var moments = story.offer.refusals.map { refusal in
      let said = TillAnswerWords(refusal).sentences.first.map { line(reader($0)) }
      return Moment(
        at: refusal.at, icon: .warning, tone: "bad",
        title: reader("Касса прислала чек, отказано", "The till sent it and was refused"),
        details: [said, "<p>\(reader("запрос", "request")) <code class=\"break\">\(refusal.requestID)</code></p>"].compactMap { $0 }
      )
    }
    guard let first = story.offer.quotes.first else { return moments }
    let count = reader.count(story.offer.quotes.count, ("раз", "раза", "раз"), ("time", "times"))
    moments.append(
      Moment(at: first.at, icon: .till, title: reader("Касса посчитала \(count)", "The till asked the price \(count)")))
    if let held = story.offer.quotes.last(where: { TillAnswerWords($0).held != nil }), let points = TillAnswerWords(held).held {
      moments.append(
        Moment(at: held.at, icon: .lock, title: reader("Отложено баллов: \(points)", "Points set aside: \(points)")))
    }
    return moments
  }

  private var sold: [Moment] {
    let isBeside = receipt.state == .beside
    let earned: Markup = receipt.earned > .zero ? "+\(reader.points(receipt.earned))" : ""
    var confirmed = Moment(
      at: receipt.postedAt, icon: isBeside ? .warning : .check, tone: isBeside ? "bad" : "accent",
      title: isBeside
        ? reader("Записан рядом: номер занят другим чеком", "Kept beside another of this number")
        : receipt.isPast
          ? reader("Загружен из прежней системы", "Brought from the former system") : reader("Подтверждён", "Confirmed"),
      amount: earned)
    // A clock that is some minutes off says nothing about the network.
    guard receipt.postedAt - receipt.soldAt > .minutes(10) else { return [confirmed] }
    if !receipt.isPast {
      confirmed.details = [line(reader("пришёл позже: касса была без связи", "came later: the till had no network"))]
    }
    return [Moment(at: receipt.soldAt, icon: .receipt, title: reader("Пробит на кассе", "Printed at the till")), confirmed]
  }

  private var claimed: [Moment] {
    guard let claim = story.history.claim else { return [] }
    let name = story.member.map { visit.name(of: $0) } ?? "\(claim.member)"
    return [
      Moment(
        at: claim.at, icon: .card, tone: "accent", title: reader("Добавлен участнику: \(name)", "Given to a member: \(name)"),
        details: hand("receipt.attached", nil), amount: "+\(reader.points(claim.earned))")
    ]
  }

  /// By hand; what tills say stands in the member's journal.
  private var released: [Moment] {
    story.audit.filter { $0.act == "receipt.released" }.map { entry in
      let who = entry.actor.split(separator: ":", maxSplits: 1).last.map(String.init) ?? entry.actor
      let reason = entry.after?["reason"]?.text ?? ""
      return Moment(
        at: entry.at, icon: .check, tone: "good", title: reader("Баллы стали активны", "Points became active"),
        details: [line(reader("\(who) в консоли: \(reason)", "\(who) in the console: \(reason)"))],
        amount: "\(entry.after?["points"]?.text ?? "")")
    }
  }

  private var returned: [Moment] {
    story.history.steps.map { step in
      let isCancelled = step.key == story.entry.key
      let count = reader.count(step.refund.lines.count, ("позиция", "позиции", "позиций"), ("line", "lines"))
      let by = hand(isCancelled ? "receipt.cancelled" : "receipt.returned", step.document)
      let till = reader(
        "касса \(step.key.register), смена \(step.key.shift), чек \(step.key.number)",
        "till \(step.key.register), shift \(step.key.shift), receipt \(step.key.number)")
      return Moment(
        at: step.at, icon: .undo, tone: "warn",
        title: isCancelled ? reader("Отменён", "Cancelled") : reader("Возврат, \(count)", "Return, \(count)"),
        details: points(of: step.refund) + (by.isEmpty ? [line(till)] : by)
          + step.discrepancies.map { line(DiscrepancyWords.name($0, reader) + ". " + DiscrepancyWords.detail($0, reader)) },
        amount: "\(reader.amount(-step.refund.amount))")
    }
  }

  private func points(of refund: Refund) -> [Markup] {
    let parts: [String?] = [
      refund.givenBack > .zero
        ? reader("возвращено баллов: \(reader.points(refund.givenBack))", "points given back: \(reader.points(refund.givenBack))")
        : nil,
      refund.takenBack > .zero
        ? reader(
          "снято начисленных: \(reader.points(refund.takenBack))", "earned points taken back: \(reader.points(refund.takenBack))")
        : nil,
      refund.lost > .zero
        ? reader(
          "из них за потерянную выгоду: \(reader.points(refund.lost))", "of these for a lost benefit: \(reader.points(refund.lost))"
        )
        : nil,
    ]
    return parts.compactMap { $0 }.map(line)
  }

  /// Who did it here, and why; nothing where a till did it.
  private func hand(_ act: String, _ document: ReturnID?) -> [Markup] {
    let name = document.map { JSON.string("\($0)") }
    guard let entry = story.audit.first(where: { $0.act == act && (name == nil || $0.after?["return"] == name) }) else { return [] }
    guard case .string(let reason)? = entry.after?["reason"] else { return [line(entry.actor)] }
    let who = entry.actor.split(separator: ":", maxSplits: 1).last.map(String.init) ?? entry.actor
    return [line(reader("\(who) в консоли: \(reason)", "\(who) in the console: \(reason)"))]
  }
}
