import CQrencode

/// A text as a picture that a telephone reads (ISO/IEC 18004), of medium redundancy.
struct QRCode {
  /// Squares of one side.
  private let side: Int
  /// Row by row.
  private let isDark: [Bool]

  /// Nil for an empty text and for one that is too long: some 2,300 bytes.
  init?(_ text: String) {
    guard !text.utf8.contains(0), let code = unsafe QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
    defer { unsafe QRcode_free(code) }
    guard let squares = unsafe code.pointee.data else { return nil }
    side = Int(unsafe code.pointee.width)
    // The lowest bit is the colour; the others say what a square is for.
    isDark = unsafe UnsafeBufferPointer(start: squares, count: side * side).map { $0 & 1 == 1 }
  }

  /// Dark on white in both themes, with the empty edge that readers need: many do not read the reverse.
  func html(label: String) -> Markup {
    let edge = 4
    var path = ""
    for row in 0..<side {
      var column = 0
      while column < side {
        let start = column
        while column < side, isDark[row * side + column] { column += 1 }
        if column > start { path += "M\(start + edge) \(row + edge)h\(column - start)v1H\(start + edge)z" } else { column += 1 }
      }
    }
    let size = side + 2 * edge
    return """
      <svg class="qr" viewBox="0 0 \(size) \(size)" role="img" aria-label="\(label)" shape-rendering="crispEdges">\
      <rect width="\(size)" height="\(size)" fill="#fff"/><path fill="#000" d="\(path)"/></svg>
      """
  }
}
