import Kernel
import Loyalty
import Testing

/// Lives of points told one by one, with figures a shopkeeper can follow.
@Suite struct WalletTests {
  /// 2026-11-21 12:00 in Moscow.
  let noon = Instant(seconds: 1_795_251_600)
  var terms = PointsTerms(zone: .moscow)

  func sale(_ number: Int64, at time: Instant) -> Occasion { Occasion(.sale(ReceiptID(number)), at: time, posted: time) }
  func refund(_ number: Int64, at time: Instant) -> Occasion { Occasion(.refund(ReturnID(number)), at: time, posted: time) }
  func grant(_ units: Int64, _ kind: LotKind = .base, receipt: Int64 = 1, life: Life? = nil) -> Grant {
    Grant(Points(units: units), kind: kind, origin: .receipt(ReceiptID(receipt)), life: life)
  }

  @Test(arguments: [
    (Life.days(0), "2026-11-21T21:00:00Z"), (.days(30), "2026-12-21T21:00:00Z"),
    (.through(.month, later: 0), "2026-11-30T21:00:00Z"),
    (.through(.quarter, later: 0), "2026-12-31T21:00:00Z"), (.through(.year, later: 1), "2027-12-31T21:00:00Z"),
    (.until(CivilDay(number: 20_800)), "2026-12-13T21:00:00Z"), (.sliding(days: 180), "2027-05-20T21:00:00Z"),
  ]) func `points live to the end of their last day in the programme's zone`(life: Life, end: String) {
    #expect(life.expiry(activeFrom: noon, in: .moscow)?.text == end)
  }

  @Test func `points wait, become active, and expire`() throws {
    var terms = terms
    terms.base = PointsTerms.Course(activation: .startOfDay(after: 14), life: .days(180))
    var wallet = Wallet()
    let earned = wallet.earn([grant(100)], on: sale(1, at: noon), terms)
    #expect(earned.map(\.from) == [.issued] && earned.map(\.to) == [.pending])
    #expect(wallet.pending == Points(units: 100) && wallet.active == .zero)
    let start = try #require(wallet.nextDue)
    #expect(start.text == "2026-12-04T21:00:00Z")
    #expect(wallet.advance(to: start - .seconds(1), terms).entries.isEmpty)
    #expect(wallet.advance(to: start, terms).entries.map(\.to) == [.active])
    let end = try #require(wallet.nextDue)
    #expect(end.text == "2027-06-03T21:00:00Z")
    #expect(wallet.advance(to: end, terms).entries.map(\.to) == [.expired])
    #expect(wallet.lots.isEmpty && wallet.nextDue == nil)
  }

  @Test func `a purchase moves the one date of sliding points`() throws {
    var terms = terms
    terms.base.life = .sliding(days: 180)
    var wallet = Wallet()
    wallet.record(Money(minor: 100), at: noon, uses: [], terms)
    _ = wallet.earn([grant(100)], on: sale(1, at: noon), terms)
    let first = try #require(wallet.nextDue)
    wallet.record(Money(minor: 100), at: noon + .days(10), uses: [], terms)
    #expect(wallet.nextDue == first + .days(10))
    let goodwill = Occasion(.adjustment(AdjustmentID(1)), at: noon + .days(5), posted: noon + .days(5))
    _ = try wallet.adjust(Points(units: 5), because: .goodwill, id: AdjustmentID(1), on: goodwill, terms)
    #expect(wallet.nextDue == first + .days(10), "a later gift does not bring the date nearer")
  }

  @Test func `targeted points burn first and only where they are good`() {
    var wallet = Wallet()
    let dairy = PromotionID(7)
    _ = wallet.earn(
      [grant(100), grant(50, .promotional), grant(40, .targeted(dairy)), grant(30, life: .days(3))], on: sale(1, at: noon), terms)
    let (spending, _) = wallet.spend(
      SpendRequest(Points(units: 130), targeted: [dairy: Points(units: 25)]), on: sale(2, at: noon), terms)
    #expect(spending.burns.map(\.amount.units) == [25, 50, 30, 25])
    #expect(spending.burns.map(\.kind) == [.targeted(dairy), .promotional, .base, .base])
    #expect(wallet.available(for: SpendRequest(Points(units: 999)), terms) == Points(units: 75))
  }

