import Calculator
import Customers
import Kernel
import Loyalty
import Storage

// The goods are sold: what a till says now is a fact.
extension TillDesk {
  /// `POST /till/v1/receipts`: records a sale. Refused only where it cannot be read, or its request key means another.
  func confirm(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let (reading, floor) = try await sale(ask.body, ask, offline: false)
      let sold = try await floor.receipts.confirm(
        reading.sale, boughtBy: buyer(reading, floor), request: request, at: call.at, on: database)
      count(sold)
      return Answer(201, SoldForm(floor).json(sold, key: reading.sale.key, leaving: reading.left))
    } catch let problem as Problem {
      keepRefusal(ask, "receipts", problem)
      throw problem
    }
  }

  /// Reads a sale; goods that nobody knows are taken into the catalogue first.
  func sale(
    _ body: JSON, _ ask: Ask, offline: Bool, extra: [String] = []
  ) async throws -> (SaleReading, SalesFloor) {
    let node = JSONNode(body)
    let isOffline = offline || node["offline"].json == .bool(true)
    let reading = try SaleReading(body, ask.floor, ask.till, offline: isOffline, extra: extra, at: ask.call.at)
    guard !reading.unknownGoods.isEmpty else { return (reading, ask.floor) }
    let floor = try await admit(reading.unknownGoods, to: ask.floor, ask.call)
    return (try SaleReading(body, floor, ask.till, offline: isOffline, extra: extra, at: ask.call.at), floor)
  }

  func buyer(_ reading: SaleReading, _ floor: SalesFloor) -> Buyer {
    let basket = reading.sale.basket
    return .shown(reading.showing, in: floor.programme, spending: basket.spend, at: basket.time)
  }

  /// `POST /till/v1/receipt-batches`: what a till sold without a network, each receipt with an answer of its own.
  func recordBatch(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    let node = JSONNode(ask.body, issues: IssueList(leavingUnknown: true))
    node.expect("store", "register", "receipts")
    _ = node["receipts"].required()
    let items = node["receipts"].items(max: Limits.batch)
    try node.issues.check("the batch")
    var floor = ask.floor
    var results: [JSON] = Array(repeating: .null, count: items.count)
    var batch: [(place: Int, key: String, sale: OfflineSale, reading: SaleReading)] = []
    for (place, item) in items.enumerated() {
      let key = item["requestKey"].text(max: 100)
      do {
        let request = try Call.requestKey(in: item)
        let (reading, next) = try await sale(item.json ?? .null, ask, offline: true, extra: ["requestKey"])
        floor = next
        let offline = OfflineSale(
          reading.sale, boughtBy: buyer(reading, next), lane: reading.lane, request: request)
        batch.append((place, request.text, offline, reading))
      } catch let problem as Problem {
        results[place] = refused(key, problem, ask, call.id)
      }
    }
    let answers = try await floor.receipts.record(batch.map(\.sale), at: call.at, in: database)
    for (item, answer) in zip(batch, answers) {
      switch answer {
      case .success(let sold):
        count(sold)
        results[item.place] = .object([
          "requestKey": .string(item.key), "status": .int(201),
          "receipt": SoldForm(floor).json(sold, key: item.reading.sale.key, leaving: item.reading.left),
        ])
      case .failure(let problem):
        results[item.place] = refused(item.key, problem, ask, call.id)
      }
    }
    return Answer(200, .object(["results": .array(results), "leftAside": .leftAside(node.issues.left)]))
  }

  /// One receipt of a batch: the others go on, so that it is counted and kept here and not at the door.
  private func refused(_ key: String?, _ problem: Problem, _ ask: Ask, _ call: String) -> JSON {
    keepRefusal(ask, "receipt-batches", problem)
    meters.count("regulars_refusals_total", "code", problem.code)
    let answer = ProblemAnswer.json(problem, call: call)
    return .object(["requestKey": key.map(JSON.string), "status": .int(Int64(answer.status)), "problem": answer.json])
  }

  /// `GET /till/v1/receipts/{key}`: what became of a receipt, for a till that got no answer.
  func lookUp(_ call: Call) async throws -> Answer {
    let (floor, till) = try await askByQuery(call)
    let key = try receiptKey(call, floor, till)
    let receipts = floor.receipts
    let receipt = try await database.read { tx in try receipts.receipt(key, in: &tx) }
    return Answer(200, ReceiptForm(floor).json(receipt))
  }

  /// `POST /till/v1/receipts/{key}/member`: a receipt without a card finds its member later.
  func attach(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    do {
      let request = try call.requestKey()
      let node = JSONNode(ask.body)
      node.expect("store", "register", "member")
      _ = node["member"].required()
      var showing = BasketReading.showing(node["member"])
      try node.issues.check("the member")
      let key = try receiptKey(call, ask.floor, ask.till)
      let (programme, receipts) = (ask.programme, ask.floor.receipts)
      let today = ask.till.facts.zone.businessDay(at: call.at, dayStart: ask.till.facts.dayStart)
      showing?.post = ask.floor.stops.post(
        store: key.store, register: key.register, cashier: nil, on: today, at: call.at)
      let shown = showing
      let attached = try await database.write(.till) { tx in
        let found = try programme.identify(shown, at: call.at, in: &tx)
        guard case .member(let snapshot, let isBlocked) = found.shopper else { throw MemberCalls.unknown }
        guard !isBlocked, !found.isStopped else { throw MemberCalls.blocked }
        return try receipts.attach(key, to: snapshot, request: request, at: call.at, in: &tx)
      }
      let (amounts, form) = (ask.floor.amounts, SoldForm(ask.floor))
      return Answer(
        201,
        .object([
          "receipt": .string("\(attached.receipt)"), "earned": amounts.json(attached.earned),
          "lots": attached.lots.isEmpty ? nil : .array(attached.lots.map(form.lot)),
        ]))
    } catch let problem as Problem {
      keepRefusal(ask, "receipts/member", problem)
      throw problem
    }
  }

  /// The receipt that the path names.
  func receiptKey(
    _ call: Call, _ floor: SalesFloor, _ till: SalesFloor.Till?, isFact: Bool = false
  ) throws(Problem) -> ReceiptKey {
    try ReceiptPath.key(call.path["key"] ?? "", in: till?.store.id ?? StoreID(0), isFact: isFact) { floor.store($0)?.id }
  }
}

