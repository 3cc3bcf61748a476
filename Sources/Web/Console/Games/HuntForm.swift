import Access
import Kernel
import Loyalty

/// A hunt as a form: what it hides, where, and what for.
struct HuntForm {
  /// Nil for a new one.
  let game: Known<GameDetails>?
  let act: GameForm.Act
  let form: Form
  let refusal: Problem?
  var ranOut: [Prize] = []
  let words: HuntWords
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    var crumbs = [(name: reader("Игры", "Games"), path: "/console/games")]
    if let game { crumbs.append((reader(game.details.name), "/console/games/\(game.id)")) }
    let title =
      switch act {
      case .make: reader("Новая охота", "New hunt")
      case .change, .rename: reader("Изменить охоту", "Edit the hunt")
      case .begin: reader("Новый выпуск", "A new edition")
      }
    return Page(
      title: title, crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var faults: FormFaults {
    func fields(_ letter: String, _ count: Int, _ names: [String]) -> [String] {
      (1...count).flatMap { row in names.map { "\(letter)\(row)-\($0)" } }
    }
    let own = ["code", "ru", "en", "from", "until", "memberDaily", "gameDaily", "receipts", "pages", "giftDaily", "c-ru", "c-en"]
    return FormFaults(
      refusal.map { HuntEditing.placed($0, form) },
      fields: Set(
        own + fields("p", Limits.prizes, HuntEditing.findFields)
          + fields("k", Limits.collections, HuntEditing.collectionFields)), reader)
  }

  private func field(
    _ name: String, _ ru: String, _ en: String, _ faults: FormFaults, type: String = "text", hint: String? = nil,
    limit: Int = Limits.name, needs: Bool = false, example: String = ""
  ) -> Markup {
    Field(
      name: name, label: reader(ru, en), value: form[name], type: type, hint: hint, fault: faults[name], limit: limit,
      isRequired: needs, example: example
    ).html
  }

  private var html: Markup {
    let faults = faults
    let back = game.map { "/console/games/\($0.id)" } ?? "/console/games"
    let kept: Markup = """
      <input type="hidden" name="kind" value="hunt"><input type="hidden" name="edition" value="\(form["edition"])">\
      <input type="hidden" name="given" value="\(form["given"])">
      """
    let code: Markup? =
      game == nil
      ? field(
        "code", "Код охоты", "The hunt's code", faults,
        hint: reader("По нему охоту называют акция и касса", "Promotions and tills name the hunt by it"),
        limit: Limits.code, needs: true) : nil
    let save = act == .begin ? reader("Начать выпуск", "Begin the edition") : reader("Сохранить", "Save")
    return """
      <form class="form" method="post" action="\(act == .begin ? back + "/edition" : back)">\(visit.key)\(kept)\(faults.notice)\(told)\(code)\
      <div class="fields">\(field("ru", "Название по-русски", "Name in Russian", faults, needs: true))\(field("en", "Название по-английски", "Name in English", faults, needs: true))</div>\
      <div class="fields">\(field("from", "Начало", "Begins", faults, type: "datetime-local", hint: reader("пусто: сразу", "empty: at once")))\
      \(field("until", "Конец", "Ends", faults, type: "datetime-local", hint: reader("пусто: пока не закроют", "empty: until it is closed")))</div>\
      \(places(faults))\(act == .rename ? .nothing : finds(faults))\(collections(faults))\(gifts(faults))\
      <div class="row"><button class="button primary">\(save)</button><a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  private var told: Markup? {
    switch act {
    case .make, .change: nil
    case .rename:
      Notice.info(
        reader(
          "Находки уже искали: что и как редко спрятано, остаётся как опубликовано. Другие находки – это новый выпуск. Коллекции можно менять.",
          "Somebody has searched: what is hidden, and how rarely, stands as it was published. Other finds are a new edition. Collections can be changed."
        ))
    case .begin:
      "\(Notice.info(reader("Идущий выпуск окончится, его зерно откроется. В запасе стоит то, что осталось; альбомы участников сохранятся.", "The edition that is open ends and its seed is revealed. The stock is what is left; members keep their albums.")))\(lost)"
    }
  }

  private var lost: Markup? {
    guard !ranOut.isEmpty else { return nil }
    let names = ranOut.map { reader("«\($0.name.ru)»", "\u{201c}\($0.name.en)\u{201d}") }.joined(separator: ", ")
    return Notice.info(
      reader(
        "Найдены все и в форму не вошли: \(names). Если запас пополнен, впишите находку снова.",
        "All of them were found, and they are left out here: \(names). Where there are more again, write them in."))
  }

  /// Where finds hide, and how often one looks.
  private func places(_ faults: FormFaults) -> Markup {
    let receipts: Markup =
      game == nil
      ? Choice(
        name: "receipts", label: reader("Прятать на чеках", "Hide on receipts"),
        options: HuntTerms.Receipts.allCases.map { ($0.rawValue, words.receipts($0)) }, chosen: form["receipts"],
        hint: reader(
          "Потом не меняется. Акция даёт попытку наградой «попытки в игре»",
          "Stays as it is. A promotion gives a turn by the reward \u{201c}turns of a game\u{201d}"),
        fault: faults["receipts"]
      ).html : .nothing
    let pages = TextBox(
      name: "pages", label: reader("Прятать на страницах магазина", "Hide on pages of the shop"), value: form["pages"],
      hint: reader(
        "По одной в строке, как их называет магазин; * в конце – все, что так начинаются. Пусто: нигде. Страница ищется раз в день",
        "One a line, as the shop calls them; * at the end means all that begin so. Empty: nowhere. A page is searched once a day"),
      fault: faults["pages"])
    return """
      <fieldset class="stack"><legend>\(reader("Где прятать", "Where to hide"))</legend>\(receipts)\(pages.html)\
      <div class="fields narrow">\(field("memberDaily", "Поисков в день одному", "Searches a day for one", faults, hint: reader("пусто: без предела; для страниц обязательно", "empty: no limit; pages need one"), limit: 12))\
      \(field("gameDaily", "Поисков в день всем", "Searches a day for all", faults, hint: reader("пусто: без предела", "empty: no limit"), limit: 12))</div></fieldset>
      """
  }

  private func finds(_ faults: FormFaults) -> Markup {
    let sets = HuntEditing.shown("p", of: form, atMost: Limits.prizes).map { find($0, faults) }
    let sales = words.receipts.map { receipts -> Markup in
      let each = reader.number(max(1, (receipts + 100) / 200))
      return Notice.info(
        reader(
          "За последние четыре недели – примерно \(reader.number(receipts)) чеков участников в день. Один чек из 200 – это примерно \(each) находок в день.",
          "The last four weeks had about \(reader.number(receipts)) receipts of members a day. One receipt in 200 is about \(each) finds a day."
        ))
    }
    return """
      <input type="hidden" name="prizes" value="on">\(sales)\(sets)\
      <fieldset class="stack"><legend>\(reader("Что сказать, когда ничего не нашлось", "What to say where nothing was found"))</legend>\
      <div class="fields">\(field("c-ru", "По-русски", "In Russian", faults, needs: true))\(field("c-en", "По-английски", "In English", faults, needs: true))</div></fieldset>
      """
  }

  private func find(_ row: String, _ faults: FormFaults) -> Markup {
    let terms = FindTerms(form["\(row)-code"], oneIn: Int64(form["\(row)-one"]) ?? 0, daily: Int64(form["\(row)-daily"]))
    let hides = HuntTerms.Receipts(rawValue: form["receipts"]) ?? .every
    let lasting = terms.oneIn > 0 ? words.lasting(terms, left: Int64(form["\(row)-stock"]), hides) : nil
    return """
      <fieldset class="stack"><legend>\(reader("Находка \(row.dropFirst())", "Find \(row.dropFirst())"))</legend>\
      <div class="fields">\(field("\(row)-ru", "Название по-русски", "Name in Russian", faults))\(field("\(row)-en", "Название по-английски", "Name in English", faults))</div>\
      <div class="fields">\(field("\(row)-code", "Код находки", "The find's code", faults, hint: reader("им её называют коллекции", "collections name it by that"), limit: Limits.code))\
      \(field("\(row)-one", "Один чек из", "One receipt in", faults, hint: lasting ?? reader("200 – на одном чеке из двухсот", "200: on one receipt in two hundred"), limit: 12))\
      \(field("\(row)-stock", "Сколько всего", "How many there are", faults, hint: reader("пусто: сколько найдут", "empty: as many as are found"), limit: 12))</div>\
      <div class="fields narrow">\(field("\(row)-own", "В день одному", "A day for one", faults, hint: reader("пусто: без предела", "empty: no limit"), limit: 12))\
      \(field("\(row)-daily", "В день всем", "A day for all", faults, hint: reader("пусто: без предела", "empty: no limit"), limit: 12))</div></fieldset>
      """
  }

  private func gifts(_ faults: FormFaults) -> Markup {
    let gift = Choice(
      name: "gift", label: reader("Участник дарит находки другому", "Members give finds to each other"),
      options: [
        ("none", reader("нет", "no")), ("spare", reader("лишние: одна остаётся", "spare ones: one stays")),
        ("last", reader("и последнюю", "the last one as well")),
      ], chosen: form["gift"])
    return """
      <fieldset class="stack"><legend>\(reader("Подарки", "Gifts"))</legend><div class="fields narrow">\(gift.html)\
      \(field("giftDaily", "Дарит в день не больше", "Gives in a day at most", faults, limit: 3))</div></fieldset>
      """
  }

  private func collections(_ faults: FormFaults) -> Markup {
    Markup(HuntEditing.shown("k", of: form, atMost: Limits.collections).map { collection($0, faults) })
  }

  private func collection(_ row: String, _ faults: FormFaults) -> Markup {
    """
    <fieldset class="stack"><legend>\(reader("Коллекция \(row.dropFirst())", "Collection \(row.dropFirst())"))</legend>\
    <div class="fields">\(field("\(row)-ru", "Название по-русски", "Name in Russian", faults))\(field("\(row)-en", "Название по-английски", "Name in English", faults))</div>\
    <div class="fields">\(field("\(row)-code", "Код коллекции", "The collection's code", faults, limit: Limits.code))\
    \(field("\(row)-finds", "Что собрать", "What it takes", faults, hint: reader("коды находок через запятую, сколько – через ×", "codes of finds, commas between; how many behind ×"), example: "RED, BLUE × 2"))</div>\
    <div class="fields narrow">\(field("\(row)-times", "Сколько раз одному", "Times for one member", faults, hint: reader("пусто: один", "empty: once"), limit: 3))\
    \(field("\(row)-stock", "Призов всего", "Prizes in all", faults, hint: reader("пусто: сколько соберут", "empty: as many as are completed"), limit: 12))</div>\
    \(GiftFields(row: row, form: form, faults: faults, reader: reader, things: true).html)</fieldset>
    """
  }
}
