import Access
import Calculator
import Customers
import Kernel
import Storage

/// What one member has chosen, and may choose.
public struct FavouriteStanding: Hashable, Sendable {
  public struct Choice: Hashable, Sendable {
    public let period: FavouritePeriod
    /// Codes that hold, or that will when the period begins.
    public let codes: [String]
    /// False where the choice is made, or this period is not one to choose for.
    public let mayChoose: Bool
  }

  public let present: Choice
  public let next: Choice

  public subscript(_ which: Favourites.Which) -> Choice { which == .present ? present : next }
}

/// The favourite categories of one programme: who chose what.
public struct Favourites: Sendable {
  /// The period a choice is for.
  public enum Which: String, Sendable, CaseIterable { case present, next }

  let programme: Programme

  /// Nil where the programme offers none.
  public init?(of programme: Programme) {
    guard !programme.settings.terms.favourites.isEmpty else { return nil }
    self.programme = programme
  }

  private var terms: FavouriteTerms { programme.settings.favourites }
  private var zone: Zone { programme.settings.points.zone }
  public var offered: [FavouriteCategory] { programme.settings.terms.favourites }
  /// How many a member may choose: no more than there are.
  public var most: Int { min(terms.choose, offered.count) }

  public func period(_ which: Which, at now: Instant) -> FavouritePeriod {
    let present = FavouritePeriod(of: zone.civil(at: now).day, terms.period, zone)
    return which == .present ? present : FavouritePeriod(of: present.last.adding(days: 1), terms.period, zone)
  }

  /// One statement.
  /// - Throws: `Problem.notFound`.
  public func standing(of member: MemberID, at now: Instant, in tx: inout Transaction) throws -> FavouriteStanding {
    standing(try programme.members.favourites(of: member, in: &tx), at: now)
  }

  func standing(_ spans: [FavouriteSpan], at now: Instant) -> FavouriteStanding {
    func choice(_ which: Which) -> FavouriteStanding.Choice {
      let period = period(which, at: now)
      let codes = chosen(in: spans, for: period, at: now)
      let isOpen = terms.begins == .either || (terms.begins == .now) == (which == .present)
      return FavouriteStanding.Choice(period: period, codes: codes, mayChoose: isOpen && (codes.isEmpty || terms.mayChange))
    }
    return FavouriteStanding(present: choice(.present), next: choice(.next))
  }

  /// What holds at this moment of a period, or at the beginning of one that is still to come; categories that are offered no more
  /// left out.
  private func chosen(in spans: [FavouriteSpan], for period: FavouritePeriod, at now: Instant) -> [String] {
    let moment = max(now, period.from)
    let known = Set(offered.map(\.code))
    return spans.last { $0.contains(moment) }?.codes.filter(known.contains) ?? []
  }

  /// Chooses for the period under way, from now on, or for the next one. The same choice again changes nothing, whoever sends it.
  /// - Returns: how the member stands then.
  /// - Throws: `Problem.invalid` (`unknown_favourite`, `repeated`, `too_many`), `Problem.conflict` (`favourites_closed`,
  ///   `favourites_chosen`, `member_erased`), `Problem.notFound`.
  @discardableResult
  public func choose(
    _ codes: [String], for which: Which, of member: MemberID, by change: Change, in tx: inout Transaction
  ) throws -> FavouriteStanding {
    try check(codes)
    let spans = try programme.members.favourites(of: member, forChange: true, in: &tx)
    let before = standing(spans, at: change.at)[which]
    if Set(before.codes) == Set(codes) { return standing(spans, at: change.at) }
    guard before.mayChoose else { throw before.codes.isEmpty ? FavouriteProblem.closed(which) : FavouriteProblem.chosen(before) }
    let after = Self.replacing(spans, with: codes, in: before.period, at: change.at)
    try programme.members.keep(after, of: member, by: change, in: &tx)
    try count(from: before, to: codes, in: &tx)
    let note: JSON = .object([
      "from": .string(before.period.first.description), "through": .string(before.period.last.description),
      "before": .array(before.codes.map(JSON.string)), "categories": .array(codes.map(JSON.string)),
    ])
    try AuditTrail(of: programme.account).record([.did("favourites.chosen", member, after: note)], by: change, in: &tx)
    return standing(after, at: change.at)
  }

