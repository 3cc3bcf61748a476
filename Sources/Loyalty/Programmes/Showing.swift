import Access
import Calculator
import Customers
import Kernel
import Storage

/// Whom a till means, and how it knows.
public struct Showing: Hashable, Sendable {
  public enum Which: Hashable, Sendable {
    /// What was typed, scanned or dictated; its kind where the till knows it.
    case text(String, IdentifierKind?)
    /// Found before, by our own id.
    case member(MemberID)
  }

  public let which: Which
  public let shown: Shown
  /// A code that the member was sent, and that was typed in.
  public let confirmation: ConfirmationID?
  /// Who and what is stopped at this till; nil where nobody is.
  public var post: GuardPost?

  public init(_ which: Which, shown: Shown, confirmation: ConfirmationID? = nil) {
    self.which = which
    self.shown = shown
    self.confirmation = confirmation
  }
}

/// Who was found.
public struct Recognised: Sendable {
  /// `.nobody` where the identifier is nobody's.
  public let shopper: Shopper
  public let strength: Strength
  /// By which a member was found; nil where the till named our id.
  public let found: Identifiers.Found?
  /// Nil where none was named, or it does not stand.
  public let confirmation: Confirmation?
  /// Limits or blocks stop what the member would earn and spend at this till.
  public var isStopped = false

  public static var nobody: Recognised {
    Recognised(shopper: .nobody, strength: .typed, found: nil, confirmation: nil)
  }
}

extension Programme {
  /// Finds who was shown, and reads what rules may ask of them: two statements in one round trip, one more with a code.
  /// - Returns: nobody where the identifier is nobody's; a member whose card is blocked counts as blocked.
  public func identify(_ showing: Showing?, at now: Instant, in tx: inout Transaction) throws -> Recognised {
    guard let showing else { return .nobody }
    var found: Identifiers.Found?
    let profile: MemberProfile
    switch showing.which {
    case .member(let id):
      guard let known = try members.knownProfile(id, at: now, in: &tx) else { return .nobody }
      profile = known
    case .text(let text, let kind):
      guard let match = try members.recognise(readings(of: text, kind), at: now, in: &tx) else { return .nobody }
      (found, profile) = match
    }
    let confirmation = try showing.confirmation.flatMap { try confirmations.find($0, of: profile.member.id, in: &tx) }
    let isProved = confirmation.map { $0.verifiedAt != nil && now < $0.endsAt } ?? false
    let strength = isProved ? .verified : showing.shown.strength
    return Recognised(
      shopper: shopper(profile, shown: strength, isBlocked: found?.isBlocked ?? false), strength: strength, found: found,
      confirmation: isProved ? confirmation : nil
    ).stopped(by: showing.post, in: self)
  }

  /// Codes sent to this programme's members.
  public var confirmations: Confirmations { Confirmations(of: account, programme: id) }

  /// True where spending so many points asks for a code to the member, and none that allows it was typed.
  public func lacksCode(for spent: Points, by identified: Recognised, at now: Instant) -> Bool {
    guard let above = settings.codeAbove, spent > above, let member = identified.shopper.id else { return false }
    return !(identified.confirmation?.allows(spent, of: member, at: now) ?? false)
  }

  /// A sale as this programme takes it: one that comes later than its days counts from its arrival, and that is noted.
  public func receiving(_ sale: Sale, at now: Instant) -> Sale {
    let sold = sale.soldAt ?? sale.basket.time
    guard now - sold > .days(Int64(settings.lateDays)) else { return sale }
    var late = sale
    let age = (now - sold).micros / Span.days(1).micros
    late.notes.append(Discrepancy(.late, stated: age, expected: Int64(settings.lateDays)))
    (late.basket.time, late.soldAt) = (now, nil)
    return late
  }
}
