import Kernel
import Loyalty
import TestKit

/// A random life of one wallet, with everything a bookkeeper would write down beside it.
struct WalletLife {
  struct Sale {
    let id: ReceiptID
    var earned: [LotKind: Points]
    var spending: Spending
  }

  var dice: Dice
  var terms: PointsTerms
  var wallet = Wallet()
  var entries: [Entry] = []
  var sales: [Sale] = []
  var now = Instant(seconds: 1_767_225_600)
  private var serial: Int64 = 1

  init(seed: UInt64) {
    dice = Dice(seed: seed)
    terms = Self.terms(&dice)
  }

  static func terms(_ dice: inout Dice) -> PointsTerms {
    var terms = PointsTerms(zone: .moscow)
    terms.base = course(&dice)
    terms.promotional = course(&dice)
    terms.targeted = course(&dice)
    terms.burnOrder.shuffle(using: &dice)
    terms.negative = dice.pick(NegativePolicy.allCases)
    return terms
  }

  static func course(_ dice: inout Dice) -> PointsTerms.Course {
    let activation = dice.pick([Activation.atOnce, .after(.hours(72)), .startOfDay(after: 14), .onEvent])
    let life = dice.pick([
      Life.forever, .days(0), .days(20), .days(365), .through(.month, later: 1), .through(.year, later: 0), .sliding(days: 30),
      .until(CivilDay(number: 20_460)),
    ])
    return PointsTerms.Course(activation: activation, life: life)
  }

  static var scopes: [PromotionID] { [PromotionID(71), PromotionID(72)] }

  mutating func id<T>() -> ID<T> {
    serial += 1
    return ID(1 << 60 | serial)
  }

  mutating func occasion(_ cause: Cause) -> Occasion { Occasion(cause, at: now - .seconds(dice.roll(0...90_000)), posted: now) }

  mutating func kind() -> LotKind { dice.pick([.base, .base, .promotional, .targeted(dice.pick(Self.scopes))]) }

  mutating func request(_ most: Int64) -> SpendRequest {
    var targeted: [PromotionID: Points] = [:]
    for scope in Self.scopes where dice.chance(50) { targeted[scope] = Points(units: dice.roll(0...most)) }
    return SpendRequest(Points(units: dice.roll(0...most)), targeted: targeted)
  }

  mutating func use() -> Use {
    Use(
      promotion: PromotionID(dice.roll(1...4)), day: CivilDay(number: Int32(now.seconds / 86_400)),
      given: Given(uses: 1, money: Money(minor: dice.roll(0...500))))
  }

  /// One thing that can happen to a wallet.
  mutating func step() {
    now = now + .seconds(dice.roll(0...(dice.chance(20) ? 3_000_000 : 40_000)))
    entries += wallet.advance(to: now, terms).entries
    switch dice.roll(0...10) {
    case 0...2: sell()
    case 3...4: refund()
    case 5: reserve()
    case 6: postHold()
    case 7: releaseHold()
    case 8: adjust()
    case 9: entries += wallet.activate(wallet.lots.first?.first.origin ?? .various, on: occasion(.activation), terms)
    default: open()
    }
  }

  /// Promotional points come by a promotion with a course of its own.
  private static func own(_ kind: LotKind) -> PromotionID? { kind == .promotional ? PromotionID(73) : nil }

  mutating func sell() {
    let id: ReceiptID = id()
    let spent = wallet.spend(request(400), promised: Points(units: dice.roll(0...50)), on: occasion(.sale(id)), terms)
    finish(id, spent)
  }

  private mutating func finish(_ id: ReceiptID, _ spent: (spending: Spending, entries: [Entry])) {
    entries += spent.entries
    wallet.record(Money(minor: 1000), at: now, uses: dice.chance(30) ? [use()] : [], terms)
    var earned: [LotKind: Points] = [:]
    for _ in 0..<dice.roll(0...2) { earned[kind(), default: .zero] += Points(units: dice.roll(1...300)) }
    let grants = earned.map { kind, amount in
      Grant(amount, kind: kind, origin: Self.own(kind).map { .earned(id, by: $0) } ?? .receipt(id))
    }.sorted { $0.amount < $1.amount }
    entries += wallet.earn(grants, from: dice.chance(10) ? .partner : .own, on: occasion(.sale(id)), terms)
    sales.append(Sale(id: id, earned: earned, spending: spent.spending))
  }

  mutating func refund() {
    guard !sales.isEmpty else { return }
    let index = Int(dice.roll(0...Int64(sales.count - 1)))
    let cause = Cause.refund(id())
    let (back, rest) = sales[index].spending.splitting(Points(units: dice.roll(0...sales[index].spending.total.units)))
    sales[index].spending = rest
    var earned: [Earned] = []
    for (kind, amount) in sales[index].earned.sorted(by: { $0.value < $1.value }) {
      let part = Points(units: dice.roll(0...amount.units))
      earned.append(Earned(part, kind: kind, by: Self.own(kind)))
      sales[index].earned[kind] = amount - part
    }
    entries += wallet.undo(back, earned: earned, of: .receipt(sales[index].id), on: occasion(cause), terms).entries
    wallet.unrecord(Money(minor: 100), uses: [], sale: nil, terms)
  }

  mutating func reserve() {
    let id: HoldID = id()
    let request = request(150)
    do {
      let uses = dice.chance(50) ? [use()] : []
      entries += try wallet.reserve(
        request, uses: uses, as: id, until: now + .seconds(dice.roll(1...900_000)), on: occasion(.hold(id)), terms)
    } catch {
      guard case .insufficientPoints(let available, request.amount) = error, available < request.amount else {
        preconditionFailure("a hold was refused for \(error)")
      }
    }
  }

  mutating func postHold() {
    guard let hold = wallet.holds.first else { return }
    let id: ReceiptID = id()
    let request = SpendRequest(Points(units: dice.roll(0...(hold.amount.units + 20))))
    finish(id, wallet.post(hold.id, request, promised: hold.amount, on: occasion(.sale(id)), terms))
  }

  mutating func releaseHold() {
    guard let hold = wallet.holds.last else { return }
    entries += wallet.release(hold.id, on: occasion(.hold(hold.id)), terms)?.entries ?? []
  }

  mutating func adjust() {
    let id: AdjustmentID = id()
    let change = Points(units: dice.pick([-1, 1]) * dice.roll(1...200))
    do {
      entries += try wallet.adjust(
        change, because: dice.pick(AdjustmentReason.allCases), id: id, on: occasion(.adjustment(id)), terms)
    } catch {
      guard case .insufficientPoints(let available, let requested) = error, available < requested else {
        preconditionFailure("an adjustment was refused for \(error)")
      }
    }
  }

  mutating func open() {
    let id: ImportID = id()
    let grant = Grant(
      Points(units: dice.roll(1...500)), kind: kind(), origin: .opening(id), activation: .atOnce,
      life: .days(Int(dice.roll(0...90))))
    entries += wallet.open([grant], status: Points(units: dice.roll(0...10)), on: occasion(.opening(id)), terms)
  }
}
