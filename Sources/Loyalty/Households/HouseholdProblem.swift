import Conditions
import Kernel

enum HouseholdProblem {
  static var off: Problem {
    Problem(
      .conflict, "households_off", "the programme has no households; turn them on in its settings",
      cashier: LocalText(ru: "В программе нет семейных счетов", en: "The programme has no households"))
  }

  static func unknown(_ id: HouseholdID) -> Problem {
    Problem(
      .notFound, "household_unknown", "there is no household \(id)",
      cashier: LocalText(ru: "Такой семьи нет", en: "There is no such household"))
  }

  static var over: Problem {
    Problem(
      .conflict, "household_over", "the household was dissolved; found another",
      cashier: LocalText(ru: "Эта семья уже распущена", en: "The household was dissolved"))
  }

  static var notOwner: Problem {
    Problem(
      .conflict, "household_owner", "only the owner of a household invites to it",
      cashier: LocalText(ru: "Приглашает только владелец семьи", en: "Only the owner of a household invites"))
  }

  static var isMember: Problem {
    Problem(
      .conflict, "household_member", "the member is in a household already; they leave it first",
      cashier: LocalText(ru: "Участник уже состоит в семье", en: "The member is in a household already"))
  }

  static var notIn: Problem {
    Problem(
      .conflict, "household_none", "the member is in no such household",
      cashier: LocalText(ru: "Участник не состоит в этой семье", en: "The member is in no such household"))
  }

  static var notInvited: Problem {
    Problem(
      .conflict, "household_not_invited", "there is no invitation for the member, or it has ended; the owner invites again",
      cashier: LocalText(
        ru: "Приглашения нет или оно закончилось", en: "There is no invitation, or it has ended"))
  }

  static var code: Problem {
    Problem(
      .conflict, "household_code", "joining takes a code for no points that was sent to the member and typed in; ask for one",
      cashier: LocalText(ru: "Нужен код из СМС для вступления в семью", en: "A code from an SMS is needed to join"))
  }

  static var inactive: Problem {
    Problem(
      .conflict, "member_inactive", "the member is blocked, merged or forgotten and joins no household",
      cashier: LocalText(ru: "Карта участника не действует", en: "The member's card is not active"))
  }

  static func kind(_ kind: MemberKind) -> Problem {
    Problem(
      .conflict, "household_kind", "members of the kind \(kind.rawValue) join no household in this programme",
      cashier: LocalText(ru: "Карты этого вида не вступают в семью", en: "Cards of this kind join no household"))
  }

  static func full(_ members: Int) -> Problem {
    Problem(
      .conflict, "household_full", "a household has at most \(members) members, those invited counted",
      cashier: LocalText(
        ru: "В семье может быть не больше \(members) участников", en: "A household has at most \(members) members"))
  }

  static func coolingOff(until end: Instant, _ days: Int) -> Problem {
    Problem(
      .conflict, "household_cooling_off", "the member left a household less than \(days) days ago; try again after \(end.text)",
      cashier: LocalText(
        ru: "После выхода из семьи в другую вступают через \(days) дн.",
        en: "After leaving a household one joins another in \(days) days"))
  }
}
