import Access
import Jobs
import Kernel
import Loyalty
import Storage

/// What is so just now: the day under way, the latest receipts, and what waits for somebody.
struct Present: Sendable {
  /// Days that what waits for somebody is looked for in, with today.
  static let attention = 7

  let today: DayTotals
  let untied: Int
  /// Tills that background work found silent; nil before it looked, and where it has not looked for an hour.
  let silent: Int?
  /// As on their page; no more than are counted.
  let discrepancies: Int
  /// Returns whose sale has not come for a day.
  let unsold: Int
  /// Of running promotions.
  let budgets: BudgetMeters
  /// Scheduled work that is late or failed.
  let late: Int
  /// Jobs that were given up, no more than a page of them.
  let givenUp: Int
  let latest: [Receipt]

  /// A budget of which so much is used, in tenths of a percent, is about to end.
  private static let ending = 900
  var ending: [Budget] { budgets.all.filter { $0.permille >= Self.ending && $0.isLasting } }

  /// Names this state: another state has another name.
  var version: String {
    let last = latest.first.map { "\($0.id)\($0.state.rawValue)" } ?? "-"
    let used = ending.reduce(0) { $0 + $1.permille }
    return "\(last).\(today.receipts).\(untied).\(discrepancies).\(silent ?? 0).\(unsold).\(used).\(late).\(givenUp)"
  }

  private static let discrepanciesCounted = Limits.exportRows

  /// Eleven statements.
  static func read(of floor: SalesFloor, today: CivilDay, at now: Instant, in tx: inout Transaction) throws -> Present {
    let account = floor.programme.account
    let days = today.adding(days: 1 - attention)...today
    let takings = try Takings.read(of: account, days: days, in: &tx)
    let silent = try SilentTills(of: account).latest(in: &tx)
    return Present(
      today: takings[today], untied: try Shifts.untied(of: account, since: days.lowerBound, in: &tx),
      silent: silent.flatMap { now - $0.at < .hours(1) ? $0.count : nil },
      discrepancies: try DiscrepancyBook(of: account, programme: floor.programme.id).count(
        DiscrepancyQuery(days, in: floor.programme.settings.points.zone), upTo: discrepanciesCounted, in: &tx),
      unsold: try UnsoldReturns(of: account).count(at: now, in: &tx), budgets: try BudgetMeters.read(of: floor, at: now, in: &tx),
      late: try Chores.board(in: &tx).count { $0.lateness(at: now) != nil || $0.failures > 0 },
      givenUp: try JobQueue().count(.dead, of: account, upTo: Limits.page, in: &tx),
      latest: try ReceiptBook(of: account).latest(8, in: &tx))
  }
}

/// The parts of the overview that move by themselves, as one reader sees them.
struct PresentParts {
  let present: Present
  let visit: Visit

  private var reader: Reader { visit.reader }

  /// By the names that the page marks their places with.
  var json: JSON {
    .object(["attention": .string(attention.source), "feed": .string(feed.source), "today": .string(today)])
  }

  var html: Markup {
    """
    <div class="stack" data-live="\(ConsoleDesk.livePath)" data-version="\(present.version)">\
    <section class="panel"><header class="panel-head"><h2>\(reader("Требует внимания", "Needs attention"))</h2></header>\
    <ul class="items ruled" data-part="attention">\(attention)</ul></section>\
    <section class="panel"><header class="panel-head"><h2>\(reader("Последние чеки", "Latest receipts"))</h2>\
    <span class="muted" data-part="today">\(today)</span><span class="badge good" data-live-mark hidden><span class="dot live"></span>\
    \(reader("вживую", "live"))</span></header><ul class="items ruled" data-part="feed">\(feed)</ul></section></div>
    """
  }

  private var today: String {
    let count = reader.count(present.today.receipts, ("чек", "чека", "чеков"), ("receipt", "receipts"))
    return reader("Сегодня \(count)", "\(count) today")
  }

