import Calculator
import Conditions
import Kernel

/// A report of the comparison in words.
public struct ShadowText {
  let form: AmountForm
  private let currency: String
  /// How the rules round.
  private let usual: RoundingChoice
  private let language: DemoLanguage

  init(_ terms: ProgrammeTerms, _ language: DemoLanguage) {
    form = AmountForm(terms)
    usual = RoundingChoice(terms)
    currency = terms.currency.code
    self.language = language
  }

  /// - Parameter language: `ru`, or else English.
  public init(_ terms: ProgrammeTerms, language: String) { self.init(terms, DemoLanguage(rawValue: language) ?? .en) }

  private func say(_ ru: String, _ en: String) -> String { language(ru: ru, en: en) }

  public func page(_ report: ShadowReport) -> ShadowPage {
    var page = ShadowPage(title: say("Чужой расчёт рядом с нашим", "Another system's answers beside ours"))
    page.blocks = head(report) + malformed(report) + profile(report)
    guard report.agreeing < report.receipts else { return page }
    page.blocks += classes(report) + causes(report) + promotions(report)
    for (number, example) in report.examples.enumerated() { page.blocks += self.example(example, number + 1) }
    return page
  }

  private func head(_ report: ShadowReport) -> [ShadowPage.Block] {
    let share = percent(report.agreeing, of: report.receipts)
    var blocks: [ShadowPage.Block] = [
      .text(
        say(
          "Чеков: \(report.receipts). Совпали до копейки и до балла: \(report.agreeing) (\(share)).",
          "Receipts: \(report.receipts). Agree to the last kopeck and point: \(report.agreeing) (\(share))."))
    ]
    if let rounding = report.rounding {
      blocks.append(.text(say("Считали с профилем округления: ", "Calculated with the rounding profile: ") + words(rounding) + "."))
    }
    if report.isStopped { blocks.append(.text(say("Остановлено до конца журнала.", "Stopped before the end of the log."))) }
    return blocks
  }

