import Conditions
import Kernel

/// Who gets which pieces, while a shopper's gifts are worked out.
struct GiftHand {
  let choice: GiftChoice
  /// For each gift the lines that serve it, the cheapest first.
  let serving: [[Int]]
  /// Pieces of each line that are no gift yet.
  private(set) var free: [Int64]
  private(set) var taken: [GiftOffer.Taken]
  /// Beside `taken`: the lines, and how many pieces of each.
  private(set) var pieces: [[(line: Int, units: Int64)]]
  private(set) var left: Int64
  /// What came of the till's choices, by their places in the basket.
  var answers: [(wish: Int, state: AnsweredWish.State)] = []

  /// - Parameter free: whole pieces of each line of the basket that can come down to the gift's price.
  init(_ choice: GiftChoice, serving: [[Int]], free: [Int64]) {
    (self.choice, self.serving, self.free, left) = (choice, serving, free, choice.picks)
    taken = Array(repeating: GiftOffer.Taken(), count: choice.gifts.count)
    pieces = Array(repeating: [], count: choice.gifts.count)
  }

  func isOpen(_ gift: Int) -> Bool { left > 0 && taken[gift].picks < (choice.repeats ? choice.picks : 1) }

  private func hasAny(_ gift: Int) -> Bool { serving[gift].contains { free[$0] > 0 } }

  /// Chooses a gift: pieces of the lines that come first, then of the others that serve it.
  mutating func take(_ gift: Int, first: (Int) -> Bool = { _ in false }) {
    var wanted = choice.gifts[gift].units
    let lines = serving[gift].filter(first) + serving[gift].filter { !first($0) }
    for line in lines where wanted > 0 && free[line] > 0 {
      let count = min(wanted, free[line])
      free[line] -= count
      wanted -= count
      if let place = pieces[gift].firstIndex(where: { $0.line == line }) {
        pieces[gift][place].units += count
      } else {
        pieces[gift].append((line, count))
      }
    }
    choose(gift, missing: wanted)
  }

  /// Chooses a gift of which nothing is in the basket yet, so that nothing else takes its place.
  mutating func setAside(_ gift: Int) { choose(gift, missing: choice.gifts[gift].units) }

  private mutating func choose(_ gift: Int, missing: Int64) {
    taken[gift].picks += 1
    taken[gift].missing += missing
    left -= 1
  }

  /// Chooses for whoever said nothing: gifts that lie in the basket whole before others, then the cheapest, then in the list's order.
  mutating func takeWhatIsThere(price: (Int) -> Int64) {
    while left > 0 {
      var best: (gift: Int, lacks: Int64, worth: Int128)?
      for gift in choice.gifts.indices where isOpen(gift) && hasAny(gift) {
        var (wanted, worth) = (choice.gifts[gift].units, Int128(0))
        for line in serving[gift] where wanted > 0 {
          let count = min(wanted, free[line])
          (wanted, worth) = (wanted - count, worth + Int128(count) * Int128(price(line)))
        }
        if let best, (best.lacks > 0 ? 1 : 0, best.worth) <= (wanted > 0 ? 1 : 0, worth) { continue }
        best = (gift, wanted, worth)
      }
      guard let best else { return }
      take(best.gift)
    }
  }

  /// Pieces of each line that are gifts.
  var units: [(line: Int, units: Int64)] {
    var found: [(line: Int, units: Int64)] = []
    for piece in pieces.joined() {
      if let place = found.firstIndex(where: { $0.line == piece.line }) {
        found[place].units += piece.units
      } else {
        found.append(piece)
      }
    }
    return found
  }
}

