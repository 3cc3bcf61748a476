import Kernel

/// The configuration file: a key, an equals sign and a value on each line; `#` begins a comment line. Nothing is quoted, nested or
/// included, so every message can name a line, and a value is what one reads.
public struct ConfigFile: Sendable {
  public struct Line: Hashable, Sendable {
    public let number: Int
    public let key: String
    public let value: String
  }

  public let path: String
  public let lines: [Line]

  /// Where the file is looked for when neither `--config` nor this variable names one; the first that exists is read.
  public static let places = ["regulars.conf", "/etc/regulars.conf"]
  public static let variable = "REGULARS_CONFIG"
  static let longest = 64 * 1024

  /// - Throws: `Problem` with code `invalid_configuration` and an issue per line that is not `key = value` or repeats a key.
  public init(path: String, text: String) throws(Problem) {
    let issues = IssueList()
    var lines: [Line] = []
    for (offset, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = trimmed(raw)
      if content.isEmpty || content.hasPrefix("#") { continue }
      let place = "\(path), line \(offset + 1)"
      guard let equals = content.firstIndex(of: "=") else {
        issues.add(place, "not_a_setting", "a key, an equals sign and a value are expected, for example log.level = info")
        continue
      }
      let key = String(trimmed(content[..<equals]))
      let value = String(trimmed(content[content.index(after: equals)...]))
      if value.isEmpty { issues.add(place, "empty_value", "\(key) has no value; remove the line to use the default") }
      if value.hasPrefix("\"") || value.hasPrefix("'") { issues.add(place, "quoted_value", "\(key): values stand without quotes") }
      if let earlier = lines.first(where: { $0.key == key }) {
        issues.add(place, "repeated_key", "\(key) is already set in line \(earlier.number)")
      }
      lines.append(Line(number: offset + 1, key: key, value: value))
    }
    guard issues.isEmpty else {
      throw Problem(
        .invalid, "invalid_configuration", "the configuration cannot be read; mend the places below", issues: issues.issues)
    }
    self.path = path
    self.lines = lines
  }

  /// The file named by `--config`, else by the environment, else the first of `places` that exists; nil where there is none.
  /// - Throws: `Problem`; a file that was named and is not there is one.
  static func find(named option: String?, environment: [String: String]) throws(Problem) -> ConfigFile? {
    if let path = option ?? environment[variable] { return try ConfigFile(at: path) }
    for path in places {
      do {
        return try ConfigFile(path: path, text: try text(at: path))
      } catch let trouble as FileTrouble where trouble.isMissing {
        continue
      } catch let problem as Problem {
        throw problem
      } catch {
        throw Self.unreadable(error)
      }
    }
    return nil
  }

  private init(at path: String) throws(Problem) {
    let text: String
    do { text = try Self.text(at: path) } catch { throw Self.unreadable(error) }
    try self.init(path: path, text: text)
  }

  private static func text(at path: String) throws(FileTrouble) -> String {
    guard let text = String(validating: try readFile(path, atMost: longest), as: UTF8.self) else {
      throw FileTrouble(path, reason: "it is not UTF-8 text")
    }
    return text
  }

  private static func unreadable(_ error: any Error) -> Problem {
    Problem(
      .invalid, "unreadable_configuration", "the configuration cannot be read: \(error); check the path and the file's rights")
  }
}

private func trimmed(_ text: Substring) -> Substring {
  var rest = text
  while let first = rest.first, first.isWhitespace { rest.removeFirst() }
  while let last = rest.last, last.isWhitespace { rest.removeLast() }
  return rest
}
