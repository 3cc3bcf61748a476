import Kernel

/// Another place where walks can be done: a column server that has the same receipts.
public protocol CubeWalker: Sendable {
  /// What a walk finds, or why it is done over the rolls.
  func walk(_ plan: CubePlan) async -> CubeWalked
}

/// What another place answers to a walk.
public enum CubeWalked: Sendable {
  case done(Tally)
  case declined(CubeDecline)

  public var tally: Tally? { if case .done(let tally) = self { tally } else { nil } }
}

/// Why a walk is done over the rolls although there is another place.
public enum CubeDecline: Hashable, Sendable {
  /// Members are told apart by what only this program knows of them.
  case asksMembers
  /// Days between visits are found by a look at members one by one.
  case asksIntervals
  /// The question would be too long for it.
  case isTooLong
  /// It has not everything yet.
  case isBehind
  case failed(String)

  public var description: String {
    switch self {
    case .asksMembers: "members are asked one by one"
    case .asksIntervals: "days between visits are asked for"
    case .isTooLong: "the statement would be too long"
    case .isBehind: "the column server has not everything yet"
    case .failed(let why): "the column server failed: \(why)"
    }
  }
}

/// One walk of a question as it was done: what a plan is told by.
public struct CubeWalkNote: Hashable, Sendable {
  public enum Place: Hashable, Sendable {
    /// There is no other place.
    case rolls
    case server
    case rollsInstead(CubeDecline)
  }

  public let cells: Int
  public let totals: Int
  public let sums: [RollColumn]
  public let distincts: [Distinct]
  public let place: Place
  /// Members whose receipts were not looked at.
  public let leftOut: Int

  public init(_ plan: CubePlan, at place: Place) {
    (cells, totals, sums, distincts, self.place) = (plan.cells, plan.totals.count, plan.sums, plan.distincts, place)
    leftOut = plan.without?.members.count ?? 0
  }

  /// For a terminal.
  public var text: String {
    let counted = (sums.map { "sum \($0)" } + distincts.map { "distinct \($0)" }).joined(separator: ", ")
    let place =
      switch place {
      case .rolls: "over the rolls"
      case .server: "by the column server"
      case .rollsInstead(let why): "over the rolls: \(why.description)"
      }
    let without = leftOut == 0 ? "" : "; without \(leftOut) members"
    return "\(cells) cells, \(totals) totals; lines\(counted.isEmpty ? "" : ", " + counted)\(without); \(place)"
  }
}

extension CubePlan.Total {
  /// By cell: the sub-total's own.
  public var cellOf: ArraySlice<Int32> { of.dropLast() }
  public var count: Int { cells }
}

extension Tally {
  /// What somebody else counted in a cell. - Precondition: as many sums and distincts as the plan has.
  public mutating func set(_ cell: Int, lines: Int64, sums: some Collection<Int64>, distincts: some Collection<Int64>) {
    precondition(sums.count == plan.sums && distincts.count == plan.distincts)
    let first = cell * (1 + plan.sums + plan.distincts)
    cells[first] = lines
    for (place, value) in zip(1..., sums) { cells[first + place] = value }
    for (place, value) in zip(1..., distincts) { cells[first + plan.sums + place] = value }
  }

  /// The same for a sub-total.
  public mutating func set(total: Int, _ cell: Int, distincts: some Collection<Int64>) {
    precondition(distincts.count == plan.distincts)
    for (place, value) in distincts.enumerated() { totals[starts[total] + cell * plan.distincts + place] = value }
  }
}

extension Roll {
  /// Receipts as they were taken in. For whoever hands them on; costs an allocation for each line.
  public func receipts(_ places: Range<Int>) -> [CubeReceipt] {
    let (store, register) = unsafe (values(.store, as: UInt32.self), values(.register, as: UInt32.self))
    let (day, minute) = unsafe (values(.day, as: UInt16.self), values(.minute, as: UInt16.self))
    let (tier, occasion) = unsafe (values(.tier, as: UInt8.self), values(.occasion, as: UInt32.self))
    let (product, deals) = unsafe (values(.product, as: UInt32.self), values(.deals, as: UInt32.self))
    return places.map { place in
      let lines = lines(of: place).map { line in
        unsafe CubeReceipt.Line(
          product: product[Int(line)], deals: deals.isEmpty ? 0 : deals[Int(line)],
          sums: RollColumn.sums.map { sum($0, at: Int(line)) })
      }
      return unsafe CubeReceipt(
        id: receiptID(at: place), member: isAnonymous ? 0 : memberID(at: member(of: place)), day: day[place],
        minute: minute[place], store: store[place], register: register[place], tier: tier[place],
        flags: flags(of: place).subtracting(.continuesVisit), occasion: occasion[place], lines: lines)
    }
  }
}
