/// Collects every issue of one input, so that its author mends all of them at once.
public final class IssueList {
  public private(set) var issues: [Issue] = []
  public private(set) var omitted = 0
  /// Members and words that nobody here knows are left aside instead of refused: what was sent has happened already.
  public let leavesUnknown: Bool
  /// Where such stood, as pointers; at most `Limits.issues` of them are named.
  public private(set) var left: [String] = []

  public init(leavingUnknown: Bool = false) { leavesUnknown = leavingUnknown }

  fileprivate func leave(_ pointer: String) { if left.count < Limits.issues { left.append(pointer) } }

  public func add(_ pointer: String, _ code: String, _ message: String) {
    if issues.count < Limits.issues { issues.append(Issue(pointer: pointer, code: code, message: message)) } else { omitted += 1 }
  }

  public var isEmpty: Bool { issues.isEmpty }

  /// Refuses the input when anything is wrong with it.
  public func check(_ what: String) throws(Problem) {
    guard !issues.isEmpty else { return }
    let more = omitted == 0 ? "" : " (and \(omitted) more)"
    throw Problem(.invalid, "invalid_input", "\(what) cannot be read: \(issues.count) places to mend\(more)", issues: issues)
  }
}

/// A place in a JSON document, with everything needed to say what is wrong there. Readers never stop: they note the issue and
/// go on with a harmless stand-in, and the caller checks the list at the end.
public struct JSONNode {
  public let json: JSON?
  public let issues: IssueList
  /// The way up: of a container its own place, of anything else its container's, to which `step` leads from here. Most nodes are
  /// scalars or absent, and so cost no place of their own.
  private let place: Place?
  private let step: Place.Step?

  public init(_ json: JSON, issues: IssueList = IssueList()) {
    self.json = json
    self.issues = issues
    place = nil
    step = nil
  }

  private init(_ json: JSON?, _ step: Place.Step, of parent: JSONNode) {
    self.json = json
    issues = parent.issues
    switch json {
    case .object?, .array?:
      place = Place(step, of: parent.here)
      self.step = nil
    case .null?, .bool?, .int?, .number?, .string?, nil:
      place = parent.here
      self.step = step
    }
  }

  /// The place of this node itself.
  private var here: Place? { step.map { Place($0, of: place) } ?? place }

  /// Where in the document, as a JSON pointer (RFC 6901). Written out only when asked for: most nodes have nothing wrong with them.
  public var pointer: String { here?.pointer ?? "" }

  public func refuse(_ code: String, _ message: String) { issues.add(pointer, code, message) }

  /// Something that nobody here knows: an issue, or left aside where the list says so. Whoever reads goes on with what is usual.
  public func unknown(_ code: String, _ message: @autoclosure () -> String) {
    if issues.leavesUnknown { issues.leave(pointer) } else { refuse(code, message()) }
  }

  public var isPresent: Bool {
    switch json {
    case nil, .null?: false
    default: true
    }
  }

  /// The member of this object; absent where there is none.
  public subscript(_ key: String) -> JSONNode { JSONNode(json?[key], .key(key), of: self) }

  /// Refuses members other than these, so that a misspelt option is an error and not an option that does nothing. They are left aside
  /// where the list says so.
  public func expect(_ keys: String...) { expect(keys) }

  /// The same for a list that was put together elsewhere.
  public func expect(_ keys: [String]) {
    guard case .object(let members)? = json else {
      if isPresent { refuse("not_an_object", "an object is expected here") }
      return
    }
    for place in members.indices where !keys.contains(members[place].key) {
      let key = members[place].key
      self[key].unknown("unknown_member", "there is no \"\(key)\" here; known are \(keys.sorted().joined(separator: ", "))")
    }
  }

  /// The members of an object with their keys, in order.
  public func members(max: Int) -> [(key: String, node: JSONNode)] {
    guard isPresent else { return [] }
    guard case .object(let members)? = json else {
      refuse("not_an_object", "an object is expected here")
      return []
    }
    if members.count > max { refuse("too_many", "at most \(max) members are allowed here, not \(members.count)") }
    return members.prefix(max).map { ($0.key, JSONNode($0.value, .key($0.key), of: self)) }
  }

  /// The items of an array; empty where it is absent.
  public func items(max: Int) -> [JSONNode] { (0..<list(max: max).count).map { self[$0] } }

  /// The same values without their places, for whoever looks at most of them only once.
  public func list(max: Int) -> ArraySlice<JSON> {
    guard isPresent else { return [] }
    guard case .array(let items)? = json else {
      refuse("not_an_array", "an array is expected here")
      return []
    }
    if items.count > max { refuse("too_many", "at most \(max) items are allowed here, not \(items.count)") }
    return items.prefix(max)
  }

