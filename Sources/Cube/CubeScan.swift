/// A walk over part of a roll that adds its lines into a tally.
///
/// A block of lines is chosen first – the cell of each, and which receipt and member it is of – and then every measure runs over the
/// block by itself: short loops over small integers. A receipt that is out costs one look at its axes, a line one look-up of its product.
public struct CubeScan {
  let roll: Roll
  let plan: CubePlan
  /// Members of this roll who are not looked at: `LateWalk` looks at them.
  let hidden: Bits?
  /// Receipts of this roll that are not looked at: later facts took their place.
  let replaced: Bits?
  /// Members of this roll whose receipts are in no figure.
  private let out: Bits?
  private let memberCodes: [Int32]
  /// Receipts and members of this roll are numbered from here, so that those of several rolls differ.
  private let base: UInt32

  /// - Parameter index: of the roll in `plan.member`.
  /// - Parameter base: number of receipts in the rolls that go into the same tally before.
  init(_ roll: Roll, _ plan: CubePlan, index: Int = 0, base: UInt32 = 0, hiding hidden: Bits? = nil, replaced: Bits? = nil) {
    (self.roll, self.plan, self.base, self.hidden, self.replaced) = (roll, plan, base, hidden, replaced)
    out = roll.isAnonymous ? nil : plan.without?.sets[index]
    memberCodes = plan.member.isEmpty || roll.isAnonymous ? [] : plan.member[index]
  }

  /// Members in parts of about as many lines each, for as many threads. A roll of nobody is cut at its receipts: see `Part`.
  static func parts(of roll: Roll, _ count: Int) -> [Part] {
    let first = unsafe roll.values(.firstLine, as: UInt32.self)
    let members = unsafe roll.values(.firstReceipt, as: UInt32.self)
    var parts: [Part] = []
    var begin = 0
    for part in 1...max(1, count) {
      let lines = roll.lines * part / max(1, count)
      // The first receipt that begins at or behind that line.
      var (low, high) = (begin, roll.receipts)
      while low < high {
        let middle = (low + high) / 2
        if unsafe Int(first[middle]) < lines { low = middle + 1 } else { high = middle }
      }
      var end = part == max(1, count) ? roll.receipts : low
      if !roll.isAnonymous {
        var (from, to) = (0, roll.members)
        while from < to {
          let middle = (from + to) / 2
          if unsafe Int(members[middle]) < end { from = middle + 1 } else { to = middle }
        }
        end = unsafe Int(members[from])
      }
      if end > begin { parts.append(Part(receipts: begin..<end)) }
      begin = end
    }
    return parts
  }

  /// Receipts of whole members.
  public struct Part: Sendable { let receipts: Range<Int> }

  /// Adds the part's lines.
  /// - Precondition: the part begins and ends with a member, unless the roll is of nobody.
  func add(_ part: Part, to tally: inout Tally) {
    let members = unsafe Span(_unsafeElements: roll.values(.firstReceipt, as: UInt32.self))
    let first = unsafe Span(_unsafeElements: roll.values(.firstLine, as: UInt32.self))
    let flagged = unsafe Span(_unsafeElements: roll.values(.flags, as: UInt8.self))
    let cells = cells(of: part.receipts)
    var block = CubeBlock(plan)
    var member = roll.isAnonymous ? 0 : roll.member(of: part.receipts.lowerBound)
    while member < roll.members, Int(members[member]) < part.receipts.upperBound {
      let begin = max(Int(members[member]), part.receipts.lowerBound)
      let end = min(Int(members[member + 1]), part.receipts.upperBound)
      let code = roll.isAnonymous ? plan.nobody : memberCodes.isEmpty ? plan.everybody : memberCodes[member]
      if code >= 0, !(hidden.map { $0[member] } ?? false), !(out.map { $0[member] } ?? false) {
        var marks = ReceiptMarks(of: roll.isAnonymous ? 0 : base + UInt32(member) + 1, first: newcomer(among: begin..<end))
        for receipt in begin..<end {
          if let replaced, replaced[receipt] { continue }
          marks.see(base + UInt32(receipt) + 1, ReceiptFlags(rawValue: flagged[receipt]))
          let cell = cells[receipt - part.receipts.lowerBound]
          if cell < 0 { continue }
          let lines = first[receipt]..<first[receipt + 1]
          if !block.hasRoom(for: lines.count) { block.flush(roll, plan, &tally) }
          block.take(lines, code + cell, marks)
        }
      }
      member += 1
    }
    block.flush(roll, plan, &tally)
  }
}

