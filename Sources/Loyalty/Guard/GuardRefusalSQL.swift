import Access
import Kernel
import Storage

/// Every statement about refused coupons and certificates.
enum GuardRefusalSQL {
  /// Answers with a row where it was not known.
  static func insert(_ refusal: GuardRefusal, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    SQL(
      prepared: """
        insert into guard_refusal (programme_id, day, store_id, name, account_id, register, cashier, owner_id, at, reason)
        values ($1, $2, $3, $4, $5, $6, cast($7 as text), $8, $9, $10) on conflict do nothing returning 1
        """,
      [
        programme.value, refusal.day.value, refusal.store.value, refusal.name.value, account.value, refusal.register.value,
        refusal.cashier.value, (refusal.member?.raw ?? 0).value, refusal.at.value, refusal.reason.text.value,
      ])
  }

  private static let columns = "store_id, register, cashier, owner_id, day, at, reason, name"

  static func latest(_ place: GuardPlace, _ days: ClosedRange<CivilDay>, _ programme: Programme, _ limit: Int) -> SQL {
    switch place.kind {
    case .member:
      """
      select \(raw: columns) from guard_refusal
      where programme_id = \(programme.id) and account_id = \(programme.account) and owner_id = \(place.member?.raw ?? 0)
        and day >= \(days.lowerBound) and day <= \(days.upperBound)
      order by day desc, at desc, name limit \(limit)
      """
    case .cashier, .register, .operator, .card:
      """
      select \(raw: columns) from guard_refusal
      where programme_id = \(programme.id) and account_id = \(programme.account) and store_id = \(place.store)
        and day >= \(days.lowerBound) and day <= \(days.upperBound)
        and \(raw: place.kind == .register ? "register" : "cashier") = \(place.subject)
      order by day desc, at desc, name limit \(limit)
      """
    }
  }
}
