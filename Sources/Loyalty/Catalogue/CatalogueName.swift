import Kernel

/// What a product or a category is called: in Russian, in English, or in both.
public struct CatalogueName: Hashable, Sendable, ExpressibleByStringLiteral {
  public let ru: String?
  public let en: String?

  public init(ru: String? = nil, en: String? = nil) {
    self.ru = ru
    self.en = en
  }

  /// One name for both languages.
  public init(_ name: String) { self.init(ru: name, en: name) }
  public init(stringLiteral value: String) { self.init(value) }

  /// Both languages, the one that is missing lent by the other.
  public var text: LocalText { LocalText(ru: ru ?? en ?? "", en: en ?? ru ?? "") }

  /// A text where both are the same, else an object.
  public var json: JSON {
    if let ru, ru == en { return .string(ru) }
    return .object(["ru": ru.map(JSON.string), "en": en.map(JSON.string)])
  }

  func check(at pointer: String, _ issues: IssueList) {
    if ru == nil, en == nil { issues.add(pointer, "missing", "a name in Russian or in English is required") }
    for name in [ru, en] {
      guard let name else { continue }
      if name.isEmpty { issues.add(pointer, "empty", "a name may not be empty") }
      if name.count > Limits.name { issues.add(pointer, "too_long", "at most \(Limits.name) characters are allowed here") }
    }
  }
}
