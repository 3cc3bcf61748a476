import Calculator
import Conditions
import Kernel
import Loyalty

/// What follows from a programme's settings, in sentences with their numbers: computed by the calculator, so that they are true.
struct Consequences {
  let settings: ProgrammeSettings
  /// With the exceptions of the share, as a rule book has them.
  let terms: ProgrammeTerms
  /// Those that tills have.
  let promotions: [Promotion]
  let reader: Reader
  let now: Instant

  private var zone: Zone { settings.points.zone }
  private var unit: Int64 { (0..<terms.currency.digits).reduce(1) { unit, _ in unit * 10 } }

  /// Whoever asks in the currency and scale of these settings.
  private var speaker: Reader {
    var reader = reader
    reader.currency = terms.currency
    reader.pointsScale = terms.pointsScale
    return reader
  }

  private func named(_ points: Points) -> String { speaker.named(points, settings.pointsName) }
  private func whole(_ count: Int64) -> Money { Money(minor: count * unit) }
  private func points(_ count: Int64) -> Points { Points(units: count * terms.unitsPerPoint) }

  // Earning.

  /// Rules that give to every member for all goods: what one may say of the programme as such.
  private var general: [Promotion] {
    promotions.filter { rule in
      let isOpen = rule.condition == .all([]) || rule.condition == .identified || rule.condition == .all([.identified])
      let isNow = rule.from.map { $0 <= now } ?? true && rule.until.map { $0 > now } ?? true
      return isOpen && isNow && rule.benefit.isEarning && rule.target == .everything
    }
  }

  /// What a member pays and earns for one line of this price.
  private func price(_ amount: Money, points: Points = .zero, rules: [Promotion]) -> Calculation {
    var terms = terms
    terms.control = nil
    let open = rules.map { rule -> Promotion in
      var rule = rule
      (rule.group, rule.control) = ("", nil)
      return rule
    }
    let book = RuleBook(version: 1, terms: terms, promotions: open)
    let line = BasketLine(id: "1", product: ProductFacts(id: ProductID(0)), price: amount)
    var basket = Basket(store: StoreFacts(id: StoreID(0), zone: zone), time: now, lines: [line])
    basket.spend = points > .zero ? .most : .nothing
    let member = MemberSnapshot(id: MemberID(1), pools: points > .zero ? [PointsPool(amount: points)] : [])
    return calculate(basket, member: member, rules: book)
  }

  var earning: [String] {
    let rules = general
    guard !rules.isEmpty else {
      return [
        reader(
          "На кассах нет правила, по которому начисляют всем. Его задаёт акция.",
          "Tills have no rule by which everybody earns. A promotion makes it.")
      ]
    }
    var said: [String] = []
    for amount in [100, 199, 1_000] as [Int64] {
      let earned = price(whole(amount), rules: rules).earned
      said.append(
        reader("\(speaker.money(whole(amount))) приносят \(named(earned))", "\(speaker.money(whole(amount))) earn \(named(earned))")
      )
    }
    let half = price(whole(1_000), points: terms.points(for: whole(100), .down), rules: rules)
    said.append(
      reader(
        "1000, из них \(speaker.money(half.paidWithPoints)) баллами: \(named(half.earned))",
        "1,000 of which points pay \(speaker.money(half.paidWithPoints)) earn \(named(half.earned))"))
    return said
  }

  var status: [String] {
    let counted = price(whole(1_000), rules: general).status
    return [
      terms.earning.status == nil
        ? reader("Покупки не считаются для уровней", "Purchases do not count towards tiers")
        : reader("1000 дают \(speaker.points(counted)) к уровню", "1,000 count \(speaker.points(counted)) towards a tier")
    ]
  }

  // Life.

  /// Of one family, for a purchase made now.
  func life(_ course: PointsTerms.Course) -> String {
    guard let start = course.activation.start(after: now, in: zone) else {
      return reader(
        "Начисленное сегодня ждёт события: доставки или ручного выпуска",
        "What is earned today waits for an event: a delivery, a release by hand")
    }
    let begins = course.activation == .atOnce ? reader("сразу", "at once") : speaker.moment(start)
    guard let end = course.life.expiry(activeFrom: start, in: zone) else {
      return reader(
        "Начисленное сегодня станет активным \(begins) и не сгорит",
        "What is earned today becomes active \(begins) and never expires")
    }
    let last = speaker.date(zone.civil(at: end - .seconds(1)).day)
    if case .sliding = course.life {
      return reader(
        "Начисленное сегодня станет активным \(begins); без покупок сгорит после \(last), каждая покупка отодвигает эту дату",
        "What is earned today becomes active \(begins); without purchases it expires after \(last), and each purchase moves that day"
      )
    }
    return reader(
      "Начисленное сегодня станет активным \(begins), потратить можно до конца дня \(last)",
      "What is earned today becomes active \(begins) and may be spent to the end of \(last)")
  }