  @Test func `a refund returns points to the lot they came from`() throws {
    var wallet = Wallet()
    _ = wallet.earn([grant(100, life: .days(100)), grant(100, receipt: 2, life: .days(200))], on: sale(1, at: noon), terms)
    let before = wallet
    let (spending, _) = wallet.spend(SpendRequest(Points(units: 150)), on: sale(3, at: noon), terms)
    #expect(wallet.lots.map(\.amount.units) == [50])
    let half = spending.splitting(Points(units: 75))
    _ = wallet.giveBack(half.back, on: refund(1, at: noon), terms)
    #expect(wallet.lots.map(\.amount.units) == [25, 100], "the last burnt goes back first")
    _ = wallet.giveBack(half.rest, on: refund(2, at: noon), terms)
    #expect(wallet.lots == before.lots)
  }

  @Test func `points that come back live at least a fortnight more`() throws {
    var wallet = Wallet()
    _ = wallet.earn([grant(100, life: .days(3))], on: sale(1, at: noon), terms)
    let (spending, _) = wallet.spend(SpendRequest(Points(units: 60)), on: sale(2, at: noon), terms)
    let later = noon + .days(2)
    _ = wallet.giveBack(spending, on: refund(1, at: later), terms)
    #expect(wallet.expiring(before: .distantFuture).map(\.amount.units) == [40, 60], "what was never spent keeps its date")
    #expect(wallet.expiring(before: .distantFuture).last?.at == later + .days(14))
    _ = wallet.advance(to: noon + .days(10), terms)
    #expect(wallet.active == Points(units: 60))
  }

