import Calculator
import Conditions
import Kernel
import Testing

@Suite struct MentionTests {
  private static let tea = ProductFacts(
    id: ProductID(1), categories: [CategoryID(11), CategoryID(10)], brand: ProductBrandID(20), manufacturer: ManufacturerID(30),
    attributes: [AttributeID(40)])

  private static func promotion(on target: ProductFilter = .everything, when condition: Condition = .all([])) -> Promotion {
    Promotion(
      id: PromotionID(1), code: "p", name: LocalText(ru: "п", en: "p"), condition: condition, target: target,
      benefit: .percent(Rate(ppm: 100_000), of: .reduced))
  }

  @Test(
    arguments: [
      (promotion(on: .products([ProductID(1)])), [Mention(.product, .target)]), (promotion(on: .products([ProductID(2)])), []),
      (promotion(), []), (promotion(on: .categories([CategoryID(10)])), [Mention(.category(CategoryID(10)), .target)]),
      (promotion(on: .all([.brands([ProductBrandID(20)]), .price(atLeast: nil, atMost: nil)])), [Mention(.brand, .target)]),
      (
        promotion(on: .any([.manufacturers([ManufacturerID(30)]), .attributes([AttributeID(40)])])),
        [Mention(.manufacturer, .target), Mention(.attribute(AttributeID(40)), .target)]
      ),
      (
        promotion(on: .all([.categories([CategoryID(10)]), .none([.products([ProductID(1)])])])),
        [Mention(.category(CategoryID(10)), .target), Mention(.product, .exception)]
      ),
      (
        promotion(when: .any([.identified, .quantity(of: .products([ProductID(1)]), Bounds(atLeast: 2_000))])),
        [Mention(.product, .condition)]
      ),
      (
        promotion(when: .none([.amount(of: .categories([CategoryID(11)]), .reduced, Bounds(atLeast: 1))])),
        [Mention(.category(CategoryID(11)), .exception)]
      ),
    ] as [(Promotion, [Mention])])
  func `a promotion tells where it names a product`(_ promotion: Promotion, _ mentions: [Mention]) {
    #expect(promotion.mentions(of: Self.tea) == Set(mentions))
  }

  @Test func `a category is named by itself and by those above it`() {
    let promotion = Self.promotion(
      on: .categories([CategoryID(10)]), when: .lines(of: .categories([CategoryID(12)]), Bounds(atLeast: 1)))
    #expect(promotion.mentions(ofCategories: [CategoryID(11), CategoryID(10)]) == [Mention(.category(CategoryID(10)), .target)])
    #expect(promotion.mentions(ofCategories: [CategoryID(12)]) == [Mention(.category(CategoryID(12)), .condition)])
    #expect(promotion.mentions(ofCategories: [CategoryID(13)]).isEmpty)
  }
}
