import Access
import Engagement
import FoundationEssentials
import Kernel
import Storage

extension Int: SettingValue {
  public static var expected: String { "a whole number" }
  public init?(setting text: String) { self.init(text) }
  public var settingText: String { String(self) }
}

extension Bool: SettingValue {
  public static var expected: String { "yes or no" }

  public init?(setting text: String) {
    switch text {
    case "yes": self = true
    case "no": self = false
    default: return nil
    }
  }

  public var settingText: String { self ? "yes" : "no" }
}

/// Keys of the configuration's own, the first of them in use. Never shown.
public struct SecretKeys: Hashable, SettingValue {
  public static let none = SecretKeys(keys: [])
  public static var expected: String { "32 bytes in base64, or several with commas between" }
  /// More would mean that nobody takes old ones away.
  static let most = 8

  public let keys: [[UInt8]]

  private init(keys: [[UInt8]]) { self.keys = keys }

  public init?(setting text: String) {
    guard text != "none" else {
      self = .none
      return
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let keys = parts.compactMap { Data(base64Encoded: $0.filter { $0 != " " }).map { [UInt8]($0) } }
    guard keys.count == parts.count, keys.count <= Self.most, keys.allSatisfy({ $0.count == KeyRing.size }) else { return nil }
    self.keys = keys
  }

  public var settingText: String {
    keys.isEmpty ? "none" : keys.map { Data($0).base64EncodedString() }.joined(separator: ",")
  }

  public var maskedText: String { keys.isEmpty ? "none" : keys.count == 1 ? "***" : "*** (\(keys.count) keys)" }
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

/// A file by its path, or none.
public struct OptionalFile: Hashable, SettingValue {
  public let path: String?
  public static var expected: String { "a path, or `none`" }
  public static var none: OptionalFile { OptionalFile(path: nil) }

  private init(path: String?) { self.path = path }

  public init?(setting text: String) {
    guard !text.isEmpty, !text.utf8.contains(0) else { return nil }
    path = text == "none" ? nil : text
  }

  public var settingText: String { path ?? "none" }
}

/// An address to listen at.
public struct HostName: Hashable, SettingValue {
  public let text: String
  public static var expected: String { "a host name or an address" }

  public init?(setting text: String) {
    guard (1...253).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
    self.text = text
  }

  init(_ text: StaticString) { self.text = String(describing: text) }
  public var settingText: String { text }
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

/// Where codes go.
public struct CodeAddress: Hashable, SettingValue {
  public static let console = CodeAddress(address: nil)
  public static var expected: String { "`console`, or an http(s) address" }
  /// Nil: the console.
  public let address: String?

  private init(address: String?) { self.address = address }

  public init?(setting text: String) {
    guard text == "console" || WebhookURL(text) != nil else { return nil }
    address = text == "console" ? nil : text
  }

  public var settingText: String { address ?? "console" }
}

/// What messages with codes are signed with.
public struct CodeSecret: Hashable, SettingValue {
  public static let none = CodeSecret(secret: nil)
  public static var expected: String { "`whsec_` and base64 of 24 to 64 bytes, or `none`" }
  public let secret: WebhookSecret?

  private init(secret: WebhookSecret?) { self.secret = secret }

  public init?(setting text: String) {
    guard text == "none" || WebhookSecret(text) != nil else { return nil }
    secret = WebhookSecret(text)
  }

  public var settingText: String { secret?.text ?? "none" }
  public var maskedText: String { secret == nil ? "none" : "***" }
}
