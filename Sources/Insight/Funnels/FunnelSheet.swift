import Calculator
import Kernel

extension FunnelAnswer {
  /// The steps as a table, and for a funnel that is split its groups.
  /// - Parameter names: of the steps.
  public func parts(_ names: [LocalText]) -> [ReportSheet.Part] {
    var steps = ReportSheet.Part(
      "steps", LocalText(ru: "Шаги", en: "Steps"), Self.columns, names.indices.map { row($0, names[$0]) })
    steps.chart = .bars(1, against: 6)
    return funnel.split == .none ? [steps] : [steps, split(names)]
  }

  private static let columns: [ReportSheet.Column] = [
    .init("step", LocalText(ru: "Шаг", en: "Step"), .text), .init("count", LocalText(ru: "Дошли", en: "Reached"), .count),
    .init("from-before", LocalText(ru: "От прошлого шага", en: "Of the step before"), .percent),
    .init("from-start", LocalText(ru: "От начала", en: "Of the start"), .percent),
    .init("lost", LocalText(ru: "Ушли после", en: "Left after it"), .count),
    .init("median-seconds", LocalText(ru: "Медиана времени, с", en: "Median time, s"), .count),
    .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .count),
    .init("before-from-start", LocalText(ru: "От начала тогда", en: "Of the start then"), .percent),
    .init("change", LocalText(ru: "Изменение доли", en: "Change of the share"), .difference(isGood: true)),
  ]

  private func row(_ step: Int, _ name: LocalText) -> [ReportSheet.Cell] {
    let (now, then) = (all.fromStart(step), before.fromStart(step))
    let change: Int64? = if step > 0, let now, let then { now - then } else { nil }
    return [
      .word(name), .number(all.counts[step]), .optional(all.fromBefore(step)), .optional(now), .number(all.lost(step)),
      .optional(all.medians[step]), .number(before.counts[step]), .optional(then), .optional(change),
    ]
  }

  private func split(_ names: [LocalText]) -> ReportSheet.Part {
    let steps = names.enumerated().map { place, name in
      let number = "\(place + 1). "
      let title = LocalText(ru: number + name.ru, en: number + name.en)
      return ReportSheet.Column("step-\(place + 1)", title, .count)
    }
    let columns =
      [ReportSheet.Column("group", LocalText(ru: "Группа", en: "Group"), .text)] + steps
      + [.init("from-start", LocalText(ru: "До конца", en: "To the end"), .percent, heat: true)]
    let rows = groups.map { group -> [ReportSheet.Cell] in
      [.word(group.name)] + group.figures.counts.map { .number($0) } + [.optional(group.figures.fromStart(names.count - 1))]
    }
    return ReportSheet.Part("groups", LocalText(ru: "По группам", en: "By group"), columns, rows)
  }

  /// One of the tables as a file or as lines of a terminal.
  public func table(_ part: ReportSheet.Part, _ amounts: AmountForm, _ language: ReportLanguage) -> ReportTable {
    var table = ReportTable(
      named: "funnel-\(part.code)-\(days.lowerBound)-\(days.upperBound)", part, amounts, language)
    table.notes = notes
    return table
  }

  /// For programs.
  public func json(_ names: [LocalText], _ amounts: AmountForm, _ language: ReportLanguage) -> JSON {
    .object([
      "from": .string("\(days.lowerBound)"), "to": .string("\(days.upperBound)"), "members": .int(members),
      "definitions": notes.json,
      "parts": .array(parts(names).map { table($0, amounts, language).json }),
    ])
  }
}
