import Calculator
import Conditions
import Kernel
import Loyalty

/// One thing that a promotion says.
struct Sentence: Hashable {
  /// In the order in which they are read.
  enum Topic: String, CaseIterable { case when, who, goods, gives, limits, manners }

  let topic: Topic
  /// Which thing it is about: the same in two versions where only the value differs.
  let key: String
  let parts: [SentencePart]

  var text: String { parts.map(\.text).joined(separator: " ") }
  var html: Markup { "<div class=\"sentence\">\(parts.map(\.html))</div>" }
}

/// A promotion in sentences.
struct PromotionWords {
  let reader: Reader
  let names: RuleNames
  let pointsName: PointsName

  private var conditions: ConditionWords { ConditionWords(reader: reader, names: names) }

  func sentences(_ promotion: Promotion) -> [Sentence] {
    let all =
      period(promotion) + asked(promotion) + goods(promotion) + [gives(promotion)] + limits(promotion.limits) + manners(promotion)
    return Sentence.Topic.allCases.flatMap { topic in all.filter { $0.topic == topic } }
  }

  static func title(_ topic: Sentence.Topic, _ reader: Reader) -> (name: String, note: String) {
    switch topic {
    case .when: (reader("Когда", "When"), reader("и где", "and where"))
    case .who: (reader("Кому", "Who"), reader("участники", "members"))
    case .goods: (reader("За что", "For what"), reader("строки чека", "lines of the receipt"))
    case .gives: (reader("Что получает", "Gets what"), reader("выгода", "benefit"))
    case .limits: (reader("Не больше", "No more than"), reader("пределы и бюджет", "limits and budget"))
    case .manners: (reader("С чем вместе", "Beside what"), reader("сочетание", "combination"))
    }
  }

  private func period(_ promotion: Promotion) -> [Sentence] {
    let value =
      switch (promotion.from, promotion.until) {
      case (nil, nil): reader("всегда", "always")
      case (let from?, nil): reader("с \(reader.moment(from))", "from \(reader.moment(from))")
      case (nil, let until?): reader("до \(reader.moment(until))", "until \(reader.moment(until))")
      case (let from?, let until?):
        reader("с \(reader.moment(from)) до \(reader.moment(until))", "from \(reader.moment(from)) until \(reader.moment(until))")
      }
    return [Sentence(topic: .when, key: "period", parts: [.word(reader("Действует", "In force")), .value(value)])]
  }

  /// The question of each condition; those of the basket belong to the goods.
  private func asked(_ promotion: Promotion) -> [Sentence] {
    let questions: [Condition] = if case .all(let parts) = promotion.condition { parts } else { [promotion.condition] }
    var sentences: [Sentence] = []
    for question in questions {
      let topic = question.topic
      let isFirst = !sentences.contains { $0.topic == topic }
      let lead: [SentencePart] =
        switch topic {
        case .who: [.word(isFirst ? reader("Всем", "Given to") : reader("и только", "and only"))]
        case .goods: [.word(isFirst ? reader("Если", "If") : reader("и если", "and if"))]
        case .when, .gives, .limits, .manners: []
        }
      sentences.append(Sentence(topic: topic, key: question.key, parts: lead + conditions.parts(question)))
    }
    if !sentences.contains(where: { $0.topic == .who }) {
      let all = SentencePart.value(reader("покупателям, с картой и без", "shoppers, with a card and without"))
      sentences.append(Sentence(topic: .who, key: "everybody", parts: [.word(reader("Всем", "Given to all")), all]))
    }
    if let control = promotion.control {
      let share = reader.share(control.share)
      sentences.append(
        Sentence(
          topic: .who, key: "control",
          parts: [.verb(reader("кроме", "except")), .value(reader("контрольной группы \(share)", "a control group of \(share)"))]))
    }
    return sentences
  }

  private func goods(_ promotion: Promotion) -> [Sentence] {
    [
      Sentence(
        topic: .goods, key: "on", parts: [.word(reader("Выгода на", "The benefit is on"))] + conditions.goods(promotion.target))
    ]
  }

  private func gives(_ promotion: Promotion) -> Sentence {
    Sentence(
      topic: .gives, key: "benefit",
      parts: BenefitWords(reader: reader, pointsName: pointsName).parts(
        promotion.benefit, promotion.stage, conditions.goods)
        + (promotion.course.map(BenefitWords(reader: reader, pointsName: pointsName).parts) ?? [])
        + (promotion.takes.map(BenefitWords(reader: reader, pointsName: pointsName).parts) ?? []))
  }

