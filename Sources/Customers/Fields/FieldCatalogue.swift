import Access
import Conditions
import Kernel

/// The fields of an account and the values of their dictionaries, as they were read: what attributes are checked against and called by.
public struct FieldCatalogue: Sendable {
  /// Which values of dictionaries somebody needs.
  public enum Wanted: Sendable {
    case nothing
    /// Those that these attributes name by their codes.
    case codes(of: [Attributes])
    /// All of the dictionaries of these fields: files name values as people call them.
    case fields(Set<String>)
    case everything
  }

  /// Those that can be filled in, in their order.
  public let fields: [MemberFieldDetails]
  public let archived: [MemberFieldDetails]
  public let onlyDefined: Bool
  private let byCode: [String: MemberFieldDetails]
  private var values: [String: [String: DictionaryValue]] = [:]
  private var named: [String: [String: [String]]] = [:]

  init(_ shelf: [FieldBook.Shelved], onlyDefined: Bool) {
    fields = shelf.filter { !$0.isArchived }.map(\.field.details)
    archived = shelf.filter(\.isArchived).map(\.field.details)
    self.onlyDefined = onlyDefined
    byCode = Dictionary(shelf.map { ($0.field.details.code, $0.field.details) }, uniquingKeysWith: { first, _ in first })
  }

  /// Nothing is defined.
  public init() { self.init([], onlyDefined: false) }

  public static func inOrder(_ one: DictionaryValue, _ other: DictionaryValue) -> Bool {
    (one.rank, one.code) < (other.rank, other.code)
  }

  /// Archived ones as well.
  public subscript(_ code: String) -> MemberFieldDetails? { byCode[code] }
  public func isArchived(_ code: String) -> Bool { archived.contains { $0.code == code } }

  /// Of a field, in their order; archived ones as well.
  public func values(of field: MemberFieldDetails) -> [DictionaryValue] {
    (field.kind.dictionary.flatMap { values[$0] } ?? [:]).values.sorted(by: Self.inOrder)
  }

