import Calculator
import Conditions
import Kernel
import Loyalty

// When, where, who and for what.
extension PromotionEditPage {
  var whenFields: Markup {
    let days = (1...7).map { Tick(name: "day-\($0)", label: reader.weekday($0), isOn: form.has("day-\($0)")) }
    let channels = Channel.allCases.map {
      Tick(name: "channel-" + $0.rawValue, label: KindWords.channel($0, reader), isOn: form.has("channel-" + $0.rawValue))
    }
    let zone = editing.bench.programme.settings.points.zone.name
    return """
      <div class="fields">\(field("/from", reader("Начало", "Begins"), type: "datetime-local", hint: reader("пусто: сразу; время \(zone)", "empty: at once; time of \(zone)")))\
      \(field("/until", reader("Конец", "Ends"), type: "datetime-local", hint: reader("пусто: без конца", "empty: never")))</div>\
      \(TickGroup(label: reader("Дни недели", "Days of the week"), ticks: days, hint: reader("ни одного: каждый день", "none: every day")).html)\
      <div class="fields narrow">\(field("hours-from", reader("С", "From"), type: "time", hint: reader("по часам магазина", "by the store's clock")))\
      \(field("hours-until", reader("До", "Until"), type: "time", hint: reader("можно через полночь", "may be past midnight")))</div>\
      \(list(.stores, reader("Магазины", "Stores"), reader("пусто: все", "empty: all of them"), editing.bench.stores.prefix(500).map { BracketedCode.text($0.details.name, $0.details.code) }))\
      \(TickGroup(label: reader("Где продаётся", "Where it is sold"), ticks: channels, hint: reader("ни одного: везде", "none: anywhere")).html)
      """
  }

  var whoFields: Markup {
    let tiers = editing.tiers.map {
      Tick(name: "tier-" + $0.details.code, label: reader($0.details.name), isOn: form.has("tier-" + $0.details.code))
    }
    let options = [
      ("everyone", reader("Всем, с картой и без", "Everybody, with a card and without")),
      ("members", reader("Участникам программы", "Members of the programme")),
    ]
    return """
      \(Choice(name: "who", label: reader("Кому", "Who"), options: options, chosen: form["who"], fault: editing.faults["who"]).html)\
      \(tiers.isEmpty ? .nothing : TickGroup(label: reader("Уровни", "Tiers"), ticks: tiers, hint: reader("ни одного: любой", "none: any"), fault: editing.faults["tiers"]).html)\
      \(list(.segments, reader("Сегменты", "Segments"), reader("пусто: любые; иначе хотя бы один", "empty: any; otherwise at least one of them"), editing.segments.map { BracketedCode.text(reader($0.details.name), $0.details.code) }))\
      <div class="ticks">\(tick("first", reader("Только за первую покупку", "Only at the first purchase")))\
      \(tick("birthday", reader("Рядом с днём рождения", "Around the birthday")))</div>\
      <div class="fields narrow">\(field("birthday-before", reader("Дней до дня рождения", "Days before the birthday"), limit: 3))\
      \(field("birthday-after", reader("Дней после", "Days after"), limit: 3))</div>
      """
  }

