import Access
import Kernel

/// What the audit trail's words mean. A word that is not known here is told by its noun and what happened to it, and else shown as it is.
public enum ActWords {
  public static func name(_ act: String, _ reader: Reader) -> String? {
    if let words = known[act] { return reader(words) }
    let parts = act.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let noun = nouns[parts[0]], let event = events[parts[1]] else { return nil }
    return "\(reader(noun)): \(reader(event))"
  }

  /// Kinds of acts that people look for.
  enum Group: String, CaseIterable {
    case looks, points, rules, places, access, files

    func name(_ reader: Reader) -> String {
      switch self {
      case .looks: reader("Выгрузки карточек", "Members exported")
      case .points: reader("Баллы и чеки", "Points and receipts")
      case .rules: reader("Программа и акции", "Programme and promotions")
      case .places: reader("Магазины и каталог", "Stores and catalogue")
      case .access: reader("Сотрудники и доступ", "Staff and access")
      case .files: reader("Файлы и выгрузки", "Files and exports")
      }
    }

    /// Every word of the group.
    var acts: [String] {
      let events = ["made", "changed", "imported"]
      return switch self {
      case .looks: ["member.seen", "member.exported", "members.exported"]
      case .points:
        ActWords.known.keys.filter {
          ["points", "goodwill", "tier", "status", "receipt", "turns", "subscription", "transfer", "donation"].contains(
            $0.prefix { $0 != "." })
        }
      case .rules:
        [
          "rule_book.published", "definitions.changed", "targets.changed", "promotion.asked", "promotion.approved",
          "promotion.declined", "promotion.pilot_begun", "approval_limit.asked", "approval_limit.approved",
          "approval_limit.declined", "approval_limit.overtaken",
          "promotion.pilot_rolled_out", "promotion.pilot_stopped", "coupon_series.ordered",
          "coupon_series.voided", "certificate_series.ordered",
          "certificate.voided",
          "certificate.unlocked", "certificate.adjusted", "game.began", "game.revealed", "funding_act.issued",
          "partner.agreed", "partner.paid", "partner.disputed", "partner.decided", "partner_statement.issued",
        ]
          + ["programme", "promotion", "coupon_series", "certificate_series", "game", "funding_contract", "partner"].flatMap {
            noun in
            events.map { "\(noun).\($0)" }
          }
      case .places:
        ["store", "register", "brand", "legal_entity", "product", "category", "product_brand", "manufacturer", "price_zone"]
          .flatMap { noun in events.map { "\(noun).\($0)" } }
      case .access:
        ["staff.made", "staff.changed", "token.made"]
          + ActWords.known.keys.filter { $0.hasPrefix("staff.") || $0.hasPrefix("token.") }
      case .files:
        [
          "member.exported", "members.exported", "coupon_series.exported", "certificate_series.exported", "segment.exported",
          "bulk_action.exported", "guard.exported", "funnel.exported", "table.exported",
        ]
          + ActWords.known.keys.filter { $0.hasPrefix("import.") }
      }
    }
  }

