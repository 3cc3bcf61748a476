import Calculator
import Kernel

extension Promotion {
  /// Member prices as a new promotion has them: for everybody who is known, at the stage of prices.
  public static func memberPrices(_ list: PriceList, id: PromotionID, code: String, name: LocalText) -> Promotion {
    Promotion(id: id, code: code, name: name, condition: .identified, benefit: .prices(list))
  }

  /// The same promotion with other prices; everything else stays as somebody set it up.
  public func priced(by list: PriceList) -> Promotion {
    var next = self
    next.benefit = .prices(list)
    return next
  }

  /// Its prices, where that is what it gives.
  public var priceList: PriceList? { if case .prices(let list) = benefit { list } else { nil } }
}
