import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  /// A saved version on past receipts, beside the rules that tills have; where tills have it just so, beside the same without it. A sample:
  /// at most `PromotionWhatIf.most` receipts, priced while the page waits. Nothing is written.
  func promotionWhatIf(_ visit: Visit) async throws -> Answer {
    let view = try await looked(visit)
    let days = Int(visit.call.query["days"] ?? "").flatMap { PromotionWhatIf.spans.contains($0) ? $0 : nil } ?? 28
    var page = PromotionWhatIf(view: view, days: days, visit: visit)
    if let promotion = view.promotion {
      let bench = view.bench
      let (base, draft, isWithout) = bench.whatIf(promotion)
      page.isWithout = isWithout
      let programme = bench.programme
      page.report = try await WhatIf(draft, against: base, of: programme).run(
        .sample(since: visit.call.at - .days(Int64(days)), most: PromotionWhatIf.most), on: database)
      page.tiers = try await database.read { tx in
        Dictionary(
          try programme.tiers.all(in: &tx).values.map { ($0.id, $0.details.name) }, uniquingKeysWith: { first, _ in first })
      }
      page.segments = try await database.read { tx in
        Dictionary(
          try Segments(of: programme.account).all(limit: Limits.page, in: &tx).map { ($0.id, $0.details.name) },
          uniquingKeysWith: { first, _ in first })
      }
    }
    return visit.show(page.page, in: .promotions)
  }
}

struct PromotionWhatIf {
  /// Receipts of one page: half a second's work.
  static let most = 5_000
  static let spans = [7, 28, 91]
  /// Segments shown, those with most receipts first.
  static let mostSegments = 20

  let view: PromotionView
  let days: Int
  let visit: Visit
  var report: WhatIfReport?
  var tiers: [TierID: LocalText] = [:]
  var segments: [SegmentID: LocalText] = [:]
  /// Tills have it as it is: then "now" is what would be without it.
  var isWithout = false

  private var reader: Reader { visit.reader }
  private var points: PointsName { view.bench.programme.settings.pointsName }

  var page: Page {
    let spans = Self.spans.map { span -> Markup in
      let mark: Markup = span == days ? " aria-current=\"true\"" : ""
      return
        "<a href=\"\(view.path)/what-if?days=\(span)\"\(mark)>\(reader.count(span, ("день", "дня", "дней"), ("day", "days")))</a>"
    }
    let choice: Markup = """
      <div class="row wrap between"><nav class="segmented" aria-label="\(reader("Чеки за", "Receipts of"))">\(spans)</nav></div>
      """
    return Page(
      title: reader("Что было бы", "What if"), notes: [view.stored.name(reader), note], crumbs: view.crumbs(reader),
      body: "<div class=\"page-body\">\(choice)\(content)</div>")
  }

  private var note: String {
    isWithout
      ? reader("С этой акцией, как она на кассах, и без неё", "With this promotion as tills have it, and without it")
      : reader(
        "Версия \(view.stored.version) рядом с правилами на кассах",
        "Version \(view.stored.version) beside the rules that tills have")
  }

  private var content: Markup {
    guard view.issues.isEmpty else { return IssueList.notice(view.issues, reader) }
    guard let report, report.receipts > 0 else {
      return Notice.info(reader("За эти дни чеков нет", "There are no receipts of these days"))
    }
    let held = Notice.info(
      reader(
        "Прошлые чеки пересчитаны по правилам: люди купили ровно то, что купили. Новые покупки акция здесь не приводит.",
        "Past receipts priced anew: people bought just what they bought. No new purchases are assumed."))
    let counted =
      report.remembers
      ? Notice.info(
        reader(
          "Лимиты, бюджеты, суммы за период и печати черновика посчитаны от чека к чеку, начиная с первого чека выборки.",
          "The draft's limits, budgets, sums over time and stamps are counted from receipt to receipt, from the first one of the sample."
        ))
      : ""
    return """
      \(held)\(counted)<div class="columns">\(sums(report))\(MarginPanel(report: report, reader: reader).html)</div>\
      <div class="columns">\(byTier(report))\(bySegment(report))</div>\(largest(report))
      """
  }

  private func sums(_ report: WhatIfReport) -> Markup {
    let more = report.change.discount.minor >= 0
    let discount = Money(minor: abs(report.change.discount.minor))
    let gained = report.change.points.units >= 0
    let given = Points(units: abs(report.change.points.units))
    let thousand = Money(minor: scaled(report.cost, by: 1_000, over: report.receipts, .halfUp))
    let per = reader("\(reader.money(thousand)) на 1000 чеков", "\(reader.money(thousand)) for 1,000 receipts")
    let share = report.costShare.map { reader("\(reader.share(tenths($0))) выручки", "\(reader.share(tenths($0))) of turnover") }
    return FactList(rows: [
      (reader("Чеков в выборке", "Receipts in the sample"), "\(reader.number(report.receipts))\(days(report))"),
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

  private func days(_ report: WhatIfReport) -> String {
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

  private func byTier(_ report: WhatIfReport) -> Markup? {
    guard report.touched > 0 else { return nil }
    let rows = report.byTier.sorted { ($0.value.receipts, $1.key?.raw ?? 0) > ($1.value.receipts, $0.key?.raw ?? 0) }.map {
      tier, sums -> Markup in
      row(tier.map { id in tiers[id].map { reader($0) } ?? "\(id)" } ?? reader("без уровня", "no tier"), sums)
    }
    return winners(reader("Кому досталось бы", "Who would have had it"), reader("Уровень", "Tier"), rows)
  }

  /// A member in several segments stands in each of them: the rows do not add up to the whole.
  private func bySegment(_ report: WhatIfReport) -> Markup? {
    guard !report.bySegment.isEmpty else { return nil }
    let rows = report.bySegment.sorted { ($0.value.receipts, $1.key.raw) > ($1.value.receipts, $0.key.raw) }
      .prefix(Self.mostSegments).map { segment, sums in row(segments[segment].map { reader($0) } ?? "\(segment)", sums) }
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

  private func largest(_ report: WhatIfReport) -> Markup? {
    guard !report.largest.isEmpty else { return nil }
    let rows = report.largest.map { example -> Markup in
      """
      <tr><th scope="row"><a href="\(view.path)/what-if/\(String(example.owner))/\(example.receipt)">\(example.receipt)</a></th>\
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
