import Access
import Calculator
import Kernel
import Loyalty
import Storage

/// A programme with many members and one rule book, for measuring.
struct BenchShop: Sendable {
  let receipts: Receipts
  private let wallets: Wallets
  private let ids: IDSource
  private let workload: CalculatorWorkload
  private let members: Int64
  private let world: World

  init(world: World, members: Int64) {
    let (account, programme) = (AccountID(1), ProgrammeID(2))
    let terms = PointsTerms(zone: .moscow)
    ids = IDSource(node: 1)
    workload = CalculatorWorkload(promotions: 100)
    wallets = Wallets(of: account, programme: programme, terms: terms, ids: ids)
    receipts = Receipts(of: account, programme: programme, rules: RuleShelf(workload.rules), points: terms, ids: ids)
    self.members = members
    self.world = world
  }

  /// Gives every member a wallet with 300 points in two lots.
  func open(in database: any Database, _ desk: Desk) async throws {
    let progress = desk.progress("opening wallets", unit: "wallets", total: Int(members))
    let chunk: Int64 = 500
    var first: Int64 = 0
    while first < members {
      try desk.stop.check()
      let range = first..<min(first + chunk, members)
      try await database.write(.bulk) { tx in
        let now = world.now()
        let openings = range.map { number in
          let grants = [
            Grant(Points(units: 200), kind: .base, origin: .opening(ImportID(1))),
            Grant(Points(units: 100), kind: .promotional, origin: .opening(ImportID(1))),
          ]
          return (code: "\(number)", Opening(of: member(number), grants))
        }
        let change = Change(by: .demo, at: now, ids: ids)
        _ = try wallets.open(openings, from: ImportID(1), by: change, in: &tx)
      }
      first = range.upperBound
      progress.reached(Int(first))
    }
    progress.finish()
  }

  /// Ids spread over the key space as those of members who joined over years.
  private func member(_ number: Int64) -> MemberID { MemberID((number + 1) << 22) }

  /// The workload's basket, bought by any of the members, as this till's next receipt.
  func purchase(till: Int, number: Int, _ random: inout Chance) -> (Sale, Shopper, RequestKey) {
    var snapshot = workload.member
    snapshot.id = member(Int64.random(in: 0..<members, using: &random))
    var basket = workload.basket
    basket.time = world.now()
    basket.spend = .points(Points(units: Int64.random(in: 0...3, using: &random) * 10))
    basket.store.id = store(till)
    let request = "\(String(random.next(), radix: 16))-\(String(random.next(), radix: 16))"
    return (Sale(key: key(till: till, number: number), basket: basket), .member(snapshot), RequestKey(request))
  }

  func key(till: Int, number: Int) -> ReceiptKey {
    ReceiptKey(store: store(till), register: "till-\(till)", shift: 1, number: String(number), day: CivilDay(number: 20_000))
  }

  private func store(_ till: Int) -> StoreID { StoreID(Int64(7 + till % 400)) }
}
