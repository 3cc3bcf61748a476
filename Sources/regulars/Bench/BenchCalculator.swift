import ArgumentParser
import Calculator
import Kernel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Calculations per second on one core: ten lines, ten promotions touched, four applied, in books of 100 and 1,000 promotions.
struct BenchCalculator: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calculator", abstract: "Calculations per second and core, in process.")

  @Option(help: "Calculations per round.") var count = 20_000
  @Option(help: "Rounds, of which the best counts: what disturbs a run only ever makes it slower.") var rounds = 5

  func run() async throws {
    var figures: [Figure] = []
    var cost: [Double] = []
    for promotions in [100, 1_000] {
      let workload = CalculatorWorkload(promotions: promotions)
      let amounts = measure(workload, CalculationScope(offersChoices: false))
      let whole = measure(workload, CalculationScope())
      figures.append(Figure("calculations, \(promotions) promotions", 1_000_000 / amounts, "per second and core"))
      figures.append(
        Figure("calculations with the trade-off of points, \(promotions) promotions", 1_000_000 / whole, "per second and core"))
      cost.append(amounts)
    }
    let sheet = measure(CalculatorWorkload(promotions: 100, sheet: true), CalculationScope(offersChoices: false))
    figures += try BenchSheet(rounds: rounds).figures(cost: sheet, without: cost[0])
    figures.append(Figure("cost of 1,000 promotions over that of 100", cost[1] / cost[0], "ratio"))
    try answer(JSON.array(figures.map(\.json)).pretty)
  }

  /// Microseconds of processor time for one calculation.
  func measure(_ workload: CalculatorWorkload, _ scope: CalculationScope) -> Double {
    var best = Double.infinity
    for _ in 0..<rounds {
      let start = processorMicros()
      var sum: Int64 = 0
      for _ in 0..<count {
        sum &+= calculate(workload.basket, member: workload.member, rules: workload.rules, scope: scope).amount.minor
      }
      precondition(sum != 0, "the basket costs something")
      best = min(best, (processorMicros() - start) / Double(count))
    }
    return best
  }
}

/// Processor time of this process so far, in microseconds.
func processorMicros() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1_000_000 + Double(time.tv_nsec) / 1_000
}
