import Access
import Jobs
import Kernel
import Storage

extension Wallets {
  /// Takes over the points of many members. The caller sees to it that it happens once.
  ///
  /// Costs one reading statement and bulk inserts of wallets, entries, events and trail for `Limits.bulk` members who have no wallet yet,
  /// and an update for each who has.
  public func open(_ openings: [Opening], from source: ImportID, by change: Change, in tx: inout Transaction) throws {
    let now = change.at
    let occasion = Occasion(.opening(source), at: now, posted: now)
    let sorted = Self.onePerMember(openings)
    try self.change(sorted.map(\.member.raw), at: now, in: &tx) { place, open in
      open.entries += open.wallet.open(sorted[place].grants, status: sorted[place].status, on: occasion, terms)
    }
    try AuditTrail(of: account).record(sorted.map { trace(of: $0, from: source) }, by: change, in: &tx)
    let events = sorted.map { opening in
      Event(.pointsOpened, id: ids.next(at: now), owner: opening.member.raw, subject: source.raw, at: now)
    }
    try Outbox(of: account).put(events, in: &tx)
  }

  /// Ascending by member; what the other system kept apart for one member comes together.
  private static func onePerMember(_ openings: [Opening]) -> [Opening] {
    var merged: [Opening] = []
    for opening in openings.sorted(by: { $0.member < $1.member }) {
      if let last = merged.last, last.member == opening.member {
        merged[merged.count - 1] = Opening(
          of: last.member, last.grants + opening.grants, status: last.status + opening.status)
      } else {
        merged.append(opening)
      }
    }
    return merged
  }

  /// Changes the wallets of many owners, each locked and advanced to now; those who had none begin with an empty one.
  ///
  /// - Parameter owners: ascending, so that two imports do not wait for each other crosswise, and each once.
  /// - Parameter body: with the owner's place. May run twice for an owner, on different wallets, when another transaction opens the
  ///   wallet at the same time.
  func change(
    _ owners: [Int64], at now: Instant, in tx: inout Transaction, _ body: (Int, inout OpenWallet) throws -> Void
  ) throws {
    for start in stride(from: 0, to: owners.count, by: Limits.bulk) {
      let range = start..<min(start + Limits.bulk, owners.count)
      var changed = try changeKnown(range, of: owners, at: now, in: &tx, body)
      let missing = range.filter { changed[owners[$0]] == nil }
      for fresh in try makeMissing(missing, of: owners, at: now, in: &tx, body) { changed[fresh.owner] = fresh }
      try post(range.compactMap { changed[owners[$0]] }, at: now, in: &tx)
    }
  }

  /// Wallets that are there: changed and written but for their entries, by owner.
  private func changeKnown(
    _ range: some Sequence<Int>, of owners: [Int64], at now: Instant, in tx: inout Transaction,
    _ body: (Int, inout OpenWallet) throws -> Void
  ) throws -> [Int64: OpenWallet] {
    let asked = range.map { (owners[$0], $0) }
    guard !asked.isEmpty else { return [:] }
    let places = Dictionary(uniqueKeysWithValues: asked)
    var changed: [Int64: OpenWallet] = [:]
    var merged: [Int64] = []
    for row in try tx.rows(WalletSQL.select(asked.map(\.0), programme, tx.dialect)) {
      let owner = row.int(0)
      guard let place = places[owner] else { continue }
      var open = OpenWallet(owner: owner, version: row.int(1), wallet: try WalletSQL.wallet(row.bytes(2), of: owner))
      guard open.wallet.departure == nil else {
        merged.append(owner)
        continue
      }
      try advance(&open, at: now, in: &tx)
      try body(place, &open)
      try tx.enqueue(writing(open))
      changed[owner] = open
    }
    // Behind the others, one of which may be the wallet that stands for these.
    for owner in merged {
      guard let place = places[owner] else { continue }
      var open = try open(owner, at: now, in: &tx)
      try body(place, &open)
      try save(open, at: now, in: &tx)
      open.entries = []
      changed[owner] = open
    }
    return changed
  }

  /// Wallets that were not there: made whole, in one insert. Where a till made one meanwhile, its wallet is changed instead.
  private func makeMissing(
    _ places: [Int], of owners: [Int64], at now: Instant, in tx: inout Transaction,
    _ body: (Int, inout OpenWallet) throws -> Void
  ) throws -> [OpenWallet] {
    guard !places.isEmpty else { return [] }
    var fresh: [OpenWallet] = []
    fresh.reserveCapacity(places.count)
    for place in places {
      var open = OpenWallet(owner: owners[place], version: 0, wallet: Wallet())
      try body(place, &open)
      fresh.append(open)
    }
    let rows = fresh.map { WalletSQL.values($0.owner, programme, $0.wallet, version: 1) }
    let made = try tx.insert(rows, into: PointsSchema.wallet, WalletSQL.inserted, skippingKnown: true)
    guard made < fresh.count else { return fresh }
    let documents = fresh.map(\.wallet.document)
    let found = try tx.rows(WalletSQL.select(fresh.map(\.owner), programme, tx.dialect))
    let stored = Dictionary(uniqueKeysWithValues: found.map { ($0.int(0), $0.bytes(2)) })
    let taken = fresh.indices.filter { stored[fresh[$0].owner] != documents[$0] }
    let others = try changeKnown(taken.map { places[$0] }, of: owners, at: now, in: &tx, body)
    return fresh.map { others[$0.owner] ?? $0 }
  }

  /// Writes the entries of many wallets in the order in which they lie.
  private func post(_ changed: [OpenWallet], at now: Instant, in tx: inout Transaction) throws {
    var rows: [[Value]] = []
    for open in changed {
      if let fault = open.wallet.fault { preconditionFailure("the wallet of \(open.owner) broke a rule: \(fault)") }
      for posting in Posting.grouping(open.entries) {
        rows.append(WalletSQL.values(posting, ids.next(at: now), open.owner, programme))
      }
    }
    try tx.insert(rows, into: PointsSchema.posting, WalletSQL.insertedPosting)
  }
}
