import Access
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  /// Points of a receipt that wait for a word – a delivery, mostly – and the form that says it.
  func releasing(_ visit: Visit) async throws -> Answer { try await releasing(visit, nil) }

  private func releasing(_ visit: Visit, _ refusal: Problem?) async throws -> Answer {
    let page = ReleasePage(
      story: try await story(visit, .whole), visit: visit, request: String(random(), radix: 36), refusal: refusal)
    var answer = visit.show(page.page, in: .receipts)
    if let refusal { answer.status = refusal.kind == .conflict ? 409 : 422 }
    return answer
  }

  func releasePoints(_ visit: Visit) async throws -> Answer {
    let story = try await story(visit)
    do {
      let request = try Self.request(visit)
      let (receipts, change, reason, key) = (try visit.floor.receipts, change(visit), visit.form["reason"], story.entry.key)
      guard story.receipt.state != .beside else { throw Self.besideNothing }
      _ = try await database.write(.till) { tx in
        try receipts.release(key, because: reason, request: request, by: change, in: &tx)
      }
      return .redirect(story.receipt.path + "?done=release")
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await releasing(visit, problem)
    }
  }
}

extension ReceiptStory {
  /// What of its points waits for somebody's word.
  var waiting: Points {
    left.reduce(Points.zero) { sum, lot in
      guard case .pending(let from, _) = lot.phase, from == nil else { return sum }
      return sum + lot.amount(of: receipt.id)
    }
  }
}

struct ReleasePage {
  let story: ReceiptStory
  let visit: Visit
  let request: String
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var receipt: Receipt { story.receipt }

  var page: Page {
    let number = story.entry.key.number
    return Page(
      title: reader("Баллы чека \(number)", "Points of receipt \(number)"),
      notes: [reader.moment(receipt.soldAt), visit.store(receipt.store), reader.money(receipt.amount)],
      crumbs: story.way(reader), body: "<div class=\"page-body slim\">\(refusal.map { Notice.refusal($0, reader) })\(content)</div>"
    )
  }

  private var content: Markup {
    guard let member = story.member, story.waiting > .zero else {
      return Notice.info(
        reader(
          "Баллы этого чека ничего не ждут: они уже активны, ждут своего дня или сняты возвратом.",
          "No points of this receipt wait for a word: they are active, wait for their day, or a return took them back."))
    }
    let hint = reader(
      "Например, «заказ вручён». Останется в журнале", "For example, “the order was delivered”. Stays in the audit trail")
    return """
      <section class="panel"><header class="panel-head"><h2>\(visit.name(of: member))</h2></header>\
      <div class="panel-body"><dl class="facts"><div><dt>\(reader("Ждут события", "Wait for an event"))</dt>\
      <dd class="good">+\(reader.points(story.waiting))</dd></div></dl>\
      <p class="muted">\(reader("Их можно будет тратить сразу. Срок жизни считается с этого дня.", "They can be spent at once. Their life begins today."))</p></div>\
      <form class="inline-form" method="post" action="\(receipt.path)/release">\(visit.key)\(ReturnPage.hidden("request", request))\
      \(Field(name: "reason", label: reader("Причина", "Reason"), hint: hint).html)\
      <div><button class="button primary">\(Icon.check.small)\(reader("Сделать активными", "Make them active"))</button></div></form></section>
      """
  }
}
