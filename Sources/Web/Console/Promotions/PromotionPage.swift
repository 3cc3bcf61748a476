import Access
import Calculator
import Imports
import Kernel
import Loyalty

/// A promotion in sentences, and what can be done with it.
struct PromotionPage {
  let view: PromotionView
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var state: PromotionState { view.state(at: visit.call.at) }

  var page: Page {
    var notes = [
      view.stored.code, reader("версия \(reader.number(view.stored.version))", "version \(reader.number(view.stored.version))"),
    ]
    if let latest = view.latest {
      notes.append(
        reader(
          "сохранил \(reader.actor(latest.actor)), \(reader.moment(latest.madeAt))",
          "saved by \(reader.actor(latest.actor)), \(reader.moment(latest.madeAt))"))
    }
    return Page(
      title: view.stored.name(reader), marks: state.badge(reader), actions: actions, notes: notes,
      crumbs: [(reader("Акции", "Promotions"), "/console/promotions")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(refusal.map { Notice.refusal($0, reader) })\(PilotPanel(view: view, visit: visit).html)\(waiting)\(sentences)</div>\
        <aside class="aside stack" aria-label="\(reader("Ход акции", "How it goes"))">\(ApprovalPanel(view: view, visit: visit).html)\(segments)\(use)\(more)</aside></div>
        """)
  }

  private var actions: Markup {
    guard visit.may(.changeProgramme) else { return .nothing }
    let edit: Markup? =
      view.stored.status == .archived
      ? nil
      : "<a class=\"button\" href=\"\(view.path)/\(view.promotion == nil ? "text" : "edit")\">\(reader("Изменить", "Edit"))</a>"
    // The approval's panel says what it waits for.
    let possible = PromotionStep.possible(state).filter { $0 != .launch || view.mayLaunch }
    let steps = possible.enumerated().map { place, step -> Markup in
      let style: Markup = place == 0 && step == .launch ? "primary" : step == .archive ? "ghost" : ""
      return
        "<a class=\"button \(style)\" href=\"\(view.path)/step?act=\(step.rawValue)\">\(step.icon)\(step.name(state, reader))</a>"
    }
    let pilot: Markup? =
      PromotionStep.mayPilot(state) && view.mayLaunch && view.promotion != nil
      ? "<a class=\"button\" href=\"\(view.path)/pilot\">\(Icon.flask.small)\(reader("Пилот", "Pilot"))</a>" : nil
    return "\(edit)\(pilot)\(Markup(steps.reversed()))"
  }

  private var waiting: Markup? {
    if !view.issues.isEmpty { return IssueList.notice(view.issues, reader) }
    guard case .edited = state else { return nil }
    let changes = SentenceChanges(from: view.sentences(view.published, reader), to: view.sentences(view.promotion, reader))
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Правка ещё не на кассах", "The edit is not at tills yet"))</h2></header>\
      <div class="panel-body">\(changes.isEmpty ? Notice.info(reader("Слова те же, другое только название или порядок записи", "The words are the same; only a name or the spelling differs")) : changes.html(reader))</div></section>
      """
  }

  private var sentences: Markup? {
    guard let promotion = view.promotion else { return nil }
    return
      "<section class=\"panel\" aria-label=\"\(reader("Условия акции", "What the promotion says"))\">\(SentenceSheet(sentences: view.sentences(promotion, reader), reader: reader).html)</section>"
  }

  /// Whom it is for, where segments say so.
  private var segments: Markup? {
    let ids = (view.promotion?.condition.flattened ?? []).flatMap { condition -> [SegmentID] in
      if case .segments(let ids) = condition { ids.ids } else { [] }
    }
    let links = ids.prefix(RuleNames.shown).map { id -> Markup in
      "<li>\(Icon.filter.usual)<div><a href=\"\(SegmentState.path)/\(id)\">\(view.names.name(.segment, id))</a></div></li>"
    }
    guard !links.isEmpty else { return nil }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Сегменты", "Segments"))</h2></header><ul class="items ruled">\(links)</ul></section>
      """
  }

  /// Only what tills have is used up, and moves.
  private var use: Markup {
    BudgetPanel(use: view.use, reader: reader).html(live: view.published == nil ? nil : view.path + "/live")
  }

  private var more: Markup {
    var links = [
      ("preview", Icon.receipt, reader("Проверить на чеке", "Try it on a basket")),
      ("what-if", Icon.flask, reader("Что было бы на прошлых чеках", "What past receipts would have come to")),
      ("beside", Icon.promotions, reader("Рядом с другими акциями", "Beside other promotions")),
      ("versions", Icon.history, reader("Версии и что менялось", "Versions and what changed")),
    ]
    if visit.may(.changeProgramme), view.stored.status != .archived {
      links.append(("text", Icon.list, reader("Правила текстом (JSON)", "The rules as text (JSON)")))
    }
    if view.promotion?.priceList != nil {
      links.append(("prices.xlsx", Icon.download, reader("Цены таблицей (XLSX)", "The prices as a sheet (XLSX)")))
    }
    let rows = links.map { link -> Markup in
      "<li>\(link.1.usual)<div><a class=\"text-link\" href=\"\(view.path)/\(link.0)\">\(link.2)</a></div></li>"
    }
    let sheet: Markup? =
      view.promotion?.priceList != nil && visit.may(.changeProgramme) && view.stored.status != .archived
      ? "<li>\(Icon.table.usual)<div><a class=\"text-link\" href=\"/console/promotions/sheets?promotion=\(view.stored.id)\">\(reader("Новые цены из прайса", "New prices of a sheet"))</a></div></li>"
      : nil
    let copy: Markup? =
      visit.may(.changeProgramme)
      ? "<li>\(Icon.copy.usual)<div><a class=\"text-link\" href=\"/console/promotions/new?copy=\(view.stored.id)\">\(reader("Сделать копию", "Make a copy"))</a></div></li>"
      : nil
    return "<section class=\"panel\"><ul class=\"items\">\(rows)\(sheet)\(copy)</ul></section>"
  }
}

/// Sentences under their topics.
struct SentenceSheet {
  let sentences: [Sentence]
  let reader: Reader

  var html: Markup {
    let stages = Sentence.Topic.allCases.compactMap { topic -> Markup? in
      let said = sentences.filter { $0.topic == topic }
      guard !said.isEmpty else { return nil }
      let title = PromotionWords.title(topic, reader)
      return """
        <section class="stage"><div class="stage-name"><h2>\(title.name)</h2><small>\(title.note)</small></div>\
        <div class="stack s">\(said.map(\.html))</div></section>
        """
    }
    return Markup(stages)
  }
}

/// How much of a whole is used up. A drawing, since pages carry no style of their own.
struct UsageMeter {
  let label: String
  let part: Int64
  let whole: Int64
  let text: String
  /// When it ends.
  var note: String?

  func html(_ reader: Reader) -> Markup {
    let share = whole > 0 ? min(100, max(0, scaled(part, by: 100, over: whole, .down))) : 0
    let style = share >= 100 ? " bad" : share >= 85 ? " warn" : ""
    let end = note.map { note -> Markup in "<p class=\"muted\">\(note)</p>" }
    return """
      <div><div class="row between"><span class="soft">\(label)</span><span class="tab"><b>\(reader.number(share))&nbsp;%</b></span></div>\
      <svg class="usage\(style)" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="\(label): \(text)">\
      <rect class="track" width="100" height="6"/><rect class="fill" width="\(String(share))" height="6"/></svg><p class="muted">\(text)</p>\(end)</div>
      """
  }
}

extension IssueList {
  /// What is wrong with something that was stored or sent, place by place.
  static func notice(_ issues: [Issue], _ reader: Reader) -> Markup {
    let rows = issues.prefix(20).map { issue -> Markup in
      "<li><code class=\"break\">\(issue.pointer.isEmpty ? "/" : issue.pointer)</code> \(IssueWords.sentence(issue, reader))</li>"
    }
    let title = reader("Так эти правила не работают", "These rules do not work as they are")
    return
      "<div class=\"notice bad\" role=\"alert\">\(Icon.warning.usual)<div><b>\(title)</b><ul class=\"stack xs\">\(rows)</ul></div></div>"
  }
}
