import Kernel
import Storage

/// Entries of one occasion, as they are stored: one row.
public struct Posting: Hashable, Sendable {
  public let occasion: Occasion
  public let entries: [Entry]

  /// Groups neighbouring entries of one occasion.
  static func grouping(_ entries: [Entry]) -> [Posting] {
    var postings: [Posting] = []
    var start = 0
    for end in entries.indices where end + 1 == entries.count || entries[end + 1].occasion != entries[start].occasion {
      postings.append(Posting(occasion: entries[start].occasion, entries: Array(entries[start...end])))
      start = end + 1
    }
    return postings
  }

  /// `[[from, to, amount, lot], …]`, which a view can unfold on either database.
  var text: String {
    var writer = JSONWriter(reserving: 24 * entries.count + 2)
    writer.openArray()
    for entry in entries {
      writer.openArray()
      writer.int(Int64(entry.from.rawValue))
      writer.int(Int64(entry.to.rawValue))
      writer.int(entry.amount.units)
      writer.int(Int64(entry.lot.raw))
      writer.closeArray()
    }
    writer.closeArray()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Reads a stored row.
  /// - Throws: `StorageFailure.damaged`.
  init(_ text: String, on occasion: Occasion) throws {
    self.occasion = occasion
    guard case .array(let rows) = try storedJSON(text, in: "posting.entries") else { throw Self.damaged(text) }
    entries = try rows.map { row in
      guard case .array(let parts) = row, parts.count == 4, case .int(let from) = parts[0], case .int(let to) = parts[1],
        case .int(let amount) = parts[2], case .int(let lot) = parts[3], amount > 0,
        let source = UInt8(exactly: from).flatMap(JournalAccount.init),
        let target = UInt8(exactly: to).flatMap(JournalAccount.init),
        let number = UInt32(exactly: lot)
      else { throw Self.damaged(text) }
      return Entry(Points(units: amount), from: source, to: target, lot: LotNumber(number), on: occasion)
    }
  }

  private init(occasion: Occasion, entries: [Entry]) {
    self.occasion = occasion
    self.entries = entries
  }

  private static func damaged(_ text: String) -> StorageFailure {
    StorageFailure.damaged("posting.entries is not [[from, to, amount, lot], …]: \(text.prefix(80))")
  }
}

extension Cause {
  /// How a cause is stored: a number that never changes its meaning, and an id, 0 where there is none.
  var stored: (kind: Int64, id: Int64) {
    switch self {
    case .sale(let id): (1, id.raw)
    case .refund(let id): (2, id.raw)
    case .attachment(let id): (3, id.raw)
    case .hold(let id): (4, id.raw)
    case .holdEnded(let id): (5, id.raw)
    case .adjustment(let id): (6, id.raw)
    case .opening(let id): (7, id.raw)
    case .activation: (8, 0)
    case .expiry: (9, 0)
    case .regrouping: (10, 0)
    case .merge(let id): (11, id.raw)
    case .gift(let id): (12, id.raw)
    case .drawn(let id): (13, id.raw)
    case .drawnBack(let id): (14, id.raw)
    case .transfer(let id): (15, id.raw)
    case .received(let id): (16, id.raw)
    case .transferBack(let id): (17, id.raw)
    case .receivedBack(let id): (18, id.raw)
    case .donation(let id): (19, id.raw)
    case .donationBack(let id): (20, id.raw)
    }
  }

  init?(kind: Int64, id: Int64) {
    switch kind {
    case 1: self = .sale(ID(id))
    case 2: self = .refund(ID(id))
    case 3: self = .attachment(ID(id))
    case 4: self = .hold(ID(id))
    case 5: self = .holdEnded(ID(id))
    case 6: self = .adjustment(ID(id))
    case 7: self = .opening(ID(id))
    case 8: self = .activation
    case 9: self = .expiry
    case 10: self = .regrouping
    case 11: self = .merge(ID(id))
    case 12: self = .gift(ID(id))
    case 13: self = .drawn(ID(id))
    case 14: self = .drawnBack(ID(id))
    case 15: self = .transfer(ID(id))
    case 16: self = .received(ID(id))
    case 17: self = .transferBack(ID(id))
    case 18: self = .receivedBack(ID(id))
    case 19: self = .donation(ID(id))
    case 20: self = .donationBack(ID(id))
    default: return nil
    }
  }
}
