import Access
import Kernel
import Loyalty
import Storage

/// What a search for receipts came to.
enum ReceiptSearch {
  case latest([Receipt])
  case found([Receipt])
  /// Nothing, and what to try next.
  case nothing(LocalText)

  static let minutes = [5, 15, 30, 60, 180]
}

extension ConsoleDesk {
  /// The latest receipts, or those that are looked for: by what is printed, by the code on it, or by time and sum. What finds exactly one
  /// goes there.
  func receipts(_ visit: Visit) async throws -> Answer {
    let account = visit.account.id
    var query = Form(visit.call.query)
    let search: ReceiptSearch
    if !query["q"].isEmpty {
      search = try await find(code: query["q"], &query, visit)
    } else if !query["time"].isEmpty {
      search = try await find(byTime: query, visit)
    } else if !query["number"].isEmpty {
      search = try await find(printed: query, visit)
    } else {
      search = .latest(try await database.read { tx in try ReceiptBook(of: account).latest(50, in: &tx) })
    }
    if case .found(let receipts) = search, receipts.count == 1 { return .redirect(receipts[0].path) }
    return visit.show(ReceiptListPage(search: search, query: query, visit: visit).page, in: .receipts)
  }

  /// By what is printed on it: store, till, shift, number and date.
  private func find(printed query: Form, _ visit: Visit) async throws -> ReceiptSearch {
    let floor = try visit.floor
    let nothing = ReceiptSearch.nothing(
      LocalText(
        ru: "Такого чека нет. Проверьте код магазина, кассу, смену, номер и дату так, как они напечатаны.",
        en: "There is no such receipt. Check the store's code, till, shift, number and date as they are printed."))
    guard let store = floor.store(query["store"]), let shift = Int64(query["shift"].isEmpty ? "0" : query["shift"]),
      let day = CivilDay(query["date"]), query["register"].utf8.count <= Limits.code, query["number"].utf8.count <= Limits.code
    else { return nothing }
    let key = ReceiptKey(store: store.id, register: query["register"], shift: shift, number: query["number"], day: day)
    return try await find(key, floor) ?? nothing
  }

  private func find(_ key: ReceiptKey, _ floor: SalesFloor) async throws -> ReceiptSearch? {
    let receipts = floor.receipts
    do {
      return .found([try await database.read { tx in try receipts.receipt(key, in: &tx) }])
    } catch let problem as Problem where problem.code == "receipt_unknown" { return nil }
  }

  /// By the code on a fiscal receipt, scanned or pasted, or by a key as logs and tills write it. What the code says besides goes into the
  /// form for time and sum.
  private func find(code: String, _ query: inout Form, _ visit: Visit) async throws -> ReceiptSearch {
    let floor = try visit.floor
    guard let fiscal = FiscalCode(scanned: code.prefix(Limits.name)) else {
      if let key = try? ReceiptPath.key(code, in: StoreID(0), store: { floor.store($0)?.id }),
        let found = try await find(key, floor)
      {
        return found
      }
      return .nothing(
        LocalText(
          ru: "Это не код с чека. Отсканируйте QR-код целиком: он начинается с t= и содержит fn= и i=.",
          en: "This is no code of a receipt. Scan the whole QR code: it begins with t= and has fn= and i=."))
    }
    let key = ReceiptKey(
      store: StoreID(0), register: "", shift: 0, number: "", day: CivilDay(number: 0), fiscal: fiscal.fiscal)
    if let found = try await find(key, floor) { return found }
    query = Form([
      "q": code, "date": fiscal.printed?.day.description ?? "",
      "time": fiscal.printed.map { String($0.clock.description.prefix(5)) } ?? "",
      "sum": fiscal.sum ?? "",
    ])
    guard fiscal.kind == nil || fiscal.kind == .sale else {
      return .nothing(
        LocalText(
          ru: "Это код возврата, а не продажи. Найдите исходный чек: возврат виден в его истории.",
          en: "This is the code of a return. Find the receipt it belongs to: its history shows the return."))
    }
    return .nothing(
      LocalText(
        ru:
          "Чека с этим фискальным документом нет. Касса могла не передать фискальные данные: выберите магазин и найдите по времени и сумме, они уже подставлены.",
        en:
          "No receipt has this fiscal document. The till may not send fiscal data: name the store and search by time and sum, which are filled in already."
      ))
  }

  /// By store, time and sum, where nobody has the receipt at hand.
  private func find(byTime query: Form, _ visit: Visit) async throws -> ReceiptSearch {
    let reader = visit.reader
    guard let till = try visit.floor.till(store: query["store"], register: query["register"]), let day = CivilDay(query["date"]),
      let clock = Clock(query["time"]), query["register"].utf8.count <= Limits.code
    else {
      return .nothing(
        LocalText(
          ru: "Нужны код магазина, дата и время по часам магазина.",
          en: "The store's code, a date and a time by the store's clock are needed."))
    }
    let span = Span.minutes(Int64(Self.minutes(of: query)))
    let time = till.facts.zone.instant(day, clock)
    // Receipts print whole minutes.
    let sold = time - span...time + span + .seconds(59)
    var asked = ReceiptQuery(
      store: till.store.id, register: query["register"].isEmpty ? nil : query["register"], sold: sold,
      dates: till.facts.zone.civil(at: sold.lowerBound).day...till.facts.zone.civil(at: sold.upperBound).day)
    if !query["sum"].isEmpty {
      guard let sum = reader.money(typed: query["sum"]) else {
        return .nothing(LocalText(ru: "Сумма – число, например 2046,50.", en: "The sum is a number, for example 2046.50."))
      }
      asked.amount = sum
    }
    let (account, wanted) = (visit.account.id, asked)
    do {
      let found = try await database.read { tx in try ReceiptBook(of: account).find(wanted, in: &tx) }
      guard found.isEmpty else { return .found(found) }
    } catch let problem as Problem where problem.code == "search_too_wide" {
      return .nothing(problem.cashier ?? LocalText(ru: problem.detail, en: problem.detail))
    }
    return .nothing(
      LocalText(
        ru: "За это время таких чеков нет. Сумма – сколько заплачено деньгами; попробуйте больше минут или без суммы.",
        en: "There are no such receipts at that time. The sum is what was paid in money; try more minutes, or no sum."))
  }

  private static func minutes(of query: Form) -> Int {
    Int(query["minutes"]).flatMap { ReceiptSearch.minutes.contains($0) ? $0 : nil } ?? 15
  }
}

extension Reader {
  /// What somebody typed, with a comma or a point; nil for what is no sum. Spaces between thousands are taken for what they are.
  func money(typed text: String) -> Money? {
    Decimal.parse(Self.plain(text), digits: currency.digits).map { Money(minor: $0) }
  }

  func quantity(typed text: String) -> Quantity? {
    Decimal.parse(Self.plain(text), digits: 3).map { Quantity(thousandths: $0) }
  }

  private static func plain(_ text: String) -> String {
    String(text.compactMap { $0 == "," ? "." : $0.isWhitespace ? nil : $0 })
  }
}
