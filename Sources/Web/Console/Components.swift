import Access
import Kernel

/// The living page of components: each as pages use it, in both themes, made by the same Swift code. A test finds what is missing here.
extension ConsoleDesk {
  static let componentsPath = "/console/components"

  var componentDoors: [Door] {
    [
      .page(Self.componentsPath, nil, components)
    ]
  }

  func components(_ visit: Visit) async throws -> Answer {
    visit.show(ComponentsPage(reader: visit.reader, visit: visit).page, in: nil)
  }
}

struct ComponentsPage {
  /// One component, or a family of style classes that pages write by hand.
  struct Sample {
    /// The type's name, or the class's.
    let name: String
    let says: String
    /// What stands in a pane; the suffix tells the panes' ids apart.
    let html: (_ suffix: String) -> Markup
  }

  let reader: Reader
  let visit: Visit

  var page: Page {
    let panes = [("light", reader("светлая", "light")), ("dark", reader("тёмная", "dark"))]
    let sections = samples.map { sample -> Markup in
      let shown = panes.map { theme, name -> Markup in
        """
        <div class="theme-\(theme)" role="group" aria-label="\(sample.name), \(name)"><div class="stack">\(sample.html("-" + theme))</div></div>
        """
      }
      return """
        <section class="sample" id="c-\(sample.name)" data-component="\(sample.name)"><div><h2>\(sample.name)</h2><p class="soft">\(sample.says)</p></div>\
        <div class="panes">\(shown)</div></section>
        """
    }
    let contents = samples.map { sample -> Markup in
      "<li><a class=\"chip filter\" href=\"#c-\(sample.name)\">\(sample.name)</a></li>"
    }
    return Page(
      title: reader("Компоненты", "Components"),
      notes: [reader("Из чего сделаны страницы, в обеих темах", "What pages are made of, in both themes")],
      body: """
        <div class="page-body"><nav aria-label="\(reader("Содержание", "Contents"))"><ul class="row wrap">\(contents)</ul></nav>\(sections)</div>
        """)
  }

  private var samples: [Sample] { pieces + forms + moreForms + actSamples + lists + plainLists + charts + pivotCharts + floating }

  // MARK: small things

  private var pieces: [Sample] {
    [
      Sample(name: "Icon", says: reader("Слово стоит рядом или названо.", "A word stands beside it, or is its name.")) { _ in
        let icons = Icon.allCases.map { icon -> Markup in "<li class=\"row\">\(icon.usual)<code>\(icon.rawValue)</code></li>" }
        return "<ul class=\"fields narrow\">\(icons)</ul>"
      },
      Sample(name: "button", says: reader("Одна главная на странице.", "One primary on a page.")) { [reader] _ in
        """
        <div class="row wrap"><button class="button primary" type="button">\(reader("Сохранить", "Save"))</button>\
        <button class="button" type="button">\(Icon.plus.small)\(reader("Добавить", "Add"))</button>\
        <button class="button ghost" type="button">\(reader("Отменить", "Cancel"))</button>\
        <button class="button danger" type="button">\(reader("Отключить", "Switch off"))</button>\
        <button class="button s" type="button">\(reader("Малая", "Small"))</button>\
        <button class="button" type="button" disabled>\(reader("Нельзя", "Not now"))</button>\
        <a class="text-link" href="#main">\(reader("Ссылка", "A link"))</a></div>
        """
      },
      Sample(name: "badge", says: reader("Цвет вместе со словом или знаком.", "Colour goes with a word or a sign.")) { [reader] _ in
        """
        <div class="row wrap"><span class="badge">\(reader("черновик", "draft"))</span>\
        <span class="badge good">\(Icon.check.usual)\(reader("активен", "active"))</span>\
        <span class="badge warn">\(reader("на паузе", "paused"))</span>\
        <span class="badge bad">\(Icon.lock.usual)\(reader("заблокирован", "blocked"))</span>\
        <span class="badge accent">\(reader("новое", "new"))</span>\
        <span class="delta good">+4,2\u{a0}%</span><span class="delta bad">−1,1\u{a0}%</span>\
        <span class="avatar" aria-hidden="true">АК</span><span class="dot live"></span>\(reader("вживую", "live"))</div>
        """
      },
      Sample(name: "chip", says: reader("Условия читаются вслух.", "Conditions read aloud.")) { [reader] _ in
        """
        <div class="sentence"><span>\(reader("Купи", "Buy"))</span><span class="chip value">\(reader("3 кофе", "3 coffees"))</span>\
        <span>\(reader("самый дешёвый", "the cheapest is"))</span><span class="chip value">\(reader("бесплатно", "free"))</span>\
        <span class="chip">\(reader("и ещё", "and more"))</span></div>
        """
      },
    ]
  }

  // MARK: forms

  private var forms: [Sample] {
    [
      Sample(name: "Field", says: reader("Что не так, сказано здесь же.", "What is wrong is said where it happened.")) {
        [reader] suffix in
        """
        \(Field(name: "name", label: reader("Название", "Name"), value: reader("Кладовая", "Pantry"), hint: reader("Как его видят покупатели", "As shoppers see it"), id: "f-name" + suffix).html)\
        \(Field(name: "points", label: reader("Баллы", "Points"), value: "x", fault: reader("Нужно число", "A number is expected"), id: "f-points" + suffix).html)
        """
      },
      Sample(name: "Choice", says: reader("Из немногих одно.", "One of a few.")) { [reader] suffix in
        Choice(
          name: "reason", label: reader("Причина", "Reason"),
          options: [("goodwill", reader("Жест доброй воли", "Goodwill")), ("correction", reader("Исправление", "Correction"))],
          chosen: "correction", id: "f-reason" + suffix
        ).html
      },
      Sample(name: "CopyText", says: reader("Что показано один раз, можно скопировать.", "What is shown once can be copied.")) {
        [reader] suffix in
        CopyText(id: "copy" + suffix, text: "JS6F LDPH RDY6 JPH4", plain: "JS6FLDPHRDY6JPH4").html(reader)
      },
      Sample(name: "QRCode", says: reader("Тёмное на белом в обеих темах.", "Dark on white in both themes.")) { [reader] _ in
        "\(QRCode("otpauth://totp/Regulars:olga?secret=JS6FLDPHRDY6JPH4")?.html(label: reader("Пример ключа", "An example of a key")))"
      },
      Sample(
        name: "Notice",
        says: reader("Отказ как от коллеги: что случилось и что делать.", "A refusal as of a colleague: what happened, what to do.")
      ) { [reader] _ in
        """
        \(Notice.info(reader("Чеков ещё нет", "There are no receipts yet")))\(Notice.good(reader("Сохранено", "Saved")))\
        \(Notice.warning(reader("Такого чека нет. Проверьте номер", "There is no such receipt. Check its number")))\
        \(Notice.refusal(ConsoleDesk.noReason, reader))
        """
      },
    ]
  }
}
