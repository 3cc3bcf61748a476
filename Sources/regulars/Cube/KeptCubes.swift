import Insight
import Logging

extension Wiring {
  /// The columns that analysis reads. They are made and followed where somebody runs them; others open what lies in the folder.
  /// - Parameter columns: a server that does the walks; nil where this process does.
  func cubes(_ config: Config, _ columns: (any ColumnServer)? = nil, telling tell: @escaping @Sendable (Cubes.Note) -> Void)
    -> Cubes
  {
    Cubes(
      on: database, zones: zoneNamed, now: world.now, folder: { config.cubeFolder(of: $0) }, ids: ids, holder: holder,
      columns: columns, telling: tell)
  }
}

extension Logger {
  func note(_ note: Cubes.Note) {
    switch note {
    case .made(let programme, let lines):
      info("the columns for analysis are made", metadata: ["programme": "\(programme)", "lines": "\(lines)"])
    case .withoutServer(let programme, let cause):
      warning("the column server is not asked", metadata: ["programme": "\(programme)", "cause": "\(cause)"])
    case .failed(let what, let cause):
      error("the columns for analysis could not be brought up to date", metadata: ["of": "\(what)", "cause": "\(cause)"])
    }
  }
}
