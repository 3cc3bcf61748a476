import Access
import Calculator
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  /// Promotions of a state, found by code or name. One statement; the rules that tills have are in memory.
  func promotions(_ visit: Visit) async throws -> Answer {
    let (programme, query) = (try visit.programme, visit.call.query)
    let sought = String((query["q"] ?? "").prefix(Limits.name))
    let filter = PromotionFilter(rawValue: query["state"] ?? "") ?? .current
    let after = query["after"].flatMap { PromotionID($0) }
    let bench = try await RuleBench.of(visit, database)
    let answer = try await database.read { tx -> (found: [StoredPromotion], next: PromotionID?) in
      if filter == .review {
        return (try Approvals(of: programme).waiting(limit: Limits.page, in: &tx).map(\.promotion), nil)
      }
      return try Promotions(of: programme).find(filter.statuses, matching: sought, after: after, limit: Limits.page, in: &tx)
    }
    let page = PromotionListPage(
      stored: answer.found, next: answer.next, sought: sought, filter: filter, bench: bench, visit: visit)
    return visit.show(page.page, in: .promotions)
  }
}

/// Which promotions a list shows.
enum PromotionFilter: String, CaseIterable {
  case current, review, running, draft, paused, archived

  var statuses: [StoredPromotion.Status] {
    switch self {
    case .current, .review: [.draft, .running, .paused]
    case .running: [.running]
    case .draft: [.draft]
    case .paused: [.paused]
    case .archived: [.archived]
    }
  }

  func name(_ reader: Reader) -> String {
    switch self {
    case .current: reader("Все, кроме архива", "All but the archive")
    case .review: reader("На согласовании", "To approve")
    case .running: reader("Идут", "Running")
    case .draft: reader("Черновики", "Drafts")
    case .paused: reader("На паузе", "Paused")
    case .archived: reader("Архив", "Archive")
    }
  }
}

