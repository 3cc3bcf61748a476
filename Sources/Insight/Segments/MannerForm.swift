import Calculator
import Conditions
import Cube
import Kernel

extension SegmentCondition {
  /// How something was sold, as its receipt says; an empty list means any.
  public struct Manner: Hashable, Sendable {
    public var channels: [Channel] = []
    public var tenders: [TenderKind] = []
    /// Series of coupons that were good on the receipt, or codes of those that have none.
    public var coupons: [String] = []
    /// One of them gave money off or points on the line.
    public var promotions: IDList<Entity.Promotion> = []
    public init() {}
  }
}

// How a purchase was made: where it was ordered, what it was paid with, which coupons were shown, and which promotions gave something.
extension SegmentForm {
  static let mannerWords = ["channels", "tenders", "coupons", "promotions"]

  mutating func manner(_ node: JSONNode) -> SegmentCondition.Manner {
    var manner = SegmentCondition.Manner()
    manner.channels = node["channels"].words() ?? []
    manner.tenders = node["tenders"].words() ?? []
    if node["coupons"].isPresent {
      manner.coupons = node["coupons"].items(max: Limits.bulk).compactMap { $0.code() }
      if manner.coupons.isEmpty { node["coupons"].refuse("empty", "name at least one series or code, or leave the question out") }
    }
    if node["promotions"].isPresent { manner.promotions = rules.ids(.promotion, node["promotions"]) }
    return manner
  }

  func members(_ manner: SegmentCondition.Manner) -> [JSON.Member] {
    var members: [JSON.Member] = []
    if !manner.channels.isEmpty { members.append(JSON.Member("channels", writer.words(manner.channels))) }
    if !manner.tenders.isEmpty { members.append(JSON.Member("tenders", writer.words(manner.tenders))) }
    if !manner.coupons.isEmpty { members.append(JSON.Member("coupons", .array(manner.coupons.map(JSON.string)))) }
    if !manner.promotions.raws.isEmpty { members.append(JSON.Member("promotions", writer.codes(.promotion, manner.promotions))) }
    return members
  }
}

extension SegmentCompiler {
  /// Codes stand for whole words, so each question is one look at the list of codes, some thousands at most, and a bit at each receipt.
  func put(_ manner: SegmentCondition.Manner, in goods: inout HistoryQuestion.Goods) {
    if !manner.channels.isEmpty || !manner.tenders.isEmpty || !manner.coupons.isEmpty {
      goods.occasions = Self.bits(codes.occasions, where: manner.holds)
    }
    if !manner.promotions.raws.isEmpty {
      let wanted = Set(manner.promotions.raws)
      goods.deals = Self.bits(codes.deals) { !wanted.isDisjoint(with: $0) }
    }
  }

  private static func bits<Value>(_ values: [Value], where holds: (Value) -> Bool) -> Bits {
    var bits = Bits(count: values.count)
    for (code, value) in values.enumerated() where holds(value) { bits[code] = true }
    return bits
  }
}

extension SegmentCondition.Manner {
  fileprivate func holds(for occasion: CubeCodes.Occasion) -> Bool {
    (channels.isEmpty || channels.contains { $0.rawValue == occasion.channel })
      && (tenders.isEmpty || tenders.contains { occasion.tenders.contains($0.rawValue) })
      && (coupons.isEmpty || coupons.contains(where: occasion.coupons.contains))
  }
}
