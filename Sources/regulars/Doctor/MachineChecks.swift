import Kernel

/// Examinations of the machine that need no database.
enum MachineChecks {
  static func all(_ config: Config, _ world: World) -> [Finding] {
    [settingsFile(config), environment(config), zones(world.zones), clock(world.now())]
      + [("database disk", databaseFolder(config)), ("backup disk", existing(config.backups.path))]
      .map { disk($0.0, $0.1, reserve: config.diskReserve) }
      + (databaseFile(config).map { [$0] } ?? [])
  }

  static func settingsFile(_ config: Config) -> Finding {
    let subject = "configuration"
    guard let path = config.file else { return .fine(subject, "no file; environment and defaults hold") }
    let holdsSecret = config.entries.contains { entry in
      if case .file = entry.source { return entry.value.contains("***") }
      return false
    }
    if holdsSecret, FileFacts(path)?.isReadableByOthers == true {
      return .trouble(subject, "\(path) holds a password and everybody may read it", remedy: "chmod 600 \(path)")
    }
    return .fine(subject, path)
  }

  static func environment(_ config: Config) -> Finding {
    guard let strange = config.strangeVariables.first else { return .fine("environment", "no unknown variables") }
    let known = config.entries.map { ConfigEntry.variable(for: $0.key) }
    let hint = nearest(to: strange, among: known).map { "did you mean \($0)?" } ?? "known are \(known.joined(separator: ", "))"
    return .warning("environment", "\(config.strangeVariables.joined(separator: ", ")) mean nothing to this program", remedy: hint)
  }

  /// A zone with a long history and one that still changes its clocks: together they read every part of the files.
  static func zones(_ book: ZoneBook) -> Finding {
    do throws(Problem) {
      for name in ["Europe/Moscow", "America/New_York"] { _ = try book.zone(named: name) }
      return .fine("time zones", book.folder)
    } catch {
      return .trouble("time zones", error.detail, remedy: "install the package tzdata or set zones.folder")
    }
  }

  /// A clock before the day this program was written is wrong; one that nobody keeps is likely to be.
  static func clock(_ now: Instant) -> Finding {
    let written = Instant(seconds: 1_795_000_000)
    guard now > written else {
      return .trouble(
        "clock", "the machine thinks it is \(now.text)", remedy: "set the clock: points expire and receipts are dated by it")
    }
    // systemd's time service makes this file once it has heard from a server; with another service the folder is missing.
    let service = "/run/systemd/timesync"
    if FileFacts(service) != nil, FileFacts(service + "/synchronized") == nil {
      return .warning("clock", "\(now.text), not synchronised", remedy: "see `timedatectl status`: no time server has answered yet")
    }
    return .fine("clock", now.text)
  }

  static func disk(_ subject: String, _ path: String, reserve: Int) -> Finding {
    guard let free = freeMebibytes(at: path) else {
      return .trouble(subject, "\(path) is not there", remedy: "make the folder or mount its disk")
    }
    guard free >= reserve else {
      return .trouble(
        subject, "\(free) MiB free at \(path), \(reserve) should stay free",
        remedy: "free some space, or lower disk.reserve if that is enough")
    }
    return .fine(subject, "\(free) MiB free at \(path)")
  }

  static func databaseFile(_ config: Config) -> Finding? {
    guard case .sqlite(let path) = config.database else { return nil }
    let subject = "database file"
    let parent = folder(of: path)
    guard mayWrite(parent) else {
      return .trouble(
        subject, "the folder \(parent) cannot be written", remedy: "SQLite keeps its log beside the file: chown or chmod \(parent)")
    }
    guard let facts = FileFacts(path) else { return nil }
    guard !facts.isFolder, mayRead(path), mayWrite(path) else {
      return .trouble(subject, "\(path) cannot be read and written", remedy: "run as the user who owns it, or chown \(path)")
    }
    if facts.isReadableByOthers {
      return .warning(subject, "\(path) holds people's data and everybody may read it", remedy: "chmod 600 \(path)")
    }
    return .fine(subject, path)
  }

  private static func databaseFolder(_ config: Config) -> String {
    guard case .sqlite(let path) = config.database else { return "." }
    return folder(of: path)
  }

  /// The path itself or the nearest folder above it that is there.
  private static func existing(_ path: String) -> String {
    var path = path
    while FileFacts(path) == nil, path != ".", path != "/" { path = folder(of: path) }
    return path
  }
}