  private static let nouns: [String: LocalText] = [
    "member_field": LocalText(ru: "Поле анкеты", en: "Member field"), "dictionary": LocalText(ru: "Справочник", en: "Dictionary"),
    "bulk_action": LocalText(ru: "Действие над сегментом", en: "Action on a segment"),
    "consent_text": LocalText(ru: "Текст согласия", en: "Text of a consent"),
    "account": LocalText(ru: "Компания", en: "Company"), "brand": LocalText(ru: "Бренд", en: "Brand"),
    "legal_entity": LocalText(ru: "Юридическое лицо", en: "Legal entity"), "store": LocalText(ru: "Магазин", en: "Store"),
    "register": LocalText(ru: "Касса", en: "Till"), "price_zone": LocalText(ru: "Ценовая зона", en: "Price zone"),
    "product": LocalText(ru: "Товар", en: "Product"), "category": LocalText(ru: "Категория", en: "Category"),
    "product_brand": LocalText(ru: "Бренд товара", en: "Product brand"),
    "manufacturer": LocalText(ru: "Производитель", en: "Manufacturer"), "staff": LocalText(ru: "Сотрудник", en: "Staff member"),
    "token": LocalText(ru: "Токен", en: "Token"), "programme": LocalText(ru: "Программа", en: "Programme"),
    "promotion": LocalText(ru: "Акция", en: "Promotion"), "webhook": LocalText(ru: "Вебхук", en: "Webhook"),
    "segment": LocalText(ru: "Сегмент", en: "Segment"), "shift": LocalText(ru: "Смена", en: "Shift"),
    "job": LocalText(ru: "Задание", en: "Job"), "jobs": LocalText(ru: "Задания", en: "Jobs"),
    "coupon_series": LocalText(ru: "Серия купонов", en: "Series of coupons"),
    "certificate_series": LocalText(ru: "Серия сертификатов", en: "Series of certificates"),
    "funding_contract": LocalText(ru: "Договор о финансировании", en: "Contract of a payer"),
    "partner": LocalText(ru: "Партнёр", en: "Partner"),
    "guard": LocalText(ru: "Охрана", en: "Guard"), "game": LocalText(ru: "Игра", en: "Game"),
    "figure": LocalText(ru: "Сумма за период", en: "Figure of a period"),
    "funnel": LocalText(ru: "Воронка", en: "Funnel"), "formula": LocalText(ru: "Формула", en: "Formula"),
    "saved_report": LocalText(ru: "Отчёт", en: "Report"), "dashboard": LocalText(ru: "Панель", en: "Dashboard"),
    "report_schedule": LocalText(ru: "Рассылка отчёта", en: "Schedule of a report"),
    "report_outside": LocalText(ru: "Адреса отчётов вне компании", en: "Addresses of reports outside"),
  ]

  private static let events: [String: LocalText] = [
    "counted": LocalText(ru: "подсчёт", en: "counted"), "confirmed": LocalText(ru: "подтверждение", en: "confirmed"),
    "continued": LocalText(ru: "продолжение", en: "went on"), "finished": LocalText(ru: "выполнено", en: "carried out"),
    "undo_begun": LocalText(ru: "начата отмена", en: "undoing began"), "undone": LocalText(ru: "отменено", en: "undone"),
    "filled": LocalText(ru: "значения", en: "values"),
    "made": LocalText(ru: "создание", en: "made"), "changed": LocalText(ru: "изменение", en: "changed"),
    "imported": LocalText(ru: "из файла", en: "from a file"), "removed": LocalText(ru: "удаление", en: "removed"),
    "stopped": LocalText(ru: "остановка", en: "stopped"), "retried": LocalText(ru: "повтор", en: "tried again"),
    "dropped": LocalText(ru: "отказ от задания", en: "dropped"), "paused": LocalText(ru: "пауза", en: "paused"),
    "resumed": LocalText(ru: "возобновление", en: "resumed"), "replayed": LocalText(ru: "повтор событий", en: "events sent again"),
    "archived": LocalText(ru: "в архив", en: "put into the archive"), "restored": LocalText(ru: "из архива", en: "taken out again"),
    "left": LocalText(ru: "отказ читателя", en: "a reader left"),
    "joined": LocalText(ru: "возвращение читателя", en: "a reader came back"),
    "resent": LocalText(ru: "отправка ещё раз", en: "sent once more"),
    "tested": LocalText(ru: "проверка", en: "tested"), "suspended": LocalText(ru: "приостановка", en: "suspended"),
  ]

