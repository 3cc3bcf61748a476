import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Tables

/// Plans as a list, with what all of them came to.
struct SubscriptionListPage {
  let plans: [SubscriptionPlan]
  let report: SubscriptionReport
  let tiers: [String: Known<TierDetails>]
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var words: SubscriptionWords { SubscriptionWords(reader: reader) }
  private var path: String { ConsoleDesk.subscriptionsPath }

  var page: Page {
    Page(
      title: reader("Подписки", "Subscriptions"), actions: visit.may(.changeProgramme) && !plans.isEmpty ? make : .nothing,
      notes: [reader("Уровень за деньги: товар на кассе даёт его на срок", "A tier for money: goods at a till give it for a time")],
      crumbs: [(reader("Уровни", "Tiers"), "/console/tiers")],
      body: "<div class=\"page-body\">\(plans.isEmpty ? empty : "\(table)\(months)")</div>")
  }

  private var make: Markup {
    "<a class=\"button primary\" href=\"\(path)/new\">\(Icon.plus.small)\(reader("Новая подписка", "New subscription"))</a>"
  }

  private var empty: Markup {
    let says = reader(
      "Заведите товар с ценой подписки и уровень, который она даёт. Продажа товара участнику начнёт её, повторная продлит.",
      "Make a product with the subscription's price and the tier that it gives. Selling the product to a member begins it, selling it again prolongs it."
    )
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Подписок ещё нет", "There are no subscriptions yet"))</h2>\
      <p>\(says)</p>\(visit.may(.changeProgramme) ? make : .nothing)</div><div class="example">\
      <p><b>\(reader("Плюс", "Plus"))</b> \(reader("месяц за", "a month for")) \(reader.money(Money(minor: 29_900)))</p>\
      <p>\(reader("даёт уровень «Золото»", "gives the tier “Gold”"))</p></div></div></section>
      """
  }

  private var table: Markup {
    let rows = plans.map { plan -> Markup in
      let now = report.of(plan.code).last
      let off: Markup? = plan.isOnSale ? nil : " <span class=\"badge\">\(reader("не продаётся", "off sale"))</span>"
      return """
        <tr><th scope="row"><a href="\(path)/\(plan.code)">\(reader(plan.name))</a>\(off)<small>\(plan.code)</small></th>\
        <td>\(tiers[plan.tier].map { reader($0.details.name) } ?? plan.tier)</td><td class="nowrap">\(words.length(plan.length))</td>\
        <td>\(plan.products.joined(separator: ", "))</td><td class="num">\(reader.number(now?.active ?? 0))</td>\
        <td class="num">\(reader.number(now?.started ?? 0))</td></tr>
        """
    }
    return DataTable(
      label: reader("Подписки", "Subscriptions"),
      columns: [
        .text(reader("Подписка", "Subscription")), .text(reader("Уровень", "Tier")), .text(reader("Срок", "Lasts")),
        .text(reader("Товары", "Goods")), .number(reader("Подписчиков", "Subscribers")),
        .number(reader("Начали в этом месяце", "Started this month")),
      ], rows: rows, files: .own
    ).panel()
  }

  private var months: Markup {
    """
    <div class="row between wrap"><span></span>\(reader.files("\(path)/report"))</div>\
    \(words.table(report.total, reader("Месяц за месяцем", "Month by month"), foot: words.footnote))
    """
  }
}

/// One plan: what it is, what it came to and who has it.
struct SubscriptionPage {
  static let size = 50

  struct View: Sendable {
    let plan: SubscriptionPlan
    let months: [SubscriptionMonth]
    let tier: TierDetails?
    /// Latest first.
    let latest: [Subscription]
    let members: [MemberID: Member]
    let next: SubscriptionID?
    let zone: Zone
  }

  let view: View
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var words: SubscriptionWords { SubscriptionWords(reader: reader) }
  private var path: String { ConsoleDesk.subscriptionsPath + "/" + view.plan.code }

  var page: Page {
    let edit: Markup =
      visit.may(.changeProgramme) ? "<a class=\"button\" href=\"\(path)/edit\">\(reader("Изменить", "Edit"))</a>" : .nothing
    return Page(
      title: reader(view.plan.name), actions: edit, notes: [view.plan.code],
      crumbs: [
        (reader("Уровни", "Tiers"), "/console/tiers"), (reader("Подписки", "Subscriptions"), ConsoleDesk.subscriptionsPath),
      ],
      body: """
        <div class="page-body">\(facts)\(words.table(view.months, reader("Месяц за месяцем", "Month by month"), foot: words.footnote))\(members)</div>
        """)
  }

  private var facts: Markup {
    let plan = view.plan
    func yes(_ value: Bool) -> Markup { "\(value ? reader("да", "yes") : reader("нет", "no"))" }
    return FactList(rows: [
      (reader("Уровень", "Tier"), "<b>\(view.tier.map { reader($0.name) } ?? plan.tier)</b>"),
      (reader("Срок", "Lasts"), "\(words.length(plan.length))"),
      (reader("Товары", "Goods"), "\(plan.products.joined(separator: ", "))"),
      (reader("Пробный срок", "Trial"), plan.trialDays.map { "\(words.days($0))" }),
      (reader("Отсрочка", "Grace"), plan.graceDays > 0 ? "\(words.days(plan.graceDays))" : nil),
      (reader("Предупредить за", "Told ahead"), plan.noticeDays > 0 ? "\(words.days(plan.noticeDays))" : nil),
      (reader("Баллы за неё", "Earns points"), yes(plan.earns)),
      (reader("Скидки на неё", "Takes discounts"), yes(plan.takesDiscounts)),
      (reader("Считается в уровни", "Counts towards tiers"), yes(plan.counts)),
      (reader("Продаётся", "On sale"), yes(plan.isOnSale)),
    ]).panel(reader("Подписка", "Subscription"))
  }

  private var members: Markup {
    let rows = view.latest.map { one -> Markup in
      let name = view.members[one.member].map(visit.name(of:)) ?? "\(one.member)"
      return """
        <tr><th scope="row"><a href="/console/members/\(one.member)#subscription">\(name)</a></th><td>\(words.badge(one.state))</td>\
        <td>\(reader.date(one.since))</td><td>\(reader.date(one.lastDay(in: view.zone)))</td><td>\(words.renewals(one.renewals))</td></tr>
        """
    }
    let further = view.next.map { "\(path)?before=\($0)" }
    return DataTable(
      label: reader("Подписчики", "Subscribers"),
      columns: [
        .text(reader("Участник", "Member")), .text(reader("Состояние", "State")), .text(reader("С", "Since")),
        .text(reader("Оплачена по", "Paid through")), .text(reader("Продления", "Prolonged")),
      ], rows: rows
    ).panel(heading: true, next: reader.further(further))
  }
}

/// The report as a table: a row for each plan and month.
struct SubscriptionFile {
  let plans: [SubscriptionPlan]
  let report: SubscriptionReport
  let reader: Reader

  private var columns: [TableFile.Column] {
    [
      .init("plan", reader("Код", "Code"), .text), .init("name", reader("Подписка", "Subscription"), .text),
      .init("month", reader("Месяц", "Month"), .day), reader.countColumn("active", reader("Подписчиков", "Subscribers")),
      reader.countColumn("started", reader("Начали", "Started")), reader.countColumn("renewed", reader("Продлили", "Prolonged")),
      .init("renewal_rate", reader("Доля продлений, %", "Renewal rate, %"), .number(digits: 4)),
      reader.countColumn("ended", reader("Закончились", "Ended")), reader.countColumn("cancelled", reader("Отменены", "Cancelled")),
      reader.moneyColumn("revenue", reader("Выручка", "Revenue")), reader.moneyColumn("saved", reader("Сэкономили", "They saved")),
    ]
  }

  var table: TableFile {
    let rows = plans.flatMap { plan in
      report.of(plan.code).map { month -> [TableFile.Cell] in
        [
          .text(plan.code), .text(reader(plan.name)), .day(month.month), .number(month.active), .number(month.started),
          .number(month.renewed), month.renewalRate.map { .number($0.ppm) } ?? .empty, .number(month.ended),
          .number(month.cancelled), .money(month.revenue), .money(month.saved),
        ]
      }
    }
    return TableFile("subscriptions", title: reader("Подписки", "Subscriptions"), columns: columns, zone: reader.zone, rows: rows)
  }
}
