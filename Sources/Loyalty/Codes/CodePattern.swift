import Kernel

/// How the codes of a series look: a prefix, characters drawn by lot, and where wanted one more that catches a slip in typing.
public struct CodePattern: Hashable, Sendable {
  public static var standardDigits: String { "0123456789" }
  /// Without I, O, 0 and 1, which people take for each other.
  public static var standardLetters: String { "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" }

  /// Capitals, at most sixteen characters; may be empty.
  public let prefix: String
  /// Different characters, 2 … 36 of A–Z and 0–9.
  public let alphabet: String
  /// Characters drawn by lot, 4 … 32.
  public let length: Int
  /// One character more by Luhn's rule over the alphabet: it catches every single wrong character and nearly every swap of neighbours.
  public let hasCheck: Bool

  public init(prefix: String = "", alphabet: String = CodePattern.standardLetters, length: Int = 10, hasCheck: Bool = true) {
    self.prefix = prefix
    self.alphabet = alphabet
    self.length = length
    self.hasCheck = hasCheck
  }

  /// Notes what no code can be made of.
  func check(at pointer: String, _ issues: IssueList) {
    func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || $0 == 45 } }
    if prefix.utf8.count > 16 || !isPlain(prefix) {
      issues.add(pointer + "/prefix", "not_a_prefix", "a prefix has at most 16 of A–Z, 0–9 and -")
    }
    let letters = Array(alphabet.utf8)
    if !(2...36).contains(letters.count) || Set(letters).count != letters.count || !isPlain(alphabet) || letters.contains(45) {
      issues.add(pointer + "/alphabet", "not_an_alphabet", "an alphabet has 2 to 36 different characters of A–Z and 0–9")
    }
    if !(4...32).contains(length) {
      issues.add(pointer + "/length", "out_of_range", "4 to 32 characters are drawn by lot, not \(length)")
    }
  }

  /// How many different codes there are; `Int64.max` where they cannot be counted.
  public var space: Int64 {
    var space: Int64 = 1
    for _ in 0..<length {
      let (product, overflow) = space.multipliedReportingOverflow(by: Int64(alphabet.utf8.count))
      if overflow { return .max }
      space = product
    }
    return space
  }

  /// A part of all codes, in the order of the alphabet: the `place`-th of so many nearly equal ones.
  public struct Slice: Hashable, Sendable {
    let place: Int64
    let of: Int64
    public init(place: Int64, of: Int64) {
      self.place = place
      self.of = of
    }
  }

  /// A code drawn by lot.
  ///
  /// - Parameter slice: nil: of all codes. A batch that is made slice by slice has its codes as evenly spread as one made at once, and each
  ///   step's rows lie together: a million of them took 10 s where they
  ///   took 35.
  public func code(in slice: Slice? = nil, using generator: inout some RandomNumberGenerator) -> String {
    let letters = Array(alphabet.utf8)
    var drawn = slice.map { lead($0, base: Int64(letters.count), &generator) } ?? []
    while drawn.count < length { drawn.append(Int.random(in: 0..<letters.count, using: &generator)) }
    if hasCheck { drawn.append(Self.checkDigit(of: drawn, base: letters.count)) }
    return prefix + String(decoding: drawn.map { letters[$0] }, as: UTF8.self)
  }

  /// The first characters of a code of the slice: as few as tell slices apart with room for sixteen values in each.
  private func lead(_ slice: Slice, base: Int64, _ generator: inout some RandomNumberGenerator) -> [Int] {
    var (count, values): (Int, Int64) = (0, 1)
    while count < length, values < slice.of * 16 { (count, values) = (count + 1, values * base) }
    guard values >= slice.of * 16 else { return [] }
    var value = Int64.random(in: values * slice.place / slice.of..<values * (slice.place + 1) / slice.of, using: &generator)
    var digits: [Int] = []
    for _ in 0..<count {
      digits.insert(Int(value % base), at: 0)
      value /= base
    }
    return digits
  }

  /// False for what this pattern cannot have made: another length, foreign characters, a wrong check character. Case does not matter.
  public func fits(_ code: String) -> Bool {
    let text = Array(code.uppercased().utf8)
    let start = Array(prefix.utf8)
    guard text.count == start.count + length + (hasCheck ? 1 : 0), Array(text.prefix(start.count)) == start else { return false }
    let letters = Array(alphabet.utf8)
    let places = text.dropFirst(start.count).compactMap(letters.firstIndex)
    guard places.count == text.count - start.count else { return false }
    return !hasCheck || Self.checkDigit(of: Array(places.dropLast()), base: letters.count) == places[places.count - 1]
  }

  /// Luhn's sum over any base (ISO/IEC 7812-1, annex B, for ten): every second digit from the right doubled, its digits added up.
  static func checkDigit(of digits: [Int], base: Int) -> Int {
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let value = place % 2 == 0 ? digit * 2 : digit
      sum += value / base + value % base
    }
    return (base - sum % base) % base
  }
}

extension CodePattern {
  /// `{ "prefix": "SPRING-", "alphabet": "0123456789", "length": 10, "check": true }`, every member optional.
  public init(_ node: JSONNode) {
    node.expect("prefix", "alphabet", "length", "check")
    self.init(
      prefix: node["prefix"].text(max: 16, orEmpty: true) ?? "", alphabet: node["alphabet"].text(max: 36) ?? Self.standardLetters,
      length: Int(node["length"].int(4...32) ?? 10), hasCheck: node["check"].bool() ?? true)
    check(at: node.pointer, node.issues)
  }

  public var json: JSON {
    .object([
      "prefix": .string(prefix), "alphabet": .string(alphabet), "length": .int(Int64(length)), "check": .bool(hasCheck),
    ])
  }
}
