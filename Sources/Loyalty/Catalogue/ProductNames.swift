import Kernel

/// Codes and names of products, folded and side by side in memory, so that people find goods by a piece of a name while they type.
///
/// Some 60 bytes a product. Both databases would look at every row for a text in the middle of a name, and SQLite folds no Cyrillic.
struct ProductNames: Sendable {
  private struct Entry {
    var start: UInt32
    var length: UInt16
    var isArchived: Bool
  }

  private var bytes: [UInt8] = []
  /// By place.
  private var entries: [Entry] = []
  /// Of `bytes`, what no entry points at any more.
  private var unused = 0

  private static let divider: UInt8 = 10

  /// Takes a product's names, in place of earlier ones. Places are taken one after the other.
  mutating func set(_ place: Int, code: String, ru: String?, en: String?, isArchived: Bool) {
    let start = bytes.count
    for (index, text) in [code, ru, en].enumerated() {
      if index > 0 { bytes.append(Self.divider) }
      if let text { Self.fold(text, into: &bytes) }
    }
    let entry = Entry(start: UInt32(start), length: UInt16(clamping: bytes.count - start), isArchived: isArchived)
    guard place < entries.count else { return entries.append(entry) }
    unused += Int(entries[place].length)
    entries[place] = entry
    if unused > bytes.count / 2 { compact() }
  }

  private mutating func compact() {
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count - unused)
    for place in entries.indices {
      let (start, end) = (Int(entries[place].start), Int(entries[place].start) + Int(entries[place].length))
      entries[place].start = UInt32(kept.count)
      kept.append(contentsOf: bytes[start..<end])
    }
    (bytes, unused) = (kept, 0)
  }

  /// Places whose code or names hold every word of the text: those where one of them is the text first, then
  /// those where one begins with it, then those where a word does, each in the order of their places. Looks at every name: some milliseconds for 100,000.
  func places(holding text: String, archivedToo: Bool) -> [Int] {
    var whole: [UInt8] = []
    Self.fold(text, into: &whole)
    let words = whole.split(separator: 32).map(Array.init)
    guard !words.isEmpty else { return [] }
    whole = Array(words.joined(separator: [32]))
    var ranked: [[Int]] = [[], [], [], []]
    let all = bytes.span
    for (place, entry) in entries.enumerated() where archivedToo || !entry.isArchived {
      let start = Int(entry.start)
      let name = all.extracting(start..<start + Int(entry.length))
      guard Self.holds(words, name) else { continue }
      ranked[Self.rank(whole, in: name)].append(place)
    }
    return ranked.flatMap { $0 }
  }

  /// 0: the code or a name is the text; 1: begins with it; 2: a word does; 3: none of these.
  private static func rank(_ text: [UInt8], in name: Swift.Span<UInt8>) -> Int {
    var rank = 3
    var from = 0
    while let found = find(text, in: name, from: from) {
      from = found + 1
      let end = found + text.count
      if found == 0 || name[found - 1] == divider {
        if end == name.count || name[end] == divider { return 0 }
        rank = 1
      } else if name[found - 1] == 32 {
        rank = min(rank, 2)
      }
    }
    return rank
  }

  private static func holds(_ words: [[UInt8]], _ name: Swift.Span<UInt8>) -> Bool {
    for word in words where find(word, in: name, from: 0) == nil { return false }
    return true
  }

  private static func find(_ word: [UInt8], in name: Swift.Span<UInt8>, from: Int) -> Int? {
    var place = from
    let (last, first) = (name.count - word.count, word[0])
    while place <= last {
      if name[place] == first {
        var length = 1
        while length < word.count, name[place + length] == word[length] { length += 1 }
        if length == word.count { return place }
      }
      place += 1
    }
    return nil
  }

  /// As `folded`, quickly for Russian and plain English.
  private static func fold(_ text: String, into bytes: inout [UInt8]) {
    let start = bytes.count
    var isGap = true
    for scalar in text.unicodeScalars {
      var value = scalar.value
      switch value {
      case 0x20:
        if !isGap { bytes.append(32) }
        isGap = true
        continue
      case 0x41...0x5A: value += 32
      case 0x21...0x7E: break
      case 0x401, 0x451: value = 0x435
      case 0x410...0x42F: value += 32
      case 0x430...0x44F: break
      default:
        bytes.removeLast(bytes.count - start)
        return bytes.append(contentsOf: folded(text).utf8)
      }
      isGap = false
      if value < 0x80 {
        bytes.append(UInt8(value))
      } else {
        bytes.append(UInt8(0xC0 | value >> 6))
        bytes.append(UInt8(0x80 | value & 0x3F))
      }
    }
    if bytes.count > start, bytes.last == 32 { bytes.removeLast() }
  }
}

extension CatalogueIndex {
  /// Codes of products whose code or names hold every word of the text, whatever the capitals, ё as е: those that begin with it first.
  /// Looks at every name in memory: some milliseconds for 100,000 products.
  /// - Parameters:
  ///   - archivedToo: with products that are not sold any more.
  ///   - from: how many to pass over, for a further page.
  /// - Returns: codes, and how many to pass over for the next page; nil at the end.
  public func search(_ text: String, archivedToo: Bool, from: Int = 0, limit: Int) -> (codes: [String], next: Int?) {
    let places = names.places(holding: text, archivedToo: archivedToo)
    let page = places.dropFirst(max(0, from)).prefix(limit)
    return (page.map(code(at:)), max(0, from) + page.count < places.count ? max(0, from) + page.count : nil)
  }
}
