import Conditions
import Kernel

/// Who people are, in a phrase.
extension PhraseParse {
  /// Nil where no such clause begins here. What everybody has is read first; then what the account defines itself.
  mutating func person() -> Step? {
    let before = at
    let known = everybody()
    if case .done? = known { return known }
    let after = at
    at = before
    if let step = attempt({ $0.field() }) { return step }
    if known != nil { at = after }
    return known
  }

  private mutating func everybody() -> Step? {
    if take(.female) { return .done([.sex(.female)]) }
    if take(.male) { return .done([.sex(.male)]) }
    if let step = attempt({ $0.age() }) { return step }
    if let step = attempt({ $0.kindOfMember() }) { return step }
    if let step = attempt({ $0.city() }) { return step }
    if let step = attempt({ $0.tier() }) { return step }
    if let step = attempt({ $0.segment() }) { return step }
    if let step = attempt({ $0.joined() }) { return step }
    if let step = attempt({ $0.birthday() }) { return step }
    if let step = attempt({ $0.consent() }) { return step }
    if let step = right() { return step }
    return attempt { $0.random() }
  }

  /// В возрасте от 25 до 40, 25–40 лет, older than 30; after a sex a number alone is enough.
  private mutating func age() -> Step? {
    if take("в") || take("of") { guard has(.age, at) else { return nil } }
    let isSaid = take(.age)
    if isSaid { _ = take("is") || take("of") }
    let isOlder = ["старше", "младше", "older", "younger", "моложе"].contains(text(at))
    guard let bounds = bounds(), bounds.isWhole, !bounds.isMoney else { return nil }
    let isYears = take(.years)
    if isYears { _ = take("old") }
    if text(at) == "ago" || text(at) == "назад" { return nil }
    guard isSaid || isYears || isOlder || followsPerson else { return nil }
    var whole = bounds.bounds(unit: 1_000)
    // A bare age is that age.
    let isBare = bounds.most == nil && !bounds.isAbove && !isSaidAsLeast
    if isBare { whole = Bounds(atLeast: whole.atLeast, atMost: whole.atLeast) }
    guard (whole.atLeast ?? 0) <= 120, (whole.atMost ?? 0) <= 120 else { return nil }
    return .done([.age(whole)])
  }

  /// Whether a word before the number just read said that it is the least.
  private var isSaidAsLeast: Bool {
    for place in stride(from: at - 1, through: max(0, at - 6), by: -1) {
      if has(.least, place) || text(place) == "least" || isSign("+", place) || has(.more, place) || has(.less, place) {
        return true
      }
    }
    return false
  }

  private mutating func kindOfMember() -> Step? {
    if take(.employee) { return .done([.member(.memberKinds([.employee]))]) }
    return take(.company) ? .done([.member(.memberKinds([.company]))]) : nil
  }

  /// Из Казани, живут в Казани, from Kazan.
  private mutating func city() -> Step? {
    let isSaid = take(.lives) || take(.townsfolk)
    guard take("из") || take("from") || isSaid else { return nil }
    if isSaid { _ = take("в") || take("in") }
    _ = take(.city)
    var cities: [String] = []
    repeat {
      guard at < words.count, case .name(let name, let count)? = names.find(words[at...], [.city]) else {
        return .broken(.unknown)
      }
      cities.append(name.code)
      at += count
    } while joinsName([.city]) && (take(.or) || take(.and))
    return .done([.cities(cities)])
  }

  private mutating func tier() -> Step? {
    if take("с") || take("with") || take("of") || take("on") { _ = take("the") || take("a") }
    // Gold tier: the name comes first.
    if case .name(let name, let count)? = named([.tier]), has(.tier, at + count) {
      at += count + 1
      return ids([name], .tier) { .tiers(IDList($0.map { TierID($0) })) }
    }
    guard take(.tier) else { return nil }
    return list([.tier]).map { ids($0, .tier) { .tiers(IDList($0.map { TierID($0) })) } } ?? .broken(.unknown)
  }

  private mutating func segment() -> Step? {
    if take("в") || take("из") || take("in") || take("from") || take("of") { _ = take("the") }
    if case .name(let name, let count)? = named([.segment]), has(.segment, at + count) {
      at += count + 1
      return ids([name], .segment) { .segments(IDList($0.map { SegmentID($0) })) }
    }
    guard take(.segment) else { return nil }
    return list([.segment]).map { ids($0, .segment) { .segments(IDList($0.map { SegmentID($0) })) } } ?? .broken(.unknown)
  }

  func named(_ kinds: [SegmentNames.Kind]) -> PhraseNames.Found? {
    at < words.count ? names.find(words[at...], kinds) : nil
  }

