import Cube
import Insight
import Kernel
import Storage

/// How the program ends: the numbers that scripts see. They follow `sysexits.h` where it has one.
public enum Ending: Int32, CaseIterable, Sendable {
  case done = 0
  /// The work was done and found differences or trouble, which it listed.
  case trouble = 1
  /// The command line cannot be understood.
  case usage = 64
  /// What was given – a file, a rule, a basket – is refused.
  case refused = 65
  /// The database or another part of the world does not answer.
  case unavailable = 69
  /// A fault of this program.
  case fault = 70
  /// A file or a disk failed.
  case storage = 74
  /// The configuration cannot be used.
  case configuration = 78
  /// Ctrl-C or SIGTERM; what was finished is kept.
  case stopped = 130

  public var meaning: String {
    switch self {
    case .done: "done"
    case .trouble: "done, and differences or trouble were found and listed"
    case .usage: "the command line cannot be understood"
    case .refused: "what was given (a file, a rule, a basket) is refused"
    case .unavailable: "the database does not answer, or its schema is not the one this program needs"
    case .fault: "a fault of this program"
    case .storage: "a file or a disk failed"
    case .configuration: "the configuration cannot be used"
    case .stopped: "stopped by Ctrl-C or SIGTERM; what was finished is kept"
    }
  }
}

/// An error as the person at the terminal reads it: a sentence with its remedy, and the number the program ends with.
public struct Farewell: Hashable, Sendable {
  public let ending: Ending
  public let text: String

  public init(_ error: any Error) {
    switch error {
    case let problem as Problem: (ending, text) = (Self.ending(of: problem), "\(problem)")
    case let failure as StorageFailure: (ending, text) = (Self.ending(of: failure), "\(failure)")
    case let trouble as FileTrouble: (ending, text) = (.storage, "\(trouble); check the path, the rights and the free space")
    case let failure as CubeFailure: (ending, text) = (.storage, "\(failure)")
    case let failure as FeedFailure: (ending, text) = (.storage, "\(failure)")
    case let failure as RollFailure: (ending, text) = (.storage, "\(failure)")
    case let syntax as JSON.SyntaxError:
      (ending, text) = (.refused, "line \(syntax.line), column \(syntax.column): \(syntax.message)")
    case let asked as Stop.Asked: (ending, text) = (.stopped, "stopped; \(asked.remedy)")
    default: (ending, text) = (.fault, "this should not have happened: \(error). Please report it with the command you gave")
    }
  }

  private static func ending(of problem: Problem) -> Ending {
    if problem.code.hasSuffix("_configuration") { return .configuration }
    return problem.kind == .unavailable ? .unavailable : .refused
  }

  private static func ending(of failure: StorageFailure) -> Ending {
    switch failure {
    case .diskFull, .diskFailed, .readOnly, .damaged: .storage
    case .constraint, .statement, .closed: .fault
    default: .unavailable
    }
  }
}
