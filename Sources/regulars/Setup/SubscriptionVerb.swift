import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// Subscriptions: the plans, who has them, and what they came to month by month.
struct SubscriptionVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subscriptions",
    abstract: "Subscriptions that give a tier: list who has them, begin a trial, report what they came to.",
    discussion: "Plans stand in the programme's settings, under `subscriptions`: `regulars programme save` changes them.",
    subcommands: [SubscriptionListing.self, SubscriptionTrying.self, SubscriptionReporting.self])
}

struct SubscriptionListing: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The latest subscriptions, each with its member, its days and how often it was prolonged.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: RewardOptions
  @Option(help: ArgumentHelp("Only of this plan.", valueName: "code")) var plan: String?
  @Option(help: ArgumentHelp("How many at most, up to 1000.", valueName: "number")) var limit: Int = 50

  func run(at desk: Desk) async throws {
    guard (1...1_000).contains(limit) else { throw ValidationError("--limit is 1 to 1000") }
    let rows = try await desk.withWiring { [plan, limit] wiring in
      let programme = try await of.open(wiring)
      if let plan, !programme.settings.subscriptions.contains(where: { $0.code == plan }) {
        throw ValidationError("the programme has no subscription \"\(plan)\"")
      }
      let (subscriptions, zone) = (Subscriptions(of: programme, ids: wiring.ids), programme.settings.points.zone)
      var (found, before): ([Subscription], SubscriptionID?) = ([], nil)
      while found.count < limit {
        let last = before
        let page = try await wiring.database.read { tx in
          try subscriptions.page(before: last, limit: Limits.page, in: &tx)
        }
        found += page.filter { plan == nil || $0.plan == plan }
        guard page.count == Limits.page, let end = page.last else { break }
        before = end.id
      }
      return found.prefix(limit).map { one in
        [
          "\(one.member)", one.plan, one.state.rawValue, "since \(zone.civil(at: one.since).day)",
          "through \(one.lastDay(in: zone))", "prolonged \(one.renewals)",
        ]
      }
    }
    try answer(rows.isEmpty ? "no subscriptions" : aligned(rows))
  }
}

struct SubscriptionTrying: Verb {
  static let configuration = CommandConfiguration(
    commandName: "trial", abstract: "Let a member try a subscription out, once in their life.",
    discussion: "The same command again is the same trial. Who had the subscription already is refused.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: MembersOptions
  @Argument(help: "The member: an id, a telephone, a card, a code.") var member: String
  @Option(help: ArgumentHelp("The plan.", valueName: "code")) var plan: String
  @Option(help: ArgumentHelp("Why, for the audit trail.", valueName: "text")) var reason: String

  func run(at desk: Desk) async throws {
    let text = try await desk.withWiring { [member, plan, reason] wiring in
      let (programme, change, ids) = (try await of.programme(wiring), wiring.change, wiring.ids)
      let subscriptions = Subscriptions(of: programme, ids: ids)
      let zone = programme.settings.points.zone
      return try await wiring.database.write(.bulk) { tx -> String in
        let id = try programme.member(member, in: &tx)
        let key = RequestKey("trial " + fingerprint(of: "\(id) \(plan) \(reason)"))
        try subscriptions.act(
          .trial, plan, of: id, because: reason, request: key, wallets: Wallets(of: programme, ids: ids), by: change, in: &tx)
        // Of whoever stands for the member now.
        let holder = try programme.members.profile(id, at: change.at, in: &tx).member.id
        guard let one = try subscriptions.all(of: holder, in: &tx).first(where: { $0.plan == plan }) else {
          return "nothing: the trial was taken back since"
        }
        return "\(one.member) \(plan): \(one.state.rawValue), through \(one.lastDay(in: zone))"
      }
    }
    try answer(text)
  }
}

struct SubscriptionReporting: Verb {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Month by month: subscribers, started, prolonged, ended, cancelled, revenue and what they saved.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: RewardOptions
  @Option(help: ArgumentHelp("How many months, 36 at most.", valueName: "number")) var months: Int = 12

  func run(at desk: Desk) async throws {
    guard (1...Subscriptions.mostMonths).contains(months) else {
      throw ValidationError("--months is 1 to \(Subscriptions.mostMonths)")
    }
    let rows = try await desk.withWiring { [months] wiring in
      let programme = try await of.open(wiring)
      let (subscriptions, amounts) = (Subscriptions(of: programme, ids: wiring.ids), AmountForm(programme.settings.terms))
      let day = programme.settings.points.zone.civil(at: wiring.world.now()).day
      let report = try await wiring.database.read { tx in try subscriptions.report(through: day, months: months, in: &tx) }
      return programme.settings.subscriptions.flatMap { plan in
        report.of(plan.code).map { month -> [String] in
          let (year, number, _) = month.month.parts
          return [
            plan.code, number < 10 ? "\(year)-0\(number)" : "\(year)-\(number)", "\(month.active) active",
            "\(month.started) started",
            "\(month.renewed) prolonged", "\(month.ended) ended", "\(month.cancelled) cancelled",
            "\(amounts.text(month.revenue)) paid", "\(amounts.text(month.saved)) saved",
          ]
        }
      }
    }
    try answer(rows.isEmpty ? "no subscriptions; they stand in the programme's settings under subscriptions" : aligned(rows))
  }
}