  private var attention: Markup {
    var items: [Markup] = []
    let week = reader("за неделю", "in a week")
    if let silent = present.silent, silent > 0 {
      let count = reader.count(silent, ("касса молчит", "кассы молчат", "касс молчат"), ("till is silent", "tills are silent"))
      let text = reader("\(count), хотя в эти часы обычно продают", "\(count), though they usually sell at these hours")
      items.append(item(.till, "warn", text, "/console/stores/silent"))
    }
    if present.untied > 0 {
      let count = reader.count(present.untied, ("смена", "смены", "смен"), ("shift", "shifts"))
      items.append(
        item(
          .warning, "warn", reader("\(count) не сошлось с кассами \(week)", "\(count) do not tie with their tills \(week)"),
          "/console/shifts?show=untied"))
    }
    if present.discrepancies > 0 {
      let count = reader.count(
        present.discrepancies, ("расхождение", "расхождения", "расхождений"), ("discrepancy", "discrepancies"))
      items.append(
        item(.warning, "warn", reader("\(count) в чеках \(week)", "\(count) on receipts \(week)"), AskedDiscrepancies.path))
    }
    if present.unsold > 0 {
      let count = reader.count(
        present.unsold, ("возврат ждёт", "возврата ждут", "возвратов ждут"), ("return waits", "returns wait"))
      let text = reader("\(count) продажу, которой нет больше суток", "\(count) for a sale that has not come for a day")
      items.append(item(.warning, "warn", text, "/console/stores/unsold"))
    }
    items += budgets + background
    if items.isEmpty {
      items.append(item(.check, "good", reader("Смены сошлись, расхождений нет", "Shifts tie, nothing differs"), nil))
    }
    return Markup(items)
  }

  private var budgets: [Markup] {
    present.ending.prefix(3).map { budget in
      let (name, share) = (reader(budget.promotion.name), reader.decimal(budget.permille, digits: 1))
      let place = budget.words(of: budget.place, reader).map { ", " + $0 } ?? ""
      let text =
        budget.permille < 1_000
        ? reader(
          "Бюджет акции «\(name)»\(place) использован на \(share)\u{a0}%",
          "\(share)\u{a0}% of the budget of “\(name)”\(place) is used")
        : reader("Бюджет акции «\(name)»\(place) кончился", "The budget of “\(name)”\(place) is used up")
      return item(.warning, "warn", text, "/console/promotions/\(budget.promotion.id)")
    }
  }

  /// For those who can do something about it.
  private var background: [Markup] {
    guard visit.may(.changeIntegrations) else { return [] }
    var items: [Markup] = []
    if present.late > 0 {
      let count = reader.count(
        present.late, ("работа по расписанию опаздывает", "работы по расписанию опаздывают", "работ по расписанию опаздывает"),
        ("scheduled chore is late or failed", "scheduled chores are late or failed"))
      items.append(item(.clock, "warn", count, "/console/jobs"))
    }
    if present.givenUp > 0 {
      let count = reader.count(
        present.givenUp, ("задание не удалось", "задания не удались", "заданий не удалось"),
        ("job was given up", "jobs were given up"))
      items.append(item(.clock, "warn", count, "/console/jobs"))
    }
    return items
  }

  private func item(_ icon: Icon, _ style: String, _ text: String, _ path: String?) -> Markup {
    let link = path.map { path -> Markup in "<a class=\"text-link\" href=\"\(path)\">\(reader("Смотреть", "Look"))</a>" }
    return "<li>\(icon.styled("icon \(style)"))<div>\(text)</div>\(link)</li>"
  }

  private var feed: Markup {
    Markup(
      present.latest.map { receipt -> Markup in
        let amount: Markup =
          visit.may(.seeMembers)
          ? "<a href=\"\(receipt.path)\">\(reader.money(receipt.amount))</a>" : "\(reader.money(receipt.amount))"
        return """
          <li data-row="\(receipt.id)">\(Icon.receipt.usual)<div class="truncate">\(amount)\
          <p class="truncate">\(reader.clock(receipt.soldAt)), \(visit.store(receipt.store))</p></div>\(earned(receipt))</li>
          """
      })
  }

  private func earned(_ receipt: Receipt) -> Markup {
    guard receipt.hasMember else { return "<span class=\"badge\">\(reader("без карты", "no card"))</span>" }
    return receipt.earned > .zero
      ? "<span class=\"tab good\">+\(reader.points(receipt.earned))</span>" : "<span class=\"tab muted\">0</span>"
  }
}

extension Receipt {
  var path: String { "/console/receipts/\(owner)/\(id)" }
}
