import Kernel

/// Where a database is, as the configuration says it: `sqlite:path` or `postgres://user@host:port/name`.
public enum DatabaseURL: Hashable, Sendable, CustomStringConvertible {
  case sqlite(path: String)
  /// As libpq reads it; the password may stand in it, in PGPASSWORD or in `.pgpass`.
  case postgres(String)

  /// - Throws: `Problem` `database_url` that says what is possible.
  public init(_ text: String) throws(Problem) {
    if text.hasPrefix("sqlite:"), text.utf8.count > "sqlite:".utf8.count {
      self = .sqlite(path: String(text.dropFirst("sqlite:".count)))
    } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
      self = .postgres(text)
    } else {
      throw Problem(
        .invalid, "database_url", "a database is named as sqlite:PATH or postgres://USER@HOST:PORT/NAME, this is neither")
    }
  }

  /// For logs and people: the password is masked.
  public var description: String {
    switch self {
    case .sqlite(let path): return "sqlite:\(path)"
    case .postgres(let url):
      guard let scheme = url.firstRange(of: "://") else { return "postgres://…" }
      let rest = url[scheme.upperBound...]
      let authority = rest.prefix { $0 != "/" && $0 != "?" }
      let masked = Self.masked(authority) + Self.maskedQuery(rest[authority.endIndex...])
      return url[..<scheme.upperBound] + masked
    }
  }

  private static func masked(_ authority: Substring) -> String {
    guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else { return String(authority) }
    return authority[..<colon] + ":***" + authority[at...]
  }

  /// `?password=…` is another way to write it.
  private static func maskedQuery(_ rest: Substring) -> String {
    guard let mark = rest.firstIndex(of: "?") else { return String(rest) }
    let fields = rest[rest.index(after: mark)...].split(separator: "&").map { field in
      field.hasPrefix("password=") ? "password=***" : String(field)
    }
    return rest[...mark] + fields.joined(separator: "&")
  }
}
