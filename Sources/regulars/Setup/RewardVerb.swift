import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// Points without a purchase: what they came to, and an action told by hand.
struct RewardVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rewards", abstract: "Points without a purchase: list actions, show what one gave, tell of one, list referrals.",
    discussion: "What is rewarded stands in the programme's settings, under `giving`: `regulars programme save` changes it.",
    subcommands: [RewardListing.self, RewardShow.self, RewardTell.self, RewardReferrals.self])
}

struct RewardOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String

  func open(_ wiring: Wiring) async throws -> Programme { try await wiring.programme(programme, of: wiring.account(account).id) }
}

struct RewardListing: Verb {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The actions, and what each gave.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: RewardOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let programme = try await of.open(wiring)
      let (gifts, amounts) = (ActionGifts(of: programme, ids: wiring.ids), AmountForm(programme.settings.terms))
      let (totals, today) = (try await wiring.database.read { tx in try gifts.totals(in: &tx) }, gifts.today(wiring.world.now()))
      return programme.settings.giving.actions.map { action in
        let figures = totals[action.code] ?? ActionFigures()
        let state = !action.isActive ? "stopped" : action.lasts(on: today) ? "running" : "not now"
        return [
          action.code, action.kind.rawValue, action.pace.rawValue, "\(amounts.text(action.points)) points", state,
          "\(figures.members) members", "\(amounts.text(figures.points)) given",
          action.budget.map { "of \(amounts.text($0))" } ?? "no budget",
        ]
      }
    }
    try answer(rows.isEmpty ? "no actions; they stand in the programme's settings under giving.actions" : aligned(rows))
  }
}

struct RewardShow: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "What an action gave, day by day, in the last so many days.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: RewardOptions
  @Argument(help: "The action's code.") var code: String
  @Option(help: ArgumentHelp("How many days, 366 at most.", valueName: "number")) var days: Int = 30

  func run(at desk: Desk) async throws {
    guard (1...366).contains(days) else { throw ValidationError("--days is 1 to 366") }
    let rows = try await desk.withWiring { [code, days] wiring in
      let programme = try await of.open(wiring)
      guard programme.settings.giving.action(code) != nil else {
        throw ValidationError("the programme rewards no action \"\(code)\"; `regulars rewards list` names those that are there")
      }
      let (gifts, amounts) = (ActionGifts(of: programme, ids: wiring.ids), AmountForm(programme.settings.terms))
      let today = gifts.today(wiring.world.now())
      return try await wiring.database.read { tx in
        try gifts.days(of: code, today.adding(days: 1 - days)...today, in: &tx).map {
          ["\($0.day)", "\($0.gifts) gifts", "\(amounts.text($0.points)) points"]
        }
      }
    }
    try answer(rows.isEmpty ? "nothing was given in these days" : aligned(rows))
  }
}

struct RewardTell: Verb {
  static let configuration = CommandConfiguration(
    commandName: "tell", abstract: "Tell that a member did something that is rewarded.",
    discussion: "The same subject is rewarded once, whoever tells of it and however often.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: RewardOptions
  @Argument(help: "The action's code.") var code: String
  @Option(help: ArgumentHelp("The member, mem_….", valueName: "member")) var member: String
  @Option(help: ArgumentHelp("What was done, as you call it: it is rewarded once.", valueName: "text")) var subject: String

  func run(at desk: Desk) async throws {
    guard let id = MemberID(member) else { throw ValidationError("a member is named mem_ and 13 characters") }
    guard (1...Limits.name).contains(subject.utf8.count) else { throw ValidationError("--subject has 1 to \(Limits.name) bytes") }
    try await desk.withWiring { [code, subject] wiring in
      let (programme, change) = (try await of.open(wiring), wiring.change)
      let amounts = AmountForm(programme.settings.terms)
      let key = RequestKey("rewards " + fingerprint(of: "\(id) \(code) \(subject)"))
      let told = try await wiring.database.write(.bulk) { tx in
        try ActionGifts(of: programme, ids: wiring.ids)
          .tell(code, of: id, subject: subject, request: (key, 0), by: change, in: &tx)
      }
      switch told {
      case .given(let gift): try answer("\(gift.id): \(amounts.text(gift.points)) points")
      case .nothing(let reason): try answer("nothing, \(reason.rawValue): \(reason.sentence.en)")
      }
    }
  }
}

struct RewardReferrals: Verb {
  static let configuration = CommandConfiguration(
    commandName: "referrals", abstract: "Who brought whom, the latest newcomers first, \(Limits.page) at most.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: RewardOptions
  @Option(help: ArgumentHelp("Go on behind this newcomer.", valueName: "member")) var before: String?

  func run(at desk: Desk) async throws {
    let last = before.flatMap { MemberID($0) }
    guard before == nil || last != nil else { throw ValidationError("a member is named mem_ and 13 characters") }
    let rows = try await desk.withWiring { wiring in
      let programme = try await of.open(wiring)
      let (referrals, amounts) = (Referrals(of: programme, ids: wiring.ids), AmountForm(programme.settings.terms))
      return try await wiring.database.read { tx in
        try referrals.lines(before: last, limit: Limits.page, in: &tx).map { line in
          let one = line.referral
          return [
            "\(one.newcomer)", "by \(one.referrer)", one.state.rawValue, one.reason?.rawValue ?? "",
            "\(line.days) days with a purchase", amounts.text(line.paid),
            "\(amounts.text(one.referrerPoints + one.newcomerPoints)) points",
          ]
        }
      }
    }
    try answer(rows.isEmpty ? "nobody was brought yet" : aligned(rows))
  }
}
