import Kernel

/// Samples of what forms are made of beyond a line and a choice.
extension ComponentsPage {
  var moreForms: [Sample] {
    [
      Sample(name: "TextBox", says: reader("Несколько строк.", "Several lines.")) { [reader] suffix in
        TextBox(name: "note", label: reader("Заметка", "Note"), value: "", id: "f-note" + suffix).html
      },
      Sample(name: "Tick", says: reader("Да или нет.", "Yes or no.")) { [reader] suffix in
        Tick(
          name: "weighed" + suffix, label: reader("Весовой товар", "Sold by weight"),
          note: reader("Количество с тремя знаками", "Quantities with three digits"), isOn: true
        ).html
      },
      Sample(name: "TickGroup", says: reader("Несколько из немногих.", "Some of a few.")) { [reader] suffix in
        TickGroup(
          label: reader("Дни недели", "Weekdays"),
          ticks: (1...7).map { day in
            Tick(
              name: "day-\(day)" + suffix, label: reader.weekday(CivilDay(number: 20_770).adding(days: day)), isOn: day < 6)
          }
        ).html
      },
    ]
  }

  var actSamples: [Sample] {
    [
      Sample(name: "FactList", says: reader("Имена и значения.", "Names and values.")) { [reader] _ in
        FactList(rows: [
          (reader("Код", "Code"), "S1"), (reader("Город", "Town"), "\(reader("Казань", "Kazan"))"),
        ]).panel(reader("Магазин", "Store"))
      },
      Sample(name: "ShownOnce", says: reader("Секрет, который больше не покажут.", "A secret that is shown only now.")) {
        [reader] suffix in
        ShownOnce(
          label: reader("Токен", "Token"), value: "rgt_example", hint: reader("Скопируйте его сейчас", "Copy it now"),
          id: "shown" + suffix
        ).html(reader)
      },
      Sample(name: "ActButton", says: reader("Одно действие одной кнопкой.", "One act with one button.")) { [reader, visit] _ in
        ActButton(path: "/console/looks", label: reader("Обновить", "Refresh"), icon: .refresh).html(visit)
      },
      Sample(
        name: "Farewell", says: reader("Что будет потеряно, сказано до кнопки.", "What will be lost is said before the button.")
      ) {
        [reader, visit] _ in
        Farewell(
          label: reader("Удалить", "Remove"), warning: reader("Журнал доставки пропадёт.", "The delivery log goes with it."),
          button: ActButton(path: "/console/looks", label: reader("Удалить", "Remove"), style: "danger s")
        ).html(visit)
      },
    ]
  }
}
