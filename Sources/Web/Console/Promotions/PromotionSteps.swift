import Access
import Calculator
import Insight
import Kernel
import Loyalty
import Storage

/// What can be done with a promotion as a whole. Each changes what tills have, at once and of this promotion only.
enum PromotionStep: String, CaseIterable {
  case launch, pause, archive
  /// The ends of a pilot.
  case rollOut = "roll-out"
  case stop

  /// What the promotion becomes; nil where its pilot ends.
  var status: StoredPromotion.Status? {
    switch self {
    case .launch: .running
    case .pause: .paused
    case .archive: .archived
    case .rollOut, .stop: nil
    }
  }

  var icon: Markup {
    switch self {
    case .launch: Icon.play.small
    case .pause: Icon.pause.small
    case .rollOut: Icon.check.small
    case .stop: Icon.undo.small
    case .archive: .nothing
    }
  }

  /// The likeliest first.
  static func possible(_ state: PromotionState) -> [PromotionStep] {
    switch state {
    case .draft, .waiting: [.launch, .archive]
    case .paused: [.launch, .archive]
    case .edited: [.launch, .pause, .archive]
    case .running, .notBegun, .over: [.pause, .archive]
    case .leaving: [.launch, .pause, .archive]
    case .piloting(_, let kept, _): kept == nil ? [.rollOut, .stop, .archive] : [.rollOut, .stop, .pause, .archive]
    case .archived: []
    }
  }

  /// A version that not every till has can be tried in some places first.
  static func mayPilot(_ state: PromotionState) -> Bool {
    switch state {
    case .draft, .waiting, .paused, .edited: true
    case .running, .notBegun, .over, .leaving, .piloting, .archived: false
    }
  }

  func name(_ state: PromotionState, _ reader: Reader) -> String {
    switch (self, state) {
    case (.launch, .paused): reader("Возобновить", "Resume")
    case (.launch, .edited): reader("Опубликовать правку", "Publish the edit")
    case (.launch, _): reader("Запустить", "Launch")
    case (.pause, _): reader("Поставить на паузу", "Pause")
    case (.archive, _): reader("В архив", "Archive")
    case (.rollOut, _): reader("Распространить на всех", "Roll out to all")
    case (.stop, _): reader("Остановить пилот", "Stop the pilot")
    }
  }
}

extension ConsoleDesk {
  func promotionStep(_ visit: Visit) async throws -> Answer {
    try await promotionStep(visit, visit.call.query["act"].flatMap(PromotionStep.init(rawValue:)) ?? .launch, nil)
  }

  func promotionStep(_ visit: Visit, _ step: PromotionStep, _ refusal: Problem?) async throws -> Answer {
    let view = try await looked(visit)
    var page = PromotionStepPage(view: view, step: step, refusal: refusal, visit: visit)
    if step == .archive, view.stored.status != .archived {
      let (ids, now) = (ids, visit.call.at)
      page.uses = try await database.read { tx in
        try PromotionUses(of: view.stored, in: view.bench.programme, ids: ids, at: now, &tx)
      }
    }
    var answer = visit.show(page.page, in: .promotions)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  /// Sets the state and publishes this promotion, in one transaction; sent twice it finds its work done.
  func takePromotionStep(_ visit: Visit) async throws -> Answer {
    guard let step = PromotionStep(rawValue: visit.form["act"]) else { throw Self.noPage }
    let view = try await looked(visit)
    if step == .launch, view.promotion == nil { return try await promotionStep(visit, step, nil) }
    guard let status = step.status else { return try await endPilot(visit, step, view) }
    let (form, change, id, ids) = (visit.form, change(visit), view.stored.id, ids)
    do {
      try await publish(.promotion(id), visit, names: view.bench.names) { programme, tx in
        let promotions = Promotions(of: programme)
        let stored = try promotions.promotion(id, in: &tx)
        guard form["version"] == "\(stored.version)" else { throw Self.movedOn(stored) }
        if status == .archived {
          try promotions.archiveUnused(stored, in: programme, ids: ids, by: change, in: &tx)
        } else {
          try promotions.set(stored.code, status, by: change, in: &tx)
        }
      }
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      return try await promotionStep(visit, step, problem)
    }
    return .redirect(view.path)
  }

  /// Changes something and publishes that part of the rules with it; this instance's floor knows at once.
  func publish(
    _ part: RuleBooks.Part, _ visit: Visit, names: AccountNames,
    _ work: @escaping @Sendable (Programme, inout Transaction) throws -> Void
  ) async throws {
    let (id, account, zones, change) = (try visit.programme.id, visit.account.id, zones, change(visit))
    try await database.write { tx in
      try work(try Programmes(of: account, zones: zones).programme(id, in: &tx), &tx)
      // What the work changed is part of what is published.
      let now = try Programmes(of: account, zones: zones).programme(id, in: &tx)
      _ = try RuleBooks(of: now).publish(names, part, by: change, in: &tx)
    }
    _ = try await floors.refresh(id)
  }

  static func movedOn(_ stored: StoredPromotion) -> Problem {
    Problem(
      .conflict, "promotion_moved", "the promotion is at version \(stored.version) by now",
      cashier: LocalText(
        ru: "Пока вы смотрели, кто-то сохранил версию \(stored.version). Ниже уже она: прочтите и повторите",
        en: "While you were looking, somebody saved version \(stored.version). It is shown below: read it and try again"))
  }
}

/// What a step will change at tills, to be read before it is taken.
struct PromotionStepPage {
  let view: PromotionView
  let step: PromotionStep
  let refusal: Problem?
  let visit: Visit
  /// Of a promotion that is to be archived.
  var uses: PromotionUses?

