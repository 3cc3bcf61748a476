import Kernel
import Loyalty

/// A counter of what tills and other systems do, with the words that its label can have: each is told from zero, since an alert on a rate
/// sees nothing of a series that begins at one.
struct Tally: Sendable {
  let name: String
  let help: String
  let label: String
  /// Empty where only the installation knows them, such as the codes of programmes.
  let words: [String]

  var series: [String] { words.map { Self.series(name, label, $0) } }

  static func series(_ name: String, _ label: String, _ word: String) -> String { "\(name){\(label)=\"\(word)\"}" }

  /// Every counter that `Meters.count` is told of; a test looks that there is no other.
  static let all: [Tally] = [
    Tally(
      "regulars_refusals_total", "Refusals to tills and other systems by their code.", "code",
      refusals),
    Tally(
      "regulars_discrepancies_total", "What did not fit of receipts, returns and cancellations.", "cause",
      Discrepancy.Cause.allCases.map(\.rawValue)),
    Tally("regulars_draws_total", "Draws of games.", "prize", ["drawn", "out-of-stock"]),
    Tally("regulars_holds_total", "What became of holds.", "act", ["made", "used", "released", "ended"]),
    Tally("regulars_shifts_closed_total", "Shifts that tills closed, and whether they tied.", "ties", ["yes", "no"]),
    Tally(
      "regulars_actions_total", "Actions that other systems told of.", "answer", ["given"] + NothingGiven.allCases.map(\.rawValue)),
    Tally("regulars_visitor_events_total", "Events of visitors.", "outcome", ["accepted", "duplicate", "refused"]),
    Tally("regulars_unknown_goods_total", "Goods that were sold and that the catalogue did not know.", "programme", []),
    Tally("regulars_transfers_total", "Points that members gave to members.", "programme", []),
  ]

  /// Codes that one of the descriptions explains.
  private static let refusals = [Description.document, AnalysisDescription.document].reduce(into: [String]()) { all, document in
    for code in (document["x-problems"]?.items ?? []).compactMap({ $0["code"]?.text }) where !all.contains(code) {
      all.append(code)
    }
  }

  private init(_ name: String, _ help: String, _ label: String, _ words: [String]) {
    (self.name, self.help, self.label, self.words) = (name, help, label, words)
  }
}

extension Meters.Expected {
  /// What the description says that a call can be answered; of a page only what an operator is woken for.
  init(_ endpoint: Endpoint) {
    let documents = [Description.document, AnalysisDescription.document]
    let method = endpoint.method.rawValue.lowercased()
    let described = documents.lazy.compactMap { $0.at("paths", endpoint.path, method, "responses") }.first
    let statuses = described?.members.compactMap { Int($0.key) } ?? []
    self.init(endpoint: endpoint.name, statuses: statuses.isEmpty ? [500, 503] : statuses, isTimed: !endpoint.isPage)
  }

  /// Paths that nobody answers at, and methods that they do not take.
  static let others = Meters.Expected(endpoint: "other", statuses: [404, 405], isTimed: true)
}
