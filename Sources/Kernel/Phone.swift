/// A telephone number in E.164: a plus and 8 to 15 digits, the first not zero.
public struct Phone: Hashable, Sendable, CustomStringConvertible {
  public let e164: String

  /// Reads a number as people write it: spaces, hyphens, dots, brackets and a leading `00` or `+` are understood.
  /// Where `country` is "7" the habits of Russia hold: eleven digits that begin with 8, and ten digits that begin with
  /// anything but 0, are national; 8 10 goes abroad. Other countries: without a plus, a leading 0 is dropped and the calling code
  /// put before it.
  public init?(_ text: String, country: String = "7") {
    var digits: [UInt8] = []
    var hasPlus = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "0"..."9": digits.append(UInt8(scalar.value))
      case "+" where digits.isEmpty && !hasPlus: hasPlus = true
      case " ", "\u{a0}", "\u{202f}", "-", "\u{2010}", "\u{2011}", "\u{2013}", ".", "(", ")", "/", "\t", "~": continue
      // Marks of direction, which telephones put around a copied number.
      case "\u{200e}", "\u{200f}", "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": continue
      default: return nil
      }
    }
    if !hasPlus, digits.starts(with: [48, 48]) {
      digits.removeFirst(2)
      hasPlus = true
    }
    if !hasPlus { digits = Self.international(digits, country: country) }
    guard (8...15).contains(digits.count), digits[0] != 48 else { return nil }
    // The North American plan and Russia's have a fixed length; a wrong one is a typing error, not a rare country.
    if digits[0] == 49 || digits[0] == 55 { guard digits.count == 11 else { return nil } }
    e164 = "+" + String(decoding: digits, as: UTF8.self)
  }

  private static func international(_ digits: [UInt8], country: String) -> [UInt8] {
    let code = Array(country.utf8)
    if country == "7" {
      if digits.count == 11, digits[0] == 56 { return [55] + digits.dropFirst() }
      if digits.count == 10, digits[0] != 48 { return [55] + digits }
      return digits.count > 11 && digits.starts(with: [56, 49, 48]) ? Array(digits.dropFirst(3)) : digits
    }
    if country == "1" { return digits.count == 10 ? [49] + digits : digits }
    if digits.starts(with: code), digits.count > 9 { return digits }
    if digits.first == 48 { return code + digits.dropFirst() }
    return code + digits
  }

  public var description: String { e164 }
  /// For screens of people without the right to see it: the country's first digits and the last two.
  public var masked: String {
    let digits = Array(e164)
    return String(digits.prefix(2)) + String(repeating: "*", count: digits.count - 4) + String(digits.suffix(2))
  }
}

/// An address of electronic mail, lower case, as far as one can tell without writing to it.
public struct Email: Hashable, Sendable, CustomStringConvertible {
  public let text: String

  public init?(_ raw: String) {
    let lowered = raw.lowercased()
    let parts = lowered.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].utf8.count), (3...255).contains(parts[1].utf8.count) else { return nil }
    // By scalars, not characters: a carriage return with its line feed is one character, and opens a header of its own.
    guard lowered.unicodeScalars.allSatisfy(Self.mayStand), !parts[0].hasPrefix("."), !parts[0].hasSuffix("."),
      !lowered.contains("..")
    else { return nil }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty && !$0.hasPrefix("-") && !$0.hasSuffix("-") }) else { return nil }
    text = lowered
  }

  private static func mayStand(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ",", ";", "<", ">", "\"", "(", ")", "[", "]", ":", "\\": false
    default: !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
    }
  }

  public var description: String { text }
}

/// Text folded for searching: lower case in every alphabet, ё as е, й in one code point, runs of white space as one space.
/// Databases differ in what they fold (SQLite knows no Cyrillic), so search keys are folded here and stored.
public func folded(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  var isGap = true
  for scalar in text.lowercased().unicodeScalars {
    if scalar.properties.isWhitespace {
      if !isGap { result.append(" ") }
      isGap = true
      continue
    }
    isGap = false
    switch (result.last, scalar) {
    case (_, "ё"): result.append("е")
    // Some systems take letters apart: е with two dots, и with a breve.
    case ("е", "\u{308}"): continue
    case ("и", "\u{306}"):
      result.removeLast()
      result.append("й")
    default: result.append(scalar)
    }
  }
  if result.last == " " { result.removeLast() }
  return String(result)
}
