import Conditions
import Kernel
import Storage

/// Reads a phrase as a condition, in Russian or English, without asking anybody: words that it knows, names from the account's own lists, and
/// nothing else. A clause that holds a word it does not know is left out as a whole, and marked.
public struct PhraseReader {
  /// Characters of a phrase; products that are looked up for one.
  public static let longest = 500
  private static let lookups = 12

  private let names: SegmentNames
  private let codes: any Names
  private let currency: Currency

  /// - Parameter codes: of what the names stand for.
  public init(names: SegmentNames, codes: any Names, currency: Currency) {
    (self.names, self.codes, self.currency) = (names, codes, currency)
  }

  /// Two statements for each product that may be meant, and where fields are named those for the values of their dictionaries.
  public func read(_ text: String, in tx: inout Transaction) throws -> PhraseReading {
    let text = String(text.prefix(Self.longest))
    var known = PhraseNames(names.all, names.fields)
    let asked = known.mentioned(in: PhraseWord.all(in: text))
    if !asked.isEmpty { known = PhraseNames(names.all + (try names.values(of: asked, in: &tx)), names.fields) }
    let first = parse(text, known)
    guard !first.wanted.isEmpty else { return first.reading }
    for wanted in first.wanted.prefix(Self.lookups) { known.learn(wanted, try names.products(wanted, limit: 4, in: &tx)) }
    return parse(text, known).reading
  }

  /// With nothing but the names that are in memory.
  public func read(_ text: String) -> PhraseReading {
    parse(String(text.prefix(Self.longest)), PhraseNames(names.all, names.fields)).reading
  }

  private func parse(_ text: String, _ names: PhraseNames) -> (reading: PhraseReading, wanted: [String]) {
    var parse = PhraseParse(PhraseWord.all(in: text), names, codes, currency)
    parse.run()
    return (PhraseReading(text: text, condition: parse.condition, marks: parse.marks), parse.wanted)
  }
}

/// The state of reading one phrase.
struct PhraseParse {
  enum Step {
    case none
    case done([SegmentCondition])
    case broken(PhraseReading.Trouble)
  }

  let words: [PhraseWord]
  let names: PhraseNames
  var codes: any Names
  let currency: Currency
  var at = 0
  /// What may be products: looked up, and then read again.
  var wanted: [String] = []
  private(set) var marks: [PhraseReading.Mark] = []
  /// Alternatives beside each other: all of any of these.
  private var found: [[SegmentCondition]] = []
  /// Whether the clause before was about a person, so that a bare 25–40 is their age.
  var followsPerson = false

  init(_ words: [PhraseWord], _ names: PhraseNames, _ codes: any Names, _ currency: Currency) {
    (self.words, self.names, self.codes, self.currency) = (words, names, codes, currency)
  }

  var condition: SegmentCondition? {
    let parts = found.map { $0.count == 1 ? $0[0] : SegmentCondition.any($0) }
    return parts.isEmpty ? nil : parts.count == 1 ? parts[0] : .all(parts)
  }

  // MARK: words

  func text(_ place: Int) -> String { words.indices.contains(place) ? words[place].text : "" }
  func has(_ lexicon: PhraseLexicon, _ place: Int) -> Bool {
    guard words.indices.contains(place), words[place].kind == .word else { return false }
    return lexicon.has(words[place].text)
  }
  func isSign(_ sign: Character, _ place: Int) -> Bool { words.indices.contains(place) && words[place].kind == .sign(sign) }

  /// The next word, where it is one of these.
  mutating func take(_ lexicon: PhraseLexicon) -> Bool {
    guard has(lexicon, at) else { return false }
    at += 1
    return true
  }

  mutating func take(_ text: String) -> Bool {
    guard self.text(at) == text else { return false }
    at += 1
    return true
  }

  /// Goes back where the body finds nothing.
  mutating func attempt<T>(_ body: (inout PhraseParse) -> T?) -> T? {
    let before = at
    if let result = body(&self) { return result }
    at = before
    return nil
  }

  // MARK: clause by clause

  mutating func run() {
    var (isOr, isNot) = (false, false)
    while at < words.count {
      if has(.or, at) {
        isOr = true
        at += 1
        continue
      }
      if has(.except, at) {
        isNot = true
        at += 1
        continue
      }
      let start = at
      switch clause(negated: isNot) {
      case .done(let conditions):
        add(isNot ? [.none(conditions)] : conditions, or: isOr)
        (isOr, isNot) = (false, false)
      case .broken(let trouble):
        endClause()
        mark(start, trouble)
        (isOr, isNot, followsPerson) = (false, false, false)
      case .none:
        if isSilent(at) {
          at += 1
        } else {
          at += 1
          mark(start, .unknown)
          (isOr, isNot, followsPerson) = (false, false, false)
        }
      }
    }
  }

  private mutating func clause(negated: Bool) -> Step {
    if let step = attempt({ $0.event() }) ?? attempt({ $0.purchase() }) {
      followsPerson = false
      return step
    }
    let isNot = !negated && has(.not, at)
    let before = at
    if isNot { at += 1 }
    if let step = attempt({ $0.person() }) {
      if case .done(let conditions) = step {
        followsPerson = true
        return isNot ? .done([.none(conditions)]) : step
      }
      return step
    }
    at = before
    return .none
  }

  /// Words that say nothing by themselves.
  private func isSilent(_ place: Int) -> Bool {
    switch words[place].kind {
    case .sign(let sign): ",;.:!".contains(sign)
    case .word: PhraseLexicon.filler.has(words[place].text)
    case .number, .day: false
    }
  }

  /// What stands up to the next comma or conjunction belongs to a clause that was not understood.
  private mutating func endClause() {
    while at < words.count {
      if case .sign(let sign) = words[at].kind, ",;.".contains(sign) { return }
      if has(.and, at) || has(.or, at) || text(at) == "но" || text(at) == "but" { return }
      at += 1
    }
  }

  private mutating func add(_ conditions: [SegmentCondition], or: Bool) {
    guard or, !found.isEmpty else {
      found += conditions.map { [$0] }
      return
    }
    found[found.count - 1].append(conditions.count == 1 ? conditions[0] : .all(conditions))
  }

  private mutating func mark(_ start: Int, _ trouble: PhraseReading.Trouble) {
    guard start < at else { return }
    let range = words[start].range.lowerBound..<words[at - 1].range.upperBound
    // Neighbours of which nothing is known are one mark.
    if let last = marks.last, last.trouble == .unknown, trouble == .unknown, range.lowerBound - last.range.upperBound <= 1 {
      marks[marks.count - 1] = PhraseReading.Mark(range: last.range.lowerBound..<range.upperBound, trouble: .unknown)
    } else {
      marks.append(PhraseReading.Mark(range: range, trouble: trouble))
    }
  }
}
