import Kernel

/// What an audit of a programme's books found.
public struct AuditReport: Sendable {
  public struct Difference: Sendable, CustomStringConvertible {
    /// What is wrong: a wallet, a receipt, a return.
    public let place: String
    public let message: String
    public var description: String { "\(place): \(message)" }
  }

  public internal(set) var wallets = 0
  public internal(set) var postings = 0
  public internal(set) var entries = 0
  public internal(set) var receipts = 0
  /// Receipts that the calculator priced again from their facts.
  public internal(set) var recalculated = 0
  /// Receipts of an older calculator, which today's says nothing about.
  public internal(set) var outdated = 0
  public internal(set) var returns = 0
  /// Points without a purchase, and what of them was taken back.
  public internal(set) var gifts = 0
  /// Sum of every account over all entries.
  public internal(set) var accounts: [JournalAccount: Int64] = [:]
  /// At most `Limits.differences`; the rest is counted.
  public internal(set) var differences: [Difference] = []
  public internal(set) var omitted = 0
  /// By receipt and return, what others of the household moved for it less what it says they did: both are told page by page, and the
  /// two of one fact may stand on different pages. What is even is not kept.
  var lent: [Int64: Int64] = [:]
  /// The same of what members gave to each other and to charities.
  var handed: [HandedOver: Int64] = [:]
  /// What members gave to each other, and to charities.
  public internal(set) var transfers = 0
  public internal(set) var donations = 0

  public var isClean: Bool { differences.isEmpty }

  mutating func note(_ place: String, _ message: String) {
    if differences.count < Limits.differences {
      differences.append(Difference(place: place, message: message))
    } else {
      omitted += 1
    }
  }

  mutating func lend(_ points: Int64, to fact: Int64) {
    let sum = lent.removeValue(forKey: fact) ?? 0
    if sum + points != 0 { lent[fact] = sum + points }
  }

  mutating func expect(_ place: String, _ what: String, _ found: Int64, _ expected: Int64) {
    if found != expected { note(place, "\(what) is \(found), \(expected) was expected") }
  }
}
