import Calculator
import Kernel
import Storage

/// What promotions gave on each line of a receipt, for a receipt that found its member later: what it earned stands in no trace, as the trace
/// is the sale's, which earned nothing.
///
/// Stored as `[[promotion, money, points, trial, line], …]`; without the fifth value it is of no line.
struct GivenByLine: Hashable, Sendable {
  private struct Place: Hashable, Comparable {
    let giver: Giver
    /// -1: of the receipt as a whole.
    let line: Int
    static func < (a: Self, b: Self) -> Bool { (a.giver, a.line) < (b.giver, b.line) }
  }

  private var parts: [Place: Given] = [:]

  init() {}

  /// What the steps of a calculation gave.
  init(_ steps: [TraceStep], by book: [Giver]) {
    for step in steps where book.indices.contains(Int(step.promotion)) {
      let given = GivenByPromotion([step], by: book)
      for giver in given.givers { add(given[giver], Place(giver: giver, line: max(-1, Int(step.line)))) }
    }
  }

  /// - Throws: `StorageFailure.damaged`.
  init(_ text: String, in column: String) throws {
    let damage = StorageFailure.damaged("\(column) is not [[promotion, money, points, trial, line], …]")
    guard case .array(let rows) = try storedJSON(text, in: column) else { throw damage }
    for row in rows {
      guard case .array(let values) = row, (3...5).contains(values.count) else { throw damage }
      var numbers: [Int64] = []
      for value in values {
        guard case .int(let number) = value else { throw damage }
        numbers.append(number)
      }
      let giver = Giver(PromotionID(numbers[0]), isTrial: numbers.count > 3 && numbers[3] == 1)
      add(
        Given(money: Money(minor: numbers[1]), points: Points(units: numbers[2])),
        Place(giver: giver, line: numbers.count > 4 ? Int(numbers[4]) : -1))
    }
  }

  private mutating func add(_ given: Given, _ place: Place) {
    let sum = (parts[place] ?? .nothing) + given
    parts[place] = sum.money == .zero && sum.points == .zero ? nil : Given(money: sum.money, points: sum.points)
  }

  /// Of each giver the lines that it gave something on.
  var lines: [Giver: [Int: Given]] {
    var lines: [Giver: [Int: Given]] = [:]
    for (place, given) in parts where place.line >= 0 { lines[place.giver, default: [:]][place.line] = given }
    return lines
  }

  var text: String {
    var writer = JSONWriter(reserving: 32 * parts.count + 2)
    writer.openArray()
    for (place, given) in parts.sorted(by: { $0.key < $1.key }) {
      writer.openArray()
      for value in [place.giver.promotion.raw, given.money.minor, given.points.units, place.giver.isTrial ? 1 : 0] {
        writer.int(value)
      }
      if place.line >= 0 { writer.int(Int64(place.line)) }
      writer.closeArray()
    }
    writer.closeArray()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension BookOfGifts {
  /// What promotions that others pay for gave on each line of a sale, and on those of whoever claimed it. A line that both reduced and earned
  /// on is there once.
  func funded(_ sale: Receipt, claimed: GivenByLine?) throws -> [Giver: [Int: Given]] {
    var all = funded(try sale.steps())
    for (giver, lines) in claimed?.lines ?? [:] where isFunded(giver) {
      all[giver, default: [:]].merge(lines) { $0 + $1 }
    }
    return all
  }
}
