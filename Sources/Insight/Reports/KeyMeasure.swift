import Cube
import Kernel

/// A figure of the board. The words are stored with targets and never change.
public enum KeyMeasure: String, CaseIterable, Sendable {
  case sales, salesWithCard = "sales-with-card", shareWithCard = "share-with-card"
  case receipts, averageReceipt = "average-receipt", depth
  case members, visitsPerMember = "visits-per-member", new, returned, retention
  case active, sleeping, lost, churned
  case margin, redemption, breakage

  public var title: LocalText {
    switch self {
    case .sales: LocalText(ru: "Выручка", en: "Revenue")
    case .salesWithCard: LocalText(ru: "Выручка с картой", en: "Revenue with a card")
    case .shareWithCard: LocalText(ru: "Доля с картой", en: "Share with a card")
    case .receipts: LocalText(ru: "Чеки", en: "Receipts")
    case .averageReceipt: LocalText(ru: "Средний чек", en: "Average receipt")
    case .depth: LocalText(ru: "Позиций в чеке", en: "Lines of a receipt")
    case .members: LocalText(ru: "Покупатели", en: "Members who bought")
    case .visitsPerMember: LocalText(ru: "Визитов на покупателя", en: "Visits of each")
    case .new: LocalText(ru: "Новые", en: "New")
    case .returned: LocalText(ru: "Вернувшиеся", en: "Returned")
    case .retention: LocalText(ru: "Удержание", en: "Retention")
    case .active: LocalText(ru: "Активные", en: "Active")
    case .sleeping: LocalText(ru: "Спящие", en: "Sleeping")
    case .lost: LocalText(ru: "Потерянные", en: "Lost")
    case .churned: LocalText(ru: "Отток", en: "Churned")
    case .margin: LocalText(ru: "Маржа", en: "Margin")
    case .redemption: LocalText(ru: "Списание бонусов", en: "Redemption")
    case .breakage: LocalText(ru: "Сгорание бонусов", en: "Breakage")
    }
  }

  public var unit: ReportSheet.Unit {
    switch self {
    case .sales, .salesWithCard, .averageReceipt: .money
    case .shareWithCard, .retention, .margin, .redemption, .breakage: .percent
    case .depth, .visitsPerMember: .quantity
    case .receipts, .members, .new, .returned, .active, .sleeping, .lost, .churned: .count
    }
  }

  /// Whether more is better; nil where it is neither.
  public var isGood: Bool? {
    switch self {
    case .sleeping, .lost, .churned: false
    case .redemption, .breakage: nil
    default: true
    }
  }

  /// Whether a month's figure is that of its days added up. Different people are not, but a target of them is read so all the same.
  public var addsUp: Bool {
    switch self {
    case .sales, .salesWithCard, .receipts, .new, .returned, .churned: true
    default: false
    }
  }

  /// In its smallest unit; nil where there is nothing to divide by. Halves are rounded up.
  /// - Parameter ended: points of the twelve months up to the period's last, which the journal knows and receipts do not.
  public func value(_ figures: KeyFigures.Of, ended: PointsEnded = PointsEnded()) -> Int64? {
    func ratio(_ part: Int64, _ whole: Int64, _ scale: Int64) -> Int64? {
      whole <= 0 ? nil : scaled(part, by: scale, over: whole, .halfUp)
    }
    let sales = figures.sales + figures.salesOfNobody
    let receipts = figures.receipts + figures.receiptsOfNobody
    return switch self {
    case .sales: sales
    case .salesWithCard: figures.sales
    case .shareWithCard: ratio(figures.sales, sales, 1_000_000)
    case .receipts: receipts
    case .averageReceipt: ratio(sales, receipts, 1)
    case .depth: ratio(figures.lines, receipts, 1_000)
    case .members: figures.members
    case .visitsPerMember: ratio(figures.visits, figures.members, 1_000)
    case .new: figures.new
    case .returned: figures.returned
    case .retention: ratio(figures.kept, figures.membersBefore, 1_000_000)
    case .active: figures.active
    case .sleeping: figures.sleeping
    case .lost: figures.lost
    case .churned: figures.churned
    case .margin: ratio(figures.costed - figures.cost, figures.costed, 1_000_000)
    case .redemption: ratio(figures.spent, figures.earned, 1_000_000)
    case .breakage: ratio(ended.expired, ended.expired + ended.spent, 1_000_000)
    }
  }
}
