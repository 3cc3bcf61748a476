import Customers
import Kernel
import Loyalty
import Storage

/// What a what-if came to, as its pages show it.
struct WhatIfResult {
  /// What its rows are called.
  struct Names: Sendable {
    var tiers: [TierID: LocalText] = [:]
    var segments: [SegmentID: LocalText] = [:]

    init() {}

    init(_ programme: Programme, in tx: inout Transaction) throws {
      tiers = Dictionary(
        try programme.tiers.all(in: &tx).values.map { ($0.id, $0.details.name) }, uniquingKeysWith: { first, _ in first })
      segments = Dictionary(
        try Segments(of: programme.account).all(limit: Limits.page, in: &tx).map { ($0.id, $0.details.name) },
        uniquingKeysWith: { first, _ in first })
    }
  }

  /// Segments shown, those with most receipts first.
  static let mostSegments = 20

  let report: WhatIfReport
  let names: Names
  /// Of the promotion's pages.
  let path: String
  let reader: Reader
  let points: PointsName
  /// Of a sample, and not of all receipts of a period.
  var isSample = true
  /// Assumed growth of the changed receipts' turnover.
  var response: Rate?

  var html: Markup {
    let held = Notice.info(
      reader(
        "Прошлые чеки пересчитаны по правилам: люди купили ровно то, что купили. Новые покупки акция здесь не приводит.",
        "Past receipts priced anew: people bought just what they bought. No new purchases are assumed."))
    let counted =
      report.remembers
      ? Notice.info(
        reader(
          isSample
            ? "Лимиты, бюджеты, суммы за период и печати черновика посчитаны от чека к чеку, начиная с первого чека выборки."
            : "Лимиты, бюджеты, суммы за период и печати черновика посчитаны от чека к чеку, начиная с первого чека периода.",
          isSample
            ? "The draft's limits, budgets, sums over time and stamps are counted from receipt to receipt, from the first one of the sample."
            : "The draft's limits, budgets, sums over time and stamps are counted from receipt to receipt, from the first one of the period."
        ))
      : ""
    return """
      \(held)\(counted)<div class="columns">\(sums)<div class="stack">\(MarginPanel(report: report, reader: reader).html)\(assumed)</div></div>\
      <div class="columns">\(byTier)\(bySegment)</div>\(largest)
      """
  }

  /// What would have to be sold besides. Of the margin where costs are known of at least half of the turnover.
  private var assumed: Markup? {
    let touched = report.touchedTurnover.minor
    guard report.cost > 0, touched > 0 else { return nil }
    var rows: [(String, Markup?)] = []
    if let known = report.marginKnown, known.ppm >= 500_000, report.margin.before > .zero {
      let margin = scaled(touched, by: report.margin.before.minor, over: report.margin.turnover.minor, .halfUp)
      if margin > 0 {
        let growth = Rate(ppm: scaled(report.cost, by: 1_000_000, over: margin, .halfUp))
        rows.append(
          (
            reader("Окупилась бы при росте", "Would pay for itself at a growth"),
            "\(reader("этих чеков на \(reader.share(tenths(growth)))", "of these receipts by \(reader.share(tenths(growth)))"))"
          ))
      }
    }
    if let response {
      let more = Money(minor: scaled(touched, by: response.ppm, over: 1_000_000, .halfUp))
      rows.append(
        (
          reader("Ваше допущение", "Your assumption"),
          "\(reader("+\(reader.share(response)) к обороту изменившихся чеков: \(reader.money(more))", "+\(reader.share(response)) of the changed receipts' turnover: \(reader.money(more))"))"
        ))
    }
    guard !rows.isEmpty else { return nil }
    return FactList(rows: rows).panel(reader("Чего это стоит добиться", "What it has to bring"))
  }

