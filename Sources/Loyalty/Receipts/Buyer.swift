import Calculator
import Customers
import Kernel
import Storage

/// Who bought: known already, or still to be found by what a till was shown.
public struct Buyer: Sendable {
  /// Behind a reference: a programme is some forty values to copy, and a sale is handed on a dozen times.
  indirect enum Which: Sendable {
    case known(Shopper)
    case shown(Showing, Programme)
  }

  let which: Which
  /// When it was sold: tiers are as of then.
  let time: Instant
  /// What the till took off in points: more than the programme allows without a code is noted.
  let spent: Points

  private init(_ which: Which, at time: Instant, spent: Points = .zero) {
    (self.which, self.time, self.spent) = (which, time, spent)
  }

  public static func known(_ shopper: Shopper) -> Buyer { Buyer(.known(shopper), at: Instant(seconds: 0)) }

  /// Whom nobody knows buys as nobody, and that is noted.
  /// - Parameter showing: nil where nobody was shown.
  public static func shown(_ showing: Showing?, in programme: Programme, spending wish: SpendWish, at time: Instant) -> Buyer {
    guard let showing else { return known(.nobody) }
    let spent: Points = if case .points(let points) = wish { points } else { .zero }
    return Buyer(.shown(showing, programme), at: time, spent: spent)
  }

  /// Finds the buyer, with what did not fit. Two statements in one round trip, one more with a code; none for who is known.
  func find(at now: Instant, in tx: inout Transaction) throws -> FoundBuyer {
    switch which {
    case .known(let shopper): return FoundBuyer(shopper)
    case .shown(let showing, let programme):
      return told(try programme.identify(showing, at: time, in: &tx), programme, at: now)
    }
  }

  private func told(_ found: Recognised, _ programme: Programme, at now: Instant) -> FoundBuyer {
    guard found.shopper.id != nil else { return FoundBuyer(.nobody, [Discrepancy(.unknownMember, stated: 0, expected: 0)]) }
    let card = programme.countedCard(found.found)
    let stopped = found.isStopped ? [Discrepancy.stop] : []
    guard spent > .zero, programme.lacksCode(for: spent, by: found, at: now) else {
      return FoundBuyer(found.shopper, stopped, card: card)
    }
    let allowed = programme.settings.codeAbove ?? .zero
    let lacking = Discrepancy(.unconfirmed, stated: spent.units, expected: allowed.units)
    return FoundBuyer(found.shopper, stopped + [lacking], card: card)
  }

  /// Finds many buyers of one programme together: one statement.
  /// - Returns: in their order; nil where one has to be found alone, because a code is to be looked up.
  static func find(_ buyers: [Buyer], at now: Instant, in tx: inout Transaction) throws -> [FoundBuyer?] {
    var asked: [(place: Int, showing: Showing, time: Instant)] = []
    var answers: [FoundBuyer?] = buyers.map { _ in nil }
    var common: Programme?
    for (place, buyer) in buyers.enumerated() {
      switch buyer.which {
      case .known(let shopper): answers[place] = FoundBuyer(shopper)
      case .shown(let showing, let programme):
        guard common == nil || common?.id == programme.id else { continue }
        common = programme
        asked.append((place, showing, buyer.time))
      }
    }
    guard let common else { return answers }
    let found = try common.identify(asked.map { ($0.showing, $0.time) }, in: &tx)
    for (one, recognised) in zip(asked, found) {
      answers[one.place] = recognised.map { buyers[one.place].told($0, common, at: now) }
    }
    return answers
  }
}

/// A buyer with what did not fit.
struct FoundBuyer: Sendable {
  let shopper: Shopper
  let notes: [Discrepancy]
  /// By which card, as limits count it; nil where none does.
  let card: String?

  init(_ shopper: Shopper, _ notes: [Discrepancy] = [], card: String? = nil) {
    (self.shopper, self.notes, self.card) = (shopper, notes, card)
  }
}

extension Programme {
  /// Finds many who were shown, each as of a moment of its own: one statement where many can write.
  /// - Returns: in their order, nobody where it is nobody's; nil where one has to be found alone, because a code is to be looked up.
  func identify(_ many: [(showing: Showing?, time: Instant)], in tx: inout Transaction) throws -> [Recognised?] {
    var answers: [Recognised?] = many.map { $0.showing == nil ? .nobody : nil }
    var asked: [(place: Int, showing: Showing, inquiry: Members.Inquiry)] = []
    for (place, one) in many.enumerated() {
      guard let showing = one.showing, showing.confirmation == nil else { continue }
      let inquiry =
        switch showing.which {
        case .member(let id): Members.Inquiry(id, at: one.time)
        case .text(let text, let kind): Members.Inquiry(readings(of: text, kind), at: one.time)
        }
      asked.append((place, showing, inquiry))
    }
    guard !asked.isEmpty else { return answers }
    for (one, match) in zip(asked, try members.recognise(asked.map(\.inquiry), in: &tx)) {
      answers[one.place] = match.map { recognised($0.found, $0.profile, one.showing) } ?? .nobody
    }
    return answers
  }

  func readings(of text: String, _ kind: IdentifierKind?) -> [Identifier] {
    let rules = settings.identifiers
    return kind.map { rules.identifier($0, text).map { [$0] } ?? [] } ?? rules.readings(of: text)
  }

  /// Somebody who was found, where no code is looked at.
  private func recognised(_ found: Identifiers.Found?, _ profile: MemberProfile, _ showing: Showing) -> Recognised {
    let strength = showing.shown.strength
    return Recognised(
      shopper: shopper(profile, shown: strength, isBlocked: found?.isBlocked ?? false), strength: strength, found: found,
      confirmation: nil
    ).stopped(by: showing.post, in: self)
  }
}
