import Kernel

/// Why a formula cannot be read, and where.
public struct FormulaFault: Error, Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case nothing, tooLong, tooLongNumber, divisionByNought, noMeasure, notClosed, ends
    case unexpected(String)
    case unknownMeasure(String)
    case unknownFormat(String)
  }

  let kind: Kind
  /// The character, counted from 1.
  public let place: Int

  init(_ kind: Kind, at place: Int) { (self.kind, self.place) = (kind, place) }

  /// For people, with the place.
  public var message: LocalText {
    let (ru, en) = ("знак \(place): ", "at character \(place): ")
    return switch kind {
    case .nothing: LocalText(ru: "напишите формулу, например margin / sales", en: "write a formula, such as margin / sales")
    case .tooLong:
      LocalText(ru: "формула длиннее \(Formula.length) знаков", en: "a formula has at most \(Formula.length) characters")
    case .tooLongNumber: LocalText(ru: ru + "в числе больше 15 цифр", en: en + "a number has at most 15 digits")
    case .divisionByNought: LocalText(ru: ru + "деление на ноль", en: en + "this divides by nought")
    case .noMeasure: LocalText(ru: "в формуле нет ни одного показателя", en: "the formula names no value, such as sales")
    case .notClosed: LocalText(ru: ru + "эта скобка не закрыта", en: en + "this parenthesis is not closed")
    case .ends:
      LocalText(ru: ru + "здесь нужны показатель, число или скобка", en: en + "a value, a number or a parenthesis is expected here")
    case .unexpected(let what):
      LocalText(
        ru: ru + "«\(what)» здесь не подходит: между показателями и числами стоят + - * /",
        en: en + "“\(what)” does not fit here: between values and numbers stand + - * /")
    case .unknownMeasure(let name):
      LocalText(
        ru: ru + "показателя «\(name)» нет; есть \(Self.known)", en: en + "there is no value “\(name)”; there are \(Self.known)")
    case .unknownFormat(let name):
      LocalText(
        ru: ru + "вида «\(name)» нет; есть money, percent, number, number.3",
        en: en + "there is no format “\(name)”; there are money, percent, number, number.3")
    }
  }

  private static var known: String { Measure.allCases.map(\.rawValue).joined(separator: ", ") }
}

/// Reads formulas: `+ - * /`, parentheses, numbers, values by their words. A low line stands for a hyphen in words: `points_spent`. Where
/// a word could be read as a value or as one value less another, it is the longer value; with spaces around it a hyphen is a minus.
struct FormulaParser {
  private enum Token: Hashable {
    case number(Int64, digits: Int)
    case measure(Measure)
    /// One of `+-*/()`.
    case mark(Character)
  }

  private var tokens: [(token: Token, place: Int)]
  private var next = 0
  /// Behind the last character.
  private let end: Int

  static func term(_ text: String) throws(FormulaFault) -> FormulaTerm {
    let characters = Array(text)
    guard characters.count <= Formula.length else { throw FormulaFault(.tooLong, at: Formula.length + 1) }
    var parser = FormulaParser(tokens: try tokens(characters), end: characters.count + 1)
    guard !parser.tokens.isEmpty else { throw FormulaFault(.nothing, at: 1) }
    let term = try parser.sum()
    if let (token, place) = parser.peek { throw FormulaFault(.unexpected(Self.said(token)), at: place) }
    guard !term.measures.isEmpty else { throw FormulaFault(.noMeasure, at: 1) }
    return term
  }

  private init(tokens: [(token: Token, place: Int)], end: Int) { (self.tokens, self.end) = (tokens, end) }

  private static func said(_ token: Token) -> String {
    switch token {
    case .number(let value, let digits): Decimal.text(value, digits: digits)
    case .measure(let measure): measure.rawValue
    case .mark(let mark): String(mark)
    }
  }

  // MARK: the tree

  private var peek: (token: Token, place: Int)? { next < tokens.count ? tokens[next] : nil }

