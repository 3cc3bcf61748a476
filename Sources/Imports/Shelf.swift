import Calculator
import Conditions
import Kernel
import Loyalty
import Tables

/// The catalogue as lines of receipts ask for it: a product by the bytes of its code, and what is the same for every line of it.
struct Shelf: Sendable {
  private let index: CatalogueIndex
  /// Places of products by the hash of their codes, at least half of them free; -1 is a free one.
  private let slots: [Int32]
  /// The codes, one behind the other, and where each ends.
  private let letters: [UInt8]
  private let ends: [Int32]
  /// What one count of the file is of the product's unit, in millionths; 0: pieces.
  private let factors: [Int64]
  private let kinds: [LineKind?]
  private let kindOfCategory: [CategoryID: LineKind]

  /// - Parameters:
  ///   - counts: what one count of the file is of a unit, in millionths.
  ///   - kinds: lines that are not goods, by category.
  init(_ index: CatalogueIndex, counts: [UnitOfMeasure: Int64] = [:], kinds: [CategoryID: LineKind] = [:]) {
    var size = 16
    while size < index.count * 2 { size *= 2 }
    var slots = Array(repeating: Int32(-1), count: size)
    var letters: [UInt8] = []
    var ends: [Int32] = []
    for place in 0..<index.count {
      let field = Field(index.code(at: place))
      letters.append(contentsOf: field.utf8)
      ends.append(Int32(letters.count))
      var slot = Int(truncatingIfNeeded: field.hash) & (size - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = Int32(place)
    }
    (self.index, self.slots, self.letters, self.ends, kindOfCategory) = (index, slots, letters, ends, kinds)
    factors = counts.isEmpty ? [] : (0..<index.count).map { counts[index.unit(at: $0)] ?? 0 }
    self.kinds =
      kinds.isEmpty ? [] : (0..<index.count).map { place in index.facts(at: place).categories.lazy.compactMap { kinds[$0] }.first }
  }

  /// Nil where the catalogue does not know the code.
  func place(of code: Field) -> Int? {
    var slot = Int(truncatingIfNeeded: code.hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let place = Int(slots[slot])
      if code.equals(letters, from: place == 0 ? 0 : Int(ends[place - 1]), to: Int(ends[place])) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  func facts(_ place: Int) -> ProductFacts { index.facts(at: place) }

  /// What one count of the file is of the product's unit, in millionths; nil where the file counts in units.
  func factor(_ place: Int) -> Int64? { factors.isEmpty || factors[place] == 0 ? nil : factors[place] }

  func kind(_ place: Int, _ quantity: Quantity) -> LineKind {
    if !kinds.isEmpty, let kind = kinds[place] { return kind }
    return quantity.wholePieces == nil ? .weighed : .goods
  }

  /// Of a product that came after the catalogue was read.
  func kind(of product: ProductFacts, _ quantity: Quantity) -> LineKind {
    for category in product.categories { if let kind = kindOfCategory[category] { return kind } }
    return quantity.wholePieces == nil ? .weighed : .goods
  }
}
