import Calculator
import Conditions
import Kernel
import Loyalty

/// A tier that a promotion gives, as a form has it: which one, and for so many days or to the end of a period.
enum TierGiftFields {
  private static let days = "days"

  static func texts(_ gift: TierGift) -> [(String, String)] {
    switch gift.length {
    case .days(let count):
      [("reward", "tier"), ("reward-tier", gift.code), ("reward-length", days), ("reward-days", String(count))]
    case .through(let period): [("reward", "tier"), ("reward-tier", gift.code), ("reward-length", period.rawValue)]
    }
  }

  static func reward(_ form: Form) -> JSON {
    let typed = form["reward-days"].filter { !$0.isWhitespace }
    let length =
      ["month", "quarter", "year"].contains(form["reward-length"])
      ? JSON.Member("through", .string(form["reward-length"]))
      : JSON.Member(days, Int64(typed).map(JSON.int) ?? .string(typed))
    return .object(["reward": .object([JSON.Member("tier", .string(form["reward-tier"])), length])])
  }
}

extension PromotionEditPage {
  var tierGiftFields: Markup {
    let known = editing.tiers.map { ($0.details.code, reader($0.details.name)) }
    let lengths = [
      ("days", reader("на дни", "for days")), ("month", RewardWords.end(of: .month, reader)),
      ("quarter", RewardWords.end(of: .quarter, reader)), ("year", RewardWords.end(of: .year, reader)),
    ]
    return Choice(
      name: "reward-tier", label: reader("Уровень", "Tier"), options: [("", reader("не дарить", "none"))] + known,
      chosen: form["reward-tier"], fault: editing.faults["reward-tier"]
    ).html
      + Choice(name: "reward-length", label: reader("Насколько", "For how long"), options: lengths, chosen: form["reward-length"])
      .html
      + field(
        "reward-days", reader("Дней", "Days"), hint: reader("после дня покупки", "behind the day of the purchase"), limit: 4)
  }
}