  private mutating func takes(_ marks: Character...) -> Character? {
    guard case .mark(let mark)? = peek?.token, marks.contains(mark) else { return nil }
    next += 1
    return mark
  }

  private mutating func sum() throws(FormulaFault) -> FormulaTerm {
    var term = try product()
    while let mark = takes("+", "-") {
      let other = try product()
      term = mark == "+" ? .sum(term, other) : .difference(term, other)
    }
    return term
  }

  private mutating func product() throws(FormulaFault) -> FormulaTerm {
    var term = try factor()
    while let mark = takes("*", "/") {
      let place = peek?.place ?? end
      let other = try factor()
      if mark == "/", case .number(0, _) = other { throw FormulaFault(.divisionByNought, at: place) }
      term = mark == "*" ? .product(term, other) : .quotient(term, other)
    }
    return term
  }

  private mutating func factor() throws(FormulaFault) -> FormulaTerm {
    if takes("-") != nil { return .negative(try factor()) }
    guard let (token, place) = peek else { throw FormulaFault(.ends, at: end) }
    next += 1
    switch token {
    case .number(let value, let digits): return .number(value, digits: digits)
    case .measure(let measure): return .measure(measure)
    case .mark("("):
      let inner = try sum()
      guard takes(")") != nil else {
        if let (token, place) = peek { throw FormulaFault(.unexpected(Self.said(token)), at: place) }
        throw FormulaFault(.notClosed, at: place)
      }
      return inner
    case .mark: throw FormulaFault(.ends, at: place)
    }
  }

  // MARK: its words

  private static let marks: [Character: Character] = [
    "+": "+", "-": "-", "−": "-", "–": "-", "*": "*", "×": "*", "/": "/", "÷": "/", "(": "(", ")": ")",
  ]

  private static func tokens(_ text: [Character]) throws(FormulaFault) -> [(token: Token, place: Int)] {
    var tokens: [(token: Token, place: Int)] = []
    var place = 0
    while place < text.count {
      let (character, first) = (text[place], place)
      if character.isWhitespace {
        place += 1
      } else if let mark = marks[character] {
        tokens.append((.mark(mark), first + 1))
        place += 1
      } else if isDigit(character) {
        tokens.append((try number(text, &place), first + 1))
      } else if character.isLetter {
        tokens.append((.measure(try measure(text, &place)), first + 1))
      } else {
        throw FormulaFault(.unexpected(String(character)), at: first + 1)
      }
    }
    return tokens
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  /// A point or a comma stands before its fraction.
  private static func number(_ text: [Character], _ place: inout Int) throws(FormulaFault) -> Token {
    let first = place
    var (digits, fraction, isBehind) = ("", 0, false)
    while place < text.count {
      if isDigit(text[place]) {
        digits.append(text[place])
        if isBehind { fraction += 1 }
      } else if !isBehind, text[place] == "." || text[place] == ",", place + 1 < text.count, isDigit(text[place + 1]) {
        isBehind = true
      } else {
        break
      }
      place += 1
    }
    while fraction > 0, digits.last == "0" {
      digits.removeLast()
      fraction -= 1
    }
    guard digits.count <= 15, let value = Int64(digits) else { throw FormulaFault(.tooLongNumber, at: first + 1) }
    return .number(value, digits: fraction)
  }

  private static func measure(_ text: [Character], _ place: inout Int) throws(FormulaFault) -> Measure {
    let first = place
    while place < text.count, text[place].isLetter || isDigit(text[place]) || text[place] == "_" || text[place] == "-" {
      place += 1
    }
    // The longest value that it begins with, as a whole or before a hyphen.
    for last in stride(from: place, to: first, by: -1) where last == place || text[last] == "-" {
      let name = String(text[first..<last]).lowercased().replacing("_", with: "-")
      if let measure = Measure.allCases.first(where: { $0.rawValue == name }) {
        place = last
        return measure
      }
    }
    throw FormulaFault(.unknownMeasure(String(text[first..<place])), at: first + 1)
  }
}
