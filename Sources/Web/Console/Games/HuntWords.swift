import Kernel
import Loyalty

/// What hunts, their odds and collections are called.
struct HuntWords {
  let reader: Reader
  /// Receipts of members a day, by the last weeks; nil where nobody sold anything yet.
  let receipts: Int64?

  func receipts(_ hides: HuntTerms.Receipts) -> String {
    switch hides {
    case .every: reader("на каждом чеке участника", "on every receipt of a member")
    case .promotions: reader("на чеках, которым акция даёт попытку", "on receipts to which a promotion gives a turn")
    case .none: reader("не на чеках", "not on receipts")
    }
  }

  func places(_ hunt: HuntTerms) -> String {
    let onPages = hunt.pages.isEmpty ? nil : reader("на страницах магазина", "on pages of the shop")
    let onReceipts = hunt.receipts == .none ? nil : receipts(hunt.receipts)
    return [onReceipts, onPages].compactMap { $0 }.joined(separator: ", ")
  }

  /// One receipt in so many hides it.
  func odds(_ find: FindTerms, _ hunt: HuntTerms?) -> String {
    let isOnPages = hunt.map { $0.receipts == .none } ?? false
    if find.oneIn == 1 {
      return isOnPages
        ? reader("на каждой странице", "on every page") : reader("на каждом чеке", "on every receipt")
    }
    let many = reader.number(find.oneIn)
    return isOnPages
      ? reader("одна страница из \(many)", "one page in \(many)") : reader("один чек из \(many)", "one receipt in \(many)")
  }

  /// How many are found in a day of usual sales, and how long the stock lasts; nil where nothing can be said.
  func lasting(_ find: FindTerms, left: Int64?, _ hides: HuntTerms.Receipts) -> String? {
    guard hides != .none, let receipts, receipts > 0 else { return nil }
    // In tenths, so that what is found now and then is not told as nothing.
    let drawn = scaled(receipts, by: 10, over: find.oneIn, .halfUp)
    let tenths = min(drawn, find.daily.map { $0 * 10 } ?? .max)
    let sales = reader.number(receipts)
    guard tenths > 0 else {
      let days = max(1, scaled(find.oneIn, by: 1, over: receipts, .halfUp))
      return reader(
        "при \(sales) чеков в день находят раз в \(self.days(days))",
        "with \(sales) receipts a day one is found every \(self.days(days))")
    }
    let found =
      tenths % 10 == 0 || tenths >= 100 ? reader.number((tenths + 5) / 10) : "\(tenths / 10)\(reader(",", "."))\(tenths % 10)"
    let upTo = hides == .promotions ? reader("до ", "up to ") : reader("примерно ", "about ")
    let start = reader("при \(sales) чеков в день – \(upTo)\(found) в день", "with \(sales) receipts a day \(upTo)\(found) a day")
    guard let left else { return start }
    let most = scaled(left, by: 10, over: tenths, .up)
    let least = hides == .promotions ? reader("не меньше чем на ", "for at least ") : reader("примерно на ", "about ")
    return start + reader("; запаса хватит \(least)\(self.days(most))", "; the stock lasts \(least)\(self.days(most))")
  }

  private func days(_ days: Int64) -> String {
    reader.count(Int(clamping: days), ("день", "дня", "дней"), ("day", "days"))
  }

  func limits(_ find: FindTerms) -> String? {
    let own = find.memberDaily.map {
      reader("одному не больше \(reader.number($0)) в день", "one member at most \(reader.number($0)) a day")
    }
    let all = find.daily.map { reader("всем не больше \(reader.number($0)) в день", "all at most \(reader.number($0)) a day") }
    let told = [own, all].compactMap { $0 }.joined(separator: ", ")
    return told.isEmpty ? nil : told
  }

  /// What a collection takes: names with counts.
  func needs(_ collection: FindCollection, _ table: PrizeTable) -> String {
    collection.needs.map { need in
      let name = table.prizes.first { $0.find?.code == need.find }.map { reader($0.name) } ?? need.find
      return need.count == 1 ? name : "\(name) × \(need.count)"
    }.joined(separator: " + ")
  }
}
