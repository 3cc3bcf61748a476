import Calculator
import Conditions
import Kernel
import Storage
import Synchronization

/// What members bought first and when, for drafts that ask about first purchases: read once for each member whose receipts the draft could touch.
final class WhatIfPast: Sendable {
  private let past: GoodsPast
  /// Guards what is known, which many pages add to.
  private let known = Mutex<[Int64: [PromotionID: GoodsPast.FirstReceipt]]>([:])

  init(_ past: GoodsPast) { self.past = past }

  /// Reads what is not known yet of these members.
  func learn(_ owners: Set<Int64>, on database: any Database) async throws {
    let fresh = known.withLock { known in owners.filter { known[$0] == nil } }.sorted()
    for page in fresh.paged(by: Limits.page) {
      let past = past
      let found = try await database.read { tx in
        try page.map { owner in (owner, try past.firsts(of: owner, in: &tx)) }
      }
      known.withLock { known in for (owner, firsts) in found { known[owner] = firsts } }
    }
  }

  /// Says of the member what other receipts had before this one.
  func fill(_ member: inout MemberSnapshot?, of receipt: PricedReceipt, at time: Instant) {
    let firsts = known.withLock { $0[receipt.owner] ?? [:] }
    for sum in past.sums {
      let isBefore = firsts[sum.id].map { $0.id != receipt.id && $0.soldAt < time } ?? false
      member?.usage[sum.id] = isBefore ? MemberUsage(uses: 1) : nil
    }
  }
}
