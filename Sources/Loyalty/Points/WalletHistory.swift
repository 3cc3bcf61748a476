import Conditions
import Kernel

/// What a wallet must know to forget a sale that was returned as a whole.
public struct ForgottenSale: Hashable, Sendable {
  public let time: Instant
  /// The sliding dates before the sale.
  public let slides: Wallet.Slides
  /// The first and the last sale that remain; a wallet alone cannot know them.
  public let first: Instant?
  public let last: Instant?

  public init(at time: Instant, slides: Wallet.Slides, first: Instant?, last: Instant?) {
    self.time = time
    self.slides = slides
    self.first = first
    self.last = last
  }
}

extension Wallet {
  /// Notes a sale: history, limits, and the date of sliding points. Comes before the sale's earnings.
  public mutating func record(_ paid: Money, at time: Instant, uses: [Use], _ terms: PointsTerms) {
    history.add(paid, at: time)
    for use in uses { count(use) }
    if let day = uses.first(where: { Accumulator.isVisit($0.promotion) })?.day { forgetVisits(before: day.adding(days: -7)) }
    slide(after: time, terms)
  }

  /// Takes away what a return undoes, after the points of the return. `sale` where this return completes the whole receipt.
  public mutating func unrecord(_ paid: Money, uses: [Use], sale: ForgottenSale?, _ terms: PointsTerms) {
    history.paid -= paid
    for use in uses { discount(use) }
    guard let sale else { return }
    history.purchases = max(0, history.purchases - 1)
    history.first = sale.first.map { Instant(seconds: $0.seconds) }
    history.last = sale.last.map { Instant(seconds: $0.seconds) }
    for family in LotFamily.allCases { slideBack(family, from: sale, terms) }
  }

  /// A sliding date goes back to where it was before the sale, unless something later has moved it on since.
  private mutating func slideBack(_ family: LotFamily, from sale: ForgottenSale, _ terms: PointsTerms) {
    guard let moved = slidingDate(family, after: sale.time, terms), slides[family] == max(sale.slides[family] ?? moved, moved)
    else { return }
    if sale.slides[family] != nil || !lots.contains(where: { $0.slides(as: family) }) { slides[family] = sale.slides[family] }
  }

  /// Moves the sliding dates of lots that slide; a date never moves towards today.
  private mutating func slide(after time: Instant, _ terms: PointsTerms) {
    for family in LotFamily.allCases {
      guard let date = slides[family], let moved = slidingDate(family, after: time, terms) else { continue }
      slides[family] = max(date, moved)
    }
  }

  private func slidingDate(_ family: LotFamily, after time: Instant, _ terms: PointsTerms) -> Instant? {
    guard case .sliding = terms.course(of: family).life else { return nil }
    return terms.course(of: family).life.expiry(activeFrom: time, in: terms.zone)
  }

  /// Says how many receipts of the past have some goods; what was sold since they are asked for is counted beside.
  mutating func count(past receipts: Int64, of sum: PromotionID) {
    let more = receipts - pastReceipts(of: sum)
    guard more != 0 else { return }
    let use = Use.ofThePast(sum)
    tally(sum, Given(uses: more, points: Points(units: more)), on: use.day)
  }

  func pastReceipts(of sum: PromotionID) -> Int64 { given(sum)?.total.points.units ?? 0 }

  mutating func count(_ use: Use) { tally(use.promotion, use.given, on: use.day) }
  mutating func discount(_ use: Use) { tally(use.promotion, .nothing - use.given, on: use.day) }

  /// A visit matters on its own day; late receipts come within a few.
  private mutating func forgetVisits(before day: CivilDay) {
    tallies.removeAll { Accumulator.isVisit($0.promotion) && ($0.latest.first?.day ?? day.adding(days: -1)) < day }
  }

  private mutating func tally(_ promotion: PromotionID, _ given: Given, on day: CivilDay) {
    let index = tallies.firstIndex { $0.promotion >= promotion } ?? tallies.count
    // What comes back of a receipt of the past that is not counted yet will not be counted either.
    if given.points < .zero, Accumulator.owns(promotion), (self.given(promotion)?.total.points ?? .zero) + given.points < .zero {
      return
    }
    if index == tallies.count || tallies[index].promotion != promotion {
      // What a return takes from a visit that is forgotten is forgotten too.
      if given.uses < 0, Accumulator.isVisit(promotion) { return }
      tallies.insert(Tally(promotion: promotion, total: .nothing, latest: []), at: index)
    }
    if StampTally.owns(promotion) {
      tallies[index].stamp(given, on: day)
      if tallies[index].latest.isEmpty { tallies.remove(at: index) }
      return
    }
    tallies[index].add(given, on: day)
    if tallies[index].total == .nothing { tallies.remove(at: index) }
  }
}
