import Access
import Kernel
import Storage

/// What a member chose as favourites, and for when. Choices stand in the member's row, so a till has them with the member.
public struct FavouriteSpan: Hashable, Sendable {
  public let from: Instant
  /// Not included.
  public let until: Instant
  /// In the order in which they were chosen; empty where a choice was taken back.
  public let codes: [String]

  /// Choices that one row keeps: some periods back, for receipts that come late.
  public static var most: Int { 24 }

  public init(from: Instant, until: Instant, codes: [String]) {
    self.from = from
    self.until = until
    self.codes = codes
  }

  public func contains(_ time: Instant) -> Bool { from <= time && time < until }

  /// As the row keeps them: `[[from, until, "coffee", "tea"], …]`, moments in microseconds, oldest first.
  static func stored(_ spans: [FavouriteSpan]) -> String? {
    if spans.isEmpty { return nil }
    let items = spans.map { span in JSON.array([.int(span.from.micros), .int(span.until.micros)] + span.codes.map(JSON.string)) }
    return JSON.array(items).compact
  }

  static func read(stored text: String) throws -> [FavouriteSpan] {
    guard case .array(let items) = try storedJSON(text, in: "member.favourites") else { throw damaged }
    return try items.map { item in
      guard case .array(let parts) = item, parts.count >= 2, case .int(let from) = parts[0], case .int(let until) = parts[1] else {
        throw damaged
      }
      let codes = parts.dropFirst(2).compactMap { if case .string(let code) = $0 { code } else { nil } }
      return FavouriteSpan(from: Instant(micros: from), until: Instant(micros: until), codes: codes)
    }
  }

  static func codes(stored text: String, at time: Instant) throws -> [String] {
    try read(stored: text).last { $0.contains(time) }?.codes ?? []
  }

  private static var damaged: StorageFailure { .damaged("member.favourites is no list of choices") }
}

extension Members {
  /// What the member chose, oldest first. One statement.
  /// - Parameter forChange: nobody else changes it until the transaction is over.
  /// - Throws: `Problem.notFound`, `Problem.conflict` (`member_erased`, `member_merged`) where it is to be changed.
  public func favourites(of id: MemberID, forChange: Bool = false, in tx: inout Transaction) throws -> [FavouriteSpan] {
    let lock = forChange ? tx.dialect.forUpdate : ""
    guard let row = try tx.row(MemberSQL.favourites(account, programme, id, lock: lock)) else { throw MemberProblem.unknown(id) }
    if forChange, row.text(1) == Member.Status.erased.rawValue { throw MemberProblem.erased(id) }
    if forChange, let survivor: MemberID = row.idOrNil(2) { throw MergeProblem.merged(id, survivor) }
    return try row.textOrNil(0).map(FavouriteSpan.read) ?? []
  }

  /// Keeps what a member chose, the latest `FavouriteSpan.most`, and tells whoever follows. Read it for change before.
  public func keep(_ spans: [FavouriteSpan], of id: MemberID, by change: Change, in tx: inout Transaction) throws {
    let kept = Array(spans.suffix(FavouriteSpan.most))
    try tx.enqueue(MemberSQL.setFavourites(account, programme, id, FavouriteSpan.stored(kept)))
    try tell(.favouritesChosen, id, change, &tx)
  }
}
