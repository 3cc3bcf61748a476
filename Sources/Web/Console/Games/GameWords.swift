import Kernel
import Loyalty

/// What games, their chances and prizes are called.
struct GameWords {
  let reader: Reader
  let now: Instant

  func kind(_ kind: GameDetails.Kind) -> String {
    switch kind {
    case .wheel: reader("колесо", "wheel")
    case .scratch: reader("скретч-карта", "scratch card")
    case .hunt: reader("охота", "hunt")
    }
  }

  func badge(_ game: GameDetails) -> Markup {
    if game.isClosed { return "<span class=\"badge\">\(reader("закрыта", "closed"))</span>" }
    if let until = game.until, until <= now { return "<span class=\"badge\">\(reader("прошла", "over"))</span>" }
    if let from = game.from, from > now { return "<span class=\"badge\">\(reader("ещё не началась", "not begun"))</span>" }
    return "<span class=\"badge good\">\(Icon.check.usual)\(reader("идёт", "running"))</span>"
  }

  /// One in so many, for whoever thinks in people and not in percent; both where that would round.
  func chance(_ rate: Rate) -> String {
    guard rate.ppm > 0 else { return reader("никто", "nobody") }
    if rate >= .whole { return reader("каждый", "everybody") }
    if rate.ppm * 2 > Rate.whole.ppm {
      let tenths = (rate.ppm + 50_000) / 100_000
      let about = tenths * 100_000 == rate.ppm ? "" : reader("примерно ", "about ")
      return tenths == 10
        ? reader("почти каждый", "nearly everybody") : reader("\(about)\(tenths) из 10", "\(about)\(tenths) in 10")
    }
    let each = (Rate.whole.ppm + rate.ppm / 2) / rate.ppm
    let about = each * rate.ppm == Rate.whole.ppm ? "" : reader("примерно ", "about ")
    return reader("\(about)один из \(reader.number(each))", "\(about)one in \(reader.number(each))")
  }

  func gift(_ gift: Prize.Gift, _ pointsName: PointsName) -> String {
    switch gift {
    case .nothing: reader("утешение, ничего не стоит", "kind words")
    case .points(let points): reader.named(points, pointsName)
    case .coupon(let series): reader("купон \(series)", "a coupon \(series)")
    case .certificate(let series, let amount):
      reader("сертификат \(series) на \(reader.money(amount))", "a certificate \(series) of \(reader.money(amount))")
    case .thing(let cost):
      cost == .zero
        ? reader("вручают в магазине", "handed over in the store")
        : reader("вручают в магазине, стоит \(reader.money(cost))", "handed over in the store, costs \(reader.money(cost))")
    }
  }

  func span(_ game: GameDetails) -> String { CouponWords(reader: reader, now: now).span(game.from, game.until) }
}