  private var reader: Reader { visit.reader }
  private var state: PromotionState { view.state(at: visit.call.at) }

  var page: Page {
    Page(
      title: step.name(state, reader) + ": " + view.stored.name(reader), crumbs: view.crumbs(reader),
      body:
        "<div class=\"page-body\">\(notice)\(summary)\(uses.map { PromotionUsesPanel(uses: $0, reader: reader).html })\(buttons)</div>"
    )
  }

  private var notice: Markup? {
    if let refusal {
      return refusal.issues.isEmpty ? Notice.refusal(refusal, reader) : IssueList.notice(refusal.issues, reader)
    }
    return step == .launch && !view.issues.isEmpty ? IssueList.notice(view.issues, reader) : nil
  }

  private var summary: Markup {
    """
    <section class="panel"><header class="panel-head"><h2>\(reader("Что изменится на кассах", "What will change at tills"))</h2></header>\
    <div class="panel-body"><p>\(tells)</p></div>\(details)</section>
    """
  }

  private var tells: String {
    switch (step, view.published) {
    case (.launch, nil):
      reader(
        "Акция начнёт действовать в течение секунды, по этим словам:", "Within a second tills begin to apply it, in these words:")
    case (.launch, .some):
      reader(
        "Кассы перейдут на версию \(view.stored.version). Меняется это:",
        "Tills go over to version \(view.stored.version). This changes:")
    case (.pause, .some), (.archive, .some):
      reader(
        "Кассы перестанут её применять в течение секунды. Проданное остаётся как есть, возвраты считаются по прежним правилам.",
        "Within a second tills stop applying it. What is sold stays as it is, and returns follow the old rules.")
    case (.rollOut, nil):
      reader(
        "Акция начнёт действовать на всех кассах в течение секунды, по этим словам:",
        "Within a second every till applies it, in these words:")
    case (.rollOut, .some):
      reader(
        "Все кассы перейдут на версию пилота. Вне пилота меняется это:",
        "Every till goes over to the pilot's version. Outside the pilot this changes:")
    case (.stop, nil):
      reader(
        "Кассы пилота перестанут её применять в течение секунды. Проданное остаётся как есть, возвраты считаются по правилам дня покупки.",
        "Within a second the pilot's tills stop applying it. What is sold stays as it is, and returns follow the rules of the sale."
      )
    case (.stop, .some):
      reader(
        "Кассы пилота вернутся к версии, которая у остальных. В пилоте меняется это:",
        "The pilot's tills go back to the version that the others have. In the pilot this changes:")
    case (.pause, nil), (.archive, nil):
      view.trial == nil
        ? reader("На кассах её нет: для них ничего не изменится.", "Tills do not have it: nothing changes for them.")
        : reader(
          "Пилот закончится: его кассы перестанут применять акцию в течение секунды.",
          "The pilot ends: within a second its tills stop applying the promotion.")
    }
  }

  private var details: Markup? {
    if step == .archive {
      let text = reader(
        "Из архива акция не возвращается; её можно скопировать.",
        "A promotion does not come back from the archive; it can be copied.")
      return "<div class=\"panel-body\">\(Notice.warning(text))</div>"
    }
    let (before, after): (Promotion?, Promotion?)
    switch step {
    case .launch: (before, after) = (view.published, view.promotion)
    case .rollOut: (before, after) = (view.published, view.trial)
    case .stop: (before, after) = (view.trial, view.published)
    case .pause, .archive: return nil
    }
    guard let after else { return nil }
    let sentences = view.sentences(after, reader)
    guard let before else { return SentenceSheet(sentences: sentences, reader: reader).html }
    let changes = SentenceChanges(from: view.sentences(before, reader), to: sentences)
    let same = Notice.info(reader("В условиях ничего", "Nothing in its words"))
    return "<div class=\"panel-body\">\(changes.isEmpty ? same : changes.html(reader))</div>"
  }

  private var buttons: Markup {
    let canDo = (step != .launch || view.promotion != nil) && uses?.breaking.isEmpty ?? true
    let style: Markup = step == .archive ? "danger" : "primary"
    let act: Markup? =
      canDo
      ? """
      <form method="post" action="\(view.path)/step">\(visit.key)<input type="hidden" name="act" value="\(step.rawValue)">\
      <input type="hidden" name="version" value="\(String(view.stored.version))">\
      <input type="hidden" name="pilot" value="\(view.pilot.map { "\($0.last.id)" } ?? "")">\
      <button class="button \(style)">\(step.icon)\(step.name(state, reader))</button></form>
      """ : nil
    return
      "<div class=\"row wrap\">\(act)<a class=\"button ghost\" href=\"\(view.path)\">\(reader("Не сейчас", "Not now"))</a></div>"
  }
}