  private var sums: Markup {
    let more = report.change.discount.minor >= 0
    let discount = Money(minor: abs(report.change.discount.minor))
    let gained = report.change.points.units >= 0
    let given = Points(units: abs(report.change.points.units))
    let thousand = Money(minor: scaled(report.cost, by: 1_000, over: report.receipts, .halfUp))
    let per = reader("\(reader.money(thousand)) на 1000 чеков", "\(reader.money(thousand)) for 1,000 receipts")
    let share = report.costShare.map { reader("\(reader.share(tenths($0))) выручки", "\(reader.share(tenths($0))) of turnover") }
    return FactList(rows: [
      (
        isSample ? reader("Чеков в выборке", "Receipts in the sample") : reader("Чеков", "Receipts"),
        "\(reader.number(report.receipts))\(days)"
      ),
      (reader("С картой", "With a card"), "\(reader.number(report.withMember))"),
      (
        reader("Изменилось бы", "Would have changed"),
        "\(reader.number(report.touched)) (\(part(report.touched, of: report.receipts)))"
      ),
      (
        reader("Дороже для покупателя", "Dearer for the shopper"), report.worse > 0 ? "\(reader.number(report.worse))" : nil
      ),
      (
        more ? reader("Скидок больше на", "More reductions by") : reader("Скидок меньше на", "Fewer reductions by"),
        "\(reader.money(discount))"
      ),
      (
        gained ? reader("Начислений больше на", "More earned by") : reader("Начислений меньше на", "Less earned by"),
        "\(reader.named(given, points))"
      ),
      (reader("Стоило бы", "Would have cost"), "<b>\(reader.money(Money(minor: report.cost)))</b> \(share ?? "")<br>\(per)"),
    ]).panel(reader("Итог", "In all"))
  }

  private var days: String {
    report.days.map {
      reader(
        ", \(reader.date($0.lowerBound)) – \(reader.date($0.upperBound))",
        ", \(reader.date($0.lowerBound)) – \(reader.date($0.upperBound))")
    } ?? ""
  }

  private func part(_ part: Int64, of whole: Int64) -> String {
    reader.share(tenths(Rate(ppm: scaled(part, by: 1_000_000, over: max(1, whole), .halfUp))))
  }

  /// To a tenth of a percent.
  private func tenths(_ rate: Rate) -> Rate { Rate(ppm: scaled(rate.ppm, by: 1, over: 1_000, .halfUp) * 1_000) }

  private var byTier: Markup? {
    guard report.touched > 0 else { return nil }
    let rows = report.byTier.sorted { ($0.value.receipts, $1.key?.raw ?? 0) > ($1.value.receipts, $0.key?.raw ?? 0) }.map {
      tier, sums -> Markup in
      row(tier.map { id in names.tiers[id].map { reader($0) } ?? "\(id)" } ?? reader("без уровня", "no tier"), sums)
    }
    return winners(reader("Кому досталось бы", "Who would have had it"), reader("Уровень", "Tier"), rows)
  }

  /// A member in several segments stands in each of them: the rows do not add up to the whole.
  private var bySegment: Markup? {
    guard !report.bySegment.isEmpty else { return nil }
    let rows = report.bySegment.sorted { ($0.value.receipts, $1.key.raw) > ($1.value.receipts, $0.key.raw) }
      .prefix(Self.mostSegments).map { segment, sums in row(names.segments[segment].map { reader($0) } ?? "\(segment)", sums) }
    return winners(
      reader("Каким сегментам досталось бы", "Which segments would have had it"), reader("Сегмент", "Segment"), rows)
  }

  private func row(_ name: String, _ sums: WhatIfReport.Sums) -> Markup {
    """
    <tr><th scope="row">\(name)</th><td class="num">\(reader.number(sums.receipts))</td><td class="num">\(reader.money(sums.discount))</td>\
    <td class="num">\(reader.points(sums.points))</td></tr>
    """
  }

  private func winners(_ label: String, _ first: String, _ rows: [Markup]) -> Markup {
    DataTable(
      label: label,
      columns: [
        .text(first), .number(reader("Чеков", "Receipts")), .number(reader("Скидки", "Reductions")),
        .number(reader("Начисления", "Earned")),
      ], rows: rows, width: .tight
    ).panel(heading: true)
  }

  private var largest: Markup? {
    guard !report.largest.isEmpty else { return nil }
    let rows = report.largest.map { example -> Markup in
      """
      <tr><th scope="row"><a href="\(path)/what-if/\(String(example.owner))/\(example.receipt)">\(example.receipt)</a></th>\
      <td class="num">\(reader.money(example.amountNow))</td><td class="num">\(reader.money(example.amountThen))</td>\
      <td class="num">\(reader.points(example.pointsNow))</td><td class="num">\(reader.points(example.pointsThen))</td>\
      <td class="num">\(reader.money(Money(minor: example.cost)))</td></tr>
      """
    }
    return DataTable(
      label: reader("Самые дорогие чеки", "The most costly receipts"),
      columns: [
        .text(reader("Чек", "Receipt")), .number(reader("Сейчас", "Now")), .number(reader("Стало бы", "Then")),
        .number(reader("Баллов сейчас", "Points now")), .number(reader("Баллов стало бы", "Points then")),
        .descending(reader("Стоит", "Costs")),
      ], rows: rows
    ).panel(heading: true)
  }
}
