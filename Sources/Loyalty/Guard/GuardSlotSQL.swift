import Kernel
import Storage

/// Every statement about tens of minutes.
enum GuardSlotSQL {
  /// In the order of `GuardSchema.slotFigures`.
  private static func numbers(_ figures: GuardFigures) -> [Int64] {
    [
      figures.named, figures.discount.minor, figures.earned.units, figures.spent.units, figures.returns + figures.cancelled,
      figures.byHand.units, figures.refused,
    ]
  }

  private static let columns = GuardSchema.slotFigures.joined(separator: ", ")
  private static let adding = """
    insert into guard_slot (programme_id, kind, store_id, subject, slot, owner_id, account_id, \(columns))
    values (\((1...7 + GuardSchema.slotFigures.count).map { "$\($0)" }.joined(separator: ", ")))
    on conflict (programme_id, kind, store_id, subject, slot, owner_id) do update set
      \(GuardSchema.slotFigures.map { "\($0) = guard_slot.\($0) + excluded.\($0)" }.joined(separator: ", "))
    where guard_slot.account_id = excluded.account_id
    """

  static func add(
    _ figures: GuardFigures, to hour: GuardHour, owner: Int64, _ programme: ProgrammeID, _ account: AccountID
  ) -> SQL {
    SQL(
      prepared: adding,
      [
        programme.value, hour.place.kind.rawValue.value, hour.place.store.value, hour.place.subject.value, hour.slot.value,
        owner.value, account.value,
      ] + numbers(figures).map(\.value))
  }

  static func slots(
    _ place: GuardPlace, _ slots: ClosedRange<Int64>, _ programme: ProgrammeID, _ account: AccountID, _ limit: Int
  ) -> SQL {
    SQL(
      prepared: """
        select slot, owner_id, \(columns) from guard_slot
        where programme_id = $1 and kind = $2 and store_id = $3 and subject = $4 and slot >= $5 and slot <= $6 and account_id = $7
        order by slot desc, owner_id limit $8
        """,
      [
        programme.value, place.kind.rawValue.value, place.store.value, place.subject.value, slots.lowerBound.value,
        slots.upperBound.value, account.value, limit.value,
      ])
  }

  static func slot(_ row: Row) -> GuardSlot {
    var figures = GuardFigures()
    (figures.named, figures.discount, figures.earned) = (row.int(2), row.money(3), row.points(4))
    (figures.spent, figures.returns, figures.byHand) = (row.points(5), row.int(6), row.points(7))
    figures.refused = row.int(8)
    return GuardSlot(slot: row.int(0), owner: row.int(1), figures: figures)
  }

  static func forget(before slot: Int64, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    "delete from guard_slot where programme_id = \(programme) and account_id = \(account) and slot < \(slot)"
  }
}
