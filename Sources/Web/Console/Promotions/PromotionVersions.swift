import Access
import Calculator
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  /// Version by version, latest first, each with what it changed.
  func promotionVersions(_ visit: Visit) async throws -> Answer {
    let view = try await looked(visit)
    let before = visit.call.query["before"].flatMap(Int64.init)
    let reader = visit.reader
    let page = try await database.read { tx in
      // One more than is shown: what the oldest of them changed.
      let versions = try Promotions(of: view.bench.programme).versions(
        of: view.stored.id, before: before, limit: PromotionVersionsPage.size + 1, in: &tx)
      let read = versions.map { view.bench.read($0.body, id: view.stored.id).promotion }
      let names = try RuleNames(for: read.compactMap { $0 }, view.bench, reader, in: &tx)
      return PromotionVersionsPage(view: view, versions: versions, promotions: read, names: names, visit: visit)
    }
    return visit.show(page.page, in: .promotions)
  }

  /// Saves an old version anew, as the latest. Tills hear of it when it is published.
  func restorePromotion(_ visit: Visit) async throws -> Answer {
    let view = try await looked(visit)
    guard let wanted = Int64(visit.form["restored"]), let latest = Int64(visit.form["version"]) else { throw Self.noPage }
    let (bench, id, code, change) = (view.bench, view.stored.id, view.stored.code, change(visit))
    _ = try await database.write { tx in
      let promotions = Promotions(of: bench.programme)
      let body = try promotions.body(of: id, version: wanted, in: &tx)
      return try promotions.revise(PromotionDetails(code: code, body: body), from: latest, by: change, in: &tx)
    }
    return .redirect(view.path)
  }
}

struct PromotionVersionsPage {
  static let size = 20

  let view: PromotionView
  let versions: [PromotionVersion]
  /// One for each version; nil where it cannot be read any more.
  let promotions: [Promotion?]
  let names: RuleNames
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let shown = versions.indices.prefix(Self.size)
    let next = versions.count > Self.size ? shown.last.map { "\(view.path)/versions?before=\(versions[$0].version)" } : nil
    return Page(
      title: reader("Версии", "Versions"), notes: [view.stored.name(reader)], crumbs: view.crumbs(reader),
      body:
        "<div class=\"page-body\">\(shown.map(panel))\(VersionList.earlier(next, reader))</div>"
    )
  }

  private func panel(_ place: Int) -> Markup {
    let version = versions[place]
    let isPublished = view.published.map { Int64($0.version) == version.version } ?? false
    let isOnTrial = view.trial.map { Int64($0.version) == version.version } ?? false
    let mark: Markup? =
      isOnTrial
      ? "<span class=\"badge accent\">\(Icon.flask.usual)\(reader("в пилоте", "on trial"))</span>"
      : isPublished ? "<span class=\"badge good\">\(Icon.check.usual)\(reader("на кассах", "at tills"))</span>" : nil
    return VersionList.panel(
      version.version, version.actor, version.madeAt, marks: mark, acts: restore(version), changes(place), reader)
  }

  private func changes(_ place: Int) -> Markup {
    guard let promotion = promotions[place] else {
      return Notice.warning(
        reader(
          "Эту версию больше не прочесть: она называет то, чего уже нет",
          "This version cannot be read any more: it names what is gone"))
    }
    let words = PromotionWords(reader: reader, names: names, pointsName: view.bench.programme.settings.pointsName)
    let sentences = words.sentences(promotion)
    guard versions.indices.contains(place + 1), let before = promotions[place + 1] else {
      return SentenceSheet(sentences: sentences, reader: reader).html
    }
    var rows = [Markup]()
    if promotion.name != before.name {
      rows.append(
        ChangeRow(
          name: reader("Название", "Name"), old: "\(before.name.ru) / \(before.name.en)",
          new: "\(promotion.name.ru) / \(promotion.name.en)"
        ).html(reader))
    }
    let changes = SentenceChanges(from: words.sentences(before), to: sentences)
    if changes.isEmpty, rows.isEmpty { return Notice.info(reader("Слова те же", "The words are the same")) }
    let named: Markup = rows.isEmpty ? "" : "<dl class=\"changes\">\(rows)</dl>"
    return named + (changes.isEmpty ? .nothing : changes.html(reader))
  }

  private func restore(_ version: PromotionVersion) -> Markup? {
    guard visit.may(.changeProgramme), view.stored.status != .archived, version.version != view.stored.version else { return nil }
    return """
      <form method="post" action="\(view.path)/restore">\(visit.key)<input type="hidden" name="restored" value="\(String(version.version))">\
      <input type="hidden" name="version" value="\(String(view.stored.version))">\
      <button class="button s">\(Icon.undo.small)\(reader("Вернуть эту", "Bring it back"))</button></form>
      """
  }
}
