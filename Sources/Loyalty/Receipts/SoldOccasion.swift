import Access
import Calculator
import Conditions
import Customers
import Kernel
import Storage

extension SoldGoods {
  /// How a receipt was sold, beside its lines.
  public struct Occasion: Hashable, Sendable {
    public let channel: Channel
    /// Each once, in the order of their words. Empty where the till told nothing.
    public let tenders: [TenderKind]
    /// Series of coupons that were good, or codes of those that have none; each once, in order.
    public let coupons: [String]
    public let tier: TierID?

    static let unknown = Occasion(channel: .till, tenders: [], coupons: [], tier: nil)

    private init(channel: Channel, tenders: [TenderKind], coupons: [String], tier: TierID?) {
      (self.channel, self.tenders, self.coupons, self.tier) = (channel, tenders, coupons, tier)
    }

    /// - Throws: `StorageFailure.damaged`.
    init(_ facts: [UInt8], _ lines: [SoldLine]) throws {
      let facts = try SaleFacts(document: facts, lines: lines)
      let kinds = Set(facts.basket.tenders.map(\.kind))
      let coupons = Set(facts.basket.coupons.filter { $0.state == .valid }.map { $0.series ?? $0.code })
      self.init(
        channel: facts.basket.channel, tenders: TenderKind.allCases.filter(kinds.contains), coupons: coupons.sorted(),
        tier: facts.member?.tier)
    }
  }

  /// Which promotions the places in traces stand for, by rule book. Learned book by book, and kept by whoever reads on.
  public struct Books: Sendable {
    private var promotions: [Int64: [PromotionID]] = [:]

    public init() {}

    /// Reads the books that are not known yet: a few statements for each, which do not change any more. Of a book that is not kept
    /// nobody knows what gave.
    /// - Throws: `Problem.invalid` where a book names what is not there any more.
    mutating func learn(
      _ versions: Set<Int64>, _ account: AccountID, _ programme: ProgrammeID, zones: @escaping @Sendable (String) -> Zone?,
      in tx: inout Transaction
    ) throws {
      let fresh = versions.filter { $0 != 0 && promotions[$0] == nil }.sorted()
      guard !fresh.isEmpty else { return }
      let rows = try tx.answers(toEach: fresh.map { PromotionSQL.book(account, programme, $0) })
      for version in fresh { promotions[version] = [] }
      guard rows.contains(where: { !$0.isEmpty }) else { return }
      let home = try Programmes(of: account, zones: zones).programme(programme, in: &tx)
      let catalogue = try CatalogueIndex(of: account).refreshed(in: &tx)
      let names = try AccountNames(of: home, catalogue: catalogue, in: &tx)
      for (version, found) in zip(fresh, rows) where !found.isEmpty {
        let stored = try RuleBooks(of: home).book(version, in: &tx)
        promotions[version] = try stored.rules(names).book(version: version).promotions.map(\.id)
      }
    }

    /// Line by line what gave money off or points; what was given on the receipt as a whole was given on every line. Each once, in order.
    func deals(_ trace: [TraceStep], of version: Int64, lines: Int) -> [[PromotionID]] {
      var deals = Array(repeating: [PromotionID](), count: lines)
      guard let promotions = promotions[version] else { return deals }
      for step in trace where step.amount > 0 && (step.kind == .reduction || step.kind == .earning) {
        guard promotions.indices.contains(Int(step.promotion)) else { continue }
        let id = promotions[Int(step.promotion)]
        for line in step.line < 0 ? 0..<lines : Int(step.line)..<Int(step.line) + 1 where deals.indices.contains(line) {
          if !deals[line].contains(id) { deals[line].append(id) }
        }
      }
      return deals.map { $0.sorted() }
    }
  }
}
