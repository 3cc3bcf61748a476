import Kernel

/// Codes and names of products, folded and side by side in memory, so that people find goods by a piece of a name while they type.
///
/// Some 70 bytes a product. Both databases would look at every row for a text in the middle of a name, and SQLite folds no Cyrillic.
struct ProductNames: Sendable {
  /// Bytes to look for.
  private struct Needle {
    let bytes: [UInt8]
    /// How far to go on after a miss, by the last byte that was looked at (Horspool 1980).
    private let steps: [Int]

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      var steps = Array(repeating: bytes.count, count: 256)
      for (place, byte) in bytes.dropLast().enumerated() { steps[Int(byte)] = bytes.count - 1 - place }
      self.steps = steps
    }

    /// The next place where it stands.
    func place(in all: Swift.Span<UInt8>, from: Int) -> Int? {
      let last = bytes.count - 1
      var place = from
      while place + last < all.count {
        let byte = all[place + last]
        if byte == bytes[last] {
          var length = 0
          while length < last, all[place + length] == bytes[length] { length += 1 }
          if length == last { return place }
        }
        place += steps[Int(byte)]
      }
      return nil
    }
  }

  private struct Entry {
    var start: UInt32
    var length: UInt16
    var isArchived: Bool
  }

  /// Names one behind the other, each with a divider behind it.
  private var bytes: [UInt8] = []
  /// By place.
  private var entries: [Entry] = []
  /// Where names begin, ascending, and the place of each; of a name that was replaced the place's entry begins elsewhere.
  private var starts: [UInt32] = []
  private var owners: [UInt32] = []
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
    bytes.append(Self.divider)
    starts.append(entry.start)
    owners.append(UInt32(place))
    guard place < entries.count else { return entries.append(entry) }
    unused += Int(entries[place].length)
    entries[place] = entry
    if unused > bytes.count / 2 { compact() }
  }

  private mutating func compact() {
    let old = self
    (bytes, starts, owners, unused) = ([], [], [], 0)
    bytes.reserveCapacity(old.bytes.count - old.unused)
    for place in entries.indices {
      let range = old.range(of: place)
      entries[place].start = UInt32(bytes.count)
      starts.append(entries[place].start)
      owners.append(UInt32(place))
      bytes.append(contentsOf: old.bytes[range])
      bytes.append(Self.divider)
    }
  }

  private func range(of place: Int) -> Range<Int> {
    let start = Int(entries[place].start)
    return start..<start + Int(entries[place].length)
  }

  /// Places whose code or names hold every word of the text: those where one of them is the text first, then those where one begins with
  /// it, then those where a word does, each in the order of their places. Searches all names for the longest word: a millisecond or
  /// two for 100,000.
  func places(holding text: String, archivedToo: Bool) -> [Int] {
    var whole: [UInt8] = []
    Self.fold(text, into: &whole)
    let words = whole.split(separator: 32).map(Array.init)
    guard let longest = words.max(by: { $0.count < $1.count }) else { return [] }
    let (needle, text) = (Needle(longest), Needle(Array(words.joined(separator: [32]))))
    let others = words.filter { $0 != longest }.map(Needle.init)
    var ranked: [[Int]] = [[], [], [], []]
    let all = bytes.span
    var from = 0
    while let hit = needle.place(in: all, from: from) {
      let number = nameNumber(at: hit)
      from = number + 1 < starts.count ? Int(starts[number + 1]) : bytes.count
      let place = Int(owners[number])
      guard entries[place].start == starts[number], archivedToo || !entries[place].isArchived else { continue }
      let name = all.extracting(range(of: place))
      if Self.holds(others, name) { ranked[Self.rank(text, in: name)].append(place) }
    }
    return ranked.flatMap { $0.sorted() }
  }

  /// Which of the names, in the order of `starts`, this byte belongs to.
  private func nameNumber(at byte: Int) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(starts[middle]) <= byte { low = middle } else { high = middle }
    }
    return low
  }

  /// 0: the code or a name is the text; 1: begins with it; 2: a word does; 3: none of these.
  private static func rank(_ text: Needle, in name: Swift.Span<UInt8>) -> Int {
    var rank = 3
    var from = 0
    while let found = text.place(in: name, from: from) {
      from = found + 1
      let end = found + text.bytes.count
      if found == 0 || name[found - 1] == divider {
        if end == name.count || name[end] == divider { return 0 }
        rank = 1
      } else if name[found - 1] == 32 {
        rank = min(rank, 2)
      }
    }
    return rank
  }

  private static func holds(_ words: [Needle], _ name: Swift.Span<UInt8>) -> Bool {
    for word in words where word.place(in: name, from: 0) == nil { return false }
    return true
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
  /// Codes of categories whose code or names hold every word of the text, those that begin with it first.
  public func categories(named text: String, limit: Int) -> [String] {
    categoryNames.places(holding: text, archivedToo: true).prefix(limit).map { categoryCodes[$0] }
  }

  /// Codes of products whose code or names hold every word of the text, whatever the capitals, ё as е: those that begin with it first.
  /// Searches all names in memory: a millisecond or two for 100,000 products.
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
