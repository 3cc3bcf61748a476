import Cube
import Kernel
import Loyalty
import Tables

/// What is printed under figures: the version of the definitions they were made by, what their words mean, and who is left out.
public struct DefinitionNotes: Sendable {
  public let version: DefinitionVersion
  public let terms: [DefinitionTerm]
  /// Members whom the definitions leave out.
  public let leftOut: Int
  /// They were asked for all the same.
  public let isOfEverybody: Bool
  /// What the figures were filtered by.
  public var filters: [LocalText] = []
  /// How days were set beside those of the year before, holidays beside their own: a sentence for each comparison.
  public private(set) var alignments: [LocalText] = []

  public init(_ version: DefinitionVersion, _ terms: [DefinitionTerm], leftOut: Int, isOfEverybody: Bool = false) {
    (self.version, self.terms, self.leftOut, self.isOfEverybody) = (version, terms, leftOut, isOfEverybody)
  }

  init(_ who: WhoIsCounted, _ terms: [DefinitionTerm], isOfEverybody: Bool) {
    self.init(who.version, terms, leftOut: who.leftOut.count, isOfEverybody: isOfEverybody)
  }

  init(_ who: WhoIsCounted, _ pivot: Pivot, by holidays: Holidays) {
    let pairs = pivot.pairs(by: holidays)
    self.init(who, DefinitionTerm.terms(of: pivot) + (pairs == nil ? [] : [.holidays]), isOfEverybody: pivot.isOfEverybody)
    alignments = pairs.map { [$0.said(holidays)] } ?? []
  }

  /// What stands under a ready report.
  public init(_ sheet: ReportSheet) {
    self.init(
      sheet.definitions, sheet.name.terms + (sheet.alignment == nil ? [] : [.holidays]), leftOut: sheet.leftOut)
    alignments = sheet.alignment.map { [$0] } ?? []
    filters = sheet.filters.map(\.text)
  }

  /// What stands under one figure of a report.
  init(_ measure: KeyMeasure, of sheet: ReportSheet) {
    let used = Set(measure.terms + [.businessDay, .leftOut])
    self.init(sheet.definitions, DefinitionTerm.allCases.filter(used.contains), leftOut: sheet.leftOut)
  }

  /// One for each version, and apart for those that count everybody, with the terms of all of them.
  static func joined(_ all: [DefinitionNotes]) -> [DefinitionNotes] {
    var joined: [DefinitionNotes] = []
    for notes in all {
      var notes = notes
      // Each tile says its own.
      notes.filters = []
      guard let place = joined.firstIndex(where: { $0.version == notes.version && $0.isOfEverybody == notes.isOfEverybody }) else {
        joined.append(notes)
        continue
      }
      let used = Set(joined[place].terms + notes.terms)
      let alignments = joined[place].alignments + notes.alignments.filter { !joined[place].alignments.contains($0) }
      joined[place] = DefinitionNotes(
        notes.version, DefinitionTerm.allCases.filter(used.contains), leftOut: max(joined[place].leftOut, notes.leftOut),
        isOfEverybody: notes.isOfEverybody)
      joined[place].alignments = alignments
    }
    return joined
  }

  /// A term and what it means here, in the order of the terms.
  public var lines: [(term: LocalText, text: LocalText)] {
    let filtered = filters.map { (term: LocalText(ru: "Фильтр", en: "Filter"), text: $0) }
    return filtered + terms.map { (term: $0.title, text: text($0)) }
  }

  private func text(_ term: DefinitionTerm) -> LocalText {
    let text = term.text(version.definitions)
    if term == .holidays, !alignments.isEmpty {
      return LocalText(
        ru: ([text.ru] + alignments.map(\.ru)).joined(separator: ". "),
        en: ([text.en] + alignments.map(\.en)).joined(separator: ". "))
    }
    guard term == .leftOut, leftOut > 0 else { return text }
    return isOfEverybody
      ? LocalText(
        ru: "Никто: по вопросу учтены все, и \(text.ru) (\(leftOut))",
        en: "nobody: the question asks for everybody, \(text.en) among them (\(leftOut))")
      : LocalText(ru: "\(text.ru) – сейчас \(leftOut)", en: "\(text.en) – \(leftOut) at present")
  }

