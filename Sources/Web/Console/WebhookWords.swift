import Engagement
import Jobs
import Kernel

/// Words about webhooks and the events they hear of.
struct WebhookWords {
  let reader: Reader

  func badge(_ hook: Webhook, at now: Instant) -> Markup {
    switch hook.state {
    case .paused: "<span class=\"badge warn\">\(Icon.pause.usual)\(reader("на паузе", "paused"))</span>"
    case .active where hook.failures > 0:
      "<span class=\"badge bad\">\(Icon.warning.usual)\(reader("неудач подряд: \(hook.failures)", "\(hook.failures) failures in a row"))</span>"
    case .active: "<span class=\"badge good\">\(Icon.check.usual)\(reader("отправляет", "sending"))</span>"
    }
  }

  func kinds(_ hook: Webhook) -> String {
    guard !hook.kinds.isEmpty else { return reader("все события", "all events") }
    let names = hook.kinds.prefix(3).map { kind($0.rawValue) }.joined(separator: ", ")
    return hook.kinds.count > 3 ? names + reader(" и ещё \(hook.kinds.count - 3)", " and \(hook.kinds.count - 3) more") : names
  }

  /// Why an attempt failed.
  func cause(status: Int?, error: String?) -> String {
    switch error {
    case "redirects are not followed"?:
      reader("ответ \(status ?? 0): перенаправления не выполняются", "\(status ?? 0): redirects are not followed")
    case let error? where error.hasPrefix("answered"): reader("ответ \(status ?? 0)", "answered \(status ?? 0)")
    case "no answer in time"?: reader("не ответил вовремя", "no answer in time")
    case "the name leads nowhere"?: reader("имя сервера никуда не ведёт", "the name leads nowhere")
    case "the name was not resolved in time"?: reader("имя сервера не нашлось вовремя", "the name was not resolved in time")
    case "a private address is refused"?: reader("внутренние адреса запрещены", "private addresses are refused")
    case "plain http is refused"?: reader("http без шифрования запрещён", "plain http is refused")
    case "the event is not kept any more"?: reader("событие уже не хранится", "the event is not kept any more")
    case let error?: error
    case nil: status.map(String.init) ?? reader("неизвестно", "unknown")
    }
  }

  func kind(_ number: Int64) -> String {
    guard let kind = Event.Kind(rawValue: number) else { return reader("событие \(number)", "event \(number)") }
    return reader(Self.text(kind))
  }

  private static func text(_ kind: Event.Kind) -> LocalText {
    switch kind {
    case .receiptConfirmed: LocalText(ru: "чек проведён", en: "receipt confirmed")
    case .receiptReturned: LocalText(ru: "возврат", en: "goods returned")
    case .receiptAttached: LocalText(ru: "чек привязан к участнику", en: "receipt claimed for a member")
    case .receiptCancelled: LocalText(ru: "чек отменён", en: "receipt cancelled")
    case .receiptBeside: LocalText(ru: "чек с занятым номером", en: "receipt with a taken key")
    case .pointsGiven: LocalText(ru: "баллы без покупки", en: "points without a purchase")
    case .pointsTransferred: LocalText(ru: "баллы отданы другому", en: "points given to another member")
    case .pointsReceived: LocalText(ru: "баллы от другого участника", en: "points from another member")
    case .pointsDonated: LocalText(ru: "баллы отданы фонду", en: "points given to a charity")
    case .pointsAdjusted: LocalText(ru: "баллы вручную", en: "points by hand")
    case .pointsOpened: LocalText(ru: "входящий остаток баллов", en: "opening balance of points")
    case .pointsMoved: LocalText(ru: "баллы активны или сгорели", en: "points active or expired")
    case .subscriptionStarted: LocalText(ru: "подписка началась", en: "subscription started")
    case .subscriptionRenewed: LocalText(ru: "подписка продлена", en: "subscription renewed")
    case .subscriptionEnded: LocalText(ru: "подписка закончилась", en: "subscription ended")
    case .subscriptionCancelled: LocalText(ru: "подписка отменена", en: "subscription cancelled")
    case .subscriptionEnding: LocalText(ru: "подписка скоро закончится", en: "subscription ends soon")
    case .subscriptionChanged: LocalText(ru: "подписка стала короче", en: "subscription shortened")
    case .tierGranted: LocalText(ru: "уровень присвоен", en: "tier granted")
    case .tierWithdrawn: LocalText(ru: "уровень снят", en: "tier withdrawn")
    case .segmentEntered: LocalText(ru: "вошёл в сегмент", en: "segment entered")
    case .segmentLeft: LocalText(ru: "вышел из сегмента", en: "segment left")
    case .memberJoined: LocalText(ru: "новый участник", en: "member joined")
    case .memberChanged: LocalText(ru: "участник изменён", en: "member changed")
    case .memberBlocked: LocalText(ru: "участник заблокирован", en: "member blocked")
    case .memberUnblocked: LocalText(ru: "участник разблокирован", en: "member unblocked")
    case .memberErased: LocalText(ru: "участник удалён", en: "member erased")
    case .identifierAttached: LocalText(ru: "карта или телефон привязаны", en: "card or telephone attached")
    case .identifierDetached: LocalText(ru: "карта или телефон отвязаны", en: "card or telephone detached")
    case .favouritesChosen: LocalText(ru: "любимые категории выбраны", en: "favourite categories chosen")
    case .memberMerged: LocalText(ru: "участники объединены", en: "members merged")
    case .memberUnmerged: LocalText(ru: "участники разделены", en: "merge undone")
    case .householdJoined: LocalText(ru: "вступил в семью", en: "joined a household")
    case .householdLeft: LocalText(ru: "вышел из семьи", en: "left a household")
    case .guardAlerted: LocalText(ru: "сигнал охраны", en: "alert of the guard")
    case .couponGiven, .couponVoided, .offerActivated, .offerEnded: textOfRight(kind)
    }
  }

  /// Of what members may use.
  private static func textOfRight(_ kind: Event.Kind) -> LocalText {
    if kind == .couponGiven { return LocalText(ru: "выдан купон", en: "coupon given") }
    if kind == .couponVoided { return LocalText(ru: "купон отозван", en: "coupon voided") }
    return kind == .offerActivated
      ? LocalText(ru: "предложение активировано", en: "offer activated")
      : LocalText(ru: "предложение отключено", en: "offer ended")
  }
}