extension CubeScan {
  /// The number of the sale with which a member began, by time; 0 where there is none, or nobody asks.
  private func newcomer(among receipts: Range<Int>) -> UInt32 {
    guard plan.asksNewcomers, !roll.isAnonymous else { return 0 }
    var best: (receipt: Int, time: ReceiptTime)?
    for receipt in receipts where roll.flags(of: receipt).counts && !(replaced.map { $0[receipt] } ?? false) {
      let time = plan.time(roll.order(of: receipt))
      // They are in the order of their days.
      if let best, time.day > best.time.day { break }
      if best.map({ time < $0.time }) ?? true { best = (receipt, time) }
    }
    return best.map { base + UInt32($0.receipt) + 1 } ?? 0
  }
}

/// What a receipt counts as, while a member's receipts are walked through in their order.
struct ReceiptMarks {
  private let member: UInt32
  private var receipt: UInt32 = 0
  private var visit: UInt32 = 0
  private let first: UInt32
  private var counts = false

  /// - Parameter first: the number of the sale with which the member began; 0 where nobody asks.
  init(of member: UInt32, first: UInt32) { (self.member, self.first) = (member, first) }

  mutating func see(_ number: UInt32, _ flags: ReceiptFlags) {
    (receipt, counts) = (number, flags.counts)
    if counts, !flags.contains(.continuesVisit) { visit = number }
  }

  func number(_ distinct: Distinct) -> UInt32 {
    guard counts else { return 0 }
    return switch distinct {
    case .receipts: receipt
    case .visits: visit
    case .members: member
    case .newMembers: receipt == first ? member : 0
    }
  }
}

extension Roll {
  /// The member whose receipts this one is among: a search among members.
  func member(of receipt: Int) -> Int {
    let first = unsafe values(.firstReceipt, as: UInt32.self)
    var (low, high) = (0, members)
    while low < high {
      let middle = (low + high) / 2
      if unsafe Int(first[middle + 1]) <= receipt { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Where a member's receipts are; nil where there are none.
  func place(of member: Int64) -> Int? {
    let ids = unsafe values(.member, as: Int64.self)
    var (low, high) = (0, members)
    while low < high {
      let middle = (low + high) / 2
      if unsafe ids[middle] < member { low = middle + 1 } else { high = middle }
    }
    return unsafe low < members && ids[low] == member ? low : nil
  }

  func receipts(ofMemberAt place: Int) -> Range<Int> {
    let first = unsafe values(.firstReceipt, as: UInt32.self)
    return unsafe Int(first[place])..<Int(first[place + 1])
  }

  public func memberID(at place: Int) -> Int64 { unsafe values(.member, as: Int64.self)[place] }
  public func receiptID(at place: Int) -> Int64 { unsafe values(.receipt, as: Int64.self)[place] }

  /// What receipts are ordered by within a member.
  func order(of receipt: Int) -> ReceiptOrder {
    unsafe ReceiptOrder(
      day: values(.day, as: UInt16.self)[receipt], store: values(.store, as: UInt32.self)[receipt],
      minute: values(.minute, as: UInt16.self)[receipt], id: values(.receipt, as: Int64.self)[receipt])
  }

  func flags(of receipt: Int) -> ReceiptFlags { unsafe ReceiptFlags(rawValue: values(.flags, as: UInt8.self)[receipt]) }

  func lines(of receipt: Int) -> Range<UInt32> {
    let first = unsafe values(.firstLine, as: UInt32.self)
    return unsafe first[receipt]..<first[receipt + 1]
  }

  /// Where a receipt with this order is among these; nil where it is not.
  func receipt(_ wanted: ReceiptOrder, among range: Range<Int>) -> Int? {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if order(of: middle) < wanted { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && order(of: low) == wanted ? low : nil
  }
}

/// The order of one member's receipts: by day, store, time.
public struct ReceiptOrder: Hashable, Comparable, Sendable {
  public let day: UInt16
  public let store: UInt32
  public let minute: UInt16
  public let id: Int64

  public init(day: UInt16, store: UInt32, minute: UInt16, id: Int64) {
    (self.day, self.store, self.minute, self.id) = (day, store, minute, id)
  }

  public static func < (a: ReceiptOrder, b: ReceiptOrder) -> Bool {
    if a.day != b.day { return a.day < b.day }
    if a.store != b.store { return a.store < b.store }
    if a.minute != b.minute { return a.minute < b.minute }
    return a.id < b.id
  }
}

/// When a member bought, for who came first: by business day, and in a day by the clock of the store, whichever store that was.
struct ReceiptTime: Hashable, Comparable, Sendable {
  let day: UInt16
  /// Since the day began.
  let minute: UInt16
  let id: Int64

  static func < (a: ReceiptTime, b: ReceiptTime) -> Bool { (a.day, a.minute, a.id) < (b.day, b.minute, b.id) }
}

extension CubePlan {
  var asksNewcomers: Bool { distincts.contains(.newMembers) }

  func time(_ order: ReceiptOrder) -> ReceiptTime {
    let start = Int(order.store) < dayStarts.count ? dayStarts[Int(order.store)] : 0
    return ReceiptTime(day: order.day, minute: (order.minute + 1_440 - start) % 1_440, id: order.id)
  }
}
