import Cube
import Kernel

extension ReportDesk {
  /// Fifths by recency and frequency with their sales, and who moved between them since the period before. Two walks.
  func rfm(_ ground: Ground) async -> ReportSheet {
    let spread = RFMSpread(ground.period.all)
    let grid = spread.grid(await walk(spread, ground))
    let found = await walk(grid, ground)
    var result = sheet(.rfm, ground, [Self.grid(found), Self.cells(found), Self.moves(found)])
    let members = found.cells[0].reduce(0) { $0 + $1.members }
    if members < SalesChange.few {
      result.warnings.append(
        LocalText(
          ru: "Покупателей меньше \(SalesChange.few): пятые доли случайны.",
          en: "Fewer than \(SalesChange.few) members bought: fifths are chance."))
    }
    return result
  }

  private static func name(_ cell: Int) -> String { "R\(cell / 5 + 1) F\(cell % 5 + 1)" }

  /// Rows by recency, the latest first; columns by frequency.
  private static func grid(_ found: RFMGrid.Found) -> ReportSheet.Part {
    let columns =
      [ReportSheet.Column("recency", LocalText(ru: "Давность", en: "Recency"), .text)]
      + (1...5).map { .init("f\($0)", .sign("F\($0)"), .count, heat: true) }
      + [.init("all", LocalText(ru: "Итого", en: "Total"), .count)]
    let words = [
      LocalText(ru: "R5 – недавно", en: "R5 – lately"), .sign("R4"), .sign("R3"),
      .sign("R2"), LocalText(ru: "R1 – давно", en: "R1 – long ago"),
    ]
    var rows: [[ReportSheet.Cell]] = (1...5).reversed().map { recency in
      let counts = (1...5).map { found.cells[0][RFMGrid.cell(recency: recency, frequency: $0)].members }
      return [.word(words[5 - recency])] + counts.map { .number($0) } + [.number(counts.reduce(0, +))]
    }
    let sums = (1...5).map { frequency in
      (1...5).reduce(Int64(0)) { $0 + found.cells[0][RFMGrid.cell(recency: $1, frequency: frequency)].members }
    }
    rows.append([.word(LocalText(ru: "Итого", en: "Total"))] + sums.map { .number($0) } + [.number(sums.reduce(0, +))])
    var part = ReportSheet.Part(
      "grid", LocalText(ru: "Покупатели по давности и частоте", en: "Members by recency and frequency"), columns, rows)
    part.totals = 1
    part.note = LocalText(
      ru:
        "Пятые доли тех, кто покупал в периоде: R5 – последняя покупка позже всех, F5 – больше всего чеков. Равные значения всегда в одной доле.",
      en:
        "Fifths of those who bought in the period: R5 bought last of all, F5 has the most receipts. Equal values are in the same fifth."
    )
    return part
  }

  private static func cells(_ found: RFMGrid.Found) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("cell", LocalText(ru: "Ячейка", en: "Cell"), .text),
      .init("members", LocalText(ru: "Покупатели", en: "Members"), .count),
      .init("before", LocalText(ru: "Прошлый период", en: "Period before"), .count),
      .init("change", LocalText(ru: "Изменение", en: "Change"), .change(isGood: nil)),
      .init("year-ago", LocalText(ru: "Год назад", en: "A year ago"), .count),
      .init("change-of-year", LocalText(ru: "К году", en: "On the year"), .change(isGood: nil)),
      .init("sales", LocalText(ru: "Выручка", en: "Revenue"), .money),
      .init("share", LocalText(ru: "Доля выручки, %", en: "Share of revenue, %"), .percent, heat: true),
      .init("per-member", LocalText(ru: "На покупателя", en: "Of each member"), .money),
      .init("receipts", LocalText(ru: "Чеков на покупателя", en: "Receipts of each"), .quantity),
      .init("money-score", LocalText(ru: "Средний балл M", en: "Average M"), .quantity),
    ]
    let whole = found.cells[0].reduce(0) { $0 + $1.money }
    let rows = (0..<25).reversed().map { cell -> [ReportSheet.Cell] in
      let (now, before, yearAgo) = (found.cells[0][cell], found.cells[1][cell], found.cells[2][cell])
      return [
        .text(name(cell)), .number(now.members), .number(before.members), .change(now.members, before.members),
        .number(yearAgo.members), .change(now.members, yearAgo.members), .number(now.money),
        .share(now.money, of: whole), .average(now.money, of: now.members), .average(now.receipts, of: now.members, 1_000),
        .average(now.scores, of: now.members, 1_000),
      ]
    }
    var part = ReportSheet.Part("cells", LocalText(ru: "Ячейки", en: "Cells"), columns, rows)
    part.chart = .bars(6, against: nil)
    return part
  }

  /// Every move with somebody in it, the largest first; who stayed is among them.
  private static func moves(_ found: RFMGrid.Found) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("from", LocalText(ru: "Была ячейка", en: "From"), .text), .init("to", LocalText(ru: "Стала", en: "To"), .text),
      .init("members", LocalText(ru: "Участников", en: "Members"), .count),
      .init("share", LocalText(ru: "Из бывших в ячейке, %", en: "Of those who were there, %"), .percent),
    ]
    let places: [Int?] = (0..<25).map { $0 } + [nil]
    let none = LocalText(ru: "не покупал", en: "did not buy")
    var moves: [(from: Int?, to: Int?, members: Int64, of: Int64)] = []
    for from in places {
      let of = places.reduce(Int64(0)) { $0 + found.moved(from: from, to: $1) }
      for to in places where found.moved(from: from, to: to) > 0 {
        moves.append((from, to, found.moved(from: from, to: to), of))
      }
    }
    moves.sort { ($0.members, $1.from ?? 25, $1.to ?? 25) > ($1.members, $0.from ?? 25, $0.to ?? 25) }
    let rows = moves.map { move -> [ReportSheet.Cell] in
      [
        move.from.map { .text(name($0)) } ?? .word(none), move.to.map { .text(name($0)) } ?? .word(none), .number(move.members),
        .share(move.members, of: move.of),
      ]
    }
    var part = ReportSheet.Part("moves", LocalText(ru: "Кто куда перешёл", en: "Who moved where"), columns, rows)
    part.note = LocalText(
      ru: "Из ячейки прошлого периода той же длины в ячейку этого.",
      en: "From a cell of the period before, as long, to one of this.")
    return part
  }
}
