import Access
import Customers
import Kernel
import Storage

/// What happened to a member's subscription: it began, was prolonged, came to its end or was cancelled.
public struct SubscriptionChange: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable { case started, renewed, ended, cancelled }

  public let id: EventID
  /// The plan's code.
  public let plan: String
  public let kind: Kind
  public let at: Instant
}

/// A member's subscriptions as they stand, and what happened to them.
public struct SubscriptionStory: Sendable {
  /// Ended ones too.
  public let present: [Subscription]
  /// Latest first.
  public let changes: [SubscriptionChange]

  /// Of a programme without plans.
  public static let none = SubscriptionStory(present: [], changes: [])
}

extension Subscriptions {
  /// What `all(of:)` tells, with what happened to the subscriptions of the member and of whoever was merged into them. One statement.
  /// - Parameters:
  ///   - before: changes are told from behind this place on; nil for none of them.
  ///   - limit: changes at most.
  public func story(
    of member: MemberID, besides guests: [MemberID], changesBefore before: EventID?, limit: Int, in tx: inout Transaction
  ) throws -> SubscriptionStory {
    let rows = try tx.rows(
      SubscriptionSQL.story(account, programme, member, guests, before ?? EventID(0), min(max(1, limit), Limits.page)))
    return SubscriptionStory(
      present: try rows.filter { $0.isNull(13) }.map(SubscriptionSQL.subscription).sorted { $0.plan < $1.plan },
      changes: try rows.filter { !$0.isNull(13) }.map { row in
        guard let kind = SubscriptionChange.Kind(rawValue: row.text(13)) else {
          throw StorageFailure.damaged("subscription_change.kind is \(row.text(13))")
        }
        return SubscriptionChange(id: row.id(2), plan: row.text(1), kind: kind, at: row.instant(12))
      }.sorted { $0.id > $1.id })
  }
}