  // Spending.

  var spending: [String] {
    var said = [
      reader(
        "\(named(points(1))) платит за \(speaker.money(Money(minor: terms.spendValue)))",
        "\(named(points(1))) pays for \(speaker.money(Money(minor: terms.spendValue)))")
    ]
    for amount in [100, 1_000] as [Int64] {
      let paid = price(whole(amount), points: points(1_000_000), rules: [])
      said.append(
        reader(
          "Из \(speaker.money(whole(amount))) баллами до \(speaker.money(paid.paidWithPoints)): спишется \(named(paid.pointsSpent))",
          "Of \(speaker.money(whole(amount))) points pay up to \(speaker.money(paid.paidWithPoints)), which takes \(named(paid.pointsSpent))"
        ))
    }
    if let above = settings.codeAbove {
      said.append(
        reader(
          "Больше \(named(above)): касса попросит код из сообщения", "Above \(named(above)) the till asks for a code that was sent")
      )
    }
    return said
  }

  // Rounding, groups of members, returns.

  var rounding: [String] {
    let tenth = Promotion(
      id: PromotionID(1), code: "x", name: LocalText(ru: "Скидка", en: "Reduction"), benefit: .percent(.percent(10), of: .reduced))
    let price = price(Money(minor: 99 * unit + unit * 95 / 100), rules: [tenth])
    var said = [
      reader(
        "Скидка 10 % на товар за \(speaker.money(price.shelf)): \(speaker.money(price.discount)), к оплате \(speaker.money(price.amount))",
        "10% off goods at \(speaker.money(price.shelf)) is \(speaker.money(price.discount)), to pay \(speaker.money(price.amount))")
    ]
    if let rule = terms.receiptRounding {
      let who = rule.isDoneByTill ? reader("касса сама", "the till itself") : reader("программа", "the programme")
      said.append(
        reader(
          "Сумму чека вниз до \(speaker.money(rule.step)) округляет \(who)",
          "The total comes down to a multiple of \(speaker.money(rule.step)), rounded by \(who)"))
    }
    return said
  }

  var control: String {
    guard let group = terms.control else {
      return reader(
        "Контрольной группы нет: эффект программы ни с кем не сравнить",
        "There is no control group: the programme's effect has nothing beside it")
    }
    let of = scaled(group.share.ppm, by: 1_000, over: Rate.whole.ppm, .halfUp)
    return reader(
      "С \(speaker.date(group.since)) из 1000 участников примерно \(reader.number(of)) получают только открытые цены",
      "From \(speaker.date(group.since)) about \(reader.number(of)) of 1,000 members get public prices only")
  }

  var returns: [String] {
    let today = zone.civil(at: now).day
    return [
      settings.attachDays == 0
        ? reader("Чек без карты потом не присоединить", "A receipt without a card cannot be claimed later")
        : reader(
          "Сегодняшний чек без карты можно присоединить по \(speaker.date(today.adding(days: settings.attachDays)))",
          "Today's receipt without a card may be claimed until \(speaker.date(today.adding(days: settings.attachDays)))"),
      reader(
        "Чек кассы без сети от \(speaker.date(today.adding(days: -settings.lateDays))) ещё считается по своей дате, более старый по дню прихода",
        "A late receipt of \(speaker.date(today.adding(days: -settings.lateDays))) still counts by its own date, an older one by the day it comes"
      ),
    ]
  }

  var approval: String {
    guard let terms = settings.approval else {
      return reader("Акции запускает один человек", "One person launches a promotion")
    }
    let sum = speaker.money(terms.above)
    return reader(
      "Акцию, которая может стоить больше \(sum), запустят только с согласия второго",
      "A promotion that can cost more than \(sum) is launched only when a second person agrees")
  }

  var goodwill: String {
    switch (settings.goodwill.soft, settings.goodwill.hard) {
    case (nil, nil): reader("Оператор может дать сколько угодно баллов", "An operator may give any number of points")
    case (let soft?, let hard?):
      reader(
        "До \(named(soft)) сам, до \(named(hard)) с одобрением, больше никак",
        "Up to \(named(soft)) alone, up to \(named(hard)) with approval, never more")
    case (let soft?, nil): reader("До \(named(soft)) сам, больше с одобрением", "Up to \(named(soft)) alone, more with approval")
    case (nil, let hard?): reader("До \(named(hard)) сам, больше никак", "Up to \(named(hard)) alone, never more")
    }
  }

  var names: String {
    let some = [1, 2, 5].map { named(points($0)) }.joined(separator: ", ")
    return reader("Так это прочтут: \(some)", "This is how it reads: \(some)")
  }
}
