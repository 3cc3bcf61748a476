import Access
import ArgumentParser
import Kernel
import Loyalty
import Storage

/// Coupons: series, batches of codes, single codes.
struct CouponVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coupon", abstract: "Series of coupons, their codes, and what became of one.",
    subcommands: [CouponSave.self, CouponList.self, CouponIssue.self, CouponExport.self, CouponShow.self, CouponVoid.self])
}

struct CouponOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The account.", valueName: "code")) var account: String
  @Option(help: ArgumentHelp("The programme.", valueName: "code")) var programme: String

  func coupons(_ wiring: Wiring) async throws -> Coupons {
    Coupons(of: try await wiring.programme(programme, of: wiring.account(account).id))
  }
}

struct CouponSave: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Make a series of coupons or change it.",
    discussion: """
      The file holds the series as docs/formats/coupons.md describes it. Promotions name the series by its code: \
      { "coupon": "SPRING" }. Coupons that are out keep the dates they were issued with.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CouponOptions
  @Argument(help: "The series' code.") var code: String
  @Option(help: ArgumentHelp("The series.", valueName: "file")) var file: String

  func run(at desk: Desk) async throws {
    let text = try SetupFile(file)
    try await desk.withWiring { wiring in
      let (coupons, change) = (try await of.coupons(wiring), wiring.change)
      let saved = try await text.named {
        let issues = IssueList()
        let details = CouponSeriesDetails(code: code, JSONNode(text.json, issues: issues))
        try issues.check("the series of coupons")
        return try await wiring.database.write(.bulk) { tx in
          try coupons.save([details].compactMap { $0 }, by: change, in: &tx)
        }
      }
      try answer("series \(code): \(saved.made > 0 ? "made" : saved.changed > 0 ? "changed" : "nothing changed")")
    }
  }
}

struct CouponList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The latest series, \(Limits.page) at most: codes made and coupons used.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CouponOptions

  func run(at desk: Desk) async throws {
    let rows = try await desk.withWiring { wiring in
      let coupons = try await of.coupons(wiring)
      return try await wiring.database.read { tx in
        let all = try coupons.all(limit: Limits.page, in: &tx)
        let totals = try coupons.totals(of: all.map(\.id), in: &tx)
        return all.map { series in
          let total = totals[series.id] ?? (0, 0, 0)
          let details = series.details
          return [
            details.code, details.kind.rawValue, details.isClosed ? "closed" : "open", "\(total.made) codes", "\(total.used) used",
            details.until.map { "until \($0.text)" } ?? "without end",
          ]
        }
      }
    }
    try answer(rows.isEmpty ? "no series of coupons; `regulars coupon save` makes one" : aligned(rows))
  }
}

struct CouponIssue: Verb {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: "Order codes of a series and make them.",
    discussion: """
      Sent again under the same --key, nothing more is ordered, and a batch that was interrupted is finished. The codes come out with \
      `regulars coupon export`.
      """)

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CouponOptions
  @Argument(help: "The series' code.") var code: String
  @Option(help: ArgumentHelp("How many codes.", valueName: "number")) var count: Int64
  @Option(help: ArgumentHelp("What the batch is called: the printer's order, the mailing.", valueName: "text")) var label: String
  @Option(help: ArgumentHelp("What makes this order the same when it is sent again; without it the label.", valueName: "text"))
  var key: String?

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let (coupons, change) = (try await of.coupons(wiring), wiring.change)
      let (count, label, code, key) = (count, label, code, key ?? label)
      let ordered = try await wiring.database.write(.bulk) { tx in
        try coupons.order(count, of: code, label: label, key: key, by: change, in: &tx)
      }
      let batch = try await ordered.finished(on: wiring.database, desk) { id, tx in
        var generator = SystemRandomNumberGenerator()
        return try coupons.makeNext(of: id, using: &generator, in: &tx)
      }
      try answer("\(batch.id): \(batch.made) codes of \(code)")
    }
  }
}

struct CouponExport: Verb {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the codes of a batch as CSV: code, state, good from, good until, used at.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CouponOptions
  @Argument(help: "The batch, cpb_….") var batch: String

  func run(at desk: Desk) async throws {
    guard let id = CouponBatchID(batch) else { throw ValidationError("a batch is named cpb_ and 13 characters") }
    try await desk.withWiring { wiring in
      let coupons = try await of.coupons(wiring)
      _ = try await wiring.database.read { tx in try coupons.batch(id, in: &tx) }
      try answer(CouponCSV.head)
      var last: String?
      while true {
        let after = last
        let page = try await wiring.database.read { tx in try coupons.coupons(of: id, after: after, limit: Limits.bulk, in: &tx) }
        if !page.isEmpty { try answer(page.map(CouponCSV.row).joined(separator: "\n")) }
        guard page.count == Limits.bulk else { return }
        last = page.last?.code
        try desk.stop.check()
      }
    }
  }
}

struct CouponShow: Verb {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "What became of one code.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CouponOptions
  @Argument(help: "The code.") var code: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let coupons = try await of.coupons(wiring)
      let (coupon, series) = try await wiring.database.read { [code] tx in
        guard let coupon = try coupons.coupon(code, in: &tx) else {
          throw Problem(.notFound, "coupon_unknown", "there is no coupon with this code")
        }
        return (coupon, try coupons.series(coupon.series, in: &tx))
      }
      let rows: [[String]] = [
        ["series", series.details.code], ["state", "\(coupon.state)"], ["issued", coupon.issuedAt.text],
        ["good from", coupon.from?.text ?? "–"], ["good until", coupon.until?.text ?? "–"],
        ["member", coupon.member?.description ?? "–"],
        ["used", coupon.usedAt.map { "\($0.text) on \(coupon.usedOn?.description ?? "–")" } ?? "–"],
        ["held until", coupon.heldUntil?.text ?? "–"],
      ]
      try answer(coupon.code + "\n" + aligned(rows))
    }
  }
}

struct CouponVoid: Verb {
  static let configuration = CommandConfiguration(
    commandName: "void", abstract: "Take an unused coupon out of use, for good.")

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: CouponOptions
  @Argument(help: "The code.") var code: String
  @Option(help: ArgumentHelp("Why; the audit trail keeps it.", valueName: "text")) var reason: String

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let (coupons, change) = (try await of.coupons(wiring), wiring.change)
      try await wiring.database.write(.bulk) { [code, reason] tx in
        try coupons.void(code, because: reason, by: change, in: &tx)
      }
      try answer("\(code): void")
    }
  }
}