struct PromotionListPage {
  let stored: [StoredPromotion]
  let next: PromotionID?
  let sought: String
  let filter: PromotionFilter
  let bench: RuleBench
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let rules = bench.book
    let count = reader.count(
      Set((rules?.promotions ?? []).map(\.id)).count, ("акция", "акции", "акций"), ("promotion", "promotions"))
    let note =
      rules.map {
        reader("На кассах правила версии \($0.version): \(count)", "Tills have rules of version \($0.version): \(count)")
      }
      ?? reader("На кассах ещё нет правил", "Tills have no rules yet")
    let hasNone = stored.isEmpty && sought.isEmpty && filter == .current
    return Page(
      title: reader("Акции", "Promotions"), actions: "\(labels)\(visit.may(.changeProgramme) ? make : .nothing)", notes: [note],
      body: "<div class=\"page-body\">\(hasNone ? empty : "\(find)\(stored.isEmpty ? nothing : table)")</div>")
  }

  private var labels: Markup? {
    guard bench.book != nil else { return nil }
    return "<a class=\"button\" href=\"/console/promotions/labels\">\(Icon.download.small)\(reader("Ценники", "Labels"))</a>"
  }

  private var make: Markup {
    "<a class=\"button\" href=\"/console/promotions/sheets\">\(Icon.table.small)\(reader("Из прайса", "From a sheet"))</a><a class=\"button primary\" href=\"/console/promotions/new\">\(Icon.plus.small)\(reader("Новая акция", "New promotion"))</a>"
  }

  private var find: Markup {
    let label = reader("Название или код", "Name or code")
    let states = PromotionFilter.allCases.map { state -> Markup in
      let mark: Markup = state == filter ? " aria-current=\"true\"" : ""
      let query = sought.isEmpty ? "" : "&q=" + queryText(sought)
      return "<a href=\"/console/promotions?state=\(state.rawValue)\(query)\"\(mark)>\(state.name(reader))</a>"
    }
    return """
      <div class="row wrap between"><nav class="segmented wraps" aria-label="\(reader("Состояние", "State"))">\(states)</nav>\
      <form class="find" method="get" action="/console/promotions" role="search"><input type="hidden" name="state" value="\(filter.rawValue)">\
      <input class="input" type="search" name="q" value="\(sought)" maxlength="\(Limits.name)" aria-label="\(label)" placeholder="\(label)">\
      <button class="button">\(Icon.search.small)\(reader("Найти", "Find"))</button></form></div>
      """
  }

  private var nothing: Markup { Notice.info(reader("Таких акций нет", "There are no such promotions")) }

  private var empty: Markup {
    let says = reader(
      "Акция говорит, кому, за что и сколько: скидку, подарок или баллы. Черновик касс не касается, пока его не запустили.",
      "A promotion says who gets what for which goods: a reduction, a gift or points. A draft does nothing at tills until it is launched."
    )
    let example: [SentencePart] = [
      .word(reader("Из каждых", "Of every")), .value(reader("3 шт", "3 pcs")), .verb(reader("самая дешёвая", "the cheapest")),
      .value(reader("бесплатно", "free")),
    ]
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Акций ещё нет", "There are no promotions yet"))</h2><p>\(says)</p>\
      \(visit.may(.changeProgramme) ? make : .nothing)</div><div class="example"><div class="sentence">\(example.map(\.html))</div></div></div></section>
      """
  }

  private var table: Markup {
    let all = bench.book?.promotions ?? []
    let published = Dictionary(all.filter { !$0.reach.isTrial }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let trials = Dictionary(all.filter(\.reach.isTrial).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = stored.map { stored -> Markup in
      let promotion = bench.read(stored)
      let state = PromotionState(stored, published[stored.id], trial: trials[stored.id], at: visit.call.at)
      return """
        <tr><th scope="row"><a href="/console/promotions/\(stored.id)">\(stored.name(reader))</a><small>\(stored.code)</small></th>\
        <td>\(state.badge(reader))</td><td>\(promotion.map { gives($0.benefit) } ?? "–")</td>\
        <td class="nowrap">\(promotion.map(period) ?? "–")</td><td class="num">\(reader.number(stored.version))</td></tr>
        """
    }
    let way = "/console/promotions?state=\(filter.rawValue)&q=\(queryText(sought))"
    return DataTable(
      label: reader("Акции", "Promotions"),
      columns: [
        .text(reader("Акция", "Promotion"), small: reader("Код", "Code")), .text(reader("Состояние", "State")),
        .text(reader("Что даёт", "What it gives")),
        .text(reader("Когда", "When")), .number(reader("Версия", "Version")),
      ], rows: rows
    ).panel(next: reader.further(next.map { way + "&after=\($0)" }))
  }

  private func gives(_ benefit: Benefit) -> String {
    BenefitWords(reader: reader, pointsName: bench.programme.settings.pointsName).sentence(benefit)
  }

  private func period(_ promotion: Promotion) -> String {
    switch (promotion.from, promotion.until) {
    case (nil, nil): reader("всегда", "always")
    case (let from?, nil): reader("с \(reader.date(from))", "from \(reader.date(from))")
    case (nil, let until?): reader("до \(reader.date(until))", "until \(reader.date(until))")
    case (let from?, let until?): "\(reader.date(from)) – \(reader.date(until))"
    }
  }
}

extension StoredPromotion {
  func name(_ reader: Reader) -> String { body["name"]?[reader.language.rawValue]?.text ?? code }
}

/// Where a promotion stands, in what is kept and at the tills.
enum PromotionState: Hashable {
  case draft, archived
  /// Kept as running, and tills do not have it.
  case waiting
  /// Paused or archived here, while tills still have it.
  case leaving
  case paused
  case notBegun, running, over
  /// Tills have an older version.
  case edited(published: Int64)
  /// Some tills have a version on trial, the others the one that they keep, or none.
  case piloting(version: Int64, kept: Int64?, PilotHour)

  enum PilotHour: Hashable { case ahead, open, over }

  /// - Parameter trial: as the tills of a pilot have it.
  init(_ stored: StoredPromotion, _ published: Promotion?, trial: Promotion? = nil, at now: Instant) {
    if let trial, let pilot = trial.reach.pilot {
      let hour: PilotHour = pilot.isOpen(at: now) ? .open : now < pilot.from ? .ahead : .over
      self = .piloting(version: Int64(trial.version), kept: published.map { Int64($0.version) }, hour)
      return
    }
    switch (stored.status, published) {
    case (.draft, nil): self = .draft
    case (.archived, nil): self = .archived
    case (.paused, nil): self = .paused
    case (.running, nil): self = .waiting
    case (.draft, .some), (.archived, .some), (.paused, .some): self = .leaving
    case (.running, let published?) where Int64(published.version) != stored.version:
      self = .edited(published: Int64(published.version))
    case (.running, let published?):
      self = published.until.map { $0 <= now } ?? false ? .over : published.from.map { $0 > now } ?? false ? .notBegun : .running
    }
  }

  func badge(_ reader: Reader) -> Markup {
    switch self {
    case .draft: "<span class=\"badge\">\(reader("черновик", "draft"))</span>"
    case .archived: "<span class=\"badge\">\(reader("в архиве", "archived"))</span>"
    case .waiting: "<span class=\"badge warn\">\(reader("ещё не на кассах", "not at tills yet"))</span>"
    case .leaving: "<span class=\"badge warn\">\(reader("кассы ещё применяют", "tills still apply it"))</span>"
    case .paused: "<span class=\"badge warn\">\(reader("на паузе", "paused"))</span>"
    case .notBegun: "<span class=\"badge\">\(reader("ещё не началась", "not begun"))</span>"
    case .over: "<span class=\"badge\">\(reader("прошла", "over"))</span>"
    case .running: "<span class=\"badge good\">\(Icon.check.usual)\(reader("идёт", "running"))</span>"
    case .piloting(let version, let kept, let hour):
      Self.badge(kept, reader) + Self.badge(version, hour, reader)
    case .edited(let version):
      "<span class=\"badge good\">\(reader("на кассах версия \(version)", "tills have version \(version)"))</span>"
        + "<span class=\"badge warn\">\(reader("правка ждёт", "an edit waits"))</span>"
    }
  }
}

extension PromotionState {
  fileprivate static func badge(_ kept: Int64?, _ reader: Reader) -> Markup {
    guard let kept else { return .nothing }
    return "<span class=\"badge good\">\(reader("на кассах версия \(kept)", "tills have version \(kept)"))</span>"
  }

  fileprivate static func badge(_ version: Int64, _ hour: PilotHour, _ reader: Reader) -> Markup {
    switch hour {
    case .ahead:
      "<span class=\"badge\">\(reader("пилот версии \(version) впереди", "a pilot of version \(version) is ahead"))</span>"
    case .open: "<span class=\"badge accent\">\(reader("пилот версии \(version)", "pilot of version \(version)"))</span>"
    case .over: "<span class=\"badge warn\">\(reader("срок пилота вышел", "the pilot's time is over"))</span>"
    }
  }
}

extension Markup {
  static func + (a: Markup, b: Markup) -> Markup { Markup([a, b]) }
}
