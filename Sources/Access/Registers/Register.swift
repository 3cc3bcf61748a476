import Kernel

/// One till of a store, or one channel of a shop without tills.
public struct RegisterDetails: Coded {
  public typealias Of = Entity.Register
  public static var noun: String { "register" }

  /// Unique in its store: the number that its fiscal receipts carry, or `web`.
  public let code: String
  public let name: String
  /// What its software accepts on a receipt, as the calculator reads it.
  public let profile: JSON
  public let isClosed: Bool

  public init(code: String, name: String, profile: JSON = .object([JSON.Member]()), isClosed: Bool = false) {
    self.code = code
    self.name = name
    self.profile = profile
    self.isClosed = isClosed
  }

  public var json: JSON { .object(["name": .string(name), "profile": profile, "closed": .bool(isClosed)]) }
  public func check(at pointer: String, _ issues: IssueList) { checkName(name, at: pointer + "/name", issues) }
}
