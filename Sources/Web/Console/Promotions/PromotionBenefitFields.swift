import Calculator
import Conditions
import Kernel
import Loyalty

// What it gives, how much of it, beside what.
extension PromotionEditPage {
  var benefitFields: Markup {
    let kept: Markup? = form["benefit"] == BenefitKind.kept ? keptBenefit : nil
    let kinds = BenefitKind.allCases.map { kind -> Markup in
      let mark: Markup = form["benefit"] == kind.rawValue ? " checked" : ""
      let words = BenefitKindWords.words(kind, reader)
      return """
        <div class="option"><label><input type="radio" name="benefit" value="\(kind.rawValue)"\(mark)><span><b>\(words.name)</b> \
        <small>\(words.example)</small></span></label><div class="option-fields fields narrow">\(fields(of: kind))</div></div>
        """
    }
    return
      "<fieldset class=\"field options\"><legend class=\"sr\">\(reader("Что получает", "Gets what"))</legend>\(kept)\(kinds)</fieldset>\(fault("benefit"))\(courseFields)\(takeFields)\(stageField)"
  }

  private var keptBenefit: Markup {
    let words = BenefitWords(reader: reader, pointsName: editing.bench.programme.settings.pointsName)
    let said = editing.base.map { words.sentence($0.benefit) } ?? ""
    return """
      <div class="option"><label><input type="radio" name="benefit" value="\(BenefitKind.kept)" checked><span><b>\(reader("Как есть", "As it is"))</b> \
      <small>\(said)</small></span></label></div>
      """
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
    case .freeUnits: return freeUnitFields
    case .gift:
      return field("gift-units", reader("Штук", "Units"), limit: 7)
        + field(
          "gift-price", reader("По цене", "At the price"), unit: reader.sign, hint: reader("пусто: бесплатно", "empty: free"),
          limit: 20)
    case .giftChoice: return giftChoiceFields
    case .earnRate: return field("earn-rate", percent, unit: "%", limit: 8)
    case .earnPerStep:
      return field("step-points", reader("Баллов", "Points"), limit: 20)
        + field("step-money", reader("За каждые", "For each"), unit: reader.sign, limit: 20)
    case .earnMultiplier:
      return field("multiplier", reader("Во сколько раз", "Times"), hint: reader("больше 1, до 10", "above 1, up to 10"), limit: 8)
    case .earnFixed: return field("earn-points", reader("Баллов", "Points"), limit: 20)
    case .earnPerUnit:
      return field(
        "unit-points", reader("Баллов за единицу", "Points a unit"),
        hint: reader("весовое: за целый килограмм", "weighed goods: a whole kilogram"),
        limit: 20)
    case .staircase: return staircaseFields
    case .bundle: return bundleFields
    case .prices: return priceFields
    case .reward: return rewardFields
    }
  }

  private var freeUnitFields: Markup {
    let lands = [
      ("free", reader("на подарочные", "the free ones")),
      ("pro-rata", reader("на весь набор поровну ценам", "the whole set in proportion")),
      ("triggers", reader("на оплаченные", "the ones paid for")),
    ]
    return field("buy", reader("Купить, шт", "Buy"), limit: 7) + field("free", reader("Со скидкой, шт", "Reduced"), limit: 7)
      + field("reduction", reader("Скидка на них", "Taken off them"), unit: "%", limit: 8)
      + Choice(name: "lands", label: reader("Скидка ложится", "It lands on"), options: lands, chosen: form["lands"]).html
      + tick("perProduct", reader("Каждый товар отдельно", "Each product by itself"))
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