  private static let known: [String: LocalText] = [
    "attribute.changed": LocalText(ru: "Изменено поле анкеты", en: "A member's field changed"),
    "member_field.policy": LocalText(ru: "Изменено, какие поля принимаются", en: "Which fields are taken was changed"),
    "bulk_action.exported": LocalText(ru: "Скачан итог действия над сегментом", en: "Result of an action on a segment downloaded"),
    "table.exported": LocalText(ru: "Таблица скачана", en: "A table downloaded"),
    "bulk_action.approved": LocalText(ru: "Действие над сегментом одобрено", en: "Action on a segment approved"),
    "bulk_action.held": LocalText(
      ru: "Действие над сегментом ждёт второго человека: лимит сотрудника",
      en: "Action on a segment waits for a second person: a limit"),
    "bulk_action.declined": LocalText(ru: "Действие над сегментом отклонено", en: "Action on a segment declined"),
    "coupon_series.ordered": LocalText(ru: "Заказаны коды купонов", en: "Codes of coupons ordered"),
    "coupon_series.exported": LocalText(ru: "Скачаны коды купонов", en: "Codes of coupons downloaded"),
    "promotion.asked": LocalText(ru: "Акция отправлена на согласование", en: "Promotion sent for approval"),
    "promotion.approved": LocalText(ru: "Акция согласована", en: "Promotion approved"),
    "promotion.declined": LocalText(ru: "Акция возвращена на доработку", en: "Promotion sent back"),
    "subscription.given": LocalText(ru: "Дана подписка", en: "Subscription given"),
    "subscription.extended": LocalText(ru: "Подписка продлена вручную", en: "Subscription prolonged by hand"),
    "subscription.tried": LocalText(ru: "Дан пробный срок подписки", en: "A trial of a subscription given"),
    "subscription.cancelled": LocalText(ru: "Подписка отменена", en: "Subscription cancelled"),
    "approval_limit.asked": LocalText(ru: "Просят поднять порог согласования", en: "A higher limit of approval asked for"),
    "approval_limit.approved": LocalText(ru: "Новый порог согласования принят", en: "A higher limit of approval agreed"),
    "approval_limit.declined": LocalText(ru: "Порог согласования оставлен прежним", en: "The limit of approval stays"),
    "approval_limit.overtaken": LocalText(ru: "Просьба о пороге согласования снята", en: "A wish for another limit was dropped"),
    "promotion.pilot_begun": LocalText(ru: "Начат пилот акции", en: "A pilot of a promotion began"),
    "promotion.pilot_rolled_out": LocalText(ru: "Пилот акции распространён на всех", en: "A pilot of a promotion was rolled out"),
    "promotion.pilot_stopped": LocalText(ru: "Пилот акции остановлен", en: "A pilot of a promotion was stopped"),
    "coupon_series.voided": LocalText(ru: "Купон изъят", en: "A coupon taken out of use"),
    "certificate_series.ordered": LocalText(ru: "Заказаны сертификаты", en: "Certificates ordered"),
    "guard.blocked": LocalText(ru: "Заблокировано на кассах", en: "Blocked at tills"),
    "guard.unblocked": LocalText(ru: "Снята блокировка на кассах", en: "Unblocked at tills"),
    "guard.stopped": LocalText(ru: "Жёсткий лимит остановил баллы", en: "A hard limit stopped points"),
    "guard.exported": LocalText(ru: "Сигналы скачаны", en: "Alerts downloaded"),
    "funnel.exported": LocalText(ru: "Скачано, кто ушёл из воронки", en: "Who left a funnel downloaded"),
    "guard.decided": LocalText(ru: "Решение по сигналу", en: "An alert was decided"),
    "certificate_series.exported": LocalText(ru: "Скачаны коды сертификатов", en: "Codes of certificates downloaded"),
    "certificate.voided": LocalText(ru: "Сертификат заблокирован", en: "A certificate blocked"),
    "certificate.unlocked": LocalText(ru: "Сертификат открыт снова", en: "A certificate unlocked"),
    "certificate.adjusted": LocalText(ru: "Остаток сертификата исправлен", en: "The balance of a certificate changed"),
    "funding_act.issued": LocalText(ru: "Выставлен акт о финансировании", en: "Act of funding issued"),
    "partner.agreed": LocalText(ru: "Новые условия с партнёром", en: "New terms with a partner"),
    "partner.paid": LocalText(ru: "Платёж с партнёром", en: "A payment with a partner"),
    "partner.disputed": LocalText(ru: "Спор с партнёром о чеке", en: "A partner's dispute about a receipt"),
    "partner.decided": LocalText(ru: "Решение по спору с партнёром", en: "A partner's dispute decided"),
    "partner_statement.issued": LocalText(ru: "Выставлен отчёт партнёру", en: "A partner's statement issued"),
    "game.began": LocalText(ru: "Начат выпуск игры", en: "An edition of a game began"),
    "game.revealed": LocalText(ru: "Открыто зерно игры", en: "A game's seed was revealed"),
    "turns.given": LocalText(ru: "Попытки вручную", en: "Turns by hand"),
    "points.won": LocalText(ru: "Выигранные баллы", en: "Points won"),
    "member.made": LocalText(ru: "Зарегистрирован", en: "Registered"),
    "member.imported": LocalText(ru: "Загружен из файла", en: "Came from a file"),
    "member.changed": LocalText(ru: "Данные изменены", en: "Data changed"),
    "member.blocked": LocalText(ru: "Заблокирован", en: "Blocked"),
    "member.unblocked": LocalText(ru: "Разблокирован", en: "Unblocked"),
    "consent.given": LocalText(ru: "Дано согласие", en: "A consent was given"),
    "consent.withdrawn": LocalText(ru: "Согласие отозвано", en: "A consent was withdrawn"),
    "consent.imported": LocalText(ru: "Согласия загружены из файла", en: "Consents came from a file"),
    "offer.activated": LocalText(ru: "Активировано предложение", en: "An offer was activated"),
    "offer.ended": LocalText(ru: "Активация предложения снята", en: "An activation was ended"),
    "member.erased": LocalText(ru: "Удалён по просьбе", en: "Erased on request"),
    "definitions.changed": LocalText(ru: "Определения отчётов изменены", en: "Definitions of reports changed"),
    "targets.changed": LocalText(ru: "План изменён", en: "Targets changed"),
    "segment.condition": LocalText(ru: "Условие сегмента изменено", en: "Segment's condition changed"),
    "segment.archived": LocalText(ru: "Сегмент убран в архив", en: "Segment archived"),
    "segment.restored": LocalText(ru: "Сегмент возвращён из архива", en: "Segment brought back"),
    "segment.included": LocalText(ru: "Внесены в сегмент вручную", en: "Put into a segment by hand"),
    "segment.excluded": LocalText(ru: "Исключены из сегмента вручную", en: "Kept out of a segment by hand"),
    "segment.released": LocalText(ru: "Ручной выбор снят: решает условие", en: "Left to the segment's condition"),
    "segment.exported": LocalText(ru: "Состав сегмента выгружен", en: "Members of a segment exported"),
    "member.merged": LocalText(ru: "Участники объединены", en: "Members merged"),
    "member.unmerged": LocalText(ru: "Участники разделены", en: "Merge undone"),
    "household.made": LocalText(ru: "Создана семья", en: "A household was founded"),
    "household.invited": LocalText(ru: "Приглашение в семью", en: "Invited to a household"),
    "household.uninvited": LocalText(ru: "Приглашение в семью отозвано", en: "An invitation to a household was taken back"),
    "household.declined": LocalText(ru: "Отказ от приглашения в семью", en: "An invitation to a household was declined"),
    "household.joined": LocalText(ru: "Вступление в семью", en: "Joined a household"),
    "household.left": LocalText(ru: "Выход из семьи", en: "Left a household"),
    "household.changed": LocalText(ru: "Семья изменена", en: "A household was changed"),
    "household.dissolved": LocalText(ru: "Семья распущена", en: "A household was dissolved"),
    "duplicate.dismissed": LocalText(ru: "Двойники: разные люди", en: "Duplicates: two people"),
    // Of times before the register of who looked at whom.
    "member.seen": LocalText(ru: "Карточку смотрели", en: "The card was looked at"),
    "member.exported": LocalText(ru: "Данные выгружены", en: "Data exported"),
    "members.exported": LocalText(ru: "Список участников выгружен", en: "The list of members was exported"),
    "note.added": LocalText(ru: "Заметка добавлена", en: "Note added"),
    "note.removed": LocalText(ru: "Заметка удалена", en: "Note removed"),
    "note.pinned": LocalText(ru: "Заметка закреплена", en: "Note pinned"),
    "note.unpinned": LocalText(ru: "Заметка откреплена", en: "Note unpinned"),
    "task.added": LocalText(ru: "Поставлена задача", en: "Task given"),
    "task.done": LocalText(ru: "Задача сделана", en: "Task done"),
    "task.reopened": LocalText(ru: "Задача открыта снова", en: "Task opened again"),
    "task.removed": LocalText(ru: "Задача удалена", en: "Task removed"),
    "identifier.attached": LocalText(ru: "Привязано", en: "Attached"),
    "identifier.detached": LocalText(ru: "Отвязано", en: "Taken away"),
    "identifier.verified": LocalText(ru: "Подтверждено", en: "Verified"),
    "identifier.blocked": LocalText(ru: "Карта заблокирована", en: "Card blocked"),
    "identifier.unblocked": LocalText(ru: "Карта разблокирована", en: "Card unblocked"),
    "points.adjusted": LocalText(ru: "Баллы вручную", en: "Points by hand"),
    "points.transferred": LocalText(ru: "Баллы переданы другому", en: "Points given to another member"),
    "points.received": LocalText(ru: "Баллы получены от другого", en: "Points got from another member"),
    "transfer.undone": LocalText(ru: "Передача баллов отменена", en: "A transfer of points was taken back"),
    "points.donated": LocalText(ru: "Баллы отданы фонду", en: "Points given to a charity"),
    "donation.undone": LocalText(ru: "Пожертвование отменено", en: "A donation was taken back"),
    "find.given": LocalText(ru: "Находка подарена", en: "A find was given away"),
    "find.received": LocalText(ru: "Находка получена в подарок", en: "A find was got as a gift"),
    "points.given": LocalText(ru: "Баллы без покупки", en: "Points without a purchase"),
    "referral.named": LocalText(ru: "Пришёл по приглашению", en: "Was brought by a member"),
    "stamps.changed": LocalText(ru: "Штампы вручную", en: "Stamps by hand"),
    "favourites.chosen": LocalText(ru: "Любимые категории", en: "Favourite categories"),
    "points.opened": LocalText(ru: "Перенос баллов", en: "Opening balance"),
    "goodwill.asked": LocalText(ru: "Просьба подарить баллы", en: "Points asked for"),
    "goodwill.granted": LocalText(ru: "Подарок одобрен", en: "Points agreed to"),
    "goodwill.declined": LocalText(ru: "Подарок отклонён", en: "Points declined"),
    "status.adjusted": LocalText(ru: "Счёт уровня вручную", en: "Tier count by hand"),
    "tier.granted": LocalText(ru: "Уровень присвоен", en: "Tier granted"),
    "tier.withdrawn": LocalText(ru: "Уровень снят", en: "Tier withdrawn"),
    "receipt.returned": LocalText(ru: "Возврат по чеку", en: "Goods returned"),
    "receipt.cancelled": LocalText(ru: "Чек отменён", en: "Receipt cancelled"),
    "receipt.attached": LocalText(ru: "Чек отдан участнику", en: "Receipt given to a member"),
    "receipt.released": LocalText(ru: "Баллы чека активированы", en: "Receipt's points made active"),
    "rule_book.published": LocalText(ru: "Правила ушли на кассы", en: "Rules published to the tills"),
    "staff.signed_in": LocalText(ru: "Вход", en: "Signed in"), "staff.signed_out": LocalText(ru: "Выход", en: "Signed out"),
    "staff.password_set": LocalText(ru: "Пароль задан", en: "Password set"),
    "staff.mail_set": LocalText(ru: "Почта задана", en: "E-mail set"),
    "staff.factor_set": LocalText(ru: "Второй фактор включён", en: "Second factor switched on"),
    "staff.factor_dropped": LocalText(ru: "Второй фактор выключен", en: "Second factor switched off"),
    "staff.link_sent": LocalText(ru: "Письмо со ссылкой", en: "Letter with a link"),
    "staff.link_used": LocalText(ru: "Вход по ссылке из письма", en: "The letter's link was used"),
    "staff.blocked": LocalText(ru: "Вход закрыт", en: "Shut out"),
    "staff.unblocked": LocalText(ru: "Вход открыт", en: "Let in again"),
    "staff.door_closed": LocalText(ru: "Слишком много попыток входа", en: "Too many tries to sign in"),
    "token.revoked": LocalText(ru: "Токен отозван", en: "Token revoked"),
    "import.uploaded": LocalText(ru: "Файл прислан", en: "File sent"),
    "import.checked": LocalText(ru: "Файл проверен", en: "File checked"),
    "import.started": LocalText(ru: "Загрузка начата", en: "Import begun"),
    "import.stopped": LocalText(ru: "Загрузка остановлена", en: "Import stopped"),
    "import.done": LocalText(ru: "Файл загружен", en: "File imported"),
    "import.forgotten": LocalText(ru: "Файл забыт", en: "File forgotten"),
  ]

