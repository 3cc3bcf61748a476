import CPostgres
import Storage

/// The values of one statement as the wire wants them: integers and bytes in binary, in one buffer that is used again.
///
/// Where a statement was prepared with an unknown type (its first value was null) the server has chosen one; text suits any choice.
struct PostgresParameters {
  private var buffer: [UInt8] = []
  private var offsets: [Int] = []
  private var lengths: [Int32] = []
  private var formats: [Int32] = []

  /// The type a value asks for when its statement is prepared; 0 lets the server choose.
  static func type(of value: Value) -> Oid {
    switch value {
    case .null: 0
    case .int: PostgresType.int8
    case .text: PostgresType.text
    case .bytes: PostgresType.bytea
    }
  }

  mutating func fill(_ values: [Value], types: [Oid]) {
    buffer.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    formats.removeAll(keepingCapacity: true)
    for (value, type) in zip(values, types) {
      if case .null = value {
        append(isBinary: false, isNull: true) { _ in }
      } else {
        append(value, isBinary: type == Self.type(of: value) || PostgresArray.types.contains(type))
      }
    }
  }

  private mutating func append(_ value: Value, isBinary: Bool) {
    append(isBinary: isBinary, isNull: false) { buffer in
      switch value {
      case .null: break
      case .int(let number): isBinary ? buffer.append(bigEndian: number) : buffer.append(contentsOf: String(number).utf8)
      case .text(let text): buffer.append(contentsOf: text.utf8)
      case .bytes(let bytes): isBinary ? buffer.append(contentsOf: bytes) : buffer.append(hex: bytes)
      }
    }
  }

  private mutating func append(isBinary: Bool, isNull: Bool, _ write: (inout [UInt8]) -> Void) {
    let start = buffer.count
    write(&buffer)
    offsets.append(isNull ? -1 : start)
    lengths.append(Int32(buffer.count - start))
    formats.append(isBinary ? 1 : 0)
    buffer.append(0)
  }

  /// Gives the arrays that libpq asks for, valid during the call.
  func withPointers<R>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> R
  ) -> R {
    unsafe buffer.withUnsafeBytes { bytes in
      let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
      let pointers = unsafe offsets.map { offset in unsafe offset < 0 ? nil : start.map { unsafe UnsafePointer($0 + offset) } }
      return unsafe pointers.withUnsafeBufferPointer { pointers in
        unsafe lengths.withUnsafeBufferPointer { lengths in
          unsafe formats.withUnsafeBufferPointer { formats in
            unsafe body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
          }
        }
      }
    }
  }
}

/// Types of PostgreSQL by their fixed numbers (`pg_type.dat`).
enum PostgresType {
  static var bool: Oid { 16 }
  static var bytea: Oid { 17 }
  static var int8: Oid { 20 }
  static var int2: Oid { 21 }
  static var int4: Oid { 23 }
  static var text: Oid { 25 }
  static var name: Oid { 19 }
  static var varchar: Oid { 1043 }
}

extension [UInt8] {
  mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
    for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  mutating func append(hex bytes: [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    append(contentsOf: "\\x".utf8)
    for byte in bytes {
      append(digits[Int(byte >> 4)])
      append(digits[Int(byte & 15)])
    }
  }
}
