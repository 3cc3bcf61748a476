import Cube
import Kernel

/// A pivot as JSON, for files, saved reports and interfaces, and as the words of a command line or an address.
///
/// `{"rows": ["department"], "columns": ["month"], "values": ["sales", "members"], "where": [{"by": "city", "in": ["Kazan"]},
/// {"by": "brand", "not": ["X"]}], "from": "2026-01-01", "to": "2026-06-30", "sort": {"by": "sales", "descending": true}, "top": 20,
/// "compare": "year"}`
public enum PivotForm {
  /// Words of one filter.
  static let labels = 1_000
  static let filters = 20

  /// - Throws: `Problem.invalid` with every place to mend.
  public static func pivot(_ json: JSON) throws(Problem) -> Pivot {
    let node = JSONNode(json)
    node.expect("rows", "columns", "values", "where", "from", "to", "sort", "top", "everybody", "compare")
    func dimensions(_ key: String) -> [Dimension] { node[key].items(max: 8).compactMap { $0.word() } }
    var pivot = Pivot(
      rows: dimensions("rows"), columns: dimensions("columns"), values: node["values"].items(max: 8).compactMap(measure))
    pivot.filters = filters(node["where"])
    if node["from"].isPresent { pivot.first = node["from"].day() }
    if node["to"].isPresent { pivot.last = node["to"].day() }
    if node["everybody"].isPresent { pivot.isOfEverybody = node["everybody"].bool() ?? false }
    if node["top"].isPresent { pivot.top = node["top"].int(1...1_000).map(Int.init) }
    if node["sort"].isPresent {
      node["sort"].expect("by", "descending")
      let isDescending = node["sort"]["descending"].isPresent ? node["sort"]["descending"].bool() ?? true : true
      if let by = measure(node["sort"]["by"]) { pivot.order = .value(by, isDescending: isDescending) }
    }
    if node["compare"].isPresent { pivot.compare = comparison(node["compare"], json["compare"]) }
    try node.issues.check("the pivot")
    try pivot.check()
    return pivot
  }

  private static func filters(_ node: JSONNode) -> [Pivot.Filter] {
    node.items(max: filters).compactMap { filter -> Pivot.Filter? in
      filter.expect("by", "in", "not")
      let (isIn, isOut) = (filter["in"].isPresent, filter["not"].isPresent)
      if isIn == isOut { filter.refuse("one_of", "say either in or not") }
      let labels = filter[isOut ? "not" : "in"].items(max: labels).compactMap { $0.text(orEmpty: false) }
      guard let by: Dimension = filter["by"].word() else { return nil }
      return Pivot.Filter(by, labels, isExcluded: isOut)
    }
  }

  /// Filters alone, as `where` of a pivot has them: of ready reports, in addresses and kept tiles.
  /// - Throws: `Problem.invalid` with every place to mend.
  public static func filters(_ json: JSON) throws(Problem) -> [Pivot.Filter] {
    let node = JSONNode(.object(["where": json]))
    let found = filters(node["where"])
    try node.issues.check("the filters")
    return found
  }

  /// The same from words such as `city=Kazan,Perm` and `city!=Kazan`.
  public static func filters(words: [String]) throws(Problem) -> [Pivot.Filter] { try filters(.array(wheres(words))) }

  public static func json(_ filters: [Pivot.Filter]) -> JSON {
    .array(
      filters.map { filter in
        .object([
          .init("by", .string(filter.dimension.rawValue)),
          .init(filter.isExcluded ? "not" : "in", .array(filter.labels.map(JSON.string))),
        ])
      })
  }

  private static func wheres(_ filters: [String]) throws(Problem) -> [JSON] {
    try filters.map { filter throws(Problem) in
      let isOut = filter.contains("!=")
      guard let at = filter.range(ofFirst: isOut ? "!=" : "=") else {
        throw Problem(.invalid, "invalid_filter", "\(filter): a filter is such as city=Kazan,Perm or city!=Kazan")
      }
      return .object([
        .init("by", .string(String(filter[..<at.lowerBound]))),
        .init(isOut ? "not" : "in", .array(list(String(filter[at.upperBound...])))),
      ])
    }
  }

  private static func list(_ text: String) -> [JSON] { text.split(separator: ",").map { .string(String($0)) } }

