import Calculator
import Kernel
import Loyalty

/// A promotion among those that can stand in for it.
struct PromotionCompany {
  let promotion: StoredPromotion
  /// All that are not archived.
  let others: [StoredPromotion]
  /// Those that take what members bring, as this one does: where tills have this one, only what tills have counts.
  private let substitutes: [StoredPromotion]

  init(_ promotion: StoredPromotion, _ everything: [StoredPromotion]) {
    self.promotion = promotion
    others = everything.filter { $0.id != promotion.id && $0.status != .archived }
    substitutes = promotion.status == .running ? others.filter { $0.status == .running } : others
  }

  /// Series of coupons that this promotion takes and no other.
  var orphanedCoupons: [String] {
    let taken = Set(substitutes.flatMap(\.body.askedCoupons).map(folded))
    return Set(promotion.body.askedCoupons).filter { !taken.contains(folded($0)) }.sorted()
  }

  /// The card that this promotion takes stamps off and no other.
  var orphanedCard: String? {
    guard let card = promotion.body.takenCard else { return nil }
    return substitutes.contains { $0.body.takenCard == card } ? nil : card
  }
}

// What is read off rules as they are stored, whether they can be compiled or not.
extension JSON {
  private var word: String? { if case .string(let text) = self { text } else { nil } }

  private var list: [JSON] { if case .array(let items) = self { items } else { [] } }

  func words(_ name: String) -> [String] { (self[name]?.list ?? []).compactMap(\.word) }

  /// Whether a list under this name, however deep, has the code.
  func names(_ code: String, under name: String) -> Bool {
    switch self {
    case .array(let items): items.contains { $0.names(code, under: name) }
    case .object(let members):
      members.contains { member in
        member.key == name && member.value.list.contains(.string(code)) || member.value.names(code, under: name)
      }
    case .null, .bool, .int, .number, .string: false
    }
  }

  /// Series of coupons that the condition speaks of, outside of what must not hold.
  var askedCoupons: [String] { self["when"]?.said("coupon") ?? [] }
  /// Members have to activate it.
  var asksActivation: Bool { self["when"]?.has("activated") ?? false }

  private func said(_ name: String) -> [String] {
    switch self {
    case .array(let items): items.flatMap { $0.said(name) }
    case .object(let members):
      members.flatMap { member -> [String] in
        if member.key == "none" { return [] }
        if member.key == name, let word = member.value.word { return [word] }
        return member.value.said(name)
      }
    case .null, .bool, .int, .number, .string: []
    }
  }

  private func has(_ name: String) -> Bool {
    switch self {
    case .array(let items): items.contains { $0.has(name) }
    case .object(let members): members.contains { $0.key == name || $0.value.has(name) }
    case .null, .bool, .int, .number, .string: false
    }
  }

  /// The card whose stamps pay for it.
  var takenCard: String? { self["takes"]?["card"]?.word }

  private var reward: JSON? { self["benefit"]?["reward"] }
  var rewardedCoupon: String? { reward?["coupon"]?.word }
  var rewardedCertificate: String? { reward?["certificate"]?.word }
  var rewardedGame: String? { reward?["game"]?.word }
  var rewardedCard: String? { reward?["card"]?.word }

  /// Who bears a share of it besides the retailer.
  var payers: [FundingKey] {
    (self["funding"]?.list ?? []).compactMap { part in
      guard let payer = part["payer"]?.word.flatMap(Funding.Payer.init(rawValue:)), payer != .retailer else { return nil }
      return FundingKey(payer: payer, code: part["code"]?.word ?? "", contract: part["contract"]?.word ?? "")
    }
  }
}
