import Kernel

/// Bytes of a sheet's XML, and how things are written in it.
struct SheetText {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// Text for people, cut where a cell can hold no more.
  mutating func escaped(_ text: String, _ longest: Int) {
    // Characters are counted as UTF-16 there, and one has at most as many units as bytes.
    put(Self.escaped(text.utf8.count <= longest ? text[...] : Self.cut(text, longest)))
  }

  private static func cut(_ text: String, _ longest: Int) -> Substring {
    var (end, units) = (text.startIndex, 0)
    while end < text.endIndex {
      units += text[end].utf16.count
      guard units <= longest else { break }
      end = text.index(after: end)
    }
    return text[..<end]
  }

  /// As XML 1.0 can say it. What it cannot – control characters – and what a reader would take for such a thing is written `_xHHHH_`.
  static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    let scalars = text.unicodeScalars
    for place in scalars.indices {
      let scalar = scalars[place]
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "_" where isEscape(scalars[place...]): result += "_x005F_"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{0}"..<" ", "\u{fffe}", "\u{ffff}": result += "_x\(hexadecimal(scalar.value))_"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isEscape(_ scalars: some Collection<Unicode.Scalar>) -> Bool {
    let seven = Array(scalars.prefix(7))
    guard seven.count == 7, seven[1] == "x", seven[6] == "_" else { return false }
    return seven[2...5].allSatisfy { $0.properties.isASCIIHexDigit }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16).uppercased()
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }

  /// A, B … Z, AA, AB …
  static func column(_ place: Int) -> String { columnName(place) }

  /// Days as spreadsheets count them; right from March 1900 on, before which they count a day that never was.
  static func serial(_ day: CivilDay) -> Int64 { Int64(day.number) + 25_569 }

  /// With the part of the day that has passed, finer than a second.
  static func serial(_ instant: Instant, _ zone: Zone) -> String {
    let civil = zone.civil(at: instant)
    let fraction = scaled(Int64(civil.clock.second), by: 10_000_000_000, over: 86_400, .halfUp)
    return Decimal.text(serial(civil.day) * 10_000_000_000 + fraction, digits: 10)
  }
}

/// Of a spreadsheet: A, B … Z, AA, AB …, from 0.
public func columnName(_ place: Int) -> String {
  var (rest, name) = (place + 1, "")
  while rest > 0 {
    name = String(UnicodeScalar(UInt8(65 + (rest - 1) % 26))) + name
    rest = (rest - 1) / 26
  }
  return name
}
