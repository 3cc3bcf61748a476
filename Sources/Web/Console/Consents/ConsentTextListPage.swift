import Access
import Conditions
import Customers
import Kernel

/// Every text that people agreed to, and the versions that consents name without a text.
struct ConsentTextListPage {
  struct View: Sendable {
    let texts: [RegisteredText]
    /// By consents, registered or not.
    let named: [NamedText]
    let today: CivilDay

    var unregistered: [NamedText] {
      let known = Set(texts.map { NamedText($0.details.consent, $0.details.version) })
      return named.filter { !known.contains($0) }
    }

    /// The one that people are asked to agree to.
    func isCurrent(_ text: RegisteredText) -> Bool {
      texts.first { $0.details.consent == text.details.consent && $0.archivedAt == nil && $0.details.from <= today } == text
    }
  }

  let view: View
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Тексты согласий", "Texts of consents"), actions: visit.may(.changeProgramme) ? make : .nothing,
      notes: [reader("На что соглашались участники, по версиям", "What members agreed to, version by version")],
      crumbs: [(reader("Участники", "Members"), "/console/members")],
      body: "<div class=\"page-body\"><div class=\"stack\">\(missing)\(view.texts.isEmpty ? empty : table)</div></div>")
  }

  private var make: Markup {
    "<a class=\"button primary\" href=\"\(ConsoleDesk.consentTextsPath)/new\">\(Icon.plus.small)\(reader("Новый текст", "New text"))</a>"
  }

  private var empty: Markup {
    let says = reader(
      "Согласие называет версию текста. Здесь хранится сам текст: на русском и английском, со ссылкой и днём, с которого он действует. Карточка и выгрузка скажут, на что именно человек согласился.",
      "A consent names the version of a text. Here the text itself is kept: in Russian and English, with a link and the day from which it holds. The card and the export say what exactly a person agreed to."
    )
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Текстов ещё нет", "There are no texts yet"))</h2>\
      <p>\(says)</p>\(visit.may(.changeProgramme) ? make : .nothing)</div></div></section>
      """
  }

  /// Nobody can be asked again, so these are taken as they come, and told.
  private var missing: Markup? {
    let lacking = view.unregistered
    guard !lacking.isEmpty else { return nil }
    let rows = lacking.map { named -> Markup in
      let add: Markup =
        visit.may(.changeProgramme)
        ? "<a class=\"button s\" href=\"\(ConsoleDesk.path(of: named.consent, named.version, "new"))\">\(reader("Добавить текст", "Add the text"))</a>"
        : .nothing
      return """
        <tr><th scope="row">\(ConsentWords.name(named.consent, reader))</th><td class="break">\(named.version)</td><td>\(add)</td></tr>
        """
    }
    return DataTable(
      label: reader("На эти версии соглашались, но текста нет", "Agreed to, but without a text"),
      columns: [
        .text(reader("Согласие", "Consent")), .text(reader("Версия", "Version")), .acts(reader("Действия", "Actions")),
      ], rows: rows
    ).panel(heading: true)
  }

  private var table: Markup {
    let rows = view.texts.map { text -> Markup in
      let details = text.details
      return """
        <tr><th scope="row"><a href="\(ConsoleDesk.path(of: details.consent, details.version))">\(ConsentWords.name(details.consent, reader))</a></th>\
        <td class="break">\(details.version)</td><td class="nowrap">\(reader.date(details.from))</td><td>\(badge(text))</td></tr>
        """
    }
    return DataTable(
      label: reader("Тексты", "Texts"),
      columns: [
        .text(reader("Согласие", "Consent")), .text(reader("Версия", "Version")), .text(reader("Действует с", "Holds from")),
        .text(reader("Состояние", "State")),
      ], rows: rows
    ).panel()
  }

  private func badge(_ text: RegisteredText) -> Markup {
    if text.archivedAt != nil { return "<span class=\"badge\">\(reader("в архиве", "archived"))</span>" }
    if view.isCurrent(text) { return "<span class=\"badge good\">\(Icon.check.usual)\(reader("действует", "in force"))</span>" }
    return text.details.from > view.today
      ? "<span class=\"badge\">\(reader("ещё не начался", "not begun"))</span>"
      : "<span class=\"badge\">\(reader("прежний", "earlier"))</span>"
  }
}