  var goodsFields: Markup {
    let categories = editing.bench.catalogue.tree.nodes.values.map {
      BracketedCode.text(reader($0.details.name.text), $0.details.code)
    }
    .sorted().prefix(500)
    let everything = reader("пусто во всех списках: любые товары", "empty in every list: all goods")
    let isKept = editing.shape(reader)?.keptGoods != nil
    let sets: Markup =
      isKept
      ? Notice.info(
        reader(
          "Набор товаров сложнее этой формы и останется как есть",
          "The set of goods says more than this form can, and stays as it is"))
      : """
      \(list(.categories, reader("Категории", "Categories"), everything, Array(categories)))\
      \(list(.products, reader("Товары", "Products"), reader("код, штрихкод или часть названия", "a code, a barcode or a part of the name"), []))\
      <details class="fold within"\(hasMore ? " open" : "")><summary>\(Icon.right.usual)\(reader("Бренды, производители, исключения", "Brands, makers, exceptions"))</summary><div class="stack pad-s wide">\
      \(list(.brands, reader("Бренды", "Brands"), reader("коды", "codes"), []))\(list(.manufacturers, reader("Производители", "Makers"), reader("коды", "codes"), []))\
      \(list(.exceptCategories, reader("Кроме категорий", "Except categories"), nil, Array(categories)))\
      \(list(.exceptProducts, reader("Кроме товаров", "Except products"), nil, []))\(list(.exceptBrands, reader("Кроме брендов", "Except brands"), reader("коды", "codes"), []))</div></details>
      """
    return """
      \(sets)\(bounds("amount", reader("Сумма чека", "Receipt amount"), reader.sign))\(basis)\(bounds("quantity", reader("Количество", "Quantity"), reader("шт, кг", "pcs, kg")))\
      \(field("coupon", reader("Купон", "Coupon"), hint: reader("серия или общий код; пусто: без купона", "a series or a general code; empty: none needed"), limit: Limits.code))\(tenders)
      """
  }

  private var hasMore: Bool {
    ([.brands, .manufacturers] + ListField.exceptions).contains {
      !form[$0.rawValue].isEmpty || editing.faults[$0.rawValue] != nil || editing.faults["add-" + $0.rawValue] != nil
    }
  }

  private func bounds(_ name: String, _ label: String, _ unit: String) -> Markup {
    let of = [
      ("receipt", reader("всего чека", "of the whole receipt")), ("goods", reader("товаров акции", "of the promotion's goods")),
    ]
    return """
      <div class="fields narrow">\(field(name + "-least", reader("\(label), от", "\(label), from"), unit: unit, limit: 20))\
      \(field(name + "-most", reader("до", "up to"), unit: unit, limit: 20))\
      \(Choice(name: name + "-of", label: reader("Чего", "Of what"), options: of, chosen: form[name + "-of"]).html)</div>
      """
  }

  private var basis: Markup {
    let options = [
      ("reduced", reader("с учётом скидок", "as reduced so far")), ("regular", reader("по ценам полки", "at shelf prices")),
    ]
    return Choice(
      name: "amount-basis", label: reader("Сумма считается", "The amount is taken"), options: options, chosen: form["amount-basis"]
    ).html
  }

  private var tenders: Markup {
    let ticks = Tick.tenders("tender-", form, reader)
    return TickGroup(label: reader("Оплата", "Paid"), ticks: ticks, hint: reader("ни одной: любая", "none: any way")).html
  }

  /// A line for each thing, and a field that adds one more.
  private func list(_ field: ListField, _ label: String, _ hint: String?, _ suggestions: [String]) -> Markup {
    let name = field.rawValue
    let lines = form[name].split(whereSeparator: \.isNewline).count
    let add: Markup
    let example =
      suggestions.isEmpty && field.kind != .product ? reader("код", "a code") : reader("код или название", "a code or a name")
    let more = reader("Добавить: \(label.lowercased())", "Add to \(label.lowercased())")
    if let found = editing.candidates[field] {
      add =
        Choice(
          name: "add-" + name, label: more, options: found.map { ($0.code, BracketedCode.text($0.name, $0.code)) },
          fault: editing.faults["add-" + name]
        ).html
    } else {
      add =
        Field(
          name: "add-" + name, label: more, value: form["add-" + name], fault: editing.faults["add-" + name], isRequired: false,
          suggestions: suggestions, isQuiet: true, example: example
        ).html
    }
    let box = TextBox(
      name: name, label: label, value: form[name], hint: hint, fault: editing.faults[name], lines: min(8, max(1, lines))
    ).html
    return """
      <div class="listing">\(box)<div class="adding">\(add)<button class="button s" name="act" value="add">\(Icon.plus.small)\
      \(reader("Добавить", "Add"))<span class="sr">: \(label)</span></button></div></div>
      """
  }
}

