import Kernel
import Loyalty
import TestKit
import Testing

/// Lines as a receipt's row keeps them.
@Suite struct LineTextTests {
  /// Lines by chance, as any JSON says them.
  private static func lines(_ dice: inout Dice) throws -> [SoldLine] {
    let count = dice.roll(0...12)
    func column(_ name: String, _ range: ClosedRange<Int64>, _ step: Int64 = 1, always: Bool = false) -> String {
      let isThere = always || dice.chance(60)
      let values = (0..<count).map { _ in isThere && (always || dice.chance(50)) ? dice.roll(range) * step : 0 }
      return "\"\(name)\": \(values)"
    }
    let columns = [
      column("p", dice.chance(30) ? .max - 9 ... .max : 1...9_999_999, always: true),
      column("q", 1...99, dice.chance(50) ? 1_000 : 1, always: true),
      column("t", 0...9_999), column("d", -500...9_999), column("m", 0...9_999), column("w", 0...77), column("a", 0...9_999_999),
      column("e", -3...99),
    ]
    return try LineText.tree("{ \(columns.joined(separator: ", ")) }")
  }

  @Test func `are read as they were written, by the quick reader as by the one of any JSON`() throws {
    for seed in 0..<500 {
      var dice = Dice(seed: UInt64(seed))
      let lines = try Self.lines(&dice)
      let text = LineText.write(lines)
      #expect(LineColumns(text)?.lines == lines, "seed \(seed): \(text)")
      #expect(try LineText.tree(text) == lines)
      #expect(try LineText.read(text) == lines)
    }
  }

  @Test func `written in another way mean the same, and what is damaged is refused with its name`() throws {
    let text = #"{"p":[1,2],"n":[1,3],"a":[500,-250]}"#
    let lines = try LineText.read(text)
    for other in [#"{ "a": [500, -250], "p": [1, 2], "n": [1, 3] }"#, #"{"p":[1,2],"n":[1,3],"a":[500,-250],"d":[0,0],"x":[1]}"#] {
      let read = try LineText.read(other)
      #expect(LineColumns(other)?.lines == nil && lines == read, "\(other)")
    }
    for damaged in [
      #"{"p":[1,2],"n":[1,3],"a":[500]}"#, #"{"p":[1,2],"n":[1,3],"a":[500,2.5]}"#, #"{"p":[1,2],"n":[1,3],"a":[500,"x"]}"#,
      #"{"p":[1,2],"n":[1,3],"a":[500,-250]"#, #"{"p":[1,2]"n":[1,3]}"#, "", #"{"p":[1,2],"n":[1,99999999999999999999]}"#,
    ] {
      #expect(LineColumns(damaged)?.lines == nil)
      #expect(throws: (any Error).self, "\(damaged)") { try LineText.read(damaged) }
    }
  }

  @Test func `a text that was changed anywhere is read as JSON reads it or refused, and never ends the program`() throws {
    var dice = Dice(seed: 7)
    for _ in 0..<3_000 {
      var bytes = Array(LineText.write(try Self.lines(&dice)).utf8)
      let place = Int(dice.roll(0...Int64(bytes.count - 1)))
      bytes[place] = Array("{}[]\",:-0123456789.pnqtdmwae ".utf8)[Int(dice.roll(0...27))]
      let text = String(decoding: bytes, as: UTF8.self)
      guard let quick = LineColumns(text)?.lines else { continue }
      #expect((try? LineText.tree(text)) == quick, "\(text)")
    }
  }
}
