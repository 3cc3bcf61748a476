import Kernel

/// A code made of a name: `Лавка у дома` becomes `lavka-u-doma`. Letters follow GOST 7.79-2000, system B, without apostrophes.
struct Slug {
  let text: String

  /// At most 32 bytes; `main` where nothing of the name can be written so.
  init(_ name: String) {
    var bytes = ""
    for letter in name.lowercased() {
      if let written = Self.letters[letter] {
        bytes += written
      } else if letter.isASCII, letter.isLetter || letter.isNumber {
        bytes.append(letter)
      } else if bytes.last != "-" {
        bytes += "-"
      }
    }
    let trimmed = bytes.drop { $0 == "-" }.prefix(32)
    let code = String(trimmed.reversed().drop { $0 == "-" }.reversed())
    text = code.isEmpty ? "main" : code
  }

  private static let letters: [Character: String] = [
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "j", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ц": "cz",
    "ч": "ch", "ш": "sh", "щ": "shh", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
  ]
}
