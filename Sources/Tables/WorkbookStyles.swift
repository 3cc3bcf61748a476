/// What the numbers of a workbook's cells mean by the way they are shown: a percent and a day are numbers like any other.
package struct WorkbookStyles {
  package enum Meaning { case number, percent, day }

  private var meanings: [Meaning] = []

  init() {}

  /// - Parameter part: `xl/styles.xml`.
  init(_ part: [UInt8]) throws(WorkbookFault) {
    var scan = MarkupScan(part)
    var own: [Int: Meaning] = [:]
    var isInCells = false
    while let token = try scan.next() {
      switch token {
      case .start(let name, let isEmpty):
        if name.elementsEqual("numFmt".utf8), let id = scan.attribute("numFmtId").flatMap({ Int($0) }) {
          own[id] = Self.meaning(scan.attribute("formatCode") ?? "")
        } else if name.elementsEqual("cellXfs".utf8) {
          isInCells = !isEmpty
        } else if isInCells, name.elementsEqual("xf".utf8) {
          guard meanings.count < 100_000 else { throw .tooLarge }
          let id = scan.attribute("numFmtId").flatMap { Int($0) } ?? 0
          meanings.append(own[id] ?? Self.known(id))
        }
      case .end(let name): if name.elementsEqual("cellXfs".utf8) { isInCells = false }
      case .text: break
      }
    }
  }

  subscript(_ style: Int) -> Meaning { meanings.indices.contains(style) ? meanings[style] : .number }

  /// Of the formats that need no description (ECMA-376, 18.8.30).
  private static func known(_ id: Int) -> Meaning {
    switch id {
    case 9, 10: .percent
    case 14...22, 27...36, 45...47, 50...58: .day
    default: .number
    }
  }

  /// Words in quotes, escaped letters and colours in brackets say nothing.
  package static func meaning(_ code: String) -> Meaning {
    var (isQuoted, isBracketed, isEscaped) = (false, false, false)
    for letter in code.unicodeScalars {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch letter {
      case "\"" where !isBracketed: isQuoted.toggle()
      case _ where isQuoted: continue
      case "[": isBracketed = true
      case "]": isBracketed = false
      case _ where isBracketed: continue
      case "\\", "_", "*": isEscaped = true
      case ";": return .number
      case "%": return .percent
      case "y", "Y", "m", "M", "d", "D", "h", "H", "s", "S": return .day
      default: continue
      }
    }
    return .number
  }
}
