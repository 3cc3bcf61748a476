import Access
import Jobs
import Kernel
import Storage

/// Two members who may be one person.
public struct DuplicatePair: Hashable, Sendable {
  /// Who joined first.
  public let first: MemberID
  public let second: MemberID
  /// 1 to 100.
  public let score: Int
  public let reasons: [LikeReason]
  public let foundAt: Instant
  /// When somebody said that they are two.
  public let dismissedAt: Instant?

  /// Where the pair stands in the list, for a link to what comes behind it.
  public var place: String { "\(score)/\(first.raw)/\(second.raw)" }

  init(
    first: MemberID, second: MemberID, score: Int, reasons: [LikeReason], foundAt: Instant, dismissedAt: Instant?
  ) {
    (self.first, self.second, self.score, self.reasons) = (first, second, score, reasons)
    (self.foundAt, self.dismissedAt) = (foundAt, dismissedAt)
  }

  /// Reads what `place` wrote: good for nothing but to go on behind it.
  public init?(place: String) {
    let parts = place.split(separator: "/", omittingEmptySubsequences: false).compactMap { Int64($0) }
    guard parts.count == 3, (1...100).contains(parts[0]) else { return nil }
    self.init(
      first: MemberID(parts[1]), second: MemberID(parts[2]), score: Int(parts[0]), reasons: [], foundAt: Instant(seconds: 0),
      dismissedAt: nil)
  }
}

/// Members of one programme who may be one person, kept up as members come and change, so that nobody ever compares all with all.
public struct Duplicates: Sendable {
  /// Members of one look.
  public static let page = 500
  /// What more members share than this tells nobody apart: a shop's own telephone number, a birthday that a till makes up.
  static let most = 20

