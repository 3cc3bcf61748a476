import Access
import Calculator

extension StorePlace {
  /// Where the store lies, in the words of its address, and what kind of shop it is.
  public init(_ store: Store) {
    let address = store.details.address
    self.init(priceZone: store.priceZone, region: address.region, city: address.city, format: store.details.format)
  }
}
