import Access
import Calculator
import Kernel
import Loyalty

/// The rules as text: for what no form can say.
extension ConsoleDesk {
  func promotionText(_ visit: Visit) async throws -> Answer {
    let view = try await looked(visit)
    return visit.show(
      PromotionTextPage(view: view, text: view.stored.body.pretty, issues: view.issues, refusal: nil, visit: visit).page,
      in: .promotions)
  }

  func savePromotionText(_ visit: Visit) async throws -> Answer {
    let (view, text, change) = (try await looked(visit), visit.form.verbatim("rules"), change(visit))
    func refuse(_ issues: [Issue], _ problem: Problem?) -> Answer {
      var answer = visit.show(
        PromotionTextPage(view: view, text: text, issues: issues, refusal: problem, visit: visit).page, in: .promotions)
      answer.status = 422
      return answer
    }
    let body: JSON
    do { body = try JSON.parse(text) } catch {
      return refuse(
        [Issue(pointer: visit.reader("строка \(error.line)", "line \(error.line)"), code: "not_json", message: error.message)], nil)
    }
    var (promotion, issues) = view.bench.read(body, id: view.stored.id)
    if body["code"]?.text != view.stored.code {
      issues.append(Issue(pointer: "/code", code: "other_code", message: "the code stays: \(view.stored.code)"))
    }
    guard issues.isEmpty, promotion != nil else { return refuse(issues, nil) }
    let (programme, row) = (view.bench.programme, PromotionDetails(code: view.stored.code, body: body))
    let version = Int64(visit.form["version"]) ?? 0
    do {
      _ = try await database.write { tx in try Promotions(of: programme).revise(row, from: version, by: change, in: &tx) }
    } catch let problem as Problem where problem.kind == .conflict { return refuse([], problem) }
    _ = try await floors.refresh(programme.id)
    return .redirect(view.path)
  }
}

struct PromotionTextPage {
  let view: PromotionView
  let text: String
  let issues: [Issue]
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let hint = reader(
      "Так их читает расчёт. Формат описан в документации: docs/formats/rules.md",
      "As the calculator reads them. The format is described in docs/formats/rules.md")
    let notice = refusal.map { Notice.refusal($0, reader) } ?? (issues.isEmpty ? .nothing : IssueList.notice(issues, reader))
    let body: Markup
    if text.utf8.count > Limits.body / 2 {
      body = Notice.info(
        reader(
          "Правила слишком длинны для браузера: меняйте их файлом", "These rules are too long for a browser: change them by file"))
    } else {
      body = """
        <section class="panel"><form class="inline-form" method="post" action="\(view.path)/text">\(visit.key)\
        <input type="hidden" name="version" value="\(String(view.stored.version))">\
        \(TextBox(name: "rules", label: reader("Правила", "Rules"), value: text, hint: hint, lines: 24, isCode: true).html)\
        <div><button class="button primary">\(reader("Сохранить", "Save"))</button></div></form></section>
        """
    }
    return Page(
      title: reader("Правила текстом", "The rules as text"), notes: [view.stored.name(reader)], crumbs: view.crumbs(reader),
      body: "<div class=\"page-body\">\(notice)\(body)</div>")
  }
}
