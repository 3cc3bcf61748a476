import Kernel
import Testing
import Web

@Suite struct `a form with a file` {
  /// What the form holds, the file's bytes put together.
  private static func read(_ bytes: [UInt8], by step: Int, mark: String = "x") throws -> (
    pieces: [FormPieces.Piece], file: [UInt8], whole: Bool
  ) {
    var form = FormPieces(boundary: Array(mark.utf8))
    var pieces: [FormPieces.Piece] = []
    var file: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: step) {
      for piece in try form.read(Array(bytes[start..<min(start + step, bytes.count)])) {
        if case .bytes(let more) = piece { file += more } else { pieces.append(piece) }
      }
    }
    return (pieces, file, form.isWhole)
  }

  private static let body = "one\r\n--y\r\n--\r\n\r\n-- x\r\n-"
  private static let text =
    "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nabc\r\n--x\r\n"
    + "Content-Disposition: form-data; name=\"file\"; filename=\"a;b %22c%22.csv\"\r\nContent-Type: text/csv\r\n\r\n\(body)\r\n--x--\r\n"

  @Test(arguments: [1, 2, 3, 5, 7, 64, 10_000]) func `is the same however its bytes come`(_ step: Int) throws {
    let seen = try Self.read(Array(Self.text.utf8), by: step)
    #expect(seen.pieces == [.field(name: "key", value: "abc"), .file(name: "a;b \"c\".csv")])
    #expect(String(decoding: seen.file, as: UTF8.self) == Self.body && seen.whole)
  }

  @Test func `is not whole before its end, at no place`() throws {
    let bytes = Array(Self.text.utf8)
    for count in 0..<(bytes.count - 4) {
      let seen = try Self.read(Array(bytes[..<count]), by: 16)
      #expect(!seen.whole, "\(count)")
    }
  }

  @Test(
    arguments: [
      "--x\r\nContent-Type: text/plain\r\n\r\nabc\r\n--x--", "--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--x--", "--x**",
      "--x\r\n" + String(repeating: "a", count: 9_000),
      "--x\r\nContent-Disposition: form-data; name=\"k\"\r\n\r\n" + String(repeating: "a", count: 70_000),
    ])
  func `is refused where it is none`(_ text: String) {
    #expect(throws: Problem.self) { try Self.read(Array(text.utf8), by: 1_000) }
  }
}
