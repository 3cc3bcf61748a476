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
      \(TickGroup(label: reader("Где продаётся", "Where it is sold"), ticks: channels, hint: reader("ни одного: везде", "none: anywhere")).html)\
      \(placeFields)
      """
  }

  /// Rarer questions of place and time.
  private var placeFields: Markup {
    let commas = reader("через запятую; пусто: любые", "with commas between; empty: any")
    return """
      <details class="fold within"\(asksPlace ? " open" : "")><summary>\(Icon.right.usual)\(reader("Форматы магазинов, регионы, города, ценовые зоны, праздники", "Formats of stores, regions, cities, price zones, holidays"))</summary>\
      <div class="stack pad-s wide"><div class="fields">\(field("storeFormats", reader("Форматы магазинов", "Formats of stores"), hint: commas))\
      \(field("regions", reader("Регионы", "Regions"), hint: commas))\
      \(field("cities", reader("Города", "Cities"), hint: commas))\(field("priceZones", reader("Ценовые зоны", "Price zones"), hint: commas))</div>\
      <div class="ticks">\(tick("holidays", reader("Рядом с праздником программы", "Around a holiday of the programme")))</div>\
      <div class="fields narrow">\(field("holidays-before", reader("Дней до него", "Days before it"), limit: 3))\
      \(field("holidays-after", reader("Дней после", "Days after"), limit: 3))</div></div></details>
      """
  }

  private var asksPlace: Bool {
    let fields = ["storeFormats", "regions", "cities", "priceZones"]
    return fields.contains { !form[$0].isEmpty || editing.faults[$0] != nil } || form.has("holidays")
  }

  /// What members did before.
  private var pastFields: Markup {
    let what = [
      ("visits", reader("визиты", "visits")), ("receipts", reader("чеки", "receipts")),
      ("amount", reader("сумма покупок", "the amount bought")), ("quantity", reader("количество товара", "the quantity bought")),
    ]
    let periods = Accumulator.Period.allCases.map { ($0.rawValue, KindWords.period($0, reader)) }
    let whose = [("member", reader("участника", "the member")), ("household", reader("всей семьи", "the whole household"))]
    let of = [("receipt", reader("любых товаров", "any goods")), ("goods", reader("товаров акции", "the promotion's goods"))]
    let days = reader("дней", "days")
    return """
      <details class="fold within"\(asksPast ? " open" : "")><summary>\(Icon.right.usual)\(reader("Накоплено за период, стаж, давность покупки", "Sums of a period, time in the programme, time since a purchase"))</summary>\
      <div class="stack pad-s wide"><div class="fields narrow">\
      \(Choice(name: "accumulated-what", label: reader("Накоплено", "Summed up"), options: what, chosen: form["accumulated-what"]).html)\
      \(Choice(name: "accumulated-of", label: reader("Чего", "Of what"), options: of, chosen: form["accumulated-of"]).html)\
      \(Choice(name: "accumulated-within", label: reader("За", "Within"), options: periods, chosen: form["accumulated-within"]).html)\
      \(Choice(name: "accumulated-whose", label: reader("У кого", "By whom"), options: whose, chosen: form["accumulated-whose"]).html)</div>\
      <div class="fields narrow">\(field("accumulated-least", reader("Не меньше", "At least"), hint: reader("вместе с этим чеком", "this receipt included"), limit: 20))\
      \(field("accumulated-most", reader("Не больше", "At most"), limit: 20))</div>\
      <div class="fields">\(field("memberDays-least", reader("В программе, от", "In the programme, from"), unit: days, limit: 6))\
      \(field("memberDays-most", reader("до", "to"), unit: days, limit: 6))</div>\
      <div class="fields">\(field("daysSincePurchase-least", reader("Без покупок, от", "Without a purchase, from"), unit: days, limit: 6))\
      \(field("daysSincePurchase-most", reader("до", "to"), unit: days, limit: 6))</div></div></details>
      """
  }

  private var asksPast: Bool {
    ["accumulated", MemberCounter.memberDays.rawValue, MemberCounter.daysSincePurchase.rawValue].contains { name in
      ["-least", "-most"].contains { !form[name + $0].isEmpty || editing.faults[name + $0] != nil }
    }
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
      \(privilegeQuestion)\
      \(list(.segments, reader("Сегменты", "Segments"), reader("пусто: любые; иначе хотя бы один", "empty: any; otherwise at least one of them"), editing.segments.map { BracketedCode.text(reader($0.details.name), $0.details.code) }))\
      <div class="ticks">\(tick("first", reader("Только за первую покупку", "Only at the first purchase")))\
      \(tick("firstOf", reader("Только за первую покупку товаров акции", "Only at the first purchase of the promotion’s goods")))\
      \(tick("birthday", reader("Рядом с днём рождения", "Around the birthday")))</div>\(fault("firstOf") ?? .nothing)\
      <div class="fields narrow">\(field("birthday-before", reader("Дней до него", "Days before it"), limit: 3))\
      \(field("birthday-after", reader("Дней после", "Days after"), limit: 3))</div>\
      <div class="ticks">\(tick("household", reader("Кто состоит в семье", "Who is in a household")))</div>\
      <div class="fields narrow">\(field("household-least", reader("В семье не меньше", "Members of it, at least"), hint: reader("пусто: любая семья", "empty: any household"), limit: 2))\
      \(field("household-most", reader("Не больше", "At most"), limit: 2))</div>\(fieldQuestions)\(stampQuestion)\(offerQuestions)\(pastFields)
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
      \(favouriteTicks)\(list(.categories, reader("Категории", "Categories"), everything, Array(categories)))\
      \(list(.products, reader("Товары", "Products"), reader("код, штрихкод или часть названия", "a code, a barcode or a part of the name"), []))\
      <details class="fold within"\(hasMore ? " open" : "")><summary>\(Icon.right.usual)\(reader("Бренды, производители, исключения", "Brands, makers, exceptions"))</summary><div class="stack pad-s wide">\
      \(list(.brands, reader("Бренды", "Brands"), reader("коды", "codes"), []))\(list(.manufacturers, reader("Производители", "Makers"), reader("коды", "codes"), []))\
      \(list(.exceptCategories, reader("Кроме категорий", "Except categories"), nil, Array(categories)))\
      \(list(.exceptProducts, reader("Кроме товаров", "Except products"), nil, []))\(list(.exceptBrands, reader("Кроме брендов", "Except brands"), reader("коды", "codes"), []))</div></details>
      """
    return """
      \(sets)\(bounds("amount", reader("Сумма чека", "Receipt amount"), reader.sign))\(basis)\(bounds("quantity", reader("Количество", "Quantity"), reader("шт, кг", "pcs, kg")))\
      \(field("coupon", reader("Купон", "Coupon"), hint: reader("серия или общий код; пусто: без купона", "a series or a general code; empty: none needed"), limit: Limits.code))\(certificateQuestion)\(tenders)
      """
  }

  /// Goods that each member chose, where the programme offers such.
  private var favouriteTicks: Markup? {
    let offered = editing.bench.programme.settings.terms.favourites
    guard !offered.isEmpty || form.has("goods-favourites") || form.has("except-favourites") else { return nil }
    return """
      <div class="ticks">\(tick("goods-favourites", reader("Любимые категории участника", "The member’s favourite categories"), reader("то, что он выбрал на этот период", "what they chose for the period")))\
      \(tick("except-favourites", reader("Кроме любимых категорий", "Except favourite categories")))</div>
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
  func list(_ field: ListField, _ label: String, _ hint: String?, _ suggestions: [String]) -> Markup {
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
    case .giftChoice:
      (
        reader("Подарок на выбор", "Gift to choose"),
        reader("кружка, шарф или чай от 3000 \(reader.sign)", "a mug, a scarf or tea from 3,000")
      )
    case .earnRate: (reader("Начислить процент", "Earn a percent"), reader("5 % от оплаченного", "5% of what is paid"))
    case .earnPerStep:
      (reader("Начислить за шаг", "Earn for each step"), reader("1 балл за каждые 100 \(reader.sign)", "1 point for each 100"))
    case .earnMultiplier: (reader("Умножить начисление", "Multiply earning"), reader("двойные баллы", "double points"))
    case .earnFixed: (reader("Начислить разом", "Earn at once"), reader("500 приветственных баллов", "500 points of welcome"))
    case .earnPerUnit:
      (reader("Начислить за единицу", "Earn for each unit"), reader("20 баллов за каждую пачку", "20 points a packet"))
    case .staircase:
      (
        reader("Лестница", "Staircase"),
        reader("от 1000 \(reader.sign) 5 %, от 3000 \(reader.sign) 10 %", "5% from 1,000, 10% from 3,000")
      )
    case .bundle: (reader("Комплект", "Bundle"), reader("кофе и булочка за 150 \(reader.sign)", "coffee and a bun for 150"))
    case .prices: (reader("Прайс акции", "Price list"), reader("своя цена у каждого товара", "each product at its own price"))
    case .reward:
      (
        reader("Без денег и баллов", "Neither money nor points"),
        reader("доставка, слово на чеке", "delivery, a word on the receipt")
      )
    }
  }
}
