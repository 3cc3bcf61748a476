import Kernel

/// A name without the ways in which one and the same name is written: small Latin letters, no doubled ones, `ё` as `е`.
struct NameForm: Hashable, Comparable {
  let letters: [UInt8]

  /// Nil for a name without letters.
  init?(_ name: String?) {
    var letters: [UInt8] = []
    for character in (name ?? "").lowercased() {
      for byte in (Self.latin[character] ?? Self.plain(character)).utf8 where letters.last != byte { letters.append(byte) }
    }
    guard !letters.isEmpty else { return nil }
    self.letters = letters
  }

  private static func plain(_ character: Character) -> String {
    guard let byte = character.asciiValue, (97...122).contains(byte) else { return "" }
    // Spellings of one sound in passports and on cards.
    return byte == 0x79 || byte == 0x6a ? "i" : byte == 0x77 ? "v" : String(character)
  }

  /// What is written in either alphabet comes out the same: `Юлия`, `Yulia` and `Julija` are `iulia`.
  private static let latin: [Character: String] = [
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
  ]

  /// The first letter and the consonants behind it, four letters at most: what a slip of the finger in a vowel leaves as it is.
  var skeleton: [UInt8] {
    var skeleton = [letters[0]]
    for letter in letters.dropFirst() where !Self.vowels.contains(letter) && skeleton.count < 4 { skeleton.append(letter) }
    return skeleton
  }

  private static let vowels = Set("aeiouy".utf8)

  static func < (a: NameForm, b: NameForm) -> Bool { a.letters.lexicographicallyPrecedes(b.letters) }

  /// True for equal names and for those that one slip makes of each other, two where they are long: a letter more, less, another, or two
  /// changed places.
  func isLike(_ other: NameForm) -> Bool {
    if letters == other.letters { return true }
    let length = max(letters.count, other.letters.count)
    guard length >= 4 else { return false }
    return distance(to: other, atMost: length >= 8 ? 2 : 1) != nil
  }

  /// Slips between two names; nil where they are more than so many. Three rows, so that neighbours that changed places count once.
  private func distance(to other: NameForm, atMost limit: Int) -> Int? {
    let (one, two) = (letters, other.letters)
    guard abs(one.count - two.count) <= limit else { return nil }
    var (before, above) = ([Int](), Array(0...two.count))
    for (row, letter) in one.enumerated() {
      var line = [row + 1]
      for (column, opposite) in two.enumerated() {
        var best = min(above[column] + (letter == opposite ? 0 : 1), above[column + 1] + 1, line[column] + 1)
        if row > 0, column > 0, letter == two[column - 1], one[row - 1] == opposite { best = min(best, before[column - 1] + 1) }
        line.append(best)
      }
      (before, above) = (above, line)
    }
    return above[two.count] <= limit ? above[two.count] : nil
  }
}
