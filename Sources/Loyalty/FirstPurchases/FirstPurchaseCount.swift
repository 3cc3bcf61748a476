import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Storage
import Synchronization

/// Counts what members bought before a rule book asked for their first purchase of some goods, member by member, while tills sell. Each member's
/// count is written behind the lock of the wallet, as what the receipts come to at that moment: done twice it is the same.
public final class FirstPurchaseCount: Sendable {
  /// Members of one step.
  static let members = 50
  /// Tills hear of a rule book within a second: what is sold later counts itself.
  static let wait = Span.minutes(1)

  private let zones: @Sendable (String) -> Zone?
  private let ids: IDSource
  /// The last rule book that was read: to read one costs more than to count a page of members. A lock guards it.
  private let last = Mutex<(programme: ProgrammeID, book: RuleBook)?>(nil)

  public init(zones: @escaping @Sendable (String) -> Zone?, ids: IDSource) {
    (self.zones, self.ids) = (zones, ids)
  }

  /// Account by account, every minute; where nothing waits it costs a read for each.
  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("first-purchases", every: .minutes(1)) { cursor in
      let after = cursor.flatMap { AccountID($0) } ?? AccountID(0)
      guard let account = try await database.read({ tx in try Accounts().all(after: after, limit: 1, in: &tx).first?.id }) else {
        return nil
      }
      for _ in 0..<20 {
        guard try await self.step(of: account, at: now(), on: database) else { return "\(account)" }
      }
      return "\(AccountID(account.raw - 1))"
    }
  }

  /// What one step does.
  private struct Task {
    let programme: Programme
    let book: RuleBook
    /// Behind the same member.
    let sums: [WaitingSum]
    /// No rule book asks for them any more.
    let gone: [WaitingSum]
    /// Members whose wallets do not say what their receipts do; whoever was merged is counted with the one who stands for them.
    var members: [Int64] = []
    var reached: Int64
    var isLast = true

    var asked: [Accumulator] { book.asks.firsts.filter { sum in sums.contains { $0.id == sum.id } } }
    var past: GoodsPast { GoodsPast(account: programme.account, programme: programme.id, book: book, sums: asked) }
  }

  /// Counts the next members. - Returns: false where nothing is left to do.
  public func step(of account: AccountID, at now: Instant, on database: any Database) async throws -> Bool {
    guard let task = try await database.read({ tx in try self.task(of: account, at: now, in: &tx) }) else { return false }
    try await database.write(.bulk) { tx in
      for sum in task.gone { try tx.enqueue(FirstPurchaseSQL.forget(sum, task.programme.id, account)) }
      for member in task.members { try self.count(member, task, at: now, in: &tx) }
      for sum in task.sums {
        try tx.enqueue(
          FirstPurchaseSQL.reach(sum, task.programme.id, account, through: task.reached, countedAt: task.isLast ? now : nil))
      }
    }
    return true
  }

  private func task(of account: AccountID, at now: Instant, in tx: inout Transaction) throws -> Task? {
    for programme in try Programmes(of: account, zones: zones).all(in: &tx) {
      let waiting = try tx.rows(
        FirstPurchaseSQL.waiting(programme.id, account, askedBefore: now - Self.wait, Limits.accumulators)
      ).map(FirstPurchaseSQL.waiting)
      guard let first = waiting.first, let book = try book(of: programme, in: &tx) else { continue }
      let asked = Set(book.asks.firsts.map(\.id))
      let level = waiting.filter { $0.lastOwner == first.lastOwner }
      var task = Task(
        programme: programme, book: book, sums: level.filter { asked.contains($0.id) },
        gone: level.filter { !asked.contains($0.id) }, reached: first.lastOwner)
      guard !task.sums.isEmpty else { return task }
      let owners = try tx.rows(FirstPurchaseSQL.owners(programme.id, after: first.lastOwner, Self.members)).map { $0.int(0) }
      (task.reached, task.isLast) = (owners.last ?? first.lastOwner, owners.count < Self.members)
      let (past, wallets) = (task.past, wallets(of: programme))
      for owner in owners {
        guard let seen = try wallets.peek(owner, in: &tx) else { continue }
        let found = try past.receipts(of: seen, in: &tx)
        if task.asked.contains(where: { (found[$0.id] ?? 0) != seen.wallet.pastReceipts(of: $0.id) }) { task.members.append(owner) }
      }
      return task
    }
    return nil
  }

  /// Writes what one member bought before, behind the lock of the wallet.
  private func count(_ owner: Int64, _ task: Task, at now: Instant, in tx: inout Transaction) throws {
    let wallets = wallets(of: task.programme)
    var open = try wallets.open(owner, at: now, in: &tx)
    let found = try task.past.receipts(of: open, in: &tx)
    for sum in task.asked { open.wallet.count(past: found[sum.id] ?? 0, of: sum.id) }
    try wallets.save(open, at: now, in: &tx)
  }

  private func wallets(of programme: Programme) -> Wallets {
    Wallets(of: programme.account, programme: programme.id, terms: programme.settings.points, ids: ids)
  }

  private func book(of programme: Programme, in tx: inout Transaction) throws -> RuleBook? {
    let version = try RuleBooks(of: programme).latestVersion(in: &tx)
    if let known = last.withLock({ $0 }), known.programme == programme.id, known.book.version == version { return known.book }
    guard version > 0 else { return nil }
    let names = try AccountNames(of: programme, catalogue: CatalogueIndex(of: programme.account).refreshed(in: &tx), in: &tx)
    let book = try RuleBooks(of: programme).book(version, in: &tx).rules(names).book(version: version)
    last.withLock { $0 = (programme.id, book) }
    return book
  }
}