extension Run {
  /// Brings the gifts that the shopper chose down to their price: those that the till names, then what lies in the basket.
  func chooseGifts(_ choice: GiftChoice, _ rule: CompiledRule, _ effect: inout Effect) {
    let adds = rule.promotion.addsToTillReductions
    let able = columns.everyLine.filter { columns.pieces($0) > 0 && room($0) > 0 && unitPrice($0) > choice.price.minor }
      .filter { adds || columns.start($0) == columns.shelf($0) }
      .sorted { (unitPrice($0), $0) < (unitPrice($1), $1) }
    var free = noughts(columns.count)
    for line in able { free[line] = columns.pieces(line) }
    var hand = GiftHand(choice, serving: choice.gifts.map { gift in able.filter { columns.matches(gift.goods, $0) } }, free: free)
    for place in scene.basket.choices.indices where scene.basket.choices[place].promotion == rule.promotion.code {
      hand.answers.append((place, grant(scene.basket.choices[place].product, &hand)))
    }
    hand.takeWhatIsThere { unitPrice($0) - choice.price.minor }
    for (line, count) in hand.units { giveAway(count, line, choice.price, &effect) }
    if hand.units.isEmpty { effect.obstacle = .giftNotChosen(left: hand.left) }
    effect.gifts = hand
  }

  private func grant(_ product: ProductID?, _ hand: inout GiftHand) -> AnsweredWish.State {
    guard let product else { return .notAGift }
    let sheet = columns
    func isIt(_ line: Int) -> Bool { sheet.product(line) == product.raw }
    let gifts = hand.choice.gifts
    let there = gifts.indices.filter { gift in hand.serving[gift].contains { isIt($0) && hand.free[$0] > 0 } }
    if let gift = there.first(where: hand.isOpen) {
      hand.take(gift, first: isIt)
      return .given
    }
    let named = gifts.indices.filter { gift in
      if case .products(let ids) = gifts[gift].goods, ids.contains(product) { return true }
      return hand.serving[gift].contains(where: isIt)
    }
    let isInBasket = columns.everyLine.contains(where: isIt)
    if named.isEmpty { return isInBasket ? .notAGift : .notInBasket }
    guard let gift = named.first(where: hand.isOpen) else { return .tooMany }
    // In the basket and none of what serves the gift: its price cannot come down.
    if isInBasket, !hand.serving[gift].contains(where: isIt) { return .notAGift }
    hand.setAside(gift)
    return .notInBasket
  }

  /// So many pieces of the line at the price; all of it to the kopeck, where all of it is given.
  private func giveAway(_ count: Int64, _ line: Int, _ price: Money, _ effect: inout Effect) {
    let (unit, pieces) = (unitPrice(line), columns.pieces(line))
    let wanted = count == pieces ? amount[line] - price.minor * count : (unit - price.minor) * count
    let possible = min(room(line), scaled(room(line), by: count, over: pieces, .down))
    effect.cells[line].base = count == pieces ? amount[line] : unit * count
    effect.cells[line].delta = max(0, min(wanted, possible))
    if wanted > possible { effect.cells[line].notes.insert(.floor) }
  }

  /// Tells the till what may be chosen, and what is.
  mutating func offer(_ hand: GiftHand, _ rule: CompiledRule) {
    guard keepsRecord else { return }
    for answer in hand.answers { wishes[answer.wish] = answer.state }
    var taken = hand.taken
    for gift in taken.indices {
      taken[gift].isOpen = hand.isOpen(gift)
      let pieces = hand.pieces[gift].map { (place: columns.order[$0.line], units: $0.units) }.sorted { $0.place < $1.place }
      taken[gift].pieces = pieces.map { GiftOffer.Piece(line: scene.basket.lines[$0.place].id, units: $0.units) }
    }
    gifts.append(GiftOffer(promotion: rule.position, choice: hand.choice, left: hand.left, taken: taken))
    if hand.left > 0 { noteHint(rule, .giftNotChosen(left: hand.left)) }
  }

  /// Every choice that the till told is answered.
  func answeredWishes() -> [AnsweredWish] {
    scene.basket.choices.indices.map { AnsweredWish(scene.basket.choices[$0], wishes[$0] ?? .notOffered) }
  }
}
