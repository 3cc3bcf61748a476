import Access
import Calculator
import Conditions
import Kernel
import Loyalty

/// The editor: the same topics as the sentences, with fields. Works without script.
struct PromotionEditPage {
  let editing: PromotionEditing
  let visit: Visit

  var reader: Reader { visit.reader }
  var form: Form { editing.form }

  var page: Page {
    let title = editing.stored?.name(reader) ?? reader("Новая акция", "New promotion")
    var crumbs = [(name: reader("Акции", "Promotions"), path: "/console/promotions")]
    if let stored = editing.stored { crumbs.append((stored.name(reader), "/console/promotions/\(stored.id)")) }
    let badge: Markup =
      editing.stored.map { stored -> Markup in
        "<span class=\"badge\">\(reader("правка версии \(stored.version)", "editing version \(stored.version)"))</span>"
      } ?? .nothing
    return Page(
      title: title, marks: badge, crumbs: crumbs,
      body: """
        <form method="post" action="\(editing.path)">\(hidden)<div class="page-body with-aside"><div class="stack">\(notice)\
        <div class="panel">\(stages)</div>\(trial)</div><aside class="aside stack">\(saving)\(kept)</aside></div></form>
        """)
  }

  private var hidden: Markup {
    let copy = editing.copied.map { id -> Markup in "<input type=\"hidden\" name=\"copy\" value=\"\(id)\">" }
    return "\(visit.key)<input type=\"hidden\" name=\"version\" value=\"\(form["version"])\">\(copy)"
  }

  private var notice: Markup? {
    if let mine = editing.meanwhile, let refusal = editing.refusal, let base = editing.base {
      let words = PromotionWords(reader: reader, names: editing.names, pointsName: editing.bench.programme.settings.pointsName)
      let changes = SentenceChanges(from: mine, to: words.sentences(base))
      return Notice.overtaken(refusal, changes.html(reader), reader)
    }
    if let refusal = editing.refusal { return Notice.refusal(refusal, reader) }
    return editing.faults.isEmpty ? nil : Notice.faults(editing.faults.count, reader)
  }

  private var stages: Markup {
    let sections: [(String, String, Markup)] = [
      (reader("Название", "Name"), reader("и код", "and code"), head),
      named(.when, whenFields), named(.who, whoFields), named(.goods, goodsFields), named(.gives, benefitFields),
      named(.limits, limitFields), named(.manners, mannerFields),
    ]
    return Markup(
      sections.map { section -> Markup in
        """
        <section class="stage"><div class="stage-name"><h2>\(section.0)</h2><small>\(section.1)</small></div>\
        <div class="stack">\(section.2)</div></section>
        """
      })
  }

  private func named(_ topic: Sentence.Topic, _ fields: Markup) -> (String, String, Markup) {
    let title = PromotionWords.title(topic, reader)
    return (title.name, title.note, fields)
  }

  private var head: Markup {
    let code: Markup =
      editing.stored == nil
      ? field(
        "/code", reader("Код", "Code"),
        hint: reader("коротко, латиницей: им называют акцию файлы и отчёты", "short; files and reports call the promotion by it"),
        limit: Limits.code, isRequired: true)
      : "<p class=\"muted\">\(reader("Код", "Code")) <code>\(form["/code"])</code></p>"
    return
      "<div class=\"fields\">\(field("/name/ru", reader("По-русски", "In Russian"), isRequired: true))\(field("/name/en", reader("По-английски", "In English"), isRequired: true))\(code)</div>"
  }

  func field(
    _ name: String, _ label: String, type: String = "text", unit: String? = nil, hint: String? = nil, limit: Int = Limits.name,
    isRequired: Bool = false
  ) -> Markup {
    Field(
      name: name, label: label, value: form[name], type: type, hint: hint, fault: editing.faults[name], limit: limit,
      isRequired: isRequired, unit: unit
    ).html
  }

  func tick(_ name: String, _ label: String, _ note: String? = nil) -> Markup {
    Tick(name: name, label: label, note: note, isOn: form.has(name)).html
  }

  func fault(_ name: String) -> Markup? {
    editing.faults[name].map { text -> Markup in "<p class=\"field\"><span class=\"error\">\(text)</span></p>" }
  }

  private var saving: Markup {
    let hint =
      editing.stored == nil
      ? reader(
        "Сохраняется как черновик. Кассы узнают о ней, когда вы её запустите.",
        "Saved as a draft. Tills hear of it when you launch it.")
      : reader(
        "Сохраняется новой версией. Кассы перейдут на неё, когда вы её опубликуете.",
        "Saved as a new version. Tills go over to it when you publish it.")
    let way = editing.stored.map { "/console/promotions/\($0.id)" } ?? "/console/promotions"
    return """
      <section class="panel"><div class="panel-body stack"><p class="soft">\(hint)</p>\
      <div class="row wrap"><button class="button primary" name="act" value="save">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(way)">\(reader("Не сохранять", "Leave it"))</a></div></div></section>
      """
  }

  /// What stays as it is, in words.
  private var kept: Markup? {
    guard let shape = editing.shape(reader), let base = editing.base else { return nil }
    let words = ConditionWords(reader: reader, names: editing.names)
    var parts = shape.kept.map(words.parts)
    if let goods = shape.keptGoods { parts.append([.word(reader("Товары:", "Goods:"))] + words.goods(goods)) }
    if let control = base.control {
      parts.append([.word(reader("Контрольная группа", "Control group")), .value(reader.share(control.share))])
    }
    for payer in base.funding {
      parts.append([
        .word(reader("Платит", "Paid by")), .value("\(KindWords.payer(payer.payer, reader)), \(reader.share(payer.share))"),
      ])
    }
    guard !parts.isEmpty else { return nil }
    let link: Markup? = editing.stored.map { stored -> Markup in
      "<p><a class=\"text-link\" href=\"/console/promotions/\(stored.id)/text\">\(reader("Изменить текстом", "Change it as text"))</a></p>"
    }
    let title = reader("Останется как есть", "Stays as it is")
    let note = reader(
      "Этого форма не показывает. Сохранение его не тронет.", "The form does not show this. Saving leaves it alone.")
    let rows = parts.map { part -> Markup in "<div class=\"sentence\">\(part.map(\.html))</div>" }
    return """
      <section class="panel"><header class="panel-head"><h2>\(title)</h2></header><div class="panel-body stack s">\
      <p class="muted">\(note)</p>\(rows)\(link)</div></section>
      """
  }

  private var trial: Markup {
    let outcome = editing.trial.map { trial in
      TrialOutcome(trial: trial, about: editing.tried, reader: reader).html
    }
    return """
      <section class="panel" id="trial"><header class="panel-head"><h2>\(reader("Проверка на чеке", "Try it on a basket"))</h2>\
      <span class="muted">\(reader("до сохранения", "before saving"))</span></header><div class="panel-body stack">\
      \(TrialFields(reading: editing.reading, bench: editing.bench, visit: visit).html)\
      <div><button class="button" name="act" value="preview" formaction="\(editing.path)#trial">\(reader("Рассчитать", "Calculate"))</button></div></div></section>\
      \(outcome)
      """
  }
}
