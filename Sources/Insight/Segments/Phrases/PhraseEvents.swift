import Conditions
import Kernel

/// What people did on sites and in apps: смотрели кофе, клали чай в корзину, visited the site, searched, opened the app.
extension PhraseParse {
  private static let view = PhraseLexicon.of(
    "view views viewed viewing look looked browsed смотрел смотрели смотрела смотрят посмотрел посмотрели посмотрела смотревшие просматривали просматривал"
  )
  private static let put = PhraseLexicon.of(
    "add adds added put положил положили положила клал клали добавил добавили добавляли добавила")
  private static let cart = PhraseLexicon.of("cart basket корзину корзине")
  private static let seek = PhraseLexicon.of("search searched searches искал искали искала")
  private static let click = PhraseLexicon.of("click clicked clicks кликал кликали кликнули")
  private static let come = PhraseLexicon.of(
    "visit visited visits came come opened open заходил заходили заходила зашли зашел были был была открывали открывал открыли открывала"
  )
  private static let site = PhraseLexicon.of("site website сайт сайте")
  private static let app = PhraseLexicon.of("app application приложение приложении")
  private static let mail = PhraseLexicon.of("email e-mail letter letters emails письмо письма")

  /// Nil where no such clause begins here.
  mutating func event() -> Step? {
    while ["никогда", "ни", "разу", "did", "do", "does", "ever", "еще"].contains(text(at)) { at += 1 }
    let isNot = take(.not)
    while ["ever", "have", "has", "раз"].contains(text(at)) { at += 1 }
    guard let kind = eventKind() else { return nil }
    var (deed, bounds, isInCart) = (PhraseDeed(verb: .buy, isNot: isNot), Bounds?.none, false)
    while at < words.count {
      if deed.purchase.window == .always, let window = window() {
        deed.purchase.window = window
      } else if bounds == nil, let times = attempt({ $0.times() }) {
        bounds = times
      } else if kind == .cartAdd, !isInCart, intoCart() {
        isInCart = true
      } else {
        switch goods(&deed) {
        case .done?: continue
        case .broken(let trouble)?: return .broken(trouble)
        case Step.none?, nil: break
        }
        if isEnd { break }
        want(at)
        return .broken(.unknown)
      }
    }
    guard kind != .cartAdd || isInCart else { return nil }
    return end(kind, deed, bounds)
  }

  private mutating func eventKind() -> EventKind? {
    if take(Self.view) {
      _ = take("at")
      return .productView
    }
    if take(Self.put) { return .cartAdd }
    if take(Self.seek) {
      _ = take("for")
      return .search
    }
    if take(Self.click) { return .click }
    // «Были» and “came” are visits to shops where no site is named.
    return attempt { parse -> EventKind? in
      guard parse.take(Self.come) else { return nil }
      _ = parse.take("на") || parse.take("в") || parse.take("to") || parse.take("on")
      _ = parse.take("the") || parse.take("an") || parse.take("our") || parse.take("наш")
      if parse.take(Self.site) { return .pageView }
      if parse.take(Self.app) { return .appOpen }
      return parse.take(Self.mail) ? .open : nil
    }
  }

  private mutating func intoCart() -> Bool {
    attempt { parse -> Bool? in
      guard parse.take("в") || parse.take("to") || parse.take("in") || parse.take("into") else { return nil }
      _ = parse.take("the") || parse.take("a") || parse.take("their")
      return parse.take(Self.cart) ? true : nil
    } ?? false
  }

  private mutating func times() -> Bounds? {
    guard let bounds = bounds(), bounds.isWhole, !bounds.isMoney else { return nil }
    guard PhraseLexicon.times[text(at - 1)] != nil || take(.raz) else { return nil }
    return bounds.bounds(unit: 1_000)
  }

  private mutating func end(_ kind: EventKind, _ deed: PhraseDeed, _ bounds: Bounds?) -> Step {
    if deed.isEach, deed.isEither { return .broken(.unknown) }
    let takesGoods = [.productView, .cartAdd, .search].contains(kind)
    if !takesGoods, !deed.goods.isEmpty { return .broken(.unknown) }
    let isSeparate = deed.isEach && !deed.isNot
    let lists = isSeparate ? deed.goods.map { [$0] } : [deed.goods]
    var filters: [ProductFilter] = []
    for list in lists {
      guard let filter = filter(list, deed.except) else { return .broken(.unknown) }
      filters.append(filter)
    }
    var window = deed.purchase.window
    let bought = filters.count == 1 ? attempt({ $0.butBought(filters[0], &window) }) : nil
    let conditions = filters.map { goods -> SegmentCondition in
      var did = SegmentCondition.Deed(kind)
      (did.filter.goods, did.window) = (goods, window)
      return .did(did, deed.isNot ? Bounds(atMost: 0) : bounds ?? Bounds(atLeast: 1))
    }
    return .done(conditions + (bought.map { [$0] } ?? []))
  }

  /// …, но не купили за 14 дней: the same goods, in the same days. Nil where other goods are named, which is a clause of its own.
  private mutating func butBought(_ goods: ProductFilter, _ window: inout SegmentCondition.Window) -> SegmentCondition? {
    while has(.filler, at) || isSign(",", at) { at += 1 }
    guard let next = beginning(), next.verb == .buy else { return nil }
    while ["их", "его", "ее", "it", "them", "this", "этого"].contains(text(at)) { at += 1 }
    var deed = next
    guard modifiers(&deed) == nil, deed.goods.isEmpty, deed.except.isEmpty, deed.amount == nil else { return nil }
    var purchase = deed.purchase
    if window == .always { window = purchase.window } else if purchase.window == .always { purchase.window = window }
    purchase.goods = goods
    let bought: SegmentCondition = .bought(purchase, .receipts, Bounds(atLeast: 1))
    return deed.isNot ? .none([bought]) : bought
  }
}
