import Jobs
import Kernel

/// How a receipt is known at its till: by what is printed on it.
public struct ReceiptKey: Hashable, Sendable {
  /// A document of a fiscal drive: the second unique key, where it is known.
  public struct Fiscal: Hashable, Sendable {
    public let drive: String
    public let document: Int64
    public init(drive: String, document: Int64) {
      self.drive = drive
      self.document = document
    }

    /// Reads the text of the code on a fiscal receipt: `t=20261121T0930&s=123.00&fn=9289000100012345&i=31&fp=1234567890&n=1`.
    public init?(printed text: some StringProtocol) {
      var drive: String?
      var document: Int64?
      for pair in text.split(separator: "&") {
        if pair.hasPrefix("fn=") { drive = String(pair.dropFirst(3)) }
        if pair.hasPrefix("i=") { document = Int64(pair.dropFirst(2)) }
      }
      guard let drive, let document, document > 0, (1...Limits.code).contains(drive.utf8.count) else { return nil }
      self.init(drive: drive, document: document)
    }
  }

  public let store: StoreID
  /// The till's code; the channel for orders that no till made, which then have shift 0.
  public let register: String
  public let shift: Int64
  public let number: String
  /// The local date as printed.
  public let day: CivilDay
  public let fiscal: Fiscal?

  /// - Precondition: codes have at most `Limits.code` bytes; whoever parses input sees to it.
  public init(store: StoreID, register: String, shift: Int64, number: String, day: CivilDay, fiscal: Fiscal? = nil) {
    precondition(register.utf8.count <= Limits.code && number.utf8.count <= Limits.code, "codes of a receipt key are bounded")
    self.store = store
    self.register = register
    self.shift = shift
    self.number = number
    self.day = day
    self.fiscal = fiscal
  }

  /// As it is stored: store and register first, so that neighbours in time are neighbours on disk. Codes hold no control
  /// characters, so a tab cannot make two keys look alike.
  var text: String { Self.beginning(store, register, day, shift) + number }

  /// What the stored keys of one shift begin with on one date; the receipt's number follows.
  static func beginning(_ store: StoreID, _ register: String, _ day: CivilDay, _ shift: Int64) -> String {
    beginning(store, register, day) + "\(shift)\t"
  }

  /// The same of everything that a store ever sold.
  static func beginning(_ store: StoreID) -> String { String(store.raw, radix: 36) + "\t" }

  /// Of one register, the latest date last: dates are five digits until the year 2243.
  static func beginning(_ store: StoreID, _ register: String) -> String { beginning(store) + "\(register)\t" }

  /// The same of all shifts of a register on one date.
  static func beginning(_ store: StoreID, _ register: String, _ day: CivilDay) -> String {
    beginning(store, register) + "\(day.number)\t"
  }

  /// The receipt of a fiscal document, whatever else is printed on it: nothing is printed with an empty number, so this finds by the
  /// document alone. - Parameter store: any of the account; it is not looked at.
  public init(fiscal: Fiscal, near store: StoreID) {
    self.init(store: store, register: "", shift: 0, number: "", day: CivilDay(number: 0), fiscal: fiscal)
  }

  func natural(_ kind: NaturalKey.Kind) -> [NaturalKey] {
    let printed = NaturalKey(kind, text)
    guard let fiscal, kind == .receipt else { return [printed] }
    return [printed, NaturalKey(.fiscal, "\(fiscal.drive) \(fiscal.document)")]
  }
}