extension Call {
  /// The key of one receipt in a batch.
  static func requestKey(in item: JSONNode) throws(Problem) -> RequestKey {
    guard let text = item["requestKey"].text(max: 100), (8...100).contains(text.utf8.count),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else {
      throw Problem(
        .invalid, "request_key_missing",
        "each receipt of a batch has a requestKey of 8 to 100 plain characters: the one it was, or would have been, sent under alone"
      )
    }
    return RequestKey(text)
  }
}

/// What a confirmed receipt came to, as a till reads it.
struct SoldForm {
  let floor: SalesFloor
  let amounts: AmountForm

  init(_ floor: SalesFloor) {
    self.floor = floor
    amounts = floor.amounts
  }

  /// - Parameter left: where something stood that was left aside.
  func json(_ sold: Sold, key: ReceiptKey, leaving left: [String]) -> JSON {
    .object([
      "receipt": .object([
        "id": .string("\(sold.receipt)"), "key": .string(text(of: key)), "isBeside": .bool(sold.isBeside),
      ]),
      "amount": amounts.json(sold.amount), "earned": amounts.json(sold.earned), "spent": amounts.json(sold.spent),
      "status": floor.rules.terms.earning.status.map { _ in amounts.json(sold.status) },
      "balance": sold.balance.map(balance), "discrepancies": .array(sold.discrepancies.map(discrepancy)),
      "coupons": sold.coupons.isEmpty ? nil : .array(sold.coupons.map(coupon)),
      "certificates": sold.certificates.isEmpty ? nil : .array(sold.certificates.map(certificate)),
      "stamps": sold.stamps.isEmpty ? nil : .array(sold.stamps.map(stamps)),
      "turns": sold.turns.isEmpty ? nil : .array(sold.turns.map(turns)),
      "tiers": sold.tiers.isEmpty ? nil : .array(sold.tiers.map(tier)),
      "subscriptions": sold.subscriptions.isEmpty ? nil : .array(sold.subscriptions.map(SubscriptionAnswer(floor: floor).json)),
      "finds": sold.finds.isEmpty ? nil : .array(sold.finds.map(GameAnswer(floor).find)),
      "lots": sold.lots.isEmpty ? nil : .array(sold.lots.map(lot)),
      "leftAside": .leftAside(left),
    ])
  }

  func lot(_ lot: Earned) -> JSON {
    .object([
      "promotion": lot.promotion.map { id in floor.rules.promotions.first { $0.id == id }?.code }.flatMap { $0.map(JSON.string) },
      "points": amounts.json(lot.amount), "activeFrom": (lot.days.from?.description).map(JSON.string),
      "activeUntil": (lot.days.until?.description).map(JSON.string),
    ])
  }

