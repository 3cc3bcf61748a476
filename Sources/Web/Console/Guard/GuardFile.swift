import Access
import Kernel
import Loyalty
import Storage
import Tables

/// The alerts of the fraud board as a table.
extension ConsoleDesk {
  /// Those that the board shows, however far back. Who takes them away is written down.
  func guardFile(_ visit: Visit) async throws -> TableFile {
    let (programme, reader, change) = (try visit.programme, visit.reader, change(visit))
    let states: [GuardAlert.State] = visit.call.query["all"] != nil ? GuardAlert.State.allCases : [.open, .seen]
    try await database.write { tx in
      let after: JSON = .object(["states": .array(states.map { .string($0.rawValue) })])
      try AuditTrail(of: programme.account).record([.did("guard.exported", programme.id, after: after)], by: change, in: &tx)
    }
    let columns = Self.guardColumns(reader)
    return TableFile("guard-alerts", title: reader("Сигналы", "Alerts"), columns: columns, zone: reader.zone) { [database] take in
      var before: GuardAlertID?
      while true {
        let last = before
        let (page, named) = try await database.read { tx in
          let page = try GuardAlerts(of: programme).all(states, before: last, limit: Limits.page, in: &tx)
          return (page, try GuardNames(of: page.map(\.place), programme.account, programme, &tx))
        }
        let words = self.guardWords(visit, named)
        try await take(page.map { Self.cells($0, words, named) })
        guard page.count == Limits.page, let end = page.last else { return }
        before = end.id
      }
    }
  }

  private static func guardColumns(_ reader: Reader) -> [TableFile.Column] {
    [
      .init("id", reader("Номер", "Number"), .text), .init("at", reader("Когда", "When"), .moment),
      .init("day", reader("День", "Day"), .day), .init("kind", reader("Кто", "Kind"), .text),
      .init("subject", reader("Код", "Code"), .text), .init("name", reader("Название", "Name"), .text),
      .init("store", reader("Магазин", "Store"), .text), .init("limit", reader("Лимит", "Limit"), .text),
      .init("measure", reader("Что", "What"), .text), .init("hard", reader("Жёсткий", "Hard"), .text),
      .init("figure", reader("Значение", "Figure"), .text), .init("threshold", reader("Порог", "Threshold"), .text),
      .init("state", reader("Состояние", "State"), .text), .init("decided", reader("Решено", "Decided"), .moment),
      .init("decided_by", reader("Кем", "By"), .text), .init("note", reader("Пояснение", "Note"), .text),
    ]
  }

  private static func cells(_ alert: GuardAlert, _ words: GuardWords, _ named: GuardNames) -> [TableFile.Cell] {
    let store = named.stores.first { $0.id == alert.place.store }?.details.code ?? ""
    return [
      .text("\(alert.id)"), .moment(alert.at), .day(alert.day), .text(words.name(alert.place.kind)), .text(alert.place.subject),
      .text(words.title(alert.place)), .text(store), .text(alert.limit),
      .text("\(words.name(alert.measure)) \(words.window(alert.window))"), .text(alert.isHard ? "yes" : ""),
      .text(words.figure(alert.figure, alert.measure)), .text(words.figure(alert.threshold, alert.measure)),
      .text(words.state(alert.state)), alert.decidedAt.map { .moment($0) } ?? .empty, .text(alert.decidedBy ?? ""),
      .text(alert.note ?? ""),
    ]
  }
}
