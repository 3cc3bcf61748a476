import Conditions
import Kernel

/// What of a member two who are one person can differ in, and one of them must give.
public enum PersonField: String, Sendable, CaseIterable {
  case kind, familyName, givenName, patronymic, birthday, sex, language, city, attributes
}

/// Whose words hold where two members are one person: the survivor's, and what they lack from the other, unless it is said otherwise.
public struct MergeChoice: Hashable, Sendable {
  public enum Side: String, Sendable, CaseIterable { case survivor, merged }

  public var sides: [PersonField: Side]

  public init(_ sides: [PersonField: Side] = [:]) { self.sides = sides }

  /// True where both have a birthday and not the same, and nobody said which is right: two people may have had one telephone number.
  public func lacksBirthday(_ survivor: Person, _ merged: Person) -> Bool {
    guard let one = survivor.birthday, let other = merged.birthday else { return false }
    return one != other && sides[.birthday] == nil
  }

  /// Who they are together. What the chosen side does not know the other tells.
  public func together(_ survivor: Member, _ merged: Member) -> (kind: MemberKind, person: Person) {
    let (own, other) = (survivor.person ?? Person(), merged.person ?? Person())
    func pick<Value>(_ field: PersonField, _ path: KeyPath<Person, Value?>) -> Value? {
      sides[field] == .merged
        ? other[keyPath: path] ?? own[keyPath: path] : own[keyPath: path] ?? other[keyPath: path]
    }
    let takesOther = sides[.attributes] == .merged
    let attributes = own.attributes.values.merging(other.attributes.values) { takesOther ? $1 : $0 }
    let person = Person(
      familyName: pick(.familyName, \.familyName), givenName: pick(.givenName, \.givenName),
      patronymic: pick(.patronymic, \.patronymic), birthday: pick(.birthday, \.birthday), sex: pick(.sex, \.sex),
      language: pick(.language, \.language), city: pick(.city, \.city),
      attributes: Attributes(
        Dictionary(uniqueKeysWithValues: attributes.sorted { $0.key < $1.key }.prefix(Limits.attributes).map { ($0.key, $0.value) })
      ))
    // A card without a person becomes the person it belongs to.
    let known = survivor.kind == .anonymous && merged.kind == .person ? merged.kind : survivor.kind
    return (sides[.kind].map { $0 == .merged ? merged.kind : survivor.kind } ?? known, person)
  }
}

extension Person {
  /// This person where a merge changed them and nobody has since: as they were before it. What was changed since stays.
  func undoing(_ after: Person, to before: Person) -> Person {
    func back<Value: Equatable>(_ path: KeyPath<Person, Value>) -> Value {
      self[keyPath: path] == after[keyPath: path] ? before[keyPath: path] : self[keyPath: path]
    }
    var values = attributes.values
    for name in Set(before.attributes.values.keys).union(after.attributes.values.keys) where values[name] == after.attributes[name]
    {
      values[name] = before.attributes[name]
    }
    return Person(
      familyName: back(\.familyName), givenName: back(\.givenName), patronymic: back(\.patronymic), birthday: back(\.birthday),
      sex: back(\.sex), language: back(\.language), city: back(\.city), attributes: Attributes(values))
  }
}
