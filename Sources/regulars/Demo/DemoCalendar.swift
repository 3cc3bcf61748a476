import Kernel

/// Where the demonstration's data begins and ends in time: the year as it was published, or moved so that it ends now.
struct DemoCalendar: Sendable {
  /// Midnight in New York after the last day of the published data.
  static let published = Instant(seconds: 1_514_782_800)

  /// When the imported purchases end.
  let end: Instant

  /// - Parameter data: the folder; script/move-year leaves a note in what it moved.
  /// - Throws: `FileTrouble`; `Problem.invalid` where the note cannot be read.
  init(data: String) throws {
    let path = data + "/moved.json"
    guard FileFacts(path) != nil else {
      end = Self.published
      return
    }
    let node = JSONNode(try JSON.parse(readFile(path, atMost: Limits.mappingFile)))
    let week = node["week"].required() ? node["week"].instant() : nil
    try node.issues.check(path)
    end = week ?? Self.published
  }
}
