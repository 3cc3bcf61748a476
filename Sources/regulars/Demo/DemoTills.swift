import Calculator
import Kernel
import Loyalty
import Synchronization

/// The chain's tills in the demonstration: they ask for a price, sell at it, take back, and close their shifts, all over HTTP.
final class DemoTills: Sendable {
  /// What was sold, and how fast.
  struct Tally: Sendable {
    var receipts = 0
    var earned: Int64 = 0
    var spent: Int64 = 0
    var discrepancies = 0
    var refused: [String: Int] = [:]
    var latencies = Latencies()
    var began: ContinuousClock.Instant?
    /// By store and business day: what a till states when it closes its shift.
    var shifts: [Shift: [Printed]] = [:]
  }
  struct Shift: Hashable, Sendable {
    let store: String
    let day: CivilDay
    /// Days since 1970: one shift a day.
    var number: Int64 { Int64(day.number) }
  }
  struct Printed: Sendable {
    let isReturn: Bool
    let number: String
    let date: CivilDay
    let amount: String
  }

  private let place: (host: String, port: Int)
  private let token: String
  private let floor: SalesFloor
  private let tally = Mutex(Tally())

  init(at place: (host: String, port: Int), token: String, floor: SalesFloor) {
    self.place = place
    self.token = token
    self.floor = floor
  }

  var sofar: Tally { tally.withLock { $0 } }

