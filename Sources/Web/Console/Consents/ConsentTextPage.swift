import Access
import Conditions
import Customers
import Kernel

/// One text, as people read it.
struct ConsentTextPage {
  let text: RegisteredText
  let isUsed: Bool
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var details: ConsentText { text.details }

  var page: Page {
    Page(
      title: ConsentWords.name(details.consent, reader) + ", " + details.version, actions: actions,
      crumbs: [
        (reader("Участники", "Members"), "/console/members"),
        (reader("Тексты согласий", "Texts of consents"), ConsoleDesk.consentTextsPath),
      ],
      body: """
        <div class="page-body with-aside"><div class="stack">\(wording)</div>\
        <aside class="aside stack">\(facts)\(archiving)</aside></div>
        """)
  }

  private var actions: Markup {
    guard visit.may(.changeProgramme), !isUsed else { return .nothing }
    let path = ConsoleDesk.path(of: details.consent, details.version, "edit")
    return "<a class=\"button\" href=\"\(path)\">\(reader("Изменить", "Edit"))</a>"
  }

  private var wording: Markup {
    let texts = [(reader("По-русски", "In Russian"), details.text.ru), (reader("По-английски", "In English"), details.text.en)]
    let isOne = details.text.ru == details.text.en
    let panels = (isOne ? [(reader("Текст", "Text"), details.text.ru)] : texts).map { title, text -> Markup in
      """
      <section class="panel"><header class="panel-head"><h2>\(title)</h2></header><div class="panel-body"><p class="lines break">\(text)</p></div></section>
      """
    }
    guard details.text.ru.isEmpty else { return Markup(panels) }
    return """
      <section class="panel"><div class="panel-body"><p class="muted">\(reader("Текст хранится по ссылке.", "The text stands under its link."))</p></div></section>
      """
  }

  private var facts: Markup {
    let use =
      isUsed
      ? reader("есть согласия: текст больше не меняется", "there are consents: the text stays as it is")
      : reader("согласий ещё нет", "nobody has agreed to it yet")
    let link: Markup? =
      details.link.isEmpty
      ? nil : "<a class=\"break\" href=\"\(details.link)\" rel=\"noreferrer\" target=\"_blank\">\(details.link)</a>"
    return FactList(rows: [
      (reader("Действует с", "Holds from"), "\(reader.date(details.from))"), (reader("Ссылка", "Link"), link),
      (reader("Согласия", "Consents"), "\(use)"), (reader("Добавлен", "Added"), "\(reader.moment(text.madeAt))"),
      (reader("Кем", "By"), visit.may(.seeAudit) ? "\(Actor(text.actor).map(reader.words) ?? text.actor)" : nil),
      (reader("В архиве с", "Archived on"), text.archivedAt.map { "\(reader.moment($0))" }),
    ]).panel(reader("О тексте", "About it"))
  }

  private var archiving: Markup? {
    guard visit.may(.changeProgramme) else { return nil }
    let isArchived = text.archivedAt != nil
    let says =
      isArchived
      ? reader("Новым согласиям этот текст не предлагается.", "This text is not offered to new consents.")
      : reader(
        "Архив убирает текст из предлагаемых. Кто согласился, согласился: на карточках он останется.",
        "The archive takes the text out of what is offered. Who agreed has agreed: cards keep telling it.")
    let word = isArchived ? reader("Вернуть из архива", "Bring back") : reader("Убрать в архив", "Archive")
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Архив", "Archive"))</h2></header><div class="panel-body stack s">\
      <p class="muted">\(says)</p><form method="post" action="\(ConsoleDesk.consentTextsPath)/archive">\(visit.key)\
      <input type="hidden" name="consent" value="\(details.consent.rawValue)"><input type="hidden" name="version" value="\(details.version)">\
      <button class="button" name="act" value="\(isArchived ? "restore" : "archive")">\(word)</button></form></div></section>
      """
  }
}
