import Calculator
import Conditions
import Kernel
import Storage

/// A coupon or certificate that was shown at a till and refused. Its code is not kept.
public struct GuardRefusal: Hashable, Sendable {
  /// Why it was refused, as it is stored and shown.
  public enum Reason: Hashable, Sendable {
    case coupon(PresentedCoupon.State)
    case certificate(PresentedCertificate.State)

    /// Nil where nothing was refused that somebody tried. A coupon that is held stands on another basket of the same shopper, most often.
    public init?(_ cause: Calculator.Cause) {
      switch cause {
      case .coupon(let state) where state != .valid && state != .held: self = .coupon(state)
      case .certificate(.unknown): self = .certificate(.unknown)
      case .certificate(.wrongPin): self = .certificate(.wrongPin)
      default: return nil
      }
    }

    var text: String {
      switch self {
      case .coupon(let state): "coupon \(state.rawValue)"
      case .certificate(let state): "certificate \(state.rawValue)"
      }
    }

    init?(text: String) {
      let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      if parts[0] == "coupon", let state = PresentedCoupon.State(rawValue: parts[1]) {
        self = .coupon(state)
      } else if let state = PresentedCertificate.State(rawValue: parts[1]) {
        self = .certificate(state)
      } else {
        return nil
      }
    }
  }

  public let store: StoreID
  public let register: String
  public let cashier: String?
  public let member: MemberID?
  public let day: CivilDay
  public let at: Instant
  public let reason: Reason
  /// The till, its basket and the code as a fingerprint: the same code for the same basket is one, however often the basket is priced.
  public let name: String

  public init(
    _ reason: Reason, of code: String, basket: String?, store: StoreID, register: String, cashier: String?, member: MemberID?,
    on day: CivilDay, at moment: Instant
  ) {
    (self.reason, self.store, self.register, self.cashier, self.member) = (reason, store, register, cashier, member)
    (self.day, at) = (day, moment)
    var hash = StableHash()
    hash.mix([register, basket ?? "", member?.description ?? "", code].joined(separator: "\t"))
    name = String(hash.value, radix: 36)
  }

  init(_ row: Row) throws {
    guard let reason = Reason(text: row.text(6)) else { throw StorageFailure.damaged("guard_refusal.reason holds \(row.text(6))") }
    (store, register, cashier, day, at) = (row.id(0), row.text(1), row.textOrNil(2), row.day(4), row.instant(5))
    (member, name) = (row.int(3) == 0 ? nil : row.id(3), row.text(7))
    self.reason = reason
  }

  /// Those who showed it and those who typed it in.
  var places: [GuardPlace] {
    (cashier.map { [GuardPlace(.cashier, $0, at: store)] } ?? []) + [GuardPlace(.register, register, at: store)]
  }

  /// The latest at a cashier or till or of a member, for a page about them.
  public static func latest(
    of place: GuardPlace, in programme: Programme, through today: CivilDay, limit: Int, in tx: inout Transaction
  ) throws -> [GuardRefusal] {
    guard place.kind != .operator, place.kind != .card else { return [] }
    let days = today.adding(days: 1 - UnusualReport.lookedAt)...today
    return try tx.rows(GuardRefusalSQL.latest(place, days, programme, limit)).map(GuardRefusal.init)
  }
}
