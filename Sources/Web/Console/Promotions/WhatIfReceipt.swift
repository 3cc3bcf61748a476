import Access
import Calculator
import Kernel
import Loyalty

extension ConsoleDesk {
  /// One past receipt by the rules in force and by the same with a promotion, line by line and step by step. Nothing is written.
  func whatIfReceipt(_ visit: Visit) async throws -> Answer {
    let (view, story) = (try await looked(visit), try await story(visit))
    var page = WhatIfReceipt(view: view, story: story, visit: visit)
    if let promotion = view.promotion {
      let books = view.bench.whatIf(promotion)
      let scope = CalculationScope(offersChoices: false, explainsAll: true)
      let basket = TrialBasket(
        basket: try story.receipt.basket(),
        lines: story.lines.map { TrialBasket.Line(code: $0.code, name: $0.name(visit.reader)) }, shopper: .nobody,
        member: story.member == nil ? nil : visit.reader("с картой", "with a card"), store: visit.store(story.receipt.store))
      page.trial = Trial(
        basket: basket, now: (try story.receipt.priced(by: books.base, scope: scope), books.base),
        next: (try story.receipt.priced(by: books.draft, scope: scope), books.draft), isWithout: books.isWithout)
    }
    return visit.show(page.page, in: .promotions)
  }
}

extension RuleBench {
  /// What a what-if compares: tills' rules with and without this version of a promotion. Where tills have it just so, "now" is without it.
  func whatIf(_ promotion: Promotion) -> (base: RuleBook, draft: RuleBook, isWithout: Bool) {
    let book =
      book
      ?? RuleBook(
        version: 0, terms: programme.settings.wholeTerms(names), groups: programme.settings.groups, promotions: [])
    return book.trying(promotion)
  }
}

struct WhatIfReceipt {
  let view: PromotionView
  let story: ReceiptStory
  let visit: Visit
  var trial: Trial?

  private var reader: Reader { visit.reader }

  var page: Page {
    let number = story.entry.key.number
    let crumbs = view.crumbs(reader) + [(name: reader("Что было бы", "What if"), path: "\(view.path)/what-if")]
    return Page(
      title: reader("Чек \(number): что было бы", "Receipt \(number): what if"),
      notes: [
        view.stored.name(reader),
        reader("продан \(reader.moment(story.receipt.soldAt))", "sold \(reader.moment(story.receipt.soldAt))"),
        reader("ничего не записывается", "nothing is written"),
      ], crumbs: crumbs, body: "<div class=\"page-body\">\(content)</div>")
  }

  private var content: Markup {
    guard view.issues.isEmpty, let trial else { return IssueList.notice(view.issues, reader) }
    let past: Markup? =
      story.receipt.isPast
      ? Notice.info(
        reader(
          "Чек прежней системы: каким был участник, он не помнит, и здесь расчёт без него.",
          "A receipt of the former system: it does not say what the member was like, and is priced without them here."))
      : nil
    let sold = reader("Открыть чек, как он продан", "Open the receipt as it was sold")
    return """
      \(past)<p><a href="\(story.receipt.path)">\(sold)</a></p>\(TrialOutcome(trial: trial, about: view.stored.id, reader: reader).html)
      """
  }
}
