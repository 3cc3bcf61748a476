import Conditions
import Kernel

/// What the calculation says to people: why something did nothing, what is nearly there, what held the points back. One sentence each,
/// for a shopper or a cashier.
public struct Sentences: Sendable {
  let rules: RuleBook
  let spoken: SpokenAmounts

  public init(rules: RuleBook) {
    self.rules = rules
    spoken = SpokenAmounts(rules.terms)
  }

  func name(_ promotion: Int) -> LocalText { rules.promotions[promotion].name }

  /// Why a promotion, a coupon or a certificate did nothing.
  public func reason(_ reason: Reason) -> LocalText {
    switch reason.cause {
    case .notStarted: .notStarted
    case .ended: .ended
    case .pilotElsewhere: .pilotElsewhere
    case .otherStore: .otherStore
    case .otherChannel: .otherChannel
    case .otherDay: .otherDay
    case .otherHour: .otherHour
    case .otherTender: .otherTender
    case .unidentified, .otherMemberKind, .otherTier, .otherSegment, .memberAttribute, .notFirstPurchase, .boughtBefore,
      .pastUncounted, .notBirthday, .household, .counter, .controlGroup, .noConsent, .noPrivilege, .notActivated, .noFavourites,
      .notFavourite:
      member(reason.cause)
    case .couponMissing, .coupon: coupon(reason.cause)
    case .certificate(let state): state.sentence
    case .certificateMissing: .certificateMissing
    case .accumulated(let measure, let have, let bounds): accumulated(measure, have, bounds)
    case .stamps(let card, let have, let bounds): stamps(card, have, bounds)
    case .cardFull(let card): cardFull(card)
    case .amount(let have, let bounds): amount(have, bounds)
    case .quantity(let have, let bounds): quantity(have, bounds)
    case .productCount(let have, let bounds): positions(have, bounds)
    case .giftNotChosen(let left): unchosen(left)
    case .noGoods: .noGoods
    case .excludedCircumstance: .excludedCircumstance
    case .limit(let kind): kind.sentence
    case .excluded(let by): excluded(name(by))
    case .notBest(let than): notBest(name(than))
    case .notFirst(let after): notFirst(name(after))
    case .nothingToReduce: .nothingToReduce
    case .roundedToNothing: .roundedToNothing
    }
  }

  private func member(_ cause: Cause) -> LocalText {
    switch cause {
    case .unidentified: .unidentified
    case .otherMemberKind: LocalText(ru: "Акция не для этого вида карт.", en: "The offer is not for this kind of card.")
    case .otherTier: LocalText(ru: "Акция для другого уровня участников.", en: "The offer is for another tier.")
    case .memberAttribute: .memberAttribute
    case .notFirstPurchase: LocalText(ru: "Акция только для первой покупки.", en: "The offer is for a first purchase only.")
    case .boughtBefore: .boughtBefore
    case .pastUncounted: .pastUncounted
    case .notBirthday:
      LocalText(ru: "Акция действует рядом с днём рождения.", en: "The offer is for the days around your birthday.")
    case .household(have: 0, _):
      LocalText(ru: "Акция для семей: объединитесь в семью.", en: "The offer is for households: form one.")
    case .household:
      LocalText(ru: "Акция для семьи другого размера.", en: "The offer is for a household of another size.")
    case .counter:
      LocalText(ru: "Пока не набрано нужное число для этой акции.", en: "The count that this offer asks for is not reached.")
    case .noPrivilege:
      LocalText(ru: "Акция для уровней с другой привилегией.", en: "The offer is for tiers with another privilege.")
    case .noConsent:
      LocalText(ru: "Для этой акции нужно ваше согласие.", en: "The offer is for those who have given their consent.")
    case .notActivated: .notActivated
    case .controlGroup: LocalText(ru: "Сейчас эта акция вам не предлагается.", en: "This offer is not made to you at present.")
    case .noFavourites, .notFavourite: favourites(isChosen: cause == .notFavourite)
    // Of the member only the segment is left; the others are no business of this function, and each is named, so that a new cause is sorted.
    case .otherSegment, .notStarted, .ended, .pilotElsewhere, .otherStore, .otherChannel, .otherDay, .otherHour, .otherTender,
      .couponMissing, .coupon, .certificate, .certificateMissing, .accumulated, .stamps, .cardFull, .amount, .quantity,
      .productCount, .giftNotChosen, .noGoods, .excludedCircumstance, .limit, .excluded, .notBest, .notFirst, .nothingToReduce,
      .roundedToNothing:
      LocalText(ru: "Акция для других участников.", en: "The offer is for other members.")
    }
  }

