import Access
import Jobs
import Kernel
import Storage

/// What the journal of a programme moved in each month between which accounts: added up from every entry by scheduled work, and held
/// against every wallet in the same reading, so that whoever asks need look into none.
public struct PointsFlows: Hashable, Sendable {
  public struct Pair: Hashable, Sendable {
    public let from: JournalAccount
    public let to: JournalAccount
    public init(_ from: JournalAccount, _ to: JournalAccount) { (self.from, self.to) = (from, to) }
  }

  /// By the first day of the month in which the books learnt of it, in the smallest units of points.
  public internal(set) var months: [CivilDay: [Pair: Int64]] = [:]
  /// What all wallets held where the reading met them: active, pending and on hold, debts taken off; without status points.
  public internal(set) var wallets: Int64 = 0
  public internal(set) var at: Instant?

  public init() {}

  /// As the last complete round found it; `at` is nil before the first. One statement, some hundred rows a year.
  public static func read(of programme: Programme, in tx: inout Transaction) throws -> PointsFlows {
    var flows = PointsFlows()
    for row in try tx.rows(PointsFlowSQL.all(programme.account, programme.id)) {
      flows.at = row.instant(4)
      guard let from = UInt8(exactly: row.int(1)).flatMap(JournalAccount.init(rawValue:)),
        let to = UInt8(exactly: row.int(2)).flatMap(JournalAccount.init(rawValue:))
      else {
        flows.wallets += row.int(3)
        continue
      }
      flows.months[row.day(0), default: [:]][Pair(from, to)] = row.int(3)
    }
    return flows
  }

  /// What went from members to the account in the month, less what came back from it.
  public func left(to account: JournalAccount, in month: CivilDay) -> Int64 {
    (months[month] ?? [:]).reduce(0) { sum, flow in
      if flow.key.from.isSpendable, flow.key.to == account { return sum + flow.value }
      return flow.key.from == account && flow.key.to.isSpendable ? sum - flow.value : sum
    }
  }

  public func moved(_ pairs: (Pair) -> Bool, in month: CivilDay) -> Int64 {
    (months[month] ?? [:]).reduce(0) { pairs($1.key) ? $0 + $1.value : $0 }
  }

  /// What members had when the month began.
  public func opening(_ month: CivilDay) -> Int64 { months.keys.reduce(0) { $1 < month ? $0 + change(in: $1) : $0 } }

  /// By how much what members have grew in the month.
  public func change(in month: CivilDay) -> Int64 {
    (months[month] ?? [:]).reduce(0) { sum, flow in
      sum + (flow.key.to.isSpendable ? flow.value : 0) - (flow.key.from.isSpendable ? flow.value : 0)
    }
  }
}

extension JournalAccount {
  /// True for what members can spend now or later, and what they owe.
  public var isSpendable: Bool { isMembers && self != .status }
}
