import ArgumentParser
import Foundation
import Insight
import Kernel
import Loyalty
import Storage

/// The cube: columns of what was sold, for pivots, segments and reports.
struct CubeVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cube", abstract: "The columns that analysis reads: make them anew, or see how they stand.",
    subcommands: [CubeRebuild.self, CubeState.self])
}

struct CubeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String
}

struct CubeRebuild: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rebuild", abstract: "Make the cube of a programme anew from the database.",
    discussion: """
      Tills and a server go on meanwhile; a server opens the new cube by itself. Stopped at any moment, the old cube stays. A server makes it \
      by itself after an import of past receipts, after a restore, and where files were lost.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CubeOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      let folder = desk.config.cubeFolder(of: programme)
      let progress = desk.progress("reading receipts", unit: "lines", total: nil)
      let began = Date()
      let (stop, meter) = (desk.stop, progress)
      let made = try await CubeMaking(of: CubeScope(programme), on: wiring.database, zones: wiring.zoneNamed, in: folder).make(
        at: desk.world.now(), progress: { meter.reached($0) }, isStopping: { stop.isAsked })
      progress.finish()
      guard let made else {
        desk.console.line("stopped; the cube is as it was")
        throw ExitCode(Ending.trouble.rawValue)
      }
      let seconds = max(0.001, Date().timeIntervalSince(began))
      try answer(
        "\(made.documents) sales and returns, \(made.lines) lines in \(made.rolls.count) files, \(Int(Double(made.lines) / seconds)) lines/s"
      )
    }
  }
}

struct CubeState: Verb {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How large the cube of a programme is, how old, and whether its files are whole.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CubeOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let programme = try await wiring.programme(of.programme, of: wiring.account(of.account).id)
      let folder = desk.config.cubeFolder(of: programme)
      let began = Date()
      let keeper = CubeKeeper(of: CubeScope(programme), on: wiring.database, zones: wiring.zoneNamed, in: folder)
      guard let cube = try await keeper.catchUp(), let contents = await keeper.contents else { throw CubeFailure.none(folder.path) }
      let (opened, isStale) = (Date().timeIntervalSince(began), await keeper.isStale)
      try folder.verify()
      try answer(
        aligned([
          ["folder", folder.path], ["made", "\(contents.madeAt)"], ["lines", "\(cube.lines)"],
          [
            "size",
            "\(cube.size / 1_048_576) MiB, \(Decimal.text(Int64(cube.size * 10 / max(1, cube.lines)), digits: 1)) bytes a line",
          ],
          ["late receipts", "\(cube.tail?.receipts ?? 0)"], ["opened in", "\(Int(opened * 1_000)) ms"],
          ["checksums", "as written"],
          [
            "to be made anew",
            isStale ? "yes: past receipts were taken in, or units of goods changed; a server does it by itself" : "no",
          ],
        ]))
    }
  }
}