  /// The spans with this choice from now, or from the period's beginning, to its end. What was bought before the moment keeps the
  /// choice of then.
  static func replacing(
    _ spans: [FavouriteSpan], with codes: [String], in period: FavouritePeriod, at now: Instant
  ) -> [FavouriteSpan] {
    let begins = max(now, period.from)
    let earlier = spans.compactMap { span -> FavouriteSpan? in
      guard span.from < period.until, span.until > begins else { return span }
      return span.from < begins ? FavouriteSpan(from: span.from, until: begins, codes: span.codes) : nil
    }
    return (earlier + [FavouriteSpan(from: begins, until: period.until, codes: codes)]).sorted { $0.from < $1.from }
  }

  private func count(from before: FavouriteStanding.Choice, to codes: [String], in tx: inout Transaction) throws {
    let (old, new) = (Set(before.codes), Set(codes))
    var moves: [(code: String, by: Int64)] = []
    if old.isEmpty != new.isEmpty { moves.append(("", new.isEmpty ? -1 : 1)) }
    moves += new.subtracting(old).map { ($0, 1) } + old.subtracting(new).map { ($0, -1) }
    for move in moves.sorted(by: { $0.code < $1.code }) {
      try tx.enqueue(FavouriteSQL.move(programme.account, programme.id, before.period.from, move.code, by: move.by))
    }
  }

  /// How many members have chosen what for the period under way and the next; under the empty code, how many at all. One statement.
  public func tally(at now: Instant, in tx: inout Transaction) throws -> [Which: [String: Int64]] {
    let starts = Which.allCases.map { period($0, at: now).from }
    var tally: [Which: [String: Int64]] = [.present: [:], .next: [:]]
    for row in try tx.rows(FavouriteSQL.tally(programme.account, programme.id, starts)) {
      tally[row.instant(0) == starts[0] ? .present : .next]?[row.text(1)] = row.int(2)
    }
    return tally
  }

  private func check(_ codes: [String]) throws(Problem) {
    let issues = IssueList()
    var seen: Set<String> = []
    let known = Set(offered.map(\.code))
    for (place, code) in codes.prefix(Limits.favourites).enumerated() {
      if !known.contains(code) {
        issues.add("/categories/\(place)", "unknown_favourite", "the programme offers no favourite category \"\(code)\"")
      }
      if !seen.insert(code).inserted { issues.add("/categories/\(place)", "repeated", "\"\(code)\" is chosen twice") }
    }
    if codes.count > most { issues.add("/categories", "too_many", "at most \(most) favourite categories may be chosen") }
    try issues.check("the favourite categories")
  }
}

enum FavouriteProblem {
  static func closed(_ which: Favourites.Which) -> Problem {
    let other = which == .present ? "the next period" : "the period under way"
    return Problem(
      .conflict, "favourites_closed", "favourite categories are chosen for \(other) only",
      cashier: which == .present
        ? LocalText(
          ru: "Любимые категории выбирают только на следующий период", en: "Favourites are chosen for the next period only")
        : LocalText(
          ru: "Любимые категории выбирают только на текущий период", en: "Favourites are chosen for the present period only"))
  }

  static func chosen(_ choice: FavouriteStanding.Choice) -> Problem {
    Problem(
      .conflict, "favourites_chosen",
      "favourite categories are chosen through \(choice.period.last) and cannot be changed until then",
      cashier: LocalText(
        ru: "Категории на этот период уже выбраны", en: "The favourite categories of this period are chosen already"))
  }
}
