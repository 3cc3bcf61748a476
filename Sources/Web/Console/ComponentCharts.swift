import Kernel

/// Samples of charts of pivots.
extension ComponentsPage {
  var pivotCharts: [Sample] {
    [
      Sample(
        name: "PivotChart",
        says: reader(
          "Столбики, доли, линии; у каждого ряда цвет и слово.", "Bars, parts, lines; each series has a colour and a word.")
      ) { [reader] _ in
        func chart(_ kind: PivotChart.Kind, _ labels: [String], _ series: [(String, [Int64?])]) -> Markup {
          PivotChart(
            kind: kind, labels: labels, series: series.map { PivotChart.Series(name: $0.0, values: $0.1) },
            title: reader("Выручка", "Sales"), figure: { reader.axis(Money(minor: $0)) }, axis: { reader.axis(Money(minor: $0)) }
          ).html
        }
        let days = (1...7).map { reader.day(CivilDay(number: 20_770 + Int32($0))) }
        let towns = [reader("Казань", "Kazan"), reader("Тверь", "Tver"), reader("Пермь", "Perm")]
        let (card, none) = (reader("С картой", "With a card"), reader("Без карты", "Without a card"))
        return """
          <section class="panel"><div class="panel-body stack">\(chart(.bars, towns, [(card, [310_000_00, 180_000_00, 42_000_00])]))\
          \(chart(.stacked, towns, [(card, [310_000_00, 180_000_00, 42_000_00]), (none, [120_000_00, 90_000_00, 60_000_00])]))\
          \(chart(.line, days, [(card, [12_000_00, 14_500_00, 9_000_00, nil, 21_000_00, 19_000_00, 24_000_00]), (none, [6_000_00, 5_500_00, 7_000_00, 6_500_00, 9_000_00, 8_000_00, 7_500_00])]))</div></section>
          """
      }
    ]
  }
}
