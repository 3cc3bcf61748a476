import Access
import Jobs
import Kernel
import Loyalty
import Storage

/// What stands behind the tills: the wing on a real database, and answers in the form in which tills write them down.
struct SimulatedServer: Sendable {
  let database: any Database
  let chain: SimulatedChain
  let ground: SimulatedGround
  let ids: IDSource

  /// A refusal is an answer. - Throws: `StorageFailure`.
  func answer(_ request: TillRequest, at now: Instant) async throws -> JSON {
    do {
      return try await reply(request, at: now)
    } catch let problem as Problem {
      return .object(["refused": .string(problem.code)])
    }
  }

  func receipts(at now: Instant) -> Receipts {
    Receipts(
      of: ground.account, programme: ground.programme, rules: chain.shelf(at: now), points: chain.points, terms: chain.terms,
      ids: ids, keys: ground.keys)
  }

  private var wallets: Wallets { Wallets(of: ground.account, programme: ground.programme, terms: chain.points, ids: ids) }

  private func reply(_ request: TillRequest, at now: Instant) async throws -> JSON {
    let receipts = receipts(at: now)
    switch request {
    case .quote(let basket, let shopper):
      return try await database.read { tx in try receipts.calculate(basket, for: shopper, at: now, in: &tx) }.note
    case .hold(let basket, let shopper):
      return try await database.write { tx in try receipts.calculate(basket, for: shopper, holding: HoldWish(), at: now, in: &tx) }
        .note
    case .release(let hold, let member):
      try await database.write { tx in try receipts.release(hold, of: member, at: now, in: &tx) }
      return .object([])
    case .confirm(let sale, let shopper, let key):
      return try await receipts.confirm(sale, by: shopper, request: key, at: now, on: database).note
    case .batch(let sales):
      let answers = try await receipts.record(sales, at: now, in: database)
      return .object(["answers": .array(answers.map(\.note))])
    case .cancel(let key, let hold, let shopper, let request):
      let answer = try await database.write { tx in
        try receipts.cancel(key, hold: hold, by: shopper, request: request, at: now, in: &tx)
      }
      return answer?.note ?? .object(["nothing": true])
    case .takeBack(let goods, let shopper, let key):
      return try await database.write { tx in try receipts.takeBack(goods, by: shopper, request: key, at: now, in: &tx) }.note
    case .exchange(let goods, let sale, let shopper, let key):
      let (returned, sold) = try await database.write { tx in
        try receipts.exchange(goods, for: sale, by: shopper, request: key, at: now, in: &tx)
      }
      return .object(["returned": returned.note, "sold": sold.note])
    case .attach(let key, let member, let request):
      let found = try await database.write { tx in try receipts.attach(key, to: member, request: request, at: now, in: &tx) }
      return .object(["receipt": .int(found.receipt.raw), "earned": .int(found.earned.units)])
    case .draw(let member, let store, let key):
      let change = office(at: now)
      return try await database.write { tx in
        try receipts.games.draw(SimulatedGround.wheelCode, by: member, at: store, request: key, change: change, in: &tx)
      }.note
    case .stock: return try await .object(["codes": .array(stock(receipts.certificates, at: now).map { .string($0) })])
    case .adjust, .open, .advance: return try await office(request, at: now)
    }
  }

  private func office(_ request: TillRequest, at now: Instant) async throws -> JSON {
    switch request {
    case .adjust(let change, let member, let reason, let key): return try await adjust(change, member, reason, key, at: now)
    case .open(let active, let waiting, let member, let source):
      let grants = [
        Grant(active, origin: .opening(source), activation: .atOnce),
        Grant(waiting, kind: .promotional, origin: .opening(source), activation: .after(.days(9))),
      ]
      let opening = Opening(of: member, grants)
      let known = try await database.write { tx in
        try wallets.open(opening, from: source, request: RequestKey("opening \(source.raw)"), by: office(at: now), in: &tx)
      }
      return .object(["source": .int(known.raw)])
    default:
      var moved = 0
      var count = 100
      while count == 100 {
        count = try await database.write(.bulk) { tx in try wallets.advanceDue(limit: 100, at: now, in: &tx) }
        moved += count
      }
      try await lapse(at: now)
      return .object(["moved": .int(Int64(moved))])
    }
  }

