import Calculator
import Conditions
import Customers
import Kernel

/// Why points cannot go from one member to another. The codes never change their meaning.
enum TransferProblem {
  private static func refusal(_ kind: Problem.Kind, _ code: String, _ message: String, _ ru: String, _ en: String) -> Problem {
    Problem(kind, code, message, cashier: LocalText(ru: ru, en: en))
  }

  static var off: Problem {
    refusal(
      .conflict, "transfers_off", "members of this programme give no points to each other; its settings say whether they do",
      "Передавать баллы в этой программе нельзя", "Points cannot be given to others in this programme")
  }

  static func unknown(_ id: TransferID) -> Problem {
    refusal(.notFound, "transfer_unknown", "the member has no transfer \(id)", "Такой передачи нет", "There is no such transfer")
  }

  static var receiverUnknown: Problem {
    refusal(
      .notFound, "receiver_unknown", "nobody in the programme has this identifier or id",
      "Получатель не найден. Проверьте номер", "The receiver was not found. Check the number")
  }

  static var oneself: Problem {
    refusal(
      .conflict, "transfer_self", "giver and receiver are the same member, or were merged into one",
      "Это тот же участник: передать баллы себе нельзя", "This is the same member: points go to somebody else")
  }

  static var giverStopped: Problem {
    refusal(
      .conflict, "giver_blocked", "the giver is blocked",
      "Карта участника заблокирована: передать баллы нельзя", "The member's card is blocked: no points can be given")
  }

  /// A block of the guard: of the member, of this till or of whoever sits at it. Which one is nobody's business at the till.
  static var stopped: Problem {
    Problem(
      .conflict, "giver_blocked",
      "a block of the guard stops the giver, this till or its cashier; whoever may block at tills lifts it under Guard in the console",
      cashier: LocalText(
        ru: "Передать баллы здесь сейчас нельзя. Снять запрет может магазин, спросите в поддержке",
        en: "No points can be given here now. The shop can lift that: ask its support"),
      remedy: LocalText(
        ru: "Блокировку снимают в разделе «Охрана»", en: "The block is lifted under Guard"))
  }

  static var receiverBlocked: Problem {
    refusal(
      .conflict, "receiver_blocked", "the receiver is blocked and is given nothing",
      "Карта получателя заблокирована", "The receiver's card is blocked")
  }

  static func kind(_ kind: MemberKind, isGiver: Bool) -> Problem {
    refusal(
      .conflict, isGiver ? "giver_kind" : "receiver_kind",
      "members of the kind \(kind.rawValue) \(isGiver ? "spend" : "earn") no points",
      isGiver ? "С такой карты баллы не передают" : "На такую карту баллы не передают",
      isGiver ? "No points are given from such a card" : "No points are given to such a card")
  }

  static var otherHousehold: Problem {
    refusal(
      .conflict, "not_of_household", "points go only to members of the giver's own household",
      "Передать баллы можно только участнику своей семьи", "Points can only be given to a member of one's own household")
  }

  static var notProved: Problem {
    refusal(
      .conflict, "giver_not_proved", "a number that was only typed proves nobody; show the card or the app, or send a code",
      "Номера мало: нужна карта, приложение или код из СМС", "A number is not enough: show the card or the app, or use a code")
  }

  static var needsCode: Problem {
    refusal(
      .conflict, "transfer_code",
      "this asks for a code to the giver, of the purpose transfer, for so many points, verified and not used yet",
      "Нужен код подтверждения из СМС", "A code sent to the member's telephone is needed")
  }

  static func below(_ least: String) -> Problem {
    refusal(
      .conflict, "transfer_too_little", "at least \(least) points are given at once", "За раз передают не меньше \(least) баллов",
      "At least \(least) points are given at once")
  }

  static func above(_ most: String) -> Problem {
    refusal(
      .conflict, "transfer_too_much", "at most \(most) points are given at once", "За раз передают не больше \(most) баллов",
      "At most \(most) points are given at once")
  }

  static func day(_ left: String) -> Problem {
    refusal(
      .conflict, "transfer_day_limit", "the giver's limit of the day is reached; \(left) points are left today",
      "Дневной предел: сегодня можно передать ещё \(left)", "Limit of the day: \(left) more points can be given today")
  }

  static func month(_ left: String) -> Problem {
    refusal(
      .conflict, "transfer_month_limit", "the giver's limit of the month is reached; \(left) points are left this month",
      "Месячный предел: в этом месяце можно передать ещё \(left)", "Limit of the month: \(left) more points can be given this month"
    )
  }

  static func lacking(_ has: String, _ wants: String) -> Problem {
    refusal(
      .conflict, "insufficient_points", "\(wants) points were asked for, \(has) of the kinds that may go are available",
      "Недостаточно баллов: передать можно \(has)", "Not enough points: \(has) can be given")
  }

  static var nothingLeft: Problem {
    refusal(
      .conflict, "transfer_all_fee", "the fee would leave the receiver nothing", "После комиссии получателю ничего не останется",
      "The fee would leave the receiver nothing")
  }

  /// A hard limit of the guard on what one member gives in a day. Whoever is told hears what is left and when it goes on; how to raise
  /// the limit is for the staff.
  static func guarded(_ reached: ReachedLimit, _ text: (Points) -> String) -> Problem {
    let (code, says) = (reached.limit.code, reached.words(text))
    return Problem(
      .conflict, "guard_limit",
      "limit \(code) of the guard holds \(says.detail). It goes on the next day; sooner where the owner or a marketer raises the "
        + "limit (Guard → Limits in the console)",
      cashier: LocalText(
        ru: says.ru + ". Завтра можно снова; поднять предел может магазин, спросите в поддержке",
        en: says.en + ". It goes on tomorrow; the shop can raise the limit: ask its support"),
      remedy: LocalText(
        ru: "Лимит «\(code)» меняет владелец или маркетолог: «Охрана → Лимиты»",
        en: "The limit “\(code)” is changed by the owner or a marketer: Guard → Limits"))
  }

  // Taking it back.

  static func late(_ days: Int) -> Problem {
    refusal(
      .conflict, "transfer_too_old", "a transfer is taken back through \(days) days after its day",
      "Отменить передачу уже нельзя: прошло больше \(days) дн.",
      "It is too late: more than \(days) days have passed")
  }

  static var spent: Problem {
    refusal(
      .conflict, "transfer_spent", "the receiver has spent all of it, or it has ended", "Получатель уже потратил эти баллы",
      "The receiver has spent these points")
  }

  static var merged: Problem {
    refusal(
      .conflict, "transfer_merged", "giver and receiver have become one member since",
      "Участники с тех пор объединены: отменять нечего",
      "The two have become one member: there is nothing to take back")
  }

  static var gone: Problem {
    refusal(
      .conflict, "transfer_gone", "the giver was forgotten and has no wallet any more", "Давший баллы удалён по своей просьбе",
      "The giver was erased on request")
  }
}
