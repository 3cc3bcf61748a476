import Cube
import Kernel

extension ReportDesk {
  /// Categories that are looked at: those in the most receipts.
  static let affinityCategories = 40
  /// Days within which one is said to follow another.
  static let affinityDays = 28

  /// Pairs in receipts, and what members buy after what. A pivot for the categories of the period, and a walk for each of three periods.
  func affinities(_ ground: Ground) async throws -> ReportSheet {
    let periods = ground.period.all
    var pivot = Pivot(rows: [.category], values: [.receipts])
    (pivot.first, pivot.last) = (ground.period.days.lowerBound, ground.period.days.upperBound)
    pivot.order = .value(.receipts, isDescending: true)
    pivot.filters = filters
    let table = try await counted(cube, ground).answer(pivot)
    // Goods without a category are none.
    let words = table.rows.compactMap(\.labels.first).filter { $0 != CubeFrames.none }.prefix(Self.affinityCategories)
    let category = try cube.frame.table(.category)
    let places = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, Int32($0)) })
    let known = category.labels.map { places[$0] ?? -1 }
    let codes = category.codes.map { known[Int($0)] }
    var all: [Affinities.Found] = []
    for days in periods {
      all.append(await walk(Affinities(days, within: Self.affinityDays, codes: codes, count: words.count), ground))
    }
    let names = await categoryNames()
    let titles = words.map { names[$0] ?? .sign($0) }
    var result = sheet(.affinities, ground, [Self.pairs(all, titles), Self.follows(all, titles)])
    if table.rows.count - 1 > words.count {
      result.warnings.append(
        LocalText(
          ru: "Взяты \(words.count) категорий, которые есть в большем числе чеков.",
          en: "Of the categories, the \(words.count) in the most receipts are looked at."))
    }
    if periods[0].count <= Self.affinityDays {
      result.warnings.append(
        LocalText(
          ru: "Период короче \(Self.affinityDays + 1) дн.: следующей покупке некогда случиться.",
          en: "The period is shorter than \(Self.affinityDays + 1) days: no purchase had the time to follow."))
    }
    return result
  }

  func categoryNames() async -> [String: LocalText] {
    await keeper.backdrop?.catalogue.tree.nodes.mapValues { $0.details.name.text } ?? [:]
  }

  /// χ² of one degree of freedom that chance exceeds once in a thousand, and once in twenty times.
  private static let (sure, likely) = (10.828, 3.841)

  private static func significance(_ chi: Double?) -> LocalText {
    guard let chi else { return LocalText(ru: "мало данных", en: "too few") }
    if chi >= sure { return LocalText(ru: "да, p < 0,001", en: "yes, p < 0.001") }
    return chi >= likely ? LocalText(ru: "возможно, p < 0,05", en: "perhaps, p < 0.05") : LocalText(ru: "нет", en: "no")
  }

  /// What stands behind a share: what it was before and a year ago, and by how much it changed. Empty where there was nothing to share.
  private static func past(_ shares: [ReportSheet.Cell]) -> [ReportSheet.Cell] {
    shares.dropFirst().flatMap { then -> [ReportSheet.Cell] in
      guard case .number(let now) = shares[0], case .number(let past) = then else { return [then, .empty] }
      return [then, .number(now - past)]
    }
  }

  private static let pastColumns: [ReportSheet.Column] = [
    .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .percent),
    .init("change", LocalText(ru: "Изменение", en: "Change"), .difference(isGood: nil)),
    .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .percent),
    .init("change-of-year", LocalText(ru: "К году", en: "On the year"), .difference(isGood: nil)),
  ]

  private static let pairColumns: [ReportSheet.Column] =
    [
      .init("one", LocalText(ru: "Категория", en: "Category"), .text),
      .init("other", LocalText(ru: "И категория", en: "And category"), .text),
      .init("receipts", LocalText(ru: "Чеков с обеими", en: "Receipts with both"), .count),
      .init("support", LocalText(ru: "Доля чеков", en: "Support"), .percent),
      .init("confidence", LocalText(ru: "Вторая при первой", en: "Other where the one is"), .percent),
      .init("confidence-back", LocalText(ru: "Первая при второй", en: "One where the other is"), .percent),
      .init("lift", LocalText(ru: "Чаще случайного, раз", en: "Lift"), .quantity),
      .init("significance", LocalText(ru: "Не случайно", en: "Not by chance"), .text),
    ] + pastColumns

  private static func pairs(_ all: [Affinities.Found], _ titles: [LocalText]) -> ReportSheet.Part {
    let found = all[0]
    var pairs: [(one: Int, other: Int, lift: Int64)] = []
    for one in titles.indices {
      for other in one + 1..<max(one + 1, titles.count) where found.both(one, other) > 0 {
        pairs.append((one, other, found.lift(one, other) ?? 0))
      }
    }
    // What may be chance comes behind what is not.
    func rank(_ pair: (one: Int, other: Int, lift: Int64)) -> (Int, Int64, Int, Int) {
      let isSure = (found.chiSquare(pair.one, pair.other) ?? 0) >= sure
      return (isSure ? 1 : 0, pair.lift, -pair.one, -pair.other)
    }
    pairs.sort { rank($0) > rank($1) }
    let rows = pairs.map { pair -> [ReportSheet.Cell] in
      let both = found.both(pair.one, pair.other)
      return [
        .word(titles[pair.one]), .word(titles[pair.other]), .number(both), .share(both, of: found.receipts),
        .share(both, of: found.with[pair.one]), .share(both, of: found.with[pair.other]), .number(pair.lift),
        .word(significance(found.chiSquare(pair.one, pair.other))),
      ] + past(all.map { .share($0.both(pair.one, pair.other), of: $0.receipts) })
    }
    var part = ReportSheet.Part("pairs", LocalText(ru: "Что покупают вместе", en: "What is bought together"), pairColumns, rows)
    part.note = LocalText(
      ru:
        "Подъём 2 – вместе вдвое чаще, чем если бы категории выбирали независимо; меньше 1 – реже. Проверка – χ² Пирсона; из многих пар по p < 0,05 одна из двадцати выходит случайно. Раньше и год назад – доля чеков тех же категорий.",
      en:
        "A lift of 2: together twice as often as by chance; below 1, less often. Tested with Pearson's χ²; of many pairs one in twenty passes p < 0.05 by chance alone. Before and a year ago is the support of the same categories."
    )
    return part
  }

  private static func follows(_ all: [Affinities.Found], _ titles: [LocalText]) -> ReportSheet.Part {
    let found = all[0]
    let columns: [ReportSheet.Column] =
      [
        .init("first", LocalText(ru: "Купили", en: "Bought"), .text),
        .init("then", LocalText(ru: "А потом", en: "And then"), .text),
        .init("members", LocalText(ru: "Участников", en: "Members"), .count),
        .init("of", LocalText(ru: "Купивших первую", en: "Who bought the first"), .count),
        .init("share", LocalText(ru: "Доля", en: "Share"), .percent, heat: true),
      ] + pastColumns
    var flows: [(first: Int, then: Int, members: Int64)] = []
    for first in titles.indices {
      for then in titles.indices where first != then && found.followed(first, by: then) > 0 {
        flows.append((first, then, found.followed(first, by: then)))
      }
    }
    flows.sort { ($0.members, $1.first, $1.then) > ($1.members, $0.first, $0.then) }
    let rows = flows.map { flow -> [ReportSheet.Cell] in
      [
        .word(titles[flow.first]), .word(titles[flow.then]), .number(flow.members), .number(found.members[flow.first]),
        .share(flow.members, of: found.members[flow.first]),
      ] + past(all.map { .share($0.followed(flow.first, by: flow.then), of: $0.members[flow.first]) })
    }
    var part = ReportSheet.Part("follows", LocalText(ru: "Что покупают потом", en: "What is bought afterwards"), columns, rows)
    part.note = LocalText(
      ru:
        "Участники, которые после первой категории в другой день, но не позже \(affinityDays) дн., купили вторую. Первая покупка – не позже чем за \(affinityDays) дн. до конца периода: иначе второй некогда случиться.",
      en:
        "Members who bought the second on a later day within \(affinityDays) days of the first. Firsts of the last \(affinityDays) days are left out: nothing had the time to follow them."
    )
    return part
  }
}
