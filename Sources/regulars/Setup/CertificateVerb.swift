import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage

/// Certificates: series, batches of codes, single ones, and what is owed.
struct CertificateVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certificate", abstract: "Series of certificates, their codes, what is on one, and what is owed on all.",
    subcommands: [
      CertificateSave.self, CertificateListing.self, CertificateIssue.self, CertificateExport.self, CertificateShow.self,
      CertificateVoid.self, CertificateLiabilityVerb.self,
    ])
}

struct CertificateOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String

  func open(_ wiring: Wiring, _ desk: Desk) async throws -> (certificates: Certificates, programme: Programme, amounts: AmountForm)
  {
    let found = try await wiring.programme(programme, of: wiring.account(account).id)
    let amounts = AmountForm(found.settings.terms)
    return (Certificates(of: found, ids: wiring.ids, keys: wiring.keyRing(desk.config)), found, amounts)
  }
}

struct CertificateSave: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Make a series of certificates or change it.",
    discussion: """
      The file holds the series as docs/formats/certificates.md describes it. What is printed on cards – the worth, how one is used, \
      whether it has a PIN – cannot be changed later.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CertificateOptions
  @Argument(help: "The series' code.") var code: String
  @Option(help: ArgumentHelp("The series.", valueName: "file")) var file: String

  func run(at desk: Desk) async throws {
    let text = try SetupFile(file)
    try await desk.withWiring { wiring in
      let (open, change) = (try await of.open(wiring, desk), wiring.change)
      let names = try await wiring.database.read { tx in
        let catalogue = try CatalogueIndex(of: open.programme.account).refreshed(in: &tx)
        return try AccountNames(of: open.programme, catalogue: catalogue, in: &tx)
      }
      let saved = try await text.named {
        let issues = IssueList()
        var reader = RuleReader(names: names, amounts: open.amounts)
        let details = CertificateSeriesDetails(code: code, JSONNode(text.json, issues: issues), &reader)
        try issues.check("the series of certificates")
        return try await wiring.database.write(.bulk) { tx in
          try open.certificates.save([details].compactMap { $0 }, by: change, in: &tx)
        }
      }
      try answer("series \(code): \(saved.made > 0 ? "made" : saved.changed > 0 ? "changed" : "nothing changed")")
    }
  }
}

struct CertificateListing: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The latest series, \(Limits.page) at most: codes made, certificates out, money owed.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CertificateOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let open = try await of.open(wiring, desk)
      return try await wiring.database.read { tx in
        let all = try open.certificates.all(limit: Limits.page, in: &tx)
        let totals = try open.certificates.totals(of: all.map(\.id), in: &tx)
        return all.map { series in
          let total = totals[series.id] ?? CertificateTotals()
          return [
            series.details.code, series.details.use.rawValue, series.details.isClosed ? "closed" : "on sale", "\(total.made) codes",
            "\(total.open) out", "\(open.amounts.text(total.owed)) owed",
          ]
        }
      }
    }
    try answer(rows.isEmpty ? "no series of certificates; `regulars certificate save` makes one" : aligned(rows))
  }
}

struct CertificateIssue: Verb {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: "Order codes of a series and make them; they are worth nothing until a till sells one.",
    discussion: """
      Sent again under the same --key, nothing more is ordered, and a batch that was interrupted is finished. The codes come out with \
      `regulars certificate export`.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CertificateOptions
  @Argument(help: "The series' code.") var code: String
  @Option(help: ArgumentHelp("How many codes.", valueName: "number")) var count: Int64
  @Option(help: ArgumentHelp("What the batch is called: the printer's order.", valueName: "text")) var label: String
  @Option(help: ArgumentHelp("What makes this order the same when it is sent again; without it the label.", valueName: "text"))
  var key: String?

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let (certificates, change) = (try await of.open(wiring, desk).certificates, wiring.change)
      let (count, label, code, key) = (count, label, code, key ?? label)
      let ordered = try await wiring.database.write(.bulk) { tx in
        try certificates.order(count, of: code, label: label, key: key, by: change, in: &tx)
      }
      let batch = try await ordered.finished(on: wiring.database, desk) { id, tx in
        var generator = SystemRandomNumberGenerator()
        return try certificates.makeNext(of: id, using: &generator, in: &tx)
      }
      try answer("\(batch.id): \(batch.made) codes of \(code)")
    }
  }
}

struct CertificateExport: Verb {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the codes of a batch as CSV, with their PINs: for the printing house alone.",
    discussion: "Who took them is written into the audit trail.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CertificateOptions
  @Argument(help: "The batch, ctb_….") var batch: String

