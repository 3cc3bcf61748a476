import Kernel

/// Numbers a wallet's lots in the order they were made. Never used twice, so the journal can name a lot for ever.
public struct LotNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let raw: UInt32
  public init(_ raw: UInt32) { self.raw = raw }
  /// Of entries that concern no lot: debt, status, points that were never there.
  public static var none: LotNumber { LotNumber(0) }
  public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
  public var description: String { String(raw) }
}

public enum LotKind: Hashable, Sendable {
  case base
  case promotional
  /// Good only for what this promotion names: some goods, some stores.
  case targeted(PromotionID)

  public var family: LotFamily {
    switch self {
    case .base: .base
    case .promotional: .promotional
    case .targeted: .targeted
    }
  }
}

/// The kinds of lots without their scope, in the order they are burnt unless the programme says otherwise.
public enum LotFamily: String, Sendable, CaseIterable { case targeted, promotional, base }

/// Where points came from.
public enum Origin: Hashable, Sendable {
  case receipt(ReceiptID)
  case promotion(PromotionID)
  case opening(ImportID)
  case adjustment(AdjustmentID)
  /// Of a receipt, from a promotion whose points come and go as it says itself.
  case earned(ReceiptID, by: PromotionID)
  case gift(GiftID)
  /// Another member gave them.
  case transfer(TransferID)
  /// Shares so old and so many that they were put together.
  case various
}

extension Origin {
  /// The receipt that earned the points, in whichever way.
  public var receipt: ReceiptID? {
    switch self {
    case .receipt(let id), .earned(let id, _): id
    case .promotion, .opening, .adjustment, .gift, .transfer, .various: nil
    }
  }

  /// Where points of this origin stand that a promotion gave a course of their own.
  func owned(by promotion: PromotionID?) -> Origin {
    if case .receipt(let id) = self, let promotion { .earned(id, by: promotion) } else { self }
  }
}

/// When active points of a lot end.
public enum Expiry: Hashable, Sendable {
  case never
  case at(Instant)
  /// With the wallet's sliding date of the lot's kind.
  case sliding
}

/// Points earned together: they activate and expire as one and are burnt as one.
public struct Lot: Hashable, Sendable {
  public enum Phase: Hashable, Sendable {
    /// Not to be spent yet; nil means until an event.
    case pending(from: Instant?, life: Life)
    case active(Expiry)
  }

  /// What one origin still has in the lot.
  public struct Share: Hashable, Sendable {
    public internal(set) var origin: Origin
    public internal(set) var amount: Points
  }

  public let number: LotNumber
  public let kind: LotKind
  public internal(set) var phase: Phase
  /// The oldest share. Its amount is zero only while every point of the lot is held.
  public internal(set) var first: Share
  /// Shares of lots that coalesced into this one, oldest first.
  public internal(set) var others: [Share] = []

  /// What is left, without what is held.
  public var amount: Points {
    if others.isEmpty { return first.amount }
    return others.reduce(first.amount) { $0 + $1.amount }
  }

  public var isPending: Bool { if case .pending = phase { true } else { false } }
  public var isActive: Bool { !isPending }
  public var origins: [Origin] { [first.origin] + others.map(\.origin) }

  func amount(from origin: Origin) -> Points {
    (others + [first]).reduce(.zero) { $1.origin == origin ? $0 + $1.amount : $0 }
  }

  /// Takes points out, of one origin or oldest first, and says whose they were. - Precondition: they are there.
  mutating func remove(_ amount: Points, of origin: Origin? = nil) -> [Share] {
    var rest = amount
    var taken: [Share] = []
    if origin == nil || first.origin == origin { Self.draw(&rest, from: &first, into: &taken) }
    if rest > .zero {
      for index in others.indices where rest > .zero && (origin == nil || others[index].origin == origin) {
        Self.draw(&rest, from: &others[index], into: &taken)
      }
    }
    precondition(rest == .zero, "a lot gives no more than it has")
    others.removeAll { $0.amount == .zero }
    if first.amount == .zero, !others.isEmpty { first = others.removeFirst() }
    return taken
  }

  private static func draw(_ rest: inout Points, from share: inout Share, into taken: inout [Share]) {
    let part = min(rest, share.amount)
    guard part > .zero else { return }
    share.amount -= part
    rest -= part
    taken.append(Share(origin: share.origin, amount: part))
  }

  mutating func add(_ amount: Points, of origin: Origin) {
    if first.origin == origin {
      first.amount += amount
    } else if let index = others.firstIndex(where: { $0.origin == origin }) {
      others[index].amount += amount
    } else if first.amount == .zero {
      first = Share(origin: origin, amount: amount)
    } else {
      others.append(Share(origin: origin, amount: amount))
    }
  }
}
