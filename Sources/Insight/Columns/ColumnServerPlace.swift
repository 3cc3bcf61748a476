import Kernel

/// Where a column server is: `http://USER:PASSWORD@HOST:PORT/DATABASE`; user and password may be left out.
public struct ColumnServerPlace: Hashable, Sendable {
  /// Scheme, host and port.
  public let base: String
  public let user: String
  public let password: String
  public let database: String

  public init?(_ text: String) {
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { return nil }
    let rest = text.dropFirst(scheme.count)
    let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, Self.isName(parts[1]), !parts[0].isEmpty else { return nil }
    let authority = parts[0].split(separator: "@", omittingEmptySubsequences: false)
    guard authority.count <= 2, let host = authority.last, !host.isEmpty, host.allSatisfy(Self.isOfHost) else { return nil }
    let login = authority.count == 2 ? authority[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) : []
    guard login.allSatisfy({ $0.allSatisfy { $0.isASCII && !$0.isWhitespace } }) else { return nil }
    (base, database) = (scheme + host, String(parts[1]))
    user = login.first.map(String.init) ?? ""
    password = login.count == 2 ? String(login[1]) : ""
  }

  private static func isName(_ text: Substring) -> Bool {
    !text.isEmpty && text.count <= 64 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  private static func isOfHost(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || ".:-[]".contains(character))
  }
}
