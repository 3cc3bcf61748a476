import Access
import Calculator
import Kernel
import Loyalty
import Storage
import Synchronization

/// What the chain stands on in the database: its account and programme, certificates of two series, and a game. The first life makes
/// it, every later one finds it.
struct SimulatedGround: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let game: GameID
  /// Under which the game's seed is sealed.
  let keys: KeyRing?

  /// Sold at tills. So short a life that some are over before they are spent.
  static let gift = CertificateSeriesDetails(
    code: "GIFT", name: LocalText(ru: "Подарок", en: "Gift"), face: .fixed(Money(minor: 150_000)), daysGood: 12)
  /// Brought by receipts, and won.
  static let bonus = CertificateSeriesDetails(
    code: "BONUS", name: LocalText(ru: "Бонус", en: "Bonus"), face: .free(Money(minor: 100)...Money(minor: 50_000)), daysGood: 9)
  /// As a line that sells a certificate names it; no promotion and nothing that earns knows it.
  static let giftProduct = ProductID(600)

  static let wheelCode = "WHEEL"

  /// Little enough is there of some prizes that a year gives them away.
  private static var wheel: GameDetails {
    func prize(_ text: LocalText, _ percent: Int64, stock: Int64? = nil, _ gift: Prize.Gift) -> Prize {
      Prize(text, chance: .percent(percent), stock: stock, gift: gift)
    }
    let table = PrizeTable(
      [
        prize(LocalText(ru: "Кружка", en: "Mug"), 15, stock: 3, .thing(cost: .zero)),
        prize(LocalText(ru: "Баллы", en: "Points"), 20, .points(Points(units: 40))),
        prize(LocalText(ru: "Сертификат", en: "Certificate"), 15, stock: 4, .certificate(series: bonus.code, Money(minor: 20_000))),
      ], consolation: Prize(LocalText(ru: "В другой раз", en: "Next time"), chance: .zero))
    return GameDetails(code: wheelCode, name: LocalText(ru: "Колесо", en: "Wheel"), memberDaily: 2, table: table)
  }

  /// What an auditor must know of the game: the chance of each prize, and how many there are.
  static var note: JSON {
    .array(wheel.table.prizes.map { .object(["chance": .int($0.chance.ppm), "stock": $0.stock.map { .int($0) }]) })
  }

  static let zone: @Sendable (String) -> Zone? = { $0 == Zone.moscow.name ? .moscow : nil }

  /// Equal seeds play with equal dice.
  private static func ring(_ seed: Int64) -> KeyRing? {
    let chance = Mutex(Chance(seed, 9))
    return KeyRing([Array(repeating: 7, count: KeyRing.size)]) { chance.withLock { $0.next() } }
  }

  static func found(seed: Int64, on database: any Database, ids: IDSource) async throws -> SimulatedGround {
    let change = Change(by: .demo, at: SimulatedChain.start, ids: ids)
    let keys = ring(seed)
    return try await database.write { tx in
      let account = try Accounts().open(AccountDetails(code: "chain", name: "Chain", currency: .rub), by: change, in: &tx)
      let settings: JSON = .object([
        "name": .object(["ru": "Клуб", "en": "Club"]), "zone": .string(Zone.moscow.name),
      ])
      let programme = try Programmes(of: account, zones: zone).save("club", settings, by: change, in: &tx)
      _ = try Certificates(of: programme, ids: ids, keys: keys).save([gift, bonus], by: change, in: &tx)
      let games = try Games(of: programme, ids: ids, keys: keys).save([wheel], by: change, in: &tx)
      return SimulatedGround(account: account, programme: programme.id, game: games.ids[0], keys: keys)
    }
  }
}

/// What the ledger itself says of its books at the end: wallets, receipts and stamps; certificates; games.
struct SimulatedBooks: Sendable {
  let journal: AuditReport
  let certificates: CertificateReport
  let games: GameReport

  var differences: [String] {
    var found = journal.differences.map { "\($0)" } + certificates.differences + games.differences
    if certificates.wasMoving { found.append("the sums of certificates moved while nobody sold") }
    if games.sealed > 0 { found.append("the seed of the game cannot be opened") }
    return found
  }
}

extension SimulatedServer {
  func audit(on database: any Database) async throws -> SimulatedBooks {
    let receipts = receipts(at: SimulatedChain.start)
    let journal = JournalAudit(
      of: ground.account, programme: ground.programme, terms: chain.points, rules: chain.shelf(at: SimulatedChain.start))
    return SimulatedBooks(
      journal: try await journal.run(on: database),
      certificates: try await CertificateAudit(of: receipts.certificates).run(on: database),
      games: try await GameAudit(of: receipts.games).run(on: database))
  }
}
