import Kernel

/// What can stand behind a key of the configuration.
public protocol SettingValue: Sendable {
  /// What is expected, as the end of the sentence "… is expected".
  static var expected: String { get }
  init?(setting text: String)
  /// Reads back to the same value.
  var settingText: String { get }
  /// For screens and logs: without secrets.
  var maskedText: String { get }
}

extension SettingValue {
  public var maskedText: String { settingText }
}

/// Where a value came from; a later case outranks an earlier one.
public enum SettingSource: Hashable, Sendable, CustomStringConvertible {
  case standard
  case file(path: String, line: Int)
  case environment(String)
  case option(String)

  public var description: String {
    switch self {
    case .standard: "default"
    case .file(let path, let line): "\(path), line \(line)"
    case .environment(let name): "environment, \(name)"
    case .option(let name): "option \(name)"
    }
  }
}

/// One key with its value: what `doctor` prints and the administrator's page is made of.
public struct ConfigEntry: Sendable {
  public let key: String
  /// One or two sentences for whoever sets it.
  public let help: String
  public let expected: String
  public let standard: String
  /// As it is now, secrets masked.
  public let value: String
  public let source: SettingSource

  /// The environment's name of a key: `log.level` is `REGULARS_LOG_LEVEL`; shells know neither points nor hyphens in names.
  public static func variable(for key: String) -> String {
    "REGULARS_" + key.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
  }
}

/// What was given, before anything is understood.
public struct ConfigSources: Sendable {
  public var file: ConfigFile?
  public var environment: [String: String]
  /// Options of the command line by key: `["database": ("--database", "sqlite:x.db")]`.
  public var options: [String: (name: String, text: String)]

  public init(file: ConfigFile? = nil, environment: [String: String] = [:], options: [String: (name: String, text: String)] = [:]) {
    self.file = file
    self.environment = environment
    self.options = options
  }
}

/// Reads key after key and remembers what was declared, so that one list serves the values, the refusal of unknown keys, `doctor`
/// and the documents.
struct SettingReader {
  private let sources: ConfigSources
  private let issues = IssueList()
  private(set) var entries: [ConfigEntry] = []

  init(_ sources: ConfigSources) { self.sources = sources }

  /// The value of a key from the strongest source that names it. A value that cannot be read is noted, and the default stands in
  /// until `finish` refuses the whole.
  mutating func read<V: SettingValue>(_ key: String, _ standard: V, _ help: String) -> V {
    read(key, standard, help, expected: V.expected) { V(setting: $0) }
  }

  mutating func read(_ key: String, _ standard: Int, in range: ClosedRange<Int>, _ help: String) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return read(key, standard, help, expected: expected) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
  }

  private mutating func read<V: SettingValue>(
    _ key: String, _ standard: V, _ help: String, expected: String, parse: (String) -> V?
  ) -> V {
    let (text, source) = given(key)
    var value = standard
    if let text {
      if let parsed = parse(text) {
        value = parsed
      } else {
        issues.add("\(source)", "invalid_setting", "\(key): \(expected) is expected")
      }
    }
    entries.append(
      ConfigEntry(
        key: key, help: help, expected: expected, standard: standard.settingText, value: value.maskedText, source: source))
    return value
  }

  private func given(_ key: String) -> (String?, SettingSource) {
    if let option = sources.options[key] { return (option.text, .option(option.name)) }
    let variable = ConfigEntry.variable(for: key)
    if let text = sources.environment[variable], !text.isEmpty { return (text, .environment(variable)) }
    if let file = sources.file, let line = file.lines.first(where: { $0.key == key }) {
      return (line.value, .file(path: file.path, line: line.number))
    }
    return (nil, .standard)
  }

  /// Refuses the configuration when a value could not be read or the file has a key nobody declared.
  /// - Throws: `Problem` with code `invalid_configuration` and an issue per place.
  func finish() throws(Problem) {
    let keys = entries.map(\.key)
    if let file = sources.file {
      for line in file.lines where !keys.contains(line.key) {
        let hint =
          nearest(to: line.key, among: keys).map { "; did you mean \"\($0)\"?" } ?? "; known are \(keys.joined(separator: ", "))"
        issues.add("\(file.path), line \(line.number)", "unknown_key", "there is no key \"\(line.key)\"\(hint)")
      }
    }
    guard issues.isEmpty else {
      throw Problem(
        .invalid, "invalid_configuration", "the configuration cannot be used; mend the places below", issues: issues.issues)
    }
  }

  /// Variables that look like ours and are not: worth a warning, not a refusal, because orchestrators set some of their own.
  var strangeVariables: [String] {
    let known = Set(entries.map { ConfigEntry.variable(for: $0.key) } + [ConfigFile.variable])
    return sources.environment.keys.filter { $0.hasPrefix("REGULARS_") && !$0.hasPrefix("REGULARS_TEST_") && !known.contains($0) }
      .sorted()
  }
}

/// The word of a list that a misspelt one most likely meant: at most a third of its letters differ.
public func nearest(to word: String, among candidates: [String]) -> String? {
  let limit = max(1, word.count / 3)
  let ranked = candidates.map { ($0, editDistance(Array(word.utf8), Array($0.utf8))) }.min { $0.1 < $1.1 }
  guard let (candidate, distance) = ranked, distance <= limit else { return nil }
  return candidate
}

/// Levenshtein's distance; costs the product of the lengths, so inputs are cut at 64.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  let (a, b) = (a.prefix(64), b.prefix(64))
  var row = Array(0...b.count)
  for (i, left) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, right) in b.enumerated() {
      let changed = diagonal + (left == right ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(changed, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
