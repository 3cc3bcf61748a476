import Access
import Cube
import Insight
import Kernel
import Loyalty
import Storage

// What can be asked: the words that pivots take, with what people call them.
extension AnalysisDesk {
  /// `GET /v1/dimensions`: what rows, columns and filters can be, the account's own fields among them.
  func listDimensions(_ call: Call) async throws -> Answer {
    let programme = try await programme(call)
    let own = try await fields(programme).fields.filter { sees($0, call) }.compactMap { field in
      field.dimension.map { ($0, field.name) }
    }
    let all = Dimension.Family.allCases.flatMap(\.dimensions).map { ($0, $0.title) } + own
    return Answer(
      200,
      .object([
        "dimensions": .array(
          all.map { dimension, title in
            .object([
              "dimension": .string(dimension.rawValue), "title": title.json, "family": .string(dimension.family.word),
              "hasMany": .bool(dimension.isMany),
            ])
          })
      ]))
  }

  /// `GET /v1/measures`: what can be shown, the programme's formulas among it.
  func listMeasures(_ call: Call) async throws -> Answer {
    let programme = try await programme(call)
    let book = FormulaBook(of: programme)
    let defined = try await database.read { tx in try book.all(in: &tx) }.filter { $0.archivedAt == nil }
    let formulas = try defined.map { (Measure.formula(try $0.formula), $0.details) }
    let plain = Measure.allCases.map { Self.json($0, formula: nil) }
    let own = formulas.map { Self.json($0, formula: $1.text) }
    return Answer(200, .object(["measures": .array(plain + own)]))
  }

  private static func json(_ measure: Measure, formula: String?) -> JSON {
    .object([
      "measure": .string(measure.rawValue), "title": measure.title.json, "unit": .string(measure.unit.word),
      "formula": formula.map(JSON.string), "scope": measure.tellsMargin ? .string(Scope.margins.rawValue) : nil,
    ])
  }
}

extension Dimension.Family {
  var word: String {
    switch self {
    case .time: "time"
    case .place: "place"
    case .goods: "goods"
    case .sale: "sale"
    case .people: "member"
    }
  }
}

extension Measure.Unit {
  var word: String {
    switch self {
    case .money: "money"
    case .points: "points"
    case .quantity: "quantity"
    case .count: "count"
    case .percent: "percent"
    case .number: "number"
    }
  }
}
