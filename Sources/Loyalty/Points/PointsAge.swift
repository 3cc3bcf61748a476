import Access
import Kernel
import Storage

/// What a programme owes its members, by the month in which the books learnt that it was issued; found in the same round as `PointsOwed`, and
/// the same in all.
public struct PointsAge: Hashable, Sendable {
  /// Its first day; nil for points that were put together so long ago that nobody knows.
  public let month: CivilDay?
  public let points: Points
  public let at: Instant

  /// As the last complete round found it, what is unknown first, then the oldest; empty before the first. One statement.
  public static func read(of programme: Programme, in tx: inout Transaction) throws -> [PointsAge] {
    try tx.rows(PointsOwedSQL.ages(programme.account, programme.id)).map { row in
      PointsAge(month: row.int(0) == unknown ? nil : row.day(0), points: row.points(1), at: row.instant(2))
    }
  }

  /// The month under which is kept what nobody knows.
  static let unknown: Int64 = 0
}

extension Origin {
  /// When what it came from was written down; nil for what has no moment of its own.
  fileprivate var madeAt: Instant? {
    switch self {
    case .receipt(let id), .earned(let id, _): id.madeAt
    case .opening(let id): id.madeAt
    case .adjustment(let id): id.madeAt
    case .gift(let id): id.madeAt
    case .transfer(let id): id.madeAt
    case .promotion, .various: nil
    }
  }
}

extension Wallet {
  /// What is owed by the month of its issue, with what is held and what is still to become active. What of a lot is held counts as of the lot's
  /// oldest part, and a debt is taken off the oldest: old points are spent first.
  func ages(_ terms: PointsTerms) -> [Int64: Int64] {
    var months: [Int64: Int64] = [:]
    func month(_ origin: Origin) -> Int64 {
      guard let at = origin.madeAt else { return PointsAge.unknown }
      let day = terms.zone.civil(at: at).day
      return Int64(day.adding(days: 1 - day.parts.day).number)
    }
    let parts = holds.flatMap(\.parts)
    for lot in lots {
      for share in [lot.first] + lot.others { months[month(share.origin), default: 0] += share.amount.units }
      let held = parts.reduce(Int64(0)) { $1.lot == lot.number ? $0 + $1.amount.units : $0 }
      months[month(lot.first.origin), default: 0] += held
    }
    var debt = debt.units
    for month in months.keys.sorted() where debt > 0 {
      let paid = min(debt, months[month] ?? 0)
      months[month, default: 0] -= paid
      debt -= paid
    }
    return months.filter { $0.value != 0 }
  }
}