  /// `previous`, `year`, `holidays`, or days from and to. What was kept before there was a choice says `true`: the days before.
  private static func comparison(_ node: JSONNode, _ json: JSON?) -> Comparison? {
    switch json {
    case .bool(let isOn)?: return isOn ? .previous : nil
    case .string("previous")?: return .previous
    case .string("year")?: return .year
    case .string("holidays")?: return .holidays
    case .object?:
      node.expect("from", "to")
      let isWhole = [node["from"].required(), node["to"].required()].allSatisfy(\.self)
      guard isWhole, let first = node["from"].day(), let last = node["to"].day() else { return nil }
      guard first <= last else {
        node["to"].refuse("before_first", "the last day is before the first")
        return nil
      }
      return .days(first...last)
    case .null?, .int?, .number?, .string?, .array?, nil:
      node.refuse("unknown_word", "compare with previous, year, holidays, or {\"from\": day, \"to\": day}")
      return nil
    }
  }

  static func json(_ comparison: Comparison) -> JSON {
    switch comparison {
    case .previous: .string("previous")
    case .year: .string("year")
    case .holidays: .string("holidays")
    case .days(let days): .object(["from": .string("\(days.lowerBound)"), "to": .string("\(days.upperBound)")])
    }
  }

  /// - Throws: `Problem.invalid` for what is none.
  public static func comparison(of word: String) throws(Problem) -> Comparison? {
    let node = JSONNode(.object(["compare": comparison(word)]))
    let found = comparison(node["compare"], comparison(word))
    try node.issues.check("the comparison")
    return found
  }

  /// From a word: `previous`, `year`, `holidays`, or days such as `2025-11-01..2025-11-15`.
  static func comparison(_ word: String) -> JSON {
    guard let dots = word.range(ofFirst: "..") else { return .string(word) }
    return .object(["from": .string(String(word[..<dots.lowerBound])), "to": .string(String(word[dots.upperBound...]))])
  }

  /// A value by its word, or a formula; what cannot be read of one is refused with its character.
  private static func measure(_ node: JSONNode) -> Measure? {
    guard let word = node.text(max: Formula.length + 20) else { return nil }
    if let known = Measure(rawValue: word) { return known }
    guard Formula.isMeant(by: word) else {
      let known = Measure.allCases.map(\.rawValue).joined(separator: ", ")
      node.refuse(
        "unknown_word", "\"\(word)\" is not known here; known are \(known), and formulas of them such as margin / sales:percent")
      return nil
    }
    do throws(FormulaFault) { return .formula(try Formula(word: word)) } catch {
      node.refuse("formula", "\"\(word)\": \(error.message.en)")
      return nil
    }
  }

  public static func json(_ pivot: Pivot) -> JSON {
    func words(_ dimensions: [Dimension]) -> JSON? { dimensions.isEmpty ? nil : .array(dimensions.map { .string($0.rawValue) }) }
    var sort: JSON?
    if case .value(let measure, let isDescending) = pivot.order {
      sort = .object(["by": .string(measure.rawValue), "descending": .bool(isDescending)])
    }
    return .object([
      "rows": words(pivot.rows), "columns": words(pivot.columns), "values": .array(pivot.values.map { .string($0.rawValue) }),
      "where": pivot.filters.isEmpty ? nil : json(pivot.filters), "from": pivot.first.map { .string("\($0)") },
      "to": pivot.last.map { .string("\($0)") }, "sort": sort, "top": pivot.top.map { .int(Int64($0)) },
      "everybody": pivot.isOfEverybody ? true : nil,
      "compare": pivot.compare.map(json),
    ])
  }

  /// A pivot from words: dimensions and values with commas between, `city=Kazan,Perm` or `city!=Kazan` for filters, `sales` or `-sales`
  /// (downwards) to sort by.
  public static func pivot(
    rows: String, columns: String, values asked: String, filters: [String], sort: String?, top: Int?, from: String?, to: String?,
    compare: String? = nil
  ) throws(Problem) -> Pivot {
    func values(_ text: String) -> [JSON] { text.split(separator: ",").map { .string(String($0.drop { $0 == " " })) } }
    let wheres = try wheres(filters)
    let order = sort.map { text -> JSON in
      let isDescending = text.hasPrefix("-")
      return .object(["by": .string(String(isDescending ? text.dropFirst() : text[...])), "descending": .bool(isDescending)])
    }
    return try pivot(
      .object([
        "rows": .array(list(rows)), "columns": .array(list(columns)), "values": .array(values(asked)),
        "where": wheres.isEmpty ? nil : .array(wheres), "from": from.map(JSON.string), "to": to.map(JSON.string), "sort": order,
        "top": top.map { .int(Int64($0)) }, "compare": compare.map(comparison),
      ]))
  }
}

extension String {
  fileprivate func range(ofFirst mark: String) -> Range<Index>? {
    var place = startIndex
    while place < endIndex {
      if self[place...].hasPrefix(mark) { return place..<index(place, offsetBy: mark.count) }
      place = index(after: place)
    }
    return nil
  }
}