  private func favourites(isChosen: Bool) -> LocalText {
    isChosen
      ? LocalText(
        ru: "Акция для любимых категорий: эту категорию вы не выбирали.",
        en: "The offer is for your favourite categories, and you did not choose this category.")
      : LocalText(
        ru: "Акция для любимых категорий, а вы их ещё не выбрали.",
        en: "The offer is for your favourite categories, and you have not chosen any yet.")
  }

  private func coupon(_ cause: Cause) -> LocalText {
    guard case .coupon(let state) = cause else {
      return LocalText(ru: "Нужен купон.", en: "A coupon is needed.")
    }
    switch state {
    case .valid: return LocalText(ru: "Купон действует.", en: "The coupon is good.")
    case .unknown: return LocalText(ru: "Такого купона нет.", en: "There is no such coupon.")
    case .used: return LocalText(ru: "Купон уже использован.", en: "The coupon has been used already.")
    case .expired: return LocalText(ru: "Срок купона истёк.", en: "The coupon has expired.")
    case .notYetValid: return LocalText(ru: "Купон ещё не действует.", en: "The coupon is not valid yet.")
    case .held:
      return LocalText(
        ru: "Купон занят другой покупкой, попробуйте позже.", en: "The coupon is set aside for another purchase; try later.")
    case .notYours: return LocalText(ru: "Купон выдан другому участнику.", en: "The coupon was issued to another member.")
    }
  }

  private func accumulated(_ measure: Accumulator.Measure, _ have: Int64, _ bounds: Bounds) -> LocalText {
    func said(_ value: Int64) -> LocalText {
      switch measure {
      case .amount: spoken.money(Money(minor: value))
      case .quantity: spoken.goods(Quantity(thousandths: value))
      case .receipts, .visits: spoken.visits(value)
      }
    }
    let has = said(have)
    if let least = bounds.atLeast, have < least {
      let wanted = said(least)
      return LocalText(
        ru: "За период нужно набрать: \(wanted.ru), пока: \(has.ru).",
        en: "The period asks for \(wanted.en); so far there are \(has.en).")
    }
    let most = said(bounds.atMost ?? have)
    return LocalText(
      ru: "За период можно не больше: \(most.ru), уже: \(has.ru).", en: "The period allows \(most.en); there are \(has.en) already."
    )
  }

  private func amount(_ have: Money, _ bounds: Bounds) -> LocalText {
    if let least = bounds.atLeast, have.minor < least {
      let (wanted, has) = (spoken.money(Money(minor: least)), spoken.money(have))
      return LocalText(
        ru: "Нужна сумма от \(wanted.ru), сейчас \(has.ru).", en: "It takes \(wanted.en) or more; this is \(has.en).")
    }
    let (most, has) = (spoken.money(Money(minor: bounds.atMost ?? have.minor)), spoken.money(have))
    return LocalText(
      ru: "Сумма должна быть не больше \(most.ru), сейчас \(has.ru).", en: "It takes no more than \(most.en); this is \(has.en).")
  }

  private func quantity(_ have: Int64, _ bounds: Bounds) -> LocalText {
    let has = spoken.goods(Quantity(thousandths: have))
    if let least = bounds.atLeast, have < least {
      let wanted = spoken.goods(Quantity(thousandths: least))
      return LocalText(ru: "Нужно: \(wanted.ru), сейчас: \(has.ru).", en: "It takes \(wanted.en); there are \(has.en).")
    }
    let most = spoken.goods(Quantity(thousandths: bounds.atMost ?? have))
    return LocalText(ru: "Можно не больше: \(most.ru), сейчас: \(has.ru).", en: "It takes at most \(most.en); there are \(has.en).")
  }

  private func positions(_ have: Int64, _ bounds: Bounds) -> LocalText {
    func said(_ count: Int64) -> LocalText {
      SpokenAmounts.counted(
        SpokenAmounts.number(count, digits: 0, fixed: true), whole: count, ("позиция", "позиции", "позиций"),
        ("position", "positions"))
    }
    let has = said(have)
    if let least = bounds.atLeast, have < least {
      return LocalText(ru: "Нужно: \(said(least).ru), сейчас: \(has.ru).", en: "It takes \(said(least).en); there are \(has.en).")
    }
    let most = said(bounds.atMost ?? have)
    return LocalText(ru: "Можно не больше: \(most.ru), сейчас: \(has.ru).", en: "It takes at most \(most.en); there are \(has.en).")
  }

  private func excluded(_ by: LocalText) -> LocalText {
    LocalText(ru: "Не складывается с акцией «\(by.ru)».", en: "It cannot be combined with “\(by.en)”.")
  }

  private func notBest(_ than: LocalText) -> LocalText {
    LocalText(ru: "Применена более подходящая акция «\(than.ru)».", en: "“\(than.en)” applied instead, as the better of the two.")
  }

  private func notFirst(_ after: LocalText) -> LocalText {
    LocalText(
      ru: "Раньше сработала акция «\(after.ru)», а действует только первая.",
      en: "“\(after.en)” came first, and only the first applies.")
  }
}

