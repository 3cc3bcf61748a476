import Access
import Cube
import Customers
import Kernel
import Storage

/// Two segments, by their codes, of which a report tells why the first brings more or less than the other.
public struct SegmentPair: Hashable, Sendable {
  public let one: String
  public let other: String

  /// - Throws: `Problem.invalid` for a segment against itself.
  public init(_ one: String, against other: String) throws(Problem) {
    guard one != other else {
      throw Self.wrong("/against", "same_segment", "a segment differs from itself in nothing; name another")
    }
    (self.one, self.other) = (one, other)
  }

  fileprivate static func wrong(_ pointer: String, _ code: String, _ message: String) -> Problem {
    Problem(.invalid, "invalid_input", message, issues: [Issue(pointer: pointer, code: code, message: message)])
  }

  static func other(_ name: ReportName) -> Problem {
    wrong("/segment", "no_segments", "\(name.rawValue) does not set segments against each other; kpi-tree does")
  }
}

extension ReportDesk {
  /// What makes the sales of one segment differ from those of another in the same days. One walk, and the register of members, which is read
  /// once for all reports.
  func tree(of pair: SegmentPair, _ ground: Ground, at now: Instant) async throws -> ReportSheet {
    let account = programme.account
    let known = try await database.read { tx in
      try Segments(of: account).segments(codes: [pair.one, pair.other], in: &tx)
    }
    guard let one = known[pair.one] else {
      throw SegmentPair.wrong("/segment", "unknown_segment", "there is no segment \"\(pair.one)\"")
    }
    guard let other = known[pair.other] else {
      throw SegmentPair.wrong("/against", "unknown_segment", "there is no segment \"\(pair.other)\"")
    }
    let register = try await keeper.register(of: programme, at: now)
    var (ones, others) = (Set<Int64>(), Set<Int64>())
    for entry in register.entries {
      if entry.segments.contains(one.id) { ones.insert(entry.id) }
      if entry.segments.contains(other.id) { others.insert(entry.id) }
    }
    let both = ones.intersection(others).count
    let change = SalesChange(
      await walk(SalesTree(ground.period.all[0], of: ones, against: others, products: cube.productCodes), ground))
    let names = (one.details.name, other.details.name)
    var result = sheet(.tree, ground, [Self.segmentSteps(change, names), Self.segmentFactors(change, names)])
    result.warnings = Self.pairWarnings(change, both: both)
    return result
  }

  private static func pairWarnings(_ change: SalesChange, both: Int) -> [LocalText] {
    var warnings: [LocalText] = []
    if change.isSmall {
      warnings.append(
        LocalText(
          ru: "Меньше \(SalesChange.few) покупателей в одном из сегментов: разложение говорит о случае, а не о сегментах.",
          en: "Fewer than \(SalesChange.few) members of one of the segments bought: this tells of chance rather than of segments."))
    }
    if !change.isWhole {
      warnings.append(
        LocalText(
          ru: "Один из сегментов ничего не купил: вся разница отнесена к числу покупателей.",
          en: "One of the segments bought nothing: the whole difference is put down to members."))
    }
    if both > 0 {
      warnings.append(
        LocalText(
          ru: "Участников в обоих сегментах: \(both). Они учтены на обеих сторонах.",
          en: "Members in both segments: \(both). They stand on either side."))
    }
    return warnings
  }

  private static func segmentSteps(_ change: SalesChange, _ names: (LocalText, LocalText)) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("factor", LocalText(ru: "Чем отличаются", en: "What differs"), .text),
      .init("sales", LocalText(ru: "Вклад", en: "Part of the difference"), .money),
      .init("share", LocalText(ru: "От выручки второго", en: "Of the other's revenue"), .change(isGood: true)),
    ]
    func row(_ title: LocalText, _ part: Int64) -> [ReportSheet.Cell] {
      [.word(title), .number(part), .share(part, of: change.before.sales)]
    }
    let rows =
      SalesChange.Factor.allCases.map { row($0.title, change.parts[$0.rawValue]) } + [
        row(LocalText(ru: "Разница выручки", en: "Difference of revenue"), change.parts.reduce(0, +))
      ]
    var part = ReportSheet.Part(
      "before", LocalText(ru: "\(names.0.ru) против \(names.1.ru)", en: "\(names.0.en) against \(names.1.en)"), columns, rows)
    part.totals = 1
    part.chart = .steps(1)
    part.note = LocalText(
      ru:
        "Выручка первого сегмента минус выручка второго за те же дни. Вклады по Шепли: среднее по всем порядкам множителей; в сумме ровно разница, до копейки. Сегменты – как они есть сейчас.",
      en:
        "Revenue of the first segment less that of the other in the same days. Shapley values: averages over all orders of the factors; they add up to the difference, to the last kopeck. Segments as they are now."
    )
    return part
  }

  private static func segmentFactors(_ change: SalesChange, _ names: (LocalText, LocalText)) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("factor", LocalText(ru: "Множитель", en: "Factor"), .text), .init("now", names.0, .own), .init("before", names.1, .own),
      .init("change", LocalText(ru: "Разница", en: "Difference"), .change(isGood: nil)),
    ]
    func row(_ title: LocalText, _ unit: ReportSheet.Unit, _ value: (SalesTree.Side) -> Int64?) -> [ReportSheet.Cell] {
      let (now, before) = (value(change.now), value(change.before))
      func own(_ value: Int64?) -> ReportSheet.Cell { value.map { .value($0, unit) } ?? .empty }
      guard unit == .percent, let now, let before else { return [.word(title), own(now), own(before), .change(now, before)] }
      return [.word(title), own(now), own(before), .value(now - before, .difference(isGood: nil))]
    }
    let index = LocalText(ru: "Индекс цен Фишера на те же товары", en: "Fisher's index of prices of the same goods")
    var part = ReportSheet.Part(
      "factors", LocalText(ru: "Множители", en: "Factors"), columns,
      factorRows.map { row($0.title, $0.unit, $0.value) } + [
        [.word(index), .empty, .empty, .optional(change.priceIndex)],
        row(LocalText(ru: "Выручка с картой", en: "Revenue with a card"), .money) { $0.sales },
      ])
    part.totals = 1
    return part
  }
}
