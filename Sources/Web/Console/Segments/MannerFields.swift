import Conditions
import Insight
import Kernel
import Storage

/// How a purchase was made, as fields: channels, ways to pay, coupons and promotions.
struct MannerFields {
  let form: Form
  let faults: FormFaults
  let reader: Reader

  private var channels: [Tick] { ticks("channels", Channel.allCases.map { ($0.rawValue, KindWords.channel($0, reader)) }) }
  private var tenders: [Tick] { ticks("tenders", TenderKind.allCases.map { ($0.rawValue, KindWords.tender($0, reader)) }) }

  /// Whether something is said, or was refused.
  var isUsed: Bool {
    (channels + tenders).contains(where: \.isOn)
      || ["coupons", "promotions"].contains { !form[$0].isEmpty || faults[$0] != nil }
  }

  var html: Markup {
    """
    \(TickGroup(label: reader("Где заказано", "Where it was ordered"), ticks: channels, fault: faults["channels"]).html)\
    \(TickGroup(label: reader("Оплачено хотя бы частью", "Paid, at least in part, by"), ticks: tenders, fault: faults["tenders"]).html)\
    <div class="fields">\(box("promotions", reader("Сработала акция", "A promotion gave something"), reader("хотя бы одна; названия или коды, по одному в строке", "at least one of; names or codes, one on each line")))\
    \(box("coupons", reader("Принят купон", "A coupon was good"), reader("хотя бы один; коды серий или промокоды", "at least one of; codes of series, or promo codes")))</div>
    """
  }

  private func ticks(_ field: String, _ all: [(code: String, name: String)]) -> [Tick] {
    all.map { Tick(name: "\(field)-\($0.code)", label: $0.name, isOn: form.has("\(field)-\($0.code)")) }
  }

  private func box(_ name: String, _ label: String, _ hint: String) -> Markup {
    TextBox(name: name, label: label, value: form[name], hint: hint, fault: faults[name], lines: 2, limit: Limits.body).html
  }
}

extension SegmentClause.Reading {
  func manner(in tx: inout Transaction) throws -> [JSON.Member] {
    var members: [JSON.Member] = []
    func add(_ field: String, _ all: [String]) {
      let chosen = all.filter { form.has("\(field)-\($0)") }
      if !chosen.isEmpty { members.append(JSON.Member(field, .array(chosen.map(JSON.string)))) }
    }
    add("channels", Channel.allCases.map(\.rawValue))
    add("tenders", TenderKind.allCases.map(\.rawValue))
    if !lines("coupons").isEmpty { members.append(JSON.Member("coupons", texts("coupons"))) }
    if let list = try codes("promotions", .promotion, in: &tx) { members.append(JSON.Member("promotions", list)) }
    return members
  }
}

extension SegmentClause.Fields {
  mutating func put(_ manner: SegmentCondition.Manner) {
    for channel in manner.channels { values["channels-\(channel.rawValue)"] = "on" }
    for tender in manner.tenders { values["tenders-\(tender.rawValue)"] = "on" }
    values["coupons"] = manner.coupons.joined(separator: "\n")
    values["promotions"] = manner.promotions.map { codes.code(.promotion, $0.raw) ?? "\($0)" }.joined(separator: "\n")
  }
}

extension SegmentWords {
  func manner(_ manner: SegmentCondition.Manner) -> [SentencePart] {
    var parts: [SentencePart] = []
    if !manner.channels.isEmpty {
      parts += [.word(reader("где:", "at:")), .value(list(manner.channels.map { KindWords.channel($0, reader) }))]
    }
    if !manner.tenders.isEmpty {
      parts += [.word(reader("с оплатой", "paid by")), .value(list(manner.tenders.map { KindWords.tender($0, reader) }))]
    }
    if !manner.coupons.isEmpty { parts += [.word(reader("с купоном", "with the coupon")), .value(list(manner.coupons))] }
    if manner.promotions.count > 0 {
      parts += [.word(reader("по акции", "with the promotion")), .value(rules.names.list(.promotion, manner.promotions))]
    }
    return parts
  }
}