  func run(at desk: Desk) async throws {
    guard let id = CertificateBatchID(batch) else { throw ValidationError("a batch is named ctb_ and 13 characters") }
    try await desk.withWiring { wiring in
      let (open, change) = (try await of.open(wiring, desk), wiring.change)
      let (certificates, account) = (open.certificates, open.programme.account)
      let known = try await wiring.database.write(.bulk) { tx in
        let known = try certificates.batch(id, in: &tx)
        let note = AuditNote.did(
          "certificate_series.exported", known.series, after: .object(["batch": .string("\(id)"), "codes": .int(known.made)]))
        try AuditTrail(of: account).record([note], by: change, in: &tx)
        return known
      }
      try answer(CertificateCSV.head)
      var last: String?
      while true {
        let after = last
        let page = try await wiring.database.read { tx in
          try certificates.certificates(of: known, after: after, limit: Limits.bulk, in: &tx)
        }
        let rows = page.map { CertificateCSV.row($0.certificate, $0.pin, open.amounts.currency) }
        if !rows.isEmpty { try answer(rows.joined(separator: "\n")) }
        guard page.count == Limits.bulk else { return }
        last = page.last?.certificate.code
        try desk.stop.check()
      }
    }
  }
}

struct CertificateShow: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "What is on one certificate, and what moved on it.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CertificateOptions
  @Argument(help: "The code.") var code: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let open = try await of.open(wiring, desk)
      let (found, entries) = try await wiring.database.read { [code] tx in
        guard let found = try open.certificates.certificate(code, in: &tx) else {
          throw Problem(.notFound, "certificate_unknown", "the programme has no certificate with this code")
        }
        return (found, try open.certificates.entries(of: code, limit: Limits.page, in: &tx))
      }
      let certificate = found.certificate
      let rows: [[String]] = [
        ["series", found.series.details.code], ["state", certificate.isLocked ? "locked" : "\(certificate.state)"],
        ["balance", open.amounts.text(certificate.balance)], ["printed", certificate.issuedAt.text],
        ["sold", certificate.activatedAt?.text ?? "–"], ["good until", certificate.until?.text ?? "–"],
      ]
      let moves = entries.map { [$0.at.text, "\($0.kind)", open.amounts.text($0.change), Self.text($0.cause)] }
      try answer(certificate.code + "\n" + aligned(rows) + (moves.isEmpty ? "" : "\n\n" + aligned(moves)))
    }
  }

  private static func text(_ cause: CertificateEntry.Cause) -> String {
    switch cause {
    case .receipt(let receipt, _, _): "\(receipt)"
    case .refund(let refund, let receipt, _): "\(refund) of \(receipt)"
    case .time: "its time was over"
    case .staff(let actor, let reason): "\(actor): \(reason)"
    }
  }
}

struct CertificateVoid: Verb {
  static let configuration = CommandConfiguration(
    commandName: "void", abstract: "Take a certificate out of use for good; what is on it is owed no more.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CertificateOptions
  @Argument(help: "The code.") var code: String
  @Option(help: ArgumentHelp("Why; the audit trail keeps it.", valueName: "text")) var reason: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let (certificates, change) = (try await of.open(wiring, desk).certificates, wiring.change)
      try await wiring.database.write(.bulk) { [code, reason] tx in
        try certificates.void(code, because: reason, by: change, in: &tx)
      }
      try answer("\(code): void")
    }
  }
}

struct CertificateLiabilityVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "liability", abstract: "What is owed on certificates before and after some days, and what moved between, as CSV.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CertificateOptions
  @Option(help: ArgumentHelp("The first day.", valueName: "date")) var from: String
  @Option(help: ArgumentHelp("The last day.", valueName: "date")) var to: String

  func run(at desk: Desk) async throws {
    guard let first = CivilDay(from), let last = CivilDay(to), first <= last else {
      throw ValidationError("--from and --to are days such as 2026-11-01, the first not after the second")
    }
    try await desk.withWiring { wiring in
      let open = try await of.open(wiring, desk)
      let rows = try await wiring.database.read { tx in
        let all = try open.certificates.all(limit: Limits.page, in: &tx)
        return zip(all, try open.certificates.liability(of: all.map(\.id), first...last, in: &tx)).map { ($0, $1) }
      }
      try answer("series,opening,sold_count,sold,given,paid,refunded,lapsed,taken_back,adjusted,closing")
      for (series, owed) in rows {
        let flows = owed.flows
        let amounts = [
          flows.sold, flows.given, flows.paid, flows.refunded, flows.lapsed, flows.takenBack, flows.adjusted, owed.closing,
        ]
        let cells = [series.details.code, open.amounts.text(owed.opening), "\(flows.count)"] + amounts.map(open.amounts.text)
        try answer(cells.joined(separator: ","))
      }
    }
  }
}