  /// Names of one kind, joined by or; nil where the first is unknown, or several are called so.
  private mutating func list(_ kinds: [SegmentNames.Kind]) -> [SegmentNames.Name]? {
    var all: [SegmentNames.Name] = []
    repeat {
      guard case .name(let name, let count)? = named(kinds) else { return nil }
      all.append(name)
      at += count
    } while joinsName(kinds) && has(.or, at) && take(.or)
    return all
  }

  private mutating func ids(_ names: [SegmentNames.Name], _ kind: NameKind, _ condition: ([Int64]) -> Condition) -> Step {
    var raws: [Int64] = []
    for name in names {
      guard let raw = codes.id(kind, name.code) else { return .broken(.unknown) }
      raws.append(raw)
    }
    return .done([.member(condition(raws))])
  }

  /// Вступили за последние 30 дней, joined more than a year ago.
  private mutating func joined() -> Step? {
    guard take(.joined) || take("signed") && take("up") else { return nil }
    if let ago = daysAgo() { return .done([.joined(daysAgo: ago)]) }
    guard case .last(let days)? = window() else { return .broken(.unknown) }
    return .done([.joined(daysAgo: Bounds(atMost: Int64(days)))])
  }

  /// День рождения в ближайшие 7 дней, birthday within a week.
  private mutating func birthday() -> Step? {
    if take("с") || take("у") || take("with") || take("have") { _ = take("a") }
    guard take(.birthday) || (take("день") || take("дня") || take("днем")) && take("рождения") else { return nil }
    _ = take("is") || take("будет")
    if take("today") || take("сегодня") { return .done([.member(.birthday(before: 0, after: 0))]) }
    guard take(.within) || take("через") else { return .broken(.unknown) }
    _ = take("течение")
    _ = take("the")
    // The last days would be a birthday that was.
    _ = take(.next)
    guard let days = days(), (1...366).contains(days) else { return .broken(.unknown) }
    return .done([.member(.birthday(before: Int(days), after: 0))])
  }

  private static let channels: [(PhraseLexicon, Consent)] = [
    (.sms, .sms), (.email, .email), (.push, .push), (.messenger, .messenger), (.call, .call),
  ]

  /// Согласны на смс или почту, agreed to SMS, with e-mail consent.
  private mutating func consent() -> Step? {
    if take("с") || take("with") { _ = take("a") || take("an") }
    if let channel = channel(), take(.consent) { return .done([.member(.consents([channel]))]) }
    guard take(.consent) else { return nil }
    while ["на", "в", "по", "to", "for", "by", "via", "in", "the"].contains(text(at)) || has(.advertising, at) { at += 1 }
    var all: [Consent] = []
    repeat {
      guard let channel = channel() else { return .broken(.unknown) }
      all.append(channel)
    } while has(.or, at) && Self.channels.contains { has($0.0, at + 1) } && take(.or)
    // Больше 30 дней назад, за последнюю неделю: since when.
    if let ago = daysAgo() { return .done([.agreed(all, daysAgo: ago)]) }
    let before = at
    if case .last(let days)? = window() { return .done([.agreed(all, daysAgo: Bounds(atMost: Int64(days)))]) }
    at = before
    return .done([.member(.consents(all))])
  }

  private mutating func channel() -> Consent? {
    for (lexicon, consent) in Self.channels where has(lexicon, at) {
      at += 1
      return consent
    }
    return nil
  }

  /// Случайные 10 %, random 10%.
  private mutating func random() -> Step? {
    _ = take("a")
    guard take(.random) else { return nil }
    _ = take("доля") || take("share") || take("of")
    guard words.indices.contains(at), case .number(let share) = words[at].kind, share > 0, share <= 100_000 else {
      return .broken(.unknown)
    }
    at += 1
    guard take("%") || take("процентов") || take("процента") || take("percent") else { return .broken(.unknown) }
    return .done([.random(share: Rate(ppm: share * 10), salt: "phrase")])
  }
}

extension PhraseLexicon {
  fileprivate static let sms = PhraseLexicon.of("sms смс сообщения texts")
  fileprivate static let email = PhraseLexicon.of("e-mail email mail почта почту почте письма имейл")
  fileprivate static let push = PhraseLexicon.of("push pushes пуш пуши")
  fileprivate static let messenger = PhraseLexicon.of("messenger messengers мессенджер мессенджере мессенджеры")
  fileprivate static let call = PhraseLexicon.of("call calls звонок звонки звонками")
  fileprivate static let advertising = PhraseLexicon.of("advertising marketing рекламу рекламы рассылку рассылки получать receive")
}
