import Calculator
import Conditions
import Kernel

/// A version of a promotion that is tried in some places, and what became of it.
public struct PromotionPilot: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case running
    /// All tills have the version that was tried.
    case rolledOut = "rolled-out"
    /// All tills are back at what the others had.
    case stopped
  }

  public let id: PilotID
  public let promotion: PromotionID
  /// On trial.
  public let version: Int64
  /// What the others have meanwhile; nil where they have none.
  public let kept: Int64?
  /// Where, for whom and when: as `RuleReader.scope` reads it.
  public let scope: JSON
  public let state: State
  /// The first rule book that has it on trial.
  public let sinceRules: Int64
  /// The first that has not any more.
  public let untilRules: Int64?
  public let begunAt: Instant
  /// As the audit trail writes it.
  public let begunBy: String
  public let endedAt: Instant?
  public let endedBy: String?
}

extension PromotionPilot {
  /// The trail says how many members are listed, and not who.
  var scopeWithoutPeople: JSON {
    guard case .object(let members) = scope else { return scope }
    return .object(
      members.map { member in
        if member.key == "members", case .array(let people) = member.value {
          return JSON.Member("members", .int(Int64(people.count)))
        }
        return member
      })
  }
}

public typealias PilotID = ID<Entity.Pilot>

/// What the versions of a promotion gave while one of them was on trial: all that was sold by the rule books of a pilot.
public struct PilotResults: Hashable, Sendable {
  public let trial: GiftDay
  /// Where the pilot did not take place.
  public let kept: GiftDay
}

enum PilotProblem {
  static func runs(_ code: String) -> Problem {
    Problem(
      .conflict, "pilot_runs", "a pilot of the promotion \"\(code)\" runs; roll it out or stop it first",
      cashier: LocalText(
        ru: "Идёт пилот акции «\(code)». Сначала распространите его на все магазины или остановите",
        en: "A pilot of the promotion “\(code)” runs. Roll it out or stop it first"))
  }

  static func none(_ code: String) -> Problem {
    Problem(
      .conflict, "pilot_none", "no pilot of the promotion \"\(code)\" runs",
      cashier: LocalText(ru: "Пилот акции «\(code)» уже закончен", en: "No pilot of the promotion “\(code)” runs any more"))
  }

  static func moved(_ code: String) -> Problem {
    Problem(
      .conflict, "pilot_moved", "another pilot of the promotion \"\(code)\" runs by now; look at it again",
      cashier: LocalText(
        ru: "Пока вы смотрели, начали другой пилот акции «\(code)». Прочтите и повторите",
        en: "While you were looking, another pilot of “\(code)” began. Read it and try again"))
  }

  static func same(_ code: String, _ version: Int64) -> Problem {
    Problem(
      .conflict, "pilot_same", "all tills have version \(version) of the promotion \"\(code)\" already; there is nothing to try",
      cashier: LocalText(
        ru: "Версия \(version) акции «\(code)» и так на всех кассах", en: "All tills have version \(version) of “\(code)” already"))
  }
}
