import Calculator
import Conditions
import Kernel
import Loyalty

/// What a benefit gives.
struct BenefitWords {
  let reader: Reader
  let pointsName: PointsName

  /// In few words, for a table.
  func sentence(_ benefit: Benefit) -> String {
    switch benefit {
    case .percent(let rate, _): reader("скидка \(reader.share(rate))", "\(reader.share(rate)) off")
    case .amountPerUnit(let money): reader("скидка \(reader.money(money)) с каждой единицы", "\(reader.money(money)) off each unit")
    case .amount(let money): reader("скидка \(reader.money(money))", "\(reader.money(money)) off")
    case .fixedPrice(let money): reader("цена \(reader.money(money))", "\(reader.money(money)) each")
    case .fixedTotal(let money): reader("набор за \(reader.money(money))", "together for \(reader.money(money))")
    case .freeUnits(let buy, let free, let rate, _, _):
      rate.ppm == Rate.whole.ppm
        ? reader("\(buy) + \(free) в подарок", "\(buy) + \(free) free")
        : reader("\(buy) + \(free) со скидкой \(reader.share(rate))", "\(buy) + \(free) at \(reader.share(rate)) off")
    case .gift(let units, let price):
      price == .zero
        ? reader("подарок, \(units) шт", "a gift, \(units) pcs")
        : reader("\(units) шт по \(reader.money(price))", "\(units) at \(reader.money(price))")
    case .giftChoice(let choice): GiftChoiceFields.sentence(choice, reader)
    case .earnRate(let rate):
      reader("\(reader.share(rate)) от оплаченного на счёт", "\(reader.share(rate)) of what is paid, as points")
    case .earnPerStep(let points, let step):
      reader(
        "\(reader.named(points, pointsName)) за каждые \(reader.money(step))",
        "\(reader.named(points, pointsName)) for each \(reader.money(step))")
    case .earnMultiplier(let rate): reader("начисление × \(reader.times(rate))", "earning × \(reader.times(rate))")
    case .earnFixed(let points): reader.named(points, pointsName)
    case .earnPerUnit(let points):
      reader("\(reader.named(points, pointsName)) за единицу", "\(reader.named(points, pointsName)) a unit")
    case .staircase(let staircase): steps(staircase).joined(separator: ", ")
    case .bundle(let bundle): offer(bundle.offer)
    case .prices(let list): SheetWords.list(list, reader)
    case .reward(let reward): sentence(reward)
    }
  }

  private func sentence(_ reward: Reward) -> String {
    switch reward {
    case .freeDelivery: reader("бесплатная доставка", "free delivery")
    case .coupon(let series, let isPersonal):
      isPersonal
        ? reader("личный купон \(series) на следующий раз", "a coupon of their own, \(series), for next time")
        : reader("купон \(series) на следующий раз", "a coupon \(series) for next time")
    case .certificate(let series, let amount):
      reader("сертификат \(series) на \(reader.money(amount))", "a certificate \(series) of \(reader.money(amount))")
    case .stamps(let grant): sentence(grant)
    case .turns(let count, let game, _):
      reader.count(
        Int(count), ("попытка в игре \(game)", "попытки в игре \(game)", "попыток в игре \(game)"),
        ("turn of the game \(game)", "turns of the game \(game)"))
    case .tier(let gift): sentence(gift)
    case .message(let text, let who): "\(RewardWords.reader(who, reader)): \(reader(text))"
    }
  }

  private func sentence(_ gift: TierGift) -> String {
    switch gift.length {
    case .days(let days):
      let count = reader.count(days, ("день", "дня", "дней"), ("day", "days"))
      return reader("уровень \(gift.code) на \(count)", "the tier \(gift.code) for \(count)")
    case .through(let period):
      let end = RewardWords.end(of: period, reader)
      return reader("уровень \(gift.code) \(end)", "the tier \(gift.code) \(end)")
    }
  }

  private func steps(_ staircase: Staircase) -> [String] {
    staircase.steps.map { step in
      let from = staircase.measure == .amount ? reader.money(Money(minor: step.from)) : reader.quantity(step.from)
      return reader("от \(from) – \(said(step.reduction))", "\(said(step.reduction)) from \(from)")
    }
  }

  private func said(_ reduction: Reduction) -> String {
    switch reduction {
    case .percent(let rate): reader.share(rate)
    case .amountPerUnit(let money): reader("\(reader.money(money)) с единицы", "\(reader.money(money)) a unit")
    case .amount(let money): reader.money(money)
    case .fixedPrice(let money): reader("цена \(reader.money(money))", "a price of \(reader.money(money))")
    }
  }

  private func offer(_ offer: Bundle.Offer) -> String {
    switch offer {
    case .price(let money): reader("комплект за \(reader.money(money))", "a bundle for \(reader.money(money))")
    case .amount(let money): reader("\(reader.money(money)) с комплекта", "\(reader.money(money)) off a bundle")
    case .percent(let rate): reader("\(reader.share(rate)) с комплекта", "\(reader.share(rate)) off a bundle")
    }
  }

