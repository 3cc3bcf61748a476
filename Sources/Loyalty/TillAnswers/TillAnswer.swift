import Kernel

/// What a till was told: the last answer for a basket, or a refusal. Kept a week, so that "why didn't my coupon work?" has an answer.
/// What was sold is not here but in its receipt.
public struct TillAnswer: Hashable, Sendable {
  public let id: TillAnswerID
  /// Zero where another system asked and said for no till.
  public let store: StoreID
  /// The till's number; without a store the name of the other system's token.
  public let register: String
  public let at: Instant
  /// What was asked: `calculations`, `receipts`.
  public let call: String
  /// As HTTP numbers them.
  public let status: Int
  /// The refusal's code; empty where it was none.
  public let code: String
  /// Raw id of the member it was for; nil for nobody.
  public let member: MemberID?
  /// The till's own name for the basket.
  public let basket: String?
  /// What was sent, identifiers masked; empty where it could not be read.
  public let request: String
  public let answer: String
  public let requestID: String

  public init(
    id: TillAnswerID, store: StoreID, register: String, at: Instant, call: String, status: Int, code: String = "",
    member: MemberID? = nil, basket: String? = nil, request: String, answer: String, requestID: String
  ) {
    self.id = id
    self.store = store
    self.register = register
    self.at = at
    self.call = call
    self.status = status
    self.code = code
    self.member = member
    self.basket = basket
    self.request = request
    self.answer = answer
    self.requestID = requestID
  }

  public var isRefusal: Bool { status >= 400 }
  /// Nobody knows of which till it is.
  public var isOfSystem: Bool { store == Self.noStore }
  /// The place of what came from no till.
  public static var noStore: StoreID { StoreID(0) }
}

/// Which answers to look for.
public struct TillAnswerQuery: Sendable {
  public var store: StoreID
  public var register: String?
  public var from: Instant
  public var to: Instant
  public var refusalsOnly: Bool
  public var before: TillAnswerID?

  public init(
    store: StoreID, register: String? = nil, from: Instant, to: Instant, refusalsOnly: Bool = false, before: TillAnswerID? = nil
  ) {
    self.store = store
    self.register = register
    self.from = from
    self.to = to
    self.refusalsOnly = refusalsOnly
    self.before = before
  }
}
