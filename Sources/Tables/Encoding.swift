/// Bytes lent by an array, without a copy (Kernel's `Span` is one of time).
typealias ByteSpan = Swift.Span<UInt8>

/// The offset of the first byte that is not well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates), nil where all are.
func firstFault(inUTF8 bytes: ByteSpan) -> Int? {
  var at = 0
  while at < bytes.count {
    let byte = bytes[at]
    if byte < 0x80 {
      at += 1
      continue
    }
    let length = sequenceLength(byte, next: at + 1 < bytes.count ? bytes[at + 1] : 0)
    guard length > 0, at + length <= bytes.count else { return at }
    for next in at + 1..<at + length where bytes[next] & 0xc0 != 0x80 { return at }
    at += length
  }
  return nil
}

/// How many bytes the character takes that begins so; 0 where no character begins so.
private func sequenceLength(_ lead: UInt8, next: UInt8) -> Int {
  switch lead {
  case 0xc2...0xdf: 2
  case 0xe0: next >= 0xa0 ? 3 : 0
  case 0xed: next <= 0x9f ? 3 : 0
  case 0xe1...0xef: 3
  case 0xf0: next >= 0x90 ? 4 : 0
  case 0xf4: next <= 0x8f ? 4 : 0
  case 0xf1...0xf3: 4
  default: 0
  }
}

/// windows-1251 as UTF-8. Every byte becomes one character, so a place in the file can be found again by counting characters.
/// 0x98, which the code page leaves free, becomes U+FFFD.
func utf8(fromWindows1251 bytes: some Sequence<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(bytes.underestimatedCount * 2)
  for byte in bytes {
    guard byte >= 0x80 else {
      result.append(byte)
      continue
    }
    // А … я stand in one row in both codes.
    let scalar = byte >= 0xc0 ? UInt32(byte) - 0xc0 + 0x410 : UInt32(upperHalf[Int(byte) - 0x80])
    if scalar < 0x800 {
      result.append(0xc0 | UInt8(scalar >> 6))
    } else {
      result.append(0xe0 | UInt8(scalar >> 12))
      result.append(0x80 | UInt8(scalar >> 6 & 0x3f))
    }
    result.append(0x80 | UInt8(scalar & 0x3f))
  }
  return result
}

/// 0x80 … 0xbf of windows-1251 in Unicode.
private let upperHalf: [UInt16] = [
  0x0402, 0x0403, 0x201a, 0x0453, 0x201e, 0x2026, 0x2020, 0x2021, 0x20ac, 0x2030, 0x0409, 0x2039, 0x040a, 0x040c, 0x040b, 0x040f,
  0x0452, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0xfffd, 0x2122, 0x0459, 0x203a, 0x045a, 0x045c, 0x045b, 0x045f,
  0x00a0, 0x040e, 0x045e, 0x0408, 0x00a4, 0x0490, 0x00a6, 0x00a7, 0x0401, 0x00a9, 0x0404, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x0407,
  0x00b0, 0x00b1, 0x0406, 0x0456, 0x0491, 0x00b5, 0x00b6, 0x00b7, 0x0451, 0x2116, 0x0454, 0x00bb, 0x0458, 0x0405, 0x0455, 0x0457,
]
