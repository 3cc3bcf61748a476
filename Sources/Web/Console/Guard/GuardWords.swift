import Kernel
import Loyalty

/// What is watched, in words.
struct GuardWords {
  let reader: Reader
  /// The stores' names by id.
  let stores: [StoreID: String]
  /// Members' names by id, as far as one may see them.
  var members: [MemberID: String] = [:]

  func name(_ kind: GuardSubject) -> String {
    switch kind {
    case .member: reader("Участник", "Member")
    case .cashier: reader("Кассир", "Cashier")
    case .register: reader("Касса", "Till")
    case .operator: reader("Сотрудник", "Staff member")
    case .card: reader("Карта", "Card")
    }
  }

  func name(_ measure: GuardMeasure) -> String {
    switch measure {
    case .receipts: reader("чеков с картой", "receipts with a card")
    case .earned: reader("начислено баллов", "points earned")
    case .spent: reader("списано баллов", "points spent")
    case .discount: reader("скидок", "discount")
    case .returns: reader("возвратов и отмен", "returns and cancellations")
    case .members: reader("разных участников", "different members")
    case .oneMember: reader("чеков одного участника", "receipts of one member")
    case .registers: reader("разных касс", "different tills")
    case .byHand: reader("баллов вручную", "points by hand")
    case .refusedCodes: reader("отклонённых купонов и сертификатов", "refused coupons and certificates")
    case .givenAway: reader("баллов отдано другим", "points given to others")
    case .transfers: reader("передач баллов", "transfers of points")
    case .circles: reader("передач по кругу", "transfers that go round")
    }
  }

  func window(_ window: GuardWindow) -> String {
    switch window {
    case .hours(1): reader("за час", "in an hour")
    case .hours(let hours): reader("за \(reader.count(hours, ("час", "часа", "часов"), ("hour", "hours")))", "in \(hours) hours")
    case .days(1): reader("за день", "in a day")
    case .days(let days): reader("за \(days) дней", "in \(days) days")
    }
  }

  /// Of a choice in a form.
  static func word(_ window: GuardWindow) -> String { window.hours.map { "\($0)h" } ?? "\(window.days ?? 1)d" }

  func sentence(_ refusal: GuardRefusal) -> String {
    switch refusal.reason {
    case .coupon(.used): reader("купон уже погашен", "the coupon is used")
    case .coupon(.expired): reader("срок купона вышел", "the coupon is over")
    case .coupon(.notYetValid): reader("купон ещё не действует", "the coupon has not begun")
    case .coupon(.notYours): reader("купон другого участника", "the coupon is another member's")
    case .coupon: reader("такого купона нет", "there is no such coupon")
    case .certificate(.wrongPin): reader("неверный код сертификата", "a wrong number of a certificate")
    case .certificate: reader("такого сертификата нет", "there is no such certificate")
    }
  }

  func figure(_ value: Int64, _ measure: GuardMeasure) -> String {
    switch measure.unit {
    case .count: reader.number(value)
    case .points: reader.points(Points(units: value))
    case .money: reader.money(Money(minor: value))
    }
  }

  func state(_ state: GuardAlert.State) -> String {
    switch state {
    case .open: reader("новый", "new")
    case .seen: reader("в работе", "looked at")
    case .dismissed: reader("всё в порядке", "all is well")
    case .confirmed: reader("подтверждён", "confirmed")
    }
  }

  /// `Cashier K-2, store Tverskaya`, or a member's name, with a link to the page about it.
  func subject(_ place: GuardPlace) -> Markup {
    if let member = place.member {
      let known = members[member] ?? name(place.kind)
      return "<a href=\"\(Self.path(place))\">\(known)</a><small>\(place.subject)</small>"
    }
    let store = stores[place.store].map { name -> Markup in "<small>\(name)</small>" }
    return "<a href=\"\(Self.path(place))\">\(title(place))</a>\(store)"
  }

  /// The same in words alone.
  func title(_ place: GuardPlace) -> String {
    if let member = place.member { return members[member] ?? name(place.kind) }
    let shown = place.kind == .operator ? String(place.subject.drop { $0 != ":" }.dropFirst()) : place.subject
    return "\(name(place.kind)) \(shown)"
  }

  /// The limit's kind of threshold.
  func badge(isHard: Bool) -> Markup {
    isHard
      ? "<span class=\"badge bad\">\(reader("жёсткий", "hard"))</span>" : "<span class=\"badge\">\(reader("мягкий", "soft"))</span>"
  }

  static func path(_ place: GuardPlace) -> String {
    "/console/guard/subject?kind=\(place.kind.word)&store=\(place.store)&code=\(queryText(place.subject))"
  }

  /// Why somebody is in the report.
  func sentence(_ sign: UnusualSign) -> String {
    let day = reader.day(sign.day)
    let (value, usual) = (shown(sign.value, sign.what), sign.usual.map { shown($0, sign.what) } ?? "")
    switch sign.what {
    case .cardShare:
      return reader(
        "\(day): с картой \(value) чеков, обычно \(usual)", "\(day): \(value) of receipts with a card, usually \(usual)")
    case .oneMember:
      return reader(
        "\(day): один участник пришёл \(value) раз, обычно не чаще \(usual)",
        "\(day): one member came \(value) times, usually \(usual)")
    case .backShare:
      return reader(
        "\(day): возвратов и отмен \(value), обычно \(usual)", "\(day): returns and cancellations \(value), usually \(usual)")
    case .discountShare:
      return reader("\(day): скидки \(value) от цены, обычно \(usual)", "\(day): discounts \(value) of the price, usually \(usual)")
    case .spent:
      return reader(
        "\(day): баллов на чек с картой \(value), обычно \(usual)",
        "\(day): \(value) points spent a receipt with a card, usually \(usual)")
    case .receipts:
      return reader("\(day): чеков \(value), обычно \(usual)", "\(day): \(value) receipts, usually \(usual)")
    case .amount: return reader("\(day): покупок на \(value), обычно \(usual)", "\(day): bought for \(value), usually \(usual)")
    case .hop:
      return reader("\(day): в двух магазинах с разницей \(value) мин", "\(day): in two stores within \(value) minutes")
    }
  }

  private func shown(_ value: Int64, _ what: UnusualSign.What) -> String {
    switch what {
    case .cardShare, .backShare, .discountShare: reader.share(Rate(ppm: value / 1_000 * 1_000))
    case .oneMember, .receipts, .hop: reader.number(value)
    case .spent: reader.points(Points(units: value))
    case .amount: reader.money(Money(minor: value))
    }
  }

  /// Links to receipts, the latest first.
  func links(_ receipts: GuardReceipts, _ count: Int = 5) -> Markup {
    guard !receipts.places.isEmpty else { return "<span class=\"muted\">–</span>" }
    let links = receipts.places.prefix(count).enumerated().map { place, receipt -> Markup in
      let label = reader("Чек \(place + 1)", "Receipt \(place + 1)")
      return """
        <a class="text-link" aria-label="\(label)" href="/console/receipts/\(String(receipt.owner))/\(receipt.id)">\(String(place + 1))</a>
        """
    }
    return "<span class=\"few-links\">\(Markup(links))</span>"
  }
}
