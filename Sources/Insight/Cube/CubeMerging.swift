import Cube
import Kernel
import Loyalty

extension CubeKeeper {
  /// Writes rolls with everything that came since, and goes on with them. Costs as much as the rolls are long; asking goes on meanwhile.
  /// - Parameter isForCosts: only where lines of the rolls cost something else by now; what came since can wait.
  public func merge(forCosts isForCosts: Bool = false) async throws {
    guard !isMerging, var settled = open, settled.hasLate || !settled.costNews.isEmpty else { return }
    try settled.settle()
    open = settled
    let known = settled
    isMerging = true
    defer { isMerging = false }
    let folder = folder
    do {
      let costs = try await correction(known)
      guard (known.hasLate && !isForCosts) || costs != nil else { return settleCosts(of: known) }
      try await folder.writing {
        guard folder.mark == known.mark else { return }
        try await Hands.run { try folder.put(known.merged(into: folder, costs: costs)) }
      }
      try await openNewest()
    } catch CubeFailure.busy { return }
  }

  /// What goods cost now, where lines of the rolls cost something else by it. One walk over their products where costs changed at all.
  private func correction(_ known: Opened) async throws -> CostCorrection? {
    guard !known.costNews.isEmpty else { return nil }
    let (account, news, codes, rolls) = (scope.account, known.costNews, known.contents.codes, known.rolls)
    let book = try await database.read { tx in
      var book = CostBook(of: account)
      try book.learn(news.asked(of: codes.products), in: &tx)
      return book
    }
    let correction = news.correction(GoodsCosts(book, known.backdrop.stores), codes)
    return try await Hands.run { rolls.contains { $0.isOtherwise(by: correction) } } ? correction : nil
  }

  /// Nothing in the rolls costs something else: most costs begin today, and what was sold today came after the rolls.
  private func settleCosts(of known: Opened) {
    guard var now = open, now.mark == known.mark, now.costed == known.costed else { return }
    now.settleCosts()
    open = now
  }
}
