import Calculator
import Kernel
import Storage

/// A promotion as somebody pays for it: what a version on trial gave stands apart from what the version in force gave meanwhile.
public struct Giver: Hashable, Comparable, Sendable {
  public let promotion: PromotionID
  public let isTrial: Bool

  public init(_ promotion: PromotionID, isTrial: Bool = false) { (self.promotion, self.isTrial) = (promotion, isTrial) }

  init(_ promotion: Promotion) { self.init(promotion.id, isTrial: promotion.reach.isTrial) }

  public static func < (a: Self, b: Self) -> Bool { (a.promotion, a.isTrial ? 1 : 0) < (b.promotion, b.isTrial ? 1 : 0) }
}

/// What promotions gave, each its part: on one receipt, or less by one return.
///
/// Stored as `[[promotion, money, points], …]`, a fourth value of 1 for a version on trial, with what an undoing or a late claim came to; a receipt's own stands in its trace.
public struct GivenByPromotion: Hashable, Sendable {
  public private(set) var parts: [Giver: Given] = [:]

  public init() {}

  public var isEmpty: Bool { parts.isEmpty }
  public subscript(_ giver: Giver) -> Given { parts[giver] ?? .nothing }
  /// In one order.
  public var givers: [Giver] { parts.keys.sorted() }

  mutating func add(_ given: Given, by giver: Giver) {
    let sum = self[giver] + given
    parts[giver] = sum.money == .zero && sum.points == .zero ? nil : Given(money: sum.money, points: sum.points)
  }

  static func + (a: Self, b: Self) -> Self {
    var sum = a
    for (giver, given) in b.parts { sum.add(given, by: giver) }
    return sum
  }

  static func - (a: Self, b: Self) -> Self {
    var rest = a
    for (giver, given) in b.parts { rest.add(.nothing - given, by: giver) }
    return rest
  }

  /// What the steps of a calculation gave.
  init(_ steps: [TraceStep], by book: [Giver]) {
    for step in steps where book.indices.contains(Int(step.promotion)) {
      switch step.kind {
      case .reduction: add(Given(money: Money(minor: step.amount)), by: book[Int(step.promotion)])
      case .earning: add(Given(points: Points(units: step.amount)), by: book[Int(step.promotion)])
      case .points, .receiptRounding, .printing, .tender: break
      }
    }
  }

  var text: String {
    var writer = JSONWriter(reserving: 24 * parts.count + 2)
    writer.openArray()
    for giver in givers {
      writer.openArray()
      for value in [giver.promotion.raw, self[giver].money.minor, self[giver].points.units] { writer.int(value) }
      if giver.isTrial { writer.int(1) }
      writer.closeArray()
    }
    writer.closeArray()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// - Throws: `StorageFailure.damaged`.
  init(_ text: String, in column: String) throws {
    let damage = StorageFailure.damaged("\(column) is not [[promotion, money, points], …]")
    guard case .array(let rows) = try storedJSON(text, in: column) else { throw damage }
    for row in rows {
      guard case .array(let values) = row, (3...4).contains(values.count), case .int(let promotion) = values[0],
        case .int(let money) = values[1],
        case .int(let points) = values[2]
      else { throw damage }
      add(
        Given(money: Money(minor: money), points: Points(units: points)),
        by: Giver(PromotionID(promotion), isTrial: values.count == 4 && values[3] == .int(1)))
    }
  }
}

/// The promotions of one rule book in the order in which traces name them, as far as their gifts are divided.
struct BookOfGifts: Sendable {
  let givers: [Giver]
  /// Those whose points live as promotional ones.
  let promotional: Set<Giver>
  /// Those whose points come and go as they say themselves.
  let own: Set<Giver>
  /// Who pays for them, as rows; filled in for whoever writes them down.
  var payers: [[Value]] = []
  var trialPayers: [[Value]] = []
  /// Those that somebody else than the retailer pays a share of.
  private let funded: Set<Giver>

