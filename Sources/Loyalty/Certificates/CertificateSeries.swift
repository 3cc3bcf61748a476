import Access
import Calculator
import Conditions
import Kernel

/// Certificates that are alike: what they are worth, how they are used, what they pay for, how long they live.
public struct CertificateSeriesDetails: Coded {
  public typealias Of = Entity.CertificateSeries
  public static var noun: String { "certificate_series" }

  /// What one is sold for.
  public enum Face: Hashable, Sendable {
    case fixed(Money)
    /// Whatever the buyer wishes within these bounds.
    case free(ClosedRange<Money>)
  }

  public enum Use: String, Sendable, CaseIterable {
    /// On one receipt; what is left of it lapses.
    case single
    /// Until nothing is left.
    case partial
    /// The same, and more can be loaded at the till.
    case reloadable
  }

  /// Unique in the programme whatever its case.
  public let code: String
  public let name: LocalText
  public let face: Face
  public let use: Use
  /// What it pays for; nil: everything.
  public let goods: ProductFilter?
  /// Good through the end of the so-manieth day after it was sold or loaded; nil: without end.
  public let daysGood: Int?
  public let pattern: CodePattern
  /// Digits of the number under the scratch-off strip, 4 … 8; 0: none.
  public let pinDigits: Int
  /// None is sold or loaded any more. What is out stays good: it is paid for.
  public let isClosed: Bool
  /// The programme's.
  public let currency: Currency

  public init(
    code: String, name: LocalText, face: Face, use: Use = .partial, goods: ProductFilter? = nil, daysGood: Int? = 365,
    pattern: CodePattern = CodePattern(length: 14), pinDigits: Int = 0, isClosed: Bool = false, currency: Currency = .rub
  ) {
    self.code = code
    self.name = name
    self.face = face
    self.use = use
    self.goods = goods
    self.daysGood = daysGood
    self.pattern = pattern
    self.pinDigits = pinDigits
    self.isClosed = isClosed
    self.currency = currency
  }

  /// What one is worth that was sold for this much, and whether that is what one is sold for.
  func worth(soldFor amount: Money) -> (worth: Money, isRight: Bool) {
    switch face {
    // The card says so.
    case .fixed(let face): (face, face == amount)
    case .free(let range): (max(.zero, amount), range.contains(amount))
    }
  }

  /// Until when one is good that is sold or loaded now.
  func end(from now: Instant, in zone: Zone) -> Instant? {
    daysGood.map { zone.instant(zone.civil(at: now).day.adding(days: $0 + 1)) }
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
    let bounds = 1...Limits.certificate
    switch face {
    case .fixed(let face) where !bounds.contains(face.minor):
      issues.add(pointer + "/face/fixed", "out_of_range", "a certificate is worth \(Self.span(currency))")
    case .free(let range) where !bounds.contains(range.lowerBound.minor) || !bounds.contains(range.upperBound.minor):
      issues.add(pointer + "/face/most", "out_of_range", "a certificate is worth \(Self.span(currency))")
    case .fixed, .free: break
    }
    if let daysGood, !(1...3_650).contains(daysGood) {
      issues.add(pointer + "/daysGood", "out_of_range", "a certificate is good for 1 to 3650 days")
    }
    if pinDigits != 0, !(4...8).contains(pinDigits) {
      issues.add(pointer + "/pinDigits", "out_of_range", "a PIN has 4 to 8 digits; 0 is none")
    }
    pattern.check(at: pointer + "/pattern", issues)
  }

  private static func span(_ currency: Currency) -> String {
    let amounts = AmountForm(currency: currency, pointsScale: 0)
    return "\(amounts.text(Money(minor: 1))) to \(amounts.text(Money(minor: Limits.certificate)))"
  }
}

// As a file has it, and as it is stored.
extension CertificateSeriesDetails {
  /// Reads `{ "name": …, "face": { "fixed": "1000.00" } | { "least": "500.00", "most": "15000.00" }, "use": "partial", "goods": filter,
  /// "daysGood": 365, "pattern": …, "pinDigits": 4, "closed": true }`; what is wrong is noted.
  /// - Parameter reader: in the amounts of the programme, with names of the goods.
  public init?(code: String, _ node: JSONNode, _ reader: inout RuleReader) {
    node.expect("name", "face", "use", "goods", "daysGood", "pattern", "pinDigits", "closed")
    node["name"].expect("ru", "en")
    guard node["name"].required(), let ru = node["name"]["ru"].text(), let en = node["name"]["en"].text(),
      let face = Self.face(node["face"], reader.amounts)
    else { return nil }
    let goods = node["goods"].isPresent ? reader.filter(node["goods"]) : nil
    self.init(
      code: code, name: LocalText(ru: ru, en: en), face: face, use: node["use"].word() ?? .partial,
      goods: goods == .everything ? nil : goods, daysGood: node["daysGood"].int(1...3_650).map { Int($0) },
      pattern: node["pattern"].isPresent ? CodePattern(node["pattern"]) : CodePattern(length: 14),
      pinDigits: Int(node["pinDigits"].int(0...8) ?? 0), isClosed: node["closed"].bool() ?? false,
      currency: reader.amounts.currency)
  }

  private static func face(_ node: JSONNode, _ amounts: AmountForm) -> Face? {
    node.expect("fixed", "least", "most")
    guard node.required() else { return nil }
    if node["fixed"].isPresent { return amounts.money(node["fixed"], 1...Limits.certificate).map { .fixed($0) } }
    guard node["least"].required(), node["most"].required(), let least = amounts.money(node["least"], 1...Limits.certificate),
      let most = amounts.money(node["most"], 1...Limits.certificate)
    else { return nil }
    guard least <= most else {
      node["most"].refuse("bounds_crossed", "most may not be below least")
      return nil
    }
    return .free(least...most)
  }

  /// Names goods by their ids, as the database does.
  public var json: JSON { json(named: IDNames()) }

  public func json(named names: any Names) -> JSON {
    let amounts = AmountForm(currency: currency, pointsScale: 0)
    let face: JSON =
      switch face {
      case .fixed(let face): .object(["fixed": amounts.json(face)])
      case .free(let range): .object(["least": amounts.json(range.lowerBound), "most": amounts.json(range.upperBound)])
      }
    return .object([
      "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "face": face, "use": .string(use.rawValue),
      "goods": goods.flatMap { RuleWriter(names: names, amounts: amounts).filter($0) },
      "daysGood": daysGood.map { .int(Int64($0)) },
      "pattern": pattern.json, "pinDigits": pinDigits == 0 ? nil : .int(Int64(pinDigits)), "closed": isClosed ? true : nil,
    ])
  }
}

/// Goods by our own ids: `id=cat_…`, in a form that also passes as an attribute's.
struct IDNames: Names {
  func id(_ kind: NameKind, _ code: String) -> Int64? {
    guard code.hasPrefix("id=") else { return nil }
    return Int64(code.dropFirst(3))
  }

  func code(_ kind: NameKind, _ id: Int64) -> String? { "id=\(id)" }
}
