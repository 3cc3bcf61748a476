import Kernel

enum DemoLanguage: String, Sendable, CaseIterable {
  case ru, en

  /// Russian where the environment speaks it, else English. `LC_ALL` outranks `LC_MESSAGES`, which outranks `LANG`.
  init(_ environment: [String: String]) {
    let chosen = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    self = chosen.hasPrefix("ru") ? .ru : .en
  }

  func callAsFunction(_ text: LocalText) -> String { self == .ru ? text.ru : text.en }
  func callAsFunction(ru: String, en: String) -> String { self == .ru ? ru : en }
}

/// The summary in words.
struct DemoText {
  let language: DemoLanguage
  /// As examples/complete-journey/programme.json says.
  let currency = Currency.usd
  let pointsScale = 0

  func money(_ amount: Money) -> String {
    let text = Decimal.text(amount.minor.magnitude > Limits.amount ? 0 : Int64(amount.minor.magnitude), digits: currency.digits)
    let whole = text.prefix { $0 != "." }
    let sign = amount.minor < 0 ? "-" : ""
    return "\(sign)\(grouped(Int(whole) ?? 0))\(text.dropFirst(whole.count)) \(currency.code)"
  }

  func points(_ amount: Points) -> String {
    pointsScale == 0 ? grouped(Int(amount.units)) : Decimal.text(amount.units, digits: pointsScale)
  }

  func summary(_ summary: DemoSummary) -> String {
    var lines = head(summary)
    lines += [""] + amounts(summary)
    lines += [""] + pointsTable(summary)
    lines += ["", language(ru: "Что дали акции", en: "What the promotions gave")] + effects(summary)
    lines += ["", language(ru: "Пятеро участников", en: "Five members")] + regulars(summary)
    lines += ["", summary.explained[language.rawValue] ?? ""]
    lines += ["", audit(summary)]
    if !summary.oddities.isEmpty {
      lines += ["", language(ru: "Странности данных, учтённые и посчитанные", en: "Oddities of the data, handled and counted")]
      for (oddity, count) in summary.oddities.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
        lines.append("  \(padded(grouped(Int(count)), 12))  \(oddity)")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func audit(_ summary: DemoSummary) -> String {
    let (wallets, receipts) = (grouped(Int(summary.audited)), grouped(Int(summary.recalculated)))
    let found = grouped(Int(summary.differences))
    return language(
      ru: "Проверка: \(wallets) счетов пересчитано по проводкам, \(receipts) чеков рассчитано заново; расхождений: \(found)",
      en: "Audit: \(wallets) wallets recomputed from their entries, \(receipts) receipts priced again; differences: \(found)")
  }

  private func head(_ summary: DemoSummary) -> [String] {
    let (receipts, lines, members) = (grouped(Int(summary.receipts)), grouped(Int(summary.lines)), grouped(Int(summary.members)))
    var head = [
      language(
        ru:
          "Год сети: The Complete Journey (84.51°). Издатель называет данные смоделированными по реальным покупкам, для изучения.",
        en:
          "A chain's year: The Complete Journey (84.51°). The publisher calls it simulated from real shopping patterns, for exploration."
      ),
      language(
        ru: "Программа, акции, дни рождения, траты баллов и возвраты придуманы для показа.",
        en: "The programme, the promotions, birthdays, the spending of points and the returns are invented for the demonstration."),
      "",
      language(
        ru: "\(receipts) чеков, \(lines) строк, \(members) участников",
        en: "\(receipts) receipts, \(lines) lines, \(members) members"),
    ]
    if summary.milliseconds > 0 {
      let rate = grouped(Int(summary.receipts * 1000 / summary.milliseconds))
      let seconds = Decimal.text(summary.milliseconds / 100, digits: 1)
      head.append(
        language(
          ru: "рассчитаны и проведены за \(seconds) с, \(rate) чеков/с", en: "priced and posted in \(seconds) s, \(rate) receipts/s"
        ))
    }
    return head
  }

  private func amounts(_ summary: DemoSummary) -> [String] {
    [
      row(language(ru: "по ценам полки", en: "at shelf prices"), money(summary.shelf)),
      row(language(ru: "сняла касса до нас", en: "taken off by the tills before us"), money(-summary.tillReduced)),
      row(language(ru: "скидки по акциям", en: "discounts of promotions"), money(-summary.discount)),
      row(language(ru: "оплачено баллами", en: "paid with points"), money(-summary.paidWithPoints)),
      row(language(ru: "оплачено деньгами", en: "paid in money"), money(summary.paid)),
    ]
  }

  private func pointsTable(_ summary: DemoSummary) -> [String] {
    [
      row(language(ru: "начислено баллов", en: "points issued"), points(summary.issued)),
      row(language(ru: "потрачено", en: "spent"), points(summary.spent)),
      row(language(ru: "сгорело", en: "expired"), points(summary.expired)),
      row(
        language(ru: "отозвано возвратами", en: "taken back by \(grouped(Int(summary.returns))) returns"), points(summary.cancelled)
      ),
      row(
        language(ru: "остаток на счетах", en: "outstanding"),
        points(summary.outstanding) + language(ru: ", из них ещё не активны ", en: ", of them not active yet ")
          + points(summary.pending)),
    ]
  }

  private func effects(_ summary: DemoSummary) -> [String] {
    summary.effects.sorted { ($1.receipts, $0.name.en) < ($0.receipts, $1.name.en) }.map { effect in
      var gave: [String] = []
      if effect.money > .zero { gave.append(money(effect.money)) }
      if effect.points > .zero { gave.append(points(effect.points) + language(ru: " б.", en: " pts")) }
      return "  \(padded(grouped(Int(effect.receipts)), 9))  \(padded(gave.joined(separator: " + "), 18))  \(language(effect.name))"
    }
  }

  private func regulars(_ summary: DemoSummary) -> [String] {
    summary.regulars.map { regular in
      let (active, pending, ending) = (points(regular.active), points(regular.pending), points(regular.ending))
      return language(
        ru:
          "  \(regular.code): покупок \(regular.purchases) на \(money(regular.paid)); баллов \(active), ждут активации \(pending), сгорят за 30 дней \(ending)",
        en:
          "  \(regular.code): \(regular.purchases) purchases for \(money(regular.paid)); points \(active), pending \(pending), ending within 30 days \(ending)"
      )
    }
  }

  private func row(_ name: String, _ value: String) -> String {
    "  " + name + String(repeating: " ", count: max(1, 34 - name.count)) + value
  }

  /// Right-aligned.
  private func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}