  /// Names of what changed.
  static func field(_ key: String, _ reader: Reader) -> String { fields[key].map { reader($0) } ?? key }

  private static let fields: [String: LocalText] = [
    "code": LocalText(ru: "код", en: "code"), "name": LocalText(ru: "название", en: "name"),
    "status": LocalText(ru: "состояние", en: "state"), "reason": LocalText(ru: "причина", en: "reason"),
    "note": LocalText(ru: "пояснение", en: "note"), "points": LocalText(ru: "баллы", en: "points"),
    "amount": LocalText(ru: "сумма", en: "amount"), "version": LocalText(ru: "версия", en: "version"),
    "kept": LocalText(ru: "у остальных версия", en: "the others' version"),
    "scope": LocalText(ru: "где пилот", en: "where the pilot is"), "kind": LocalText(ru: "вид", en: "kind"),
    "value": LocalText(ru: "значение", en: "value"),
    "role": LocalText(ru: "роль", en: "role"), "login": LocalText(ru: "логин", en: "login"),
    "unit": LocalText(ru: "единица", en: "unit"), "city": LocalText(ru: "город", en: "town"),
    "zone": LocalText(ru: "часовой пояс", en: "time zone"), "brand": LocalText(ru: "бренд", en: "brand"),
    "legalEntity": LocalText(ru: "продавец", en: "seller"), "category": LocalText(ru: "категория", en: "category"),
    "scopes": LocalText(ru: "права", en: "rights"), "store": LocalText(ru: "магазин", en: "store"),
    "register": LocalText(ru: "касса", en: "till"), "closed": LocalText(ru: "закрыт", en: "closed"),
    "archived": LocalText(ru: "в архиве", en: "archived"), "taxNumber": LocalText(ru: "ИНН", en: "tax number"),
    "earned": LocalText(ru: "начислено", en: "earned"), "tier": LocalText(ru: "уровень", en: "tier"),
    "until": LocalText(ru: "до", en: "until"), "dayStart": LocalText(ru: "начало дня", en: "day begins"),
    "pointsGivenBack": LocalText(ru: "вернулось баллов", en: "points given back"),
    "pointsTakenBack": LocalText(ru: "снято баллов", en: "points taken back"),
    "promotions": LocalText(ru: "акций", en: "promotions"), "programmeVersion": LocalText(ru: "настройки", en: "settings"),
    "identifiers": LocalText(ru: "номера", en: "identifiers"), "member": LocalText(ru: "участник", en: "member"),
    "rows": LocalText(ru: "строк", en: "rows"), "file": LocalText(ru: "файл", en: "file"),
    "expiresAt": LocalText(ru: "действует до", en: "good until"), "bytes": LocalText(ru: "байт", en: "bytes"),
    "lines": LocalText(ru: "строк", en: "lines"), "actor": LocalText(ru: "кто", en: "who"),
    "codes": LocalText(ru: "кодов", en: "codes"), "series": LocalText(ru: "серия", en: "series"),
    "batch": LocalText(ru: "партия", en: "batch"), "label": LocalText(ru: "для чего", en: "what for"),
    "action": LocalText(ru: "действие", en: "action"),
    "referrer": LocalText(ru: "кто привёл", en: "who brought them"),
    "to": LocalText(ru: "кому", en: "to"), "from": LocalText(ru: "от кого", en: "from"),
    "fee": LocalText(ru: "комиссия", en: "fee"),
    "charity": LocalText(ru: "фонд", en: "charity"), "find": LocalText(ru: "находка", en: "find"),
    "game": LocalText(ru: "игра", en: "game"),
    "benefit": LocalText(ru: "выгода", en: "benefit"), "price": LocalText(ru: "цена", en: "price"),
  ]
}

extension Reader {
  /// Who did something.
  func words(_ actor: Actor) -> String {
    switch actor.kind {
    case .staff: actor.name
    case .integration: self("система «\(actor.name)»", "the system “\(actor.name)”")
    case .register: self("касса \(actor.name)", "till \(actor.name)")
    case .system: self("сервер, \(actor.name)", "server, \(actor.name)")
    }
  }
}
