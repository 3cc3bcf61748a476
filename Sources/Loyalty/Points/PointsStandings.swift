import Access
import Kernel
import Storage

/// What a member has of points, as it stands at a moment, for whoever asks it of many members.
public struct PointsStanding: Hashable, Sendable {
  public struct End: Hashable, Sendable {
    public let at: Instant
    public let points: Points
  }

  /// What can be spent, or is set aside at a till; below zero where there is a debt. What is not active yet is left out.
  public let balance: Points
  /// What of it ends, by the moment, the earliest first.
  public let ends: [End]
  /// When something happens to it by itself next: it is to be read again then.
  public let due: Instant?

  init(of wallet: Wallet) {
    var held: [LotNumber: Points] = [:]
    for part in wallet.holds.flatMap(\.parts) { held[part.lot, default: .zero] += part.amount }
    var ends: [Instant: Points] = [:]
    for lot in wallet.lots {
      let amount = lot.amount + (held[lot.number] ?? .zero)
      guard amount > .zero, case .active(let expiry) = lot.phase, let end = wallet.expiry(expiry, of: lot.kind.family) else {
        continue
      }
      ends[end, default: .zero] += amount
    }
    (balance, due) = (wallet.active + wallet.held, wallet.nextDue)
    self.ends = ends.sorted { $0.key < $1.key }.map { End(at: $0.key, points: $0.value) }
  }

  public func ending(by moment: Instant) -> Points { ends.reduce(.zero) { $1.at <= moment ? $0 + $1.points : $0 } }
}

/// Reads wallets for those who follow what members have; locks and changes nothing.
public struct PointsStandings: Sendable {
  private let programme: ProgrammeID
  private let terms: PointsTerms

  public init(of programme: Programme) { (self.programme, terms) = (programme.id, programme.settings.points) }

  /// Of the owners behind one, in their order. One statement, by the key of wallets.
  public func page(
    after owner: Int64, limit: Int, at now: Instant, in tx: inout Transaction
  ) throws -> [(owner: Int64, standing: PointsStanding)] {
    try tx.rows(WalletSQL.page(programme, after: owner, min(max(1, limit), Limits.bulk))).map { row in
      (row.int(0), try standing(row.bytes(6), of: row.int(0), now))
    }
  }

  /// Of these owners; who never had points is missing. One statement, by the key of wallets.
  /// - Precondition: at most `Limits.bulk` of them.
  public func standings(of owners: [Int64], at now: Instant, in tx: inout Transaction) throws -> [Int64: PointsStanding] {
    guard !owners.isEmpty else { return [:] }
    var found: [Int64: PointsStanding] = [:]
    for row in try tx.rows(WalletSQL.peek(owners, programme)) {
      found[row.int(0)] = try standing(row.bytes(2), of: row.int(0), now)
    }
    return found
  }

  private func standing(_ document: [UInt8], of owner: Int64, _ now: Instant) throws -> PointsStanding {
    var wallet = try WalletSQL.wallet(document, of: owner)
    _ = wallet.advance(to: now, terms)
    return PointsStanding(of: wallet)
  }
}