  private func limits(_ limits: PromotionLimits) -> [Sentence] {
    func times(_ count: Int64?) -> String? {
      count.map { reader.count(Int($0), ("раз", "раза", "раз"), ("time", "times")) }
    }
    func points(_ points: Points?) -> String? { points.map { reader.named($0, pointsName) } }
    let line = reader("на строку чека", "a line of the receipt")
    var rows: [(String, String?, String)] = [
      ("moneyPerLine", limits.moneyPerLine.map(reader.money), line), ("pointsPerLine", points(limits.pointsPerLine), line),
      ("moneyPerReceipt", limits.moneyPerReceipt.map(reader.money), reader("на чек", "a receipt")),
      ("pointsPerReceipt", points(limits.pointsPerReceipt), reader("на чек", "a receipt")),
      ("timesPerReceipt", times(limits.timesPerReceipt), reader("в одном чеке", "in one receipt")),
      (
        "quantityPerReceipt", limits.quantityPerReceipt.map { reader.quantity($0.thousandths) },
        reader("товара на чек", "of the goods a receipt")
      ),
    ]
    for scope in LimitScope.allCases {
      let (most, whose) = (limits[scope], scope.words(reader))
      rows += [
        (scope.usesName, times(most.uses), whose),
        (scope.moneyName, most.money.map(reader.money), reader("скидок \(whose)", "of reductions \(whose)")),
        (scope.pointsName, points(most.points), reader("начислений \(whose)", "earned \(whose)")),
      ]
    }
    let said = rows.compactMap { key, value, word in
      value.map { Sentence(topic: .limits, key: key, parts: [.value($0), .word(word)]) }
    }
    let none = Sentence(topic: .limits, key: "none", parts: [.word(reader("Пределов нет", "There are no limits"))])
    return said.isEmpty ? [none] : said
  }

  private func manners(_ promotion: Promotion) -> [Sentence] {
    var sentences: [Sentence] = []
    func say(_ key: String, _ parts: [SentencePart]) { sentences.append(Sentence(topic: .manners, key: key, parts: parts)) }
    say(
      "group",
      [.word(reader("Группа", "Group"))]
        + (promotion.group.isEmpty
          ? [.value(reader("общая, складывается со всеми", "the common one, adds to all"))] : [.value(promotion.group)])
        + [.word(reader("очередь", "priority")), .value(reader.number(Int64(promotion.priority)))])
    if !promotion.tags.isEmpty { say("tags", [.word(reader("метки", "tags")), .value(promotion.tags.joined(separator: ", "))]) }
    if !promotion.excludes.isEmpty {
      say("excludes", [.verb(reader("не вместе с", "never beside")), .value(promotion.excludes.joined(separator: ", "))])
    }
    if !promotion.addsToTillReductions {
      say(
        "till",
        [.verb(reader("не на строки", "never on lines")), .value(reader("со скидкой самой кассы", "that the till itself reduced"))])
    }
    if promotion.isPublic {
      say(
        "public",
        [
          .value(reader("открытая цена", "a public price")),
          .word(reader("и для контрольной группы", "also for the control group")),
        ])
    }
    for payer in promotion.funding {
      let who = KindWords.payer(payer.payer, reader) + (payer.code.map { " " + $0 } ?? "")
      say("funding/\(who)", [.word(reader("платит", "paid by")), .value("\(who), \(reader.share(payer.share))")])
    }
    return sentences
  }
}

extension Condition {
  /// What it is about: of nested ones, the first.
  fileprivate var topic: Sentence.Topic {
    switch self {
    case .all(let parts), .any(let parts), .none(let parts): parts.first?.topic ?? .who
    case .amount, .quantity, .weight, .products, .lines: .goods
    case .stores, .storeBrands, .priceZones, .regions, .cities, .storeFormats, .channels, .weekdays, .hours, .days, .holidays: .when
    case .identified, .memberKinds, .tiers, .privileges, .segments, .memberAttribute, .firstPurchase, .firstPurchaseOf, .birthday,
      .household, .counter, .accumulated,
      .stamps, .consents, .activated:
      .who
    case .coupon, .certificate, .tenders: .goods
    }
  }

  fileprivate var key: String {
    switch self {
    case .all: "all"
    case .any: "any"
    case .none: "none"
    case .amount: "amount"
    case .quantity: "quantity"
    case .weight: "weight"
    case .products: "products"
    case .lines: "lines"
    case .stores: "stores"
    case .storeBrands: "storeBrands"
    case .priceZones: "priceZones"
    case .regions: "regions"
    case .cities: "cities"
    case .storeFormats: "storeFormats"
    case .channels: "channels"
    case .weekdays: "weekdays"
    case .hours: "hours"
    case .days: "days"
    case .holidays: "holidays"
    case .identified: "identified"
    case .memberKinds: "memberKinds"
    case .tiers: "tiers"
    case .privileges: "privileges"
    case .segments: "segments"
    case .memberAttribute(let name, _): "attribute/" + name
    case .firstPurchase, .firstPurchaseOf: "firstPurchase"
    case .birthday: "birthday"
    case .household: "household"
    case .counter(let name, _): "counter/" + name
    case .accumulated: "accumulated"
    case .stamps(let card, _): "stamps/" + card
    case .consents: "consents"
    case .activated: "activated"
    case .coupon: "coupon"
    case .certificate: "certificate"
    case .tenders: "tenders"
    }
  }
}
