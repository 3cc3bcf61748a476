import TestKit
import Testing

/// What a check has against a place.
struct Finding: Hashable, CustomStringConvertible {
  let path: String
  let line: Int
  let text: String

  var description: String { "\(path):\(line): \(text)" }
}

/// All Swift files of the repository, taken apart once.
let sources: [SwiftText] = swiftFiles(below: "Sources")
let tests: [SwiftText] = swiftFiles(below: "Tests")

private func swiftFiles(below folder: String) -> [SwiftText] {
  do {
    return try Repository.files(below: folder, ending: ".swift").map { SwiftText(path: $0, try Repository.text($0)) }
  } catch {
    Issue.record("\(folder) cannot be read: \(error)")
    return []
  }
}

func expectNone(_ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation) {
  for finding in findings { Issue.record("\(finding)", sourceLocation: sourceLocation) }
}