// What it gives, how much of it, beside what.
extension PromotionEditPage {
  var benefitFields: Markup {
    let kinds = BenefitKind.allCases.map { kind -> Markup in
      let mark: Markup = form["benefit"] == kind.rawValue ? " checked" : ""
      let words = BenefitKindWords.words(kind, reader)
      return """
        <div class="option"><label><input type="radio" name="benefit" value="\(kind.rawValue)"\(mark)><span><b>\(words.name)</b> \
        <small>\(words.example)</small></span></label><div class="option-fields fields narrow">\(fields(of: kind))</div></div>
        """
    }
    return
      "<fieldset class=\"field options\"><legend class=\"sr\">\(reader("Что получает", "Gets what"))</legend>\(kinds)</fieldset>\(fault("benefit"))\(stageField)"
  }

  private var stageField: Markup {
    let options = [
      ("", reader("как обычно для такой выгоды", "as usual for such a benefit")), ("price", reader("цена товара", "price")),
      ("line", reader("строка чека", "line")), ("receipt", reader("чек целиком", "receipt")),
    ]
    return Choice(
      name: "stage", label: reader("Ступень расчёта скидки", "Step at which it reduces"), options: options, chosen: form["stage"],
      hint: reader(
        "цены, потом строки, потом чек; начисление всегда в конце", "prices first, then lines, then the receipt; earning comes last"
      ),
      fault: editing.faults["stage"]
    ).html
  }

  private func fields(of kind: BenefitKind) -> Markup {
    let (sum, percent) = (reader("Сумма", "Amount"), reader("Процент", "Percent"))
    switch kind {
    case .percent:
      let of = [
        ("reduced", reader("цены с учётом скидок", "the price as it stands")), ("regular", reader("цены полки", "the shelf price")),
      ]
      return field("percent", percent, unit: "%", limit: 8)
        + Choice(name: "percent-of", label: reader("От чего", "Of what"), options: of, chosen: form["percent-of"]).html
    case .amountPerUnit, .amount, .fixedPrice, .fixedTotal: return field(kind.rawValue, sum, unit: reader.sign, limit: 20)
    case .freeUnits:
      let lands = [
        ("free", reader("на подарочные", "the free ones")),
        ("pro-rata", reader("на весь набор поровну ценам", "the whole set in proportion")),
        ("triggers", reader("на оплаченные", "the ones paid for")),
      ]
      return field("buy", reader("Купить, шт", "Buy"), limit: 7) + field("free", reader("Со скидкой, шт", "Reduced"), limit: 7)
        + field("reduction", reader("Скидка на них", "Taken off them"), unit: "%", limit: 8)
        + Choice(name: "lands", label: reader("Скидка ложится", "It lands on"), options: lands, chosen: form["lands"]).html
        + tick("perProduct", reader("Каждый товар отдельно", "Each product by itself"))
    case .gift:
      return field("gift-units", reader("Штук", "Units"), limit: 7)
        + field(
          "gift-price", reader("По цене", "At the price"), unit: reader.sign, hint: reader("пусто: бесплатно", "empty: free"),
          limit: 20)
    case .earnRate: return field("earn-rate", percent, unit: "%", limit: 8)
    case .earnPerStep:
      return field("step-points", reader("Баллов", "Points"), limit: 20)
        + field("step-money", reader("За каждые", "For each"), unit: reader.sign, limit: 20)
    case .earnMultiplier:
      return field("multiplier", reader("Во сколько раз", "Times"), hint: reader("больше 1, до 10", "above 1, up to 10"), limit: 8)
    case .earnFixed: return field("earn-points", reader("Баллов", "Points"), limit: 20)
    }
  }