  init(_ book: RuleBook) {
    funded = Set(book.promotions.filter { $0.funding.contains { $0.payer != .retailer } }.map { Giver($0) })
    givers = book.promotions.map { Giver($0) }
    promotional = Set(book.promotions.filter { $0.lotKind == .promotional }.map { Giver($0) })
    own = Set(book.promotions.filter { $0.course != nil }.map { Giver($0) })
  }
}

extension BookOfGifts {
  func isFunded(_ giver: Giver) -> Bool { funded.contains(giver) }

  /// What promotions that others pay for gave on each line.
  func funded(_ steps: [TraceStep]) -> [Giver: [Int: Given]] {
    guard !funded.isEmpty else { return [:] }
    var parts: [Giver: [Int: Given]] = [:]
    for step in steps where step.line >= 0 && step.amount != 0 && givers.indices.contains(Int(step.promotion)) {
      let giver = givers[Int(step.promotion)]
      guard funded.contains(giver) else { continue }
      let given: Given
      switch step.kind {
      case .reduction: given = Given(money: Money(minor: step.amount))
      case .earning: given = Given(points: Points(units: step.amount))
      case .points, .receiptRounding, .printing, .tender: continue
      }
      parts[giver, default: [:]][Int(step.line), default: .nothing] = (parts[giver]?[Int(step.line)] ?? .nothing) + given
    }
    return parts
  }
}

/// What promotions gave less for a return: each its part, so that the parts of all returns of a receipt sum to what it gave.
///
/// - Money by the lines that came back, at their printed prices; where what stays was priced anew, the difference between what a
///   promotion gave before and gives for what stays, which can be below zero.
/// - Points are those that were taken back, kind by kind, by what each promotion gave for the lines that came back.
struct UndoneGifts {
  let receipt: Receipt
  let book: BookOfGifts
  /// By the sale, and by whoever claimed it later.
  let sold: GivenByPromotion
  /// Returns of the receipt before this one, in their order, each with what it undid.
  let earlier: [Refund]
  private let steps: [TraceStep]
  private let standing: GivenByPromotion

  init(_ receipt: Receipt, _ book: BookOfGifts, claimed: GivenByPromotion, earlier: [Refund]) throws {
    self.receipt = receipt
    self.book = book
    steps = try receipt.steps()
    sold = GivenByPromotion(steps, by: book.givers) + claimed
    self.earlier = try Self.filled(earlier, receipt, book, claimed)
    standing = self.earlier.reduce(sold) { $0 - ($1.given ?? GivenByPromotion()) }
  }

  /// Returns that an older program stored do not say what they undid; what they would have said.
  private static func filled(
    _ refunds: [Refund], _ receipt: Receipt, _ book: BookOfGifts, _ claimed: GivenByPromotion
  ) throws -> [Refund] {
    guard refunds.contains(where: { $0.given == nil }) else { return refunds }
    var filled: [Refund] = []
    for refund in refunds {
      var refund = refund
      if refund.given == nil {
        refund.given = try UndoneGifts(receipt, book, claimed: claimed, earlier: filled).undone(by: refund)
      }
      filled.append(refund)
    }
    return filled
  }

  /// - Parameter stays: what stays as the rules price it, where that is what it cost; nil where money went back as printed.
  func undone(by refund: Refund, pricing stays: Calculation? = nil) -> GivenByPromotion {
    guard !standing.isEmpty || !(stays?.promotions.isEmpty ?? true) else { return GivenByPromotion() }
    guard !isWhole(with: refund) else { return standing }
    var undone = GivenByPromotion()
    for (giver, money) in money(refund, stays) { undone.add(Given(money: money), by: giver) }
    for kind in refund.effect.earned {
      for (giver, points) in points(kind, refund) { undone.add(Given(points: points), by: giver) }
    }
    return undone
  }

  /// Nothing stays.
  private func isWhole(with refund: Refund) -> Bool {
    var rest = receipt.lines.map(\.quantity.thousandths)
    for line in (earlier + [refund]).flatMap(\.lines) where rest.indices.contains(line.line) {
      rest[line.line] -= line.quantity.thousandths
    }
    return rest.allSatisfy { $0 <= 0 }
  }

