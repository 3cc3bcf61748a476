import Customers
import Jobs
import Kernel
import Storage

/// Members who are one person: a receipt stays with whom it was sold to, and counts for whoever stands for them.
extension SoldGoods {
  /// Who stands for members who were merged, everybody of the programme. Two numbers for each in memory.
  public func survivors(in tx: inout Transaction) throws -> [Int64: Int64] {
    var (all, last): ([Int64: Int64], MemberID?) = ([:], nil)
    while true {
      let page = try Merges(of: account, programme: programme).everySurvivor(after: last, limit: Limits.bulk, in: &tx)
      for (merged, survivor) in page { all[merged.raw] = survivor.raw }
      guard page.count == Limits.bulk, let end = page.last else { return all }
      last = end.merged
    }
  }

  func survivors(of members: Set<Int64>, in tx: inout Transaction) throws -> [Int64: Int64] {
    let found = try Merges(of: account, programme: programme).survivors(of: members.sorted().map { MemberID($0) }, in: &tx)
    return Dictionary(uniqueKeysWithValues: found.map { ($0.raw, $1.raw) })
  }

  /// Everybody whom a merge, or its undoing, moves: the one it is about, and whoever stands behind one of the two.
  func family(_ event: Event, in tx: inout Transaction) throws -> Set<Int64> {
    let merges = Merges(of: account, programme: programme)
    let behind = try [event.owner, event.subject].flatMap { try merges.family(of: MemberID($0), in: &tx) }
    return Set(behind.map(\.raw)).union([event.subject])
  }

  /// Sold to the member, or found to be theirs later.
  func receipts(of member: Int64, in tx: inout Transaction) throws -> [Int64] {
    let own = try every { try tx.rows(SoldGoodsSQL.owned(account, programme, member, after: $0, Limits.bulk)) }
    let claimed = try every { try tx.rows(SoldGoodsSQL.claimed(account, programme, member, after: $0, Limits.bulk)) }
    return (own + claimed).map { $0.int(0) }
  }

  /// Page after page, by the id in front.
  func every(_ page: (Int64) throws -> [Row]) throws -> [Row] {
    var (all, last): ([Row], Int64) = ([], 0)
    while true {
      let rows = try page(last)
      all += rows
      guard rows.count == Limits.bulk, let end = rows.last else { return all }
      last = end.int(0)
    }
  }

  static func member(of row: Row, _ survivors: [Int64: Int64]) -> Int64? {
    row.int(1) == row.int(2) ? nil : survivors[row.int(1)] ?? row.int(1)
  }
}
