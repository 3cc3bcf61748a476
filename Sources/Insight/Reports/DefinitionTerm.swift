import Conditions
import Kernel

/// A word that reports use, and what it means with the numbers of a version of the definitions.
public enum DefinitionTerm: String, CaseIterable, Sendable {
  case active, sleeping, lost, churned, new, returned, retention
  case visit, revenue, penetration, averageReceipt = "average-receipt", items, margin, redemption, breakage
  case businessDay = "business-day", leftOut = "left-out"
  case session, visitor, purchaseSource = "purchase-source"
  case holidays

  public var title: LocalText {
    switch self {
    case .active: LocalText(ru: "Активный", en: "Active")
    case .sleeping: LocalText(ru: "Спящий", en: "Sleeping")
    case .lost: LocalText(ru: "Потерянный", en: "Lost")
    case .churned: LocalText(ru: "Отток", en: "Churned")
    case .new: LocalText(ru: "Новый", en: "New")
    case .returned: LocalText(ru: "Вернувшийся", en: "Returned")
    case .retention: LocalText(ru: "Удержание", en: "Retention")
    case .visit: LocalText(ru: "Визит", en: "Visit")
    case .revenue: LocalText(ru: "Выручка", en: "Revenue")
    case .penetration: LocalText(ru: "Доля с картой", en: "Share with a card")
    case .averageReceipt: LocalText(ru: "Средний чек", en: "Average receipt")
    case .items: LocalText(ru: "Товаров в чеке", en: "Items of a receipt")
    case .margin: LocalText(ru: "Маржа", en: "Margin")
    case .redemption: LocalText(ru: "Списание бонусов", en: "Redemption")
    case .breakage: LocalText(ru: "Сгорание бонусов", en: "Breakage")
    case .businessDay: LocalText(ru: "День и неделя", en: "Day and week")
    case .leftOut: LocalText(ru: "Кто не учтён", en: "Who is left out")
    case .session: LocalText(ru: "Сессия", en: "Session")
    case .visitor: LocalText(ru: "Посетитель", en: "Visitor")
    case .purchaseSource: LocalText(ru: "Источник покупки", en: "Source of a purchase")
    case .holidays: LocalText(ru: "Праздники к праздникам", en: "Holidays beside their own")
    }
  }

  public func text(_ definitions: Definitions) -> LocalText {
    switch self {
    case .active, .sleeping, .lost, .churned, .new, .returned, .retention: Self.people(self, definitions)
    case .visit, .revenue, .penetration, .averageReceipt, .items, .margin, .businessDay: Self.goods(self)
    case .redemption:
      LocalText(
        ru: "Списанные бонусы в процентах от начисленных за \(definitions.redemptionDays) дн. до конца периода, возвраты вычтены",
        en:
          "points spent as a part of points earned in the \(definitions.redemptionDays) days up to the period's last, returns taken off"
      )
    case .breakage:
      LocalText(
        ru:
          "Сгоревшие бонусы в процентах от всех, что закончились: сгорели или были потрачены; среди показателей – за 12 месяцев по месяц последнего дня",
        en:
          "points that expired as a part of all that ended: expired or were spent; among the key figures, of the twelve months up to that of the last day"
      )
    case .leftOut: Self.leftOut(definitions)
    case .session, .visitor, .purchaseSource: Self.visits(self, definitions)
    case .holidays:
      LocalText(
        ru:
          "Праздник из календаря программы стоит против того же праздника прошлого года: по названию, первый день с первым, второй со вторым; без названия – по той же дате. Обычный день стоит против обычного дня того же дня недели 364 днями раньше, а если тогда был праздник – ближайшей недели, где его не было",
        en:
          "a holiday of the programme's calendar stands beside the same one of the year before: by its name, its first day with the first, the second with the second; without a name by its date. Any other day stands beside the same weekday 364 days earlier or, where that was a holiday, of the nearest week in which it was none"
      )
    }
  }

  private static func people(_ term: DefinitionTerm, _ definitions: Definitions) -> LocalText {
    let (active, lost) = (definitions.activeDays, definitions.lostAfter)
    return switch term {
    case .active:
      LocalText(
        ru: "Покупал в последние \(active) дн., считая последний день периода",
        en: "bought in the \(active) days up to the period's last, that one included")
    case .sleeping:
      LocalText(
        ru: "Последняя покупка раньше, но в последние \(lost) дн.", en: "bought last before that, but within the last \(lost) days")
    case .lost: LocalText(ru: "Не покупал \(lost) дн. и дольше", en: "has not bought for \(lost) days or longer")
    case .churned: LocalText(ru: "Стал потерянным в один из дней периода", en: "became lost on a day of the period")
    case .new:
      LocalText(
        ru: "Первая покупка в периоде; в жизненном цикле – первые \(definitions.newDays) дн. после неё",
        en: "bought for the first time in the period; in the life cycle, for \(definitions.newDays) days from then")
    case .returned:
      LocalText(
        ru: "Первая покупка периода – больше чем через \(lost) дн. после предыдущей",
        en: "the first purchase of the period came more than \(lost) days after the one before")
    case .retention:
      LocalText(
        ru:
          "Доля покупавших в прошлом периоде той же длины, кто покупал и в этом; у когорты – кто покупал в каждом следующем месяце",
        en: "of those who bought in as many days before, the share who bought again; of a cohort, who bought in each later month")
    default: preconditionFailure("asked of people only")
    }
  }

