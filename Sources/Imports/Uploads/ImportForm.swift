import Kernel
import Tables

/// One field that a file can bring, as a form asks for it.
public struct ImportField: Sendable {
  enum Nature { case text, day, figure, words([String: String]) }

  /// As in a mapping's `fields`; `opening.points` and `opening.until` stand beside them.
  public let key: String
  public let name: LocalText
  public let isRequired: Bool
  public let hint: LocalText?
  let nature: Nature
  /// Folded words that columns of this kind are called by.
  let calls: [String]

  init(
    _ key: String, _ ru: String, _ en: String, _ calls: [String], isRequired: Bool = false, hint: LocalText? = nil,
    _ nature: Nature = .text
  ) {
    self.key = key
    name = LocalText(ru: ru, en: en)
    self.isRequired = isRequired
    self.hint = hint
    self.nature = nature
    self.calls = [key.lowercased()] + calls
  }

  static let own = "attributes."

  /// A field of members that the account defines; columns are known by its code and its names.
  public static func attribute(_ code: String, _ name: LocalText) -> ImportField {
    ImportField(own + code, name.ru, name.en, [code, name.ru, name.en])
  }

  /// The code of a field that the account defines; nil for the usual ones.
  var attribute: String? { key.hasPrefix(Self.own) ? String(key.dropFirst(Self.own.count)) : nil }
}

/// What a person says about the columns of a file, field by field, and the mapping that follows: the same document that the command
/// line reads.
public struct ImportForm: Sendable {
  /// Where a field comes from.
  public enum Choice: Hashable, Sendable {
    case column(Int)
    case constant(String)

    /// As a form carries it: `c3`, `=lavka`.
    public var text: String {
      switch self {
      case .column(let place): "c\(place)"
      case .constant(let text): "=" + text
      }
    }

    public init?(_ text: String) {
      if text.hasPrefix("="), text.utf8.count > 1, text.utf8.count <= Limits.name {
        self = .constant(String(text.dropFirst()))
      } else if text.hasPrefix("c"), let place = Int(text.dropFirst()), (0..<Limits.tableColumns).contains(place) {
        self = .column(place)
      } else {
        return nil
      }
    }
  }

  public let kind: ImportKind
  public let preview: ImportPreview
  public let fields: [ImportField]
  /// How the file writes days where that is not to be found out, for example `dd.MM.yyyy`.
  public var days: String?
  public var decimalPoint: UInt8
  public var choices: [String: Choice]
  /// The IANA name of the zone whose clocks the file shows.
  public let zone: String

  /// Begins with a guess.
  /// - Parameter standards: what a field is for every record where no column looks like it.
  /// - Parameter own: fields that the account defines.
  public init(
    _ kind: ImportKind, _ preview: ImportPreview, zone: String, standards: [String: String] = [:], own: [ImportField] = []
  ) {
    self.kind = kind
    self.preview = preview
    self.zone = zone
    fields = Self.fields(of: kind) + own
    decimalPoint = preview.shape.decimalPoint
    choices = Self.guess(fields, preview.header)
    // Who has no codes of their own is known by what every file has.
    if kind == .members, choices["code"] == nil { choices["code"] = choices["cards"] ?? choices["phone"] ?? choices["email"] }
    for (key, text) in standards where choices[key] == nil { choices[key] = .constant(text) }
  }

  /// Columns that nothing comes from, by name.
  public var unused: [String] {
    let used = Set(choices.values.compactMap { if case .column(let place) = $0 { place } else { nil } })
    return preview.header.indices.filter { !used.contains($0) }.map { preview.header[$0] }
  }

  /// Patterns of days, the likelier first: where a day could be either, it stands in front.
  public static let patterns = [
    "yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "dd-MM-yyyy", "dd.MM.yy", "yyyyMMdd", "yyyy-MM-dd HH:mm:ss",
    "yyyy-MM-ddTHH:mm:ss", "dd.MM.yyyy HH:mm", "dd.MM.yyyy HH:mm:ss", "yyyy-MM-dd HH:mm", "MM/dd/yyyy HH:mm",
  ]

  /// How a column writes its days, by all its samples; nil where none of the patterns reads them all.
  public func pattern(of column: Int) -> String? {
    let texts = preview.texts(column)
    guard !texts.isEmpty else { return nil }
    // What is no date in any way is refused by its line later; it must not hide how the others are written.
    let fits = Self.patterns.map { text in
      (text, TimePattern(text).map { pattern in texts.count { pattern.read(Array($0.utf8)[...]) != nil } } ?? 0)
    }
    let most = fits.max { $0.1 < $1.1 }?.1 ?? 0
    return most * 2 > texts.count ? fits.first { $0.1 == most }?.0 : nil
  }
}

