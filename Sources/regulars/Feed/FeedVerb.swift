import ArgumentParser
import Foundation
import Insight
import Kernel
import Loyalty
import Storage

/// Files and views for a retailer's own warehouse.
struct FeedVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feed",
    abstract: "Files for a warehouse of your own: everything once, then what has changed; and views in the database.",
    subcommands: [FeedDeliver.self, FeedState.self, FeedShape.self, FeedViewsVerb.self])
}

struct FeedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String
  @Option(help: ArgumentHelp("Where its files lie; a folder of its own for each programme.", valueName: "path")) var folder: String

  func feed(_ wiring: Wiring) async throws -> Feed {
    let programme = try await wiring.programme(programme, of: wiring.account(account).id)
    return Feed(
      of: programme, account: account, on: wiring.database, zones: wiring.zoneNamed, in: FeedFolder(folder))
  }
}

struct FeedDeliver: Verb {
  static let configuration = CommandConfiguration(
    commandName: "deliver",
    abstract: "Write the next delivery: everything the first time, and then what has changed since the last.",
    discussion: """
      Run it from a timer, each night or every few minutes. A delivery is a folder that appears whole or not at all; docs/formats/feed.md \
      tells what is in it. Where what was missed can only be had whole – after 35 days without a run, after a restore – it is written whole.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: FeedOptions
  @Flag(help: "Everything, also where changes would do.") var whole = false
  @Option(
    help: ArgumentHelp("Days that deliveries stay which a later whole one made needless, 1 to 3,650.", valueName: "days"))
  var keep = 30

  func validate() throws {
    guard (1...3_650).contains(keep) else { throw ValidationError("--keep takes 1 to 3,650 days") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let feed = try await of.feed(wiring)
      let progress = desk.progress("writing the feed", unit: "rows", total: nil)
      let began = Date()
      let (stop, meter) = (desk.stop, progress)
      let made = try await feed.deliver(
        whole: whole, keeping: .days(Int64(keep)), at: desk.world.now(), progress: { meter.reached($0) },
        isStopping: { stop.isAsked })
      progress.finish()
      if made == nil { try stop.check() }
      guard let made else { return try answer("nothing happened since the last delivery") }
      let seconds = max(0.001, Date().timeIntervalSince(began))
      let kind = made.delivery.isWhole ? "everything" : "changes"
      try answer(
        "delivery \(made.delivery.number), \(kind): \(made.rows) rows through event \(made.position.position), "
          + "\(Int(Double(made.rows) / seconds)) rows/s"
          + (made.waiting > 0 ? "; \(made.waiting) events wait for the next" : "")
          + (made.forgotten > 0 ? "; \(made.forgotten) old deliveries removed" : ""))
    }
  }
}

struct FeedState: Verb {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How far the feed in a folder has come, and what has happened since.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: FeedOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let feed = try await of.feed(wiring)
      guard let state = try feed.state() else {
        return try answer("no delivery yet; `regulars feed deliver` writes the first")
      }
      let waiting = try await feed.waiting(after: state)
      try answer(
        aligned([
          ["last delivery", "\(state.number)"], ["at", state.at.text], ["begin with", "\(state.whole)"],
          ["events since", waiting.map { "\($0)" } ?? "the database was restored; the next delivery is a whole one"],
        ]))
    }
  }
}

struct FeedShape: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the tables of the feed with their keys and columns, as schema.json beside the files has them.")

  func run() async throws { try answer(FeedForm.json.compact) }
}

struct FeedViewsVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "views", abstract: "Make views in the database for whoever asks it in SQL, or remove them.",
    discussion: """
      docs/administrator/warehouse.md tells what they hold and how a user of PostgreSQL may read them and nothing else. `regulars migrate` \
      makes those that stand anew; rights to them stay.
      """)

  @OptionGroup var shared: SharedOptions
  @Flag(help: "Remove them.") var drop = false

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      if drop {
        try answer(try await FeedViews.drop(in: wiring.database) != nil ? "the views are gone" : "there were no views")
      } else {
        try await FeedViews.make(in: wiring.database)
        try answer("made: " + FeedViewsSQL.names(wiring.database.dialect).sorted().joined(separator: ", "))
      }
    }
  }
}