  @Test func `a hold ends by itself and its points expire with their lot`() throws {
    var wallet = Wallet()
    _ = wallet.earn([grant(100, life: .days(1))], on: sale(1, at: noon), terms)
    let id = HoldID(5)
    let ends = noon + .days(4)
    let holding = Occasion(.hold(id), at: noon, posted: noon)
    _ = try wallet.reserve(SpendRequest(Points(units: 70)), as: id, until: ends, on: holding, terms)
    #expect(wallet.active == Points(units: 30) && wallet.held == Points(units: 70))
    #expect(throws: PointsRefusal.insufficientPoints(available: Points(units: 30), requested: Points(units: 31))) {
      try wallet.reserve(SpendRequest(Points(units: 31)), as: HoldID(6), until: ends, on: holding, terms)
    }
    let middle = wallet.advance(to: noon + .days(2), terms)
    #expect(middle.entries.map(\.amount.units) == [30] && middle.ended.isEmpty && wallet.held == Points(units: 70))
    let end = wallet.advance(to: ends, terms)
    #expect(end.ended.map(\.id) == [id])
    #expect(end.entries.map(\.to) == [.active, .expired] && wallet.lots.isEmpty)
  }

  @Test func `a hold that has ended costs the shopper nothing`() throws {
    var wallet = Wallet()
    _ = wallet.earn([grant(100)], on: sale(1, at: noon), terms)
    let id = HoldID(5)
    _ = try wallet.reserve(
      SpendRequest(Points(units: 80)), as: id, until: noon + .minutes(5), on: Occasion(.hold(id), at: noon, posted: noon), terms)
    _ = wallet.advance(to: noon + .minutes(6), terms)
    _ = wallet.spend(SpendRequest(Points(units: 90)), on: sale(2, at: noon), terms)
    let (spending, entries) = wallet.post(
      id, SpendRequest(Points(units: 85)), promised: Points(units: 80), on: sale(3, at: noon + .minutes(7)), terms)
    #expect(spending.burns.map(\.amount.units) == [10])
    #expect(spending.late == Points(units: 75) && spending.discrepancy == .zero)
    #expect(entries.map(\.from) == [.active, .lateConfirm])
    #expect(wallet.active == .zero)
  }

  @Test func `fewer points than held give the rest back, more come from the wallet`() throws {
    var wallet = Wallet()
    _ = wallet.earn([grant(100)], on: sale(1, at: noon), terms)
    for (claimed, left) in [(30, 70), (60, 10)] as [(Int64, Int64)] {
      let id = HoldID(claimed)
      _ = try wallet.reserve(
        SpendRequest(Points(units: 40)), as: id, until: noon + .minutes(5), on: Occasion(.hold(id), at: noon, posted: noon), terms)
      let (spending, _) = wallet.post(
        id, SpendRequest(Points(units: claimed)), promised: Points(units: 40), on: sale(claimed, at: noon), terms)
      #expect(spending.total == Points(units: claimed) && spending.late == .zero)
      #expect(wallet.active == Points(units: left) && wallet.holds.isEmpty)
    }
  }

  @Test(
    arguments: [
      (NegativePolicy.neverBelowZero, 0, 60, 0), (.onlyPending, 40, 100, 0), (.belowZero, -60, 0, 60),
    ] as [(NegativePolicy, Int64, Int64, Int64)])
  func `a return takes back points that are spent as the programme chose`(
    policy: NegativePolicy, active: Int64, loss: Int64, debt: Int64
  ) {
    var terms = terms
    terms.negative = policy
    var wallet = Wallet()
    _ = wallet.earn([grant(100)], on: sale(1, at: noon), terms)
    _ = wallet.spend(SpendRequest(Points(units: 60)), on: sale(2, at: noon), terms)
    let (_, entries) = wallet.takeBack(Points(units: 100), kind: .base, of: .receipt(ReceiptID(1)), on: refund(1, at: noon), terms)
    #expect(wallet.active == Points(units: active) && wallet.debt == Points(units: debt))
    #expect(entries.filter { $0.from == .discrepancy }.reduce(0) { $0 + $1.amount.units } == loss)
    #expect(entries.reduce(0) { $0 + $1.amount.units } == 100, "all of it is cancelled, whoever bears it")
    _ = wallet.earn([grant(70, receipt: 3)], on: sale(3, at: noon), terms)
    #expect(wallet.active == Points(units: active + 70) && wallet.debt == .zero, "what is earned later pays the debt first")
  }

  @Test func `pending points of the receipt go before anything else`() {
    var terms = terms
    terms.base.activation = .startOfDay(after: 14)
    var wallet = Wallet()
    _ = wallet.earn([grant(100), grant(50, .promotional, receipt: 2)], on: sale(1, at: noon), terms)
    let (shortage, _) = wallet.takeBack(Points(units: 100), kind: .base, of: .receipt(ReceiptID(1)), on: refund(1, at: noon), terms)
    #expect(shortage == .zero && wallet.pending == .zero && wallet.active == Points(units: 50))
  }

  @Test func `the limit of lots is kept and every receipt can still be undone`() {
    var wallet = Wallet()
    var entries: [Entry] = []
    for number in 1...Int64(Limits.lots + 50) {
      entries += wallet.earn([grant(10, receipt: number)], on: sale(number, at: noon), terms)
    }
    #expect(wallet.lots.count == Limits.lots && wallet.fault == nil)
    #expect(wallet.lots[0].origins.count == 51)
    #expect(Balances(folding: entries) == wallet.balances)
    let (shortage, back) = wallet.takeBack(
      Points(units: 10), kind: .base, of: .receipt(ReceiptID(40)), on: refund(1, at: noon), terms)
    #expect(shortage == .zero && back.map(\.lot) == [wallet.lots[0].number])
    #expect(!wallet.lots[0].origins.contains(.receipt(ReceiptID(40))))
  }

  @Test func `terms survive the trip through JSON and say what is wrong`() throws {
    #expect(PointsTerms(JSONNode(terms.json), zone: .moscow) == terms)
    #expect(PointsTerms(JSONNode(.object([])), zone: .moscow) == terms)
    let issues = IssueList()
    let text =
      #"{ "scale": 9, "base": { "life": { "days": 3, "until": "2026-01-01" } }, "burnOrder": ["base", "base"], "hold": 3 }"#
    _ = PointsTerms(JSONNode(try JSON.parse(text), issues: issues), zone: .moscow)
    #expect(Set(issues.issues.map(\.pointer)) == ["/scale", "/base/life", "/burnOrder", "/hold"])
  }
}