// MARK: the guess

extension ImportForm {
  /// The name that says it exactly goes first; then what contains it. No column is guessed twice.
  private static func guess(_ fields: [ImportField], _ header: [String]) -> [String: Choice] {
    let names = header.map(folded)
    var choices: [String: Choice] = [:]
    var taken: Set<Int> = []
    func take(_ matches: (ImportField, String) -> Bool) {
      for field in fields where choices[field.key] == nil {
        guard let place = names.indices.first(where: { !taken.contains($0) && matches(field, names[$0]) }) else { continue }
        choices[field.key] = .column(place)
        taken.insert(place)
      }
    }
    take { field, name in field.calls.contains { folded($0) == name } }
    take { field, name in field.calls.contains { folded($0).count >= 4 && name.contains(folded($0)) } }
    return choices
  }

  /// Letters and digits alone, small, ё as е.
  private static func folded(_ text: String) -> String {
    String(text.lowercased().map { $0 == "ё" ? "е" : $0 }.filter { $0.isLetter || $0.isNumber })
  }
}

// MARK: the mapping

extension ImportForm {
  /// The mapping as `regulars import` reads it.
  public var mapping: JSON {
    let usual = fields.filter { !$0.key.hasPrefix("opening.") && $0.attribute == nil }
    var sources = usual.compactMap { field in source(field).map { JSON.Member(field.key, $0) } }
    let own = fields.compactMap { field in field.attribute.flatMap { code in source(field).map { JSON.Member(code, $0) } } }
    if !own.isEmpty { sources.append(JSON.Member("attributes", .object(own))) }
    return .object([
      "import": .string(kind.rawValue),
      "file": .object([
        "encoding": .string(preview.shape.encoding.rawValue), "separator": .string(preview.separator.rawValue),
        "decimalPoint": .string(decimalPoint == 0x2c ? "," : "."), "grouping": " ",
      ]),
      "zone": .string(zone), "fields": .object(sources), "opening": opening,
    ])
  }

  /// Names fields that no column and no constant was chosen for.
  public var missing: [ImportField] { fields.filter { $0.isRequired && choices[$0.key] == nil } }

  private var opening: JSON? {
    guard let field = fields.first(where: { $0.key == "opening.points" }), let points = source(field) else { return nil }
    let until = fields.first { $0.key == "opening.until" }.flatMap(source)
    return .array([.object(["points": points, "until": until])])
  }

  private func source(_ field: ImportField) -> JSON? {
    switch choices[field.key] {
    case nil: return nil
    case .constant(let text): return .object(["constant": .string(text)])
    case .column(let place):
      guard place < preview.header.count else { return nil }
      let column: JSON = .string(preview.header[place])
      switch field.nature {
      case .text, .figure: return column
      case .day: return .object(["column": column, "format": (days ?? pattern(of: place)).map { .string($0) }])
      case .words(let words):
        let known = words.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }
        return .object(["column": column, "words": .object(known)])
      }
    }
  }
}

// MARK: what was said before

extension ImportForm {
  /// Takes up what an earlier mapping of the same file says, as far as this form can say it.
  public mutating func take(_ mapping: JSON) {
    let node = JSONNode(mapping)
    choices = [:]
    for field in fields {
      let place = field.key.split(separator: ".").map(String.init)
      let source =
        field.attribute.map { node["fields"]["attributes"][$0] }
        ?? (place.count == 2 ? node["opening"].items(max: 1).first?[place[1]] : node["fields"][field.key])
      guard let source, let choice = choice(source) else { continue }
      choices[field.key] = choice
      if case .day = field.nature, case .column(let column) = choice, let format = source["format"].text(),
        format != pattern(of: column)
      {
        days = format
      }
    }
    if let point = node["file"]["decimalPoint"].text()?.utf8.first { decimalPoint = point }
  }

  private func choice(_ node: JSONNode) -> Choice? {
    if case .string(let name)? = node.json { return preview.header.firstIndex(of: name).map { .column($0) } }
    if let text = node["constant"].text() { return .constant(text) }
    return node["column"].text().flatMap { preview.header.firstIndex(of: $0) }.map { .column($0) }
  }
}
