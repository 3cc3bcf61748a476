import Calculator
import Conditions
import Kernel

/// A basket of ten lines and a rule book of which ten promotions touch it and four apply, whatever the book's size: what a
/// chain's till asks for. The rest of the book is about other goods.
struct CalculatorWorkload {
  let rules: RuleBook
  let basket: Basket
  let member: MemberSnapshot

  /// - Parameter sheet: with a sheet of 2,000 products in 40 price zones among them, which names every line and lowers four.
  init(promotions: Int, sheet: Bool = false) {
    let time = Instant(seconds: 1_790_000_000)
    let lines = (0..<10).map { index -> BasketLine in
      let category = CategoryID(Int64(index / 2 + 1))
      let product = ProductFacts(
        id: ProductID(Int64(1000 + index)), categories: [CategoryID(100), category, CategoryID(Int64(1000 + index))],
        brand: ProductBrandID(Int64(index % 4 + 1)), manufacturer: ManufacturerID(Int64(index % 3 + 1)))
      let isWeighed = index == 3
      return BasketLine(
        id: String(index + 1), product: product, quantity: isWeighed ? Quantity(thousandths: 1234) : .pieces(Int64(1 + index % 3)),
        price: Money(minor: Int64(4_990 + index * 1_310)), kind: isWeighed ? .weighed : .goods)
    }
    let store = StoreFacts(id: StoreID(7), zone: .moscow, place: StorePlace(priceZone: PriceZoneID(17)))
    basket = Basket(store: store, time: time, lines: lines, spend: .points(Points(units: 100)))
    member = MemberSnapshot(
      id: MemberID(42), tier: TierID(2), segments: [SegmentID(3)], purchases: 12, pools: [PointsPool(amount: Points(units: 540))])
    rules = RuleBook(
      version: 1, terms: ProgrammeTerms(), promotions: Self.touching() + Self.others(promotions - 10) + (sheet ? [Self.sheet] : []))
  }

  /// 80,000 prices.
  static var sheet: Promotion {
    let zones = (1...40).map { PriceZoneID?.some(PriceZoneID(Int64($0))) }
    let rows = (0..<2_000).map { row -> (ProductID, [PriceList.Price?]) in
      (
        ProductID(Int64(row < 10 ? 1000 + row : 200_000 + row)),
        zones.indices.map { column in
          row < 4 ? .amount(Money(minor: Int64(4_000 + row * 1_000))) : .amount(Money(minor: Int64(90_000 + row * 10 + column)))
        }
      )
    }
    return Promotion(
      id: PromotionID(9), code: "sheet", name: LocalText(ru: "Прайс", en: "Sheet"), condition: .identified,
      benefit: .prices(PriceList([PriceList.Page(rows: Dictionary(uniqueKeysWithValues: rows), zones: zones)])))
  }

  private static func touching() -> [Promotion] {
    func promotion(
      _ number: Int64, _ benefit: Benefit, _ target: ProductFilter, _ condition: Condition = .all([]), tags: [String] = []
    )
      -> Promotion
    {
      Promotion(
        id: PromotionID(number), code: "touch-\(number)", name: LocalText(ru: "Акция \(number)", en: "Offer \(number)"), tags: tags,
        condition: condition, target: target, benefit: benefit)
    }
    return [
      promotion(1, .percent(.percent(10), of: .reduced), .categories([CategoryID(1)])),
      promotion(
        2, .freeUnits(buy: 2, free: 1, rate: .whole, lands: .free, perProduct: false), .categories([CategoryID(2), CategoryID(3)])),
      promotion(
        3, .amount(Money(minor: 10_000)), .everything,
        .amount(of: .categories([CategoryID(100)]), .reduced, Bounds(atLeast: 50_000))),
      promotion(4, .earnRate(.percent(5)), .categories([CategoryID(100)])),
      promotion(5, .percent(.percent(15), of: .reduced), .brands([ProductBrandID(2)]), .tiers([TierID(9)])),
      promotion(
        6, .fixedPrice(Money(minor: 9_900)), .products([ProductID(1004)]), .hours(from: Clock(second: 0), until: Clock(second: 60))),
      promotion(7, .percent(.percent(20), of: .regular), .categories([CategoryID(4)]), .coupon("SUMMER")),
      promotion(8, .earnMultiplier(.percent(200)), .brands([ProductBrandID(3)]), .birthday(before: 7, after: 7)),
      promotion(9, .percent(.percent(7), of: .reduced), .manufacturers([ManufacturerID(2)]), .segments([SegmentID(88)])),
      promotion(
        10, .fixedTotal(Money(minor: 20_000)), .categories([CategoryID(5)]),
        .quantity(of: .categories([CategoryID(5)]), Bounds(atLeast: 9_000))),
    ]
  }

  private static func others(_ count: Int) -> [Promotion] {
    (0..<count).map { index in
      let id = Int64(index)
      let filter: ProductFilter =
        switch index % 4 {
        case 0: .categories([CategoryID(50_000 + id)])
        case 1: .brands([ProductBrandID(50_000 + id)])
        case 2: .products(IDList((0..<200).map { ProductID(100_000 + id * 200 + $0) }))
        default: .manufacturers([ManufacturerID(50_000 + id)])
        }
      return Promotion(
        id: PromotionID(1_000 + id), code: "other-\(index)", name: LocalText(ru: "Другая \(index)", en: "Other \(index)"),
        condition: .amount(of: filter, .reduced, Bounds(atLeast: 10_000)), target: filter,
        benefit: index % 5 == 0 ? .earnRate(.percent(10)) : .percent(.percent(10), of: .reduced))
    }
  }
}