  var limitFields: Markup {
    let points = reader("баллов", "points")
    let times = reader("раз", "times")
    let rows: [(String, String, String)] = [
      ("moneyPerReceipt", reader("Скидки на чек", "Reduction a receipt"), reader.sign),
      ("pointsPerReceipt", reader("Начислений на чек", "Points a receipt"), points),
      ("timesPerReceipt", reader("Наборов или шагов в чеке", "Sets or steps in a receipt"), times),
      ("quantityPerReceipt", reader("Товара на чек", "Goods a receipt"), reader("шт, кг", "pcs, kg")),
      ("perMember", reader("На участника", "A member"), times),
      ("perMemberDay", reader("На участника в день", "A member and day"), times),
      ("perStoreDay", reader("На магазин в день", "A store and day"), times), ("total", reader("За всю акцию", "In all"), times),
      ("budgetMoney", reader("Бюджет скидок", "Budget of reductions"), reader.sign),
      ("budgetPoints", reader("Бюджет начислений", "Budget of points"), points),
    ]
    let fields = rows.map { field("/limits/" + $0.0, $0.1, unit: $0.2, limit: 20) }
    return """
      <div class="fields narrow">\(fields)</div>\
      <p class="muted">\(reader("Пусто: без предела. Кончился бюджет: акция перестаёт применяться, и касса слышит почему.", "Empty: no limit. Once a budget is used up the promotion stops, and tills hear why."))</p>
      """
  }

  var mannerFields: Markup {
    let groups =
      [("", reader("общая: складывается со всеми", "the common one: adds to all"))]
      + editing.bench.programme.settings.groups.filter { !$0.name.isEmpty }.map {
        ($0.name, "\($0.name): \(KindWords.policy($0.policy, reader))")
      }
    return """
      <div class="fields">\(Choice(name: "/group", label: reader("Группа", "Group"), options: groups, chosen: form["/group"], fault: editing.faults["/group"]).html)\
      \(field("/priority", reader("Очередь", "Priority"), hint: reader("меньшая идёт раньше", "the smaller goes first"), limit: 7))\
      \(field("/tags", reader("Метки", "Tags"), hint: reader("через запятую", "with commas between")))\
      \(field("/excludes", reader("Не вместе с метками", "Never beside the tags"), hint: reader("через запятую", "with commas between")))</div>\
      <div class="ticks">\(tick("till", reader("Действует и на строки со скидкой кассы", "Also on lines that the till itself reduced")))\
      \(tick("public", reader("Открытая цена: и для контрольной группы", "A public price: for the control group, too")))</div>
      """
  }
}

/// What benefits are called where one is chosen.
enum BenefitKindWords {
  static func words(_ kind: BenefitKind, _ reader: Reader) -> (name: String, example: String) {
    switch kind {
    case .percent: (reader("Процент", "Percent"), reader("скидка 10 % на кофе", "10% off coffee"))
    case .amountPerUnit:
      (reader("Сумма с единицы", "Amount a unit"), reader("минус 5 \(reader.sign) с каждой пачки", "5 off each packet"))
    case .amount:
      (
        reader("Сумма с чека", "Amount off the receipt"),
        reader("минус 300 \(reader.sign) от 2000 \(reader.sign)", "300 off from 2,000")
      )
    case .fixedPrice: (reader("Новая цена", "Fixed price"), reader("всё по 99 \(reader.sign)", "everything at 99"))
    case .fixedTotal: (reader("Набор за сумму", "Set for a sum"), reader("вместе за 500 \(reader.sign)", "together for 500"))
    case .freeUnits: (reader("N + M в подарок", "Buy N, get M"), reader("третий бесплатно", "the third one free"))
    case .gift: (reader("Подарок", "Gift"), reader("кружка за 1 \(reader.sign)", "a mug for 1"))
    case .earnRate: (reader("Начислить процент", "Earn a percent"), reader("5 % от оплаченного", "5% of what is paid"))
    case .earnPerStep:
      (reader("Начислить за шаг", "Earn for each step"), reader("1 балл за каждые 100 \(reader.sign)", "1 point for each 100"))
    case .earnMultiplier: (reader("Умножить начисление", "Multiply earning"), reader("двойные баллы", "double points"))
    case .earnFixed: (reader("Начислить разом", "Earn at once"), reader("500 приветственных баллов", "500 points of welcome"))
    }
  }
}
