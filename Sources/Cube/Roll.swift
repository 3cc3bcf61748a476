/// Bytes that somebody keeps in memory, such as a mapped file. They do not change while a roll reads them.
public protocol RollBytes: AnyObject, Sendable {
  /// Where they lie. At least eight-byte aligned.
  var bytes: UnsafeRawBufferPointer { get }
}

/// Lines of many receipts as columns, ordered by member, business day, store and time: whatever is asked of members, their receipts
/// and their lines is one walk from front to back, and what is distinct is seen by comparing with the one before.
public struct Roll: Sendable {
  public let members: Int
  public let receipts: Int
  public let lines: Int
  /// Receipts of nobody, as if of one member who is never counted.
  public let isAnonymous: Bool
  private let owner: any RollBytes
  /// By the column's number: looked up for every member that is asked about.
  private let places: [Place?]

  struct Place { let offset: Int, width: Int }

  /// Checks the head of a roll's bytes; cost does not grow with the roll.
  /// - Throws: `RollFailure` that says what does not fit.
  public init(_ owner: any RollBytes) throws(RollFailure) {
    let head = try unsafe RollHead(owner.bytes)
    (members, receipts, lines, isAnonymous) = (head.members, head.receipts, head.lines, head.isAnonymous)
    var places = [Place?](repeating: nil, count: RollColumn.numbers)
    for (column, place) in head.places { places[Int(column.rawValue)] = place }
    (self.places, self.owner) = (places, owner)
  }

  /// Bytes of the file, its head included.
  public var size: Int { unsafe owner.bytes.count }

  /// Bytes of one value in this roll; 0 where all values are zero and none is kept.
  func width(_ column: RollColumn) -> Int { places[Int(column.rawValue)]?.width ?? 0 }

  /// How many values a column has.
  func count(_ column: RollColumn) -> Int {
    switch column.grain {
    case .member: members + (column == .firstReceipt ? 1 : 0)
    case .receipt: receipts + (column == .firstLine ? 1 : 0)
    case .line: lines
    }
  }

  /// A column as it lies; empty where it is absent. Readers make a `Span` of it, whose every access is checked.
  func values<Value: BitwiseCopyable>(_ column: RollColumn, as type: Value.Type = Value.self) -> UnsafeBufferPointer<Value> {
    guard let place = places[Int(column.rawValue)], place.width > 0 else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
    precondition(place.width == MemoryLayout<Value>.size, "column \(column) has values of \(place.width) bytes")
    let part = unsafe UnsafeRawBufferPointer(rebasing: owner.bytes[place.offset..<place.offset + count(column) * place.width])
    return unsafe part.assumingMemoryBound(to: type)
  }

  /// One value of a column of sums. For a few of them; scans read whole columns.
  public func sum(_ column: RollColumn, at line: Int) -> Int64 {
    precondition(line < lines)
    return switch width(column) {
    case 4: unsafe Int64(values(column, as: Int32.self)[line])
    case 8: unsafe values(column, as: Int64.self)[line]
    default: 0
    }
  }

  /// Recomputes what the head says of the columns' bytes. Reads everything.
  public func verify() throws(RollFailure) {
    let head = try unsafe RollHead(owner.bytes)
    for entry in head.entries {
      let part = unsafe UnsafeRawBufferPointer(rebasing: owner.bytes[entry.offset..<entry.offset + entry.bytes])
      guard unsafe RollHead.checksum(part) == entry.checksum else {
        throw .damaged("column \(entry.column) has other bytes than were written")
      }
    }
  }
}

/// A roll that cannot be read. The remedy is always the same: it is made again from the database.
public enum RollFailure: Error, Hashable, Sendable, CustomStringConvertible {
  case damaged(String)
  /// Written by a newer program.
  case unknownVersion(Int)

  public var description: String {
    switch self {
    case .damaged(let what): "a roll of the cube is damaged: \(what); make it again with regulars cube rebuild"
    case .unknownVersion(let version):
      "a roll of the cube has version \(version), which this program does not know; make it again with regulars cube rebuild"
    }
  }
}
