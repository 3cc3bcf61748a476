/// Writes a ZIP file (PKWARE APPNOTE 6.3) from its start to its end, without going back: sizes and checksums stand behind each entry.
package struct ZipWriter {
  private struct Entry {
    let name: [UInt8]
    let place: UInt32
    let checksum: UInt32
    let packed: UInt32
    let size: UInt32
  }

  package private(set) var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// How much was written and taken.
  private var gone = 0

  private var name: [UInt8] = []
  private var begun: UInt32 = 0
  private var checksum = Checksum()
  private var packer = Deflate()
  private var packed = 0
  private var size = 0

  package init() {}

  /// Entries' names are known when they are read, sizes only behind: bit 3; names are UTF-8: bit 11.
  private static let flags: UInt16 = 1 << 3 | 1 << 11
  private static let deflated: UInt16 = 8
  /// 1 January 1980, midnight: files that say the same are the same, byte for byte.
  private static let (time, date): (UInt16, UInt16) = (0, 1 << 5 | 1)

  mutating func begin(_ name: String) {
    self.name = Array(name.utf8)
    begun = UInt32(gone + bytes.count)
    (checksum, packer, packed, size) = (Checksum(), Deflate(), 0, 0)
    put32(0x0403_4b50)
    put16(20)
    for value in [Self.flags, Self.deflated, Self.time, Self.date] { put16(value) }
    for _ in 0..<3 { put32(0) }
    put16(UInt16(self.name.count))
    put16(0)
    bytes += self.name
  }

  mutating func add(_ portion: [UInt8]) {
    checksum.add(portion)
    size += portion.count
    packer.add(portion)
    emit()
  }

  mutating func end() {
    packer.finish()
    emit()
    let entry = Entry(
      name: name, place: begun, checksum: checksum.value, packed: UInt32(clamping: packed), size: UInt32(clamping: size))
    put32(0x0807_4b50)
    for value in [entry.checksum, entry.packed, entry.size] { put32(value) }
    entries.append(entry)
  }

  /// A small entry at once.
  package mutating func whole(_ name: String, _ text: String) {
    begin(name)
    add(Array(text.utf8))
    end()
  }

  /// The list of all entries, which ends the file.
  package mutating func finish() {
    let start = gone + bytes.count
    for entry in entries {
      put32(0x0201_4b50)
      for value in [20, 20, Self.flags, Self.deflated, Self.time, Self.date] as [UInt16] { put16(value) }
      for value in [entry.checksum, entry.packed, entry.size] { put32(value) }
      put16(UInt16(entry.name.count))
      for _ in 0..<4 { put16(0) }
      put32(0)
      put32(entry.place)
      bytes += entry.name
    }
    let length = gone + bytes.count - start
    put32(0x0605_4b50)
    for value in [0, 0, UInt16(entries.count), UInt16(entries.count)] as [UInt16] { put16(value) }
    put32(UInt32(clamping: length))
    put32(UInt32(clamping: start))
    put16(0)
  }

  /// Gives what was written so far.
  mutating func take() -> [UInt8] {
    gone += bytes.count
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  private mutating func emit() {
    let pressed = packer.take()
    packed += pressed.count
    bytes += pressed
  }

  private mutating func put16(_ value: UInt16) { for shift in [0, 8] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) } }
  private mutating func put32(_ value: UInt32) {
    for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }
}

/// CRC-32 as ZIP has it.
struct Checksum {
  private var state: UInt32 = 0xffff_ffff

  var value: UInt32 { ~state }

  mutating func add(_ bytes: [UInt8]) {
    let table = Self.table
    for byte in bytes { state = table[Int((state ^ UInt32(byte)) & 0xff)] ^ state >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { start in
    (0..<8).reduce(UInt32(start)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
  }
}
