import Conditions
import Kernel

/// From and to, in thousandths of what is counted.
struct PhraseBounds: Hashable {
  var least: Int64?
  var most: Int64?
  /// More than, less than: the bound itself is not meant.
  var isAbove = false
  var isBelow = false
  var isMoney = false

  /// In units of so many thousandths; what is strictly more is one unit more.
  func bounds(unit: Int64, times: Int64 = 1) -> Bounds {
    Bounds(
      atLeast: least.map { $0 * times / unit + (isAbove ? 1 : 0) },
      atMost: most.map { max(0, $0 * times / unit - (isBelow ? 1 : 0)) })
  }

  var isWhole: Bool { (least ?? 0) % 1_000 == 0 && (most ?? 0) % 1_000 == 0 }
}

extension PhraseParse {
  /// One number, in digits or in words, with thousands and a currency behind it.
  mutating func value() -> (thousandths: Int64, isMoney: Bool)? {
    attempt { parse in
      guard parse.at < parse.words.count else { return nil }
      let word = parse.words[parse.at]
      var isMoney = false
      if case .sign(let sign) = word.kind, "$€₽".contains(sign) {
        parse.at += 1
        guard let rest = parse.value() else { return nil }
        return (rest.thousandths, true)
      }
      var value: Int64
      switch word.kind {
      case .number(let number): value = number
      case .word:
        guard let number = PhraseLexicon.numbers[word.text] else { return nil }
        value = number * 1_000
      case .day, .sign: return nil
      }
      guard value < 1_000_000_000_000 else { return nil }
      parse.at += 1
      if parse.take(.thousands) { value *= 1_000 } else if parse.take(.millions) { value *= 1_000_000 }
      if parse.isSign(".", parse.at), parse.has(.money, parse.at + 1) { parse.at += 1 }
      if parse.isSign("₽", parse.at) || parse.isSign("$", parse.at) || parse.isSign("€", parse.at) || parse.has(.money, parse.at) {
        parse.at += 1
        isMoney = true
      }
      return (value, isMoney)
    }
  }

  /// Дважды, не меньше 2, больше 5000, от 25 до 40, 25–40, 30+.
  mutating func bounds() -> PhraseBounds? {
    if let times = PhraseLexicon.times[text(at)] {
      at += 1
      return PhraseBounds(least: times * 1_000)
    }
    return attempt { $0.between() } ?? attempt { $0.compared() }
      ?? attempt { parse in
        guard let value = parse.value() else { return nil }
        if parse.take("+") || parse.orMore() { return PhraseBounds(least: value.thousandths, isMoney: value.isMoney) }
        return PhraseBounds(least: value.thousandths, isMoney: value.isMoney)
      }
  }

  private mutating func orMore() -> Bool {
    attempt { parse -> Bool? in
      guard parse.take(.or) || parse.take(.and), parse.take(.more) else { return nil }
      return true
    } ?? false
  }

  private mutating func between() -> PhraseBounds? {
    let isBetween = take("between") || take("между")
    let isFrom = !isBetween && (take("from") || take("от") || take("с"))
    guard let first = value() else { return nil }
    let isJoined =
      isBetween ? take("and") || take("и") : isFrom ? take("to") || take("до") || take("по") : take("-") || take("to") || take("до")
    guard isJoined, let second = value(), second.thousandths >= first.thousandths else { return nil }
    return PhraseBounds(least: first.thousandths, most: second.thousandths, isMoney: first.isMoney || second.isMoney)
  }