  /// Sells everything, many shoppers at a time; one shopper's purchases follow each other.
  func sell(_ purchases: [DemoBaskets.Purchase], _ stop: Stop, progress: @escaping @Sendable (Tally) -> Void) async throws {
    tally.withLock { $0.began = ContinuousClock.now }
    let lanes = Dictionary(grouping: purchases, by: \.member).values.sorted {
      ($0[0].time, $0[0].receipt) < ($1[0].time, $1[0].receipt)
    }
    let queue = Lanes(lanes)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<32 {
        group.addTask { [self] in
          let line = try await TillLine.open(place, token: token)
          while let lane = queue.next(), !stop.isAsked {
            for purchase in lane {
              try await sell(purchase, over: line, at: purchase.time)
              progress(sofar)
            }
          }
          await line.close()
        }
      }
      try await group.waitForAll()
    }
  }

  /// What is still to be sold.
  private final class Lanes: Sendable {
    private let rest: Mutex<ArraySlice<[DemoBaskets.Purchase]>>
    init(_ lanes: [[DemoBaskets.Purchase]]) { rest = Mutex(lanes[...]) }
    func next() -> [DemoBaskets.Purchase]? { rest.withLock { $0.popFirst() } }
  }

  /// One purchase: asks, sells at the answer, and an hour later may bring something back.
  func sell(_ purchase: DemoBaskets.Purchase, over line: TillLine, at time: Instant, number: String? = nil) async throws {
    let began = ContinuousClock.now
    let asked = purchase.basketJSON(floor, at: time) + (purchase.wantsToSpend ? [JSON.Member("spend", "most")] : [])
    let quote = try await line.post("/till/v1/calculations", Array(JSON.object(asked).compact.utf8))
    guard quote.status == 201 else { return refuse(quote) }
    let till = floor.till(store: purchase.store, register: "1")
    let zone = till?.facts.zone ?? .utc
    let shift = Shift(
      store: purchase.store, day: zone.businessDay(at: time, dayStart: till?.facts.dayStart ?? .midnight))
    let number = number ?? purchase.receipt
    let body = purchase.receiptJSON(floor, try quote.json, shift: shift.number, number: number, at: time)
    let sold = try await line.post("/till/v1/receipts", Array(body.compact.utf8), key: "demo-sale-\(number)")
    guard sold.status == 201 else { return refuse(sold) }
    note(try sold.json, shift, Printed(isReturn: false, number: number, date: zone.civil(at: time).day, amount: ""), began)
    if let returned = purchase.returned { try await takeBack(returned, purchase, shift, zone, number, line, time + .hours(1)) }
  }

  private func takeBack(
    _ returned: BasketLine, _ purchase: DemoBaskets.Purchase, _ shift: Shift, _ zone: Zone, _ number: String, _ line: TillLine,
    _ time: Instant
  ) async throws {
    let began = ContinuousClock.now
    let (back, day) = (zone.civil(at: time).day, zone.civil(at: time - .hours(1)).day)
    let body = JSON.object([
      "store": .string(purchase.store), "register": "1", "time": .string(time.text),
      "cashier": .string(purchase.cashier(floor, at: time)),
      "receipt": .object(["shift": .int(shift.number), "number": .string(number + "r"), "date": .string(back.description)]),
      "lines": .array([.object(["line": .string(returned.id), "quantity": .string(returned.quantity.decimalText)])]),
    ])
    let path = "/till/v1/receipts/\(purchase.store)~1~\(shift.number)~\(number)~\(day)/returns"
    let reply = try await line.post(path, Array(body.compact.utf8), key: "demo-return-\(number)")
    guard reply.status == 201 else { return refuse(reply) }
    note(try reply.json, shift, Printed(isReturn: true, number: number + "r", date: back, amount: ""), began)
  }

  /// States every shift as its till saw it. - Returns: how many there were, and how many did not tie.
  func closeShifts(_ progress: (Int) -> Void) async throws -> (closed: Int, open: Int) {
    let line = try await TillLine.open(place, token: token)
    let shifts = sofar.shifts
    var (closed, open) = (0, 0)
    for (shift, printed) in shifts.sorted(by: { ($0.key.day, $0.key.store) < ($1.key.day, $1.key.store) }) {
      let reply = try await line.post(
        "/till/v1/shift-closings", Array(statement(shift, printed).compact.utf8), key: "demo-shift-\(shift.store)-\(shift.number)")
      if reply.status == 201, try reply.json["ties"] == .bool(true) { closed += 1 } else { open += 1 }
      progress(closed + open)
    }
    await line.close()
    return (closed, open)
  }

  private func statement(_ shift: Shift, _ printed: [Printed]) -> JSON {
    let zone = floor.till(store: shift.store, register: "1")?.facts.zone ?? .utc
    let digits = floor.rules.terms.currency.digits
    func sum(_ isReturn: Bool) -> JSON {
      let some = printed.filter { $0.isReturn == isReturn }
      let minor = some.reduce(Int64(0)) { $0 + (Decimal.parse($1.amount, digits: digits) ?? 0) }
      return .object(["count": .int(Int64(some.count)), "amount": .string(Decimal.text(minor, digits: digits))])
    }
    return .object([
      "store": .string(shift.store), "register": "1", "shift": .int(shift.number), "day": .string("\(shift.day)"),
      "opened": .string(zone.instant(shift.day).text), "closed": .string(zone.instant(shift.day.adding(days: 1)).text),
      "sales": sum(false), "returns": sum(true),
      "receipts": .array(
        printed.map {
          .object([
            "kind": .string($0.isReturn ? "return" : "sale"), "number": .string($0.number), "date": .string("\($0.date)"),
            "amount": .string($0.amount),
          ])
        }),
    ])
  }

  private func note(_ answer: JSON, _ shift: Shift, _ printed: Printed, _ began: ContinuousClock.Instant) {
    func text(_ json: JSON?) -> String { if case .string(let text)? = json { text } else { "" } }
    let amount = text(answer["amount"])
    var discrepancies = 0
    if case .array(let items)? = answer["discrepancies"] { discrepancies = items.count }
    let scale = floor.rules.terms.pointsScale
    tally.withLock { tally in
      tally.receipts += printed.isReturn ? 0 : 1
      tally.earned += Decimal.parse(text(answer["earned"]), digits: scale) ?? 0
      tally.spent += Decimal.parse(text(answer["spent"]), digits: scale) ?? 0
      tally.discrepancies += discrepancies
      tally.latencies.add(began.duration(to: .now))
      tally.shifts[shift, default: []].append(
        Printed(isReturn: printed.isReturn, number: printed.number, date: printed.date, amount: amount))
    }
  }

  private func refuse(_ reply: TillLine.Reply) {
    var code = "\(reply.status)"
    if let json = try? reply.json, case .string(let text)? = json["code"] { code += " " + text }
    tally.withLock { $0.refused[code, default: 0] += 1 }
  }
}
