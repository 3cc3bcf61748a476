import Access
import Calculator
import Kernel
import Loyalty
import Storage

/// A basket priced by two rule books: as tills would have it now, and as it would be.
///
/// Any page can have this: it holds `TrialFields` in its form, reads what was sent with `readTrial`, prices it with `tryOut`, and shows
/// `TrialOutcome`.
struct Trial: Sendable {
  /// A programme's settings and rules that belong together.
  struct Rules: Sendable {
    let settings: ProgrammeSettings
    let book: RuleBook
  }

  let basket: TrialBasket
  /// Nil before there are rules.
  let now: (calculation: Calculation, book: RuleBook)?
  let next: (calculation: Calculation, book: RuleBook)
  /// What is compared is one promotion that tills have as it is: then "now" is what would be without it.
  var isWithout = false
}

extension ConsoleDesk {
  /// Prices a basket by both. Nothing is written, nothing set aside; six statements at most.
  func tryOut(
    _ basket: TrialBasket, _ programme: Programme, now: Trial.Rules?, next: Trial.Rules, at moment: Instant
  ) async throws -> Trial {
    let ids = ids
    return try await database.read { tx in
      func calculate(_ rules: Trial.Rules) throws -> (Calculation, RuleBook) {
        let receipts = Receipts(
          of: programme.account, programme: programme.id, rules: RuleShelf(rules.book), points: rules.settings.points, ids: ids)
        let scope = CalculationScope(offersChoices: false, explainsAll: true)
        let quote = try receipts.calculate(basket.basket, for: basket.shopper, scope: scope, at: moment, in: &tx)
        return (quote.calculation, rules.book)
      }
      return Trial(basket: basket, now: try now.map(calculate), next: try calculate(next))
    }
  }
}

/// What came of a trial, side by side.
struct TrialOutcome {
  let trial: Trial
  /// Why this one did nothing stands first; nil where the trial is not about one promotion.
  let about: PromotionID?
  let reader: Reader

  private var next: Calculation { trial.next.calculation }
  private var now: Calculation? { trial.now?.calculation }

  var html: Markup {
    """
    <section class="panel" id="outcome" aria-labelledby="h-outcome"><header class="panel-head"><h2 id="h-outcome">\
    \(reader("Что получилось", "What comes of it"))</h2><span class="muted">\(place)</span></header>\
    <div class="panel-body stack">\(verdict)</div>\(table)\(steps)\(reasons)</section>
    """
  }

  private var place: String {
    let who = trial.basket.member ?? reader("без карты", "no card")
    let time = trial.basket.basket.store.zone.civil(at: trial.basket.basket.time)
    return "\(trial.basket.store), \(reader.date(time.day)) \(time.clock.description.prefix(5)), \(who)"
  }

  private var verdict: Markup {
    guard let about else { return sums }
    let applied = next.promotions.contains { $0.id == about }
    if applied { return Notice.good(reader("Акция сработала", "The promotion applies")) + sums }
    let reason = next.reasons.first { $0.promotion.map { trial.next.book.promotions[$0].id } == about }
    let text =
      reason.map { reader(Sentences(rules: trial.next.book).reason($0)) }
      ?? reader("В этом чеке её товаров нет", "This basket has none of its goods")
    return Notice.warning(reader("Акция не сработала. \(text)", "The promotion does nothing. \(text)")) + sums
  }

