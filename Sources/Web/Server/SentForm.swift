import HTTPTypes
import Hummingbird
import HummingbirdCore
import Kernel
import NIOCore

/// A form with a file on its way here: read once, as it comes, so that a large file takes no memory.
struct SentForm: Sendable {
  private let body: RequestBody
  private let boundary: [UInt8]
  /// As the sender says; nil where it does not.
  let length: Int64?

  /// Nil where the request is no such form.
  init?(_ request: Request) {
    guard let type = request.headers.one(.contentType), type.prefix(while: { $0 != ";" }).lowercased() == "multipart/form-data",
      let mark = type.split(separator: ";").lazy.map({ $0.drop { $0 == " " } }).first(where: { $0.hasPrefix("boundary=") })
    else { return nil }
    let text = mark.dropFirst("boundary=".count).filter { $0 != "\"" && $0 != " " }
    guard (1...70).contains(text.utf8.count) else { return nil }
    body = request.body
    boundary = Array(text.utf8)
    length = request.headers.one(.contentLength).flatMap(Int64.init)
  }

  /// Hands over what the form holds, in its order.
  /// - Throws: `Problem.invalid` (`not_a_form`) where it is broken off or not made as forms are; what the closure throws.
  func each(_ take: (FormPieces.Piece) async throws -> Void) async throws {
    var pieces = FormPieces(boundary: boundary)
    for try await buffer in body {
      for piece in try pieces.read(Array(buffer.readableBytesView)) { try await take(piece) }
    }
    guard pieces.isWhole else { throw FormPieces.broken }
  }
}

/// Takes a form apart as it comes (RFC 7578).
public struct FormPieces {
  public enum Piece: Hashable, Sendable {
    case field(name: String, value: String)
    /// A file begins; its bytes follow.
    case file(name: String)
    case bytes([UInt8])
  }

  private enum State {
    case before
    /// Behind a boundary.
    case behind
    case head
    case field(name: String, value: [UInt8])
    case file
    case over
  }

  /// Bytes of a field, and of what stands before a part.
  private static let mostOfField = 64 * 1024
  private static let mostOfHead = 8 * 1024
  private static let mostParts = 50

  private let mark: [UInt8]
  private var state = State.before
  private var rest: [UInt8]
  private var parts = 0

  public init(boundary: [UInt8]) {
    mark = Array("\r\n--".utf8) + boundary
    // The first boundary has no line before it.
    rest = Array("\r\n".utf8)
  }

  /// Everything has come.
  public var isWhole: Bool { if case .over = state { true } else { false } }

  static let broken = Problem(
    .invalid, "not_a_form", "the form came incomplete; send it again",
    cashier: LocalText(ru: "Файл пришёл не целиком. Отправьте ещё раз", en: "The file came incomplete. Send it again"))

  /// - Returns: what is whole with these bytes; a file's bytes as far as they surely are the file's.
  /// - Throws: `Problem.invalid` (`not_a_form`) where this is no such form.
  public mutating func read(_ bytes: [UInt8]) throws(Problem) -> [Piece] {
    rest += bytes
    var found: [Piece] = []
    while try step(&found) {}
    return found
  }

  /// False where more bytes are needed.
  private mutating func step(_ found: inout [Piece]) throws(Problem) -> Bool {
    switch state {
    case .before:
      guard let part = try body() else { return false }
      if part.isWhole { state = .behind }
      return part.isWhole
    case .field(let name, let value):
      guard let part = try body() else { return false }
      let text = value + part.bytes
      guard text.count <= Self.mostOfField else { throw Self.broken }
      if part.isWhole { found.append(.field(name: name, value: String(decoding: text, as: UTF8.self))) }
      state = part.isWhole ? .behind : .field(name: name, value: text)
      return part.isWhole
    case .file:
      guard let part = try body() else { return false }
      if !part.bytes.isEmpty { found.append(.bytes(part.bytes)) }
      if part.isWhole { state = .behind }
      return part.isWhole
    case .behind:
      guard rest.count >= 2 else { return false }
      let isLast = rest[0] == 0x2d && rest[1] == 0x2d
      guard isLast || (rest[0] == 0x0d && rest[1] == 0x0a) else { throw Self.broken }
      rest.removeFirst(2)
      state = isLast ? .over : .head
      return true
    case .head: return try head(&found)
    case .over:
      rest = []
      return false
    }
  }

  /// What stands before the next boundary, or as much as surely does; nil where nothing does yet.
  private mutating func body() throws(Problem) -> (bytes: [UInt8], isWhole: Bool)? {
    guard let place = Self.place(of: mark, in: rest) else {
      let sure = max(0, rest.count - mark.count + 1)
      guard sure > 0 else { return nil }
      defer { rest.removeFirst(sure) }
      return (Array(rest[..<sure]), false)
    }
    parts += 1
    guard parts <= Self.mostParts else { throw Self.broken }
    defer { rest.removeFirst(place + mark.count) }
    return (Array(rest[..<place]), true)
  }

  private mutating func head(_ found: inout [Piece]) throws(Problem) -> Bool {
    guard let end = Self.place(of: Array("\r\n\r\n".utf8), in: rest) else {
      guard rest.count <= Self.mostOfHead else { throw Self.broken }
      return false
    }
    let text = String(decoding: rest[..<end], as: UTF8.self)
    rest = Array(rest[(end + 4)...])
    guard let line = text.split(separator: "\r\n").first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
      let name = Self.parameter("name", of: line)
    else { throw Self.broken }
    if let file = Self.parameter("filename", of: line) {
      found.append(.file(name: file))
      state = .file
    } else {
      state = .field(name: name, value: [])
    }
    return true
  }

  /// Browsers write quotes in a name as `%22`.
  private static func parameter(_ name: String, of line: Substring) -> String? {
    // What stands between quotes follows its name: a file may be called "a;b.csv".
    let texts = line.split(separator: "\"", omittingEmptySubsequences: false)
    for place in stride(from: 0, to: texts.count - 1, by: 2) where texts[place].hasSuffix(" " + name + "=") {
      return texts[place + 1].split(separator: "%22", omittingEmptySubsequences: false).joined(separator: "\"")
    }
    return nil
  }

  private static func place(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= mark.count else { return nil }
    for place in 0...(bytes.count - mark.count) where bytes[place] == mark[0] {
      if bytes[place..<place + mark.count].elementsEqual(mark) { return place }
    }
    return nil
  }
}
