import Calculator
import Kernel

/// A log compared receipt by receipt: the first ones are kept as a sample to find how the other side rounds, the rest goes through.
public final class ShadowRun {
  /// How receipts are rounded.
  public enum Rounding: String, Sendable, CaseIterable {
    /// As the rules say.
    case rules
    /// By the profile that makes most of the sample agree.
    case auto
  }

  private let reader: ShadowReader
  private let rounding: Rounding
  private let examples: Int
  private var sample: [ShadowRecord]? = []
  private var book: RuleBook
  private var judge: ShadowJudge
  private var proofs = 0
  public private(set) var report = ShadowReport()

  /// - Parameter examples: how many worked examples are kept.
  public init(_ reader: ShadowReader, rounding: Rounding = .rules, examples: Int = 8) {
    self.reader = reader
    self.rounding = rounding
    self.examples = min(max(0, examples), Limits.shadowExamples)
    book = reader.rules.book()
    judge = ShadowJudge(reader.rules, favourites: [])
  }

  /// Takes one line of the log. What cannot be read is counted and named.
  public func take(_ bytes: [UInt8], line: Int) {
    report.lines += 1
    do throws(Problem) {
      let record = try reader.record(bytes, line: line)
      report.receipts += 1
      guard sample != nil else { return compare(record) }
      sample?.append(record)
      if sample?.count == Limits.shadowSample { search() }
    } catch {
      report.add(error, line: line)
    }
  }

  /// Compares what is still kept. Harmless when repeated.
  public func finish(isStopped: Bool = false) {
    search()
    report.isStopped = isStopped
  }

  /// The rules with the profile that is proposed, or nil where none is better.
  public var proposal: JSON? {
    report.search?.proposed.map { reader.document($0.applied(to: reader.rules.terms)) }
  }

  private func search() {
    guard let kept = sample else { return }
    sample = nil
    let found = RoundingSearch(kept, reader.rules)
    report.search = found
    if rounding == .auto, let proposed = found.proposed {
      report.rounding = proposed
      let terms = proposed.applied(to: reader.rules.terms)
      let rules = RulesFile(terms: terms, groups: reader.rules.groups, promotions: reader.rules.promotions)
      book = rules.book()
      judge = ShadowJudge(rules, favourites: found.favourites.filter { $0 != proposed })
    } else {
      judge = ShadowJudge(reader.rules, favourites: found.favourites)
    }
    for record in kept { compare(record) }
  }

  private func compare(_ record: ShadowRecord) {
    let ours = record.calculated(by: book)
    if record.unknown.isEmpty, ShadowSide(ours, book).agrees(with: record.answer) {
      report.agreeing += 1
      return
    }
    let verdict = judge.verdict(record, ours, book, proves: proofs < Limits.shadowProofs)
    proofs += 1
    report.add(verdict, record, ours, book, examples: examples)
  }
}