  private var sums: Markup {
    let rows: [(String, (Calculation) -> String)] = [
      (reader("К оплате", "To pay"), { reader.money($0.amount) }), (reader("Скидки", "Reductions"), { reader.money($0.discount) }),
      (reader("Оплачено баллами", "Paid with points"), { reader.money($0.paidWithPoints) }),
      (reader("Начислено баллов", "Points earned"), { reader.points($0.earned) }),
    ]
    let facts = rows.map { name, value -> Markup in
      let (old, new) = (now.map(value), value(next))
      let before: Markup = old == nil || old == new ? "" : "<span class=\"muted\">\(old ?? "")</span> → "
      return "<div><dt>\(name)</dt><dd>\(before)\(new)</dd></div>"
    }
    let sentences = Sentences(rules: trial.next.book)
    let lots = next.lots.map { lot -> Markup in
      "<li>\(Icon.calendar.usual)<div><b>\(reader(trial.next.book.promotions[lot.promotion].name))</b><p>\(reader(sentences.lot(lot)))</p></div></li>"
    }
    return "<dl class=\"facts\">\(facts)</dl>\(lots.isEmpty ? .nothing : "<ul class=\"items\">\(lots)</ul>")"
  }

  private var table: Markup {
    let rows = next.lines.enumerated().map { place, line -> Markup in
      let old = now?.lines[place]
      let name = trial.basket.lines[place]
      return """
        <tr><th scope="row">\(name.name)<small>\(reader.quantity(line.quantity.thousandths)), \(name.code)</small></th>\
        <td class="num">\(reader.amount(line.shelf))</td><td class="num">\(old.map { reader.amount($0.amount) } ?? "–")</td>\
        <td class="num">\(changed(old?.amount, line.amount, reader.amount))</td>\
        <td class="num">\(changed(old?.earned, line.earned, reader.points))</td></tr>
        """
    }
    return DataTable(
      label: reader("Строки", "Lines"),
      columns: [
        .text(reader("Товар", "Goods")), .number("\(reader("Полка", "Shelf")), \(reader.sign)"),
        .number("\(trial.isWithout ? reader("Без неё", "Without it") : reader("Сейчас", "Now")), \(reader.sign)"),
        .number("\(trial.isWithout ? reader("С ней", "With it") : reader("Станет", "Then")), \(reader.sign)"),
        .number(reader("Баллы", "Points")),
      ], rows: rows, width: .tight
    ).html
  }

  /// In bold where it is another than now.
  private func changed<Value: Equatable>(_ old: Value?, _ new: Value, _ text: (Value) -> String) -> Markup {
    old == new || old == nil ? "\(text(new))" : "<b>\(text(new))</b>"
  }

  private var steps: Markup {
    let words = StepWords(rules: trial.next.book, reader: reader)
    let rows = next.trace.filter { $0.kind != .tender }.map { step -> Markup in
      let amount =
        step.kind == .earning ? "+" + reader.points(Points(units: step.amount)) : reader.amount(Money(minor: -step.amount))
      return """
        <tr><td>\(trial.basket.lines[Int(step.line)].name)</td><td class="muted nowrap">\(words.stage(step))</td>\
        <td><b>\(words.name(step))</b><small>\(words.how(step))</small></td><td class="num">\(amount)</td></tr>
        """
    }
    let title = reader("Как получилась цена", "How the price was made")
    guard !rows.isEmpty else {
      return "<p class=\"panel-body muted\">\(reader("Ни одна акция не сработала", "No promotion applies"))</p>"
    }
    let table = DataTable(
      label: title,
      columns: [
        .text(reader("Товар", "Goods")), .text(reader("Ступень", "Step")), .text(reader("Правило и расчёт", "Rule and sum")),
        .number(reader("Изменение", "Change")),
      ], rows: rows
    ).html
    return "<details class=\"fold within\" open><summary>\(Icon.right.usual)\(title)</summary>\(table)</details>"
  }

  private var reasons: Markup? {
    let sentences = Sentences(rules: trial.next.book)
    let others = next.reasons.filter { $0.promotion != nil }
    guard !others.isEmpty else { return nil }
    let rows = others.prefix(50).map { reason -> Markup in
      let name = reason.promotion.map { reader(trial.next.book.promotions[$0].name) } ?? ""
      return "<li>\(Icon.info.usual)<div><b>\(name)</b><p>\(reader(sentences.reason(reason)))</p></div></li>"
    }
    let title = reader(
      "Что не сработало и почему: \(reader.number(Int64(others.count)))",
      "What did not apply and why: \(reader.number(Int64(others.count)))")
    return "<details class=\"fold within\"><summary>\(Icon.right.usual)\(title)</summary><ul class=\"items\">\(rows)</ul></details>"
  }
}
