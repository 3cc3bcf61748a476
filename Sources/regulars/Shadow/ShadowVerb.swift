import ArgumentParser
import Calculator
import Kernel

struct ShadowVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "shadow", abstract: "Compare the answers of another system, as it logged them, with ours.",
    discussion: """
      The log holds a receipt a line, as docs/formats/shadow.md describes it; docs/integrator/shadow.md tells how to record one and how to \
      read the report. Needs no database. Ends with 1 when anything differs or cannot be read.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var form: AnswerOptions
  @Option(help: ArgumentHelp("The log; - for the standard input.", valueName: "file")) var log: String
  @Option(help: ArgumentHelp("The rules of the programme.", valueName: "file")) var rules: String
  @Option(
    help: ArgumentHelp("Codes of the products that there are, one a line; without it every code is known.", valueName: "file"))
  var names: String?
  @Option(help: "Compare no more than so many lines.") var limit: Int?
  @Option(
    help: ArgumentHelp("rules: as they say; auto: by the profile that most of the first receipts agree with.", valueName: "way"))
  var rounding = "rules"
  @Option(help: "How many receipts are shown line by line.") var examples = 8
  @Option(help: ArgumentHelp("Write the report to a .md or .html file as well.", valueName: "file")) var report: String?
  @Option(help: ArgumentHelp("Write the rules with the proposed rounding profile.", valueName: "file")) var writeRules: String?

  func validate() throws {
    guard ShadowRun.Rounding(rawValue: rounding) != nil else { throw ValidationError("--rounding is rules or auto") }
    guard limit.map({ $0 > 0 }) ?? true else { throw ValidationError("--limit is above 0") }
    guard (0...Limits.shadowExamples).contains(examples) else {
      throw ValidationError("--examples is from 0 to \(Limits.shadowExamples)")
    }
    if let report, !report.hasSuffix(".md"), !report.hasSuffix(".html") { throw ValidationError("--report ends in .md or .html") }
  }

  func run(at desk: Desk) async throws {
    let rules = try SetupFile(rules)
    let products = try names.map { path in try Self.codes(path) }
    let zones = desk.world.zones
    let reader = try await rules.named { try ShadowReader(rules: rules.json, products: products, zones: zones) }
    let run = ShadowRun(reader, rounding: ShadowRun.Rounding(rawValue: rounding) ?? .rules, examples: examples)
    try compare(run, desk)
    let found = run.report
    let text = ShadowText(reader.rules.terms, form.chosen)
    let page = text.page(found)
    if let report {
      try Self.write(report.hasSuffix(".md") ? page.markdown : page.html(language: form.chosen.rawValue), to: report)
    }
    if let writeRules, let proposal = run.proposal { try Self.write(proposal.pretty + "\n", to: writeRules) }
    try answer(form.json ? text.json(found).pretty : page.terminal)
    if found.isStopped { throw ExitCode(Ending.stopped.rawValue) }
    if !found.isClean { throw ExitCode(Ending.trouble.rawValue) }
  }

  private func compare(_ run: ShadowRun, _ desk: Desk) throws {
    var file = try LineFile(log)
    let progress = desk.progress("comparing", unit: "receipts", total: limit)
    defer { progress.finish() }
    var done = 0
    while limit.map({ done < $0 }) ?? true, let bytes = try file.next(atMost: Limits.shadowLine) {
      run.take(bytes, line: file.line)
      done += 1
      if done % 200 == 0 { progress.reached(done) }
      if desk.stop.isAsked { return run.finish(isStopped: true) }
    }
    progress.reached(done)
    run.finish()
  }

  private static func codes(_ path: String) throws -> Set<String> {
    var file = try LineFile(path)
    var codes: Set<String> = []
    while let bytes = try file.next(atMost: Limits.code) {
      guard codes.count < Limits.products else {
        throw Problem(.invalid, "too_many_names", "\(path): at most \(Limits.products) codes are taken")
      }
      codes.insert(String(decoding: bytes, as: UTF8.self))
    }
    return codes
  }

  private static func write(_ text: String, to path: String) throws { try writeFile(text, to: path) }
}
