import Kernel

/// What a formula says, as a tree.
indirect enum FormulaTerm: Hashable, Sendable {
  /// So many of the last digit.
  case number(Int64, digits: Int)
  case measure(Measure)
  case negative(FormulaTerm)
  case sum(FormulaTerm, FormulaTerm)
  case difference(FormulaTerm, FormulaTerm)
  case product(FormulaTerm, FormulaTerm)
  case quotient(FormulaTerm, FormulaTerm)

  /// Each once, in order.
  var measures: [Measure] {
    var all: [Measure] = []
    func look(_ term: FormulaTerm) {
      switch term {
      case .number: break
      case .measure(let measure): if !all.contains(measure) { all.append(measure) }
      case .negative(let part): look(part)
      case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .quotient(let a, let b):
        look(a)
        look(b)
      }
    }
    look(self)
    return all
  }

  // MARK: as text

  /// Read again it is the same tree.
  var text: String { written(within: 0) }

  private var rank: Int {
    switch self {
    case .sum, .difference: 1
    case .product, .quotient: 2
    case .negative: 3
    case .number, .measure: 4
    }
  }

  private func written(within outer: Int) -> String {
    let plain =
      switch self {
      case .number(let value, let digits): Decimal.text(value, digits: digits)
      case .measure(let measure): measure.rawValue
      case .negative(let part): "-" + part.written(within: 3)
      case .sum(let a, let b): a.written(within: 1) + " + " + b.written(within: 2)
      case .difference(let a, let b): a.written(within: 1) + " - " + b.written(within: 2)
      case .product(let a, let b): a.written(within: 2) + " * " + b.written(within: 3)
      case .quotient(let a, let b): a.written(within: 2) + " / " + b.written(within: 3)
      }
    return rank < outer ? "(\(plain))" : plain
  }

  // MARK: its value

  /// - Throws: `nothing` where there is no value, `tooWide` where the numbers do not hold it.
  func solved<Number: FormulaNumber>(
    _: Number.Type, _ scales: Formula.Scales, _ measured: (Measure) -> Int64?
  ) throws(FormulaStop) -> Number {
    func solve(_ term: FormulaTerm) throws(FormulaStop) -> Number {
      switch term {
      case .number(let value, let digits): return Number(value, over: Formula.power(digits))
      case .measure(let measure):
        guard let value = measured(measure) else { throw .nothing }
        return Number(value, over: Formula.power(measure.unit.digits(scales)))
      case .negative(let part): return try solve(part).negated()
      case .sum(let a, let b): return try solve(a).plus(solve(b))
      case .difference(let a, let b): return try solve(a).plus(solve(b).negated())
      case .product(let a, let b): return try solve(a).times(solve(b))
      case .quotient(let a, let b): return try solve(a).times(solve(b).inverted())
      }
    }
    return try solve(self)
  }
}

extension Measure.Unit {
  /// Digits after the point between the smallest unit and what a formula reckons with: roubles, points, pieces; a share of all is 1.
  func digits(_ scales: Formula.Scales) -> Int {
    switch self {
    case .money: scales.money
    case .points: scales.points
    case .quantity: 3
    case .count: 0
    case .percent: 6
    case .number(let digits): digits
    }
  }
}
