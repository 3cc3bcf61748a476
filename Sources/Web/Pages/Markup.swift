import Kernel

/// A piece of a page, written as the page will read: tags stand in the literal, and every text that is put in is escaped. What is
/// misspelt or missing does not compile, so a page cannot name something that is not there.
///
///     let row: Markup = "<td class=\"num\">\(amount)</td>"
struct Markup: Sendable, ExpressibleByStringInterpolation {
  private(set) var source: String

  init(stringLiteral literal: String) { source = literal }
  init(stringInterpolation interpolation: StringInterpolation) { source = interpolation.source }

  init(_ pieces: [Markup]) {
    source = ""
    for piece in pieces { source += piece.source }
  }

  static var nothing: Markup { "" }
  static func text(_ text: String) -> Markup { "\(text)" }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity + 16 * interpolationCount) }

    mutating func appendLiteral(_ literal: String) { source += literal }
    mutating func appendInterpolation(_ text: String) { source += HTML.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { source += String(number) }
    mutating func appendInterpolation(_ day: CivilDay) { source += day.description }
    mutating func appendInterpolation<T>(_ id: ID<T>) { source += id.description }
    mutating func appendInterpolation(_ piece: Markup) { source += piece.source }
    mutating func appendInterpolation(_ pieces: [Markup]) { for piece in pieces { source += piece.source } }
    mutating func appendInterpolation(_ piece: Markup?) { if let piece { source += piece.source } }
  }
}

/// Icons of the sheet `icons.svg`. A picture never stands alone for a meaning: a word is beside it, or what it does is its label.
enum Icon: String, CaseIterable {
  case overview, members, promotions, receipt, store, search, menu, check, right, plus, warning, info, lock, person, card, points
  case history, household, undo, star, shield, copy, left, plug, till, flask, coupon
  case clock, settings, link, mail, play, pause, stop, refresh, send, hourglass
  case arrowRight = "arrow-right"
  case arrowUp = "arrow-up"
  case box, calendar, chart, down, download, list, programme, close, phone, table, funding, partners, game, heart, message, flag,
    eye, filter, drag

  var small: Markup { styled("icon s") }
  var usual: Markup { styled("icon") }

  var path: String { "\(Assets.icons.path)#i-\(rawValue)" }

  func styled(_ style: String) -> Markup { "<svg class=\"\(style)\" aria-hidden=\"true\"><use href=\"\(path)\"/></svg>" }
}

/// A value of a query, escaped for an address.
public func queryText(_ text: String) -> String {
  var result = ""
  for byte in text.utf8 {
    switch byte {
    case 48...57, 65...90, 97...122, 45, 46, 95, 126: result.unicodeScalars.append(Unicode.Scalar(byte))
    default:
      let digits = String(byte, radix: 16).uppercased()
      result += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
    }
  }
  return result
}