  /// As a sentence of chips.
  func parts(_ benefit: Benefit, _ stage: Stage, _ goods: (ProductFilter) -> [SentencePart]) -> [SentencePart] {
    let onWhole: [SentencePart] = stage == .receipt ? [.word(reader("с суммы чека", "off the receipt's sum"))] : []
    switch benefit {
    case .percent(let rate, let basis):
      let of: [SentencePart] =
        basis == .regular
        ? [.word(reader("от цены полки", "of the shelf price"))]
        : [.word(reader("от цены со скидками", "of the price as it stands"))]
      return [.word(reader("Скидка", "A reduction of")), .value(reader.share(rate))] + of + onWhole
    case .freeUnits(let buy, let free, let rate, let lands, let perProduct): return freeUnits(buy, free, rate, lands, perProduct)
    case .gift(let units, let price):
      return [
        .value(reader.quantity(units * 1_000)), .word(reader("по цене", "at")),
        .value(price == .zero ? reader("0, в подарок", "no price, as a gift") : reader.money(price)),
      ]
    case .giftChoice(let choice): return GiftChoiceFields.parts(choice, reader)
    case .earnRate(let rate):
      return [.word(reader("Начислить", "Earn")), .value(reader.share(rate)), .word(reader("от оплаченного", "of what is paid"))]
    case .earnMultiplier(let rate):
      return [.word(reader("Начисление по ставкам", "What rates earn")), .value("× \(reader.times(rate))")]
    case .earnPerStep, .earnPerUnit, .earnFixed: return [.word(reader("Начислить", "Earn")), .value(sentence(benefit))]
    case .staircase(let staircase):
      return [.word(reader("Чем больше, тем выгоднее:", "The more, the better:"))] + steps(staircase).map(SentencePart.value)
        + onWhole
    case .bundle(let bundle):
      let parts = bundle.parts.map { [.value(reader.quantity($0.units * 1_000))] + goods($0.goods) }
      let joined = parts.enumerated().flatMap { place, part in place == 0 ? part : [.word(reader("и", "and"))] + part }
      return [.word(reader("Вместе", "Together"))] + joined + [.value(offer(bundle.offer))]
    case .prices, .reward: return [.value(sentence(benefit))]
    case .amountPerUnit, .amount, .fixedPrice, .fixedTotal: return [.value(sentence(benefit))] + onWhole
    }
  }

  private func freeUnits(_ buy: Int64, _ free: Int64, _ rate: Rate, _ lands: Landing, _ perProduct: Bool) -> [SentencePart] {
    let reduction =
      rate.ppm == Rate.whole.ppm
      ? reader("бесплатно", "free") : reader("со скидкой \(reader.share(rate))", "at \(reader.share(rate)) off")
    let lands: [SentencePart] =
      switch lands {
      case .free: []
      case .proRata: [.word(reader("выгода делится на весь набор,", "spread over the whole set,"))]
      case .triggers: [.word(reader("выгода на оплаченных,", "taken off the ones that were paid for,"))]
      }
    let cheapest: [SentencePart] =
      free == 1
      ? [.verb(reader("самая дешёвая", "the cheapest"))]
      : [.verb(reader("самые дешёвые", "the cheapest")), .value(reader.number(free))]
    let together =
      perProduct
      ? reader("каждый товар считается отдельно", "each product counts by itself")
      : reader("разные товары считаются вместе", "different products count together")
    return [.word(reader("Из каждых", "Of every")), .value(reader.quantity((buy + free) * 1_000))] + cheapest
      + [.value(reduction)] + lands + [.word(together)]
  }
}

extension Reader {
  /// 7,5 %
  func share(_ rate: Rate) -> String {
    let text = rate.percentText
    return (language == .ru ? text.replacing(".", with: ",") + "\u{a0}%" : text + "%")
  }

  /// 1,5 of 1 500 000 ppm.
  func times(_ rate: Rate) -> String {
    let text = Rate(ppm: rate.ppm / 100).percentText
    return language == .ru ? text.replacing(".", with: ",") : text
  }

  /// 5 баллов, in the programme's own word.
  func named(_ points: Points, _ name: PointsName) -> String {
    let unit = (0..<pointsScale).reduce(Int64(1)) { unit, _ in unit * 10 }
    let word = points.units % unit == 0 ? self(name.form(for: points.units / unit)) : self(name.ru[1], name.en[1])
    return self.points(points) + "\u{a0}" + word
  }
}

extension KindWords {
  static func payer(_ payer: Funding.Payer, _ reader: Reader) -> String {
    switch payer {
    case .retailer: reader("сеть", "the retailer")
    case .supplier: reader("поставщик", "the supplier")
    case .partner: reader("партнёр", "the partner")
    }
  }
}
