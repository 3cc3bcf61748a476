import Kernel
import Storage

/// A member whose wallet is empty since they were found to be the same person as another: facts of theirs that change now move the
/// other's wallet.
final class MergedMember: Sendable {
  let owner: Int64
  let version: Int64
  /// What is left there: the stamp cards, on which nothing is.
  let wallet: Wallet
  let merge: MergeID
  /// By which the numbers of lots are higher in the wallet that stands for it.
  let shift: UInt32

  init(owner: Int64, version: Int64, wallet: Wallet, merge: MergeID, shift: UInt32) {
    (self.owner, self.version, self.wallet, self.merge, self.shift) = (owner, version, wallet, merge, shift)
  }
}

// Wallets of members who were merged. A member who was not costs nothing here: the wallet itself says so.
extension Wallets {
  /// The wallet that stands for this one: a statement for each merge on the way.
  func follow(_ first: OpenWallet, lock: Bool, in tx: inout Transaction) throws -> OpenWallet {
    var (open, shift) = (first, UInt32(0))
    guard let merge = first.wallet.departure?.merge else { return first }
    for _ in 0...Limits.merged {
      guard let departure = open.wallet.departure else {
        open.asked = MergedMember(
          owner: first.owner, version: first.version, wallet: first.wallet, merge: merge, shift: shift)
        return open
      }
      shift += departure.shift
      let owner = departure.into.raw
      let asked = lock ? WalletSQL.select(owner, programme, tx.dialect) : WalletSQL.peek(owner, programme)
      guard let row = try tx.row(asked) else { break }
      open = OpenWallet(owner: owner, version: row.int(0), wallet: try WalletSQL.wallet(row.bytes(1), of: owner))
    }
    throw StorageFailure.damaged("the wallet of \(first.owner) was merged into one that is not there")
  }

  /// The wallet of a member who was merged, as it was left, locked where it is to be written.
  func openLeft(_ owner: Int64, in tx: inout Transaction, lock: Bool = true) throws -> OpenWallet {
    let asked = lock ? WalletSQL.select(owner, programme, tx.dialect) : WalletSQL.peek(owner, programme)
    guard let row = try tx.row(asked) else { throw StorageFailure.damaged("the merged member \(owner) has no wallet") }
    return OpenWallet(owner: owner, version: row.int(0), wallet: try WalletSQL.wallet(row.bytes(1), of: owner))
  }

  /// The statements that write a wallet's entries. Those that a fact of a merged member caused stand in two journals: the programme's side
  /// with the fact, the member's side with the wallet, and between them what moved.
  func posting(of open: OpenWallet, at now: Instant) -> [SQL] {
    guard let asked = open.asked else { return posting(open.entries, owner: open.owner, at: now) }
    let split = open.entries.reduce(into: (fact: [Entry](), wallet: [Entry]())) { split, entry in
      switch entry.occasion.cause {
      case .sale, .refund, .attachment: break
      case .hold, .holdEnded, .adjustment, .opening, .activation, .expiry, .regrouping, .merge, .gift, .drawn, .drawnBack,
        .transfer, .received, .transferBack, .receivedBack, .donation, .donationBack:
        return split.wallet.append(entry)
      }
      let merged = entry.occasion.because(.merge(asked.merge))
      switch (entry.from.isMembers, entry.to.isMembers) {
      case (false, false): split.fact.append(entry)
      case (true, true): split.wallet.append(Entry(entry.amount, from: entry.from, to: entry.to, lot: entry.lot, on: merged))
      case (true, false):
        split.wallet.append(Entry(entry.amount, from: entry.from, to: .moved, lot: entry.lot, on: merged))
        split.fact.append(Entry(entry.amount, from: .moved, to: entry.to, lot: .none, on: entry.occasion))
      case (false, true):
        split.fact.append(Entry(entry.amount, from: entry.from, to: .moved, lot: .none, on: entry.occasion))
        split.wallet.append(Entry(entry.amount, from: .moved, to: entry.to, lot: entry.lot, on: merged))
      }
    }
    return posting(split.fact, owner: asked.owner, at: now) + posting(split.wallet, owner: open.owner, at: now)
  }
}
