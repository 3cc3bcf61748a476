import Calculator
import Kernel
import Storage

/// A trace as a receipt's row keeps it. Version 1: runs of steps that share kind, notes, promotion and rate, each with its head
/// once; a step is its line, its base against what the line's last step left, and its amount. Four promotions on ten lines take
/// about 200 bytes.
enum TraceDocument {
  private struct Head: Equatable {
    let kind: TraceStep.Kind
    let promotion: Int32
    let rate: Int64

    init(_ step: TraceStep) { (kind, promotion, rate) = (step.kind, step.promotion, step.rate) }
  }

  /// What the next step of a line probably begins from: what the last one left, where it took something off.
  private struct Guesses {
    /// By line, the receipt as a whole (−1) before the first.
    private var bases: [Int64] = []

    func base(of line: Int32) -> Int64 {
      let place = Int(line) + 1
      return place < bases.count ? bases[place] : 0
    }

    mutating func learn(_ kind: TraceStep.Kind, _ line: Int32, base: Int64, amount: Int64) {
      let place = Int(line) + 1
      while bases.count <= place { bases.append(0) }
      let takesOff = kind == .reduction || kind == .points
      bases[place] = takesOff ? base &- amount : base
    }
  }

  static func write(_ steps: [TraceStep]) -> [UInt8] {
    var pen = ByteWriter(version: 1, reserving: 5 * steps.count + 32)
    var guesses = Guesses()
    var promotion: Int32 = -1
    var start = 0
    while start < steps.count {
      let head = Head(steps[start])
      let end = steps[start...].firstIndex { Head($0) != head } ?? steps.count
      pen.byte(head.kind.rawValue)
      pen.signed(Int64(head.promotion) - Int64(promotion))
      promotion = head.promotion
      // Most rates are whole tenths of a percent.
      pen.signed(head.rate % 1000 == 0 ? (head.rate / 1000) << 1 : (head.rate << 1) | 1)
      pen.count(end - start)
      var line: Int32 = 0
      var notes: TraceNotes = []
      for step in steps[start..<end] {
        // The lowest bit says whether other notes follow than the step before had.
        pen.signed((Int64(step.line) - Int64(line)) << 1 | (step.notes == notes ? 0 : 1))
        if step.notes != notes { pen.byte(step.notes.rawValue) }
        notes = step.notes
        pen.signed(step.base &- guesses.base(of: step.line))
        pen.signed(step.amount)
        guesses.learn(step.kind, step.line, base: step.base, amount: step.amount)
        line = step.line
      }
      start = end
    }
    return pen.bytes
  }

  /// - Throws: `StorageFailure.damaged`.
  static func read(_ document: [UInt8]) throws -> [TraceStep] {
    do {
      var eye = try ByteReader(document)
      guard eye.version == 1 else { throw ByteReader.Damaged(offset: 0) }
      var guesses = Guesses()
      var promotion: Int64 = -1
      var steps: [TraceStep] = []
      while !eye.isAtEnd { try readRun(&eye, &guesses, &promotion, into: &steps) }
      return steps
    } catch let damage as ByteReader.Damaged {
      throw StorageFailure.damaged("receipt.trace cannot be read near byte \(damage.offset)")
    }
  }

  private static func readRun(
    _ eye: inout ByteReader, _ guesses: inout Guesses, _ promotion: inout Int64, into steps: inout [TraceStep]
  ) throws(ByteReader.Damaged) {
    let head = try eye.byte()
    promotion &+= try eye.signed()
    let rate = try eye.signed()
    guard let kind = TraceStep.Kind(rawValue: head), promotion >= -1, promotion < Int64(Limits.promotions) else {
      throw ByteReader.Damaged(offset: 0)
    }
    var line: Int64 = 0
    var notes: UInt8 = 0
    for _ in 0..<(try eye.count()) {
      let place = try eye.signed()
      line &+= place >> 1
      if place & 1 == 1 { notes = try eye.byte() }
      guard line >= -1, line < Int64(Limits.lines) else { throw ByteReader.Damaged(offset: 0) }
      let base = guesses.base(of: Int32(line)) &+ (try eye.signed())
      let amount = try eye.signed()
      guesses.learn(kind, Int32(line), base: base, amount: amount)
      steps.append(
        TraceStep(
          kind: kind, line: Int(line), promotion: Int(promotion), base: base,
          rate: rate & 1 == 0 ? (rate >> 1) &* 1000 : rate >> 1, amount: amount, notes: TraceNotes(rawValue: notes)))
    }
  }
}
