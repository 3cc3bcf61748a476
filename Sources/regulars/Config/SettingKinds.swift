import Kernel

extension Int: SettingValue {
  public static var expected: String { "a whole number" }
  public init?(setting text: String) { self.init(text) }
  public var settingText: String { String(self) }
}

/// Which database, as a URL.
public enum DatabaseAddress: Hashable, SettingValue {
  /// A file, made when it is not there.
  case sqlite(path: String)
  /// What libpq understands, user and password included.
  case postgres(url: String)

  public static var expected: String { "sqlite:PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME" }

  public init?(setting text: String) {
    if text.hasPrefix("sqlite:") {
      let path = String(text.dropFirst("sqlite:".count))
      guard !path.isEmpty, !path.hasPrefix("//") else { return nil }
      self = .sqlite(path: path)
    } else if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
      self = .postgres(url: text)
    } else {
      return nil
    }
  }

  public var settingText: String {
    switch self {
    case .sqlite(let path): "sqlite:" + path
    case .postgres(let url): url
    }
  }

  /// Without the password, wherever in the URL it stands.
  public var maskedText: String {
    guard case .postgres(let url) = self, let start = url.range(of: "://")?.upperBound else { return settingText }
    let query = url[start...].firstIndex(of: "?") ?? url.endIndex
    // The last @ ends the user's part: a careless password may itself contain one, and slashes too.
    var text = String(url[..<query])
    if let at = url[start..<query].lastIndex(of: "@"), let colon = url[start..<at].firstIndex(of: ":") {
      text = url[...colon] + "***" + url[at..<query]
    }
    guard query != url.endIndex else { return text }
    let parameters = url[url.index(after: query)...].split(separator: "&", omittingEmptySubsequences: false)
    return text + "?" + parameters.map { $0.lowercased().contains("password=") ? "\($0.prefix { $0 != "=" })=***" : String($0) }.joined(separator: "&")
  }
}

/// A folder or a file by its path.
public struct Folder: Hashable, SettingValue, CustomStringConvertible {
  public let path: String
  public static var expected: String { "a path" }

  public init?(setting text: String) {
    guard !text.isEmpty, !text.utf8.contains(0) else { return nil }
    path = text
  }

  init(_ path: StaticString) { self.path = String(describing: path) }

  public var settingText: String { path }
  public var description: String { path }
}

/// How log lines look.
public enum LogFormat: String, CaseIterable, SettingValue {
  /// Text on a terminal, JSON elsewhere.
  case auto
  case text
  case json
}

/// The least important line that is still written.
public enum LogLevel: String, CaseIterable, SettingValue { case debug, info, notice, warning, error }

extension SettingValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  public static var expected: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
  public init?(setting text: String) { self.init(rawValue: text) }
  public var settingText: String { rawValue }
}

extension String {
  /// The first place of a short text in this one.
  fileprivate func range(of needle: String) -> Range<Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(needle) { return at..<index(at, offsetBy: needle.count) }
      at = index(after: at)
    }
    return nil
  }
}
