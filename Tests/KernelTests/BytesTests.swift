import Kernel
import TestKit
import Testing

@Suite struct `compact documents` {
  private enum Piece: Hashable { case byte(UInt8), unsigned(UInt64), signed(Int64), text(String) }

  @Test(arguments: Seeds.some(100)) func `give back what was written`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let pieces = (0..<Int.random(in: 0...40, using: &random)).map { _ in Self.piece(&random) }
    var reader = try ByteReader(Self.written(pieces))
    #expect(reader.version == 3)
    for piece in pieces {
      switch piece {
      case .byte(let value): #expect(try reader.byte() == value, "seed \(seed)")
      case .unsigned(let value): #expect(try reader.unsigned() == value, "seed \(seed)")
      case .signed(let value): #expect(try reader.signed() == value, "seed \(seed)")
      case .text(let value): #expect(try reader.text() == value, "seed \(seed)")
      }
    }
    #expect(reader.isAtEnd, "seed \(seed)")
  }

  @Test(arguments: [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (UInt64.max, 10)] as [(UInt64, Int)])
  func `take a byte for each seven bits`(_ value: UInt64, _ size: Int) throws {
    var writer = ByteWriter(version: 1)
    writer.unsigned(value)
    #expect(writer.bytes.count == 1 + size)
    var reader = try ByteReader(writer.bytes)
    #expect(try reader.unsigned() == value)
  }

  @Test(arguments: [0, -1, 1, -64, 63, -65, 64, .min, .max] as [Int64]) func `keep small numbers small whatever their sign`(
    _ value: Int64
  ) throws {
    var writer = ByteWriter(version: 1)
    writer.signed(value)
    if (-64...63).contains(value) { #expect(writer.bytes.count == 2) }
    var reader = try ByteReader(writer.bytes)
    #expect(try reader.signed() == value)
  }

  @Test(arguments: Seeds.some(100)) func `cut or damaged are read or refused, never trapped on`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces = (0..<20).map { _ in Self.piece(&random) }
    var bytes = Self.written(pieces)
    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    do throws(ByteReader.Damaged) {
      var reader = try ByteReader(bytes)
      for piece in pieces {
        switch piece {
        case .byte: _ = try reader.byte()
        case .unsigned: _ = try reader.unsigned()
        case .signed: _ = try reader.signed()
        case .text: _ = try reader.text()
        }
      }
    } catch {
      #expect((0...bytes.count).contains(error.offset), "seed \(seed)")
    }
  }

  @Test(
    arguments: [
      [], [1], [1, 0x80], [1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
      [1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], [1, 0x05, 0x61], [1, 0x02, 0xc3, 0x28],
    ] as [[UInt8]])
  func `that nobody wrote are refused`(_ bytes: [UInt8]) {
    #expect(throws: ByteReader.Damaged.self) {
      var reader = try ByteReader(bytes)
      _ = try reader.text()
    }
  }

  @Test func `cannot ask for more things than they have bytes`() throws {
    var writer = ByteWriter(version: 1)
    writer.count(1_000_000)
    var reader = try ByteReader(writer.bytes)
    #expect(throws: ByteReader.Damaged.self) { try reader.count() }
  }

  private static func written(_ pieces: [Piece]) -> [UInt8] {
    var writer = ByteWriter(version: 3)
    for piece in pieces {
      switch piece {
      case .byte(let value): writer.byte(value)
      case .unsigned(let value): writer.unsigned(value)
      case .signed(let value): writer.signed(value)
      case .text(let value): writer.text(value)
      }
    }
    return writer.bytes
  }

  private static func piece(_ random: inout SeededRandom) -> Piece {
    let value = UInt64.random(in: 0 ... .max, using: &random) >> UInt64.random(in: 0...63, using: &random)
    return switch Int.random(in: 0..<4, using: &random) {
    case 0: .byte(UInt8(truncatingIfNeeded: value))
    case 1: .unsigned(value)
    case 2: .signed(Int64(bitPattern: value))
    default: .text(["", "a", "ёлка", "😀", "long enough to leave the small string"].randomElement(using: &random) ?? "")
    }
  }
}

@Suite struct `the stable hash` {
  static func hash(_ text: String) -> UInt64 {
    var hash = StableHash()
    hash.mix(text)
    return hash.value
  }

  @Test func `never changes between machines and versions`() {
    #expect(StableHash().value == 0xc381_7c01_6ba4_ff30)
    #expect(Self.hash("") == 0x01df_27c8_adb0_f2d1)
    #expect(Self.hash("campaign-7") == 0x48de_313d_887a_f510)
    var hash = StableHash()
    hash.mix("salt")
    hash.mix(Int64(481))
    #expect(hash.value == 0x84f8_1dd1_4ea0_438d)
    #expect(hash.share == Rate(ppm: 519_410))
  }

  @Test func `tells apart texts that only join alike`() {
    func two(_ a: String, _ b: String) -> UInt64 {
      var hash = StableHash()
      hash.mix(a)
      hash.mix(b)
      return hash.value
    }
    #expect(two("ab", "c") != two("a", "bc"))
    #expect(two("", "a") != two("a", ""))
  }

  /// Chi-squared over 100 slots with neighbouring ids: with 99 degrees of freedom 180 is passed once in a million salts.
  @Test(arguments: ["", "control", "campaign-7", "кампания"]) func `spreads neighbouring members evenly`(_ salt: String) {
    var slots = [Int](repeating: 0, count: 100)
    for member in 0..<100_000 {
      var hash = StableHash()
      hash.mix(salt)
      hash.mix(Int64(member) << 12)
      slots[Int(hash.share.ppm / 10_000)] += 1
    }
    let chi = slots.reduce(0.0) { $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000 }
    #expect(chi < 180, "\(chi)")
  }

  @Test func `puts members of one control group into another no more often than chance`() {
    var both = 0
    for member in 0..<100_000 {
      let shares = ["spring", "autumn"].map { salt in
        var hash = StableHash()
        hash.mix(salt)
        hash.mix(Int64(member))
        return hash.share
      }
      if shares.allSatisfy({ $0 < .percent(10) }) { both += 1 }
    }
    #expect((850...1150).contains(both), "\(both)")
  }
}
