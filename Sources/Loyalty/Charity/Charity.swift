import Calculator
import Kernel

/// A charity that members of a programme give points to. The programme pays for them in money.
public struct Charity: Hashable, Sendable {
  /// Unique in the programme; it stands in addresses.
  public var code: String
  public var name: LocalText
  /// What the points are for, as members read it; nil: nothing is said.
  public var about: LocalText?
  /// Whom the programme pays, as documents name them.
  public var payee: String
  public var taxNumber: String
  public var contract: String
  /// Days of the programme's clock, both included; nil: open.
  public var from: CivilDay?
  public var until: CivilDay?
  /// What is to come together; giving goes on beyond it.
  public var target: Points?
  public var isActive: Bool

  public init(
    code: String, name: LocalText, about: LocalText? = nil, payee: String, taxNumber: String = "", contract: String = "",
    from: CivilDay? = nil, until: CivilDay? = nil, target: Points? = nil, isActive: Bool = true
  ) {
    (self.code, self.name, self.about, self.payee) = (code, name, about, payee)
    (self.taxNumber, self.contract, self.from, self.until) = (taxNumber, contract, from, until)
    (self.target, self.isActive) = (target, isActive)
  }

  /// True on a day on which points are taken.
  public func takes(on day: CivilDay) -> Bool {
    isActive && (from.map { $0 <= day } ?? true) && (until.map { day <= $0 } ?? true)
  }
}

// As settings have it.
extension Charity {
  /// Reads what `json` wrote; what is wrong is noted.
  public init?(_ node: JSONNode, _ amounts: AmountForm) {
    node.expect("code", "name", "about", "payee", "taxNumber", "contract", "from", "until", "target", "active")
    _ = (node["code"].required(), node["payee"].required())
    guard let code = node["code"].code(), let name = LocalText(reading: node["name"]),
      let payee = node["payee"].text(max: Limits.name)
    else { return nil }
    self.init(
      code: code, name: name, about: node["about"].isPresent ? LocalText(longReading: node["about"]) : nil, payee: payee,
      taxNumber: node["taxNumber"].text(max: Limits.code) ?? "", contract: node["contract"].text(max: Limits.code) ?? "",
      from: node["from"].day(), until: node["until"].day(), target: amounts.points(node["target"], 1...Limits.amount),
      isActive: node["active"].bool() ?? true)
    if code.contains(where: { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }) {
      node["code"].refuse("not_a_code", "letters, digits, hyphens and low lines: the code stands in addresses")
    }
    if let from, let until, until < from { node["until"].refuse("bounds_crossed", "until must not be before from") }
  }

  public func json(_ amounts: AmountForm) -> JSON {
    func text(_ text: String) -> JSON? { text.isEmpty ? nil : .string(text) }
    return .object([
      "code": .string(code), "name": name.coded, "about": about?.coded, "payee": .string(payee), "taxNumber": text(taxNumber),
      "contract": text(contract), "from": from.map { .string($0.description) }, "until": until.map { .string($0.description) },
      "target": target.map(amounts.json), "active": isActive ? nil : false,
    ])
  }
}

extension LocalText {
  /// A text for people, longer than a name.
  fileprivate init?(longReading node: JSONNode) {
    node.expect("ru", "en")
    guard let ru = node["ru"].text(max: Limits.note), let en = node["en"].text(max: Limits.note) else { return nil }
    self.init(ru: ru, en: en)
  }
}
