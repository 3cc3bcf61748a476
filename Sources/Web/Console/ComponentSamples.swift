import Kernel

/// Samples of what shows figures and lists, and of what floats.
extension ComponentsPage {
  private static let values: [Int64] = [1_200, 1_350, 900, 1_800, 2_100, 1_950, 2_400]
  private static let before: [Int64] = [1_100, 1_000, 1_200, 1_500, 1_700, 1_400, 1_900]
  private static let first = CivilDay(number: 20_770)

  var lists: [Sample] {
    [
      Sample(
        name: "DataTable",
        says: reader("Числа справа, шириной с экран или с прокруткой.", "Numbers at the right; as wide as the screen, or scrolled.")
      ) { [self] _ in
        let rows = (0..<3).map { place -> Markup in
          """
          <tr><th scope="row"><a href="#main">\(reader.date(Self.first.adding(days: place)))</a></th>\
          <td><span class="badge good">\(Icon.check.usual)\(reader("подтверждён", "confirmed"))</span></td>\
          <td class="num">\(reader.amount(Money(minor: Self.values[place] * 100)))</td></tr>
          """
        }
        return DataTable(
          label: reader("Чеки", "Receipts"),
          columns: [
            .text(reader("День", "Day")), .text(reader("Состояние", "State")),
            .descending("\(reader("Сумма", "Amount")), \(reader.sign)"),
          ], rows: rows, width: .tight, files: .none
        ).panel(foot: reader.files("/console/takings"))
      },
      Sample(name: "items", says: reader("Список с действием.", "A list with something to do.")) { [reader] _ in
        """
        <section class="panel"><ul class="items"><li>\(Icon.warning.styled("icon warn"))<div>\(reader("2 смены не сошлись", "2 shifts do not tie"))\
        <p>\(reader("за неделю", "in a week"))</p></div><a class="text-link" href="#main">\(reader("Смотреть", "Look"))</a></li>\
        <li>\(Icon.receipt.usual)<div>\(reader.money(Money(minor: 68_286)))<p>12:08</p></div><span class="tab good">+34</span></li></ul></section>
        """
      },
    ]
  }

  var plainLists: [Sample] {
    [
      Sample(name: "facts", says: reader("Имя и значение; сумма сходится.", "Name and value; the sum ties.")) { [reader] _ in
        """
        <section class="panel"><div class="panel-body"><dl class="facts"><div><dt>\(reader("Начислено", "Earned"))</dt><dd>+120</dd></div>\
        <div><dt>\(reader("Потрачено", "Spent"))</dt><dd>−75</dd></div><div class="total"><dt>\(reader("Осталось", "Left"))</dt><dd>45</dd></div></dl></div></section>
        """
      },
      Sample(name: "empty", says: reader("Для чего комната, одна кнопка, пример.", "What the room is for, one button, an example."))
      { [reader] _ in
        """
        <section class="panel"><div class="empty"><div><h3>\(reader("Акций ещё нет", "There are no promotions yet"))</h3>\
        <p>\(reader("Акция говорит, кому, за что и сколько.", "A promotion says who gets what for which goods."))</p></div>\
        <div class="example"><code class="break">regulars rules publish</code></div></div></section>
        """
      },
    ]
  }

  var charts: [Sample] {
    [
      Sample(name: "stats", says: reader("Число, сравнение, ход.", "A number, its comparison, its course.")) { [reader] _ in
        """
        <dl class="stats of2"><div class="stat"><dt>\(reader("Выручка с картой", "Revenue with card"))</dt>\
        <dd class="value">2,41 <small>\(reader("млн", "m")) \(reader.sign)</small></dd><dd class="note"><span class="delta good">+4,2\u{a0}%</span></dd>\
        <dd>\(LineChart.spark(Self.values))</dd></div><div class="stat"><dt>\(reader("Активные участники", "Active members"))</dt>\
        <dd class="value">–</dd><dd class="note">\(reader("нет данных", "no data"))</dd><dd></dd></div></dl>
        """
      },
      Sample(
        name: "LineChart",
        says: reader(
          "Точку под указателем и под стрелками называет таблица рядом.",
          "The table beside it names the point under the pointer and the arrow keys.")
      ) { [self] suffix in
        let title = reader("Выручка по дням", "Revenue by day")
        let chart = LineChart(
          values: Self.values, before: Self.before, labels: [reader.day(Self.first), reader.day(Self.first.adding(days: 6))],
          title: title,
          table: "days" + suffix
        ) { [reader] value in reader.axis(Money(minor: value * 100)) }
        return "<section class=\"panel\"><div class=\"panel-body\">\(chart.html)</div>\(days(title, suffix))</section>"
      },
      Sample(name: "Meter", says: reader("Доля как полоса; число стоит рядом.", "A share as a bar; the number stands beside it.")) {
        [reader] _ in
        let shares: [Int64] = [350, 940, 1_000]
        let rows = shares.map { share -> Markup in
          "<li><span class=\"muted\">\(reader("Акция", "Promotion"))</span>\(Meter.budget(share).html)<span class=\"tab\">\(reader.decimal(share, digits: 1))\u{a0}%</span></li>"
        }
        return "<ul class=\"bars\">\(rows)</ul>"
      },
    ]
  }

  private func days(_ title: String, _ suffix: String) -> Markup {
    let rows = Self.values.indices.reversed().map { place -> Markup in
      """
      <tr><th scope="row">\(reader.day(Self.first.adding(days: place)))</th><td class="num">\(reader.amount(Money(minor: Self.values[place] * 100)))</td>\
      <td class="num">\(reader.amount(Money(minor: Self.before[place] * 100)))</td></tr>
      """
    }
    let columns: [DataTable.Column] = [
      .text(reader("День", "Day")), .number(reader("Период", "Period")), .number(reader("Прошлый", "Before")),
    ]
    let table = DataTable(label: title, columns: columns, rows: rows, width: .tight, id: "days" + suffix, files: .none).html
    return """
      <footer class="panel-foot"><details class="fold"><summary>\(Icon.right.usual)\(reader("Таблица", "Table"))</summary>\(table)</details></footer>
      """
  }

  var floating: [Sample] {
    [
      Sample(name: "Palette", says: reader("Ctrl K из любого места.", "Ctrl K from anywhere.")) { [reader] _ in
        let rows: [(Icon, String, String)] = [
          (.person, reader("Анна Кузнецова", "Anna Kuznetsova"), reader("участник", "member")),
          (.receipt, reader("21 ноя, 2 046,50 ₽", "21 Nov, ₽2,046.50"), "S1"),
        ]
        let options = rows.enumerated().map { place, row -> Markup in
          "<li role=\"option\" aria-selected=\"\(place == 0 ? "true" : "false")\">\(row.0.usual)<span>\(row.1)</span><small>\(row.2)</small></li>"
        }
        return """
          <div class="palette"><ul role="listbox" aria-label="\(reader("Найдено", "Found"))">\(options)</ul><footer aria-hidden="true">\
          <span><kbd>↑</kbd> <kbd>↓</kbd> \(reader("выбрать", "choose"))</span><span><kbd>Enter</kbd> \(reader("открыть", "open"))</span></footer></div>
          """
      }
    ]
  }
}
