import Calculator
import Conditions
import Kernel
import Testing

/// What the calculator says to people. Spaces inside amounts do not break: they are U+00A0.
@Suite struct SentenceTests {
  private func sentences() throws -> Sentences { Sentences(rules: try FullDocuments.rules()) }

  @Test(arguments: [
    (1, "Ещё 1 товар – и", "1 item more"), (2, "Ещё 2 товара – и", "2 items more"), (5, "Ещё 5 товаров – и", "5 items more"),
    (11, "Ещё 11 товаров – и", "11 items more"), (21, "Ещё 21 товар – и", "21 items more"),
    (104, "Ещё 104 товара – и", "104 items more"),
    (1112, "Ещё 1 112 товаров – и", "1,112 items more"),
  ]) func `goods are counted with the right word`(count: Int64, ru: String, en: String) throws {
    let said = try sentences().hint(Hint(promotion: 0, missing: .quantity(.pieces(count))))
    #expect(said.ru.plainSpaces.hasPrefix(ru))
    #expect(said.en.plainSpaces.hasPrefix(en))
  }

  @Test(arguments: [
    (100, " 1 бонус.", "1 point."), (200, "2 бонуса.", "2 points."), (1200, "12 бонусов.", "12 points."),
    (250, "2,50 бонуса.", "2.50 points."), (100_100, "1 001 бонус.", "1,001 points."),
  ]) func `points are counted with the right word`(units: Int64, ru: String, en: String) throws {
    var limits = SpendingLimits()
    limits.most = Points(units: units)
    limits.brake = .receipt
    let said = try #require(try sentences().brake(limits))
    #expect(said.ru.plainSpaces.hasSuffix(ru))
    #expect(said.en.plainSpaces.hasSuffix(en))
  }

  @Test(arguments: [
    (125_050, "1 250,50 ₽", "RUB 1,250.50"), (100_000, "1 000 ₽", "RUB 1,000"), (5, "0,05 ₽", "RUB 0.05"),
    (123_456_789_010, "1 234 567 890,10 ₽", "RUB 1,234,567,890.10"),
  ]) func `money is written as the reader's language writes it`(minor: Int64, ru: String, en: String) throws {
    let said = try sentences().hint(Hint(promotion: 0, missing: .amount(Money(minor: minor))))
    #expect(said.ru.plainSpaces == "Ещё \(ru) – и сработает «Весна».")
    #expect(said.en.plainSpaces == "\(en) more and “Spring” applies.")
  }

  @Test func `every cause, brake and hint has a whole sentence in both languages`() throws {
    let sentences = try sentences()
    var said = FullDocuments.causes.map { sentences.reason(Reason(promotion: 0, coupon: "SPRING", cause: $0)) }
    said += FullDocuments.missing.map { sentences.hint(Hint(promotion: 1, missing: $0)) }
    for brake in SpendingLimits.Brake.allCases {
      var limits = SpendingLimits()
      limits.brake = brake
      said.append(try #require(sentences.brake(limits)))
    }
    for text in said.flatMap({ [$0.ru, $0.en] }) { #expect(text.hasSuffix(".") && text.first?.isLowercase == false, "\(text)") }
    for text in said.map(\.en) { #expect(!text.unicodeScalars.contains { (0x400...0x4ff).contains($0.value) }, "\(text)") }
  }

  @Test func `points say from when they are good and until when`() throws {
    let sentences = try sentences()
    func said(_ from: CivilDay?, _ until: CivilDay?) -> LocalText {
      sentences.lot(EarnedLot(promotion: 1, points: Points(units: 12_000), days: LotDays(from: from, until: until)))
    }
    let (december, end) = (CivilDay("2026-12-01"), CivilDay("2026-12-31"))
    let both = said(december, end)
    #expect(both.ru.plainSpaces == "120 бонусов: активны с 1 декабря 2026, действуют по 31 декабря 2026.")
    #expect(both.en.plainSpaces == "120 points: active from 1 December 2026, good until 31 December 2026.")
    #expect(said(december, nil).ru.plainSpaces == "120 бонусов: активны с 1 декабря 2026.")
    #expect(said(nil, end).en.plainSpaces == "120 points: active later, good until 31 December 2026.")
  }

  @Test func `another promotion that stood in the way is named`() throws {
    let said = try sentences().reason(Reason(promotion: 0, cause: .excluded(by: 1)))
    #expect(said == LocalText(ru: "Не складывается с акцией «Вдвойне».", en: "It cannot be combined with “Double”."))
  }
}

extension String {
  fileprivate var plainSpaces: String { String(map { $0 == "\u{a0}" ? " " : $0 }) }
}
