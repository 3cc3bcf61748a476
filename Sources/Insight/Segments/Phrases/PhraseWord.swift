import Kernel

/// A word, a number or a sign of a phrase, and where it stands.
struct PhraseWord: Sendable {
  enum Kind: Hashable, Sendable {
    case word
    /// In thousandths, so that 1,5 is one.
    case number(Int64)
    case day(CivilDay)
    case sign(Character)
  }

  /// Characters of the phrase, from and to.
  let range: Range<Int>
  /// As it is compared: small letters, е for ё.
  let text: String
  let stem: String
  let kind: Kind

  /// A whole number; nil for everything else.
  var whole: Int64? { if case .number(let value) = kind, value % 1_000 == 0 { value / 1_000 } else { nil } }

  /// The words of a phrase. Quotation marks are passed over.
  static func all(in phrase: String) -> [PhraseWord] {
    let letters = Array(phrase)
    var words: [PhraseWord] = []
    var place = 0
    while place < letters.count {
      let letter = letters[place]
      if letter.isWhitespace || "«»\"“”„()".contains(letter) {
        place += 1
      } else if letter.isASCII, letter.isNumber {
        words.append(number(letters, &place))
      } else if letter.isLetter {
        words.append(word(letters, &place))
      } else {
        let sign: Character = letter == "–" || letter == "—" ? "-" : letter
        words.append(PhraseWord(range: place..<place + 1, text: String(sign), stem: "", kind: .sign(sign)))
        place += 1
      }
    }
    return words
  }

  private static func word(_ letters: [Character], _ place: inout Int) -> PhraseWord {
    let start = place
    while place < letters.count {
      let isInside = place > start && place + 1 < letters.count && letters[place + 1].isLetter
      guard letters[place].isLetter || isInside && "-'’".contains(letters[place]) else { break }
      place += 1
    }
    let text = String(folded(String(letters[start..<place])).map { $0 == "ё" ? "е" : $0 == "’" ? "'" : $0 })
    return PhraseWord(range: start..<place, text: text, stem: PhraseStem.of(text), kind: .word)
  }

  /// 5000, 5 000, 5,000, 1.5, 1,5 and 2026-11-01.
  private static func number(_ letters: [Character], _ place: inout Int) -> PhraseWord {
    let start = place
    if place + 10 <= letters.count, let day = CivilDay(String(letters[place..<place + 10])) {
      place += 10
      return PhraseWord(range: start..<place, text: String(letters[start..<place]), stem: "", kind: .day(day))
    }
    func digits(from: Int) -> Int {
      var end = from
      while end < letters.count, letters[end].isASCII, letters[end].isNumber { end += 1 }
      return end - from
    }
    var value = String(letters[place..<place + digits(from: place)])
    place += value.count
    let isGrouped = (1...3).contains(value.count)
    while isGrouped, place < letters.count, letters[place] == " " || letters[place] == "\u{a0}" || letters[place] == ",",
      digits(from: place + 1) == 3
    {
      value += String(letters[place + 1..<place + 4])
      place += 4
    }
    var fraction = ""
    if place < letters.count, letters[place] == "." || letters[place] == ",", (1...2).contains(digits(from: place + 1)) {
      fraction = String(letters[place + 1..<place + 1 + digits(from: place + 1)])
      place += 1 + fraction.count
    }
    let whole = Int64(value.prefix(12)) ?? 0
    let part = Int64((fraction + "000").prefix(3)) ?? 0
    return PhraseWord(range: start..<place, text: value, stem: "", kind: .number(whole * 1_000 + part))
  }
}

/// What is left of a word without its ending: кофе, кофем; Казань, Казани; beer, beers.
///
/// Names of goods and places are nouns and adjectives, so endings of those are enough. What two words have in common by chance is caught by
/// whoever finds two names for one word.
enum PhraseStem {
  /// The longest first.
  private static let endings = [
    "иями", "ями", "ами", "ией", "иям", "ием", "иях", "ого", "его", "ому", "ему", "ыми", "ими", "ях", "ах", "ов", "ев", "ей", "ой",
    "ый", "ий", "ая", "яя", "ое", "ее", "ую", "юю", "ые", "ие", "ым", "им", "ом", "ем", "ам", "ям", "ых", "их", "ию", "ья", "ье",
    "ьи", "ью", "ия", "ии", "а", "я", "о", "е", "и", "ы", "у", "ю", "ь", "й",
  ]

  static func of(_ word: String) -> String {
    guard let first = word.unicodeScalars.first else { return word }
    return (0x400...0x4ff).contains(first.value) ? russian(word) : english(word)
  }

  private static func russian(_ word: String) -> String {
    let ending = endings.first { word.hasSuffix($0) && word.count - $0.count >= 2 } ?? ""
    var stem = String(word.dropLast(ending.count))
    // огурец and огурцы, творожок and творожки.
    for (vowel, rest) in [("ец", "ц"), ("ок", "к"), ("ек", "к")] where stem.hasSuffix(vowel) && stem.count > 3 {
      stem = stem.dropLast(2) + rest
    }
    return stem
  }

  private static func english(_ word: String) -> String {
    if word.hasSuffix("'s") { return english(String(word.dropLast(2))) }
    if word.count > 4, word.hasSuffix("ies") { return word.dropLast(3) + "y" }
    for tail in ["ches", "shes", "xes", "sses"] where word.hasSuffix(tail) { return String(word.dropLast(2)) }
    if word.count > 3, word.hasSuffix("s"), !word.hasSuffix("ss") { return String(word.dropLast()) }
    return word
  }
}
