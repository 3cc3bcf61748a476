import ArgumentParser
import Kernel

/// The version that `--version` and `doctor` name; `CHANGELOG.md` says what is in it.
enum Version {
  static let text = "0.1.0"
}

struct Doctor: Verb {
  static let configuration = CommandConfiguration(
    abstract: "Examine the installation: settings, database, disk, clock, time zones.",
    discussion: "Ends with 1 when something needs a remedy, and names it.")

  @OptionGroup var shared: SharedOptions
  @Flag(help: "Answer in JSON.") var json = false

  func run(at desk: Desk) async throws {
    let findings = MachineChecks.all(desk.config, desk.world) + (await DatabaseChecks.all(desk))
    let diagnosis = Diagnosis(version: Version.text, settings: desk.config.entries, findings: findings)
    try answer(json ? diagnosis.json.pretty : diagnosis.text)
    if diagnosis.ending != .done { throw ExitCode(diagnosis.ending.rawValue) }
  }
}
