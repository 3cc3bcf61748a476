import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// Who pays for promotions: payers, contracts and acts.
struct FundingVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "funding", abstract: "Who pays for promotions: payers, their contracts, and acts of what each owes.",
    subcommands: [FundingListing.self, FundingContractVerb.self, FundingPreview.self, FundingIssue.self, FundingShow.self])
}

struct FundingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String

  func open(_ wiring: Wiring) async throws -> (office: FundingOffice, amounts: AmountForm) {
    let found = try await wiring.programme(programme, of: wiring.account(account).id)
    return (FundingOffice(of: found), AmountForm(found.settings.terms))
  }
}

/// A payer as rules name one.
struct PayerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("supplier or partner, as rules have it.", valueName: "kind")) var payer: String = "supplier"
  @Option(help: ArgumentHelp("The payer's code in the rules.", valueName: "code")) var code: String = ""
  @Option(help: ArgumentHelp("The contract's number in the rules.", valueName: "number")) var contract: String = ""

  func key() throws -> FundingKey {
    guard let kind = Funding.Payer(rawValue: payer), kind != .retailer else {
      throw ValidationError("--payer is supplier or partner")
    }
    return FundingKey(payer: kind, code: code, contract: contract)
  }

  func known(_ office: FundingOffice, in tx: inout Transaction) throws -> FundingContract {
    guard let contract = try office.contract(key(), in: &tx) else {
      throw Problem(
        .notFound, "funding_contract_unknown",
        "nobody described this payer; `regulars funding contract` does, `list` shows whom rules name")
    }
    return contract
  }
}

struct FundingListing: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Whom rules name as payers, who they are, and the last act of each.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: FundingOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let open = try await of.open(wiring)
      return try await wiring.database.read { tx in
        try open.office.parties(in: &tx).map { party in
          let act = party.last.map { "act \($0.number) through \($0.days.upperBound): \(open.amounts.text($0.amount))" }
          return [
            party.key.payer.rawValue, party.key.code, party.key.contract, party.contract?.details.name ?? "not described",
            act ?? "no act yet",
          ]
        }
      }
    }
    try answer(rows.isEmpty ? "no receipt yet has a promotion that somebody else pays for" : aligned(rows))
  }
}

struct FundingContractVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "contract", abstract: "Say who a payer is: the name and tax number for the act, and a cap.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: FundingOptions
  @OptionGroup var who: PayerOptions
  @Option(help: ArgumentHelp("As the act shows it.", valueName: "text")) var name: String
  @Option(help: ArgumentHelp("The tax number.", valueName: "number")) var taxNumber: String = ""
  @Option(help: ArgumentHelp("The most that all acts come to; beyond it the retailer pays.", valueName: "amount")) var cap: String?
  @Option(help: ArgumentHelp("Which of our legal entities issues acts; the only one, where there is one.", valueName: "code"))
  var issuer: String?

  func run(at desk: Desk) async throws {
    let key = try who.key()
    try await desk.withWiring { wiring in
      let (open, change) = (try await of.open(wiring), wiring.change)
      let most = try cap.map { text in
        guard let amount = Decimal.parse(text, digits: open.amounts.currency.digits) else {
          throw ValidationError("--cap is an amount such as 1500000.00")
        }
        return Money(minor: amount)
      }
      let details = FundingDetails(name: name, taxNumber: taxNumber, cap: most, issuer: issuer)
      let id = try await wiring.database.write(.bulk) { tx in try open.office.save(key, details, by: change, in: &tx) }
      try answer("\(id): \(name)")
    }
  }
}

struct FundingDays: ParsableArguments {
  @Option(help: ArgumentHelp("The first day: behind the last act, where there is one.", valueName: "date")) var from: String
  @Option(help: ArgumentHelp("The last day.", valueName: "date")) var to: String

  func days() throws -> ClosedRange<CivilDay> {
    guard let first = CivilDay(from), let last = CivilDay(to), first <= last else {
      throw ValidationError("--from and --to are days such as 2026-11-01, the first not after the second")
    }
    return first...last
  }
}

struct FundingPreview: Verb {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "What an act over some days would say as things stand. Changes nothing.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: FundingOptions
  @OptionGroup var who: PayerOptions
  @OptionGroup var span: FundingDays

  func run(at desk: Desk) async throws {
    let days = try span.days()
    try await desk.withWiring { wiring in
      let open = try await of.open(wiring)
      let act = try await wiring.database.read { tx in try open.office.preview(of: who.known(open.office, in: &tx), days, in: &tx) }
      try answer(act.text(open.amounts))
    }
  }
}

struct FundingIssue: Verb {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: "Issue an act: it gets a number and never changes. Sent again it is the act that was issued.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: FundingOptions
  @OptionGroup var who: PayerOptions
  @OptionGroup var span: FundingDays

  func run(at desk: Desk) async throws {
    let days = try span.days()
    try await desk.withWiring { wiring in
      let (open, change) = (try await of.open(wiring), wiring.change)
      let head = try await wiring.database.write(.bulk) { tx in
        try open.office.issue(who.known(open.office, in: &tx).id, days, seen: nil, by: change, in: &tx)
      }
      try answer("act \(head.number): \(open.amounts.text(head.amount))")
    }
  }
}

struct FundingShow: Verb {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "An act as it was issued.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: FundingOptions
  @OptionGroup var who: PayerOptions
  @Argument(help: "The number of the act.") var number: Int64

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let open = try await of.open(wiring)
      let act = try await wiring.database.read { tx in
        try open.office.act(number, of: who.known(open.office, in: &tx).id, in: &tx).act
      }
      try answer(act.text(open.amounts))
    }
  }
}

extension FundingAct {
  /// For the terminal: a line for each promotion, correction and sum.
  func text(_ amounts: AmountForm) -> String {
    let lines = lines.map { line in
      [
        line.isReturned ? "returned" : "given", line.code, "\(line.receipts) receipts", amounts.text(line.discount),
        "\(amounts.text(line.points)) points", amounts.text(line.worth), "\(line.share.percentText) %", amounts.text(line.amount),
      ]
    }
    func sum(_ name: String, _ amount: Money) -> [String] { [name] + Array(repeating: "", count: 6) + [amounts.text(amount)] }
    let corrections = corrections.map { sum("correction of \($0.days.lowerBound) – \($0.days.upperBound)", $0.amount) }
    let beyond = beyond == .zero ? [] : [sum("beyond the cap", .zero - beyond)]
    return aligned(lines + corrections + beyond + [sum("total", amount)])
  }
}
