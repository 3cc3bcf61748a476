import Conditions
import Customers
import Kernel

/// Fields that the account defines itself, and values of its dictionaries, in a phrase.
///
/// A value is only looked for behind its field: a word that a dictionary happens to hold says nothing by itself.
extension PhraseParse {
  /// С размером одежды XL, у кого увлечения – теннис и шахматы, whose favourite drink is not tea. Nil where no field is named here.
  mutating func field() -> Step? {
    if take(.leads) { while has(.fillers, at) { at += 1 } }
    guard at < words.count, let found = names.find(words[at...], [.field]) else { return nil }
    switch found {
    case .several(let several, let count):
      at += count
      return .broken(.several(several))
    case .name(let name, let count):
      guard let field = names.fields[name.code] else { return nil }
      at += count
      return answer(field)
    }
  }

  private mutating func answer(_ field: MemberFieldDetails) -> Step {
    _ = isSign(":", at) && take(":") || isSign("-", at) && take("-") || isSign("=", at) && take("=")
    _ = take(.equals)
    if case .flag = field.kind { return flag(field) }
    let isNot = take(.not)
    _ = take("the") || take("a")
    if let isThere = isFilledIn() { return asked(field, .isPresent(isThere != isNot)) }
    switch field.kind {
    case .number: return asked(field, number(), isNot)
    case .day: return asked(field, day(), isNot)
    case .one: return choice(field, isNot, allOfThem: false)
    case .several: return choice(field, isNot, allOfThem: true)
    // What people wrote freely is in no list, so where it ends nobody can tell.
    case .text, .flag: return .broken(.unknown)
    }
  }

  private func asked(_ field: MemberFieldDetails, _ comparison: Comparison?, _ isNot: Bool = false) -> Step {
    guard let comparison else { return .broken(.unknown) }
    let condition: SegmentCondition = .member(.memberAttribute(field.code, comparison))
    return .done([isNot ? .none([condition]) : condition])
  }

  /// Named alone it is meant to be so.
  private mutating func flag(_ field: MemberFieldDetails) -> Step {
    if take(.no) { return asked(field, .isOneOf([.flag(false)])) }
    let isNot = take(.not)
    if let isThere = isFilledIn() { return asked(field, .isPresent(isThere != isNot)) }
    _ = take(.yes)
    return asked(field, .isOneOf([.flag(true)]), isNot)
  }

  private mutating func isFilledIn() -> Bool? {
    if take(.filledIn) {
      _ = take("in")
      return true
    }
    return take(.empty) ? false : nil
  }

  /// A bare number is that number.
  private mutating func number() -> Comparison? {
    let start = at
    guard let bounds = bounds(), bounds.isWhole, !bounds.isMoney else { return nil }
    var whole = bounds.bounds(unit: 1_000)
    if at == start + 1 { whole = Bounds(atLeast: whole.atLeast, atMost: whole.atLeast) }
    return .number(whole)
  }

  /// С 2026-01-01, по 2026-12-31, в 2026 году, or that day alone.
  private mutating func day() -> Comparison? {
    if let window = window() {
      guard case .between(let first, let last) = window else { return nil }
      return .day(from: first, through: last)
    }
    let isFrom = take("с") || take("from") || take("since")
    let isThrough = !isFrom && (take("по") || take("through"))
    guard words.indices.contains(at), case .day(let day) = words[at].kind else { return nil }
    at += 1
    return .day(from: isThrough ? nil : day, through: isFrom ? nil : day)
  }

  // MARK: values of dictionaries

  /// - Parameter allOfThem: whether теннис и шахматы are both; of a field that holds one value it is either.
  private mutating func choice(_ field: MemberFieldDetails, _ isNot: Bool, allOfThem: Bool) -> Step {
    var codes: [String] = []
    var (isAnd, isOr) = (false, false)
    while true {
      switch at < words.count ? names.find(words[at...], [.value], of: field.code) : nil {
      case .several(let several, let count)?:
        at += count
        return .broken(.several(several))
      case nil: return .broken(.unknown)
      case .name(let name, let count)?:
        at += count
        codes.append(String(name.code.dropFirst(field.code.count + 1)))
      }
      guard joinsValue(of: field.code) else { break }
      if has(.or, at) { isOr = true } else if has(.and, at) { isAnd = true }
      at += 1
    }
    let values = codes.map { AttributeValue.text($0) }
    if isNot { return asked(field, .isNoneOf(values)) }
    guard isAnd, allOfThem else { return asked(field, .isOneOf(values)) }
    // Which of them belong together nobody said.
    guard !isOr else { return .broken(.unknown) }
    return .done(values.map { .member(.memberAttribute(field.code, .isOneOf([$0]))) })
  }

  private func joinsValue(of field: String) -> Bool {
    guard has(.or, at) || has(.and, at) || isSign(",", at), at + 1 < words.count else { return false }
    return names.find(words[(at + 1)...], [.value], of: field) != nil
  }
}

extension PhraseLexicon {
  fileprivate static let leads = PhraseLexicon.of("с со из в во у по with from in of whose having")
  fileprivate static let fillers = PhraseLexicon.of("кого которых которого the a an their")
  fileprivate static let equals = PhraseLexicon.of("is are was равен равна равно это")
  fileprivate static let yes = PhraseLexicon.of("да yes true")
  fileprivate static let no = PhraseLexicon.of("нет no false")
  fileprivate static let filledIn = PhraseLexicon.of(
    "filled set known given заполнен заполнена заполнено заполнены указан указана указано указаны известен известна известно известны"
  )
  fileprivate static let empty = PhraseLexicon.of("empty unknown missing пусто пуст пуста пусты")
}
