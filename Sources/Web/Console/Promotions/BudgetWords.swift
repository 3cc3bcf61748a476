import Calculator
import Kernel
import Loyalty

/// What a limit counts.
enum BudgetSize: CaseIterable {
  case money, points, uses

  func name(_ reader: Reader) -> String {
    switch self {
    case .money: reader("Скидки", "Reductions")
    case .points: reader("Начисления", "Earned")
    case .uses: reader("Применена", "Applied")
    }
  }

  func say(_ amount: Int64, _ reader: Reader) -> String {
    switch self {
    case .money: reader.money(Money(minor: amount))
    case .points: reader.points(Points(units: amount))
    case .uses: reader.number(amount)
    }
  }
}

extension Used {
  subscript(size: BudgetSize) -> Int64 {
    switch size {
    case .money: money.minor
    case .points: points.units
    case .uses: uses
    }
  }
}

extension LimitSizes {
  subscript(size: BudgetSize) -> Int64? {
    switch size {
    case .money: money?.minor
    case .points: points?.units
    case .uses: uses
    }
  }
}

extension BudgetForecast {
  func words(_ reader: Reader) -> String {
    switch self {
    case .used: reader("Израсходован", "Used up")
    case .on(let day): reader("При таком темпе кончится \(reader.date(day))", "At this pace empty on \(reader.date(day))")
    case .at(let moment):
      reader("При таком темпе кончится сегодня в \(reader.clock(moment))", "At this pace empty today at \(reader.clock(moment))")
    case .lasts: reader("При таком темпе хватит до конца акции", "At this pace enough until the promotion ends")
    case .lastsToday: reader("При таком темпе хватит на сегодня", "At this pace enough for today")
    case .years: reader("При таком темпе хватит больше чем на год", "At this pace enough for more than a year")
    case .unknown: reader("Темпа пока не видно", "No pace to be seen yet")
    }
  }
}
