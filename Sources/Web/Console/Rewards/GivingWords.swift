import Calculator
import Kernel
import Loyalty

/// What rewarded actions, their limits and what came of referrals are called.
struct GivingWords {
  let reader: Reader

  func kind(_ kind: RewardedAction.Kind) -> String {
    switch kind {
    case .review: reader("отзыв", "review")
    case .survey: reader("опрос", "survey")
    case .profile: reader("заполненный профиль", "filled profile")
    case .signIn: reader("вход в приложение", "app sign-in")
    case .birthday: reader("день рождения", "birthday")
    case .other: reader("другое действие", "another action")
    }
  }

  func pace(_ pace: RewardedAction.Pace) -> String {
    switch pace {
    case .once: reader("один раз", "once")
    case .day: reader("раз в день", "once a day")
    case .week: reader("раз в неделю", "once a week")
    case .month: reader("раз в месяц", "once a month")
    case .year: reader("раз в год", "once a year")
    case .always: reader("каждый раз", "every time")
    }
  }

  func field(_ field: RewardedAction.Field) -> String {
    switch field {
    case .familyName: reader("фамилия", "family name")
    case .givenName: reader("имя", "given name")
    case .patronymic: reader("отчество", "patronymic")
    case .birthday: reader("день рождения", "birthday")
    case .sex: reader("пол", "sex")
    case .language: reader("язык", "language")
    case .city: reader("город", "town")
    case .phone: reader("телефон", "telephone")
    case .email: reader("почта", "e-mail")
    }
  }

  func badge(_ action: RewardedAction, on day: CivilDay) -> Markup {
    if !action.isActive { return "<span class=\"badge\">\(reader("остановлено", "stopped"))</span>" }
    if let from = action.from, day < from { return "<span class=\"badge\">\(reader("ещё не началось", "not begun"))</span>" }
    if !action.lasts(on: day) { return "<span class=\"badge\">\(reader("прошло", "over"))</span>" }
    return "<span class=\"badge good\">\(Icon.check.usual)\(reader("действует", "running"))</span>"
  }

  func span(_ action: RewardedAction) -> String {
    switch (action.from, action.until) {
    case (nil, nil): reader("без срока", "without end")
    case (let from?, nil): reader("с \(reader.date(from))", "from \(reader.date(from))")
    case (nil, let until?): reader("по \(reader.date(until))", "through \(reader.date(until))")
    case (let from?, let until?): "\(reader.date(from)) – \(reader.date(until))"
    }
  }

  func state(_ state: Referral.State) -> String {
    switch state {
    case .named: reader("ждём покупки", "waits for a purchase")
    case .bought: reader("ждём срока возврата", "waits until it cannot come back")
    case .paid: reader("баллы даны", "points given")
    case .refused: reader("отказано", "refused")
    case .takenBack: reader("покупка вернулась", "the purchase came back")
    }
  }

  func badge(_ referral: Referral) -> Markup {
    let mood =
      switch referral.state {
      case .paid: " good"
      case .refused, .takenBack: " bad"
      case .named, .bought: ""
      }
    let why = referral.reason.map { reason -> Markup in "<small>\(reader(reason.sentence))</small>" }
    return "<span class=\"badge\(mood)\">\(state(referral.state))</span>\(why)"
  }
}
