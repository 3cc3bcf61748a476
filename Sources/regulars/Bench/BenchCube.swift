import ArgumentParser
import Cube
import FoundationEssentials
import Insight
import Kernel

/// The cube's questions over a year's lines, as many times over as is asked for: for `script/bench`, which asks DuckDB the same.
struct BenchCube: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cube", abstract: "Pivots and segments over lines from a CSV file, and how fast the columns are made and opened.")

  @Option(
    help: "Lines: household, basket, store, day since 1970, minute, product, amount, quantity, discount; by household and time.")
  var lines: String
  @Option(help: "Products: code, department, category; by code.") var products: String
  @Option(help: "How many times over, each with households of its own.") var times = 20
  @Option(help: "Where columns go.") var folder: String
  @Option(help: "Rounds, of which the best counts.") var rounds = 5

  func run() async throws {
    let year = try BenchYear(lines: lines, products: products)
    let folder = CubeFolder(folder)
    var began = Date()
    let contents = try await year.write(times, into: folder)
    let made = Date().timeIntervalSince(began)
    began = Date()
    let rolls = try folder.open()
    let opened = Date().timeIntervalSince(began)
    let cube = Cube(rolls, year.frame(contents.days))
    var figures = [
      Figure("lines", Double(cube.lines), "lines"), Figure("columns made", Double(cube.lines) / made, "lines/s"),
      Figure("bytes of a line", Double(cube.size) / Double(cube.lines), "bytes"), Figure("opened", opened * 1_000, "ms"),
    ]
    var answers: [JSON.Member] = []
    for question in BenchQuestion.all {
      let (best, table) = try await question.ask(cube, rounds)
      figures.append(Figure(question.name, best * 1_000, "ms"))
      answers.append(JSON.Member(question.name, table))
    }
    let (best, found) = try await people(cube, year)
    figures.append(Figure("segment", best * 1_000, "ms"))
    answers.append(JSON.Member("segment", found))
    try answer(
      JSON.object([JSON.Member("figures", .array(figures.map(\.json))), JSON.Member("answers", .object(answers))]).compact)
  }

  /// Households that bought soft drinks in at least three baskets of the last 90 days, spent more than 500, and never bought beer.
  private func people(_ cube: Cube, _ year: BenchYear) async throws -> (Double, JSON) {
    let (first, last) = (year.days.lowerBound, year.days.upperBound - 1)
    func goods(_ category: String) -> HistoryQuestion.Goods { HistoryQuestion.Goods(products: year.products(in: category)) }
    let whole = UInt16(first)...UInt16(last)
    let conditions: [HistoryQuestion] = [
      .bought(.init(goods: goods("SOFT DRINKS"), days: UInt16(last - 89)...UInt16(last), amount: .receipts, range: 3...Int64.max)),
      .bought(.init(goods: .init(), days: whole, amount: .money, range: 50_001...Int64.max)),
      .none([.bought(.init(goods: goods("BEERS/ALES"), days: whole, amount: .receipts, range: 1...Int64.max))]),
    ]
    let question = PeopleQuestion([.all(conditions)], asOf: UInt16(last), window: whole)
    var (best, count) = (Double.infinity, PeopleFigures())
    for _ in 0..<rounds {
      let began = Date()
      count = await cube.ask(question).figures
      best = min(best, Date().timeIntervalSince(began))
    }
    return (best, .array([.int(count.members), .int(count.money)]))
  }
}

/// A pivot that DuckDB is asked, too.
struct BenchQuestion {
  let name: String
  let pivot: Pivot

  static let all = [
    BenchQuestion(
      name: "department by month, distinct",
      pivot: Pivot(rows: [.department, .month], values: [.sales, .units, .receipts, .members])),
    BenchQuestion(
      name: "category by store, distinct", pivot: Pivot(rows: [.category, .store], values: [.sales, .units, .receipts])),
    BenchQuestion(name: "department by month, plain", pivot: Pivot(rows: [.department, .month], values: [.sales, .units])),
  ]

  /// - Returns: the best time in seconds, and the finest rows: labels and values.
  func ask(_ cube: Cube, _ rounds: Int) async throws -> (Double, JSON) {
    var (best, table) = (Double.infinity, PivotTable?.none)
    for _ in 0..<rounds {
      let began = Date()
      table = try await cube.answer(pivot)
      best = min(best, Date().timeIntervalSince(began))
    }
    guard let table else { return (best, .null) }
    let rows = table.rows.indices.filter { table.rows[$0].labels.count == pivot.rows.count }
    return (
      best,
      .array(
        rows.map { row in
          .array(
            table.rows[row].labels.map(JSON.string)
              + pivot.values.map { table.value($0, row: row, column: 0).map(JSON.int) ?? .null })
        })
    )
  }
}

/// A year of lines in memory, as plain numbers.
struct BenchYear {
  private var numbers: [[Int64]] = []
  private var departments: [String] = []
  private var categories: [String] = []
  private(set) var days = 0..<0

  init(lines: String, products: String) throws {
    for row in try Self.rows(products) {
      departments.append(row[1])
      categories.append(row[2])
    }
    numbers = try Self.rows(lines).map { $0.compactMap { Int64($0) } }
    let all = numbers.map { Int($0[3]) }
    days = (all.min() ?? 0)..<(all.max() ?? 0) + 1
  }

  private static func rows(_ path: String) throws -> [[String]] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.split(separator: "\n").map { $0.split(separator: ";", omittingEmptySubsequences: false).map(String.init) }
  }

  /// Columns of the year, so many times over.
  func write(_ times: Int, into folder: CubeFolder) async throws -> (days: Range<Int>, lines: Int) {
    let made = try await folder.fill { take in
      for time in 0..<Int64(times) {
        var start = 0
        while start < numbers.count {
          var end = start
          while end < numbers.count, numbers[end][1] == numbers[start][1] { end += 1 }
          try take(receipt(start..<end, time))
          start = end
        }
      }
    }
    return (days, made)
  }

  private func receipt(_ range: Range<Int>, _ time: Int64) -> CubeReceipt {
    let first = numbers[range.lowerBound]
    let lines = range.map { place -> CubeReceipt.Line in
      let line = numbers[place]
      let sums = RollColumn.sums.map { column -> Int64 in
        switch column {
        case .amount: line[6]
        case .quantity: line[7] * 1_000
        case .discount: line[8]
        default: 0
        }
      }
      return CubeReceipt.Line(product: UInt32(line[5]), sums: sums)
    }
    return CubeReceipt(
      id: first[1] + time * 100_000_000_000, member: first[0] + time * 10_000, day: UInt16(first[3]), minute: UInt16(first[4]),
      store: UInt32(first[2]), lines: lines)
  }

  func frame(_ days: Range<Int>) -> CubeFrame {
    let stores = (numbers.map { $0[2] }.max() ?? 0) + 1
    var frame = CubeFrame(days: days, stores: Int(stores), registers: 1, products: departments.count)
    func set(_ dimension: Dimension, _ words: [String]) {
      let labels = Set(words).sorted()
      let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int32($0)) })
      frame.set(DimensionTable(dimension, codes: words.map { places[$0] ?? 0 }, labels: labels))
    }
    set(.store, (0..<stores).map { "\($0)" })
    set(.department, departments)
    set(.category, categories)
    return frame
  }

  func products(in category: String) -> Bits {
    var bits = Bits(count: categories.count)
    for place in categories.indices where categories[place] == category { bits[place] = true }
    return bits
  }
}