  let account: AccountID
  let programme: ProgrammeID

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID) {
    self.account = account
    self.programme = programme
  }

  /// Pairs that nobody has dismissed, the likeliest first. One indexed statement.
  public func open(after: DuplicatePair? = nil, limit: Int, in tx: inout Transaction) throws -> [DuplicatePair] {
    try tx.rows(DuplicateSQL.open(account, programme, after: after, min(max(1, limit), Limits.page))).map(DuplicateSQL.pair)
  }

  public func count(in tx: inout Transaction) throws -> Int64 {
    try tx.row(DuplicateSQL.count(account, programme))?.int(0) ?? 0
  }

  /// Of one member, the likeliest first, dismissed ones left out.
  public func pairs(of member: MemberID, in tx: inout Transaction) throws -> [DuplicatePair] {
    try tx.rows(DuplicateSQL.pairs(account, programme, of: [member])).map(DuplicateSQL.pair)
      .filter { $0.dismissedAt == nil }.sorted { ($1.score, $0.first, $0.second) < ($0.score, $1.first, $1.second) }
  }

  /// Nil where they were never found alike.
  public func pair(_ one: MemberID, _ other: MemberID, in tx: inout Transaction) throws -> DuplicatePair? {
    try tx.row(DuplicateSQL.pair(account, programme, min(one, other), max(one, other))).map(DuplicateSQL.pair)
  }

  /// They are two people: the pair is not shown again, however alike they become. Harmless when repeated.
  /// - Throws: `Problem.notFound` (`pair_unknown`).
  public func dismiss(_ one: MemberID, _ other: MemberID, by change: Change, in tx: inout Transaction) throws {
    let (first, second) = (min(one, other), max(one, other))
    guard try pair(first, second, in: &tx) != nil else {
      throw Problem(
        .notFound, "pair_unknown", "\(first) and \(second) were not found alike",
        cashier: LocalText(ru: "Такой пары двойников нет", en: "There is no such pair of duplicates"))
    }
    guard try tx.run(DuplicateSQL.dismiss(account, programme, first, second, change)) == 1 else { return }
    let after: JSON = .object(["first": .string("\(first)"), "second": .string("\(second)")])
    try AuditTrail(of: account).record(
      [first, second].map { .did("duplicate.dismissed", $0, after: after) }, by: change, in: &tx)
  }

  /// Looks at these members, at most `page` of them: whom they may be, and whom they may not be any more. The same again changes nothing.
  ///
  /// Eight statements for 500 members, one more for each thousand of their keys, and one for each pair that is new or another. It costs the same
  /// however many members there are: keys are looked up by the table's own order, and memory holds one page and those who share a key with it.
  /// The first look at 75,000 of a million members on SQLite took an unoptimised program four minutes, at an even pace.
  /// - Returns: how many pairs are new.
  @discardableResult
  public func look(at ids: [MemberID], now: Instant, in tx: inout Transaction) throws -> Int {
    let asked = Array(Set(ids).sorted().prefix(Self.page))
    guard !asked.isEmpty else { return 0 }
    let looked = try likenesses(asked, in: &tx)
    let keys = looked.mapValues { $0.keys() }
    try tx.run(DuplicateSQL.forget(account, programme, keysOf: asked))
    let rows = keys.sorted { $0.key < $1.key }.flatMap { member, keys in
      keys.sorted().map { [programme.value, $0.value, member.value, account.value] as [Value] }
    }
    try tx.insert(rows, into: CustomersSchema.duplicateKey, DuplicateSQL.insertedKey)
    let holders = try holders(of: Set(keys.values.joined()), in: &tx)
    var found: [DuplicatePlace: (score: Int, reasons: [LikeReason])] = [:]
    var others = looked
    let strangers = Set(holders.values.joined()).subtracting(asked).sorted()
    for start in stride(from: 0, to: strangers.count, by: Limits.bulk) {
      let some = Array(strangers[start..<min(start + Limits.bulk, strangers.count)])
      others.merge(try likenesses(some, in: &tx)) { known, _ in known }
    }
    for (member, keys) in keys {
      guard let one = looked[member] else { continue }
      for other in Set(keys.flatMap { holders[$0] ?? [] }) where other != member {
        let place = DuplicatePlace(member, other)
        guard found[place] == nil, let two = others[other], let alike = Likeness.compare(one, two) else { continue }
        found[place] = alike
      }
    }
    return try keep(found, of: asked, at: now, in: &tx)
  }

  /// Those who are there, who are not forgotten and not merged.
  private func likenesses(_ ids: [MemberID], in tx: inout Transaction) throws -> [MemberID: Likeness] {
    let members = try Members(of: account, programme: programme).members(ids, in: &tx)
    var identifiers: [MemberID: [Identifier]] = [:]
    for found in try tx.rows(DuplicateSQL.identifiers(account, programme, ids)).map(IdentifierSQL.found) {
      identifiers[found.member, default: []].append(found.identifier)
    }
    return members.filter { $0.value.status != .erased && $0.value.mergedInto == nil && $0.value.kind.isSomebody }
      .mapValues { Likeness($0.id, $0.person, identifiers[$0.id] ?? []) }
  }

  private func holders(of keys: Set<Int64>, in tx: inout Transaction) throws -> [Int64: [MemberID]] {
    var holders: [Int64: [MemberID]] = [:]
    let sorted = keys.sorted()
    for start in stride(from: 0, to: sorted.count, by: Limits.bulk) {
      let some = Array(sorted[start..<min(start + Limits.bulk, sorted.count)])
      for row in try tx.rows(DuplicateSQL.holders(account, programme, some, Self.most + 1)) {
        holders[row.int(0), default: []].append(row.id(1))
      }
    }
    return holders.filter { $0.value.count > 1 && $0.value.count <= Self.most }
  }

  private func keep(
    _ found: [DuplicatePlace: (score: Int, reasons: [LikeReason])], of members: [MemberID], at now: Instant,
    in tx: inout Transaction
  ) throws -> Int {
    var fresh = 0
    let stored = try tx.rows(DuplicateSQL.pairs(account, programme, of: members)).map(DuplicateSQL.pair)
    let known = Dictionary(stored.map { (DuplicatePlace($0.first, $0.second), $0) }, uniquingKeysWith: { first, _ in first })
    for (place, alike) in found.sorted(by: { $0.key < $1.key }) {
      if let pair = known[place], pair.score == alike.score, pair.reasons == alike.reasons { continue }
      if known[place] == nil { fresh += 1 }
      try tx.enqueue(
        DuplicateSQL.keep(account, programme, place.first, place.second, alike.score, alike.reasons, at: now))
    }
    // What somebody dismissed is remembered, whatever becomes of the two.
    for (place, pair) in known where found[place] == nil && pair.dismissedAt == nil {
      try tx.enqueue(DuplicateSQL.drop(account, place.first, place.second))
    }
    return fresh
  }
}

/// Two members, the earlier one first.
struct DuplicatePlace: Hashable, Comparable {
  let first: MemberID
  let second: MemberID

  init(_ one: MemberID, _ other: MemberID) { (first, second) = (min(one, other), max(one, other)) }

  static func < (a: DuplicatePlace, b: DuplicatePlace) -> Bool { (a.first, a.second) < (b.first, b.second) }
}