  private func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "–" }
    // Only what is whole is called a hundred.
    let tenths = part == whole ? 1000 : min(999, part * 1000 / whole)
    return "\(tenths / 10).\(tenths % 10) %"
  }

  private func malformed(_ report: ShadowReport) -> [ShadowPage.Block] {
    guard report.malformedCount > 0 else { return [] }
    let lines = report.malformed.map {
      say("строка \($0.line)", "line \($0.line)") + ", \($0.pointer.isEmpty ? "/" : $0.pointer): \($0.message)"
    }
    return [
      .heading(
        say("Строки, которые не удалось прочесть: \(report.malformedCount)", "Lines that cannot be read: \(report.malformedCount)")),
      .lines(lines),
    ]
  }

  private func profile(_ report: ShadowReport) -> [ShadowPage.Block] {
    guard let search = report.search, let proposed = search.proposed else { return [] }
    let (before, after) = (percent(search.before, of: search.sample), percent(search.after, of: search.sample))
    return [
      .heading(say("Профиль округления", "Rounding profile")),
      .text(
        say(
          "Предлагаем \(words(proposed)): из первых \(search.sample) чеков совпадают \(search.after) (\(after)) вместо \(search.before) (\(before)).",
          "We propose \(words(proposed)): of the first \(search.sample) receipts \(search.after) agree (\(after)) instead of \(search.before) (\(before))."
        )),
    ]
  }

  /// What the profile sets otherwise than the rules, as a programme's settings name it.
  private func words(_ choice: RoundingChoice) -> String {
    func settings(_ choice: RoundingChoice) -> [(String, String)] {
      guard case .object(let parts) = choice.json else { return [] }
      return parts.flatMap { part -> [(String, String)] in
        guard case .object(let members) = part.value else { return [] }
        return members.map { (part.key + "." + $0.key, $0.value.compact) }
      }
    }
    return zip(settings(choice), settings(usual)).filter { $0.1 != $1.1 }.map { "\($0.0.0) \($0.0.1)" }.joined(separator: ", ")
  }

  func name(_ kind: ShadowClass) -> String {
    switch kind {
    case .rounding: say("округление", "rounding")
    case .order: say("порядок", "order")
    case .rule: say("правило", "rule")
    case .data: say("данные", "data")
    }
  }

  private func classes(_ report: ShadowReport) -> [ShadowPage.Block] {
    let head = [
      say("вид", "class"), say("чеков", "receipts"), say("доказано", "proven"), say("деньги, Σ", "money, sum"),
      say("деньги, |Σ|", "money, apart"), say("списано, Σ", "spent, sum"), say("начислено, Σ", "earned, sum"),
      say("начислено, |Σ|", "earned, apart"),
    ]
    let rows = ShadowClass.allCases.compactMap { kind -> [String]? in
      guard let tally = report.classes[kind] else { return nil }
      return [
        name(kind), String(tally.receipts), String(tally.proven), form.text(tally.amount), form.text(tally.amountApart),
        form.text(tally.spent), form.text(tally.earned), form.text(tally.earnedApart),
      ]
    }
    return [
      .heading(say("Расхождения (чужое минус наше), \(currency)", "Differences (theirs less ours), \(currency)")),
      .table([head] + rows, texts: 1),
    ]
  }

  private func causes(_ report: ShadowReport) -> [ShadowPage.Block] {
    let rows = report.causes.map { ($0.value, sentence($0.key)) }.sorted { ($1.0, $0.1) < ($0.0, $1.1) }.prefix(20)
    return [
      .heading(say("Причины", "Causes")),
      .table([[say("причина", "cause"), say("чеков", "receipts")]] + rows.map { [$0.1, String($0.0)] }, texts: 1),
    ]
  }

  func sentence(_ cause: ShadowVerdict.Cause) -> String {
    switch cause {
    case .profile(let choice): say("округляют иначе: ", "rounded otherwise: ") + words(choice)
    case .fewUnits: say("не больше копейки на штуку, профиль не найден", "at most a kopeck a piece, no profile found")
    case .order(let codes): say("другой порядок: ", "another order: ") + codes.joined(separator: " → ")
    case .basis(.regular): say("проценты от полной цены", "percents of the regular price")
    case .basis(.reduced): say("проценты от сниженной цены", "percents of the reduced price")
    case .stage: say("процент чека взят построчно или наоборот", "a percent of the receipt taken by lines, or the other way round")
    case .onlyOurs(let codes): say("применили только мы: ", "applied by us only: ") + codes.joined(separator: ", ")
    case .onlyTheirs(let codes): say("применили только там: ", "applied by them only: ") + codes.joined(separator: ", ")
    case .rate(let code, let ours, let theirs):
      say("\(code): у нас \(ours), там \(theirs)", "\(code): \(ours) here, \(theirs) there")
    case .unexplained: say("не объяснено", "not explained")
    case .unknownProduct(let code): say("неизвестный товар \(code)", "unknown product \(code)")
    case .noMember: say("баллы без участника", "points without a member")
    case .otherLines: say("строки ответа – не строки корзины", "the lines of the answer are not the basket's")
    case .shelf(let line): say("строка \(line) не сходится с ценой на полке", "line \(line) does not come to its shelf price")
    case .sums: say("строки не сходятся с итогами", "the lines do not come to the totals")
    }
  }

  private func promotions(_ report: ShadowReport) -> [ShadowPage.Block] {
    guard !report.effects.isEmpty else { return [] }
    let head = [
      say("акция", "promotion"), say("у нас", "ours"), say("там", "theirs"), say("наши деньги", "our money"),
      say("их деньги", "their money"), say("наши баллы", "our points"), say("их баллы", "their points"),
    ]
    let rows = report.effects.sorted { $0.key < $1.key }.prefix(100).map { code, effect in
      [
        code, String(effect.ours), String(effect.theirs), form.text(effect.ourMoney), form.text(effect.theirMoney),
        form.text(effect.ourPoints), form.text(effect.theirPoints),
      ]
    }
    return [
      .heading(say("Акции на разошедшихся чеках", "Promotions on the receipts that differ")), .table([head] + rows, texts: 1),
    ]
  }

  private func example(_ example: ShadowReport.Example, _ number: Int) -> [ShadowPage.Block] {
    let record = example.record
    let ours = ShadowSide(example.ours, example.book)
    let kind = name(example.verdict.kind) + (example.verdict.isProven ? "" : say(", не доказано", ", not proven"))
    let theirs = Dictionary(record.answer.lines.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let head = [
      say("строка", "line"), say("товар", "product"), say("наша сумма", "ours"), say("их сумма", "theirs"),
      say("наша скидка", "off, ours"),
      say("их скидка", "off, theirs"), say("наши баллы", "earned, ours"), say("их баллы", "earned, theirs"),
    ]
    var rows = ours.lines.enumerated().map { place, line in
      let other = theirs[line.id]
      return [
        line.id, record.products[place], form.text(line.amount), other.map { form.text($0.amount) } ?? "–",
        form.text(line.discount),
        other.map { form.text($0.discount) } ?? "–", line.earned.map { form.text($0) } ?? "–",
        other?.earned.map { form.text($0) } ?? "–",
      ]
    }
    let answer = record.answer
    rows.append([
      say("всего", "total"), "", form.text(ours.amount), form.text(answer.amount), form.text(ours.discount),
      form.text(answer.discount),
      form.text(ours.earned), form.text(answer.earned),
    ])
    return [
      .heading(
        say(
          "Пример \(number): чек \(record.id), строка \(record.line)",
          "Example \(number): receipt \(record.id), line \(record.line)")),
      .text(kind + ": " + sentence(example.verdict.cause)), .table([head] + rows, texts: 2), .lines(trace(example)),
    ]
  }

  /// How we came to ours.
  private func trace(_ example: ShadowReport.Example) -> [String] {
    example.ours.trace.map { step in
      let line = example.record.basket.lines.indices.contains(Int(step.line)) ? example.record.basket.lines[Int(step.line)].id : "–"
      let promotions = example.book.promotions
      let code = promotions.indices.contains(Int(step.promotion)) ? " " + promotions[Int(step.promotion)].code : ""
      let base = say("от ", "of ") + form.text(Money(minor: step.base))
      let rate = step.rate == 0 ? "" : Rate(ppm: step.rate).percentText + " % "
      let amount =
        step.kind == .earning
        ? "+" + form.text(Points(units: step.amount)) : (step.amount < 0 ? "+" : "−") + form.text(Money(minor: abs(step.amount)))
      return say("строка ", "line ") + line + ": " + word(step.kind) + code + " \(amount) (\(rate)\(base))"
    }
  }

  private func word(_ kind: TraceStep.Kind) -> String {
    switch kind {
    case .reduction: say("скидка", "reduction")
    case .points: say("баллами", "points")
    case .receiptRounding: say("округление чека", "rounding of the receipt")
    case .printing: say("печать", "printing")
    case .earning: say("начисление", "earning")
    case .tender: say("оплата без начисления", "tender without earning")
    }
  }
}
