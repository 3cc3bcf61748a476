import Insight
import Logging

extension Wiring {
  /// The columns that analysis reads. They are made and followed where somebody runs them; others open what lies in the folder.
  func cubes(_ config: Config, telling tell: @escaping @Sendable (Cubes.Note) -> Void) -> Cubes {
    Cubes(
      on: database, zones: zoneNamed, now: world.now, folder: { config.cubeFolder(of: $0) }, ids: ids, holder: holder,
      telling: tell)
  }
}

extension Logger {
  func note(_ note: Cubes.Note) {
    switch note {
    case .made(let programme, let lines):
      info("the columns for analysis are made", metadata: ["programme": "\(programme)", "lines": "\(lines)"])
    case .failed(let what, let cause):
      error("the columns for analysis could not be brought up to date", metadata: ["of": "\(what)", "cause": "\(cause)"])
    }
  }
}
