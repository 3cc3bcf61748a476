import Customers
import Kernel

/// Finds names in a phrase by the stems of their words, the longest first.
struct PhraseNames {
  enum Found {
    case name(SegmentNames.Name, words: Int)
    case several([SegmentNames.Name], words: Int)
  }

  private struct Entry {
    let stems: [String]
    let name: SegmentNames.Name
  }

  private var byFirst: [String: [Entry]] = [:]
  /// Products that were looked up, by the words they were looked up with.
  private var products: [String: [SegmentNames.Name]] = [:]

  /// That the account defines, by code.
  let fields: [String: MemberFieldDetails]

  init(_ names: [SegmentNames.Name], _ fields: [MemberFieldDetails]) {
    self.fields = Dictionary(fields.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    for name in names {
      // A value is called by its own code, without its field's.
      let code = name.kind == .value ? String(name.code.split(separator: "=", maxSplits: 1).last ?? "") : name.code
      for text in Set([name.text.ru, name.text.en, code]) {
        let stems = PhraseWord.all(in: text).filter { $0.kind == .word || $0.whole != nil }.map {
          $0.stem.isEmpty ? $0.text : $0.stem
        }
        if let first = stems.first { byFirst[first, default: []].append(Entry(stems: stems, name: name)) }
      }
    }
  }

  mutating func learn(_ text: String, _ found: [SegmentNames.Name]) { products[text] = found }

  /// - Parameters:
  ///   - kinds: in the order in which they are preferred; of one kind only one may be called so.
  ///   - field: whose values are meant.
  func find(_ words: ArraySlice<PhraseWord>, _ kinds: [SegmentNames.Kind], of field: String? = nil) -> Found? {
    let stems = words.prefix(6).map { $0.stem.isEmpty ? $0.text : $0.stem }
    guard let first = stems.first else { return nil }
    let fitting = (byFirst[first] ?? []).filter { entry in
      kinds.contains(entry.name.kind) && field.map { entry.name.code.hasPrefix($0 + "=") } ?? true
        && stems.count >= entry.stems.count && Array(stems.prefix(entry.stems.count)) == entry.stems
    }
    guard let longest = fitting.map(\.stems.count).max() else { return nil }
    let best = fitting.filter { $0.stems.count == longest }
    for kind in kinds {
      let own = best.filter { $0.name.kind == kind }.map(\.name)
      let different = own.reduce(into: [SegmentNames.Name]()) { all, name in if !all.contains(name) { all.append(name) } }
      if different.count == 1 { return .name(different[0], words: longest) }
      if different.count > 1 { return .several(different, words: longest) }
    }
    return nil
  }

  /// Codes of the fields that a phrase may name.
  func mentioned(in words: [PhraseWord]) -> Set<String> {
    var codes: Set<String> = []
    for place in words.indices {
      switch find(words[place...], [.field]) {
      case .name(let name, _)?: codes.insert(name.code)
      case .several, nil: continue
      }
    }
    return codes
  }

  /// A product by what was looked up; nil where these words were not, or found nothing.
  func product(_ words: ArraySlice<PhraseWord>) -> Found? {
    for length in stride(from: min(3, words.count), through: 1, by: -1) {
      let some = words.prefix(length)
      guard let found = products[Self.wanted(some)], !found.isEmpty else { continue }
      return found.count == 1 ? .name(found[0], words: length) : .several(found, words: length)
    }
    return nil
  }

  /// What a catalogue is asked for: stems, which stand in every inflection of a name.
  static func wanted(_ words: ArraySlice<PhraseWord>) -> String {
    words.map { $0.stem.isEmpty ? $0.text : $0.stem }.joined(separator: " ")
  }
}
