import Kernel

/// Where a database is, as the configuration says it: `sqlite:path` or `postgres://user@host:port/name`.
public enum DatabaseURL: Hashable, Sendable, CustomStringConvertible {
  case sqlite(path: String)
  /// As libpq reads it; the password may stand in it, in PGPASSWORD or in `.pgpass`.
  case postgres(String)

  /// - Throws: `Problem` `database_url` that says what is possible.
  public init(_ text: String) throws(Problem) {
    if text.hasPrefix("sqlite:"), !text.hasPrefix("sqlite://"), text.utf8.count > "sqlite:".utf8.count {
      self = .sqlite(path: String(text.dropFirst("sqlite:".count)))
    } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
      self = .postgres(text)
    } else {
      throw Problem(
        .invalid, "database_url", "a database is named as sqlite:PATH or postgres://USER@HOST:PORT/NAME, this is neither")
    }
  }

  /// For logs and people: without the password, wherever in the URL it stands.
  public var description: String {
    switch self {
    case .sqlite(let path): return "sqlite:\(path)"
    case .postgres(let url):
      guard let start = url.firstRange(of: "://")?.upperBound else { return "postgres://…" }
      let query = url[start...].firstIndex(of: "?") ?? url.endIndex
      return url[..<start] + Self.masked(url[start..<query]) + Self.maskedQuery(url[query...])
    }
  }

  /// The last @ ends the user's part: a careless password may itself contain one, and slashes too.
  private static func masked(_ address: Substring) -> String {
    guard let at = address.lastIndex(of: "@"), let colon = address[..<at].firstIndex(of: ":") else { return String(address) }
    return address[..<colon] + ":***" + address[at...]
  }

  /// `?password=…` is another way to write it, `sslpassword` opens a key.
  private static func maskedQuery(_ rest: Substring) -> String {
    guard !rest.isEmpty else { return "" }
    let fields = rest.dropFirst().split(separator: "&", omittingEmptySubsequences: false).map { field in
      field.lowercased().contains("password=") ? field.prefix { $0 != "=" } + "=***" : String(field)
    }
    return "?" + fields.joined(separator: "&")
  }
}
