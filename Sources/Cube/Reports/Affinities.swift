/// What is bought together, and what is bought after what: categories by pairs, in receipts of everybody and in the days of members.
///
/// Memory: sixteen bytes for each pair of categories and thread, and eight for each purchase of the one member that is looked at.
public struct Affinities: CubeReport {
  public struct Found: Sendable {
    /// Receipts with something of the categories.
    public internal(set) var receipts: Int64 = 0
    /// By category: receipts with it, and members who bought it early enough for something to follow.
    public internal(set) var with: [Int64]
    public internal(set) var members: [Int64]
    /// By first and second category.
    var both: [Int64]
    var followed: [Int64]
    /// Of the member or receipt that is looked at: which pairs were counted already.
    fileprivate var seen: [UInt32]
    fileprivate var stamp: UInt32 = 0

    init(_ count: Int) {
      with = Array(repeating: 0, count: count)
      members = with
      both = Array(repeating: 0, count: count * count)
      followed = both
      seen = Array(repeating: 0, count: count * count)
    }

    /// Receipts with both.
    public func both(_ one: Int, _ other: Int) -> Int64 { both[one * with.count + other] }
    /// Members who bought the one, and the other on a later day within the days.
    public func followed(_ first: Int, by then: Int) -> Int64 { followed[first * with.count + then] }

    /// How many times as often both are in a receipt as they would be by chance, in thousandths; nil where one of them is in none.
    public func lift(_ one: Int, _ other: Int) -> Int64? {
      guard with[one] > 0, with[other] > 0 else { return nil }
      return Int64((Double(both(one, other)) * Double(receipts) / Double(with[one]) / Double(with[other]) * 1_000).rounded())
    }

    /// Pearson's χ² of the two, with one degree of freedom; nil where a cell is expected to have fewer than five receipts, for which it is
    /// not meant (W. G. Cochran, "Some methods for strengthening the common χ² tests", Biometrics 10, 1954).
    public func chiSquare(_ one: Int, _ other: Int) -> Double? {
      let (all, a, b) = (Double(receipts), Double(with[one]), Double(with[other]))
      let least = min(a, all - a) * min(b, all - b)
      guard all > 0, least / all >= 5 else { return nil }
      let difference = Double(both(one, other)) * all - a * b
      return difference / a * difference / b / (all - a) / (all - b) * all
    }
  }

  public let days: ClosedRange<Int>
  public let within: Int
  /// By code of a product: its category; below zero where it has none that is looked at.
  private let codes: [Int32]
  private let count: Int

  /// - Precondition: `codes` are below `count`.
  public init(_ days: ClosedRange<Int>, within: Int, codes: [Int32], count: Int) {
    precondition(codes.allSatisfy { $0 < count }, "every code is of a category")
    (self.days, self.within, self.codes, self.count) = (days, within, codes, count)
  }

  public var columns: [RollColumn] { [] }
  public var seesNobody: Bool { true }
  public var nothing: Found { Found(count) }

  public func join(_ other: Found, into all: inout Found) {
    all.receipts += other.receipts
    for place in all.with.indices {
      all.with[place] += other.with[place]
      all.members[place] += other.members[place]
    }
    for place in all.both.indices {
      all.both[place] += other.both[place]
      all.followed[place] += other.followed[place]
    }
  }

  public func see(_ member: MemberReceipts, into found: inout Found) {
    var bought: [(day: Int, category: Int)] = []
    member.forEach { receipt in
      guard receipt.counts, days.contains(receipt.day) else { return }
      let categories = categories(of: receipt)
      addReceipt(categories, &found)
      if !member.isNobody { bought += categories.map { (receipt.day, $0) } }
    }
    if member.isMixed { bought.sort { $0.day < $1.day } }
    follow(bought, &found)
  }

  /// Each once.
  private func categories(of receipt: SeenReceipt) -> [Int] {
    var categories: [Int] = []
    for line in receipt.lines {
      let product = receipt.product(line)
      guard product < codes.count, codes[product] >= 0, !categories.contains(Int(codes[product])) else { continue }
      categories.append(Int(codes[product]))
    }
    return categories
  }

  private func addReceipt(_ categories: [Int], _ found: inout Found) {
    guard !categories.isEmpty else { return }
    found.receipts += 1
    for one in categories {
      found.with[one] += 1
      for other in categories where other != one { found.both[one * count + other] += 1 }
    }
  }

  /// For what is bought on a day, the latest earlier day of every category decides: if that one is too long ago, so are all others.
  private func follow(_ bought: [(day: Int, category: Int)], _ found: inout Found) {
    guard !bought.isEmpty else { return }
    found.stamp += 1
    let stamp = found.stamp
    // Whoever bought it later than that had no time to buy something else after it.
    let last = days.upperBound - within
    var latest: [(category: Int, day: Int)] = []
    var start = 0
    while start < bought.count {
      let day = bought[start].day
      var end = start
      while end < bought.count, bought[end].day == day { end += 1 }
      for then in bought[start..<end] {
        for first in latest where day - first.day <= within && found.seen[first.category * count + then.category] != stamp {
          found.seen[first.category * count + then.category] = stamp
          found.followed[first.category * count + then.category] += 1
        }
      }
      for then in bought[start..<end] where day <= last {
        if let place = latest.firstIndex(where: { $0.category == then.category }) {
          latest[place].day = day
        } else {
          latest.append((then.category, day))
          found.members[then.category] += 1
        }
      }
      start = end
    }
  }
}