  public var title: LocalText {
    version.version == 0
      ? LocalText(
        ru: "Определения, версия 0, с которой приходит программа", en: "Definitions, version 0, which comes with the program")
      : LocalText(
        ru: "Определения, версия \(version.version), с \(version.startsOn)",
        en: "Definitions, version \(version.version), from \(version.startsOn)")
  }

  /// For a terminal.
  public func rows(_ language: ReportLanguage) -> [[String]] { lines.map { [$0.term[language], $0.text[language]] } }

  /// A sheet of its own in a workbook.
  public func sheet(_ language: ReportLanguage) -> TableFile.Notes {
    TableFile.Notes(
      title: LocalText(ru: "Определения", en: "Definitions")[language], lines: [[title[language]]] + rows(language))
  }

  public var json: JSON {
    .object([
      "version": .int(version.version), "startsOn": .string("\(version.startsOn)"),
      "terms": .array(terms.map { .string($0.rawValue) }), "membersLeftOut": .int(Int64(leftOut)),
      "everybody": .bool(isOfEverybody),
      "holidays": alignments.isEmpty ? nil : .array(alignments.map { .string($0.en) }),
    ])
  }
}

extension CubeKeeper {
  /// What is said under the answer to a pivot.
  public func notes(for pivot: Pivot, of programme: Programme, at now: Instant) async throws -> DefinitionNotes {
    DefinitionNotes(try await whoIsCounted(by: pivot.days?.upperBound, of: programme, at: now), pivot, by: programme.holidays)
  }
}

extension DefinitionTerm {
  static let effect: [DefinitionTerm] = [.revenue, .margin, .businessDay, .leftOut]

  static func funnel(_ funnel: Funnel) -> [DefinitionTerm] {
    (funnel.unit == .session ? [.session, .visitor] : [.visitor]) + [.leftOut]
  }

  /// Those that a pivot's values and dimensions use, in the order of all terms.
  public static func terms(of pivot: Pivot) -> [DefinitionTerm] {
    let used = Set(pivot.values.flatMap(\.terms) + [.businessDay, .leftOut])
    return allCases.filter(used.contains)
  }
}

extension KeyMeasure {
  /// Words of the definitions that say what it counts.
  var terms: [DefinitionTerm] {
    switch self {
    case .sales: [.revenue]
    case .salesWithCard, .shareWithCard: [.revenue, .penetration]
    case .receipts, .depth: [.averageReceipt]
    case .averageReceipt: [.revenue, .averageReceipt]
    case .members: []
    case .visitsPerMember: [.visit]
    case .new: [.new]
    case .returned: [.returned]
    case .retention: [.retention]
    case .active: [.active]
    case .sleeping: [.sleeping]
    case .lost: [.lost]
    case .churned: [.churned]
    case .margin: [.revenue, .margin]
    case .redemption: [.redemption]
    case .breakage: [.breakage]
    }
  }
}

extension Measure {
  /// Words of the definitions that say what it counts.
  var terms: [DefinitionTerm] {
    switch self {
    case .sales, .perMember, .share: [.revenue]
    case .price: [.revenue, .items]
    case .units: [.items]
    case .averageReceipt: [.revenue, .averageReceipt]
    case .receipts: [.averageReceipt]
    case .unitsPerReceipt: [.averageReceipt, .items]
    case .visits, .visitsPerMember, .visitInterval, .medianInterval: [.visit]
    case .newMembers: [.new]
    case .cost, .margin, .marginShare: [.margin]
    case .discount, .reduced, .paidWithPoints, .pointsSpent, .pointsEarned, .pointsExpired, .members, .lines,
      .discountShare:
      []
    case .formula(let formula): formula.measures.flatMap(\.terms)
    }
  }
}
