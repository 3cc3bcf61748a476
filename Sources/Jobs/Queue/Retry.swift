import Kernel
import Storage

/// How often something is tried again and after what pauses: twice as long after each failure, up to a longest, each shifted by a
/// quarter at most, so that what failed together does not come back together.
public struct Retry: Hashable, Sendable {
  public let first: Span
  public let longest: Span
  /// After so many attempts it is given up.
  public let attempts: Int

  public init(first: Span, longest: Span, attempts: Int) {
    self.first = first
    self.longest = longest
    self.attempts = attempts
  }

  /// 5 s, 10 s, 20 s … up to an hour; given up after fifteen attempts, about four hours.
  public static let jobs = Retry(first: .seconds(5), longest: .hours(1), attempts: 15)

  /// How long to wait after the attempt with this number, from 1.
  /// - Parameter dice: any number; the same gives the same pause.
  public func pause(after attempt: Int, dice: UInt64) -> Span {
    var pause = first.micros
    for _ in 1..<max(2, min(attempt, 63)) where attempt > 1 && pause < longest.micros { pause *= 2 }
    pause = min(pause, longest.micros)
    let quarter = max(1, pause / 4)
    return Span(micros: pause - quarter + Int64(dice % UInt64(2 * quarter)))
  }
}

/// What may be stored of an error: its kind and stable code. Details can hold what a member typed or a database quotes of a row.
public func plainWord(_ error: any Error) -> String {
  switch error {
  case let problem as Problem: "refused: \(problem.code)"
  case let failure as StorageFailure: "storage: \(failure.word)"
  case let told as any PlainlyTold: told.plainText
  default: String(describing: type(of: error))
  }
}

/// An error whose text holds nothing of a person and may be stored.
public protocol PlainlyTold: Error {
  /// At most `Limits.name` characters are kept.
  var plainText: String { get }
  /// To try again would not help.
  var isFinal: Bool { get }
}

extension PlainlyTold { public var isFinal: Bool { false } }

extension StorageFailure {
  /// The case alone: what stands behind it may quote a row.
  var word: String {
    switch self {
    case .unknownOutcome: "unknown outcome"
    case .connectionLost: "connection lost"
    case .diskFull: "disk full"
    case .diskFailed: "disk failed"
    case .readOnly: "read only"
    case .schemaTooNew, .schemaMissing, .schemaChanged: "another schema"
    case .damaged: "damaged"
    case .constraint: "a rule of the schema"
    case .busy: "busy"
    case .closed: "closed"
    case .statement: "a statement was refused"
    }
  }
}
