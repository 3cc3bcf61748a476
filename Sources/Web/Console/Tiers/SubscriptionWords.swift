import Calculator
import Kernel
import Loyalty

/// Subscriptions in words.
struct SubscriptionWords {
  let reader: Reader

  func length(_ length: SubscriptionPlan.Length) -> String {
    switch length {
    case .months(let months): reader.count(months, ("месяц", "месяца", "месяцев"), ("month", "months"))
    case .days(let days): self.days(days)
    }
  }

  func days(_ days: Int) -> String { reader.count(days, ("день", "дня", "дней"), ("day", "days")) }

  func state(_ state: Subscription.State) -> String {
    switch state {
    case .active: reader("действует", "active")
    case .ended: reader("закончилась", "ended")
    case .cancelled: reader("отменена", "cancelled")
    }
  }

  func badge(_ state: Subscription.State) -> Markup {
    switch state {
    case .active: "<span class=\"badge good\">\(self.state(state))</span>"
    case .ended: "<span class=\"badge\">\(self.state(state))</span>"
    case .cancelled: "<span class=\"badge warn\">\(self.state(state))</span>"
    }
  }

  func renewals(_ count: Int) -> String {
    count == 0
      ? reader("не продлевалась", "not prolonged yet")
      : reader(
        "продлена \(reader.count(count, ("раз", "раза", "раз"), ("time", "times")))",
        "prolonged \(reader.count(count, ("раз", "раза", "раз"), ("time", "times")))")
  }

  func kind(_ kind: SubscriptionPeriod.Kind) -> String {
    switch kind {
    case .sale: reader("куплена", "bought")
    case .hand: reader("дана вручную", "given by hand")
    case .trial: reader("пробный срок", "a trial")
    case .cancel: reader("отменена", "cancelled")
    }
  }

  /// 11.2026
  func month(_ day: CivilDay) -> String {
    let (year, month, _) = day.parts
    let ru = ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"]
    let en = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
    return reader("\(ru[month - 1])\u{a0}\(year)", "\(en[month - 1])\u{a0}\(year)")
  }

  /// Month by month, the latest first.
  func table(_ months: [SubscriptionMonth], _ heading: String, foot: Markup? = nil) -> Markup {
    let rows = months.reversed().map { month -> Markup in
      let rate = month.renewalRate.map { reader.share(Rate(ppm: ($0.ppm + 500) / 1_000 * 1_000)) } ?? "–"
      return """
        <tr><th scope="row">\(self.month(month.month))</th><td class="num">\(reader.number(month.active))</td>\
        <td class="num">\(reader.number(month.started))</td><td class="num">\(reader.number(month.renewed))</td>\
        <td class="num">\(rate)</td><td class="num">\(reader.number(month.ended))</td><td class="num">\(reader.number(month.cancelled))</td>\
        <td class="num">\(reader.amount(month.revenue))</td><td class="num">\(reader.amount(month.saved))</td></tr>
        """
    }
    return DataTable(
      label: heading,
      columns: [
        .text(reader("Месяц", "Month")), .number(reader("Подписчиков", "Subscribers")), .number(reader("Начали", "Started")),
        .number(reader("Продлили", "Prolonged")), .number(reader("Доля продлений", "Renewal rate")),
        .number(reader("Закончились", "Ended")), .number(reader("Отменены", "Cancelled")), .number(reader("Выручка", "Revenue")),
        .number(reader("Сэкономили", "They saved")),
      ], rows: rows
    ).panel(heading: true, foot: foot)
  }

  var footnote: Markup {
    let text = reader(
      "Подписчики – на конец месяца. Доля продлений: продлившие среди тех, у кого срок продлён или вышел. Выручка – за товары подписки, без возвращённого. Сэкономили – скидки акций, которые спрашивают уровень подписки.",
      "Subscribers are those at the month's end. Renewal rate: of those whose time was prolonged or ran out. Revenue is for the subscription's goods, less what came back. They saved: reductions of promotions that ask for the subscription's tier."
    )
    return "<footer class=\"panel-foot\"><span>\(text)</span></footer>"
  }
}