  private func stamps(_ move: StampMove) -> JSON {
    let counts = move.counts.map { JSON.Member("\($0)", .int($1)) }
    let name = floor.rules.terms.stampCard(move.card)?.name.json
    return .object([JSON.Member("card", .string(move.card))] + (name.map { [JSON.Member("name", $0)] } ?? []) + counts)
  }

  private func coupon(_ coupon: IssuedCoupon) -> JSON {
    .object([
      "code": .string(coupon.code), "series": .string(coupon.series), "from": coupon.from.map { .string($0.text) },
      "until": coupon.until.map { .string($0.text) },
    ])
  }

  private func turns(_ given: GivenTurns) -> JSON {
    .object(["game": .string(floor.names.code(.game, given.game.raw) ?? "\(given.game)"), "turns": .int(given.count)])
  }

  private func tier(_ given: GivenTier) -> JSON {
    .object([
      "tier": .string(floor.names.code(.tier, given.tier.raw) ?? "\(given.tier)"), "since": .string(given.since.text),
      "until": .string(given.until.text),
    ])
  }

  private func certificate(_ use: CertificateUse) -> JSON {
    .object([
      "certificate": .string(use.code), "act": .string(use.act.rawValue), "amount": amounts.json(use.amount),
      "balance": amounts.json(use.balance), "until": use.until.map { .string($0.text) },
    ])
  }

  func text(of key: ReceiptKey) -> String {
    ReceiptPath.text(
      store: floor.storeCode(key.store) ?? "", register: key.register, shift: key.shift, number: key.number, day: key.day)
  }

  func balance(_ balance: Balance) -> JSON {
    .object([
      "active": amounts.json(balance.active), "pending": amounts.json(balance.pending), "held": amounts.json(balance.held),
      "pooled": balance.pooled.map { amounts.json($0) },
    ])
  }

  func discrepancy(_ discrepancy: Discrepancy) -> JSON {
    let (stated, expected): (JSON?, JSON?) =
      switch discrepancy.cause {
      case .amount, .refund, .cancelledLate, .sums, .reductions, .certificate:
        (amounts.json(Money(minor: discrepancy.stated)), amounts.json(Money(minor: discrepancy.expected)))
      case .points, .lateConfirm, .takenBack, .unconfirmed, .blockedMember, .unknownMember, .stopped:
        (amounts.json(Points(units: discrepancy.stated)), amounts.json(Points(units: discrepancy.expected)))
      case .quantity, .unmatched, .marked:
        (
          .string(Quantity(thousandths: discrepancy.stated).decimalText),
          .string(Quantity(thousandths: discrepancy.expected).decimalText)
        )
      case .late: (.string(String(discrepancy.stated)), .string(String(discrepancy.expected)))
      // The other receipt's id is ours; the till knows the key.
      case .keyReused: (amounts.json(Money(minor: discrepancy.stated)), nil)
      case .seller: (nil, nil)
      case .coupon, .unreadable: (.string(String(discrepancy.stated)), nil)
      // The unit follows from the cause.
      case nil: (nil, nil)
      }
    return .object(["cause": .string(discrepancy.word), "stated": stated, "expected": expected])
  }
}

/// A stored receipt, as a till reads it.
struct ReceiptForm {
  let floor: SalesFloor
  private let amounts: AmountForm

  init(_ floor: SalesFloor) {
    self.floor = floor
    amounts = floor.amounts
  }

  func json(_ receipt: Receipt) -> JSON {
    .object([
      "id": .string("\(receipt.id)"), "state": .string(receipt.state.word),
      "store": floor.storeCode(receipt.store).map(JSON.string),
      "businessDay": .string(receipt.businessDay.description), "soldAt": .string(receipt.soldAt.text),
      "postedAt": .string(receipt.postedAt.text), "member": receipt.hasMember ? .string("\(MemberID(receipt.owner))") : nil,
      "amount": amounts.json(receipt.amount), "discount": amounts.json(receipt.discount), "spent": amounts.json(receipt.spent),
      "earned": amounts.json(receipt.earned), "rules": .int(receipt.rules), "lines": .array(receipt.lines.map(line)),
    ])
  }

  private func line(_ line: SoldLine) -> JSON {
    .object([
      "product": .string(floor.catalogue.code(line.product) ?? "\(line.product)"), "quantity": .string(line.quantity.decimalText),
      "shelf": amounts.json(line.shelf), "tillReduced": amounts.json(line.tillReduced), "discount": amounts.json(line.discount),
      "paidWithPoints": amounts.json(line.paidWithPoints), "amount": amounts.json(line.amount), "earned": amounts.json(line.earned),
    ])
  }
}
