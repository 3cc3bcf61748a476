import Cube
import Kernel

/// Questions to begin with.
struct ReadyPivot {
  let name: LocalText
  let pivot: Pivot

  static let all: [ReadyPivot] = [
    ReadyPivot(
      name: LocalText(ru: "Разделы по месяцам", en: "Departments by month"),
      pivot: make(rows: [.department], columns: [.month], values: [.sales], sort: .sales)),
    ReadyPivot(
      name: LocalText(ru: "Магазины", en: "Stores"),
      pivot: make(rows: [.store], values: [.sales, .receipts, .members, .averageReceipt, .unitsPerReceipt], sort: .sales, top: 50)),
    ReadyPivot(
      name: LocalText(ru: "Часы и дни недели", en: "Hours and weekdays"),
      pivot: make(rows: [.hour], columns: [.weekday], values: [.receipts])),
    ReadyPivot(
      name: LocalText(ru: "Новые покупатели", en: "New members"),
      pivot: make(rows: [.month], values: [.newMembers, .members, .visits, .visitsPerMember, .perMember])),
    ReadyPivot(
      name: LocalText(ru: "С картой и без", en: "With and without a card"),
      pivot: make(rows: [.month], columns: [.card], values: [.sales, .receipts, .averageReceipt])),
    ReadyPivot(
      name: LocalText(ru: "Акции", en: "Promotions"),
      pivot: make(
        rows: [.promotion], values: [.sales, .discount, .pointsEarned, .receipts, .members, .averageReceipt], sort: .discount)),
    ReadyPivot(
      name: LocalText(ru: "Ценовые ступени", en: "Price bands"),
      pivot: make(rows: [.priceBand], columns: [.priceLevel], values: [.sales, .units])),
    ReadyPivot(
      name: LocalText(ru: "Возраст и пол", en: "Age and sex"),
      pivot: make(rows: [.age], columns: [.sex], values: [.sales, .members, .averageReceipt])),
    ReadyPivot(
      name: LocalText(ru: "Уровни", en: "Tiers"),
      pivot: make(rows: [.tier], columns: [.month], values: [.sales, .members])),
    ReadyPivot(
      name: LocalText(ru: "Товары", en: "Products"),
      pivot: make(rows: [.product], values: [.sales, .units, .price, .members, .discountShare], sort: .sales, top: 50)),
    ReadyPivot(
      name: LocalText(ru: "Баллы по месяцам", en: "Points by month"),
      pivot: make(
        rows: [.month], values: [.pointsEarned, .pointsSpent, .pointsExpired, .paidWithPoints, .discount, .discountShare])),
  ]

  private static func make(
    rows: [Dimension], columns: [Dimension] = [], values: [Measure], sort: Measure? = nil, top: Int? = nil
  ) -> Pivot {
    var pivot = Pivot(rows: rows, columns: columns, values: values)
    if let sort { pivot.order = .value(sort, isDescending: true) }
    pivot.top = top
    return pivot
  }
}