  private func lapse(at now: Instant) async throws {
    let due = DueCertificates(zones: SimulatedGround.zone, ids: ids)
    var isMore = true
    while isMore { isMore = try await database.write(.bulk) { tx in try due.lapse(of: ground.account, at: now, in: &tx) } }
  }

  /// Orders the year's certificates and prints them at once; whoever asks later finds them printed.
  private func stock(_ certificates: Certificates, at now: Instant) async throws -> [String] {
    let (change, count, seed) = (office(at: now), chain.certificates, chain.size.seed)
    return try await database.write { tx in
      let ordered = try certificates.order(
        count, of: SimulatedGround.gift.code, label: "the year", key: "the year", by: change, in: &tx)
      var chance = Chance(seed, 8)
      let printed = try certificates.makeNext(of: ordered.id, using: &chance, in: &tx)
      return try certificates.certificates(of: printed, limit: Limits.bulk, in: &tx).map(\.certificate.code)
    }
  }

  private func adjust(
    _ change: Points, _ member: MemberID, _ reason: AdjustmentReason, _ key: RequestKey, at now: Instant
  ) async throws -> JSON {
    let adjustment = Adjustment(change, because: reason, note: "as the shopper asked")
    let id = try await database.write { tx in
      try wallets.adjust(adjustment, of: member, request: key, by: office(at: now), in: &tx)
    }
    return .object(["adjustment": .int(id.raw)])
  }

  private func office(at now: Instant) -> Change { Change(by: .demo, at: now, ids: ids) }
}

extension Quote {
  fileprivate var note: JSON {
    .object([
      "amount": .int(calculation.amount.minor), "spent": .int(calculation.pointsSpent.units),
      "earned": .int(calculation.earned.units),
      "rules": .int(rules), "hold": hold.map { .int($0.raw) },
      "lines": .array(calculation.lines.map { [.int($0.amount.minor), .int($0.paidWithPoints.minor)] }),
    ])
  }
}

extension Discrepancy {
  fileprivate var note: JSON { [.string(word), .int(stated), .int(expected)] }
}

extension Sold {
  fileprivate var note: JSON {
    .object([
      "receipt": .int(receipt.raw), "amount": .int(amount.minor), "earned": .int(earned.units), "status": .int(status.units),
      "spent": .int(spent.units), "beside": .bool(isBeside), "notes": .array(discrepancies.map(\.note)),
      "turns": turns.isEmpty ? nil : .int(turns.reduce(0) { $0 + $1.count }),
      "certificates": certificates.isEmpty ? nil : .array(certificates.map(\.note).sorted { $0.compact < $1.compact }),
    ])
  }
}

extension CertificateUse {
  /// Codes of those that are given are nobody's to foresee, a seed's neither.
  fileprivate var note: JSON { [.string(act == .given ? "" : code), .string(act.rawValue), .int(amount.minor)] }
}

extension Won {
  fileprivate var note: JSON {
    .object([
      "draw": .int(draw.id.raw), "number": .int(draw.number), "roll": .int(draw.roll), "prize": .int(Int64(draw.given)),
    ])
  }
}

extension Result<Sold, Problem> {
  fileprivate var note: JSON {
    switch self {
    case .success(let sold): sold.note
    case .failure(let problem): .object(["refused": .string(problem.code)])
    }
  }
}

extension DocumentLine {
  fileprivate var note: JSON {
    let line = [Int64(self.line), quantity.thousandths, amount.minor, paidWithPoints.minor, points.units]
    return .array((line + parts.flatMap { [$0.quantity.thousandths, $0.price.minor, $0.amount.minor] }).map { .int($0) })
  }
}

extension ReturnAnswer {
  fileprivate var note: JSON {
    .object([
      "document": .int(document.raw), "notes": .array(discrepancies.map(\.note)),
      "refunds": .array(
        refunds.map { refund in
          .object([
            "id": .int(refund.id.raw), "receipt": refund.receipt.map { .int($0.raw) }, "amount": .int(refund.amount.minor),
            "back": .int(refund.givenBack.units), "taken": .int(refund.takenBack.units), "lost": .int(refund.lost.units),
            "lines": .array(
              refund.lines.map { line in
                [
                  .int(Int64(line.line)), .int(line.quantity.thousandths), .int(line.amount.minor), .int(line.paidWithPoints.minor),
                  .int(line.points.units),
                ]
              }),
            "documents": refund.reissue.map { .array([$0.returned, $0.sold].map { .array($0.map(\.note)) }) },
          ])
        }),
    ])
  }
}
