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
      .conflict, "giver_blocked", "the giver is blocked, or what they may do is stopped here",
      "Карта участника заблокирована: передать баллы нельзя", "The member's card is blocked: no points can be given")
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

  static var guarded: Problem {
    refusal(
      .conflict, "guard_limit", "a hard limit on what one member gives in a day stands against it",
      "Достигнут дневной предел участника", "The member has reached a limit of the day")
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
