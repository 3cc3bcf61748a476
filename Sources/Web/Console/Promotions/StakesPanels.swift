import Access
import Calculator
import Kernel
import Loyalty
import Synchronization

/// Regular prices and costs of accounts' goods, kept for as long as their catalogue and the day are the same.
final class PriceShelf: Sendable {
  /// Accounts kept; an installation has a few.
  private static let most = 16

  private struct Kept {
    let version: Int64
    let day: CivilDay
    let values: [ProductID: GoodsValue]
  }

  private let kept = Mutex<[AccountID: Kept]>([:])

  func values(of account: AccountID, _ version: Int64, _ day: CivilDay) -> [ProductID: GoodsValue]? {
    kept.withLock { kept in kept[account].flatMap { $0.version == version && $0.day == day ? $0.values : nil } }
  }

  func keep(_ values: [ProductID: GoodsValue], of account: AccountID, _ version: Int64, _ day: CivilDay) {
    kept.withLock { kept in
      if kept.count >= Self.most, kept[account] == nil { kept.removeAll() }
      kept[account] = Kept(version: version, day: day, values: values)
    }
  }
}

/// What a promotion puts at stake: sales below cost, its budget, caps of payers.
struct StakesPanels {
  let company: ConflictCheck.Company
  let book: RuleBook
  let goods: [ProductID: LocalText]
  let stakes: Stakes
  let about: PromotionID
  let reader: Reader

  var html: Markup { "\(cost)\(budget)\(Markup(company.overdrawn.map(cap)))" }

  private func name(_ place: Int) -> Markup {
    let promotion = book.promotions[place]
    return promotion.id == about
      ? "\(reader(promotion.name))" : "<a href=\"/console/promotions/\(promotion.id)/beside\">\(reader(promotion.name))</a>"
  }

  private func names(_ places: [Int]) -> Markup {
    Markup(places.enumerated().map { number, place -> Markup in number == 0 ? name(place) : " + \(name(place))" })
  }

  private func basket(_ example: ExampleBasket) -> String {
    let line = example.basket.lines[0]
    let product = goods[line.product.id].map { reader($0) } ?? reader("любой товар", "any product")
    let more = example.basket.lines.count - 1
    let rest =
      more > 0
      ? reader(
        " и ещё \(reader.count(more, ("строка", "строки", "строк"), ("line", "lines")))",
        " and \(reader.count(more, ("строка", "строки", "строк"), ("line", "lines"))) more") : ""
    return "\(product), \(reader.number(line.quantity)) × \(reader.money(line.price))\(rest)"
  }

  // MARK: Below cost

  private var cost: Markup? {
    guard book.promotions.first(where: { $0.id == about })?.benefit.isReduction ?? false else { return nil }
    guard !stakes.values.isEmpty else {
      return Notice.info(
        reader(
          "Себестоимость неизвестна: будет ли товар дешевле неё, не проверено.",
          "Costs are not known: whether goods sell below theirs was not looked at."))
    }
    let known = reader(
      "Себестоимость и цена известны у \(reader.number(Int64(stakes.values.count))) товаров из \(reader.number(Int64(stakes.products.count))).",
      "Cost and price are known of \(reader.number(Int64(stakes.values.count))) products of \(reader.number(Int64(stakes.products.count)))."
    )
    guard !company.belowCost.isEmpty else {
      return Notice.good(
        reader("Продажи ниже себестоимости не нашлось. \(known)", "No sale below cost was found. \(known)"))
    }
    let rows = company.belowCost.prefix(PromotionBeside.most).map { finding -> Markup in
      let alone: Markup? = finding.isAlone ? "<small>\(reader("без других акций", "without other promotions"))</small>" : nil
      return """
        <tr><th scope="row">\(names(finding.promotions))\(alone)</th><td class="num">\(reader.money(finding.shelf))</td>\
        <td class="num"><b>\(reader.money(finding.amount))</b></td><td class="num">\(reader.money(finding.cost))</td>\
        <td>\(basket(finding.example))</td></tr>
        """
    }
    let table = DataTable(
      label: reader("Ниже себестоимости", "Below cost"),
      columns: [
        .text(reader("Акции", "Promotions")), .number(reader("Полка", "Shelf")), .number(reader("Станет", "Then")),
        .number(reader("Себестоимость", "Cost")), .text(reader("На каком чеке", "On which basket")),
      ], rows: rows
    ).panel(heading: true)
    return
      "\(Notice.warning(reader("Товар можно продать дешевле, чем он стоил. \(known)", "Goods can sell for less than they cost. \(known)")))\(table)"
  }

  // MARK: Budgets and caps

  private var budget: Markup? {
    guard let found = company.exhausting else { return nil }
    let left: String
    switch found.left {
    case .money(let money): left = reader.money(money)
    case .points(let points): left = reader.points(points)
    }
    guard let example = found.example else {
      return Notice.warning(reader("Её бюджет израсходован: больше она не даст ничего.", "Its budget is spent: it gives no more."))
    }
    let (whole, what) = (reader.money(found.shelf), basket(example))
    if let whose = found.scope.budgetWords(reader) {
      return Notice.warning(
        reader(
          "Один чек на \(whole) забирает весь \(whose) (\(left)): \(what).",
          "One receipt of \(whole) takes all of \(whose) (\(left)): \(what)."))
    }
    return Notice.warning(
      reader(
        "Один чек на \(whole) забирает всё, что осталось от бюджета (\(left)): \(what).",
        "One receipt of \(whole) takes all that is left of its budget (\(left)): \(what)."))
  }

  private func cap(_ found: ConflictReport.Overdrawn) -> Markup {
    let cap = stakes.caps[found.cap]
    let others = found.promotions.count - 1
    let shared =
      others > 0
      ? reader(
        "его делят ещё \(reader.count(others, ("акция", "акции", "акций"), ("promotion", "promotions")))",
        "shared with \(reader.count(others, ("акция", "акции", "акций"), ("promotion", "promotions"))) more") : nil
    let most =
      found.most.map { reader("вместе они могут отдать \(reader.money($0))", "together they can give \(reader.money($0))") }
      ?? reader("общего предела у самих акций нет", "promotions themselves have no bound")
    let single = found.single?.example.map { example in
      reader("Хватит одного чека: \(basket(example)).", "One receipt is enough: \(basket(example)).")
    }
    let said = [shared, most].compactMap { $0 }.joined(separator: ", ")
    let text = reader(
      "Предел плательщика \(cap.code) \(cap.contract): осталось \(reader.money(found.left)), \(said). Сверх него платит сеть.",
      "Cap of payer \(cap.code) \(cap.contract): \(reader.money(found.left)) left, \(said). Beyond it the retailer pays.")
    return Notice.warning([text, single].compactMap { $0 }.joined(separator: " "))
  }
}
