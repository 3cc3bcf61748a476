import Access
import Calculator
import Kernel
import Loyalty

extension ConsoleDesk {
  /// A basket with the promotion as it is saved beside the same without what is saved. Nothing is written, and the address tells all.
  func promotionPreview(_ visit: Visit) async throws -> Answer {
    let view = try await looked(visit)
    let reading = try await readTrial(Form(visit.call.query), view.bench, visit)
    var trial: Trial?
    if let basket = reading.basket, let promotion = view.promotion {
      trial = try await self.trial(of: promotion, basket, view.bench, at: visit.call.at)
    }
    return visit.show(PromotionPreviewPage(view: view, reading: reading, trial: trial, visit: visit).page, in: .promotions)
  }

  /// Prices a basket by the rules in force, and by the same with this promotion as it is given. Where tills have it just so, by the
  /// same without it.
  func trial(of promotion: Promotion, _ basket: TrialBasket, _ bench: RuleBench, at now: Instant) async throws -> Trial {
    let programme = bench.programme
    var same = bench.published(promotion.id)
    same?.version = promotion.version
    let isWithout = same == promotion
    let before = isWithout ? bench.book(with: nil, insteadOf: promotion.id) : bench.book
    var trial = try await tryOut(
      basket, programme, now: before.map { Trial.Rules(settings: programme.settings, book: $0) },
      next: Trial.Rules(settings: programme.settings, book: bench.book(with: promotion, insteadOf: promotion.id)), at: now)
    trial.isWithout = isWithout
    return trial
  }
}

struct PromotionPreviewPage {
  let view: PromotionView
  let reading: TrialReading
  let trial: Trial?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let title = reader("Проверка на чеке", "Try it on a basket")
    let note = reader(
      "Слева чек, справа расчёт: как сейчас на кассах и как станет с версией \(view.stored.version). Ничего не записывается.",
      "A basket and its price: as tills have it now, and with version \(view.stored.version). Nothing is written.")
    let outcome = trial.map { TrialOutcome(trial: $0, about: view.stored.id, reader: reader).html }
    return Page(
      title: title, notes: [view.stored.name(reader)], crumbs: view.crumbs(reader),
      body: """
        <div class="page-body columns trial"><section class="panel"><header class="panel-head"><h2>\(reader("Чек", "Basket"))</h2></header>\
        <form class="inline-form" method="get" action="\(view.path)/preview"><p class="muted">\(note)</p>\
        \(TrialFields(reading: reading, bench: view.bench, visit: visit).html)\
        <div><button class="button primary">\(reader("Рассчитать", "Calculate"))</button></div></form></section>\
        \(view.issues.isEmpty ? outcome : IssueList.notice(view.issues, reader))</div>
        """)
  }
}