  mutating func put(_ list: [DictionaryValue], of dictionary: String) {
    values[dictionary] = Dictionary(list.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    var names: [String: [String]] = [:]
    for value in list where !value.isArchived {
      for text in Set([folded(value.name.ru), folded(value.name.en)]) { names[text, default: []].append(value.code) }
    }
    named[dictionary] = names
  }

  /// By dictionary; nil for all of its values.
  func dictionaries(_ wanted: Wanted) -> [String: [String]?] {
    var found: [String: [String]?] = [:]
    switch wanted {
    case .nothing: break
    case .everything: for code in byCode.values.compactMap(\.kind.dictionary) { found[code] = .some(nil) }
    case .fields(let asked):
      for code in byCode.values.filter({ asked.contains($0.code) }).compactMap(\.kind.dictionary) { found[code] = .some(nil) }
    case .codes(let all):
      var codes: [String: Set<String>] = [:]
      for attributes in all {
        for (name, value) in attributes.values {
          guard let dictionary = byCode[name]?.kind.dictionary else { continue }
          switch value {
          case .text(let code): codes[dictionary, default: []].insert(code)
          case .list(let list): codes[dictionary, default: []].formUnion(list)
          case .number, .flag, .day: break
          }
        }
      }
      for (dictionary, list) in codes { found[dictionary] = .some(Array(list.sorted().prefix(Limits.bulk))) }
    }
    return found
  }

  // MARK: what members may have

  /// Attributes as they are kept: what is defined is of its kind, codes stand in order. What stays as it was is let be, archived
  /// values and fields included.
  /// - Parameters:
  ///   - old: what the member has.
  ///   - readsTexts: true for files and forms, which write everything as text and call values by their names.
  public func accept(
    _ new: Attributes, over old: Attributes = Attributes(), readsTexts: Bool = false, at pointer: String, _ issues: IssueList
  ) -> Attributes {
    var values: [String: AttributeValue] = [:]
    for (name, value) in new.values.sorted(by: { $0.key < $1.key }) {
      let place = "\(pointer)/\(name)"
      guard old[name] != value else {
        values[name] = value
        continue
      }
      guard let field = byCode[name] else {
        if onlyDefined {
          issues.add(place, "undefined_attribute", "nobody defined the attribute \"\(name)\", and only defined ones are taken")
        }
        values[name] = value
        continue
      }
      if isArchived(name) {
        issues.add(place, "attribute_archived", "the attribute \"\(name)\" is archived and filled in no more")
        continue
      }
      do { values[name] = try self.value(value, of: field, over: old[name], readsTexts) } catch {
        issues.add(place, error.code, error.message)
      }
    }
    return Attributes(values)
  }

  /// Why a value cannot be a field's.
  public struct Fault: Error, Hashable, Sendable {
    public let code: String
    public let message: String
    public let words: LocalText
  }

  /// - Returns: nil for an empty text: nothing.
  public func value(
    _ value: AttributeValue, of field: MemberFieldDetails, over old: AttributeValue? = nil, _ readsTexts: Bool = false
  ) throws(Fault) -> AttributeValue? {
    if readsTexts, case .text(let text) = value { return try read(text, of: field, over: old) }
    switch (field.kind, value) {
    case (.text(let most), .text(let text)): return text.isEmpty ? nil : try bounded(text, most)
    case (.number(let least, let most), .number(let number)): return try bounded(number, least, most)
    case (.day, .day), (.flag, .flag): return value
    case (.one(let dictionary), .text(let code)): return .text(try known(code, dictionary, old, readsTexts))
    case (.several(let dictionary, let most), .list(let codes)):
      return try several(codes, dictionary, most, old, readsTexts)
    // One code alone is a list of one.
    case (.several(let dictionary, let most), .text(let code)): return try several([code], dictionary, most, old, readsTexts)
    default: throw Self.wrongKind(field.kind)
    }
  }

  private func read(
    _ typed: String, of field: MemberFieldDetails, over old: AttributeValue?
  ) throws(Fault) -> AttributeValue? {
    let text = Self.bare(typed[...])
    guard !text.isEmpty else { return nil }
    switch field.kind {
    case .text(let most): return try bounded(text, most)
    case .number(let least, let most):
      guard let number = Int64(text.filter { !$0.isWhitespace }) else { throw Self.wrongKind(field.kind) }
      return try bounded(number, least, most)
    case .day:
      guard let day = CivilDay(text) ?? Self.day(text) else { throw Self.wrongKind(field.kind) }
      return .day(day)
    case .flag:
      if ["да", "yes", "true", "1", "on"].contains(text.lowercased()) { return .flag(true) }
      if ["нет", "no", "false", "0", "off"].contains(text.lowercased()) { return .flag(false) }
      throw Self.wrongKind(field.kind)
    case .one(let dictionary): return .text(try known(text, dictionary, old, true))
    case .several(let dictionary, let most):
      let parts = text.split { $0 == ";" || $0.isNewline }.map(Self.bare).filter { !$0.isEmpty }
      return try several(parts, dictionary, most, old, true)
    }
  }

  private static func bare(_ text: Substring) -> String {
    let start = text.drop { $0.isWhitespace }
    return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
  }

  /// `21.11.2026`, as Russian systems write it.
  private static func day(_ text: String) -> CivilDay? {
    let parts = text.split(separator: ".").map(String.init)
    guard parts.count == 3, parts[0].count <= 2, parts[1].count <= 2, parts[2].count == 4 else { return nil }
    func two(_ part: String) -> String { part.count < 2 ? "0" + part : part }
    return CivilDay("\(parts[2])-\(two(parts[1]))-\(two(parts[0]))")
  }

  private func bounded(_ text: String, _ most: Int) throws(Fault) -> AttributeValue {
    guard text.count <= most else {
      throw Fault(
        code: "too_long", message: "at most \(most) characters are allowed here",
        words: LocalText(ru: "Не длиннее \(most) знаков", en: "At most \(most) characters"))
    }
    return .text(text)
  }

  private func bounded(_ number: Int64, _ least: Int64?, _ most: Int64?) throws(Fault) -> AttributeValue {
    guard least.map({ $0 <= number }) ?? true, most.map({ number <= $0 }) ?? true, number.magnitude <= UInt64(Limits.amount) else {
      let (from, to) = (least.map { "\($0)" } ?? "–", most.map { "\($0)" } ?? "–")
      throw Fault(
        code: "out_of_range", message: "a number from \(from) to \(to) is expected, not \(number)",
        words: LocalText(ru: "Число от \(from) до \(to)", en: "A number from \(from) to \(to)"))
    }
    return .number(number)
  }

  private func several(
    _ codes: [String], _ dictionary: String, _ most: Int, _ old: AttributeValue?, _ byName: Bool
  ) throws(Fault) -> AttributeValue? {
    var found: Set<String> = []
    for code in codes { found.insert(try known(code, dictionary, old, byName)) }
    guard found.count <= most else {
      throw Fault(
        code: "too_many", message: "at most \(most) values are allowed here",
        words: LocalText(ru: "Не больше \(most) значений", en: "At most \(most) values"))
    }
    return found.isEmpty ? nil : .list(found.sorted())
  }

  private func known(_ text: String, _ dictionary: String, _ old: AttributeValue?, _ byName: Bool) throws(Fault) -> String {
    if let value = values[dictionary]?[text] {
      // What a member has already may stay, whatever became of it.
      guard !value.isArchived || Self.holds(old, text) else {
        throw Fault(
          code: "value_archived", message: "the value \"\(text)\" is archived and chosen no more",
          words: LocalText(ru: "Значение «\(value.name.ru)» в архиве", en: "The value “\(value.name.en)” is archived"))
      }
      return text
    }
    if byName, let codes = named[dictionary]?[folded(text)] {
      if codes.count == 1 { return codes[0] }
      throw Fault(
        code: "several_names", message: "\"\(text)\" fits several values: \(codes.sorted().prefix(5).joined(separator: ", "))",
        words: LocalText(
          ru: "«\(text)» подходит нескольким значениям, укажите код", en: "“\(text)” fits several values, give the code"))
    }
    throw Fault(
      code: "not_in_dictionary", message: "\"\(text.prefix(Limits.code))\" is no value of the dictionary \"\(dictionary)\"",
      words: LocalText(ru: "Такого значения нет в справочнике", en: "The dictionary has no such value"))
  }

  private static func holds(_ old: AttributeValue?, _ code: String) -> Bool {
    switch old {
    case .text(let text)?: text == code
    case .list(let codes)?: codes.contains(code)
    case .number?, .flag?, .day?, nil: false
    }
  }

  private static func wrongKind(_ kind: MemberFieldDetails.Kind) -> Fault {
    let (message, words) =
      switch kind {
      case .text: ("a text is expected here", LocalText(ru: "Нужен текст", en: "A text is expected"))
      case .number: ("a whole number is expected here", LocalText(ru: "Нужно целое число", en: "A whole number is expected"))
      case .day:
        ("a day is expected here, such as 2026-11-21", LocalText(ru: "Нужен день: ГГГГ-ММ-ДД", en: "A day is expected: YYYY-MM-DD"))
      case .flag: ("yes or no is expected here", LocalText(ru: "Нужно «да» или «нет»", en: "Yes or no is expected"))
      case .one: ("one code of the dictionary is expected", LocalText(ru: "Нужно значение справочника", en: "A value is expected"))
      case .several:
        ("a list of codes is expected", LocalText(ru: "Нужны значения справочника", en: "Values of the dictionary are expected"))
      }
    return Fault(code: "wrong_kind", message: message, words: words)
  }

  // MARK: what they are called

  /// A code in words; itself where the dictionary lacks it.
  public func name(_ code: String, of field: MemberFieldDetails) -> LocalText {
    field.kind.dictionary.flatMap { values[$0]?[code]?.name } ?? LocalText(ru: code, en: code)
  }

  /// What the trail keeps of attributes that changed: of personal ones that they did, of others from what to what.
  public func notes(of member: MemberID, from old: Attributes, to new: Attributes) -> [AuditNote] {
    Set(old.values.keys).union(new.values.keys).sorted().compactMap { name in
      guard let field = byCode[name], old[name] != new[name] else { return nil }
      func side(_ value: AttributeValue?) -> JSON {
        .object(["field": .string(name), "value": field.isPersonal ? nil : value?.json])
      }
      return .did("attribute.changed", member, before: side(old[name]), after: side(new[name]))
    }
  }
}
