import Kernel

/// What has codes that are made by the million: coupons, certificates.
public protocol CodeKind: Sendable {
  associatedtype Series: Identified
  associatedtype Batch: Identified
  /// The table of its batches.
  static var table: String { get }
  /// The job that makes a batch's codes: `{ "batch": "cpb_…", "programme": "prg_…" }`.
  static var issuing: String { get }
  /// What refusals and the audit trail call a series: `coupon_series`.
  static var series: String { get }
  /// What refusals call one of them, in the plural.
  static var noun: String { get }
}

/// Codes that were asked for together.
public struct CodeBatch<Kind: CodeKind>: Hashable, Sendable {
  public let id: ID<Kind.Batch>
  public let series: ID<Kind.Series>
  /// What people call it: the printer's order, the mailing.
  public let label: String
  public let asked: Int64
  public let made: Int64
  public let madeAt: Instant
  public let actor: String
  public var isWhole: Bool { made == asked }

  func with(made more: Int64) -> CodeBatch {
    CodeBatch(id: id, series: series, label: label, asked: asked, made: made + more, madeAt: madeAt, actor: actor)
  }
}

/// What a batch needs to know of its series.
struct CodesToMake: Sendable {
  let code: String
  let pattern: CodePattern
  let isClosed: Bool
  /// Ordered so far.
  let asked: Int64

  /// - Throws: `Problem.conflict` (`…_closed`, `codes_too_short`); `Problem.invalid` (`out_of_range`).
  func check(_ count: Int64, _ series: String, _ noun: String) throws(Problem) {
    guard (1...Limits.couponBatch).contains(count) else {
      throw Problem(.invalid, "out_of_range", "one batch has 1 to \(Limits.couponBatch) codes, not \(count)")
    }
    guard !isClosed else {
      throw Problem(.conflict, series + "_closed", "the series \"\(code)\" of \(noun) is closed; open it first")
    }
    guard pattern.space / Limits.couponOdds >= asked + count else {
      throw Problem(
        .conflict, "codes_too_short",
        "codes of \(pattern.length) characters could be guessed: at least \(Limits.couponOdds) possible ones stand behind each; "
          + "make a series with longer codes")
    }
  }
}