  private func money(_ refund: Refund, _ stays: Calculation?) -> [(Giver, Money)] {
    // A till that set its prices itself sold without our promotions: what stays has none either.
    if let stays, steps.contains(where: { $0.kind == .reduction }) {
      var kept: [Giver: Money] = [:]
      for applied in stays.promotions where book.givers.indices.contains(applied.index) {
        kept[book.givers[applied.index], default: .zero] += applied.money
      }
      return Set(kept.keys).union(standing.givers).sorted().map { ($0, standing[$0].money - (kept[$0] ?? .zero)) }
    }
    guard earlier.allSatisfy({ $0.reissue == nil }) else {
      let (back, whole) = (worth(of: refund.lines), worth(of: receipt.lines, less: earlier.flatMap(\.lines)))
      return standing.givers.map { giver in
        let money = standing[giver].money.minor
        return (giver, Money(minor: scaled(money, by: min(back, whole), over: max(1, whole), .down)))
      }
    }
    let by = gone(refund) { $0.kind == .reduction }
    return standing.givers.map { ($0, Money(minor: min(by[$0] ?? 0, max(0, standing[$0].money.minor)))) }
  }

  /// What promotions gave for the goods that come back, by the sale's trace: in proportion to what of a line is returned in all, less
  /// what was returned before.
  private func gone(_ refund: Refund, _ isMeant: (TraceStep) -> Bool) -> [Giver: Int64] {
    var before = Array(repeating: Int64(0), count: receipt.lines.count)
    for line in earlier.flatMap(\.lines) where before.indices.contains(line.line) { before[line.line] += line.quantity.thousandths }
    var after = before
    for line in refund.lines where after.indices.contains(line.line) { after[line.line] += line.quantity.thousandths }
    var gone: [Giver: Int64] = [:]
    for step in steps where isMeant(step) && step.line >= 0 && book.givers.indices.contains(Int(step.promotion)) {
      let line = Int(step.line)
      guard receipt.lines.indices.contains(line), after[line] > before[line] else { continue }
      let whole = max(1, receipt.lines[line].quantity.thousandths)
      func part(_ quantity: Int64) -> Int64 { scaled(step.amount, by: min(quantity, whole), over: whole, .halfUp) }
      gone[book.givers[Int(step.promotion)], default: 0] += part(after[line]) - part(before[line])
    }
    return gone
  }

  private func points(_ earned: Earned, _ refund: Refund) -> [(Giver, Points)] {
    let some = standing.givers.filter { giver in
      guard standing[giver].points > .zero else { return false }
      if let own = earned.promotion { return giver.promotion == own }
      return !book.own.contains(giver) && book.promotional.contains(giver) == (earned.kind == .promotional)
    }
    let by = gone(refund) { $0.kind == .earning }
    let caps = some.map { standing[$0].points.units }
    let first = spread(earned.amount.units, weights: some.map { max(0, by[$0] ?? 0) }, caps: caps)
    let rest = zip(caps, first).map { $0 - $1 }
    let second = spread(earned.amount.units - first.reduce(0, +), weights: rest, caps: rest)
    return zip(some, zip(first, second)).map { ($0, Points(units: $1.0 + $1.1)) }
  }

  private func worth(of lines: [RefundedLine]) -> Int64 {
    lines.reduce(0) { sum, line in
      guard receipt.lines.indices.contains(line.line) else { return sum }
      let sold = receipt.lines[line.line]
      return sum + scaled(sold.shelf.minor, by: line.quantity.thousandths, over: max(1, sold.quantity.thousandths), .halfUp)
    }
  }

  private func worth(of lines: [SoldLine], less gone: [RefundedLine]) -> Int64 {
    max(0, lines.reduce(0) { $0 + $1.shelf.minor } - worth(of: gone))
  }
}
