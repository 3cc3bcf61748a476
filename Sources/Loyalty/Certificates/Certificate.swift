import Kernel

/// A code that is money. Selling it is an advance: the money is the shop's when goods are paid with it.
public struct Certificate: Hashable, Sendable {
  public enum State: Int64, Sendable, CaseIterable {
    /// Printed and not sold yet: worth nothing.
    case blank = 0
    case active
    /// Nothing is left.
    case spent
    /// What was left at its end is the shop's.
    case lapsed
    case void
  }

  /// Set aside, as a whole, for an open basket.
  public struct Held: Hashable, Sendable {
    public let by: HoldID
    public let until: Instant
  }

  /// Wrong numbers in a row after which it is locked.
  public static var tries: Int64 { 5 }

  /// In capitals, as it is printed.
  public let code: String
  public let series: CertificateSeriesID
  public let batch: CertificateBatchID?
  public internal(set) var state: State
  public internal(set) var balance: Money
  public let issuedAt: Instant
  /// When it was sold.
  public internal(set) var activatedAt: Instant?
  public internal(set) var until: Instant?
  public internal(set) var wrongPins: Int64
  public internal(set) var held: Held?

  public var isLocked: Bool { wrongPins >= Self.tries }

  /// Somebody else's, for whoever comes with this hold or without one.
  func isHeld(from hold: HoldID?, at now: Instant) -> Bool { held.map { $0.by != hold && now < $0.until } ?? false }
}

/// One movement of a certificate's money. Never changed; what is left of a certificate is the sum of its movements.
public struct CertificateEntry: Hashable, Sendable {
  public enum Kind: Int64, Sendable, CaseIterable {
    case sold = 1
    case loaded
    case paid
    /// Goods that were paid with it came back.
    case refunded
    /// Its time was over, or it was good for one receipt.
    case lapsed
    /// What had lapsed with a receipt that came back.
    case restored
    /// The certificate itself came back to the shop.
    case takenBack
    case voided
    /// By somebody of the staff, with a reason.
    case adjusted
    /// What was left on it when it was taken over from another system.
    case opened
    /// By a promotion, with a receipt: nobody paid for it.
    case given
  }

  public let id: CertificateEntryID
  public let code: String
  public let series: CertificateSeriesID
  public let kind: Kind
  /// What the balance changed by.
  public let change: Money
  public let at: Instant
  public let postedAt: Instant
  public let cause: Cause

  public enum Cause: Hashable, Sendable {
    case receipt(ReceiptID, of: Int64, at: StoreID)
    case refund(ReturnID, of: ReceiptID, at: StoreID)
    case time
    case staff(String, reason: String)
  }
}

/// A certificate with what happened to it in this transaction.
struct OpenCertificate {
  /// As it was read.
  let before: Certificate
  private(set) var certificate: Certificate
  let series: CertificateSeriesDetails
  /// What numbers under the strip are made with; nil where there are none.
  let pinSecret: String?
  private(set) var moves: [(kind: CertificateEntry.Kind, change: Money)] = []

  init(_ certificate: Certificate, in series: CertificateSeriesDetails, pinSecret: String? = nil) {
    (before, self.certificate, self.series, self.pinSecret) = (certificate, certificate, series, pinSecret)
  }

  var isChanged: Bool { certificate != before }

  private mutating func move(_ kind: CertificateEntry.Kind, _ change: Money) {
    guard change != .zero else { return }
    certificate.balance += change
    moves.append((kind, change))
  }

  /// Sold for this much, or loaded with it.
  /// - Returns: what it should have been sold for; equal to the amount where all is in order.
  mutating func sell(for amount: Money, at now: Instant, in zone: Zone) -> Money {
    let isFresh = certificate.state == .blank
    guard isFresh || certificate.state != .void && series.use == .reloadable else { return .zero }
    let (worth, isRight) = isFresh ? series.worth(soldFor: amount) : (amount, true)
    let end = series.end(from: now, in: zone)
    certificate.until = certificate.until.map { old in end.map { max(old, $0) } } ?? end
    if certificate.activatedAt == nil { certificate.activatedAt = now }
    certificate.state = .active
    move(isFresh ? .sold : .loaded, worth)
    return isRight ? amount : worth
  }

  /// Pays as much of the amount as it has. What is left of one for a single receipt lapses.
  mutating func pay(_ amount: Money, with hold: HoldID?, at now: Instant) -> Money {
    guard certificate.state == .active, !certificate.isHeld(from: hold, at: now) else { return .zero }
    (certificate.held, certificate.wrongPins) = (nil, 0)
    let paid = max(.zero, min(amount, certificate.balance))
    guard paid > .zero else { return .zero }
    move(.paid, .zero - paid)
    if series.use == .single { move(.lapsed, .zero - certificate.balance) }
    if certificate.balance == .zero { certificate.state = .spent }
    return paid
  }

  /// Gives back what goods had been paid with it, and what had lapsed with them; good at least until then.
  mutating func giveBack(_ paid: Money, lapsed: Money, goodUntil least: Instant) {
    move(.refunded, paid)
    move(.restored, lapsed)
    guard certificate.balance > .zero, certificate.state != .void else { return }
    certificate.state = .active
    certificate.until = certificate.until.map { max($0, least) }
  }

  /// The certificate itself comes back, or what was loaded does.
  /// - Returns: how much of the amount was there.
  mutating func takeBack(_ amount: Money) -> Money {
    let taken = min(amount, certificate.balance)
    move(.takenBack, .zero - taken)
    guard certificate.balance == .zero, certificate.state != .void else { return taken }
    // Untouched, it can be sold again; used, it is over.
    if taken == amount, series.use != .reloadable {
      (certificate.state, certificate.activatedAt, certificate.until) = (.blank, nil, nil)
    } else {
      certificate.state = .spent
    }
    return taken
  }

  /// What a promotion gave and is lost: what is left on it goes, and nobody sells it.
  mutating func takeBackGiven() {
    move(.takenBack, .zero - certificate.balance)
    if certificate.state == .active { certificate.state = .spent }
    certificate.held = nil
  }

  mutating func lapse() {
    move(.lapsed, .zero - certificate.balance)
    certificate.state = .lapsed
    certificate.held = nil
  }

  mutating func void() {
    move(.voided, .zero - certificate.balance)
    certificate.state = .void
    certificate.held = nil
  }

  /// Taken over from another system, where it was sold.
  mutating func open(with balance: Money, soldAt: Instant, until: Instant?) {
    (certificate.activatedAt, certificate.until) = (soldAt, until)
    certificate.state = balance > .zero ? .active : .spent
    move(.opened, balance)
  }

  /// Brought by a receipt.
  mutating func give(_ amount: Money, at now: Instant, in zone: Zone) {
    (certificate.activatedAt, certificate.until) = (now, series.end(from: now, in: zone))
    certificate.state = .active
    move(.given, amount)
  }

  mutating func unlock() { certificate.wrongPins = 0 }

  mutating func adjust(by change: Money, at now: Instant, in zone: Zone) {
    move(.adjusted, change)
    certificate.state = certificate.balance > .zero ? .active : .spent
    // Or the night would take what somebody has just put on it.
    if change > .zero, let until = certificate.until, until <= now { certificate.until = series.end(from: now, in: zone) }
  }
}