  private mutating func compared() -> PhraseBounds? {
    let isNot = take("не") || take("no") || take("not")
    if take("at") {
      if take("least") { return value().map { PhraseBounds(least: $0.thousandths, isMoney: $0.isMoney) } }
      if take("most") { return value().map { PhraseBounds(most: $0.thousandths, isMoney: $0.isMoney) } }
      return nil
    }
    if take("up"), take("to") { return value().map { PhraseBounds(most: $0.thousandths, isMoney: $0.isMoney) } }
    if take(.more) {
      _ = take(.than)
      return value().map {
        isNot
          ? PhraseBounds(most: $0.thousandths, isMoney: $0.isMoney)
          : PhraseBounds(least: $0.thousandths, isAbove: true, isMoney: $0.isMoney)
      }
    }
    if take(.less) {
      _ = take(.than)
      return value().map {
        isNot
          ? PhraseBounds(least: $0.thousandths, isMoney: $0.isMoney)
          : PhraseBounds(most: $0.thousandths, isBelow: true, isMoney: $0.isMoney)
      }
    }
    guard !isNot else { return nil }
    if take(.least) {
      _ = take(.than)
      if text(at) == "раз" { return PhraseBounds(least: 1_000) }
      return value().map { PhraseBounds(least: $0.thousandths, isMoney: $0.isMoney) }
    }
    if take(.most) { return value().map { PhraseBounds(most: $0.thousandths, isMoney: $0.isMoney) } }
    if take(.exactly) {
      if let times = PhraseLexicon.times[text(at)] {
        at += 1
        return PhraseBounds(least: times * 1_000, most: times * 1_000)
      }
      return value().map { PhraseBounds(least: $0.thousandths, most: $0.thousandths, isMoney: $0.isMoney) }
    }
    return nil
  }

  /// A length of time in days: 90 дней, 3 месяца, a month, полгода.
  mutating func days() -> Int64? {
    attempt { parse in
      let count = parse.value()
      if let count, count.isMoney || count.thousandths % 1_000 != 0 { return nil }
      guard let unit = PhraseLexicon.days(parse.text(parse.at)) else { return nil }
      parse.at += 1
      return (count?.thousandths ?? 1_000) / 1_000 * unit
    }
  }

  /// Больше 60 дней назад, 30–90 days ago, over a month ago; in days.
  mutating func daysAgo() -> Bounds? {
    attempt { parse in
      var bounds = parse.bounds()
      if bounds == nil {
        // Больше месяца назад: one, though nobody says so.
        let isMore = parse.take(.more)
        guard isMore || parse.take(.less) else { return nil }
        _ = parse.take(.than)
        bounds = isMore ? PhraseBounds(least: 1_000, isAbove: true) : PhraseBounds(most: 1_000, isBelow: true)
      }
      guard let bounds, bounds.isWhole, !bounds.isMoney, let unit = PhraseLexicon.days(parse.text(parse.at)) else { return nil }
      parse.at += 1
      guard parse.take(.ago) else { return nil }
      return bounds.bounds(unit: 1_000, times: unit)
    }
  }

  /// За 90 дней, in the last 3 months, в 2026 году, in November 2026, с 2026-09-01 по 2026-11-30.
  mutating func window() -> SegmentCondition.Window? {
    attempt { $0.dates() } ?? attempt { $0.calendar() } ?? attempt { $0.lastDays() }
  }

  private mutating func lastDays() -> SegmentCondition.Window? {
    let isWithin = take(.within)
    if isWithin, has(.within, at) { at += 1 }
    if take("the") || take("за") {}
    let isPast = take(.past)
    guard isWithin || isPast, let days = days(), (1...3_650).contains(days) else { return nil }
    return .last(Int(days))
  }

  private mutating func dates() -> SegmentCondition.Window? {
    guard take("с") || take("from") || take("between"), let first = day(), take("по") || take("to") || take("and"),
      let last = day(),
      first <= last
    else { return nil }
    return .between(first, last)
  }

  private mutating func day() -> CivilDay? {
    guard words.indices.contains(at), case .day(let day) = words[at].kind else { return nil }
    at += 1
    return day
  }

  private mutating func calendar() -> SegmentCondition.Window? {
    guard take("в") || take("in") || take("за") || take("during") else { return nil }
    let month = PhraseLexicon.month(text(at))
    if month != nil { at += 1 }
    guard words.indices.contains(at), let year = words[at].whole, (2_000...2_100).contains(year) else { return nil }
    at += 1
    _ = take("году") || take("года") || take("год")
    guard let first = CivilDay(year: Int(year), month: month ?? 1, day: 1) else { return nil }
    let after =
      (month ?? 12) == 12
      ? CivilDay(year: Int(year) + 1, month: 1, day: 1) : CivilDay(year: Int(year), month: (month ?? 0) + 1, day: 1)
    return after.map { .between(first, $0.adding(days: -1)) }
  }
}
