import Kernel
import Storage

extension Int: SettingValue {
  public static var expected: String { "a whole number" }
  public init?(setting text: String) { self.init(text) }
  public var settingText: String { String(self) }
}

extension DatabaseURL: SettingValue {
  public static var expected: String { "sqlite:PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME" }

  public init?(setting text: String) {
    do throws(Problem) { self = try DatabaseURL(text) } catch { return nil }
  }

  public var settingText: String {
    switch self {
    case .sqlite(let path): "sqlite:" + path
    case .postgres(let url): url
    }
  }

  public var maskedText: String { description }
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
