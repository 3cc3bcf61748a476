import Calculator
import Kernel
import Storage

/// What one payer pays for some days, as it was issued or would be.
public struct FundingAct: Hashable, Sendable {
  /// One promotion at one share: what it gave, or what of it came back.
  public struct Line: Hashable, Sendable {
    public let promotion: PromotionID
    public let code: String
    public let name: LocalText
    /// The payer's.
    public let share: Rate
    /// What came back, in a line of its own; its amounts are below zero.
    public let isReturned: Bool
    public internal(set) var receipts: Int64 = 0
    public internal(set) var discount = Money.zero
    public internal(set) var points = Points.zero
    /// What the points are worth.
    public internal(set) var worth = Money.zero
    /// The payer's part of both.
    public internal(set) var amount = Money.zero
  }

  /// What an earlier period came to since, less what acts have said of it.
  public struct Correction: Hashable, Sendable {
    public let days: ClosedRange<CivilDay>
    public let amount: Money
  }

  /// One product with one promotion: how much was sold with it and came back, and what it gave.
  public struct Goods: Hashable, Sendable {
    public let promotion: PromotionID
    /// The promotion's.
    public let code: String
    public let product: String
    public let name: LocalText
    public let quantity: Quantity
    public let returned: Quantity
    public let discount: Money
    public let points: Points
  }

  /// Goods of one act at the most; beyond it those with the smallest reductions are left out.
  public static var mostGoods: Int { 2_000 }

  public let party: DocumentParty
  /// Who issues it; nil for an act that was issued before acts kept it.
  public internal(set) var issuer: DocumentParty?
  /// What amounts are in, as its ISO code; empty where the act did not keep it.
  public internal(set) var currency = ""
  /// Empty for an act that was issued before acts kept them.
  public internal(set) var goods: [Goods] = []
  public let days: ClosedRange<CivilDay>
  public let lines: [Line]
  public let corrections: [Correction]
  /// The cap of the contract, and what acts before this one came to.
  public let cap: Money?
  public let before: Money
  /// To be paid.
  public let amount: Money
  /// Of lines and corrections the part that the retailer pays, because the cap is reached; below zero where it gives some of it back.
  public let beyond: Money

  public var own: Money { lines.reduce(.zero) { $0 + $1.amount } }
  public var corrected: Money { corrections.reduce(.zero) { $0 + $1.amount } }

  init(
    with party: DocumentParty, days: ClosedRange<CivilDay>, lines: [Line], corrections: [Correction], cap: Money?, before: Money,
    amount: Money, beyond: Money
  ) {
    (self.party, self.days, self.lines, self.corrections, self.cap) = (party, days, lines, corrections, cap)
    (self.before, self.amount, self.beyond) = (before, amount, beyond)
  }

  /// - Parameter beyondBefore: what of earlier acts was beyond the cap.
  init(
    with party: DocumentParty, days: ClosedRange<CivilDay>, lines: [Line], corrections: [Correction], cap: Money?, before: Money,
    beyondBefore: Money
  ) {
    let computed = before + beyondBefore + lines.reduce(.zero) { $0 + $1.amount } + corrections.reduce(.zero) { $0 + $1.amount }
    let paid = cap.map { min($0, computed) } ?? computed
    self.init(
      with: party, days: days, lines: lines, corrections: corrections, cap: cap, before: before, amount: paid - before,
      beyond: computed - paid - beyondBefore)
  }
}

extension FundingAct {
  /// What rows of days, promotions and shares come to, line by line in their order.
  /// - Parameter lists: of versions in force, and of those on trial: the two may be paid for by others.
  static func lines(_ lists: [[Row]]) throws -> [Line] { try GiftLines(lists).lines }

  /// The same without lines, for one sum.
  static func sum(_ lists: [[Row]]) throws -> Money { try lines(lists).reduce(.zero) { $0 + $1.amount } }
}

/// The lines of an act on their way. What a promotion gave on a day is divided among its payers to the last kopeck; so is, apart, what
/// came back.
private struct GiftLines {
  private struct Key: Hashable {
    let promotion: PromotionID
    let share: Int64
    let isReturned: Bool
  }

  private struct Day: Hashable {
    let promotion: PromotionID
    let rules: Int64
    let day: CivilDay
  }

  private(set) var lines: [FundingAct.Line] = []
  private var at: [Key: Int] = [:]

  init(_ lists: [[Row]]) throws {
    for days in lists.flatMap(Self.days) {
      let row = days[0]
      let shares = row.text(3).split(separator: " ").compactMap { Int64($0) }
      let places = days.map { Int($0.int(2)) }
      guard places.allSatisfy(shares.indices.contains) else {
        throw StorageFailure.damaged("promotion_payer.shares has no place \(places)")
      }
      let day = SettlementSQL.gift(row)
      add(row, shares, places, day.receipts, day.money, day.points, isReturned: false)
      add(row, shares, places, day.returns, day.moneyBack, day.pointsBack, isReturned: true)
    }
  }

  /// Rows by promotion, rule book and day: a payer that a promotion names twice pays both shares of what it gave once.
  private static func days(_ rows: [Row]) -> [[Row]] {
    var (days, at): ([[Row]], [Day: Int]) = ([], [:])
    for row in rows {
      let day = Day(promotion: row.id(0), rules: row.int(1), day: row.day(9))
      if let known = at[day] {
        days[known].append(row)
      } else {
        at[day] = days.count
        days.append([row])
      }
    }
    return days
  }

  private mutating func add(
    _ row: Row, _ shares: [Int64], _ places: [Int], _ receipts: Int64, _ money: Money, _ points: Points, isReturned: Bool
  ) {
    guard receipts != 0 || money != .zero || points != .zero else { return }
    let worth = scaled(points.units, by: row.int(4), over: ProgrammeTerms(pointsScale: Int(row.int(5))).unitsPerPoint, .halfUp)
    let parts = Self.parts(of: money.minor + worth, shares)
    let part = places.reduce(0) { $0 + parts[$1] }
    let sign: Int64 = isReturned ? -1 : 1
    let key = Key(promotion: row.id(0), share: places.reduce(0) { $0 + shares[$1] }, isReturned: isReturned)
    let place = at[key] ?? lines.count
    if place == lines.count {
      at[key] = place
      lines.append(
        FundingAct.Line(
          promotion: row.id(0), code: row.text(6), name: LocalText(ru: row.text(7), en: row.text(8)),
          share: Rate(ppm: key.share), isReturned: isReturned))
    }
    lines[place].receipts += receipts
    lines[place].discount.minor += sign * money.minor
    lines[place].points.units += sign * points.units
    lines[place].worth.minor += sign * worth
    lines[place].amount.minor += sign * part
  }

  /// The payers' parts, which sum to the whole.
  private static func parts(of whole: Int64, _ shares: [Int64]) -> [Int64] {
    whole < 0 ? spread(-whole, weights: shares).map { -$0 } : spread(whole, weights: shares)
  }
}
