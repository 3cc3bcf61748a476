import Kernel
import Loyalty

/// A ladder in words.
struct TierWords {
  let reader: Reader

  func amount(_ value: Int64, _ measure: Ladder.Measure) -> String {
    switch measure {
    case .spend: reader.money(Money(minor: value))
    case .points: reader.points(Points(units: value))
    case .visits: reader.number(value)
    }
  }

  /// With what is counted: 20 000 ₽, 300 очков статуса, 12 покупок.
  func counted(_ value: Int64, _ measure: Ladder.Measure) -> String {
    switch measure {
    case .spend: amount(value, measure)
    case .points: reader("\(amount(value, measure)) очков статуса", "\(amount(value, measure)) status points")
    case .visits: reader.count(Int(value), ("визит", "визита", "визитов"), ("visit", "visits"))
    }
  }

  func measure(_ measure: Ladder.Measure) -> String {
    switch measure {
    case .spend: reader("сумма покупок", "money spent")
    case .points: reader("очки статуса", "status points")
    case .visits: reader("дни с покупкой", "days with a purchase")
    }
  }

  /// The whole rule as sentences.
  func sentences(_ ladder: Ladder) -> [String] {
    var said = [
      reader(
        "Считается \(measure(ladder.measure)) \(period(ladder.period))",
        "What counts: \(measure(ladder.measure)) \(period(ladder.period))")
    ]
    if let kept = kept(ladder.period) { said.append(kept) }
    switch ladder.graceDays {
    case 0: break
    case let days:
      let many = reader.count(days, ("день", "дня", "дней"), ("day", "days"))
      said.append(reader("Потом уровень остаётся ещё \(many)", "After that a tier stays for another \(many)"))
    }
    switch ladder.descent {
    case .oneStep:
      said.append(reader("Вниз на одну ступень за раз", "Down one step at a time"))
    case .atOnce:
      said.append(reader("Вниз сразу на ту ступень, на которую хватает", "Down at once to the step that the count is enough for"))
    }
    if let since = ladder.since {
      said.append(reader("Покупки до \(reader.date(since)) не считаются", "Purchases before \(reader.date(since)) do not count"))
    }
    return said
  }

  func period(_ period: Ladder.Period) -> String {
    switch period {
    case .rolling(let months):
      let many = reader.count(months, ("месяц", "месяца", "месяцев"), ("month", "months"))
      return reader("за последние \(many), день в день", "of the last \(many), to the day")
    case .calendar(.month, _): return reader("за календарный месяц", "of a calendar month")
    case .calendar(.quarter, _): return reader("за календарный квартал", "of a calendar quarter")
    case .calendar(.year, _): return reader("за календарный год", "of a calendar year")
    case .anniversary: return reader("за год со дня вступления", "of a year from the day of joining")
    }
  }

  private func kept(_ period: Ladder.Period) -> String? {
    switch period {
    case .rolling: nil
    case .calendar(_, let later), .anniversary(let later):
      later == 0
        ? reader(
          "Уровень держится до конца периода, в котором достигнут", "A tier holds to the end of the period in which it is reached")
        : reader(
          "Уровень держится до конца периода, в котором достигнут, и ещё \(reader.count(later, ("период", "периода", "периодов"), ("period", "periods")))",
          "A tier holds to the end of the period in which it is reached and \(reader.count(later, ("период", "периода", "периодов"), ("period", "periods"))) more"
        )
    }
  }
}
