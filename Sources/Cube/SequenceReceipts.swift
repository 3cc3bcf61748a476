extension MemberHistory {
  /// The receipts that decide about one purchase and another after it, in the order of time.
  ///
  /// Where it is so: the last first purchase that makes it so, with what was bought after it where that is asked for. Where it is not: the last
  /// first purchases, each with what came after it and should not have. Nothing where there was no first purchase.
  public func receipts(
    _ first: HistoryQuestion.First, then: HistoryQuestion.Goods, within days: Int, happens: Bool, limit: Int
  ) -> [(id: Int64, day: UInt16)] {
    let asOf = Int(history.asOf)
    let starts = self.days(of: first.goods, first.days)
    let ends = self.days(of: then, first.days.lowerBound...UInt16.max)
    func follower(_ start: UInt16) -> UInt16? { ends.first { $0 > start && Int($0) - Int(start) <= days } }
    func holds(_ start: UInt16) -> Bool {
      happens ? follower(start) != nil : follower(start) == nil && Int(start) + days <= asOf
    }
    let deciding = starts.last(where: holds).map { [$0] } ?? starts
    var (found, seen) = ([(id: Int64, day: UInt16)](), Set<Int64>())
    // The latest first, so that the limit takes the oldest away.
    for start in deciding.reversed() where found.count < limit {
      let after = follower(start).map { receipts(of: then, $0, limit) } ?? []
      for receipt in after + receipts(of: first.goods, start, limit) where seen.insert(receipt.id).inserted {
        found.append(receipt)
      }
    }
    return found.prefix(limit).sorted { ($0.day, $0.id) < ($1.day, $1.id) }
  }

  private func receipts(of goods: HistoryQuestion.Goods, _ day: UInt16, _ limit: Int) -> [(id: Int64, day: UInt16)] {
    receipts(HistoryQuestion.Bought(goods: goods, days: day...day, amount: .receipts, range: 0...0), limit: limit)
  }

  /// Ascending, each once.
  private func days(of goods: HistoryQuestion.Goods, _ within: ClosedRange<UInt16>) -> [UInt16] {
    Set(history.pieces.flatMap { HistoryCount.days(of: goods, within: within, $0, history.asOf) }).sorted()
  }
}
