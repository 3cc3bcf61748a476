/// What goods cost by what is known now, for lines that were taken in when it was not known yet, or was otherwise.
///
/// A merge writes costs by it; whatever it does not speak of stays as it is. Costs a look at two small tables for each line, and the
/// catalogue's book for those that it speaks of.
public struct CostCorrection: Sendable {
  /// By product code: from which business day on its cost may be another; `never` where it is not.
  private let since: [UInt16]
  /// By store code: nothing there costs what it did, for the store is in another price zone.
  private let stores: [Bool]
  private let cost: @Sendable (_ product: UInt32, _ store: UInt32, _ day: UInt16, _ quantity: Int64) -> Int64?

  public static let never = UInt16.max

  /// - Parameter cost: what this quantity of a product cost in a store on a day, in minor units; nil where nobody knows. A function of the
  ///   catalogue and nothing else: lines that are corrected twice are as if they were corrected once.
  public init(
    since: [UInt16], stores: [Bool],
    cost: @escaping @Sendable (_ product: UInt32, _ store: UInt32, _ day: UInt16, _ quantity: Int64) -> Int64?
  ) {
    (self.since, self.stores, self.cost) = (since, stores, cost)
  }

  /// It speaks of such lines.
  @inline(__always)
  func concerns(product: UInt32, store: UInt32, day: UInt16) -> Bool {
    if Int(store) < stores.count, stores[Int(store)] { return true }
    return Int(product) < since.count && since[Int(product)] <= day && since[Int(product)] != Self.never
  }

  /// What a line that it speaks of costs, and how much of its sales that is the cost of.
  func costs(product: UInt32, store: UInt32, day: UInt16, quantity: Int64, amount: Int64) -> (cost: Int64, costed: Int64) {
    cost(product, store, day, quantity).map { ($0, amount) } ?? (0, 0)
  }
}

extension CostCorrection {
  private static func place(_ column: RollColumn) -> Int { RollColumn.sums.firstIndex(of: column) ?? 0 }
  private static let places = (
    quantity: place(.quantity), amount: place(.amount), cost: place(.cost), costed: place(.costed)
  )

  /// The same receipt by these costs; nil where it stays what it is.
  public func corrected(_ receipt: CubeReceipt) -> CubeReceipt? {
    var changed = receipt
    let places = Self.places
    for (index, line) in receipt.lines.enumerated()
    where concerns(product: line.product, store: receipt.store, day: receipt.day) {
      let now = costs(
        product: line.product, store: receipt.store, day: receipt.day, quantity: line.sums[places.quantity],
        amount: line.sums[places.amount])
      (changed.lines[index].sums[places.cost], changed.lines[index].sums[places.costed]) = (now.cost, now.costed)
    }
    return changed == receipt ? nil : changed
  }
}

extension Roll {
  /// What a line costs by a correction, or as it stands.
  func costs(_ line: Int, _ order: ReceiptOrder, by correction: CostCorrection, _ products: Span<UInt32>) -> (
    cost: Int64, costed: Int64
  ) {
    guard correction.concerns(product: products[line], store: order.store, day: order.day) else {
      return (sum(.cost, at: line), sum(.costed, at: line))
    }
    return correction.costs(
      product: products[line], store: order.store, day: order.day, quantity: sum(.quantity, at: line),
      amount: sum(.amount, at: line))
  }

  /// True where lines would be written with other costs. One walk over the products, up to the first such line.
  public func isOtherwise(by correction: CostCorrection) -> Bool {
    let products = unsafe Span(_unsafeElements: values(.product, as: UInt32.self))
    for receipt in 0..<receipts {
      let order = order(of: receipt)
      for line in lines(of: receipt)
      where correction.concerns(product: products[Int(line)], store: order.store, day: order.day) {
        let now = costs(Int(line), order, by: correction, products)
        if now.cost != sum(.cost, at: Int(line)) || now.costed != sum(.costed, at: Int(line)) { return true }
      }
    }
    return false
  }
}
