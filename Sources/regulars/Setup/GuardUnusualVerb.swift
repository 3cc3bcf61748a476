import Access
import ArgumentParser
import Calculator
import Kernel
import Loyalty
import Storage
import Tables

/// The report of unusual cashiers and members, as the board of the guard shows it.
struct GuardUnusual: Verb {
  static let configuration = CommandConfiguration(
    commandName: "unusual", abstract: "Cashiers and members whose last week is unlike the last three months of others.",
    discussion: """
      A row for each sign, those furthest from the usual first. z is the modified z-score; docs/operator/guard.md says what is compared. \
      It is a reason to look, not a proof. Members are named by their ids only.
      """)

  enum Who: String, CaseIterable, ExpressibleByArgument { case all, cashiers, members }

  @OptionGroup var shared: SharedOptions
  @OptionGroup var of: GuardOptions
  @Option(help: "Cashiers, members, or both.") var who = Who.all
  @Option(help: ArgumentHelp("The last business day of the week looked at; usually today.", valueName: "day")) var through: String?
  @Option(help: "How the answer is written.") var format = PivotVerb.Format.table
  @Option(help: ArgumentHelp("Where XLSX goes.", valueName: "file")) var out: String?

  func validate() throws {
    if format == .xlsx, out == nil { throw ValidationError("--format xlsx needs --out FILE") }
    if let through, CivilDay(through) == nil { throw ValidationError("\(through) is no day; one is such as 2026-11-01") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [who, through] wiring in
      let programme = try await of.open(wiring)
      let last =
        through.flatMap { CivilDay($0) } ?? programme.settings.points.zone.civil(at: wiring.world.now()).day
      let (found, stores) = try await wiring.database.read { tx in
        let report = UnusualReport(of: programme)
        var found = who == .members ? [] : try report.cashiers(through: last, in: &tx)
        if who != .cashiers { found += try report.members(through: last, in: &tx) }
        return (found, try GuardLines.stores(found.map(\.place), of: programme, in: &tx))
      }
      try await write(UnusualText(found, stores, programme, through: last))
    }
  }

  private func write(_ text: UnusualText) async throws {
    switch format {
    case .table: try answer(text.text)
    case .json: try answer(text.json.pretty)
    case .csv, .xlsx: try await PivotVerb.write(text.file, format, to: out)
    }
  }
}

/// The report for a terminal, for programs and for a spreadsheet.
struct UnusualText: Sendable {
  private let found: [UnusualSubject]
  private let stores: [StoreID: String]
  private let form: AmountForm
  private let zone: Zone
  private let last: CivilDay

  init(_ found: [UnusualSubject], _ stores: [StoreID: String], _ programme: Programme, through last: CivilDay) {
    (self.found, self.stores, self.last) = (found, stores, last)
    (form, zone) = (AmountForm(programme.settings.terms), programme.settings.points.zone)
  }

  /// Shares are in percent, sums and points as everywhere.
  private func figure(_ value: Int64, _ what: UnusualSign.What) -> String {
    switch what {
    case .cardShare, .backShare, .discountShare: Decimal.text(value / 1_000, digits: 1)
    case .oneMember, .receipts, .hop: "\(value)"
    case .spent: form.text(Points(units: value))
    case .amount: form.text(Money(minor: value))
    }
  }

  private func unit(_ what: UnusualSign.What) -> String {
    switch what {
    case .cardShare, .backShare, .discountShare: "percent"
    case .oneMember, .receipts: "receipts"
    case .spent: "points"
    case .amount: form.currency.code
    case .hop: "minutes"
    }
  }

  private func name(_ what: UnusualSign.What) -> String {
    switch what {
    case .cardShare: "card-share"
    case .oneMember: "one-member"
    case .backShare: "back-share"
    case .discountShare: "discount-share"
    case .spent: "spent"
    case .receipts: "receipts"
    case .amount: "amount"
    case .hop: "two-stores"
    }
  }

  private func store(_ place: GuardPlace) -> String? { place.store.raw == 0 ? nil : stores[place.store] ?? "\(place.store)" }

  /// Of a figure that is unusual by itself there is neither a usual one nor a score.
  private func score(_ sign: UnusualSign) -> Int64? { sign.usual == nil ? nil : sign.score }

  var text: String {
    guard !found.isEmpty else { return "nobody is unusual in the week through \(last)" }
    return aligned(
      [["who", "code", "store", "day", "sign", "figure", "usually", "unit", "z", "days compared"]]
        + found.flatMap { subject in
          subject.signs.map { sign in
            [
              subject.place.kind.word, subject.place.subject, store(subject.place) ?? "–", "\(sign.day)", name(sign.what),
              figure(sign.value, sign.what), sign.usual.map { figure($0, sign.what) } ?? "–", unit(sign.what),
              score(sign).map { Decimal.text($0, digits: 2) } ?? "–", "\(subject.observations)",
            ]
          }
        })
  }

  var json: JSON {
    let subjects = found.map { subject -> JSON in
      .object([
        "kind": .string(subject.place.kind.word), "code": .string(subject.place.subject),
        "store": store(subject.place).map(JSON.string), "daysCompared": .int(Int64(subject.observations)),
        "signs": .array(subject.signs.map(sign)), "receipts": .array(subject.receipts.places.map { .string("\($0.id)") }),
      ])
    }
    return .object([
      "from": .string("\(last.adding(days: 1 - UnusualReport.lookedAt))"), "through": .string("\(last)"),
      "unusual": .array(subjects),
    ])
  }

  private func sign(_ sign: UnusualSign) -> JSON {
    .object([
      "sign": .string(name(sign.what)), "day": .string("\(sign.day)"), "figure": .string(figure(sign.value, sign.what)),
      "usual": sign.usual.map { .string(figure($0, sign.what)) }, "unit": .string(unit(sign.what)),
      "z": score(sign).map { .string(Decimal.text($0, digits: 2)) },
    ])
  }

  var file: TableFile {
    let columns: [TableFile.Column] = [
      .init("kind", "Who", .text), .init("code", "Code", .text), .init("store", "Store", .text), .init("day", "Day", .day),
      .init("sign", "Sign", .text), .init("figure", "Figure", .text), .init("usual", "Usually", .text),
      .init("unit", "Unit", .text),
      .init("z", "z", .number(digits: 2)), .init("days_compared", "Days compared", .number(digits: 0)),
      .init("receipts", "Receipts", .text),
    ]
    let rows = found.flatMap { subject in
      subject.signs.map { sign -> [TableFile.Cell] in
        [
          .text(subject.place.kind.word), .text(subject.place.subject), store(subject.place).map { .text($0) } ?? .empty,
          .day(sign.day), .text(name(sign.what)), .text(figure(sign.value, sign.what)),
          sign.usual.map { .text(figure($0, sign.what)) } ?? .empty, .text(unit(sign.what)),
          score(sign).map { .number($0) } ?? .empty, .number(Int64(subject.observations)),
          .text(subject.receipts.places.map { "\($0.id)" }.joined(separator: " ")),
        ]
      }
    }
    return TableFile("guard-unusual", title: "Unusual", columns: columns, zone: zone) { take in try await take(rows) }
  }
}
