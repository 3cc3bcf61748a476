import Cube

/// Bytes of a roll that lives only in memory.
@safe final class HeapBytes: RollBytes, Sendable {
  /// Written once, in `roll`, before anybody else has them.
  private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer
  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(buffer) }

  private init(_ count: Int) { unsafe buffer = .allocate(byteCount: count, alignment: 16) }
  deinit { unsafe buffer.deallocate() }

  /// Nil for no receipts.
  static func roll(_ builder: consuming RollBuilder) throws -> Roll? {
    guard builder.count > 0 else { return nil }
    let image = try builder.finish()
    let bytes = HeapBytes(image.size)
    unsafe image.write(into: bytes.buffer)
    return try Roll(bytes)
  }

  /// What a roll has without some receipts, and others besides. Nil where nothing is left.
  static func roll(_ known: Roll?, without gone: [CubeTail.Replaced], and more: consuming RollBuilder) throws -> Roll? {
    let isAnonymous = more.isAnonymous
    let fresh = try roll(more)
    guard let known else { return fresh }
    let source = RollMerge.Source(known, without: gone)
    guard source.isReduced || fresh != nil else { return known }
    var merge = RollMerge(
      [source] + (fresh.map { [RollMerge.Source($0)] } ?? []), anonymous: isAnonymous, lines: .max)
    guard let merged = merge.next() else { return nil }
    let bytes = HeapBytes(merged.size)
    unsafe merged.write(into: bytes.buffer)
    return try Roll(bytes)
  }
}