extension Sentences {
  /// What is missing for a promotion that would then apply.
  public func hint(_ hint: Hint) -> LocalText {
    let name = name(hint.promotion)
    let effect = LocalText(ru: "сработает «\(name.ru)»", en: "“\(name.en)” applies")
    switch hint.missing {
    case .amount(let money):
      let more = spoken.money(money)
      return LocalText(ru: "Ещё \(more.ru) – и \(effect.ru).", en: "\(more.en) more and \(effect.en).")
    case .quantity(let quantity):
      let more = spoken.goods(quantity)
      return LocalText(ru: "Ещё \(more.ru) – и \(effect.ru).", en: "\(more.en) more and \(effect.en).")
    case .visits(let count):
      let more = spoken.visits(count)
      return LocalText(ru: "Ещё \(more.ru) – и \(effect.ru).", en: "\(more.en) more and \(effect.en).")
    case .stamps(let count, let card): return stamps(count, card, effect)
    case .gift(let units, let price):
      if case .giftChoice(let choice) = rules.promotions[hint.promotion].benefit { return self.choice(choice, left: units, name) }
      let goods = spoken.goods(.pieces(units))
      let cost = spoken.money(price)
      return price == .zero
        ? LocalText(ru: "Возьмите \(goods.ru) в подарок: «\(name.ru)».", en: "Take \(goods.en) as a gift: “\(name.en)”.")
        : LocalText(
          ru: "Возьмите \(goods.ru) по \(cost.ru): «\(name.ru)».", en: "Take \(goods.en) for \(cost.en) each: “\(name.en)”.")
    case .activation:
      return LocalText(ru: "Активируйте предложение – и \(effect.ru).", en: "Activate the offer and \(effect.en).")
    case .identification: return LocalText(ru: "Покажите карту – и \(effect.ru).", en: "Show your card and \(effect.en).")
    case .favourites:
      return LocalText(ru: "Выберите любимые категории – и \(effect.ru).", en: "Choose your favourite categories and \(effect.en).")
    }
  }

  /// What decided how many points may be spent; nil where nothing was asked of a wallet.
  public func brake(_ limits: SpendingLimits) -> LocalText? {
    guard let brake = limits.brake else { return nil }
    let most = spoken.points(limits.most)
    let share = spoken.percent(rules.terms.spending.share)
    switch brake {
    case .share:
      return LocalText(
        ru: "Бонусами можно оплатить до \(share.ru) покупки: \(most.ru).",
        en: "Points may pay up to \(share.en) of the purchase: \(most.en).")
    case .goods:
      return LocalText(
        ru: "На эти товары бонусы действуют ограниченно: \(most.ru).", en: "Points may pay only a part of these goods: \(most.en).")
    case .leastMoney:
      let least = spoken.money(rules.terms.spending.leastMoney)
      return LocalText(
        ru: "В каждом чеке деньгами остаётся не меньше \(least.ru): можно списать \(most.ru).",
        en: "Every receipt keeps at least \(least.en) in money: \(most.en) may be spent.")
    case .receipt:
      return LocalText(ru: "За одну покупку можно списать до \(most.ru).", en: "One purchase may spend up to \(most.en).")
    case .day: return LocalText(ru: "На сегодня можно списать ещё \(most.ru).", en: "\(most.en) may still be spent today.")
    case .step, .least, .balance, .unverified, .kind, .floor: return wallet(brake, limits)
    }
  }

  private func wallet(_ brake: SpendingLimits.Brake, _ limits: SpendingLimits) -> LocalText {
    let available = spoken.points(limits.available)
    switch brake {
    case .step:
      let step = spoken.points(rules.terms.spending.step)
      return LocalText(ru: "Бонусы списываются шагом в \(step.ru).", en: "Points are spent in steps of \(step.en).")
    case .least:
      let least = spoken.points(limits.least)
      return LocalText(ru: "Списать можно не меньше \(least.ru).", en: "At least \(least.en) must be spent at once.")
    case .unverified:
      return LocalText(
        ru: "Чтобы списать бонусы, покажите карту или код из приложения.",
        en: "To spend points, show your card or the code in the app.")
    case .kind: return LocalText(ru: "С этой карты бонусы не списываются.", en: "This kind of card spends no points.")
    case .floor:
      let most = spoken.points(limits.most)
      return LocalText(
        ru: "Часть товаров дешевле продать нельзя: бонусами можно оплатить \(most.ru).",
        en: "Some of these goods cannot be sold for less: points may pay \(most.en).")
    default:
      return limits.available <= .zero
        ? LocalText(ru: "На счёте нет бонусов.", en: "There are no points in the wallet.")
        : LocalText(ru: "На счёте \(available.ru).", en: "There are \(available.en) in the wallet.")
    }
  }
}
