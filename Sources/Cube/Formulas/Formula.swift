import Kernel

/// A value that a retailer makes of others, such as `margin / sales`: worked out in every cell and every total from the measures of that
/// very cell or total. A total of a formula is therefore never a sum of quotients.
///
/// It is written into a question, or defined for a programme and named by its code; one that is named knows its expression only after
/// `Pivot.settled`.
public struct Formula: Sendable {
  /// How its value is written.
  public enum Format: Hashable, Sendable {
    case money
    /// A ratio, shown as so many of a hundred.
    case percent
    case number(digits: Int)
  }

  /// Digits after the point that money and points have: what turns smallest units into what people mean by `sales`.
  public struct Scales: Hashable, Sendable {
    public let money: Int
    public let points: Int
    public init(money: Int, points: Int) { (self.money, self.points) = (money, points) }
  }

  /// Characters of an expression.
  public static let length = 300
  /// Digits after the point of numbers.
  public static let digits = 0...6

  /// Nil: it stands in the question itself.
  public let code: String?
  /// As people know it; its expression where nobody named it.
  public let title: LocalText
  public let format: Format
  let term: FormulaTerm?
  var scales: Scales?

  /// One that stands in the question.
  /// - Throws: where it cannot be read, and why.
  public init(_ text: String, format: Format = .number(digits: 4)) throws(FormulaFault) {
    let term = try FormulaParser.term(text)
    (code, title, self.format, self.term) = (nil, LocalText(ru: term.text, en: term.text), format, term)
  }

  /// One that a programme defined.
  /// - Throws: where it cannot be read, and why.
  public init(code: String, title: LocalText, _ text: String, format: Format) throws(FormulaFault) {
    (self.code, self.title, self.format, term) = (code, title, format, try FormulaParser.term(text))
  }

  /// The name of one that is looked for when the question is asked.
  public init(named code: String) {
    (self.code, title, format, term) = (code, LocalText(ru: code, en: code), .number(digits: 2), nil)
  }

  /// The expression as it is written plainly; nil while only its name is known.
  public var text: String? { term?.text }

  /// True where it can be worked out.
  public var isSettled: Bool { term != nil && scales != nil }

  /// Measures that it is made of, each once, in the order in which it names them.
  public var measures: [Measure] { term?.measures ?? [] }

  public func settled(_ scales: Scales) -> Formula {
    var formula = self
    formula.scales = scales
    return formula
  }

  /// The value in the smallest unit of its format: of money, parts per million, or of the digits. Halves are rounded away from nought.
  ///
  /// Nil where a measure has none, where something is divided by nought, and where it has more than eighteen digits. Exact until it is
  /// rounded: fractions of 128 bits, and of any length where those do not do.
  /// - Parameter measured: values in their smallest units.
  public func value(_ measured: (Measure) -> Int64?) -> Int64? {
    guard let term, let scales else { return nil }
    let scale = Self.power(digits(scales))
    do throws(FormulaStop) { return try term.solved(NarrowFraction.self, scales, measured).rounded(by: scale) } catch {
      guard error == .tooWide else { return nil }
    }
    do throws(FormulaStop) { return try term.solved(WideFraction.self, scales, measured).rounded(by: scale) } catch { return nil }
  }

  private func digits(_ scales: Scales) -> Int {
    switch format {
    case .money: scales.money
    case .percent: 6
    case .number(let digits): digits
    }
  }

  static func power(_ digits: Int) -> Int64 { (0..<digits).reduce(1) { scale, _ in scale * 10 } }
}

extension Formula: Hashable {
  /// As it is named in a question: one that is settled is the same as one that is not yet.
  public static func == (a: Formula, b: Formula) -> Bool { a.word == b.word }
  public func hash(into hasher: inout Hasher) { hasher.combine(word) }
}

extension Formula {
  private static let prefix = "formula:"
  private static let unsaid = Format.number(digits: 4)

  /// `formula:CODE` for one that is defined, else the expression with its format behind a colon.
  public var word: String {
    if let code { return Self.prefix + code }
    let text = term?.text ?? ""
    return format == Self.unsaid ? text : "\(text):\(format.word)"
  }

  /// From its word.
  /// - Throws: where it cannot be read, and why.
  public init(word: String) throws(FormulaFault) {
    if word.hasPrefix(Self.prefix) {
      let code = String(word.dropFirst(Self.prefix.count))
      guard !code.isEmpty, code.utf8.count <= Limits.code else { throw FormulaFault(.nothing, at: Self.prefix.count + 1) }
      self.init(named: code)
      return
    }
    guard let colon = word.lastIndex(of: ":") else {
      try self.init(word)
      return
    }
    let name = String(word[word.index(after: colon)...])
    guard let format = Format(word: name) else {
      throw FormulaFault(.unknownFormat(name), at: word.distance(from: word.startIndex, to: colon) + 2)
    }
    try self.init(String(word[..<colon]), format: format)
  }

  /// True where a word is meant as a formula: it names one, or has something of arithmetic in it.
  public static func isMeant(by word: String) -> Bool {
    word.hasPrefix(prefix) || word.contains { "+-*/():×÷−".contains($0) || $0.isNumber || $0.isWhitespace }
  }
}

extension Formula.Format {
  /// `money`, `percent`, `number` with two digits, `number.3`.
  public var word: String {
    switch self {
    case .money: "money"
    case .percent: "percent"
    case .number(let digits): digits == 2 ? "number" : "number.\(digits)"
    }
  }

  public init?(word: String) {
    switch word {
    case "money": self = .money
    case "percent": self = .percent
    case "number": self = .number(digits: 2)
    default:
      guard word.hasPrefix("number."), let digits = Int(word.dropFirst("number.".count)), Formula.digits.contains(digits) else {
        return nil
      }
      self = .number(digits: digits)
    }
  }
}

extension Pivot {
  /// Every formula that it shows.
  public var formulas: [Formula] {
    values.compactMap { measure in if case .formula(let formula) = measure { formula } else { nil } }
  }

  /// With what its formulas mean. Those whose code nobody defined stay as they are, and the question is refused.
  /// - Parameter defined: by code.
  public func settled(_ defined: [String: Formula], _ scales: Formula.Scales) -> Pivot {
    func settled(_ measure: Measure) -> Measure {
      guard case .formula(let formula) = measure else { return measure }
      let known = formula.code.flatMap { defined[$0] } ?? formula
      return .formula(known.settled(scales))
    }
    var pivot = self
    pivot.values = values.map(settled)
    if case .value(let measure, let isDescending) = order { pivot.order = .value(settled(measure), isDescending: isDescending) }
    return pivot
  }

  /// - Throws: `Problem.invalid` for formulas that cannot be worked out.
  func checkFormulas() throws(Problem) {
    let issues = IssueList()
    for (place, measure) in values.enumerated() {
      guard case .formula(let formula) = measure, !formula.isSettled else { continue }
      issues.add(
        "/values/\(place)", "unknown_formula", "there is no formula \(formula.word); the console's page Formulas lists them")
    }
    try issues.check("the pivot")
  }
}
