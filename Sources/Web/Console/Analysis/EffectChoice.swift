import Calculator
import Cube
import Insight
import Kernel
import Loyalty

/// Values that are compared beside the usual ones: how they are chosen in an address, and how they read.
enum EffectChoice {
  /// Before the word of a value that is ticked.
  static let mark = "v-"

  /// That are in the table anyway.
  private static let usual: [Measure] = [.sales, .margin, .discount, .pointsEarned, .units, .receipts, .members]

  /// As the address has them, in the order of the list.
  static func values(_ query: [String: String], _ book: FormulaBook, _ formulas: [DefinedFormula]) throws -> [Measure] {
    let words = Set(query.keys.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) })
    let all = Measure.allCases + formulas.map { .formula(Formula(named: $0.details.code)) }
    let chosen = all.filter { words.contains($0.rawValue) }
    guard !chosen.isEmpty else { return [] }
    return try book.settled([Pivot(rows: [], values: chosen)], knowing: formulas)[0].values
  }

  static func query(_ values: [Measure]) -> [String] { values.map { queryText(mark + $0.rawValue) + "=on" } }

  /// Open where something is ticked.
  static func fold(_ view: EffectView, _ reader: Reader) -> Markup {
    let chosen = Set(view.question.values)
    let known = Measure.allCases.filter { !usual.contains($0) && $0 != .medianInterval }.map { ($0, reader($0.title)) }
    let own = view.formulas.map { (Measure.formula(Formula(named: $0.details.code)), reader($0.details.name)) }
    let ticks = (known + own).map { Tick(name: mark + $0.rawValue, label: $1, isOn: chosen.contains($0)) }
    let label = reader("Не больше \(EffectQuestion.mostValues)", "At most \(EffectQuestion.mostValues)")
    return """
      <details class="fold within"\(chosen.isEmpty ? "" : " open" as Markup)><summary>\(Icon.right.usual)\(reader("Сравнить и другие показатели", "Compare other values, too"))</summary>\
      <div class="stack pad-s">\(TickGroup(label: label, ticks: ticks).html)</div></details>
      """
  }

  /// More of it is better for the shop; of what is given away it is neither, and of a price nobody knows.
  static func isGain(_ measure: Measure) -> Bool {
    switch measure {
    case .sales, .units, .receipts, .visits, .members, .newMembers, .lines, .averageReceipt, .perMember, .unitsPerReceipt,
      .visitsPerMember, .margin, .marginShare:
      true
    case .discount, .reduced, .paidWithPoints, .pointsSpent, .pointsEarned, .pointsExpired, .price, .share, .discountShare, .cost,
      .visitInterval, .medianInterval, .formula:
      false
    }
  }

  /// Into ten-thousandths of the unit that people read; shares as percents.
  static func scale(_ measure: Measure, _ reader: Reader) -> Double {
    func tens(_ digits: Int) -> Double { (0..<digits).reduce(1.0) { scale, _ in scale * 10 } }
    return switch measure.unit {
    case .money: 10_000 / tens(reader.currency.digits)
    case .points: 10_000 / tens(reader.pointsScale)
    case .quantity: 10
    case .count: 10_000
    case .percent: 1
    case .number(let digits): 10_000 / tens(digits)
    }
  }
}

extension EffectWords {
  func name(_ asked: EffectAnswer.Asked) -> String {
    let title = reader(asked.measure.title)
    switch asked.measure {
    case .members: return name(.buyers)
    case .newMembers: return reader("Купили впервые, %", "Bought for the first time, %")
    default: return title
    }
  }

  /// Of one member, or the quotient.
  func each(_ amount: Double, _ asked: EffectAnswer.Asked) -> String {
    switch asked.measure.unit {
    case .money: reader.money(Money(minor: Self.whole(amount)))
    case .points: reader.points(Points(units: Self.whole(amount)))
    case .quantity: reader.decimal(Self.whole(amount / 10), digits: 2)
    case .count:
      asked.measure == .members || asked.measure == .newMembers
        ? reader.decimal(Self.whole(amount * 1_000), digits: 1) : reader.decimal(Self.whole(amount * 100), digits: 2)
    case .percent: reader.decimal(Self.whole(amount / 1_000), digits: 1)
    case .number(let digits): reader.decimal(Self.whole(amount), digits: digits)
    }
  }

  /// Of everybody together; nil for a quotient, of which there is none.
  func all(_ amount: Double, _ asked: EffectAnswer.Asked) -> String? {
    guard asked.isPerMember else { return nil }
    switch asked.measure.unit {
    case .money: return all(amount, .sales)
    case .points: return reader.points(Points(units: Self.whole(amount)))
    case .quantity: return reader.number(Self.whole(amount / 1_000))
    case .count: return reader.number(Self.whole(amount))
    case .percent: return reader.decimal(Self.whole(amount / 1_000), digits: 1)
    case .number(let digits): return reader.decimal(Self.whole(amount), digits: digits)
    }
  }
}
