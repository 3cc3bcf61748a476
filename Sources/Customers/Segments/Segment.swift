import Access
import Kernel

/// What is said of a set of members.
public struct SegmentDetails: Coded {
  public typealias Of = Entity.Segment
  public static var noun: String { "segment" }

  /// How a segment comes by its members. Whichever it is, a membership is a row: the till reads rows and evaluates nothing.
  public enum Kind: String, Sendable, CaseIterable {
    /// A condition, evaluated again and again by a job.
    case dynamic
    /// A list that somebody keeps.
    case `static`
    /// A condition, evaluated once by a job and then frozen.
    case snapshot
  }

  /// Unique in the account; rules name the segment by it.
  public let code: String
  public let name: LocalText
  /// Fixed once the segment is made.
  public let kind: Kind

  public init(code: String, name: LocalText, kind: Kind) {
    self.code = code
    self.name = name
    self.kind = kind
  }

  public var json: JSON {
    .object([
      "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "kind": .string(kind.rawValue),
    ])
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
  }
}
