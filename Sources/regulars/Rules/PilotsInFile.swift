import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage

/// A promotion of a rules file, and the pilot that stands beside it.
struct PromotionInFile: Sendable {
  let code: String
  /// Without the pilot: what tills have outside it, or what is on trial where the pilot brings no rules of its own.
  let body: JSON
  /// Where, for whom and when.
  let pilot: JSON?
  /// On trial beside `body`.
  let trial: JSON?

  init(code: String, _ json: JSON) {
    self.code = code
    guard case .object(let members) = json, case .object(let inner)? = json["pilot"] else {
      (body, pilot, trial) = (json, nil, nil)
      return
    }
    body = .object(members.filter { $0.key != "pilot" })
    pilot = .object(inner.filter { $0.key != "rules" })
    trial = json["pilot"]?["rules"]
  }

  var details: PromotionDetails { PromotionDetails(code: code, body: body) }
  /// Tills outside the pilot have it.
  var isForAll: Bool { pilot == nil || trial != nil }
}

/// How a file of rules and the pilots that run get along: a file that says what is so leaves a pilot alone, one that says something else
/// is refused, and a pilot that runs nowhere yet begins.
struct FileOfPilots {
  let programme: Programme
  let names: any Names

  /// Those of the rows that bring anything new.
  /// - Throws: `Problem.conflict` (`pilot_runs`, `pilot_beside_all`).
  func rowsToSave(_ rows: [PromotionInFile], in tx: inout Transaction) throws -> [PromotionInFile] {
    let running = try Pilots(of: programme).running(in: &tx)
    let known = try Promotions(of: programme).promotions(codes: rows.map(\.code), in: &tx)
    return try rows.filter { row in
      guard let stored = known[row.code] else { return true }
      guard let pilot = running[stored.id] else {
        if row.pilot != nil, row.trial == nil, stored.status == .running { throw Self.isEverywhere(row.code) }
        return true
      }
      guard try says(row, pilot, in: &tx) else { throw Self.runs(row.code) }
      return false
    }
  }

  private func says(_ row: PromotionInFile, _ pilot: PromotionPilot, in tx: inout Transaction) throws -> Bool {
    let promotions = Promotions(of: programme)
    let kept = try pilot.kept.map { try promotions.body(of: pilot.promotion, version: $0, in: &tx) }
    guard let scope = row.pilot else { return kept.map { isSame($0, row.body) } ?? false }
    let trial = try promotions.body(of: pilot.promotion, version: pilot.version, in: &tx)
    let isKept = row.trial == nil ? kept == nil : kept.map { isSame($0, row.body) } ?? false
    return isKept && isSame(trial, row.trial ?? row.body) && written(scope) == pilot.scope
  }

  /// However it is spelt.
  private func isSame(_ a: JSON, _ b: JSON) -> Bool { a == b || read(a) == read(b) }

  private func read(_ body: JSON) -> Promotion? {
    var reader = RuleReader(names: names, terms: programme.settings.terms)
    var promotion = reader.promotion(JSONNode(body), id: PromotionID(1))
    promotion?.version = 1
    return promotion
  }

  private func written(_ scope: JSON) -> JSON? {
    var reader = RuleReader(names: names, terms: programme.settings.terms)
    return reader.scope(JSONNode(scope)).map {
      RuleWriter(names: reader.names, amounts: AmountForm(programme.settings.terms)).pilot($0)
    }
  }

  /// Saves what is on trial and begins its pilot.
  func begin(
    _ row: PromotionInFile, _ names: any Names, by change: Change, in tx: inout Transaction
  ) throws -> StoredRuleBook {
    if let trial = row.trial {
      _ = try Promotions(of: programme).save([PromotionDetails(code: row.code, body: trial)], by: change, in: &tx)
    }
    let stored = try programme.promotion(row.code, in: &tx)
    try Pilots(of: programme).begin(
      stored.id, version: stored.version, where: row.pilot ?? .object([]), names, by: change, in: &tx)
    return try RuleBooks(of: programme).publish(names, .promotion(stored.id), by: change, in: &tx)
  }

  private static func runs(_ code: String) -> Problem {
    Problem(
      .conflict, "pilot_runs",
      "a pilot of \(code) runs and the file says something else of it; take the file as `regulars rules export` writes it, or end the "
        + "pilot with `regulars rules pilot roll-out` or `stop`")
  }

  private static func isEverywhere(_ code: String) -> Problem {
    Problem(
      .conflict, "pilot_beside_all",
      "every till has \(code), and the file has it in a pilot alone; give what is tried in the pilot's rules, or pause it first")
  }
}
