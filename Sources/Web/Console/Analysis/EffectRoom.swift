import Calculator
import Cube
import Customers
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// What the control group says loyalty brought.
struct EffectView {
  let question: EffectQuestion
  /// Nil where a refusal says why.
  let answer: EffectAnswer?
  let refusal: Problem?
  /// Promotions with a control group of their own.
  let promotions: [StoredPromotion]
  let segments: [(code: String, name: LocalText)]
  /// That are not archived.
  let formulas: [DefinedFormula]
  let programme: Programme
}

extension ConsoleDesk {
  static let effectPath = PivotState.path + "/effect"

  var effectDoors: [Door] {
    [.page(Self.effectPath, .seeFigures, effect)] + Door.file("\(Self.effectPath)/effect", .seeFigures, effectFile)
  }

  func effect(_ visit: Visit) async throws -> Answer {
    visit.show(EffectPage(view: try await effectView(visit), visit: visit).page, in: .analysis)
  }

  func effectFile(_ visit: Visit) async throws -> TableFile {
    let view = try await effectView(visit)
    if let refusal = view.refusal { throw refusal }
    guard let answer = view.answer else {
      throw Problem(.conflict, "cube_missing", "the columns for analysis are not made yet; try again in a minute")
    }
    return EffectTable(answer: answer, reader: visit.reader).file
  }

  private func effectView(_ visit: Visit) async throws -> EffectView {
    let programme = try visit.programme
    let query = visit.call.query
    let today = visit.reader.zone.civil(at: visit.call.at).day
    var question = EffectQuestion(
      first: query["from"].flatMap { CivilDay($0) } ?? today.adding(days: -91),
      last: query["to"].flatMap { CivilDay($0) } ?? today.adding(days: -1))
    question.promotion = query["promotion"].flatMap { $0.isEmpty ? nil : $0 }
    question.segment = query["segment"].flatMap { $0.isEmpty ? nil : $0 }
    question.isOfEverybody = query["people"] == "everybody"
    let book = FormulaBook(of: programme)
    let formulas = try await database.read { tx in try book.all(in: &tx) }
    question.values = try EffectChoice.values(query, book, formulas)
    let account = visit.account.id
    let (promotions, segments) = try await database.read { tx in
      let all = try everyPage(\.id) { try Promotions(of: programme).all(after: $0, limit: Limits.page, in: &tx) }
      let segments = try everyPage(\.id) { try Segments(of: account).all(after: $0, limit: Limits.page, in: &tx) }
      return (all.filter { ControlGroup($0.body["control"]) != nil }, segments.map { ($0.details.code, $0.details.name) })
    }
    var (answer, refusal): (EffectAnswer?, Problem?)
    do {
      answer = try await cubes?.keeper(of: programme).effect(question, of: programme, at: visit.call.at)
    } catch let problem as Problem {
      refusal = problem
    }
    return EffectView(
      question: question, answer: answer, refusal: refusal, promotions: promotions, segments: segments,
      formulas: formulas.filter { $0.archivedAt == nil }, programme: programme)
  }
}

/// Values of effects in words.
struct EffectWords {
  let reader: Reader

  func name(_ value: EffectValue) -> String {
    switch value {
    case .sales: reader("Выручка", "Sales")
    case .margin: reader("Маржа", "Margin")
    case .discount: reader("Скидки по акциям", "Discounts of promotions")
    case .earned: reader("Начислено бонусов", "Points earned")
    case .units: reader("Товаров", "Items")
    case .receipts: reader("Чеки", "Receipts")
    case .buyers: reader("Покупали, %", "Bought something, %")
    }
  }

  /// Of one member.
  func each(_ amount: Double, _ value: EffectValue) -> String {
    switch value {
    case .sales, .margin, .discount: reader.money(Money(minor: Self.whole(amount)))
    case .earned: reader.points(Points(units: Self.whole(amount)))
    case .units: reader.decimal(Self.whole(amount / 10), digits: 2)
    case .receipts: reader.decimal(Self.whole(amount * 100), digits: 2)
    case .buyers: reader.decimal(Self.whole(amount * 1_000), digits: 1)
    }
  }

  /// Of everybody together.
  func all(_ amount: Double, _ value: EffectValue) -> String {
    switch value {
    case .sales, .margin, .discount:
      let (text, unit) = reader.short(Money(minor: Self.whole(amount)))
      return unit.isEmpty ? text : text + "\u{a0}" + unit
    case .earned: return reader.points(Points(units: Self.whole(amount)))
    case .units: return reader.number(Self.whole(amount / 1_000))
    case .receipts, .buyers: return reader.number(Self.whole(amount))
    }
  }

  func signed(_ text: String, _ amount: Double) -> String { reader.signed(text, isPositive: amount > 0) }

  static func whole(_ amount: Double) -> Int64 { Int64(exactly: amount.rounded()) ?? 0 }
}

/// The table as a file: averages and their differences in the value's own unit.
struct EffectTable {
  let answer: EffectAnswer
  let reader: Reader

  var file: TableFile {
    let words = EffectWords(reader: reader)
    let heads = [
      TableFile.Column("value", reader("Показатель", "Value"), .text),
      .init("served", reader("На участника: все", "A member: everybody else"), .number(digits: 4)),
      .init("control", reader("На участника: контрольная", "A member: control"), .number(digits: 4)),
      .init("difference", reader("Разница", "Difference"), .number(digits: 4)),
      .init("from", reader("Интервал от", "Interval from"), .number(digits: 4)),
      .init("to", reader("Интервал до", "Interval to"), .number(digits: 4)),
      .init("total", reader("На всех", "All together"), .number(digits: 4)), .init("p", "p", .number(digits: 4)),
    ]
    let rows = EffectValue.allCases.compactMap { value -> [TableFile.Cell]? in
      guard let effect = answer[value] else { return nil }
      func cell(_ amount: Double) -> TableFile.Cell { .number(EffectWords.whole(amount * scale(value))) }
      return [
        .text(words.name(value)), cell(effect.served), cell(effect.control), cell(effect.difference),
        cell(effect.difference - effect.margin), cell(effect.difference + effect.margin), cell(effect.total),
        .number(EffectWords.whole(effect.p * 10_000)),
      ]
    }
    let asked = answer.asked.map { one -> [TableFile.Cell] in
      let unit = EffectChoice.scale(one.measure, reader)
      func cell(_ amount: Double?) -> TableFile.Cell { amount.map { .number(EffectWords.whole($0 * unit)) } ?? .empty }
      let effect = one.effect
      return [
        .text(words.name(one)), cell(effect?.served), cell(effect?.control), cell(effect?.difference),
        cell(effect.map { $0.difference - $0.margin }), cell(effect.map { $0.difference + $0.margin }),
        cell(one.isPerMember ? effect?.total : nil), effect.map { .number(EffectWords.whole($0.p * 10_000)) } ?? .empty,
      ]
    }
    var file = TableFile("effect", title: reader("Эффект", "Effect"), columns: heads, zone: reader.zone, rows: rows + asked)
    file.notes = answer.notes.sheet(reader.report)
    return file
  }

  /// Into ten-thousandths of the unit that people read.
  private func scale(_ value: EffectValue) -> Double {
    func tens(_ digits: Int) -> Double { (0..<digits).reduce(1.0) { scale, _ in scale * 10 } }
    return switch value {
    case .sales, .margin, .discount: 10_000 / tens(reader.currency.digits)
    case .earned: 10_000 / tens(reader.pointsScale)
    case .units: 10
    case .receipts, .buyers: 10_000
    }
  }
}