  private static func goods(_ term: DefinitionTerm) -> LocalText {
    switch term {
    case .visit:
      LocalText(
        ru: "Участник, магазин и день, сколько бы ни было чеков; полностью возвращённый чек – не визит",
        en: "a member, a store and a day, however many receipts; one that came back whole is no visit")
    case .revenue:
      LocalText(
        ru: "Заплачено деньгами, без скидок и бонусов; возврат вычитается в день возврата; продажа сертификата – аванс, не выручка",
        en:
          "money that was paid, after discounts and points; a return is taken off on its own day; selling a certificate is an advance and no revenue"
      )
    case .penetration:
      LocalText(ru: "Выручка чеков с картой в процентах от всей", en: "revenue of receipts with a card as a part of all")
    case .averageReceipt:
      LocalText(
        ru: "Выручка на чек, от которого что-то осталось; глубина – позиций в таком чеке",
        en: "revenue for each receipt of which something was kept; its depth is how many lines it has")
    case .items:
      LocalText(
        ru:
          "Каждая штука – товар; весовой и мерный – один товар на позицию, сколько бы его ни было, и минус один при возврате. Количество – в штуках, килограммах, литрах: граммы и миллилитры пересчитаны, разные единицы не складываются",
        en:
          "each piece is an item; what is weighed or measured is one a line, however much of it, and one less where it comes back. Units are pieces, kilograms or litres: grams and millilitres are converted, unlike units have no sum"
      )
    case .margin:
      LocalText(
        ru:
          "Выручка минус себестоимость в процентах от выручки, только товары, у которых сейчас известна себестоимость дня продажи",
        en: "revenue less cost as a part of revenue, of goods whose cost of the day of sale is known by now")
    case .businessDay:
      LocalText(
        ru: "День начинается в час, заданный магазину, по его часам; неделя – с понедельника",
        en: "a day begins at the hour that its store has, by the store's clock; a week on Monday")
    default: preconditionFailure("asked of goods only")
    }
  }

  private static func visits(_ term: DefinitionTerm, _ definitions: Definitions) -> LocalText {
    let (minutes, days, window) = (definitions.sessionMinutes, definitions.visitorDays, definitions.attributionDays)
    return switch term {
    case .session:
      LocalText(
        ru:
          "События посетителя, между которыми меньше \(minutes) мин., или как сказал сайт; её источник – первый, о котором она сказала",
        en:
          "events of a visitor less than \(minutes) minutes apart, or as the site says; its source is the first that an event of it told"
      )
    case .visitor:
      LocalText(
        ru: "Устройство, как его узнаёт сайт; после входа его события за \(days) дн. до входа считаются участнику",
        en: "a device as the site knows it; once somebody signs in, its events of the \(days) days before count for the member")
    case .purchaseSource:
      LocalText(
        ru:
          "Чек, заказанный в сессии, – её; иначе последняя не прямая сессия участника за \(window) дн. до покупки, а если таких нет – прямая; «первое касание» – самая ранняя из них",
        en:
          "a receipt ordered in a session is that session's; else the member's last session in the \(window) days before that did not come directly, or a direct one where there was no other; the first touch is the earliest of them"
      )
    default: preconditionFailure("asked of sessions only")
    }
  }

  private static func leftOut(_ definitions: Definitions) -> LocalText {
    let kinds = definitions.kindsLeftOut.map(\.plural)
    let segments = definitions.segmentsLeftOut
    guard !kinds.isEmpty || !segments.isEmpty else { return LocalText(ru: "Учтены все", en: "nobody") }
    func join(_ words: [String], _ segment: String) -> String {
      (words + segments.map { "\(segment) \($0)" }).joined(separator: ", ")
    }
    return LocalText(ru: join(kinds.map(\.ru), "сегмент"), en: join(kinds.map(\.en), "segment"))
  }
}

extension MemberKind {
  /// Several of them.
  public var plural: LocalText {
    switch self {
    case .person: LocalText(ru: "люди", en: "people")
    case .anonymous: LocalText(ru: "анонимные карты", en: "anonymous cards")
    case .employee: LocalText(ru: "сотрудники", en: "employees")
    case .company: LocalText(ru: "компании и опт", en: "companies and wholesale")
    case .storeCard: LocalText(ru: "карты магазинов", en: "store cards")
    case .test: LocalText(ru: "тестовые карты", en: "test cards")
    }
  }
}