  /// An item of this array; absent where there is none.
  public subscript(_ index: Int) -> JSONNode {
    guard case .array(let items)? = json, items.indices.contains(index) else { return JSONNode(nil, .index(index), of: self) }
    return JSONNode(items[index], .index(index), of: self)
  }

  /// Notes that the member must be there. True where it is.
  public func required() -> Bool {
    if !isPresent { refuse("missing", "this is required") }
    return isPresent
  }

  /// Why a NUL is refused, wherever it comes from.
  public static let noNUL = "no database keeps a NUL character in a text; take it out"

  /// A text of at most so many code points, without a NUL.
  public func text(max: Int = Limits.name, orEmpty: Bool = false) -> String? {
    guard isPresent else { return nil }
    guard case .string(let value)? = json else {
      refuse("not_a_text", "a text in quotes is expected here")
      return nil
    }
    guard value.utf8.count <= max || value.unicodeScalars.count <= max else {
      refuse("too_long", "at most \(max) characters are allowed here")
      return nil
    }
    guard orEmpty || !value.isEmpty else {
      refuse("empty", "this text may not be empty")
      return nil
    }
    guard !value.utf8.contains(0) else {
      refuse("not_a_text", Self.noNUL)
      return nil
    }
    return value
  }

  public func bool() -> Bool? {
    guard isPresent else { return nil }
    guard case .bool(let value)? = json else {
      refuse("not_a_boolean", "true or false is expected here")
      return nil
    }
    return value
  }

  public func int(_ range: ClosedRange<Int64> = -Limits.amount...Limits.amount) -> Int64? {
    guard isPresent else { return nil }
    guard case .int(let value)? = json else {
      refuse("not_an_integer", "a whole number is expected here")
      return nil
    }
    guard range.contains(value) else {
      refuse("out_of_range", "a number from \(range.lowerBound) to \(range.upperBound) is expected here, not \(value)")
      return nil
    }
    return value
  }

  /// A decimal written as text, `"12.50"`, as an integer of smallest units; a JSON number is refused because readers of JSON
  /// may have rounded it before us.
  public func decimal(digits: Int, min: Int64 = 0, max: Int64 = Limits.amount) -> Int64? {
    guard isPresent else { return nil }
    guard case .string(let text)? = json else {
      refuse("not_a_decimal", "a decimal number in quotes is expected here, for example \"12\(digits > 0 ? ".5" : "")\"")
      return nil
    }
    guard let value = Decimal.parse(text, digits: digits) else {
      refuse("not_a_decimal", "\"\(text.prefix(40))\" is not a decimal number with at most \(digits) digits behind the point")
      return nil
    }
    guard value >= min, value <= max else {
      refuse("out_of_range", "from \(Decimal.text(min, digits: digits)) to \(Decimal.text(max, digits: digits)) is expected here")
      return nil
    }
    return value
  }

  /// One of a closed set of words.
  public func word<T: RawRepresentable & CaseIterable>(_: T.Type = T.self) -> T? where T.RawValue == String {
    guard let text = text() else { return nil }
    if let value = T(rawValue: text) { return value }
    unknown("unknown_word", "\"\(text)\" is not known here; known are \(T.allCases.map(\.rawValue).joined(separator: ", "))")
    return nil
  }

  public func instant() -> Instant? {
    guard let text = text() else { return nil }
    if let value = Instant(text) { return value }
    refuse("not_an_instant", "a time with its offset is expected here, for example 2026-11-21T09:30:00+03:00")
    return nil
  }

  public func day() -> CivilDay? {
    guard let text = text() else { return nil }
    if let value = CivilDay(text) { return value }
    refuse("not_a_day", "a day is expected here, for example 2026-11-21")
    return nil
  }

  public func clock() -> Clock? {
    guard let text = text() else { return nil }
    if let value = Clock(text) { return value }
    refuse("not_a_time", "a time of day is expected here, for example 09:30")
    return nil
  }
}

/// One step down a document, with the way back up.
private final class Place: Sendable {
  enum Step: Sendable { case key(String), index(Int) }

  private let step: Step
  private let parent: Place?

  init(_ step: Step, of parent: Place?) {
    self.step = step
    self.parent = parent
  }

  var pointer: String {
    let above = parent?.pointer ?? ""
    return switch step {
    case .key(let key): above + "/" + key.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    case .index(let index): above + "/" + String(index)
    }
  }
}
