import Kernel

/// What asking for a bulk action and deciding about one is refused with.
extension BulkActions {
  static func noSegment(_ code: String) -> Problem {
    Problem(.notFound, "segment_unknown", "there is no segment \"\(code.prefix(Limits.code))\"")
  }

  static func archived(_ code: String) -> Problem {
    Problem(
      .conflict, "attribute_archived", "the attribute \"\(code)\" is archived and filled in no more",
      cashier: LocalText(ru: "Поле в архиве, его больше не заполняют", en: "The field is archived and filled in no more"))
  }

  func limit(_ hard: Points) -> Problem {
    let text = amounts.text(hard)
    return Problem(
      .conflict, "goodwill_limit", "at most \(text) points may be given to one member at once",
      cashier: LocalText(
        ru: "За один раз участнику можно дать не больше \(text) баллов",
        en: "At most \(text) points may be given to one member at once"))
  }

  static func noSeries(_ code: String) -> Problem {
    Problem(.notFound, "coupon_series_unknown", "the programme has no series of coupons \"\(code.prefix(Limits.code))\"")
  }

  static func closed(_ code: String) -> Problem {
    Problem(
      .conflict, "coupon_series_closed",
      "the series \"\(code)\" gives no coupons one by one: it is closed, has one code for all, or too short codes",
      cashier: LocalText(
        ru: "Эта серия не выдаёт личные купоны: закрыта, с общим кодом или коды слишком короткие",
        en: "This series gives no personal coupons: it is closed, has one code for all, or too short codes"))
  }

  static func noTier(_ code: String) -> Problem {
    Problem(.notFound, "tier_unknown", "the programme has no tier \"\(code.prefix(Limits.code))\"")
  }

  static func otherNumber(_ due: Int64) -> Problem {
    Problem(
      .conflict, "bulk_number_differs", "the action concerns \(due) members; type just this number to confirm it",
      cashier: LocalText(
        ru: "Действие затронет \(due): введите именно это число", en: "The action concerns \(due) members: type just this number"))
  }

  static var old: Problem {
    Problem(
      .conflict, "bulk_count_old", "the action was counted more than \(Limits.bulkDays) days ago; ask for it anew",
      cashier: LocalText(
        ru: "Подсчёт старше \(Limits.bulkDays) дней. Создайте действие заново",
        en: "It was counted more than \(Limits.bulkDays) days ago. Make the action anew"))
  }

  static var own: Problem {
    Problem(
      .conflict, "bulk_own_request", "somebody else has to agree to what one asked for oneself",
      cashier: LocalText(ru: "Своё действие одобряет кто-то другой", en: "Somebody else has to agree to your own action"))
  }

  static var forgotten: Problem {
    Problem(
      .conflict, "bulk_members_forgotten", "the action ended so long ago that whom it concerned is kept no more (bulk.days)",
      cashier: LocalText(
        ru: "Действие закончено слишком давно: записи об участниках уже удалены",
        en: "The action ended too long ago: the records of its members are gone"))
  }

  static func wrongState(_ action: BulkAction) -> Problem {
    Problem(
      .conflict, "bulk_state", "the action is \(action.state.rawValue); this cannot be done to it now",
      cashier: LocalText(
        ru: "Сейчас с этим действием так нельзя: обновите страницу", en: "This cannot be done to the action now: load the page anew"
      ))
  }
}
