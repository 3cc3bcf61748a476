import Calculator
import Kernel
import Loyalty

/// One receipt, line by line: what stood on the shelf, what took it down, what was paid and what it earned.
struct DemoReceipt {
  private let receipt: Receipt
  private let rules: RuleBook
  private let names: [ProductID: CatalogueName]
  private let language: DemoLanguage
  private let amounts: DemoText
  private let steps: [TraceStep]

  /// - Throws: `StorageFailure.damaged` where the stored trace cannot be read.
  init(_ receipt: Receipt, _ rules: RuleBook, _ names: [ProductID: CatalogueName], _ language: DemoLanguage) throws {
    self.receipt = receipt
    self.rules = rules
    self.names = names
    self.language = language
    amounts = DemoText(language: language)
    steps = try receipt.steps()
  }

  var text: String {
    var lines = [
      language(
        ru: "Чек \(receipt.id) от \(receipt.soldAt.text), строка за строкой",
        en: "Receipt \(receipt.id) of \(receipt.soldAt.text), line by line")
    ]
    for (place, line) in receipt.lines.enumerated() { lines += self.lines(place, line) }
    lines.append(
      "  "
        + language(
          ru:
            "итого \(amounts.money(receipt.amount)), скидка \(amounts.money(receipt.discount)), потрачено баллов \(amounts.points(receipt.spent)), начислено \(amounts.points(receipt.earned))",
          en:
            "total \(amounts.money(receipt.amount)), discount \(amounts.money(receipt.discount)), points spent \(amounts.points(receipt.spent)), earned \(amounts.points(receipt.earned))"
        ))
    return lines.joined(separator: "\n")
  }

  private func lines(_ place: Int, _ line: SoldLine) -> [String] {
    let name = names[line.product].map { language($0.text) } ?? "\(line.product)"
    let quantity = Decimal.text(line.quantity.thousandths, digits: 3)
    let count = line.quantity.wholePieces.map(String.init) ?? quantity
    var lines = ["  \(name) × \(count): \(amounts.money(line.shelf))"]
    if line.tillReduced > .zero {
      lines.append(
        "      " + language(ru: "касса сняла до нас ", en: "the till took off before us ") + amounts.money(line.tillReduced))
    }
    for step in steps where Int(step.line) == place { lines.append("      " + self.text(of: step)) }
    lines.append("      = \(amounts.money(line.amount))")
    return lines
  }

  private func text(of step: TraceStep) -> String {
    let promotion = Int(step.promotion)
    let name = rules.promotions.indices.contains(promotion) ? "«\(language(rules.promotions[promotion].name))»" : ""
    let rate = step.rate > 0 ? " \(percent(step.rate)) × \(amounts.money(Money(minor: step.base)))" : ""
    switch step.kind {
    case .reduction: return "\(name)\(rate): \(taken(step))"
    case .points: return language(ru: "баллами: ", en: "with points: ") + taken(step)
    case .receiptRounding:
      return language(ru: "округление чека: ", en: "rounding of the receipt: ") + taken(step)
    case .printing:
      return language(ru: "чтобы сумма печаталась: ", en: "so that the sum can be printed: ") + taken(step)
    case .tender:
      return language(ru: "по способу оплаты: ", en: "by the way of paying: ") + taken(step)
    case .earning: return "\(name): +\(amounts.points(Points(units: step.amount)))" + language(ru: " б.", en: " pts")
    }
  }

  /// What a step took off, with a minus; what it put back, with a plus.
  private func taken(_ step: TraceStep) -> String {
    (step.amount < 0 ? "+" : "-") + amounts.money(Money(minor: abs(step.amount)))
  }

  private func percent(_ ppm: Int64) -> String {
    var text = Decimal.text(ppm, digits: 4)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text + " %"
  }
}
