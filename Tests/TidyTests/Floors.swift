/// The house: which target stands on which floor, what it may use, and what its files import.
struct Floors {
  struct Target: Hashable {
    let name: String
    let path: String
    let uses: [String]
  }

  let targets: [Target]
  /// Floor by target, as `ARCHITECTURE.md` draws it.
  let floors: [String: Int]
  /// Pairs on one floor that the drawing allows: `Loyalty → Customers`.
  let sideways: Set<[String]>

  init(package: String, drawing: String) {
    targets = Self.targets(package)
    (floors, sideways) = Self.read(drawing)
  }

  private static func targets(_ package: String) -> [Target] {
    package.matches(of: /\.(target|executableTarget|systemLibrary)\(\s*name: "(\w+)"((?s).*?)(?=\n    \.|\n  \])/).compactMap {
      match in
      let body = String(match.output.3)
      let own = body.firstMatch(of: /path: "([^"]+)"/).map { String($0.output.1) } ?? "Sources/" + match.output.2
      guard own.hasPrefix("Sources/") else { return nil }
      let list = body.firstMatch(of: /dependencies: \[((?s).*)\]/).map { String($0.output.1) } ?? ""
      let products = list.matches(of: /\.product\(name: "(\w+)"/).map { String($0.output.1) }
      let plain = list.replacing(/\.product\([^)]*\)/, with: "").matches(of: /"(\w+)"/).map { String($0.output.1) }
      return Target(name: String(match.output.2), path: own, uses: plain + products)
    }
  }

  /// The drawing is the first block between fences: lines `floor  room  Target Target   A → B, C`.
  private static func read(_ drawing: String) -> ([String: Int], Set<[String]>) {
    var floors: [String: Int] = [:]
    var sideways: Set<[String]> = []
    let fences = drawing.split(separator: "```", omittingEmptySubsequences: false)
    guard fences.count > 2 else { return (floors, sideways) }
    for line in fences[1].split(separator: "\n") {
      guard let number = line.firstMatch(of: /^\s*(\d)\s/).flatMap({ Int($0.output.1) }) else { continue }
      for arrow in line.matches(of: /(\w+) → ((?:\w+, )*\w+)/) {
        for target in arrow.output.2.split(separator: ", ") { sideways.insert([String(arrow.output.1), String(target)]) }
      }
      for word in line.replacing(/\w+ → (?:\w+, )*\w+/, with: "").matches(of: /\b[A-Z]\w+|\bregulars\b/.wordBoundaryKind(.simple)) {
        floors[String(word.output)] = number
      }
    }
    return (floors, sideways)
  }

  /// Targets that the drawing does not show, or that use what stands beside or above them.
  func findings() -> [Finding] {
    targets.flatMap { target -> [Finding] in
      guard let floor = floors[target.name] else { return [finding("\(target.name) is not in the drawing of ARCHITECTURE.md")] }
      return target.uses.compactMap { used in
        guard targets.contains(where: { $0.name == used }) else { return nil }
        guard let below = floors[used] else { return nil }
        if below < floor || sideways.contains([target.name, used]) { return nil }
        return finding("\(target.name) (floor \(floor)) uses \(used) (floor \(below)), which the drawing does not allow")
      }
    } + ghosts()
  }

  /// Names in the drawing that are no targets.
  private func ghosts() -> [Finding] {
    floors.keys.sorted().filter { name in !targets.contains { $0.name == name } }.map {
      finding("the drawing shows \($0), which is no target")
    }
  }

  private func finding(_ text: String) -> Finding { Finding(path: "Package.swift", line: 1, text: text) }

  /// What a floor may import besides its own dependencies. Ground and engines run where there is no system below them.
  static func system(_ floor: Int) -> Set<String> {
    switch floor {
    case 0, 1: []
    case 2, 3: ["FoundationEssentials", "Synchronization"]
    default: ["Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin", "GRDBSQLite"]
    }
  }

  /// Modules that one target may import besides, each with its reason.
  static let exceptions: [String: (modules: Set<String>, because: String)] = [
    "Storage": (["Glibc", "Musl", "Darwin"], "drivers' threads block by design, and the lock they wait at is the system's"),
    "Insight": (
      ["Foundation", "Glibc", "Musl", "Darwin"],
      "columns are files mapped into memory, and the threads that walk over them yield to those of the tills"
    ),
  ]

  /// Imports that the file's target has not declared or its floor does not allow.
  func imports(_ file: SwiftText) -> [Finding] {
    guard let target = targets.first(where: { file.path.hasPrefix($0.path + "/") }), let floor = floors[target.name] else {
      return []
    }
    let allowed = Self.system(floor).union(target.uses).union(Self.exceptions[target.name]?.modules ?? [])
    return file.code.enumerated().filter { $0.element.contains("import") }.compactMap { index, line in
      guard
        let match = line.firstMatch(
          of:
            /^\s*(?:@\w+(?:\([^)]*\))?\s+|public |internal |private )*import\s+(?:(?:struct|enum|class|protocol|func|var|let|typealias)\s+)?(\w+)/
        )
      else { return nil }
      let module = String(match.output.1)
      return allowed.contains(module)
        ? nil : Finding(path: file.path, line: index + 1, text: "\(target.name) on floor \(floor) may not import \(module)")
    }
  }
}
