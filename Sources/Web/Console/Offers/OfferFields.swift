import Calculator
import Conditions
import Kernel
import Loyalty

// Consents, activation and certificates in a promotion's form and sentences.
extension PromotionShape {
  static func offerTexts(_ condition: Condition) -> [(String, String)] {
    switch condition {
    case .memberAttribute(let name, .isOneOf(let values)):
      values.map { (FieldQuestion.tick(name, FieldQuestion.word($0)), "on") }
    case .consents(let consents): consents.map { ("consent-" + $0.rawValue, "on") }
    case .privileges(let codes): codes.map { ("privilege-" + $0, "on") }
    case .activated(let life, _):
      [
        ("activated", "on"), ("activated-days", life.days.map(String.init) ?? ""),
        ("activated-uses", life.uses.map(String.init) ?? ""),
      ]
    case .coupon(let series): [("coupon", series)]
    case .certificate(let series): [("certificate", series)]
    default: []
    }
  }
}

extension PromotionBody {
  func privileges() -> JSON? {
    let codes = Self.privileges(in: form)
    return codes.isEmpty ? nil : .array(codes.map(JSON.string))
  }

  /// Codes that are ticked, those included that no tier brings any more.
  static func privileges(in form: Form) -> [String] {
    form.values.keys.filter { $0.hasPrefix("privilege-") }.map { String($0.dropFirst("privilege-".utf8.count)) }.sorted()
  }

  func activated() -> JSON? {
    guard form.has("activated") else { return nil }
    return .object(["days": whole("activated-days"), "uses": whole("activated-uses")])
  }
}

extension PromotionEditPage {
  /// Rights that tiers bring; nothing where none brings any.
  var privilegeQuestion: Markup? {
    var names: [String: String] = [:]
    for code in PromotionBody.privileges(in: form) { names[code] = code }
    for privilege in editing.tiers.flatMap(\.details.privileges) { names[privilege.code] = reader(privilege.name) }
    guard !names.isEmpty else { return nil }
    let ticks = names.sorted { $0.key < $1.key }.map { code, name in
      Tick(name: "privilege-" + code, label: name, isOn: form.has("privilege-" + code))
    }
    return TickGroup(
      label: reader("Привилегии уровня", "Privileges of the tier"), ticks: ticks,
      hint: reader("хотя бы одна из отмеченных; ни одной: не важно", "at least one of these; none: any"),
      fault: editing.faults["privileges"]
    ).html
  }

  /// Who agreed to what, and whether they have to activate it.
  var offerQuestions: Markup {
    let ticks = Consent.allCases.map { consent in
      let name = "consent-" + consent.rawValue
      return Tick(name: name, label: ConsentWords.name(consent, reader), isOn: form.has(name))
    }
    let isOpen = ticks.contains(where: \.isOn) || editing.faults["consents"] != nil
    let unset = reader("пусто: до конца акции", "empty: until the promotion ends")
    return """
      <div class="ticks">\(tick("activated", reader("Только после активации участником", "Only once the member has activated it")))</div>\
      <div class="fields narrow">\(field("activated-days", reader("На сколько дней", "For so many days"), hint: unset, limit: 4))\
      \(field("activated-uses", reader("На сколько чеков", "For so many receipts"), hint: reader("пусто: без счёта", "empty: any number"), limit: 4))</div>\
      <details class="fold within"\(isOpen ? " open" : "")><summary>\(Icon.right.usual)\(reader("Согласия участника", "What the member agreed to"))</summary>\
      <div class="stack pad-s wide">\(TickGroup(label: reader("Согласие дано", "Consent is given to"), ticks: ticks, hint: reader("хотя бы одно из отмеченных; ни одного: не важно", "at least one of these; none: any"), fault: editing.faults["consents"]).html)</div></details>
      """
  }

  var certificateQuestion: Markup {
    field(
      "certificate", reader("Сертификат", "Certificate"),
      hint: reader("код серии, которой платят; пусто: не важно", "the series that is paid with; empty: any"), limit: Limits.code)
  }
}

extension ConditionWords {
  /// Empty where it asks for something else.
  func offer(_ condition: Condition) -> [SentencePart] {
    switch condition {
    case .consents(let consents):
      [.word(reader("тем, кто дал согласие:", "those who agreed to")), .value(ConsentWords.list(consents, reader))]
    case .privileges(let codes):
      [.word(reader("с привилегией", "with the privilege")), .value(codes.joined(separator: reader(" или ", " or ")))]
    case .activated(let life, _):
      [.value(reader("тем, кто активировал предложение", "those who activated the offer"))] + parts(life)
    case .certificate(let series): [.word(reader("при оплате сертификатом", "paid with a certificate of")), .value(series)]
    default: []
    }
  }

  private func parts(_ life: OfferLife) -> [SentencePart] {
    let texts = [
      life.days.map { reader.count(Int($0), ("день", "дня", "дней"), ("day", "days")) },
      life.uses.map { reader.count(Int($0), ("чек", "чека", "чеков"), ("receipt", "receipts")) },
    ].compactMap { $0 }
    guard !texts.isEmpty else { return [] }
    return [.word(reader("– активация на", "– for")), .value(texts.joined(separator: reader(" и ", " and ")))]
  }
}
