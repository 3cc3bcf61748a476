import Access
import Kernel
import Storage

/// A promotion as it is kept: its rules as the marketer wrote them, with a version for every change.
public struct StoredPromotion: Hashable, Sendable {
  public enum Status: String, Sendable, CaseIterable {
    case draft
    /// In the next rule book that is published.
    case running
    case paused
    /// Over for good; receipts still name it.
    case archived

    /// What may follow. The same again is no change and always allowed.
    func mayBecome(_ next: Status) -> Bool {
      switch (self, next) {
      case (.archived, .archived): true
      case (.archived, _): false
      case (_, .draft): self == .draft
      case (.draft, .paused): false
      default: true
      }
    }
  }

  public let id: PromotionID
  /// Unique in the programme.
  public let code: String
  public let status: Status
  /// Counts the changes of the body, from 1.
  public let version: Int64
  public internal(set) var body: JSON
}

extension [StoredPromotion] {
  /// With their rules whole.
  func unpacked(of account: AccountID, in tx: inout Transaction) throws -> [StoredPromotion] {
    let bodies = try RuleParts(of: account).unpack(map(\.body), in: &tx)
    return zip(self, bodies).map { promotion, body in
      var promotion = promotion
      promotion.body = body
      return promotion
    }
  }
}

/// A promotion as a file or a form tells of it.
public struct PromotionDetails: Coded {
  public typealias Of = Entity.Promotion
  public static var noun: String { "promotion" }

  public let code: String
  /// Conditions, benefit, limits and manners, as the calculator reads them.
  public let body: JSON

  public init(code: String, body: JSON) {
    self.code = code
    self.body = body
  }

  public var json: JSON { body }

  public func check(at pointer: String, _ issues: IssueList) {
    guard case .object = body else { return issues.add(pointer + "/body", "not_an_object", "a promotion is an object") }
    if RuleParts.isMarked(body) {
      issues.add(pointer + "/body", "unknown_member", "no member of rules is called \(RuleParts.mark)")
    }
    if body["code"] != .string(code) {
      issues.add(pointer + "/body/code", "other_code", "the promotion's own code is expected here: \"\(code)\"")
    }
  }
}
