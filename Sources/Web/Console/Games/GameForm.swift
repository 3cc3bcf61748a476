import Access
import Kernel
import Loyalty

/// A game as a form.
struct GameForm {
  enum Act {
    case make
    /// Of a game that nobody has played yet.
    case change
    /// Somebody has played: prizes stand as published.
    case rename
    case begin
  }

  /// Nil for a new one.
  let game: Known<GameDetails>?
  let act: Act
  let form: Form
  let refusal: Problem?
  /// Of a new edition: prizes of the one before of which none is left.
  var ranOut: [Prize] = []
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var rows: [String] { (1...GameEditing.rows(form)).map { "p\($0)" } + ["c"] }

  var page: Page {
    var crumbs = [(name: reader("Игры", "Games"), path: "/console/games")]
    if let game { crumbs.append((reader(game.details.name), "/console/games/\(game.id)")) }
    return Page(
      title: title, crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var title: String {
    switch act {
    case .make: reader("Новая игра", "New game")
    case .change, .rename: reader("Изменить игру", "Edit the game")
    case .begin: reader("Новый выпуск", "A new edition")
    }
  }

  private var faults: FormFaults {
    let all = (1...Limits.prizes).map { "p\($0)" } + ["c"]
    let fields = all.flatMap { row in ["ru", "en", "chance", "stock", "gift", "value", "series"].map { "\(row)-\($0)" } }
    return FormFaults(
      refusal.map { GameEditing.placed($0, form) },
      fields: Set(fields + ["code", "ru", "en", "from", "until", "memberDaily", "gameDaily"]), reader)
  }

  private func field(
    _ name: String, _ ru: String, _ en: String, _ faults: FormFaults, type: String = "text", unit: String? = nil,
    hint: String? = nil, limit: Int = Limits.name, needs: Bool = false
  ) -> Markup {
    Field(
      name: name, label: reader(ru, en), value: form[name], type: type, hint: hint, fault: faults[name], limit: limit,
      isRequired: needs, unit: unit
    ).html
  }

  private var html: Markup {
    let faults = faults
    let back = game.map { "/console/games/\($0.id)" } ?? "/console/games"
    let edition: Markup? = act == .begin ? seen : nil
    let code: Markup? =
      game == nil
      ? """
      <div class="fields">\(field("code", "Код игры", "The game's code", faults, hint: reader("По нему игру называют акция и касса", "Promotions and tills name the game by it"), limit: Limits.code, needs: true))\(kind)</div>
      """ : nil
    return """
      <form class="form" method="post" action="\(act == .begin ? back + "/edition" : back)">\(visit.key)\(edition)\(faults.notice)\(told)\(code)\
      <div class="fields">\(field("ru", "Название по-русски", "Name in Russian", faults, needs: true))\(field("en", "Название по-английски", "Name in English", faults, needs: true))</div>\
      <div class="fields">\(field("from", "Начало", "Begins", faults, type: "datetime-local", hint: reader("пусто: сразу", "empty: at once")))\
      \(field("until", "Конец", "Ends", faults, type: "datetime-local", hint: reader("пусто: пока не закроют", "empty: until it is closed")))</div>\
      <div class="fields narrow">\(field("memberDaily", "Розыгрышей в день одному", "Draws a day for one", faults, hint: reader("пусто: сколько есть попыток", "empty: as many as there are turns"), limit: 12))\
      \(field("gameDaily", "Розыгрышей в день всем", "Draws a day for all", faults, hint: reader("пусто: без предела", "empty: no limit"), limit: 12))</div>\
      \(act == .rename ? costs(faults) : prizes(faults))\
      <div class="row"><button class="button primary">\(act == .begin ? reader("Начать выпуск", "Begin the edition") : reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  /// The edition that whoever fills in the form saw as open, and what of its prizes had been given.
  private var seen: Markup {
    "<input type=\"hidden\" name=\"edition\" value=\"\(form["edition"])\"><input type=\"hidden\" name=\"given\" value=\"\(form["given"])\">"
  }

  /// What things cost is the house's alone and can be put right whenever.
  private func costs(_ faults: FormFaults) -> Markup? {
    let things = (game?.details.table.prizes ?? []).enumerated().compactMap { place, prize -> Markup? in
      guard case .thing = prize.gift else { return nil }
      let name = "p\(place + 1)-value"
      return field(
        name, "Сколько стоит «\(prize.name.ru)»", "What \u{201c}\(prize.name.en)\u{201d} costs", faults, unit: reader.sign,
        limit: 20)
    }
    return things.isEmpty ? nil : "<div class=\"fields\">\(things)</div>"
  }

  private var told: Markup? {
    switch act {
    case .make, .change: nil
    case .rename:
      Notice.info(
        reader(
          "В игру уже играли: призы и шансы остаются как опубликованы. Другие призы – это новый выпуск.",
          "Somebody has played: prizes and chances stand as they were published. Other prizes are a new edition."))
    case .begin:
      "\(Notice.info(reader("Идущий выпуск окончится, его зерно откроется. В запасе стоит то, что осталось; попытки участников сохранятся.", "The edition that is open ends and its seed is revealed. The stock is what is left; members keep their turns.")))\(lost)"
    }
  }

  /// Prizes that the form leaves out.
  private var lost: Markup? {
    guard !ranOut.isEmpty else { return nil }
    let names = ranOut.map { "«\($0.name.ru)»" }.joined(separator: ", ")
    let called = ranOut.map { "\u{201c}\($0.name.en)\u{201d}" }.joined(separator: ", ")
    return Notice.info(
      reader(
        "Кончились и в форму не вошли: \(names). Их шанс отходит утешению; если запас пополнен, впишите приз снова.",
        "Ran out and are left out here: \(called). Their chance falls to the consolation; where there are more again, write them in."
      ))
  }

  private var kind: Markup {
    let words = GameWords(reader: reader, now: visit.call.at)
    return Choice(
      name: "kind", label: reader("Вид", "Kind"),
      options: [GameDetails.Kind.wheel, .scratch].map { ($0.rawValue, words.kind($0)) },
      chosen: form["kind"],
      hint: reader("Как розыгрыш показывают; шансы от вида не зависят", "How a draw is shown; chances are the same")
    ).html
  }

  private func prizes(_ faults: FormFaults) -> Markup {
    let sets = rows.map { row -> Markup in row == "c" ? consolation(faults) : prize(row, faults) }
    return "<input type=\"hidden\" name=\"prizes\" value=\"on\">\(sets)"
  }

  private func prize(_ row: String, _ faults: FormFaults) -> Markup {
    """
    <fieldset class="stack"><legend>\(reader("Приз \(row.dropFirst())", "Prize \(row.dropFirst())"))</legend>\
    <div class="fields">\(field("\(row)-ru", "Название по-русски", "Name in Russian", faults))\(field("\(row)-en", "Название по-английски", "Name in English", faults))</div>\
    <div class="fields">\(field("\(row)-chance", "Шанс", "Chance", faults, unit: "%", hint: reader("2,5 – один из сорока", "2.5 is one in forty"), limit: 12))\
    \(field("\(row)-stock", "Сколько призов", "How many there are", faults, hint: reader("пусто: сколько выпадет", "empty: as many as are won"), limit: 12))</div>\
    \(gift(row, faults, things: true))</fieldset>
    """
  }

  private func consolation(_ faults: FormFaults) -> Markup {
    """
    <fieldset class="stack"><legend>\(reader("Утешение: всем остальным, и когда приз кончился", "Consolation: for all others, and where a prize ran out"))</legend>\
    <div class="fields">\(field("c-ru", "Название по-русски", "Name in Russian", faults, needs: true))\(field("c-en", "Название по-английски", "Name in English", faults, needs: true))</div>\
    \(gift("c", faults, things: false))</fieldset>
    """
  }

  private func gift(_ row: String, _ faults: FormFaults, things: Bool) -> Markup {
    GiftFields(row: row, form: form, faults: faults, reader: reader, things: things).html
  }
}

/// What a prize gives, as fields.
struct GiftFields {
  let row: String
  let form: Form
  let faults: FormFaults
  let reader: Reader
  /// Whether it can be a thing in the store.
  let things: Bool

  private func field(_ name: String, _ ru: String, _ en: String, hint: String, limit: Int) -> Markup {
    Field(
      name: name, label: reader(ru, en), value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: false
    ).html
  }

  var html: Markup {
    var options = [
      ("nothing", reader("ничего", "nothing")), ("points", reader("баллы", "points")), ("coupon", reader("купон", "a coupon")),
      ("certificate", reader("сертификат", "a certificate")),
    ]
    if things { options.append(("thing", reader("вещь в магазине", "a thing in the store"))) }
    let choice = Choice(
      name: "\(row)-gift", label: reader("Что даёт", "What it gives"), options: options, chosen: form["\(row)-gift"],
      fault: faults["\(row)-gift"])
    let worth = reader("баллы, сумма сертификата или цена вещи", "points, the certificate's amount or what the thing costs")
    return """
      <div class="fields">\(choice.html)\(field("\(row)-value", "Сколько", "How much", hint: worth, limit: 20))\
      \(field("\(row)-series", "Серия", "Series", hint: reader("код серии купона или сертификата", "the code of the coupon's or certificate's series"), limit: Limits.code))</div>
      """
  }
}
